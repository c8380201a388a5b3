#ifndef IMGW_ROUTING_PLAN_H
#define IMGW_ROUTING_PLAN_H

/** (3)-(5) From an address to hops in the order of trial, one at a time.
 *
 *  Lazy (ENUM-15, CONF-1): plan_start works up to the first hop; each
 *  plan_next up to one more: the next address of the host, the next SRV
 *  target, the next protocol of the domain, the next NAPTR rule, the next
 *  apex, and last the fallback. A bad candidate is passed over; "cannot
 *  tell" is remembered and decides how the plan ends. */

#include "enum/lookup.h"
#include "enum/tel.h"
#include "routing/im_uri.h"
#include "routing/nexthop.h"
#include "routing/policy.h"
#include "routing/resolve.h"
#include "routing/status.h"
#include "routing/trace.h"

/** Hops of one plan; past it the plan ends. */
#define PLAN_HOPS_MAX 32

/** im: URIs and services that one plan follows; past it, a zone of thousands
 *  of rules is no longer asked (SEC-6). */
#define PLAN_CANDIDATES_MAX 32

/** All parts borrowed; must outlive the plans. */
struct plan_config {
	struct loop *loop;
	const struct policy *policy;
	struct lookup_config lookup;
	struct resolve_config resolve;
	struct nexthop_config nexthop;
};

enum plan_kind {
	PLAN_NUMBER, /* a number: overlay, ENUM, fallback */
	PLAN_IM,     /* an im: URI: no ENUM (IM-25) */
	PLAN_REPLY,  /* a number or a sip: URI, from XMPP: policy.replies, no
		      * ENUM */
	PLAN_ROUTE,  /* a sip: URI to go by, whatever the recipient is: the
		      * sender's Route (SIP-27) */
	PLAN_JID     /* a bare JID: to it, without DNS (CONF-13) */
};

/** What is looked for; copied by plan_start. */
struct plan_target {
	enum plan_kind kind;
	struct span uri;    /* the telephone-subscriber (no scheme) for NUMBER
			     * and REPLY; the whole URI for IM and ROUTE, and
			     * for a REPLY to a sip: URI (CONF-26); a
			     * prepared bare JID for JID */
	struct span recipient; /* of the hops of a ROUTE; else unused */
	bool skip_enum;     /* ;enumdi from a peer that is believed (TEL-12) */
};

/** ROUTE_OK: one more hop. Else the end; the status says why there is no
 *  (further) hop:
 *  ROUTE_NOT_FOUND   nothing (more) usable; nobody said "cannot tell"
 *  ROUTE_TEMPORARY   nothing (more), and somewhere "cannot tell"; also when
 *                    the operator's own next hop leads nowhere, which says
 *                    nothing about the number
 *  ROUTE_BAD_URI, ROUTE_BAD_DOMAIN, ROUTE_OWN_DOMAIN, ROUTE_PRIVATE  for an
 *                    im: target; BAD_URI and PRIVATE for a route too
 *  ROUTE_NO_MEMORY */
struct plan_result {
	enum route_status status;
	const struct hop *hop;  /* with ROUTE_OK; valid during the call */
	const char *reason;     /* at the end: a sentence for people, never
				 * NULL; no URI in it (SEC-2) */
};

struct plan;
typedef void plan_fn(const struct plan_result *result, void *arg);

/** Start; `done` once for this call and once for each plan_next, never
 *  before they return, never after plan_cancel.
 *  @param target  a number must have passed tel_parse with ENUM_OK
 *  @param trace   borrowed, or NULL
 *  @param plan_out  the caller's until plan_cancel
 *  @return ROUTE_OK, ROUTE_NO_MEMORY; then done will not run */
MUST_USE enum route_status plan_start(const struct plan_config *config,
				      const struct plan_target *target,
				      const struct route_trace *trace,
				      plan_fn *done, void *arg,
				      struct plan **plan_out);

/** One more hop. Only after `done` with ROUTE_OK. */
void plan_next(struct plan *plan);

/** Stop and free; clears the pointer; takes NULL; allowed inside `done`. */
void plan_cancel(struct plan **plan);

#endif
