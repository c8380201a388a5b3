#define _DEFAULT_SOURCE /* clock_gettime, sys/queue.h */

#include "gateway/loop.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/random.h>
#include <time.h>

#include <sofia-sip/su.h>
#include <sofia-sip/su_wait.h>

#include "gateway/loop_su.h"

/** Random octets asked from the kernel at once: a call each would cost more
 *  than what it is for. */
#define RANDOM_POOL 512

/** Timers without delay that fire in one turn; then descriptors get theirs. */
#define SOON_MAX 1000

struct loop {
	su_root_t *root;
	unsigned char pool[RANDOM_POOL];
	size_t pool_left; /* at its end; what was given out is wiped */
	/* Timers without delay, in the order in which they were set. The
	 * steps of a lookup are many, and a turn of the loop for each would
	 * cost a system call each: they share one. */
	TAILQ_HEAD(, loop_timer) soon;
	su_timer_t *wake; /* set when `soon` is not empty */
	bool awake;	  /* it is being worked off */
};

struct loop_timer {
	struct loop *loop;
	su_timer_t *timer;
	loop_timer_fn *fired;
	void *arg;
	bool is_soon;
	TAILQ_ENTRY(loop_timer) link; /* in `soon` */
};

struct loop_watch {
	struct loop *loop;
	int fd;
	int index; /* of the registration in the su_root */
	loop_watch_fn *ready;
	void *arg;
};

/* With a duration: without one su_timer_set aborts. */
static su_timer_t *make_timer(struct loop *loop)
{
	return su_timer_create(su_root_task(loop->root), 1000);
}

enum gateway_status loop_create(struct loop **loop_out)
{
	struct loop *loop = calloc(1, sizeof *loop);

	*loop_out = NULL;
	if (!loop)
		return GATEWAY_NO_MEMORY;
	su_init();
	TAILQ_INIT(&loop->soon);
	loop->root = su_root_create(loop);
	if (loop->root)
		loop->wake = make_timer(loop);
	if (!loop->wake) {
		loop_destroy(&loop);
		return GATEWAY_NO_MEMORY;
	}
	su_root_threading(loop->root, 0);
	*loop_out = loop;
	return GATEWAY_OK;
}

void loop_run(struct loop *loop)
{
	su_root_run(loop->root);
}

void loop_stop(struct loop *loop)
{
	su_root_break(loop->root);
}

void loop_destroy(struct loop **loop)
{
	if (!*loop)
		return;
	su_timer_destroy((*loop)->wake);
	su_root_destroy((*loop)->root);
	su_deinit();
	free(*loop);
	*loop = NULL;
}

su_root_t *loop_su_root(struct loop *loop)
{
	return loop->root;
}

static struct timespec read_clock(clockid_t id)
{
	struct timespec now = { 0, 0 };

	(void)clock_gettime(id, &now);
	return now;
}

