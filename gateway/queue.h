#ifndef IMGW_GATEWAY_QUEUE_H
#define IMGW_GATEWAY_QUEUE_H

/** The durable queue: what we promise to deliver, between the relay and the
 *  store.
 *
 *  A message that leaves SIP is put into the store before its sender hears
 *  202; a message from XMPP as soon as it is admitted. The relay then tries it
 *  as any other, and says here what came of it (queue_settle): handed over,
 *  failed, or not now. What is not now is taken from the store again at its
 *  time and runs through the relay once more, without a sender that waits.
 *  So does everything that was on its way when a link broke or the process
 *  died.
 *
 *  Order: messages of one conversation, a lane, leave in the order in which
 *  they came. While one waits, those behind it wait too; nobody else does. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "enum/loop.h"
#include "gateway/message.h"
#include "gateway/outcome.h"
#include "gateway/side.h"
#include "gateway/store.h"
#include "routing/hop.h"

struct relay_table;

/** All borrowed; must outlive the queue. */
struct queue_options {
	struct loop *loop;
	const char *url;           /* of the store */
	const char *node;
	const int64_t *retry_ms;   /* waits after the first, second, ... try;
				    * the last one again and again */
	size_t retry_count;
	int64_t expire_ms;         /* a message without Expires lives so long */
	uint64_t waiting_max;      /* more that wait: new ones are refused */
	int64_t seen_ms, lease_ms; /* see store_options */
	/** What only one of several nodes may have, or NULL: see store_own. */
	const char *own;
	void (*owner)(bool yes, void *arg);
	void *owner_arg;
	bool hold[PROTOCOL_COUNT]; /* hops whose failures are retried for a
				    * message from SIP */
};

struct queue;

/** Open the store.
 *  @param why  on failure a sentence for people
 *  @return GATEWAY_OK, GATEWAY_NO_MEMORY, GATEWAY_CANNOT_READ (the store
 *          cannot be had) */
MUST_USE enum gateway_status queue_create(const struct queue_options *options,
					  struct queue **queue_out, char *why,
					  size_t why_size);

/** Where messages run and who tells their senders that they failed; begins to
 *  work on what is in the store. */
void queue_connect(struct queue *queue, struct relay_table *relays,
		   struct side *const sides[PROTOCOL_COUNT]);

/** Take nothing more from the store. */
void queue_drain(struct queue *queue);

/** Finish what was asked of the store and free; clears; takes NULL. No relay
 *  in flight. */
void queue_destroy(struct queue **queue);

/* For the relay. */

/** Must the message be in the store before it goes on?
 *  @param queue  NULL: there is none, and nothing must
 *  @param hop  the next one, or NULL: before anything was looked up */
bool queue_wants(const struct queue *queue, const struct message *message,
		 const struct hop *hop);

/** No hop took the message, which is not in the store: is it to wait there
 *  (queue.hold)?
 *  @param hop  the last one tried, or NULL */
bool queue_holds(const struct queue *queue, const struct message *message,
		 const struct hop *hop, const struct outcome *outcome);

enum queue_put_verdict {
	QUEUE_GO_ON,  /* message->seq is set: try it, then queue_settle */
	QUEUE_WAITS,  /* it has to wait for its turn: its sender is told that
		       * it was accepted, and it is the queue's */
	QUEUE_KNOWN,  /* it came before: accepted, and nothing more */
	QUEUE_REFUSED /* it is not in the store; see the outcome */
};

/** @param no  why, with QUEUE_REFUSED; else NULL */
typedef void queue_put_fn(enum queue_put_verdict verdict,
			  const struct outcome *no, void *arg);
struct queue_put;

/** Put a message into the store. `done` once, from the loop, never before
 *  this returns, never after queue_put_cancel.
 *  @param message  borrowed until then
 *  @param via  the side of the hop that comes next
 *  @param put_out  the caller's until done or cancel
 *  @param no_out  filled when the answer is no
 *  @return false: it cannot be, and `done` will not run */
MUST_USE bool queue_put(struct queue *queue, struct message *message,
			enum protocol via, queue_put_fn *done, void *arg,
			struct queue_put **put_out, struct outcome *no_out);

/** It is no longer wanted, and goes out of the store again; clears; takes
 *  NULL. */
void queue_put_cancel(struct queue_put **put);

/** What came of a stored message. A temporary failure that may be retried
 *  becomes "accepted": the sender is told so, and the message comes again. Who
 *  does not wait for a final answer hears of a failure by a message of its own;
 *  then this one is marked as answered.
 *  @param message  seq 0: nothing happens
 *  @param hop  the last one tried, or NULL
 *  @param outcome  in: of the relay; out: what the sender is told */
void queue_settle(struct queue *queue, struct message *message,
		  const struct hop *hop, struct outcome *outcome);

/* For the sides. */

/** A message that was handed over has arrived: the peer has said so. */
void queue_acknowledged(struct queue *queue, uint64_t seq);

/** It was handed over, and what it went by has broken before the peer said
 *  that it arrived: it is sent again. */
void queue_lost(struct queue *queue, uint64_t seq);

/** Can a side reach anybody at all? Both can at first. */
void queue_reachable(struct queue *queue, enum protocol protocol, bool yes);

/* For operators. */

/** @param told  whether a sender hears that his message was dropped: not if he
 *               did not ask to, nor if he cannot be told now */
typedef void queue_told_fn(bool told, void *arg);

/** A message was dropped (store_change): its sender hears of a failure, if he
 *  asked to.
 *  @param done  once, before this returns or later from the loop, never after
 *               queue_destroy */
void queue_dropped(struct queue *queue, const struct message *message,
		   queue_told_fn *done, void *arg);

/** For the admin commands and the notes of other modules; borrowed. */
struct store *queue_store(struct queue *queue);

#endif
