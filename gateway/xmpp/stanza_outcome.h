#ifndef IMGW_GATEWAY_XMPP_STANZA_OUTCOME_H
#define IMGW_GATEWAY_XMPP_STANZA_OUTCOME_H

/** Outcomes as error stanzas (RFC 7247, 7.1 and 7.2). Pure. */

#include <strophe.h>

#include "gateway/outcome.h"
#include "gateway/xmpp/stanza.h"

/** What a stanza of type error says about the message that it answers.
 *  @param domain  ours
 *  @param full_jid  whether the message went to a full JID */
struct outcome stanza_outcome(xmpp_stanza_t *stanza, const char *domain,
			      bool full_jid,
			      const struct outcome_profile *profile);

/** The error that tells the sender of a stanza how it failed, with the new
 *  address if there is one (MAP-15).
 *  @param address  of his stanza
 *  @param domain   ours
 *  @return the caller's; NULL: out of memory */
xmpp_stanza_t *stanza_failure(xmpp_ctx_t *ctx,
			      const struct stanza_address *address,
			      const struct outcome *outcome,
			      const char *domain);

#endif
