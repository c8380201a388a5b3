#include "routing/plan.h"

#include <stdlib.h>

#include "enum/e164.h"
#include "routing/plan_hop.h"
#include "routing/plan_target.h"
#include "routing/verdict.h"

/* Generators inside each other: the lookup gives im: URIs, the resolve of one
 * gives services, the nexthop of a SIP service gives servers. The innermost
 * one alive is asked for more. */
struct plan {
	const struct plan_config *config;
	const struct route_trace *trace;
	plan_fn *done;
	void *arg;
	struct loop_timer *turn;
	enum plan_kind kind;
	bool skip_enum;
	struct tel tel; /* of the target; borrows from uri */

	struct lookup *lookup;
	struct resolve *resolve;
	struct nexthop *nexthop;
	struct im_uri im;    /* being resolved */
	struct hop hop;	     /* being made */
	bool uri_secure;     /* AD on the way to the URI */
	bool service_secure; /* and to the service */

	bool begun;
	bool nxdomain;	/* ENUM ended so, exactly (TEL-14, TEL-16) */
	bool fell_back; /* the operator's next hop had its turn */
	bool served;	/* the service gave a hop */
	unsigned candidates, hops;
	struct verdict verdict;
	char uri[]; /* of the target, terminated */
};

/* The stops (3) lookup, (4) resolve and (5) plan in the order of time; last
 * the operator's next hop. */
static void turn(void *arg);
static void begin(struct plan *p);
static void ask_uris(struct plan *p);
static void got_uri(const struct lookup_result *result, void *arg);
static void ask_services(struct plan *p, const char *uri);
static void got_service(enum route_status status,
			const struct resolve_service *service, void *arg);
static void take_made(struct plan *p, enum route_status status);
static void take_xmpp(struct plan *p);
static void take_route(struct plan *p);
static void take_sip(struct plan *p, const struct resolve_service *service);
static void ask_servers(struct plan *p, enum route_status status,
			const struct nexthop_from *from);
static void got_server(enum route_status status, const struct hop *server,
		       void *arg);
static void deliver(struct plan *p);
static void pass_over(struct plan *p, enum route_status status);
static void try_next(struct plan *p);
static void fall_back(struct plan *p);
static void finish(struct plan *p, enum route_status status);

enum route_status plan_start(const struct plan_config *config,
			     const struct plan_target *target,
			     const struct route_trace *trace, plan_fn *done,
			     void *arg, struct plan **plan_out)
{
	struct plan *p = calloc(1, sizeof *p + target->uri.len + 1);

	if (!p)
		return ROUTE_NO_MEMORY;
	p->config = config;
	p->trace = trace;
	p->done = done;
	p->arg = arg;
	p->kind = target->kind;
	p->skip_enum = target->skip_enum;
	p->uri_secure = true;
	/* With a NUL inside it becomes "", which no parser takes (SIP-41). */
	span_copy(target->uri, p->uri, target->uri.len + 1);
	span_copy(target->recipient, p->hop.recipient, sizeof p->hop.recipient);
	if (loop_timer_create(config->loop, turn, p, &p->turn) != ENUM_OK) {
		plan_cancel(&p);
		return ROUTE_NO_MEMORY;
	}
	loop_timer_set(p->turn, 0);
	*plan_out = p;
	return ROUTE_OK;
}

void plan_next(struct plan *plan)
{
	loop_timer_set(plan->turn, 0);
}

void plan_cancel(struct plan **plan)
{
	struct plan *p = *plan;

	if (!p)
		return;
	*plan = NULL;
	nexthop_cancel(&p->nexthop);
	resolve_cancel(&p->resolve);
	lookup_cancel(&p->lookup);
	loop_timer_destroy(&p->turn);
	free(p);
}

static void turn(void *arg)
{
	struct plan *p = arg;

	if (p->begun) {
		try_next(p);
		return;
	}
	p->begun = true;
	begin(p);
}

/* The first source of hops: the target itself, the overlay, or ENUM. */

