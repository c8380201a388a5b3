#ifndef IMGW_GATEWAY_SIP_REPORT_H
#define IMGW_GATEWAY_SIP_REPORT_H

/** Reports in requests of our own (RFC 5438): asking for them, and sending
 *  what a user of XMPP has to report. */

#include <stdbool.h>

#include "gateway/side.h"
#include "gateway/sip/sip_body.h"

struct sipside;

/** Is the message a text whose sender wants reports, and does its recipient
 *  take message/cpim, as far as we know (RCPT-7)? */
bool sipside_report_is_wanted(const struct sipside *side,
			      const struct attempt *attempt);

/** Put a body into message/cpim that asks for the reports.
 *  @return false: out of memory */
MUST_USE bool sipside_report_wrap(struct sipside *side,
				  const struct attempt *attempt,
				  struct sipside_body *body);

/** The message so wrapped goes out: reports about it will be believed. */
void sipside_report_note(struct sipside *side, const struct attempt *attempt);

/** The body of a MESSAGE_REPORT (RCPT-2).
 *  @return false: out of memory, or the sender's JID cannot be written */
MUST_USE bool sipside_report_write(const struct attempt *attempt,
				   struct sipside_body *body);

#endif
