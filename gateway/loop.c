#define _POSIX_C_SOURCE 200809L /* clock_gettime */

#include "gateway/loop.h"

#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#include <sofia-sip/su.h>
#include <sofia-sip/su_wait.h>

#include "gateway/loop_su.h"

struct loop {
	su_root_t *root;
};

struct loop_timer {
	su_timer_t *timer;
	loop_timer_fn *fired;
	void *arg;
};

struct loop_watch {
	struct loop *loop;
	int fd;
	int index; /* of the registration in the su_root */
	loop_watch_fn *ready;
	void *arg;
};

enum gateway_status loop_create(struct loop **loop_out)
{
	struct loop *loop = calloc(1, sizeof *loop);

	*loop_out = NULL;
	if (!loop)
		return GATEWAY_NO_MEMORY;
	su_init();
	loop->root = su_root_create(loop);
	if (!loop->root) {
		free(loop);
		su_deinit();
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
	/* a duration at creation: without one su_timer_set aborts */
	timer->timer = su_timer_create(su_root_task(loop->root), 1000);
	if (!timer->timer) {
		free(timer);
		return ENUM_NO_MEMORY;
	}
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

void loop_timer_set(struct loop_timer *timer, int64_t delay_ms)
{
	if (delay_ms < 0)
		delay_ms = 0;
	su_timer_set_interval(timer->timer, on_timer, timer,
			      (su_duration_t)delay_ms);
}

void loop_timer_clear(struct loop_timer *timer)
{
	su_timer_reset(timer->timer);
}

void loop_timer_destroy(struct loop_timer **timer)
{
	if (!*timer)
		return;
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

void loop_random(struct loop *loop, void *out, size_t len)
{
	unsigned char *at = out;

	(void)loop;
	while (len > 0) {
		ssize_t got = getrandom(at, len, 0);

		if (got > 0) {
			at += got;
			len -= (size_t)got;
		}
	}
}
