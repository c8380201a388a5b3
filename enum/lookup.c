#include "enum/lookup.h"

#include <stdlib.h>
#include <string.h>

#include "enum/e164.h"
#include "enum/text.h"

/* One RRset on the way: that of the number, or of a referred domain. */
struct level {
	const char *name; /* `owner`, or the replacement one level above */
	struct dns_answer *answer;
	const struct naptr **rules; /* sorted; borrow from the answer */
	size_t next;
};

struct lookup {
	struct loop *loop;
	const struct lookup_config *config;
	const struct lookup_trace *trace; /* or NULL */
	lookup_fn *done;
	void *arg;
	char aus[E164_SIZE];

	struct loop_timer *turn; /* begins the work of start and next */
	size_t next_apex;
	const struct lookup_apex *apex; /* the last one asked, or NULL */
	char owner[DNS_NAME_SIZE];	/* of the number below that apex */
	struct level levels[1 + LOOKUP_DEPTH_MAX];
	size_t depth; /* levels in use */

	struct cache_query *query;
	const char *asked_name;
	int64_t asked_ms;
	unsigned questions;

	bool secure;		  /* so far */
	bool exists;		  /* an apex said other than NXDOMAIN */
	bool found;		  /* a URI was handed out */
	enum enum_status trouble; /* "cannot tell" of a branch, or ENUM_OK */
};

/* The steps, in the order of time. Those that answer bool say whether to go
 * on at once; otherwise they asked or reported. */
static void walk(void *arg);
static bool ask_next_apex(struct lookup *l);
static void ask_name(struct lookup *l, const char *name);
static void got_answer(struct dns_answer *answer, void *arg);
static bool try_next_rule(struct lookup *l);
static bool try_terminal(struct lookup *l, const struct naptr *rule);
static bool ask_replacement(struct lookup *l, const struct naptr *rule);
static void finish(struct lookup *l, enum enum_status status);
static void finish_empty(struct lookup *l);

enum enum_status lookup_start(struct loop *loop,
			      const struct lookup_config *config,
			      const char *aus, const struct lookup_trace *trace,
			      lookup_fn *done, void *arg,
			      struct lookup **lookup_out)
{
	struct lookup *l = malloc(sizeof *l);
	enum enum_status status;

	if (!l)
		return ENUM_NO_MEMORY;
	*l = (struct lookup){ .loop = loop,
			      .config = config,
			      .trace = trace,
			      .done = done,
			      .arg = arg,
			      .secure = true };
	status = loop_timer_create(loop, walk, l, &l->turn);
	if (status != ENUM_OK) {
		free(l);
		return status;
	}
	if (!span_copy(span_of(aus), l->aus, sizeof l->aus))
		l->next_apex = config->apex_count; /* ENUM-42: not E.164 */
	loop_timer_set(l->turn, 0);
	*lookup_out = l;
	return ENUM_OK;
}

void lookup_next(struct lookup *lookup)
{
	loop_timer_set(lookup->turn, 0);
}

static void leave_level(struct lookup *l)
{
	struct level *level = &l->levels[--l->depth];

	free(level->rules);
	dns_answer_drop(&level->answer);
}

void lookup_cancel(struct lookup **lookup)
{
	struct lookup *l = *lookup;

	if (!l)
		return;
	cache_ask_cancel(&l->query);
	loop_timer_destroy(&l->turn);
	while (l->depth)
		leave_level(l);
	free(l);
	*lookup = NULL;
}

/* Rule by rule, level by level, apex by apex, up to the next question or the
 * next URI (ENUM-15). */
static void walk(void *arg)
{
	struct lookup *l = arg;
	bool going_on = true;

	while (going_on)
		going_on = l->depth ? try_next_rule(l) : ask_next_apex(l);
}

static bool matches(const struct lookup_apex *apex, const char *aus)
{
	for (size_t i = 0; i < apex->match_count; i++)
		if (span_starts_nocase(span_of(aus), apex->match[i]))
			return true;
	return false;
}

/* ENUM-4: another apex only when the ones before have no usable rule, and
 * said so. */
static bool ask_next_apex(struct lookup *l)
{
	const struct lookup_apex *apex;

	if (l->trouble != ENUM_OK || l->found) {
		finish_empty(l);
		return false;
	}
	if (l->next_apex == l->config->apex_count) {
		finish(l, l->apex && !l->exists ? ENUM_NXDOMAIN : ENUM_NODATA);
		return false;
	}
	apex = &l->config->apexes[l->next_apex++];
	if (!matches(apex, l->aus) ||
	    e164_owner_name(l->aus, apex->apex, l->owner, sizeof l->owner) !=
		    ENUM_OK)
		return true;
	l->apex = apex;
	ask_name(l, l->owner);
	return false;
}

static void ask_name(struct lookup *l, const char *name)
{
	enum enum_status status;

	if (l->questions++ == LOOKUP_QUESTIONS_MAX) {
		finish_empty(l);
		return;
	}
	l->asked_name = name;
	l->asked_ms = loop_now_ms(l->loop);
	status = cache_ask_start(l->apex->cache, name, DNS_NAPTR, got_answer, l,
				 &l->query);
	if (status != ENUM_OK)
		finish(l, status);
}

static void trace_answer(const struct lookup *l,
			 const struct dns_answer *answer)
{
	double ms = (double)(loop_now_ms(l->loop) - l->asked_ms);

	if (l->trace && l->trace->asked)
		l->trace->asked(l->apex, l->asked_name, answer, ms,
				l->trace->arg);
}

