#ifndef IMGW_ENUM_LOOP_H
#define IMGW_ENUM_LOOP_H

/** The event loop and its clock, as everything else sees them.
 *
 *  One loop belongs to one thread. The program's own is gateway/loop.c (a
 *  sofia-sip su_root); the stories replace it at link time by
 *  tests/fake/loop_fake.c, whose clock moves only when the script says so.
 *  Nothing that runs in a loop may block. */

#include <stddef.h>
#include <stdint.h>

#include "enum/status.h"

struct loop;
struct loop_timer;
struct loop_watch;

/** Milliseconds on a clock that only goes forward. */
int64_t loop_now_ms(const struct loop *loop);

/** Wall clock, seconds since 1970 (for Date, XEP-0203 and logs). */
int64_t loop_wall_s(const struct loop *loop);

/** The same in milliseconds, for what must survive the process. */
int64_t loop_wall_ms(const struct loop *loop);

/** Called by the loop; a timer has fired once. */
typedef void loop_timer_fn(void *arg);

/** Make a timer; it does nothing until it is set.
 *  @param timer_out  the caller owns it: loop_timer_destroy
 *  @return ENUM_OK, ENUM_NO_MEMORY */
MUST_USE enum enum_status loop_timer_create(struct loop *loop,
					    loop_timer_fn *fired, void *arg,
					    struct loop_timer **timer_out);

/** Fire once, `delay_ms` from now (0: as soon as the loop turns, never before
 *  this returns). Setting a set timer moves it. */
void loop_timer_set(struct loop_timer *timer, int64_t delay_ms);

/** Stop it; `fired` will not run until it is set again. */
void loop_timer_clear(struct loop_timer *timer);

/** Stop and free; clears the pointer; takes NULL. Allowed inside `fired`. */
void loop_timer_destroy(struct loop_timer **timer);

#define LOOP_READ 1u
#define LOOP_WRITE 2u

/** Called when a descriptor is ready. @param events  LOOP_READ | LOOP_WRITE;
 *  errors and hang-ups are reported as LOOP_READ */
typedef void loop_watch_fn(int fd, unsigned events, void *arg);

/** Watch a descriptor. @param events  LOOP_READ | LOOP_WRITE
 *  @param watch_out  the caller owns it; destroy it before closing the fd
 *  @return ENUM_OK, ENUM_NO_MEMORY */
MUST_USE enum enum_status loop_watch_create(struct loop *loop, int fd,
					    unsigned events,
					    loop_watch_fn *ready, void *arg,
					    struct loop_watch **watch_out);

/** Change what is watched. */
void loop_watch_set(struct loop_watch *watch, unsigned events);

/** Stop watching and free; clears the pointer; takes NULL. */
void loop_watch_destroy(struct loop_watch **watch);

/** Unpredictable octets, for tags, branches, ids and keys. Never fails: a
 *  system without getrandom is a system that the program does not start on.
 *  The fake loop gives a fixed sequence. */
void loop_random(struct loop *loop, void *out, size_t len);

#endif
