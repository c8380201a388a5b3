/* A stored message has failed for good: its sender is told by a message of its
 * own, a notice, which is in the store before the one that failed leaves it.
 * What tells it again, after a crash in between, has the same key, and is
 * known. */

#include "gateway/queue_private.h"

#include <stdlib.h>

/** When a notice cannot be made or stored, its message fails again later. */
#define AGAIN_MS 30000
#define NOT_TOLD "its sender could not be told"

struct queue_notice {
	struct queue_notice *next, *previous;
	struct queue *queue;
	uint64_t seq, lane; /* of what failed; seq 0: it is gone */
	uint64_t serial;
	struct message *message; /* NULL: not made yet */
	struct store_put *put;
	queue_told_fn *told; /* or NULL */
	void *arg;
};

/* The steps in the order of time. */
static void ask_notice(struct queue_notice *n, struct side *side,
		       const struct message *failed,
		       const struct outcome *outcome);
static void got_notice(enum gateway_status status, struct message *notice,
		       void *arg);
static void ask_put(struct queue_notice *n);
static void got_put(const struct store_put_result *result, void *arg);

static void drop(struct queue_notice *n)
{
	if (n->next)
		n->next->previous = n->previous;
	if (n->previous)
		n->previous->next = n->next;
	else
		n->queue->notices = n->next;
	message_destroy(&n->message);
	free(n);
}

static int64_t again_ms(const struct queue *queue)
{
	return loop_wall_ms(queue->options.loop) + AGAIN_MS;
}

static void say(const struct queue_notice *n, bool told)
{
	if (n->told)
		n->told(told, n->arg);
}

/* What failed may go: it was told, or nobody wants to hear it. */
static void finish(struct queue_notice *n, bool told)
{
	if (n->seq)
		store_forget(n->queue->store, n->seq);
	say(n, told);
	drop(n);
}

static void fail_again(struct queue_notice *n)
{
	struct queue *queue = n->queue;

	if (n->seq)
		queue_defer_place(queue, n->lane, n->seq, again_ms(queue),
				  false, NOT_TOLD);
	say(n, false);
	drop(n);
}

static struct queue_notice *create(struct queue *queue,
				   const struct message *failed)
{
	struct queue_notice *n = calloc(1, sizeof *n);

	if (!n)
		return NULL;
	n->queue = queue;
	n->seq = failed->seq;
	n->lane = queue_lane_of(failed);
	n->next = queue->notices;
	if (n->next)
		n->next->previous = n;
	queue->notices = n;
	return n;
}

bool queue_notice_start(struct queue *queue, const struct message *failed,
			const struct outcome *outcome, queue_told_fn *told,
			void *arg)
{
	struct side *side = queue->sides[failed->origin];
	struct queue_notice *n = side ? create(queue, failed) : NULL;

	if (n) {
		n->told = told;
		n->arg = arg;
		ask_notice(n, side, failed, outcome);
	} else if (!side && failed->seq) {
		store_forget(queue->store, failed->seq);
	} else if (failed->seq) {
		queue_defer(queue, failed, again_ms(queue), false, NOT_TOLD);
	}
	return n != NULL;
}

static void ask_notice(struct queue_notice *n, struct side *side,
		       const struct message *failed,
		       const struct outcome *outcome)
{
	side->failed(side, failed, outcome, got_notice, n);
}

static void got_notice(enum gateway_status status, struct message *notice,
		       void *arg)
{
	struct queue_notice *n = arg;

	n->message = notice;
	if (notice)
		message_arrive(notice, n->queue->options.loop);
	if (status != GATEWAY_OK)
		fail_again(n);
	else if (notice)
		ask_put(n);
	else
		finish(n, false);
}

static void ask_put(struct queue_notice *n)
{
	struct queue *queue = n->queue;
	const struct store_item item = {
		.message = n->message,
		.lane = queue_lane_of(n->message),
		.via = n->message->origin == PROTOCOL_SIP ? PROTOCOL_XMPP
							  : PROTOCOL_SIP,
		.due_ms = loop_wall_ms(queue->options.loop),
		.expires_ms = queue_expiry_ms(queue, n->message),
	};

	n->serial = ++queue->serial;
	if (store_put(queue->store, &item, got_put, n, &n->put) != STORE_OK)
		fail_again(n);
}

/* It is in the store and ours: send it as if it had been taken from there. */
static void send(struct queue_notice *n, uint64_t seq)
{
	struct message *message = n->message;

	n->message = NULL;
	message->seq = seq;
	queue_run_taken(n->queue, message, n->serial);
}

static void got_put(const struct store_put_result *result, void *arg)
{
	struct queue_notice *n = arg;

	if (result->status == STORE_OK && result->behind)
		queue_is_behind(n->queue, n->serial);
	else if (result->status == STORE_OK)
		send(n, result->seq);
	if (result->status == STORE_OK || result->status == STORE_DUPLICATE)
		finish(n, true);
	else
		fail_again(n);
}

void queue_notices_clear(struct queue *queue)
{
	while (queue->notices)
		drop(queue->notices);
}
