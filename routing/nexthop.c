#include "routing/nexthop.h"

#include <stdlib.h>
#include <string.h>

#include "routing/question.h"
#include "routing/sip_service.h"

/* What is left to do is a stack of lists: rules of the domain, services,
 * targets of a service, families of a target, addresses of a family. The
 * innermost list that has something left decides what comes next. */
struct nexthop {
	const struct nexthop_config *config;
	const struct route_trace *trace;
	nexthop_fn *done;
	void *arg;
	struct loop_timer *turn;
	struct question question;

	char host[DNS_NAME_SIZE];     /* of the URI, without brackets */
	uint16_t port;		      /* of the URI, or 0 */
	bool usable[TRANSPORT_COUNT]; /* what the URI leaves of ours */
	bool transport_named;
	bool refuse_private;

	bool naptr_left;  /* NAPTR is still to be asked */
	bool domain_left; /* the host's own addresses are still to be tried */
	struct sip_service services[SIP_SERVICES_MAX];
	size_t service_count, service_at;
	struct dns_answer *srv; /* owns what targets point to */
	const struct dns_srv *targets[SRV_TARGETS_MAX];
	size_t target_count, target_at;
	size_t family_at; /* of the place in `hop` */
	struct dns_answer *addresses;
	size_t address_at;
	struct hop hop; /* the place being tried */

	bool secure;  /* AD in every NAPTR and SRV answer */
	bool unsure;  /* "cannot tell" somewhere */
	bool absent;  /* "not offered" somewhere */
	bool refused; /* a private address somewhere */
	bool yielded;
};

/* NEXT: passed over, look further. WAIT: asked, yielded or ended, and the
 * owner may have freed us. */
enum step { STEP_NEXT, STEP_WAIT };

/* (1) the loop, (2) transports, (3) servers of one, (4) one place, (5) its
 * addresses, (6) one server for the owner. */
static void run(void *arg);
static enum step ask_naptr(struct nexthop *n);
static void got_naptr(struct dns_answer *answer, void *arg);
static enum step ask_srv(struct nexthop *n);
static void got_srv(struct dns_answer *answer, void *arg);
static enum step take_target(struct nexthop *n);
static enum step take_domain(struct nexthop *n);
static enum step ask_address(struct nexthop *n);
static void got_address(struct dns_answer *answer, void *arg);
static enum step offer(struct nexthop *n, const char *address);
static enum step finish(struct nexthop *n, enum route_status status);

/* IPv4 comes first (RFC 3263 leaves it open; most SIP is there). */
static const enum dns_type families[] = { DNS_A, DNS_AAAA };

#define FAMILY_COUNT (sizeof families / sizeof families[0])

/* (0) The URI alone. */

/* What the scheme and transport= leave of the transports that we have (RFC
 * 3263, 4.1): sips: is TLS over TCP, whatever else it says. */
static bool uri_allows(const struct sip_uri *uri, enum transport transport)
{
	if (uri->has_transport && !uri->transport_known)
		return false;
	if (uri->secure)
		return transport == TRANSPORT_TLS &&
		       !(uri->has_transport && uri->transport == TRANSPORT_UDP);
	return !uri->has_transport || uri->transport == transport;
}

static enum transport first_usable(const bool usable[TRANSPORT_COUNT])
{
	enum transport t = TRANSPORT_UDP;

	while (t < TRANSPORT_COUNT && !usable[t])
		t++;
	return t;
}

/* Which lists to begin with (IM-13). */
static void choose_way(struct nexthop *n, const struct nexthop_from *from)
{
	bool placed =
		from->host_is_target || n->port || nexthop_is_address(n->host);

	if (first_usable(n->usable) == TRANSPORT_COUNT) {
		n->absent = true;
		return;
	}
	n->domain_left = !from->services_only;
	if (placed)
		return;
	if (from->uri.has_transport)
		n->service_count =
			sip_service_by_default(n->host, n->usable, n->services);
	else
		n->naptr_left = true;
}

