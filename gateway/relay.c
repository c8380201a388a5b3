#include "gateway/relay.h"

#include <stdlib.h>

#include "gateway/log.h"
#include "gateway/queue_lanes.h"
#include "gateway/relay_private.h"

/** What a sender is told to wait when we as a whole cannot take it. */
#define RETRY_AFTER_S 5

/* The steps in the order of time; the numbers are the stops of relay.h. */
static void ask_store(struct relay *r, enum protocol via); /* 2, 5 */
static void got_stored(enum queue_put_verdict verdict, const struct outcome *no,
		       void *arg);
static void ask_hop(struct relay *r);				      /* 3-5 */
static void got_hop(const struct plan_result *result, void *arg);     /* 5 */
static void take_hop(struct relay *r, const struct hop *hop);	      /* 5 */
static void ask_attempt(struct relay *r);			      /* 6 */
static void use_next(struct relay *r, const struct outcome *outcome); /* 7 */
static void got_outcome(struct attempt *a, const struct outcome *o);  /* 7 */
static void end(struct relay *r, const struct outcome *outcome);      /* 7 */
static void got_held(enum queue_put_verdict verdict, const struct outcome *no,
		     void *arg);
static void on_deadline(void *arg);				    /* 7 */
static void finish(struct relay *r, const struct outcome *outcome); /* 8 */

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
	r = relay_new(table, message, origin, on_deadline);
	if (!r) {
		no = out_of_memory();
		refuse(table, message, origin, &no);
		return;
	}
	relay_admit(r); /* 2 */
}

void relay_admitted(struct relay *r, const struct outcome *no)
{
	if (no)
		finish(r, no);
	else if (queue_wants(r->table->options.queue, r->message, NULL))
		ask_store(r, PROTOCOL_SIP);
	else
		ask_hop(r);
}

void relay_resume(struct relay_table *table, struct message *message)
{
	struct relay *r = relay_new(table, message, NULL, on_deadline);
	struct outcome no = out_of_memory();

	if (r) {
		r->admitted = true;
		ask_hop(r);
		return;
	}
	queue_settle(table->options.queue, message, NULL, &no);
	message_destroy(&message);
}

/* No promise before it is safe. */
static void ask_store(struct relay *r, enum protocol via)
{
	struct outcome no;

	if (!queue_put(r->table->options.queue, r->message, via, got_stored, r,
		       &r->put, &no))
		finish(r, &no);
}

static void got_stored(enum queue_put_verdict verdict, const struct outcome *no,
		       void *arg)
{
	struct relay *r = arg;
	const struct outcome accepted = outcome_of_sip(202, NULL);

	r->put = NULL;
	switch (verdict) {
	case QUEUE_GO_ON:
		if (r->record.hop)
			ask_attempt(r);
		else
			ask_hop(r);
		return;
	case QUEUE_REFUSED: finish(r, no); return;
	case QUEUE_WAITS:
		r->message->seq = 0; /* the queue's from now on */
		break;
	case QUEUE_KNOWN: break;
	}
	finish(r, &accepted);
}

