#ifndef IMGW_TESTS_LOOP_FAKE_H
#define IMGW_TESTS_LOOP_FAKE_H

/** enum/loop.h on a clock that moves only when told.
 *
 *  Link it in place of gateway/loop.c. Nothing fires by itself: the test
 *  moves the clock or turns the loop, and everything that is due fires inside
 *  that call, in the order of time; timers due at the same millisecond fire
 *  in the order in which they were set.
 *
 *	struct loop *loop = loop_fake_create();
 *	... start something that sets a timer of 500 ms ...
 *	loop_fake_advance(loop, 499);   nothing yet
 *	loop_fake_advance(loop, 1);     fires
 *	loop_fake_destroy(&loop);       fails the test if a timer leaked
 *
 *  loop_random gives the same octets in every run. Creation of timers and
 *  watches can fail under unit_fail_allocations; the loop itself never does.
 */

#include <stdbool.h>

#include "enum/loop.h"

/** loop_now_ms of a new loop: not 0, so that nobody takes 0 for "now". */
#define LOOP_FAKE_NOW_MS 100000

/** loop_wall_s of a new loop: 2024-01-01 00:00:00 UTC. It moves along. */
#define LOOP_FAKE_WALL_S INT64_C(1704067200)

/** More timers than this in one call: the code under test runs in circles,
 *  and the process aborts saying so. */
#define LOOP_FAKE_FIRES_MAX 1000000

/** @return never NULL; the caller owns it: loop_fake_destroy */
struct loop *loop_fake_create(void);

/** Aborts, naming the leak, when a timer or a watch was not destroyed;
 *  clears the pointer; takes NULL. */
void loop_fake_destroy(struct loop **loop);

/** Move the clock and fire all that becomes due on the way, at its time, also
 *  what those callbacks set. With 0: all that is due now, until nothing is. */
void loop_fake_advance(struct loop *loop, int64_t ms);

/** One turn of the loop: fire what is due now, once. What the callbacks set
 *  with no delay waits for the next turn.
 *  @return whether anything fired */
bool loop_fake_turn(struct loop *loop);

/** Milliseconds until the next timer is due, or -1 when none is set. */
int64_t loop_fake_next_ms(const struct loop *loop);

/** Report a descriptor as ready to whoever watches it for these events.
 *  @return whether anybody does */
bool loop_fake_ready(struct loop *loop, int fd, unsigned events);

/** What the descriptor is watched for: LOOP_READ | LOOP_WRITE, 0 nothing. */
unsigned loop_fake_watched(const struct loop *loop, int fd);

#endif
