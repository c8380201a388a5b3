/** A stanza from the wire: to a message, and to the answer of a query. What is
 *  made of it must be writable again. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <strophe.h>

#include "gateway/xmpp/new_address.h"
#include "gateway/xmpp/query.h"
#include "gateway/xmpp/receipt.h"
#include "gateway/xmpp/stanza.h"
#include "gateway/xmpp/stanza_outcome.h"
#include "gateway/xmpp/xmpp_in.h"

#define DOMAIN "gw.example.net"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void render(xmpp_stanza_t *stanza)
{
	char *text;
	size_t len;

	if (!stanza)
		abort();
	if (xmpp_stanza_to_text(stanza, &text, &len) != XMPP_EOK)
		abort();
	xmpp_free(xmpp_stanza_get_context(stanza), text);
	xmpp_stanza_release(stanza);
}

static void read_message(xmpp_stanza_t *stanza)
{
	const struct stanza_address address = stanza_address(stanza);
	struct xmppside_in_result in = xmppside_in_read(
		stanza, &(const struct xmppside_in_options){ DOMAIN, true });

	if (in.verdict == XMPPSIDE_IN_REFUSE)
		render(stanza_error(xmpp_stanza_get_context(stanza), "message",
				    &address, in.condition, in.reason));
	if ((in.verdict == XMPPSIDE_IN_DELIVER) != (in.message != NULL))
		abort();
	if (in.message && in.message->purpose == MESSAGE_TEXT &&
	    in.message->body_len == 0)
		abort(); /* XMPP-17 */
	if (in.message && in.message->target[0] != '+' &&
	    strncmp(in.message->target, "sip:", 4) != 0)
		abort(); /* XMPP-16 */
	message_destroy(&in.message);
}

/* MAP-15: whatever an address looks like, it makes no header of its own, and
 * may be written into an error again. */
static void read_error(xmpp_stanza_t *stanza)
{
	const struct outcome_profile on = { .redirects = true };
	struct outcome outcome = stanza_outcome(stanza, DOMAIN, false, &on);

	if (strpbrk(outcome.address, "\r\n<> ") ||
	    (outcome.address[0] && outcome.code != 301 && outcome.code != 302))
		abort();
	if (!new_address_add(stanza, outcome.address, DOMAIN))
		abort();
}

/* RCPT-8: nobody asks in an acknowledgement, nor without an id. */
static void read_receipts(xmpp_stanza_t *stanza)
{
	const bool any = receipt_read(stanza, MESSAGE_DELIVERED) ||
			 receipt_read(stanza, MESSAGE_DISPLAYED);

	if (receipt_wants(stanza) && (any || !xmpp_stanza_get_id(stanza)))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	xmpp_ctx_t *ctx = xmpp_ctx_new(NULL, NULL);
	char *text = malloc(size + 1);
	xmpp_stanza_t *stanza = NULL, *answer;

	if (!ctx || !text)
		abort();
	memcpy(text, data, size);
	text[size] = '\0';
	stanza = xmpp_stanza_new_from_string(ctx, text);
	if (stanza) {
		read_message(stanza);
		read_receipts(stanza);
		read_error(stanza);
		answer = query_answer(stanza, DOMAIN);
		if (answer)
			render(answer);
		xmpp_stanza_release(stanza);
	}
	free(text);
	xmpp_ctx_free(ctx);
	return 0;
}