int64_t loop_now_ms(const struct loop *loop)
{
	struct timespec now = read_clock(CLOCK_MONOTONIC);

	(void)loop;
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t loop_wall_s(const struct loop *loop)
{
	(void)loop;
	return read_clock(CLOCK_REALTIME).tv_sec;
}

enum enum_status loop_timer_create(struct loop *loop, loop_timer_fn *fired,
				   void *arg, struct loop_timer **timer_out)
{
	struct loop_timer *timer = calloc(1, sizeof *timer);

	*timer_out = NULL;
	if (!timer)
		return ENUM_NO_MEMORY;
	timer->timer = make_timer(loop);
	if (!timer->timer) {
		free(timer);
		return ENUM_NO_MEMORY;
	}
	timer->loop = loop;
	timer->fired = fired;
	timer->arg = arg;
	*timer_out = timer;
	return ENUM_OK;
}

static void on_timer(su_root_magic_t *magic, su_timer_t *su_timer,
		     su_timer_arg_t *arg)
{
	struct loop_timer *timer = arg;

	(void)magic;
	(void)su_timer;
	timer->fired(timer->arg);
}

static void on_wake(su_root_magic_t *magic, su_timer_t *wake,
		    su_timer_arg_t *arg)
{
	struct loop *loop = arg;
	struct loop_timer *timer;

	(void)magic;
	loop->awake = true;
	for (int i = 0; i < SOON_MAX && !TAILQ_EMPTY(&loop->soon); i++) {
		timer = TAILQ_FIRST(&loop->soon);
		loop_timer_clear(timer);
		timer->fired(timer->arg);
	}
	loop->awake = false;
	if (!TAILQ_EMPTY(&loop->soon))
		su_timer_set_interval(wake, on_wake, loop, 0);
}

static void set_soon(struct loop *loop, struct loop_timer *timer)
{
	if (TAILQ_EMPTY(&loop->soon) && !loop->awake)
		su_timer_set_interval(loop->wake, on_wake, loop, 0);
	TAILQ_INSERT_TAIL(&loop->soon, timer, link);
	timer->is_soon = true;
}

void loop_timer_set(struct loop_timer *timer, int64_t delay_ms)
{
	loop_timer_clear(timer);
	if (delay_ms <= 0)
		set_soon(timer->loop, timer);
	else
		su_timer_set_interval(timer->timer, on_timer, timer,
				      (su_duration_t)delay_ms);
}

void loop_timer_clear(struct loop_timer *timer)
{
	if (timer->is_soon)
		TAILQ_REMOVE(&timer->loop->soon, timer, link);
	else
		su_timer_reset(timer->timer);
	timer->is_soon = false;
}

void loop_timer_destroy(struct loop_timer **timer)
{
	if (!*timer)
		return;
	loop_timer_clear(*timer);
	su_timer_destroy((*timer)->timer);
	free(*timer);
	*timer = NULL;
}

static int su_events(unsigned events)
{
	return (events & LOOP_READ ? SU_WAIT_IN : 0) |
	       (events & LOOP_WRITE ? SU_WAIT_OUT : 0);
}

static int on_ready(su_root_magic_t *magic, su_wait_t *wait,
		    su_wakeup_arg_t *arg)
{
	struct loop_watch *watch = arg;
	int got = su_wait_events(wait, watch->fd);
	unsigned events = 0;

	(void)magic;
	if (got & (SU_WAIT_IN | SU_WAIT_ERR | SU_WAIT_HUP))
		events |= LOOP_READ;
	if (got & SU_WAIT_OUT)
		events |= LOOP_WRITE;
	watch->ready(watch->fd, events, watch->arg);
	return 0;
}

enum enum_status loop_watch_create(struct loop *loop, int fd, unsigned events,
				   loop_watch_fn *ready, void *arg,
				   struct loop_watch **watch_out)
{
	struct loop_watch *watch = calloc(1, sizeof *watch);
	su_wait_t wait[1];

	*watch_out = NULL;
	if (!watch)
		return ENUM_NO_MEMORY;
	*watch = (struct loop_watch){ loop, fd, -1, ready, arg };
	if (su_wait_create(wait, fd, su_events(events)) < 0)
		goto failed;
	watch->index = su_root_register(loop->root, wait, on_ready, watch, 0);
	if (watch->index < 0) {
		su_wait_destroy(wait);
		goto failed;
	}
	*watch_out = watch;
	return ENUM_OK;
failed:
	free(watch);
	return ENUM_NO_MEMORY;
}

void loop_watch_set(struct loop_watch *watch, unsigned events)
{
	su_root_eventmask(watch->loop->root, watch->index, watch->fd,
			  su_events(events));
}

void loop_watch_destroy(struct loop_watch **watch)
{
	if (!*watch)
		return;
	su_root_deregister((*watch)->loop->root, (*watch)->index);
	free(*watch);
	*watch = NULL;
}

static void fill_pool(struct loop *loop)
{
	size_t have = 0;

	while (have < RANDOM_POOL) {
		ssize_t got =
			getrandom(loop->pool + have, RANDOM_POOL - have, 0);

		if (got > 0)
			have += (size_t)got;
	}
	loop->pool_left = RANDOM_POOL;
}

void loop_random(struct loop *loop, void *out, size_t len)
{
	unsigned char *to = out;

	while (len > 0) {
		size_t part;

		if (loop->pool_left == 0)
			fill_pool(loop);
		part = len < loop->pool_left ? len : loop->pool_left;
		memcpy(to, loop->pool + RANDOM_POOL - loop->pool_left, part);
		memset(loop->pool + RANDOM_POOL - loop->pool_left, 0, part);
		loop->pool_left -= part;
		to += part;
		len -= part;
	}
}
