#ifndef IMGW_ROUTING_SIP_URI_H
#define IMGW_ROUTING_SIP_URI_H

/** sip: and sips: URIs (RFC 3261, 19.1), as far as routing and the mapping
 *  of addresses need them. Pure; no sofia-sip. */

#include <stdbool.h>
#include <stdint.h>

#include "enum/text.h"
#include "routing/hop.h"
#include "routing/status.h"

/** All spans borrow from what was parsed. */
struct sip_uri {
	bool secure;            /* sips: */
	struct span user;       /* still percent-encoded; without password */
	struct span host;       /* name, IPv4, or IPv6 with its brackets */
	uint16_t port;          /* 0: none given */
	bool has_transport;
	enum transport transport; /* only with has_transport */
	bool transport_known;   /* false: transport=sctp and the like */
	bool user_phone;        /* ;user=phone */
	struct span gr;         /* value of ;gr, or empty */
	struct span maddr;
	struct span params;     /* all of them, first ';' included, or empty */
	struct span headers;    /* behind '?', or empty (SIP-47) */
};

/** @return ROUTE_OK, ROUTE_BAD_URI */
MUST_USE enum route_status sip_uri_parse(struct span uri,
					 struct sip_uri *sip_out);

/** Is the host an IPv4 or bracketed IPv6 address? */
bool sip_uri_host_is_address(const struct sip_uri *uri);

#endif
