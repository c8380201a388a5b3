#include "routing/resolve.h"

#include <stdlib.h>

#include "routing/question.h"
#include "routing/resolve_probe.h"
#include "routing/sip_service.h"

/* What a label _im._<proto> said. */
enum label { LABEL_NO, LABEL_YES, LABEL_ABSENT, LABEL_UNSURE };

struct resolve {
	const struct route_trace *trace;
	resolve_fn *done;
	void *arg;
	struct loop_timer *turn;
	struct question question;
	char domain[IM_DOMAIN_SIZE];

	const struct resolve_probe *probes[RESOLVE_PROBES_MAX];
	size_t probe_count, probe_at;
	struct dns_answer *srv; /* owns what targets point to */
	const struct dns_srv *targets[SRV_TARGETS_MAX];
	size_t target_count, target_at;
	struct resolve_service service; /* the one yielded last */

	enum label labels[PROTOCOL_COUNT];
	bool label_found;	    /* some label is LABEL_YES */
	bool found[PROTOCOL_COUNT]; /* it can be reached: no more probes */
	bool registered;	    /* some SRV or NAPTR, "." included */
	bool unsure;		    /* "cannot tell" somewhere */
	bool secure;		    /* AD in every answer so far */
};

/* NEXT: look further. WAIT: asked, yielded or ended, and the owner may have
 * freed us. */
enum step { STEP_NEXT, STEP_WAIT };

/* (1) the loop, (2) one question, (3) one target, (4) one service for the
 * owner. */
static void run(void *arg);
static enum step ask(struct resolve *r);
static void got_answer(struct dns_answer *answer, void *arg);
static enum step take_target(struct resolve *r);
static enum step offer(struct resolve *r);
static enum step finish(struct resolve *r, enum route_status status);

enum route_status resolve_start(const struct resolve_config *config,
				const char *domain,
				const struct route_trace *trace,
				resolve_fn *done, void *arg,
				struct resolve **resolve_out)
{
	struct resolve *r = calloc(1, sizeof *r);

	if (!r)
		return ROUTE_NO_MEMORY;
	r->trace = trace;
	r->done = done;
	r->arg = arg;
	r->question = (struct question){ .loop = config->loop,
					 .cache = config->cache,
					 .trace = trace,
					 .left = RESOLVE_PROBES_MAX,
					 .arg = r };
	r->secure = true;
	r->probe_count = resolve_probe_list(config->prefer,
					    config->prefer_count, r->probes);
	if (!span_copy(span_of(domain), r->domain, sizeof r->domain))
		r->probe_count = 0; /* no name of the DNS */
	if (loop_timer_create(config->loop, run, r, &r->turn) != ENUM_OK) {
		resolve_cancel(&r);
		return ROUTE_NO_MEMORY;
	}
	loop_timer_set(r->turn, 0);
	*resolve_out = r;
	return ROUTE_OK;
}

void resolve_next(struct resolve *resolve)
{
	loop_timer_set(resolve->turn, 0);
}

void resolve_cancel(struct resolve **resolve)
{
	struct resolve *r = *resolve;

	if (!r)
		return;
	*resolve = NULL;
	question_cancel(&r->question);
	loop_timer_destroy(&r->turn);
	dns_answer_drop(&r->srv);
	free(r);
}

/* (1) The loop over targets and probes. */

/* Is the question still worth asking (CONF-3, CONF-4)? */
static bool is_wanted(const struct resolve *r,
		      const struct resolve_probe *probe)
{
	switch (probe->step) {
	case RESOLVE_LABEL: return true;
	case RESOLVE_OWN:
		return !r->label_found && !r->found[probe->protocol] &&
		       r->labels[probe->protocol] == LABEL_NO;
	case RESOLVE_ADDRESS:
		return !r->registered && !r->unsure &&
		       !r->found[probe->protocol];
	}
	return false;
}

