#ifndef IMGW_GATEWAY_SIP_JUDGE_H
#define IMGW_GATEWAY_SIP_JUDGE_H

/** What became of an attempt. */

#include <stdbool.h>

#include <sofia-sip/sip.h>

#include "gateway/outcome.h"
#include "routing/hop.h"

struct sipside;

/** The hop is ourselves: 482, and on to the next one (SIP-9). */
struct outcome sipside_leads_back(void);

/** The hop is of no use: 504, and on to the next one. */
struct outcome sipside_use_next(const char *reason);

/** Nothing can be sent to it; the reason says when TLS is to blame. */
struct outcome sipside_unreachable(const struct sipside *side,
				   const struct hop *hop);

/** No answer came in time. @param connecting  not even a connection */
struct outcome sipside_silent(enum transport transport, bool connecting);

/** Out of memory. */
struct outcome sipside_no_memory(void);

/** Too many messages wait for this recipient (CONF-22). */
struct outcome sipside_lane_full(void);

/** The peer has refused what there is only one form of (RCPT-13). */
struct outcome sipside_not_taken(void);

/** It would have to wait, and is worth nothing then (RCPT-13). */
struct outcome sipside_not_waiting(void);

/** More than SIPSIDE_UDP_MAX octets (SIP-6, MAP-10). */
struct outcome sipside_too_long(void);

/** A final response from the wire: a 503 sends us on (SIP-32, IM-15), any
 *  other is the answer. @param response  becomes outcome.wire */
struct outcome sipside_judge(const struct sipside *side, const sip_t *sip,
			     const msg_t *response);

#endif