static void begin(struct plan *p)
{
	const struct policy_number *overlay;

	if (p->kind == PLAN_IM) { /* IM-25 */
		ask_services(p, p->uri);
		return;
	}
	if (p->kind == PLAN_ROUTE) { /* SIP-27 */
		take_route(p);
		return;
	}
	if (p->kind == PLAN_JID) { /* who he is, a binding has said (SEC-3) */
		take_made(p, plan_hop_jid(span_of(p->uri), &p->hop));
		return;
	}
	if (plan_target_is_sip(p->kind, span_of(p->uri))) {
		fall_back(p);
		return;
	}
	if (tel_parse(span_of(p->uri), &p->tel) != ENUM_OK) {
		finish(p, ROUTE_BAD_URI);
		return;
	}
	overlay = plan_target_overlay(p->kind, p->config->policy, p->tel.number,
				      p->trace);
	if (overlay)
		ask_services(p, overlay->to);
	else
		ask_uris(p);
}

/* (3) Number to im: URIs. */

/* TEL-12: not after enumdi. ENUM-42: not with more than 15 digits. */
static bool enum_applies(const struct plan *p)
{
	return p->kind == PLAN_NUMBER && !p->skip_enum &&
	       e164_is_number(p->tel.number);
}

static void ask_uris(struct plan *p)
{
	const struct plan_config *c = p->config;

	if (!enum_applies(p))
		fall_back(p);
	else if (lookup_start(c->loop, &c->lookup, p->tel.number,
			      p->trace ? &p->trace->lookup : NULL, got_uri, p,
			      &p->lookup) != ENUM_OK)
		finish(p, ROUTE_NO_MEMORY);
}

static void got_uri(const struct lookup_result *result, void *arg)
{
	struct plan *p = arg;
	enum enum_status status = result->status;

	if (status == ENUM_OK) {
		p->uri_secure = result->secure;
		ask_services(p, result->uri);
		return;
	}
	lookup_cancel(&p->lookup);
	if (status == ENUM_NO_MEMORY) {
		finish(p, ROUTE_NO_MEMORY);
		return;
	}
	p->nxdomain = status == ENUM_NXDOMAIN;
	if (status == ENUM_TEMPORARY || status == ENUM_INSECURE)
		verdict_note(&p->verdict, ROUTE_TEMPORARY,
			     enum_status_text(status));
	else if (p->candidates == 0)
		verdict_note(&p->verdict, ROUTE_NOT_FOUND,
			     enum_status_text(status));
	fall_back(p);
}

/* (4) im: URI to services. */

static void ask_services(struct plan *p, const char *uri)
{
	enum route_status status =
		plan_target_im(uri, p->config->policy, p->trace, &p->im);

	p->candidates++;
	if (status != ROUTE_OK) {
		verdict_note(&p->verdict, status, route_status_text(status));
		try_next(p);
		return;
	}
	status = resolve_start(&p->config->resolve, p->im.domain, p->trace,
			       got_service, p, &p->resolve);
	if (status != ROUTE_OK)
		finish(p, status);
}

static void got_service(enum route_status status,
			const struct resolve_service *service, void *arg)
{
	struct plan *p = arg;

	if (status == ROUTE_NO_MEMORY) {
		finish(p, status);
		return;
	}
	if (status != ROUTE_OK) {
		resolve_cancel(&p->resolve);
		verdict_note(&p->verdict, status, route_status_text(status));
		try_next(p);
		return;
	}
	p->candidates++;
	p->service_secure = p->uri_secure && service->secure;
	p->served = false;
	if (service->protocol == PROTOCOL_XMPP)
		take_xmpp(p);
	else
		take_sip(p, service);
}

/* (5) Service to hops. */

static void take_made(struct plan *p, enum route_status status)
{
	p->hop.secure = p->service_secure;
	if (status == ROUTE_OK)
		deliver(p);
	else
		pass_over(p, status);
}

static void take_xmpp(struct plan *p)
{
	take_made(p, plan_hop_xmpp(&p->im, &p->hop));
}

