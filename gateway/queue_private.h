#ifndef IMGW_GATEWAY_QUEUE_PRIVATE_H
#define IMGW_GATEWAY_QUEUE_PRIVATE_H

/** What the files of the queue share; nobody else includes it. */

#include "gateway/queue.h"
#include "gateway/queue_lanes.h"

/** Lanes in which a deferral is remembered until the store knows of it; two
 *  that fall on one place cost a turn through the store, no more. */
#define QUEUE_DEFERRALS 4096

struct queue_state;
struct queue_notice;

struct queue {
	struct queue_options options;
	struct store *store;
	struct relay_table *relays; /* NULL: not connected yet */
	struct side *sides[PROTOCOL_COUNT];
	struct queue_lanes *lanes; /* taken from the store */
	struct loop_timer *timer;  /* when something may be due */
	struct queue_state *state; /* NULL while nothing works yet */
	struct queue_notice *notices; /* not in the store yet */
	bool reachable[PROTOCOL_COUNT];
	bool available, draining;
	uint64_t waiting; /* in the store, as far as we know */
	int64_t waiting_since; /* what was asked for since it is counted */
	bool full; /* as the log has it */
	bool holding; /* a lane: what ends meanwhile waits behind another */
	bool backlog; /* something may wait in the store */
	bool taking, woken; /* woken: look again when the answer is there */
	/* puts, takes, deferrals and counts in the order of asking */
	uint64_t serial, taken, counted, deferred[QUEUE_DEFERRALS];
};

/** What the log says of the queue as a whole (queue_state.c).
 *  @return NULL: out of memory */
struct queue_state *queue_state_create(struct queue *queue);

/** Free; clears; takes NULL. The store must be closed. */
void queue_state_destroy(struct queue_state **state);

/** Something begins to wait: look soon. */
void queue_state_hint(struct queue_state *state);

/** So many more messages wait in the store now; fewer if negative.
 *  @param serial  when the store was asked for it */
void queue_state_add(struct queue *queue, int64_t more, uint64_t serial);

/** Give a message back to the store, and remember that those behind it have
 *  to wait.
 *  @param due_ms  wall clock
 *  @param tried  whether that was a try that counts */
void queue_defer(struct queue *queue, const struct message *message,
		 int64_t due_ms, bool tried, const char *reason);

/** The same for a message of which only the place is left. */
void queue_defer_place(struct queue *queue, uint64_t lane, uint64_t seq,
		       int64_t due_ms, bool tried, const char *reason);

/** A message that was put in waits behind an older one of its lane.
 *  @param serial  when the store was asked to take it in */
void queue_is_behind(struct queue *queue, uint64_t serial);

/** Was one of the lane given back after what has this serial was asked of the
 *  store, which did not know of it then? */
bool queue_is_deferred_since(const struct queue *queue, uint64_t lane,
			     uint64_t serial);

/** Look for work when the loop turns. */
void queue_wake(struct queue *queue);

/** Start what was taken; take more when there is room. */
void queue_work(void *arg);

/** A message that is in the store, ours and taken by us: run it when it is its
 *  turn, or give it back.
 *  @param serial  when the store was asked for it */
void queue_run_taken(struct queue *queue, struct message *message,
		     uint64_t serial);

/** queue_notice.c: a message has failed for good; see to it that its sender
 *  hears of it, and that it leaves the store (seq 0: it has) afterwards.
 *  @return false: its side is not configured, so that it leaves at once, or out
 *          of memory, so that it fails again later; `told` will not run
 *  @param told  as in queue_dropped, or NULL */
bool queue_notice_start(struct queue *queue, const struct message *failed,
			const struct outcome *outcome, queue_told_fn *told,
			void *arg);

/** Free those that the store does not have yet; what failed is still there. */
void queue_notices_clear(struct queue *queue);

/** Does the next message of its lane wait until this one is settled? Over the
 *  link the stream keeps the order, and what breaks it breaks it for all; over
 *  SIP each is on its own. */
bool queue_is_serial(const struct message *message);

/** When the message is given up, wall clock milliseconds. */
int64_t queue_expiry_ms(const struct queue *queue,
			const struct message *message);

#endif
