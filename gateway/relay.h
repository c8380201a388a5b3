#ifndef IMGW_GATEWAY_RELAY_H
#define IMGW_GATEWAY_RELAY_H

/** THE middle: one message on its way through, told once.
 *
 *  (1) A side has turned wire into a message and submits it. (2) admission
 *  judges it. (3) enum/lookup turns the number into im: URIs, (4)
 *  routing/resolve turns a URI into services and hosts, (5) routing/plan joins
 *  both with the operator's policy and yields a hop. (6) The side of the hop
 *  makes one attempt. (7) Its outcome is final, or the next hop is asked for:
 *  back to 5, the only loop, bounded by PLAN_HOPS_MAX and by the deadline.
 *  (8) The origin is answered, the message recorded, everything freed:
 *  finish() in relay.c is the only place that does so.
 *
 *  The direction is data: a reply from XMPP to a number runs through here
 *  unchanged. Every relay has one deadline below 32 s (SIP-20, CONF-15) and
 *  ends exactly once. */

#include <stddef.h>

#include "enum/loop.h"
#include "gateway/admission.h"
#include "gateway/message.h"
#include "gateway/outcome.h"
#include "gateway/queue.h"
#include "gateway/relay_memory.h"
#include "gateway/side.h"
#include "routing/plan.h"

/** All borrowed; must outlive the table. */
struct relay_options {
	struct loop *loop;
	const struct plan_config *plan;
	struct admission *admission;
	struct side *sides[PROTOCOL_COUNT]; /* NULL: not configured */
	struct outcome_profile profile;
	int64_t deadline_ms;   /* of the whole relay, below 32,000 */
	struct relay_memory_options memory;
	struct queue *queue;   /* NULL: nothing is stored */
	size_t in_flight_max;  /* more are answered 503 before any work */
	/** Called once when the last relay ends after relay_drain. */
	void (*drained)(void *arg);
	void *drained_arg;
};

/** The table of relays of one worker. */
struct relay_table;

/** @return GATEWAY_OK, GATEWAY_NO_MEMORY */
MUST_USE enum gateway_status relay_create(const struct relay_options *options,
					  struct relay_table **table_out);

/** Take a message in. Ends with exactly one call of the origin side's
 *  answer, which may happen before this returns only when the message is
 *  refused.
 *  @param message  becomes ours in any case
 *  @param origin   becomes ours until it is given back through answer */
void relay_submit(struct relay_table *table, struct message *message,
		  struct origin *origin);

/** Take a message out of the store once more: no admission, nobody who waits
 *  for an answer. Ends with exactly one queue_settle.
 *  @param message  becomes ours */
void relay_resume(struct relay_table *table, struct message *message);

/** A message of a conversation has to wait: so do those behind it that are in
 *  the store and on their way. Each ends as a temporary failure.
 *  @param lane  queue_lane_of that message; @param seq  its place */
void relay_hold_lane(struct relay_table *table, uint64_t lane, uint64_t seq);

/** Relays in flight. */
size_t relay_count(const struct relay_table *table);

/** Take no more (503) and call `drained` when the last one has ended; with
 *  none in flight it is called from a zero timer. */
void relay_drain(struct relay_table *table);

/** End what is in flight with 503 and free; clears; takes NULL. */
void relay_destroy(struct relay_table **table);

#endif