static void take_sip(struct plan *p, const struct resolve_service *service)
{
	struct nexthop_from from = {
		.uri = { .host = span_of(service->host),
			 .port = service->port },
		.host_is_target = service->host_is_target,
		.services_only = !service->host_is_target,
		.from_dns = true,
	};
	enum route_status status =
		plan_hop_sip(&p->im, service,
			     p->config->policy->ruri_host_is_target, &p->hop);

	ask_servers(p, status, &from);
}

/* Whoever named it, it was not the operator: SEC-9. */
static void take_route(struct plan *p)
{
	struct nexthop_from from = { .from_dns = true };
	enum route_status status =
		plan_hop_route(span_of(p->uri), &from.uri, &p->hop);

	p->service_secure = true;
	ask_servers(p, status, &from);
}

/* @param status  of the hop so far */
static void ask_servers(struct plan *p, enum route_status status,
			const struct nexthop_from *from)
{
	if (status == ROUTE_OK)
		status = nexthop_start(&p->config->nexthop, from, p->trace,
				       got_server, p, &p->nexthop);
	if (status != ROUTE_OK)
		pass_over(p, status);
}

static void got_server(enum route_status status, const struct hop *server,
		       void *arg)
{
	struct plan *p = arg;

	if (status != ROUTE_OK) {
		nexthop_cancel(&p->nexthop);
		pass_over(p, status);
		return;
	}
	plan_hop_locate(&p->hop, server, p->service_secure);
	deliver(p);
}

static void deliver(struct plan *p)
{
	struct plan_result result = { .status = ROUTE_OK,
				      .hop = &p->hop,
				      .reason = route_status_text(ROUTE_OK) };

	p->served = true;
	p->hops++;
	route_trace_hop(p->trace, &p->hop, ROUTE_OK);
	p->done(&result, p->arg);
}

/* No (more) hops of this service. That the operator's own next hop leads
 * nowhere says nothing about the number. */
static void pass_over(struct plan *p, enum route_status status)
{
	if (status == ROUTE_NO_MEMORY) {
		finish(p, status);
		return;
	}
	if (!p->served)
		route_trace_hop(p->trace, &p->hop, status);
	if (!p->served || status == ROUTE_TEMPORARY)
		verdict_note(&p->verdict,
			     p->fell_back ? ROUTE_TEMPORARY : status,
			     route_status_text(status));
	try_next(p);
}

/* The innermost generator alive. Each answers later, so nothing recurses. */
static void try_next(struct plan *p)
{
	bool more = p->candidates < PLAN_CANDIDATES_MAX;

	if (p->hops == PLAN_HOPS_MAX)
		fall_back(p);
	else if (p->nexthop)
		nexthop_next(p->nexthop);
	else if (p->resolve && more)
		resolve_next(p->resolve);
	else if (p->lookup && more)
		lookup_next(p->lookup);
	else
		fall_back(p);
}

/* Last: the operator's next hop. Not when IM was found and tried, and not
 * when nobody could tell whether there is IM (table 0.5; TEL-16). */

static enum route_status hop_by(struct plan *p, const struct sip_uri *server)
{
	if (plan_target_is_sip(p->kind, span_of(p->uri)))
		return plan_hop_by_server(span_of(p->uri), server, &p->hop);
	return plan_hop_number(&p->tel, p->nxdomain, server,
			       p->config->policy->numbers_as_sip, &p->hop);
}

static void fall_back(struct plan *p)
{
	const char *server = plan_target_server(p->kind, p->config->policy);
	struct nexthop_from from = { .from_dns = false };
	enum route_status status;

	if (!server || p->fell_back || p->hops || p->verdict.unsure) {
		finish(p,
		       verdict_status(&p->verdict,
				      plan_target_is_uri(p->kind) && !p->hops));
		return;
	}
	p->fell_back = true;
	p->service_secure = true;
	p->served = false;
	p->hop = (struct hop){ .protocol = PROTOCOL_SIP };
	status = sip_uri_parse(span_of(server), &from.uri);
	if (status == ROUTE_OK)
		status = hop_by(p, &from.uri);
	ask_servers(p, status, &from);
}

static void finish(struct plan *p, enum route_status status)
{
	struct plan_result result = {
		.status = status, .reason = verdict_reason(&p->verdict, status)
	};

	p->done(&result, p->arg);
}
