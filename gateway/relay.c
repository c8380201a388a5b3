#include "gateway/relay.h"

#include <stdlib.h>

#include "gateway/backoff.h"
#include "gateway/log.h"
#include "gateway/record.h"

/** What a sender is told to wait when we as a whole cannot take it. */
#define RETRY_AFTER_S 5

struct relay {
	struct relay *next, *previous; /* in the table */
	struct relay_table *table;
	struct message *message;
	struct origin *origin;
	struct plan *plan;
	struct attempt attempt; /* one at a time */
	bool attempting;
	struct loop_timer *deadline;
	int64_t deadline_at_ms;
	/* what the last attempt came to; decides when no hop is left */
	struct outcome last;
	bool has_last;
	struct record record;
};

struct relay_table {
	struct relay_options options;
	struct relay *first;
	size_t count;
	bool draining;
	struct loop_timer *drain_timer;
	struct backoff *backoff;
};

/* The steps in the order of time; the numbers are the stops of relay.h. */
static bool admit(struct relay *r, struct outcome *no_out);	      /* 2 */
static void ask_hop(struct relay *r);				      /* 3-5 */
static void got_hop(const struct plan_result *result, void *arg);     /* 5 */
static void ask_attempt(struct relay *r, const struct hop *hop);      /* 6 */
static void use_next(struct relay *r, const struct outcome *outcome); /* 7 */
static void got_outcome(struct attempt *a, const struct outcome *o);  /* 7 */
static void on_deadline(void *arg);				      /* 7 */
static void finish(struct relay *r, const struct outcome *outcome);   /* 8 */

static void on_drained(void *arg)
{
	struct relay_table *table = arg;

	if (table->options.drained)
		table->options.drained(table->options.drained_arg);
}

enum gateway_status relay_create(const struct relay_options *options,
				 struct relay_table **table_out)
{
	struct relay_table *table = calloc(1, sizeof *table);

	*table_out = table;
	if (!table)
		return GATEWAY_NO_MEMORY;
	table->options = *options;
	if (backoff_create(options->loop, options->pause_max_ms,
			   &table->backoff) == GATEWAY_OK &&
	    loop_timer_create(options->loop, on_drained, table,
			      &table->drain_timer) == ENUM_OK)
		return GATEWAY_OK;
	backoff_destroy(&table->backoff);
	free(table);
	*table_out = NULL;
	return GATEWAY_NO_MEMORY;
}

size_t relay_count(const struct relay_table *table)
{
	return table->count;
}

static void table_add(struct relay_table *table, struct relay *r)
{
	r->table = table;
	r->next = table->first;
	if (r->next)
		r->next->previous = r;
	table->first = r;
	table->count++;
}

static void table_remove(struct relay_table *table, struct relay *r)
{
	if (r->next)
		r->next->previous = r->previous;
	if (r->previous)
		r->previous->next = r->next;
	else
		table->first = r->next;
	table->count--;
	if (table->count == 0 && table->draining)
		loop_timer_set(table->drain_timer, 0);
}

static struct outcome unavailable(const char *reason)
{
	/* CONF-16: 503 only when it is true of us as a whole */
	struct outcome no = outcome_of_sip(503, reason);

	no.condition = CONDITION_RESOURCE_CONSTRAINT;
	no.retry_after_s = RETRY_AFTER_S;
	return no;
}

static struct outcome out_of_memory(void)
{
	return outcome_of_route(ROUTE_NO_MEMORY, "out of memory");
}

/* Answer a message for which there is no relay yet. */
static void refuse(struct relay_table *table, struct message *message,
		   struct origin *origin, const struct outcome *no)
{
	struct side *side = table->options.sides[message->origin];
	struct record record = { .message = message, .outcome = no };

	record.arrived_ms = message->arrived_ms;
	record.planned_ms = record.sent_ms = -1;
	record.finished_ms = loop_now_ms(table->options.loop);
	side->answer(side, origin, message, no);
	record_write(&record);
	message_destroy(&message);
}

static struct relay *relay_new(struct relay_table *table,
			       struct message *message, struct origin *origin)
{
	struct relay *r = calloc(1, sizeof *r);

	if (!r)
		return NULL;
	if (loop_timer_create(table->options.loop, on_deadline, r,
			      &r->deadline) != ENUM_OK) {
		free(r);
		return NULL;
	}
	r->message = message;
	r->origin = origin;
	r->record = (struct record){ .message = message,
				     .arrived_ms = message->arrived_ms,
				     .planned_ms = -1,
				     .sent_ms = -1 };
	r->deadline_at_ms =
		loop_now_ms(table->options.loop) + table->options.deadline_ms;
	loop_timer_set(r->deadline, table->options.deadline_ms);
	table_add(table, r);
	return r;
}

void relay_submit(struct relay_table *table, struct message *message,
		  struct origin *origin)
{
	struct outcome no;
	struct relay *r;

	if (table->draining || table->count >= table->options.in_flight_max) {
		no = unavailable(table->draining ? "shutting down"
						 : "too busy");
		refuse(table, message, origin, &no);
		return;
	}
	r = relay_new(table, message, origin);
	if (!r) {
		no = out_of_memory();
		refuse(table, message, origin, &no);
		return;
	}
	if (admit(r, &no))
		ask_hop(r);
	else
		finish(r, &no);
}

static bool admit(struct relay *r, struct outcome *no_out)
{
	return admission_judge(r->table->options.admission, r->message, no_out);
}