static enum route_status begin(struct nexthop *n,
			       const struct nexthop_from *from)
{
	const struct sip_uri *uri = &from->uri;

	if (!nexthop_copy_host(uri->maddr.len ? uri->maddr : uri->host,
			       n->host))
		return ROUTE_BAD_URI;
	n->port = uri->port;
	n->transport_named = uri->has_transport || uri->secure;
	n->refuse_private = n->config->refuse_private && from->from_dns;
	n->secure = true;
	n->family_at = FAMILY_COUNT;
	for (enum transport t = TRANSPORT_UDP; t < TRANSPORT_COUNT; t++)
		n->usable[t] = n->config->transports[t] && uri_allows(uri, t);
	choose_way(n, from);
	return ROUTE_OK;
}

enum route_status nexthop_start(const struct nexthop_config *config,
				const struct nexthop_from *from,
				const struct route_trace *trace,
				nexthop_fn *done, void *arg,
				struct nexthop **nexthop_out)
{
	struct nexthop *n = calloc(1, sizeof *n);
	enum route_status status = ROUTE_NO_MEMORY;

	if (!n)
		return ROUTE_NO_MEMORY;
	n->config = config;
	n->trace = trace;
	n->done = done;
	n->arg = arg;
	n->question = (struct question){ .loop = config->loop,
					 .cache = config->cache,
					 .trace = trace,
					 .left = NEXTHOP_QUESTIONS_MAX,
					 .arg = n };
	if (loop_timer_create(config->loop, run, n, &n->turn) == ENUM_OK)
		status = begin(n, from);
	if (status != ROUTE_OK) {
		nexthop_cancel(&n);
		return status;
	}
	loop_timer_set(n->turn, 0);
	*nexthop_out = n;
	return ROUTE_OK;
}

void nexthop_next(struct nexthop *nexthop)
{
	loop_timer_set(nexthop->turn, 0);
}

void nexthop_cancel(struct nexthop **nexthop)
{
	struct nexthop *n = *nexthop;

	if (!n)
		return;
	*nexthop = NULL;
	question_cancel(&n->question);
	loop_timer_destroy(&n->turn);
	dns_answer_drop(&n->addresses);
	dns_answer_drop(&n->srv);
	free(n);
}

/* (1) The loop over everything. */

static enum route_status end_status(const struct nexthop *n)
{
	if (n->unsure)
		return ROUTE_TEMPORARY;
	if (n->yielded)
		return ROUTE_NO_ADDRESS;
	if (n->refused)
		return ROUTE_PRIVATE;
	return n->absent ? ROUTE_NO_SERVICE : ROUTE_NO_ADDRESS;
}

static enum step next(struct nexthop *n)
{
	if (n->addresses && n->address_at < n->addresses->count)
		return offer(n, n->addresses->records[n->address_at++].address);
	if (n->family_at < FAMILY_COUNT)
		return ask_address(n);
	if (n->target_at < n->target_count)
		return take_target(n);
	if (n->naptr_left)
		return ask_naptr(n);
	if (n->service_at < n->service_count)
		return ask_srv(n);
	if (n->domain_left)
		return take_domain(n);
	return finish(n, end_status(n));
}

static void run(void *arg)
{
	while (next(arg) == STEP_NEXT)
		continue;
}

static enum step ask(struct nexthop *n, const char *name, enum dns_type type,
		     dns_answer_fn *got)
{
	enum route_status status = question_ask(&n->question, name, type, got);

	if (status == ROUTE_OK)
		return STEP_WAIT;
	return finish(n, status == ROUTE_NO_MEMORY ? status : end_status(n));
}

/* An answer for the domain. After "cannot tell" its own addresses are no
 * substitute (CONF-4). @return whether it holds records */
static bool judge_domain(struct nexthop *n, const struct dns_answer *answer)
{
	n->secure = n->secure && answer->secure;
	if (!dns_status_is_definite(answer->status)) {
		n->unsure = true;
		n->domain_left = false;
	}
	return answer->status == DNS_OK;
}

/* (2) Which transports the domain prefers. */

static enum step ask_naptr(struct nexthop *n)
{
	n->naptr_left = false;
	return ask(n, n->host, DNS_NAPTR, got_naptr);
}

