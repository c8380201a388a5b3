#ifndef IMGW_ROUTING_RESOLVE_H
#define IMGW_ROUTING_RESOLVE_H

/** (4) Which protocol, and where: an im: domain to services (RFC 3861; 5509;
 *  3921, 11.2; CONF-3, CONF-4), one at a time, lazily.
 *
 *  1. _im._<proto> SRV in the order of `prefer`. Each one that exists is
 *     yielded: SIP once a target, XMPP once a domain.
 *  2. If none of them exists (each answered "no"): each protocol's own
 *     discovery in the same order: RFC 3263 for SIP (only NAPTR and SRV),
 *     _xmpps-server._tcp and _xmpp-server._tcp for XMPP.
 *  3. If all of that is "no" too: A and AAAA of the domain, for the first
 *     protocol of the order. Never when any SRV was found, "." included
 *     (IM-5, IM-10), and never after "cannot tell" (CONF-4). */

#include "enum/cache.h"
#include "routing/im_uri.h"
#include "routing/nexthop.h"
#include "routing/status.h"
#include "routing/trace.h"

struct resolve_config {
	struct loop *loop;
	struct cache *cache;
	enum protocol prefer[PROTOCOL_COUNT];
	size_t prefer_count;
};

/** One service. For SIP: where nexthop has to begin. For XMPP nothing more
 *  is said: the component's server routes by domain (IM-19). */
struct resolve_service {
	enum protocol protocol;
	char host[DNS_NAME_SIZE];  /* SIP: SRV target or the domain itself */
	uint16_t port;             /* SIP: 0 when not from SRV */
	bool host_is_target;       /* from _im._sip SRV, or the implicit SRV
				    * of step 3; else RFC 3263 from the
				    * domain, and then services only */
	bool secure;               /* AD throughout */
};

/** ROUTE_OK: one more service. Else the end: ROUTE_NO_SERVICE,
 *  ROUTE_TEMPORARY, ROUTE_NO_MEMORY. */
typedef void resolve_fn(enum route_status status,
			const struct resolve_service *service, void *arg);

struct resolve;

/** Start; `done` once for this call and once for each resolve_next, never
 *  before they return, never after resolve_cancel.
 *  @param domain  as im_domain_parse makes it
 *  @param config, trace  borrowed; trace may be NULL
 *  @param resolve_out  the caller's until resolve_cancel
 *  @return ROUTE_OK, ROUTE_NO_MEMORY; then done will not run */
MUST_USE enum route_status resolve_start(const struct resolve_config *config,
					 const char *domain,
					 const struct route_trace *trace,
					 resolve_fn *done, void *arg,
					 struct resolve **resolve_out);

/** One more service. Only after `done` with ROUTE_OK. */
void resolve_next(struct resolve *resolve);

/** Stop and free; clears the pointer; takes NULL; allowed inside `done`. */
void resolve_cancel(struct resolve **resolve);

#endif
