#ifndef IMGW_GATEWAY_XMPP_REPORT_H
#define IMGW_GATEWAY_XMPP_REPORT_H

/** Reports on their way through: what SIP asks for and says in message/cpim
 *  (RFC 5438), and what XMPP says in stanzas (XEP-0184, XEP-0333). What is
 *  believed, gateway/reports.h decides. */

#include <stdbool.h>

#include <strophe.h>

#include "gateway/body/imdn.h"
#include "gateway/message.h"
#include "gateway/outcome.h"
#include "gateway/reports.h"
#include "gateway/xmpp/compose.h"

/* From SIP. */

/** Ask the recipient for the reports that a message from SIP asks for, and
 *  remember it (RCPT-1). Without memory for that it goes without.
 *  @param stanza     that will go out
 *  @param recipient  bare JID
 *  @return false: out of memory, the stanza is not whole */
MUST_USE bool report_ask(struct reports *reports, const struct message *message,
			 const char *recipient, xmpp_stanza_t *stanza);

/** Does a message from SIP report on another one (RCPT-7)? */
bool report_is_one(const struct message *message);

/** The id of the message that it reports on.
 *  @return false: it is no report, or a broken one */
bool report_names(const struct message *message, char id[IMDN_ID_SIZE]);

/** Write the stanza for a message that does: a receipt or marker, or, of
 *  failure, an error.
 *  @param stanza_out  the caller's: xmpp_stanza_release
 *  @param no_out      filled when there is none: 202 it is nothing that may go
 *                     on (RCPT-3, RCPT-9), 400 broken, 500 out of memory
 *  @return whether there is a stanza */
MUST_USE bool report_stanza(xmpp_ctx_t *ctx,
			    const struct compose_options *options,
			    const struct message *message,
			    xmpp_stanza_t **stanza_out, struct outcome *no_out);

/* From XMPP. */

/** What somebody says became of a message from SIP; borrowed strings. */
struct report_claim {
	const char *id;   /* of the message, as he says */
	const char *from; /* his JID */
	enum message_report what;
};

/** What a stanza says, not of type error.
 *  @param what  MESSAGE_DELIVERED or MESSAGE_DISPLAYED
 *  @param claim_out  valid as long as the stanza
 *  @return false: nothing */
bool report_read(xmpp_stanza_t *stanza, enum message_report what,
		 struct report_claim *claim_out);

/** The same for a stanza of type error that comes when its message has been
 *  accepted long ago (RCPT-4). */
bool report_read_error(xmpp_stanza_t *stanza, struct report_claim *claim_out);

/** Is it true, as far as the table knows? Then it counts as sent.
 *  @return the caller's, lacks its id and times; NULL: nothing that may go on
 *          (RCPT-3, RCPT-9), or out of memory */
struct message *report_believe(struct reports *reports,
			       const struct report_claim *claim);

#endif
