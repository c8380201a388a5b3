/* Taking messages out of the store and sending them on their way again. */

#include "gateway/queue_private.h"

#include "gateway/relay.h"

/** Messages taken and not settled, at most. */
#define TAKEN_MAX 1024

/** When nothing is known to be due the store is asked all the same: another
 *  node may have died. */
#define IDLE_MS 10000

/** When the store cannot be asked. */
#define AGAIN_MS 1000

void queue_wake(struct queue *queue)
{
	/* the answer under way knows nothing of it */
	queue->woken = queue->taking;
	loop_timer_set(queue->timer, 0);
}

static unsigned reachable(const struct queue *queue)
{
	unsigned via = 0;

	for (unsigned i = 0; i < PROTOCOL_COUNT; i++)
		if (queue->reachable[i])
			via |= 1u << i;
	return via;
}

static void take_back(struct queue *queue, struct message *message,
		      const char *reason)
{
	queue_defer(queue, message, loop_wall_ms(queue->options.loop), false,
		    reason);
	message_destroy(&message);
}

/* Since the store was asked, an older one of the lane may have failed. */
void queue_run_taken(struct queue *queue, struct message *message,
		     uint64_t serial)
{
	message->answered = true;
	if (queue_is_deferred_since(queue, queue_lane_of(message), serial))
		take_back(queue, message, "behind an earlier message");
	else if (queue_lanes_add(queue->lanes, message))
		queue_wake(queue);
	else
		take_back(queue, message, "out of memory");
}

static void take_over(struct queue *queue, const struct store_item *item)
{
	struct message *message = item->message;

	message->tries = item->tries;
	message->held_since_s = item->put_ms / 1000;
	queue_run_taken(queue, message, queue->taken);
}

static void wait_until(struct queue *queue, int64_t due_ms)
{
	int64_t wait = due_ms - loop_wall_ms(queue->options.loop);

	if (due_ms == 0 || wait > IDLE_MS)
		wait = IDLE_MS;
	loop_timer_set(queue->timer, wait > 0 ? wait : 0);
}

static void got_items(enum store_status status, struct store_item *items,
		      size_t count, int64_t next_due_ms, void *arg)
{
	struct queue *queue = arg;

	queue->taking = false;
	queue_state_add(queue, -(int64_t)count, queue->taken);
	for (size_t i = 0; i < count; i++)
		take_over(queue, &items[i]);
	if (status != STORE_OK) {
		loop_timer_set(queue->timer, AGAIN_MS);
	} else if (count > 0 || queue->woken) {
		queue_wake(queue);
	} else {
		queue->backlog = next_due_ms != 0;
		wait_until(queue, next_due_ms);
	}
	queue->woken = false;
}

static void ask_items(struct queue *queue)
{
	size_t room = TAKEN_MAX - queue_lanes_count(queue->lanes);

	if (queue_lanes_count(queue->lanes) > TAKEN_MAX / 2 ||
	    queue->draining || !queue->available || queue->taking)
		return;
	if (room > STORE_TAKE_MAX)
		room = STORE_TAKE_MAX;
	queue->taken = ++queue->serial;
	queue->taking = store_take(queue->store, reachable(queue), room,
				   got_items, queue) == STORE_OK;
	if (!queue->taking)
		loop_timer_set(queue->timer, AGAIN_MS);
}

/* SIP-22: what has expired is not tried once more. */
static void resume(struct queue *queue, struct message *message)
{
	struct outcome late = outcome_of_sip(504, "not delivered in time");

	if (loop_wall_ms(queue->options.loop) <
	    queue_expiry_ms(queue, message)) {
		relay_resume(queue->relays, message);
		return;
	}
	late.kind = OUTCOME_PERMANENT;
	queue_settle(queue, message, NULL, &late);
	message_destroy(&message);
}

void queue_work(void *arg)
{
	struct queue *queue = arg;
	struct message *message;

	if (!queue->relays)
		return;
	while (!queue->draining && (message = queue_lanes_next(queue->lanes)))
		resume(queue, message);
	ask_items(queue);
}
