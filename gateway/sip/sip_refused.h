#ifndef IMGW_GATEWAY_SIP_REFUSED_H
#define IMGW_GATEWAY_SIP_REFUSED_H

/** Which media types a peer does not take (RCPT-7, RCPT-13): what it refused
 *  is not sent to it again for a while. Only for requests of our own. */

#include <stdbool.h>

#include <sofia-sip/sip.h>

#include "gateway/key_table.h"

/** Refusals known at once, 48 octets each. */
#define SIPSIDE_REFUSED_MAX 4096

/** A refusal is forgotten then: people change their phones. */
#define SIPSIDE_REFUSED_AGE_MS (3600 * INT64_C(1000))

/** What we wrap in message/cpim goes as plain text as well. */
#define SIPSIDE_TYPE_WRAPPED "message/cpim"

/** A table for the functions below. @return GATEWAY_OK, GATEWAY_NO_MEMORY */
MUST_USE enum gateway_status sipside_refused_create(struct loop *loop,
						    struct key_table **out);

/** A peer refused a type. When it said what it accepts, the types of ours
 *  that are not among them count as refused too.
 *  @param uri  any spelling of the peer's address (see sipside_lane_key)
 *  @param type  that was sent: "message/cpim"
 *  @param accept  of the response, or NULL */
void sipside_refused_note(struct key_table *refused, const char *uri,
			  const char *type, const sip_accept_t *accept);

/** Did this peer refuse this type a while ago? */
bool sipside_refused_holds(const struct key_table *refused, const char *uri,
			   const char *type);

/** Does an Accept header allow a type (RFC 3261, 20.1)?
 *  @param accept  NULL: there is none, which forbids nothing */
bool sipside_accepts(const sip_accept_t *accept, const char *type);

#endif