static void ask_hop(struct relay *r)
{
	const struct message *m = r->message;
	struct plan_target target = { .kind = m->kind,
				      .uri = span_of(m->target),
				      .recipient = span_of(m->to),
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
	struct outcome last;

	if (result->status == ROUTE_OK) {
		if (r->record.planned_ms < 0)
			r->record.planned_ms =
				loop_now_ms(r->table->options.loop);
		take_hop(r, result->hop);
		return;
	}
	last = r->has_last ? r->last
			   : outcome_of_route(result->status, result->reason);
	plan_cancel(&r->plan);
	if (!queue_holds(r->table->options.queue, r->message, r->record.hop,
			 &last) &&
	    relay_hop_take_spare(r))
		ask_attempt(r);
	else
		end(r, &last);
}

static void take_hop(struct relay *r, const struct hop *hop)
{
	const struct relay_options *o = &r->table->options;
	struct outcome no;

	r->attempt = (struct attempt){
		.message = r->message,
		.origin = r->origin,
		.hop = *hop,
		.done = got_outcome,
		.arg = r,
	};
	r->record.hop = &r->attempt.hop;
	switch (relay_hop_judge(r, &no)) {
	case RELAY_HOP_OVER: finish(r, &no); return;
	case RELAY_HOP_SKIP: use_next(r, &no); return;
	case RELAY_HOP_GO: break;
	}
	if (queue_wants(o->queue, r->message, hop))
		ask_store(r, hop->protocol);
	else
		ask_attempt(r);
}

static void ask_attempt(struct relay *r)
{
	const struct relay_options *o = &r->table->options;
	struct side *side = o->sides[r->attempt.hop.protocol];

	bindings_note(r->table->memory.bindings, r->message, &r->attempt.hop);
	r->record.hops_tried++;
	r->record.sent_ms = loop_now_ms(o->loop);
	r->attempt.timeout_ms = r->deadline_at_ms - r->record.sent_ms;
	r->attempting = true;
	side->send(side, &r->attempt);
}

static void got_outcome(struct attempt *attempt, const struct outcome *outcome)
{
	struct relay *r = attempt->arg;

	r->attempting = false;
	relay_hop_note(r, outcome);
	if (outcome->try_next)
		use_next(r, outcome);
	else
		end(r, outcome);
}

/* This hop is of no use, another one may be. */
static void use_next(struct relay *r, const struct outcome *outcome)
{
	const struct hop *hop = &r->attempt.hop;

	log_event(outcome->untried ? LOG_LEVEL_DEBUG : LOG_LEVEL_INFO,
		  "next-hop", FIELD_TEXT("id", r->message->id),
		  FIELD_TEXT("host", hop->host),
		  FIELD_TEXT("address", hop->address),
		  FIELD_INT("code", outcome->code),
		  FIELD_TEXT("reason", outcome->reason));
	if (!r->has_last || !outcome->untried) {
		r->last = *outcome;
		r->last.wire = NULL; /* not ours to keep */
		r->has_last = true;
	}
	if (r->plan)
		plan_next(r->plan);
	else
		end(r, &r->last);
}

/* Every hop has refused it for now; the operator may want to wait. */
static void end(struct relay *r, const struct outcome *outcome)
{
	struct queue *queue = r->table->options.queue;
	struct outcome no;

	if (!queue_holds(queue, r->message, r->record.hop, outcome)) {
		finish(r, outcome);
		return;
	}
	r->last = *outcome;
	r->last.wire = NULL;
	r->has_last = true;
	if (!queue_put(queue, r->message, r->record.hop->protocol, got_held, r,
		       &r->put, &no))
		finish(r, &r->last);
}

static void got_held(enum queue_put_verdict verdict, const struct outcome *no,
		     void *arg)
{
	struct relay *r = arg;
	const struct outcome accepted = outcome_of_sip(202, NULL);

	(void)no; /* what the hops said tells more */
	r->put = NULL;
	if (verdict == QUEUE_GO_ON || verdict == QUEUE_REFUSED) {
		finish(r, &r->last);
		return;
	}
	r->message->seq = 0;
	finish(r, &accepted);
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
	struct outcome answer = *outcome;
	const bool waits = !r->message->answered;

	if (r->attempting) {
		struct side *side =
			table->options.sides[r->attempt.hop.protocol];

		side->cancel(side, &r->attempt);
	}
	plan_cancel(&r->plan);
	loop_timer_destroy(&r->deadline);
	bindings_cancel(&r->look);
	queue_put_cancel(&r->put);
	queue_settle(table->options.queue, r->message, r->record.hop, &answer);
	if (r->admitted)
		relay_memory_note_end(&table->memory, r->message, &answer);
	if (waits)
		origin->answer(origin, r->origin, r->message, &answer);
	r->record.outcome = waits ? &answer : outcome;
	r->record.finished_ms = loop_now_ms(table->options.loop);
	record_write(&r->record);
	message_destroy(&r->message);
	relay_table_remove(table, r);
	free(r->spare);
	free(r);
}

/* A stanza may have left: taking it back would send it twice. */
static bool is_written(const struct relay *r)
{
	return r->attempting && r->attempt.hop.protocol == PROTOCOL_XMPP;
}

void relay_hold_lane(struct relay_table *table, uint64_t lane, uint64_t seq)
{
	struct outcome wait = outcome_of_sip(500, "behind an earlier message");
	struct relay *r = table->first, *next;

	for (; r; r = next) {
		next = r->next;
		if (r->message->seq > seq && !is_written(r) &&
		    queue_lane_of(r->message) == lane)
			finish(r, &wait);
	}
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
	relay_memory_clear(&t->memory);
	free(t);
	*table = NULL;
}