/* ENUM-38, ENUM-39: what an answer is worth below this apex. */
static enum enum_status judge(const struct lookup_apex *apex,
			      const struct dns_answer *answer)
{
	if (!dns_status_is_definite(answer->status))
		return ENUM_TEMPORARY;
	if (apex->dnssec == LOOKUP_DNSSEC_REQUIRE && !answer->secure)
		return ENUM_INSECURE;
	if (answer->status == DNS_OK)
		return ENUM_OK;
	return answer->status == DNS_NXDOMAIN ? ENUM_NXDOMAIN : ENUM_NODATA;
}

/* ENUM-13, ENUM-32: each RRset is sorted for itself. */
static enum enum_status enter_level(struct lookup *l, struct dns_answer *answer)
{
	const struct naptr **rules = malloc(answer->count * sizeof(*rules));

	if (!rules)
		return ENUM_NO_MEMORY;
	for (size_t i = 0; i < answer->count; i++)
		rules[i] = &answer->records[i].naptr;
	naptr_sort(rules, answer->count);
	l->levels[l->depth++] =
		(struct level){ .name = l->asked_name,
				.answer = dns_answer_keep(answer),
				.rules = rules };
	return ENUM_OK;
}

/* Nothing below this name. Whether that ends the lookup depends on where we
 * are: at the number itself "cannot tell" is final, in a referred domain the
 * referring RRset goes on (ENUM-31).
 * Returns whether to go on. */
static bool leads_nowhere(struct lookup *l, enum enum_status why)
{
	bool cannot_tell = why != ENUM_NXDOMAIN && why != ENUM_NODATA;

	if (l->depth == 0 && why != ENUM_NXDOMAIN)
		l->exists = true;
	if (cannot_tell && (l->depth == 0 || why == ENUM_NO_MEMORY)) {
		finish(l, why);
		return false;
	}
	if (cannot_tell)
		l->trouble = why;
	return true;
}

static void got_answer(struct dns_answer *answer, void *arg)
{
	struct lookup *l = arg;
	enum enum_status status = judge(l->apex, answer);

	l->query = NULL;
	l->secure = l->secure && answer->secure &&
		    l->apex->dnssec != LOOKUP_DNSSEC_OFF;
	trace_answer(l, answer);
	if (status == ENUM_OK)
		status = enter_level(l, answer);
	if (status == ENUM_OK)
		l->exists = true;
	else if (!leads_nowhere(l, status))
		return;
	walk(l);
}

static void trace_rule(const struct lookup *l, const struct naptr *rule,
		       enum enum_status status, const char *result)
{
	if (l->trace && l->trace->rule)
		l->trace->rule(rule, status, result, l->trace->arg);
}

/* A rule that cannot be used never ends the lookup (ENUM-14, 16, 17), and none
 * is judged before its turn (ENUM-43). Whether a URI was accepted, so that the
 * rest is not needed, the caller knows (CONF-1). */
static bool try_next_rule(struct lookup *l)
{
	struct level *level = &l->levels[l->depth - 1];
	const struct naptr *rule;
	enum naptr_kind kind;
	enum enum_status status;

	if (level->next == level->answer->count) {
		leave_level(l);
		return true;
	}
	rule = level->rules[level->next++];
	status = naptr_classify(rule, &kind);
	if (status == ENUM_OK)
		return kind == NAPTR_TERMINAL ? try_terminal(l, rule)
					      : ask_replacement(l, rule);
	trace_rule(l, rule, status, NULL);
	return true;
}

/* ENUM-25: always the original AUS, however the rule was reached. */
static bool try_terminal(struct lookup *l, const struct naptr *rule)
{
	char uri[NAPTR_URI_MAX + 1];
	enum enum_status status = naptr_apply(rule, l->aus, uri, sizeof uri);

	trace_rule(l, rule, status, status == ENUM_OK ? uri : NULL);
	if (status == ENUM_NO_MEMORY) {
		finish(l, status);
		return false;
	}
	if (status != ENUM_OK)
		return true;
	l->found = true;
	l->done(&(struct lookup_result){ .status = ENUM_OK,
					 .uri = uri,
					 .apex = l->apex,
					 .secure = l->secure },
		l->arg);
	return false;
}

/* ENUM-30: the name stands on the way here, or the way is too long. */
static bool leads_back(const struct lookup *l, const char *name)
{
	for (size_t i = 0; i < l->depth; i++)
		if (span_is_nocase(span_of(l->levels[i].name), name))
			return true;
	return l->depth > LOOKUP_DEPTH_MAX;
}

static bool ask_replacement(struct lookup *l, const struct naptr *rule)
{
	if (leads_back(l, rule->replacement)) {
		trace_rule(l, rule, ENUM_LOOP, NULL);
		return true;
	}
	trace_rule(l, rule, ENUM_OK, rule->replacement);
	ask_name(l, rule->replacement);
	return false;
}

static void finish(struct lookup *l, enum enum_status status)
{
	l->done(&(struct lookup_result){ .status = status,
					 .apex = l->apex,
					 .secure = l->secure && l->apex },
		l->arg);
}

/* Nothing (more) is there, unless a branch may have held it. */
static void finish_empty(struct lookup *l)
{
	finish(l, l->trouble != ENUM_OK ? l->trouble : ENUM_NODATA);
}