static void ask_hop(struct relay *r)
{
	const struct message *m = r->message;
	struct plan_target target = { .kind = m->kind,
				      .uri = span_of(m->target),
				      .skip_enum = m->skip_enum };
	struct outcome no;

	if (plan_start(r->table->options.plan, &target, NULL, got_hop, r,
		       &r->plan) == ROUTE_OK)
		return;
	no = out_of_memory();
	finish(r, &no);
}

static void got_hop(const struct plan_result *result, void *arg)
{
	struct relay *r = arg;
	struct outcome end;

	if (result->status == ROUTE_OK) {
		if (r->record.planned_ms < 0)
			r->record.planned_ms =
				loop_now_ms(r->table->options.loop);
		ask_attempt(r, result->hop);
		return;
	}
	end = r->has_last ? r->last
			  : outcome_of_route(result->status, result->reason);
	finish(r, &end);
}

/* What only matters when the message leaves the protocol it came by. */
static bool may_cross(const struct message *m, struct outcome *no_out)
{
	if (m->merged) { /* SIP-11, CONF-21: one delivery, whatever the ways */
		*no_out = outcome_of_sip(482, "Merged Request");
	} else if (m->require) { /* SIP-13: a UAS must know each of them */
		*no_out = outcome_of_sip(420, "extension not supported");
		no_out->unsupported = m->require;
	} else if (m->in_dialog) { /* SIP-26 */
		*no_out = outcome_of_sip(481, NULL);
	} else if (m->secure_only) { /* MAP-12 */
		*no_out = outcome_of_sip(480, "sips cannot be kept");
	} else {
		return true;
	}
	return false;
}

/* CARR-5: the next hop asked for a pause, and it is not over. */
static bool is_paused(const struct relay *r, struct outcome *no_out)
{
	const struct hop *hop = &r->attempt.hop;
	unsigned left_s = hop->protocol == PROTOCOL_SIP
				  ? backoff_left_s(r->table->backoff, hop)
				  : 0;

	if (left_s == 0)
		return false;
	*no_out = outcome_of_sip(500, "the next hop asked for a pause");
	no_out->retry_after_s = left_s;
	return true;
}

static void ask_attempt(struct relay *r, const struct hop *hop)
{
	const struct relay_options *o = &r->table->options;
	struct side *side = o->sides[hop->protocol];
	struct outcome no;

	r->attempt = (struct attempt){
		.message = r->message,
		.origin = r->origin,
		.hop = *hop,
		.timeout_ms = r->deadline_at_ms - loop_now_ms(o->loop),
		.done = got_outcome,
		.arg = r,
	};
	r->record.hop = &r->attempt.hop;
	if (hop->protocol != r->message->origin &&
	    !may_cross(r->message, &no)) {
		finish(r, &no);
		return;
	}
	if (is_paused(r, &no)) {
		use_next(r, &no);
		return;
	}
	r->record.hops_tried++;
	r->record.sent_ms = loop_now_ms(o->loop);
	r->attempting = true;
	side->send(side, &r->attempt);
}

static void got_outcome(struct attempt *attempt, const struct outcome *outcome)
{
	struct relay *r = attempt->arg;

	r->attempting = false;
	if (!outcome->try_next) {
		finish(r, outcome);
		return;
	}
	if (outcome->retry_after_s && attempt->hop.protocol == PROTOCOL_SIP)
		backoff_note(r->table->backoff, &attempt->hop,
			     outcome->retry_after_s);
	use_next(r, outcome);
}

/* This hop is of no use, another one may be. */
static void use_next(struct relay *r, const struct outcome *outcome)
{
	const struct hop *hop = &r->attempt.hop;

	log_event(LOG_LEVEL_INFO, "next-hop", FIELD_TEXT("id", r->message->id),
		  FIELD_TEXT("host", hop->host),
		  FIELD_TEXT("address", hop->address),
		  FIELD_INT("code", outcome->code),
		  FIELD_TEXT("reason", outcome->reason));
	r->last = *outcome;
	r->last.wire = NULL; /* not ours to keep */
	r->has_last = true;
	plan_next(r->plan);
}

static void on_deadline(void *arg)
{
	struct relay *r = arg;
	struct outcome late;

	/* SIP-20: in time, and never a 408 */
	late = r->has_last || r->attempting
		       ? outcome_of_sip(504, "no answer in time")
		       : outcome_of_route(ROUTE_TEMPORARY, "no route in time");
	finish(r, &late);
}

static void finish(struct relay *r, const struct outcome *outcome)
{
	struct relay_table *table = r->table;
	struct side *origin = table->options.sides[r->message->origin];

	if (r->attempting) {
		struct side *side =
			table->options.sides[r->attempt.hop.protocol];

		side->cancel(side, &r->attempt);
	}
	plan_cancel(&r->plan);
	loop_timer_destroy(&r->deadline);
	origin->answer(origin, r->origin, r->message, outcome);
	r->record.outcome = outcome;
	r->record.finished_ms = loop_now_ms(table->options.loop);
	record_write(&r->record);
	message_destroy(&r->message);
	table_remove(table, r);
	free(r);
}

void relay_drain(struct relay_table *table)
{
	table->draining = true;
	if (table->count == 0)
		loop_timer_set(table->drain_timer, 0);
}

void relay_destroy(struct relay_table **table)
{
	struct relay_table *t = *table;
	struct outcome end = unavailable("shutting down");

	if (!t)
		return;
	t->draining = false;
	while (t->first)
		finish(t->first, &end);
	loop_timer_destroy(&t->drain_timer);
	backoff_destroy(&t->backoff);
	free(t);
	*table = NULL;
}