static enum step next(struct resolve *r)
{
	if (r->target_at < r->target_count)
		return take_target(r);
	if (r->probe_at == r->probe_count)
		return finish(r,
			      r->unsure ? ROUTE_TEMPORARY : ROUTE_NO_SERVICE);
	r->probe_at++;
	return is_wanted(r, r->probes[r->probe_at - 1]) ? ask(r) : STEP_NEXT;
}

static void run(void *arg)
{
	while (next(arg) == STEP_NEXT)
		continue;
}

/* (2) One question. */

static const struct resolve_probe *current(const struct resolve *r)
{
	return r->probes[r->probe_at - 1];
}

static enum step ask(struct resolve *r)
{
	const struct resolve_probe *probe = current(r);
	char buffer[DNS_NAME_SIZE];
	enum route_status status;
	struct text name;

	text_init(&name, buffer, sizeof buffer);
	text_add(&name, probe->prefix);
	text_add(&name, r->domain);
	if (name.cut) /* no such name can exist */
		return STEP_NEXT;
	status = question_ask(&r->question, buffer, probe->type, got_answer);
	return status == ROUTE_OK ? STEP_WAIT : finish(r, status);
}

/* IM-5, IM-10: "." too is an SRV record that was found. */
static enum label judge(struct resolve *r, const struct dns_answer *answer)
{
	r->secure = r->secure && answer->secure;
	if (!dns_status_is_definite(answer->status)) {
		r->unsure = true;
		return LABEL_UNSURE;
	}
	if (answer->status != DNS_OK ||
	    (answer->type == DNS_NAPTR && !sip_service_is_named(answer)))
		return LABEL_NO;
	if (answer->type == DNS_SRV || answer->type == DNS_NAPTR)
		r->registered = true;
	return answer->type == DNS_SRV && srv_is_absent(answer) ? LABEL_ABSENT
								: LABEL_YES;
}

static void take_targets(struct resolve *r, struct dns_answer *answer)
{
	dns_answer_drop(&r->srv);
	r->srv = dns_answer_keep(answer);
	r->target_count = question_srv_order(&r->question, answer, r->targets);
	r->target_at = 0;
}

/* RFC 3861, 4 (IM-6): an address of the domain is an implicit SRV record. */
static void take_domain(struct resolve *r, const struct resolve_probe *probe)
{
	bool implicit = probe->step == RESOLVE_ADDRESS;

	r->service = (struct resolve_service){ .protocol = probe->protocol,
					       .port = implicit ? 5060 : 0,
					       .host_is_target = implicit };
	span_copy(span_of(r->domain), r->service.host, sizeof r->service.host);
}

static void got_answer(struct dns_answer *answer, void *arg)
{
	struct resolve *r = arg;
	const struct resolve_probe *probe = current(r);
	enum label label = judge(r, answer);

	if (probe->step == RESOLVE_LABEL)
		r->labels[probe->protocol] = label;
	if (label != LABEL_YES) {
		run(r);
		return;
	}
	r->found[probe->protocol] = true;
	if (probe->step == RESOLVE_LABEL)
		r->label_found = true;
	if (probe->step == RESOLVE_LABEL && probe->protocol == PROTOCOL_SIP) {
		take_targets(r, answer);
		run(r);
		return;
	}
	take_domain(r, probe);
	offer(r);
}

/* (3) One target of _im._sip. */

static enum step take_target(struct resolve *r)
{
	const struct dns_srv *target = r->targets[r->target_at++];

	if (!target->port || !nexthop_is_name(target->target))
		return STEP_NEXT;
	r->service = (struct resolve_service){ .protocol = PROTOCOL_SIP,
					       .port = target->port,
					       .host_is_target = true };
	if (!span_copy(span_of(target->target), r->service.host,
		       sizeof r->service.host))
		return STEP_NEXT;
	return offer(r);
}

/* (4) One service for the owner. */

static enum step offer(struct resolve *r)
{
	r->service.secure = r->secure;
	r->done(ROUTE_OK, &r->service, r->arg);
	return STEP_WAIT;
}

static enum step finish(struct resolve *r, enum route_status status)
{
	r->done(status, NULL, r->arg);
	return STEP_WAIT;
}
