#ifndef IMGW_GATEWAY_XMPP_COMPOSE_H
#define IMGW_GATEWAY_XMPP_COMPOSE_H

/** Message to stanza (RFC 7572, 5; MAP-7, MAP-8). Pure, but that the reports
 *  asked for or brought are entered in their table. */

#include <stdbool.h>

#include <strophe.h>

#include "gateway/message.h"
#include "gateway/outcome.h"
#include "gateway/reports.h"

struct compose_options {
	const char *domain; /* ours: senders get an address under it */
	bool chat;          /* type chat instead of normal (CONF-11) */
	struct reports *reports; /* NULL: there are none */
};

/** Write the stanza for one message.
 *  @param recipient   bare JID, without a scheme (XMPP-8)
 *  @param stanza_out  the caller's: xmpp_stanza_release
 *  @param no_out      filled when the answer is no: content_read's,
 *                     report_stanza's, 400 sender cannot be written, 500 out
 *                     of memory
 *  @return whether there is a stanza */
MUST_USE bool compose_stanza(xmpp_ctx_t *ctx,
			     const struct compose_options *options,
			     const struct message *message,
			     const char *recipient,
			     xmpp_stanza_t **stanza_out,
			     struct outcome *no_out);

/** The sender's address under our domain, with a resource when his GRUU is
 *  known (MAP-5).
 *  @param size  of out; JID_SIZE is enough
 *  @param no_out  filled when the answer is no
 *  @return whether he has one */
MUST_USE bool compose_sender(const struct compose_options *options,
			     const struct message *message, char *out,
			     size_t size, struct outcome *no_out);

#endif
