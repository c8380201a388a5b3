/** A stanza from the wire: to a message, and to the answer of a query. What is
 *  made of it must be writable again. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <strophe.h>

#include "gateway/xmpp/query.h"
#include "gateway/xmpp/stanza.h"
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
	struct xmppside_in_result in = xmppside_in_read(stanza, DOMAIN);

	if (in.verdict == XMPPSIDE_IN_REFUSE)
		render(stanza_error(xmpp_stanza_get_context(stanza), "message",
				    &address, in.condition, in.reason));
	if ((in.verdict == XMPPSIDE_IN_DELIVER) != (in.message != NULL))
		abort();
	if (in.message && (in.message->body_len == 0 || !in.message->target ||
			   in.message->target[0] != '+'))
		abort(); /* XMPP-17, XMPP-16 */
	message_destroy(&in.message);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	xmpp_ctx_t *ctx = xmpp_ctx_new(NULL, NULL);
	char *text = malloc(size + 1), reason[OUTCOME_REASON_SIZE];
	xmpp_stanza_t *stanza = NULL, *answer;

	if (!ctx || !text)
		abort();
	memcpy(text, data, size);
	text[size] = '\0';
	stanza = xmpp_stanza_new_from_string(ctx, text);
	if (stanza) {
		read_message(stanza);
		(void)stanza_error_read(stanza, reason, sizeof reason);
		answer = query_answer(stanza, DOMAIN);
		if (answer)
			render(answer);
		xmpp_stanza_release(stanza);
	}
	free(text);
	xmpp_ctx_free(ctx);
	return 0;
}
