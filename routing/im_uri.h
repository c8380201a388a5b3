#ifndef IMGW_ROUTING_IM_URI_H
#define IMGW_ROUTING_IM_URI_H

/** im: URIs (RFC 3860, appendix A.2). */

#include <stddef.h>

#include "enum/text.h"
#include "routing/status.h"

/** Octets of a decoded local part, as in a JID (XMPP-9), with terminator. */
#define IM_LOCAL_SIZE 1024

/** A domain in A-labels, with terminator. */
#define IM_DOMAIN_SIZE 256

struct im_uri {
	char local[IM_LOCAL_SIZE];   /* percent-decoded, valid UTF-8 */
	char user[IM_LOCAL_SIZE * 3];/* still percent-encoded, as sent */
	char domain[IM_DOMAIN_SIZE]; /* lower case A-labels, no dot at the end */
};

/** Parse "im:" mailbox ["?" headers] (IM-1, IM-2). Headers are dropped. The
 *  domain must be an FQDN: two labels or more, the last one not numeric;
 *  U-labels, percent-encoded or not, become A-labels by IDNA 2008.
 *  @param im_out  usable only after ROUTE_OK; `user` then holds nothing that
 *                 may not stand in the user part of a SIP URI
 *  @return ROUTE_OK, ROUTE_BAD_URI (also %00, broken UTF-8, controls: SIP-41),
 *          ROUTE_BAD_DOMAIN, ROUTE_NO_MEMORY */
MUST_USE enum route_status im_uri_parse(struct span uri,
					struct im_uri *im_out);

/** Check and normalise a domain by the rules above.
 *  @param size  octets of domain_out, IM_DOMAIN_SIZE
 *  @return ROUTE_OK, ROUTE_BAD_DOMAIN, ROUTE_NO_MEMORY */
MUST_USE enum route_status im_domain_parse(struct span domain,
					   char *domain_out, size_t size);

#endif
