#ifndef IMGW_GATEWAY_XMPP_FAILURE_H
#define IMGW_GATEWAY_XMPP_FAILURE_H

/** That a message from XMPP has failed, as a message of its own (a notice):
 *  it goes to the sender's full JID as a stanza of type error with the id and
 *  the addresses of the one that failed (RFC 6120, 8.3; XMPP-6). Pure. */

#include <stdbool.h>

#include <strophe.h>

#include "gateway/message.h"
#include "gateway/outcome.h"
#include "gateway/status.h"

/** Make the notice; it lacks an id and its times.
 *  @param failed  from XMPP
 *  @param notice_out  the caller's
 *  @return GATEWAY_OK, GATEWAY_NO_MEMORY */
MUST_USE enum gateway_status failure_message(const struct message *failed,
					     const struct outcome *outcome,
					     struct message **notice_out);

/** Is it one? */
bool failure_is_one(const struct message *message);

/** Write its stanza.
 *  @param domain  ours
 *  @return the caller's: xmpp_stanza_release; NULL: out of memory */
xmpp_stanza_t *failure_stanza(xmpp_ctx_t *ctx, const char *domain,
			      const struct message *notice);

#endif
