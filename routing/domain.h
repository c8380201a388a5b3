#ifndef IMGW_ROUTING_DOMAIN_H
#define IMGW_ROUTING_DOMAIN_H

/** Domain names of people and of the DNS: U-labels and A-labels (IDNA 2008,
 *  RFC 5891). Pure. */

#include <stddef.h>

#include "enum/text.h"
#include "routing/status.h"

/** A domain in UTF-8, U-labels or A-labels in any case, to lower case
 *  A-labels. A dot at the end is dropped. Each label must be letters, digits
 *  and inner hyphens, at most 63; the whole at most 253.
 *  @param size  octets of out
 *  @return ROUTE_OK, ROUTE_BAD_DOMAIN, ROUTE_NO_MEMORY */
MUST_USE enum route_status domain_to_ascii(struct span domain, char *out,
					   size_t size);

/** What domain_to_ascii made, with U-labels, as XMPP has it (RFC 7622, 3.2).
 *  @param size  octets of out
 *  @return ROUTE_OK, ROUTE_BAD_DOMAIN, ROUTE_NO_MEMORY */
MUST_USE enum route_status domain_to_unicode(const char *ascii, char *out,
					     size_t size);

#endif
