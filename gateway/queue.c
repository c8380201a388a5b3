#include "gateway/queue.h"

#include <stdlib.h>

#include "gateway/log.h"
#include "gateway/queue_private.h"

/** What a sender is told to wait when the store takes nothing. */
#define RETRY_AFTER_S 10

/** Puts that the store has not done yet. */
#define PUTS_MAX 4096

/** Before the end the store may finish what was asked of it. */
#define CLOSE_PATIENCE_MS 5000

struct queue_put {
	struct queue *queue;
	struct message *message;
	uint64_t serial;
	struct store_put *put;
	queue_put_fn *done;
	void *arg;
};

int64_t queue_expiry_ms(const struct queue *queue,
			const struct message *message)
{
	int64_t since_s = message->held_since_s ? message->held_since_s
						: message->arrived_s;
	int64_t end_ms = since_s * 1000 + queue->options.expire_ms;

	if (message->expires_s && message->expires_s * 1000 < end_ms)
		end_ms = message->expires_s * 1000;
	return end_ms;
}

void queue_defer_place(struct queue *queue, uint64_t lane, uint64_t seq,
		       int64_t due_ms, bool tried, const char *reason)
{
	queue->deferred[lane % QUEUE_DEFERRALS] = ++queue->serial;
	queue->backlog = true;
	store_defer(queue->store, seq, due_ms, tried, reason);
	queue_state_add(queue, 1, queue->serial);
	queue_state_hint(queue->state);
	queue_wake(queue);
}

void queue_defer(struct queue *queue, const struct message *message,
		 int64_t due_ms, bool tried, const char *reason)
{
	queue_defer_place(queue, queue_lane_of(message), message->seq, due_ms,
			  tried, reason);
}

bool queue_is_deferred_since(const struct queue *queue, uint64_t lane,
			     uint64_t serial)
{
	return queue->deferred[lane % QUEUE_DEFERRALS] > serial;
}

/* Putting in. */

void queue_is_behind(struct queue *queue, uint64_t serial)
{
	queue->backlog = true;
	queue_state_add(queue, 1, serial);
}

/* What may have to wait for its hop though it comes from SIP. Unless the queue
 * is empty it is put in first: it may be behind, or there already. */
static bool may_hold(const struct queue *queue, const struct message *message,
		     const struct hop *hop)
{
	return message->origin == PROTOCOL_SIP &&
	       message->purpose == MESSAGE_TEXT &&
	       message->kind != PLAN_ROUTE && /* its Routes are not stored */
	       queue->options.hold[hop->protocol];
}

/* Nothing waits, or is tried again. What an earlier process has left is not
 * counted yet at the start. */
static bool is_empty(const struct queue *queue)
{
	return queue->waiting == 0 && queue_lanes_count(queue->lanes) == 0 &&
	       !(queue->backlog && queue->available);
}

bool queue_wants(const struct queue *queue, const struct message *message,
		 const struct hop *hop)
{
	if (!queue || message->seq || message->purpose == MESSAGE_COMPOSING)
		return false;
	if (message->origin == PROTOCOL_XMPP) /* on arrival */
		return !hop;
	return hop && (hop->protocol == PROTOCOL_XMPP ||
		       (!is_empty(queue) && may_hold(queue, message, hop)));
}

bool queue_holds(const struct queue *queue, const struct message *message,
		 const struct hop *hop, const struct outcome *outcome)
{
	return queue && !message->seq && hop &&
	       outcome->kind == OUTCOME_TEMPORARY &&
	       may_hold(queue, message, hop);
}

static bool is_overtaking(const struct queue_put *put)
{
	const struct queue *queue = put->queue;
	uint64_t lane = queue_lane_of(put->message);

	return queue_is_deferred_since(queue, lane, put->serial) ||
	       queue_lanes_busy(queue->lanes, lane);
}

static enum queue_put_verdict take_in(struct queue_put *put,
				      const struct store_put_result *result)
{
	struct message *message = put->message;

	if (result->behind) {
		queue_is_behind(put->queue, put->serial);
		return QUEUE_WAITS;
	}
	message->seq = result->seq;
	if (!is_overtaking(put)) {
		if (queue_is_serial(message))
			queue_lanes_begin(put->queue->lanes,
					  queue_lane_of(message));
		return QUEUE_GO_ON;
	}
	queue_defer(put->queue, message, loop_wall_ms(put->queue->options.loop),
		    false, "behind an earlier message");
	return QUEUE_WAITS;
}

/* CONF-16: nothing about the recipient, so come back. */
static struct outcome refusal(enum store_status status, const char *reason)
{
	struct outcome no = outcome_of_sip(
		500, status == STORE_NO_MEMORY ? "out of memory" : reason);

	no.retry_after_s = RETRY_AFTER_S;
	no.condition = CONDITION_RESOURCE_CONSTRAINT;
	return no;
}

static void on_put(const struct store_put_result *result, void *arg)
{
	struct queue_put *put = arg;
	const struct outcome no = refusal(result->status, result->reason);
	enum queue_put_verdict verdict = QUEUE_REFUSED;

	if (result->status == STORE_OK)
		verdict = take_in(put, result);
	else if (result->status == STORE_DUPLICATE)
		verdict = QUEUE_KNOWN;
	put->done(verdict, verdict == QUEUE_REFUSED ? &no : NULL, put->arg);
	free(put);
}

