#ifndef IMGW_ROUTING_NEXTHOP_H
#define IMGW_ROUTING_NEXTHOP_H

/** Locating SIP servers (RFC 3263): a sip: or sips: URI to addresses, one at
 *  a time, lazily (IM-13..15). The same code serves the SRV targets of
 *  RFC 3861, which arrive with host and port given (5509: explicit port). */

#include "enum/cache.h"
#include "routing/hop.h"
#include "routing/srv.h"
#include "routing/sip_uri.h"
#include "routing/status.h"
#include "routing/trace.h"

/** Questions of one next hop; past it, it ends. */
#define NEXTHOP_QUESTIONS_MAX 48

struct nexthop_config {
	struct loop *loop;
	struct cache *cache;
	bool transports[TRANSPORT_COUNT]; /* what we can send over */
	bool ipv4, ipv6;                  /* families we listen on */
	bool refuse_private;              /* SEC-9: loopback, RFC 1918, ... are
					   * refused for names from DNS */
};

/** Where to begin. */
struct nexthop_from {
	struct sip_uri uri;     /* borrowed during the start only */
	/** Host and port came from an SRV record of RFC 3861: no NAPTR, no
	 *  SRV, addresses only. */
	bool host_is_target;
	/** Found by way of DNS (ENUM, SRV) and not written by the operator:
	 *  then refuse_private counts, for literal addresses too. */
	bool from_dns;
	/** NAPTR and SRV only: never the addresses of the domain itself
	 *  (second step of resolve.h). */
	bool services_only;
};

/** ROUTE_OK: one more server, in host, address, port, transport,
 *  transport_advertised and secure of the hop; the other members are empty.
 *  Else the end: ROUTE_NO_SERVICE NAPTR and SRV say "not offered",
 *  ROUTE_NO_ADDRESS nothing (more), ROUTE_PRIVATE all were refused,
 *  ROUTE_TEMPORARY cannot tell, ROUTE_NO_MEMORY. */
typedef void nexthop_fn(enum route_status status, const struct hop *hop,
			void *arg);

struct nexthop;

/** Start; `done` once for this call and once for each nexthop_next, never
 *  before they return, never after nexthop_cancel.
 *  @param config, trace  borrowed; trace may be NULL
 *  @param nexthop_out  the caller's until nexthop_cancel
 *  @return ROUTE_OK, ROUTE_NO_MEMORY, ROUTE_BAD_URI; then done will not run */
MUST_USE enum route_status nexthop_start(const struct nexthop_config *config,
					 const struct nexthop_from *from,
					 const struct route_trace *trace,
					 nexthop_fn *done, void *arg,
					 struct nexthop **nexthop_out);

/** One more server. Only after `done` with ROUTE_OK. */
void nexthop_next(struct nexthop *nexthop);

/** Stop and free; clears the pointer; takes NULL; allowed inside `done`. */
void nexthop_cancel(struct nexthop **nexthop);

/** Is the address loopback, private, link-local, multicast or otherwise not
 *  of the public Internet (SEC-9)? Both families; also IPv4-mapped. */
bool nexthop_address_is_private(const char *address);

/** Copy the host of a URI without the brackets of IPv6 and the dot at the
 *  end. @return false: it is neither an address nor nexthop_is_name */
bool nexthop_copy_host(struct span host, char out[DNS_NAME_SIZE]);

/** Is it an IPv4 or IPv6 address, without brackets? */
bool nexthop_is_address(const char *host);

/** May the name stand in a URI, a question and a log: letters, digits, '-',
 *  '_' and '.' only? Names in DNS records are hostile (SEC-9). */
bool nexthop_is_name(const char *host);

#endif
