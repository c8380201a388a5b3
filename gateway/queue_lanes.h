#ifndef IMGW_GATEWAY_QUEUE_LANES_H
#define IMGW_GATEWAY_QUEUE_LANES_H

/** Inside of the queue: messages that were taken from the store and wait for
 *  the one of their lane that runs. Pure. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/message.h"

struct queue_lanes;

/** Which conversation a message belongs to: who writes to whom, resources and
 *  URI parameters left out. */
uint64_t queue_lane_of(const struct message *message);

/** @return NULL: out of memory */
struct queue_lanes *queue_lanes_create(void);

/** Free with all messages; clears; takes NULL. */
void queue_lanes_destroy(struct queue_lanes **lanes);

/** Add a message behind those of its lane.
 *  @param message  becomes ours, unless the answer is false
 *  @return false: out of memory */
MUST_USE bool queue_lanes_add(struct queue_lanes *lanes,
			      struct message *message);

/** The next message that may run: the first of a lane in which none does. The
 *  lane is then running.
 *  @return the caller's; NULL: there is none */
struct message *queue_lanes_next(struct queue_lanes *lanes);

/** A message of this lane runs that was not taken from the store: it has just
 *  come. The lane must not be busy. */
void queue_lanes_begin(struct queue_lanes *lanes, uint64_t lane);

/** The message of this lane that ran has ended: the next one may. */
void queue_lanes_ended(struct queue_lanes *lanes, uint64_t lane);

/** Take out a message that waits in a lane, running or not.
 *  @return the caller's; NULL: none waits */
struct message *queue_lanes_take(struct queue_lanes *lanes, uint64_t lane);

/** Does one of this lane run or wait here? */
bool queue_lanes_busy(const struct queue_lanes *lanes, uint64_t lane);

/** Messages taken from the store, those that run included. */
size_t queue_lanes_count(const struct queue_lanes *lanes);

#endif
