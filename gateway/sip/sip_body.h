#ifndef IMGW_GATEWAY_SIP_BODY_H
#define IMGW_GATEWAY_SIP_BODY_H

/** The body of a request of our own. */

#include <stdbool.h>

#include "gateway/message.h"

struct attempt;
struct sipside;

/** What stands behind the header. */
struct sipside_body {
	const char *content_type; /* static, or the message's */
	struct span text;
	char *own; /* what `text` points into when it is ours, or NULL */
};

/** Write the body for a message from XMPP, by its purpose.
 *  @param wrap  a text goes in message/cpim (sip_report.h)
 *  @param out  to be cleared by the caller whatever the answer
 *  @return false: out of memory, or the sender's JID cannot be written */
MUST_USE bool sipside_body_write(struct sipside *side,
				 const struct attempt *attempt, bool wrap,
				 struct sipside_body *out);

/** Free what it holds; may be repeated. */
void sipside_body_clear(struct sipside_body *body);

#endif