static void got_naptr(struct dns_answer *answer, void *arg)
{
	struct nexthop *n = arg;

	if (!judge_domain(n, answer) || !sip_service_is_named(answer)) {
		n->service_count =
			sip_service_by_default(n->host, n->usable, n->services);
	} else {
		n->service_count =
			sip_service_by_naptr(answer, n->usable, n->services);
		n->transport_named = true;
		if (n->service_count == 0) { /* only what we lack: IM-14 */
			n->absent = true;
			n->domain_left = false;
		}
	}
	run(n);
}

/* (3) The servers of one service. */

static enum step ask_srv(struct nexthop *n)
{
	return ask(n, n->services[n->service_at++].name, DNS_SRV, got_srv);
}

static void got_srv(struct dns_answer *answer, void *arg)
{
	struct nexthop *n = arg;

	if (judge_domain(n, answer)) {
		n->domain_left = false;
		if (srv_is_absent(answer))
			n->absent = true;
		dns_answer_drop(&n->srv);
		n->srv = dns_answer_keep(answer);
		n->target_count =
			question_srv_order(&n->question, answer, n->targets);
		n->target_at = 0;
	}
	run(n);
}

/* (4) One place. */

static enum step take_place(struct nexthop *n, const char *host, uint16_t port,
			    enum transport transport, bool advertised)
{
	if (!port || !span_copy(span_of(host), n->hop.host, sizeof n->hop.host))
		return STEP_NEXT;
	n->hop.port = port;
	n->hop.transport = transport;
	n->hop.transport_advertised = advertised;
	if (nexthop_is_address(host)) {
		n->hop.secure = n->secure;
		return offer(n, host);
	}
	n->family_at = 0;
	return STEP_NEXT;
}

static enum step take_target(struct nexthop *n)
{
	const struct dns_srv *target = n->targets[n->target_at++];

	if (!nexthop_is_name(target->target))
		return STEP_NEXT;
	return take_place(n, target->target, target->port,
			  n->services[n->service_at - 1].transport, true);
}

/* Without SRV: the transport that the domain likes best, or the default. */
static enum step take_domain(struct nexthop *n)
{
	enum transport transport = n->service_count ? n->services[0].transport
						    : first_usable(n->usable);
	uint16_t port = transport == TRANSPORT_TLS ? 5061 : 5060;

	n->domain_left = false;
	return take_place(n, n->host, n->port ? n->port : port, transport,
			  n->transport_named);
}

/* (5) Its addresses. */

static bool family_is_on(const struct nexthop *n, enum dns_type family)
{
	return family == DNS_A ? n->config->ipv4 : n->config->ipv6;
}

static enum step ask_address(struct nexthop *n)
{
	enum dns_type family = families[n->family_at++];

	if (!family_is_on(n, family))
		return STEP_NEXT;
	return ask(n, n->hop.host, family, got_address);
}

static void got_address(struct dns_answer *answer, void *arg)
{
	struct nexthop *n = arg;

	if (!dns_status_is_definite(answer->status))
		n->unsure = true;
	dns_answer_drop(&n->addresses);
	n->address_at = 0;
	n->hop.secure = n->secure && answer->secure;
	if (answer->status == DNS_OK)
		n->addresses = dns_answer_keep(answer);
	run(n);
}

/* (6) One server for the owner. */

static enum step offer(struct nexthop *n, const char *address)
{
	if (!span_copy(span_of(address), n->hop.address,
		       sizeof n->hop.address) ||
	    !family_is_on(n, strchr(address, ':') ? DNS_AAAA : DNS_A))
		return STEP_NEXT;
	if (n->refuse_private && nexthop_address_is_private(address)) {
		n->refused = true;
		route_trace_hop(n->trace, &n->hop, ROUTE_PRIVATE);
		return STEP_NEXT;
	}
	n->yielded = true;
	n->done(ROUTE_OK, &n->hop, n->arg);
	return STEP_WAIT;
}

static enum step finish(struct nexthop *n, enum route_status status)
{
	n->done(status, NULL, n->arg);
	return STEP_WAIT;
}