static enum store_status put_item(struct queue_put *put, enum protocol via)
{
	struct queue *queue = put->queue;
	const struct store_item item = {
		.message = put->message,
		.lane = queue_lane_of(put->message),
		.via = via,
		.due_ms = loop_wall_ms(queue->options.loop),
		.expires_ms = queue_expiry_ms(queue, put->message),
	};

	return store_put(queue->store, &item, on_put, put, &put->put);
}

bool queue_put(struct queue *queue, struct message *message, enum protocol via,
	       queue_put_fn *done, void *arg, struct queue_put **put_out,
	       struct outcome *no_out)
{
	struct queue_put *put = NULL;
	enum store_status status = STORE_NO_MEMORY;

	*put_out = NULL;
	if (queue->full) {
		*no_out = refusal(STORE_UNAVAILABLE, "too many messages wait");
		return false;
	}
	put = calloc(1, sizeof *put);
	*put_out = put;
	if (put) {
		*put = (struct queue_put){ .queue = queue,
					   .message = message,
					   .serial = ++queue->serial,
					   .done = done,
					   .arg = arg };
		status = put_item(put, via);
	}
	if (status == STORE_OK)
		return true;
	*no_out = refusal(status, store_status_text(status));
	free(put);
	*put_out = NULL;
	return false;
}

void queue_put_cancel(struct queue_put **put)
{
	if (!*put)
		return;
	store_put_cancel(&(*put)->put);
	free(*put);
	*put = NULL;
}

/* Its life. */

static void on_work(void *arg)
{
	struct queue *queue = arg;

	queue_wake(queue);
	if (queue->state)
		queue_state_hint(queue->state);
}

static void on_available(bool yes, const char *reason, void *arg)
{
	struct queue *queue = arg;

	queue->available = yes;
	log_event(yes ? LOG_LEVEL_INFO : LOG_LEVEL_ERROR, "store",
		  FIELD_TEXT("state", yes ? "available" : "unavailable"),
		  FIELD_TEXT("reason", reason));
	if (yes)
		queue_wake(queue);
}

static void on_owner(bool yes, void *arg)
{
	struct queue *queue = arg;

	queue->options.owner(yes, queue->options.owner_arg);
}

static enum gateway_status open_store(struct queue *queue, char *why,
				      size_t why_size)
{
	const struct queue_options *o = &queue->options;
	const struct store_options options = {
		.url = o->url,
		.node = o->node,
		.seen_ms = o->seen_ms,
		.lease_ms = o->lease_ms,
		.waiting_max = PUTS_MAX,
		.events = { .work = on_work,
			    .available = on_available,
			    .owner = on_owner,
			    .arg = queue },
	};

	switch (store_open(o->loop, &options, &queue->store, why, why_size)) {
	case STORE_OK: return GATEWAY_OK;
	case STORE_NO_MEMORY: return GATEWAY_NO_MEMORY;
	case STORE_DUPLICATE:
	case STORE_UNAVAILABLE:
	case STORE_NOT_FOUND:
	case STORE_STATUS_COUNT: break;
	}
	return GATEWAY_CANNOT_READ;
}

enum gateway_status queue_create(const struct queue_options *options,
				 struct queue **queue_out, char *why,
				 size_t why_size)
{
	struct queue *queue = calloc(1, sizeof *queue);
	enum gateway_status status = GATEWAY_NO_MEMORY;

	*queue_out = NULL;
	if (!queue)
		return status;
	queue->options = *options;
	queue->available = queue->backlog = true;
	for (size_t i = 0; i < PROTOCOL_COUNT; i++)
		queue->reachable[i] = true;
	queue->lanes = queue_lanes_create();
	if (queue->lanes && loop_timer_create(options->loop, queue_work, queue,
					      &queue->timer) == ENUM_OK)
		queue->state = queue_state_create(queue);
	if (queue->state)
		status = open_store(queue, why, why_size);
	if (status == GATEWAY_OK)
		*queue_out = queue;
	else
		queue_destroy(&queue);
	return status;
}

void queue_connect(struct queue *queue, struct relay_table *relays,
		   struct side *const sides[PROTOCOL_COUNT])
{
	queue->relays = relays;
	for (size_t i = 0; i < PROTOCOL_COUNT; i++)
		queue->sides[i] = sides[i];
	if (queue->options.own)
		store_own(queue->store, queue->options.own);
	queue_wake(queue);
}

void queue_drain(struct queue *queue)
{
	queue->draining = true;
}

struct store *queue_store(struct queue *queue)
{
	return queue->store;
}

void queue_destroy(struct queue **queue)
{
	struct queue *q = *queue;

	if (!q)
		return;
	store_close(&q->store, CLOSE_PATIENCE_MS);
	queue_notices_clear(q);
	queue_state_destroy(&q->state);
	queue_lanes_destroy(&q->lanes);
	loop_timer_destroy(&q->timer);
	free(q);
	*queue = NULL;
}
