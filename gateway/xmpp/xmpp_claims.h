#ifndef IMGW_GATEWAY_XMPP_XMPP_CLAIMS_H
#define IMGW_GATEWAY_XMPP_XMPP_CLAIMS_H

/** Stanzas that say what became of a message from SIP. When the table of
 *  reports does not know the message, what they say waits until the store has
 *  been asked; then it is believed, or not (RCPT-9). */

#include <stdbool.h>

#include <strophe.h>

#include "gateway/message.h"
#include "gateway/reports.h"
#include "gateway/reports_saved.h"
#include "gateway/status.h"

struct xmppside_claims;

/** Borrowed; must outlive the claims. */
struct xmppside_claims_options {
	struct reports *reports;     /* NULL: nothing is believed */
	struct reports_saved *saved; /* NULL: nothing is asked */
	/** What is believed; the message lacks its id and times, and is the
	 *  receiver's. */
	void (*submit)(struct message *message, void *arg);
	void *arg;
};

/** @return GATEWAY_OK, GATEWAY_NO_MEMORY */
MUST_USE enum gateway_status
xmppside_claims_create(const struct xmppside_claims_options *options,
		       struct xmppside_claims **claims_out);

/** Free with all that waits; clears; takes NULL. */
void xmppside_claims_destroy(struct xmppside_claims **claims);

/** Take the reports of a stanza that is not of type error: each is a message
 *  of its own (RCPT-2).
 *  @return whether there was one that is believed, or may be */
bool xmppside_claims_take(struct xmppside_claims *claims,
			  xmpp_stanza_t *stanza);

/** The same for one of type error that no attempt waits for (RCPT-4); it is
 *  logged (CONF-6). */
bool xmppside_claims_take_error(struct xmppside_claims *claims,
				xmpp_stanza_t *stanza);

#endif
