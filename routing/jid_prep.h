#ifndef IMGW_ROUTING_JID_PREP_H
#define IMGW_ROUTING_JID_PREP_H

/** The parts of a JID, each one alone (RFC 7622, 3; XMPP-9). No PRECIS in C:
 *  localparts and resources go through the stringprep profiles of RFC 6122,
 *  which refuse the same ASCII characters and fold the same case. */

#include "enum/text.h"
#include "routing/jid.h"
#include "routing/status.h"

/** Case folded; no space, no control and none of "&'/:<>@.
 *  @return ROUTE_OK, ROUTE_BAD_URI, ROUTE_NO_MEMORY */
MUST_USE enum route_status jid_prep_local(struct span text,
					  char out[JID_PART_SIZE]);

/** Lower case U-labels, also a single one, or an IP literal.
 *  @return ROUTE_OK, ROUTE_BAD_DOMAIN, ROUTE_NO_MEMORY */
MUST_USE enum route_status jid_prep_domain(struct span text,
					   char out[JID_PART_SIZE]);

/** Case kept; no control.
 *  @return ROUTE_OK, ROUTE_BAD_URI, ROUTE_NO_MEMORY */
MUST_USE enum route_status jid_prep_resource(struct span text,
					     char out[JID_PART_SIZE]);

#endif
