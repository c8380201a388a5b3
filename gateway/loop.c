#define _POSIX_C_SOURCE 200809L /* clock_gettime */

#include "gateway/loop.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include <sofia-sip/su.h>
#include <sofia-sip/su_wait.h>

#include "gateway/loop_su.h"
#include "gateway/timer_heap.h"

/** Random octets asked from the kernel at once: a call each would cost more
 *  than what it is for. */
#define RANDOM_POOL 512

/** Timers that fire in one turn; then descriptors get theirs. */
#define FIRE_MAX 1000

/** su_root waits in whole milliseconds and turns idly for the rest of the last
 *  one before each of its timers. So ours stand in a heap behind a timerfd;
 *  those without delay share one su_timer, which costs no system call. For the
 *  timers of sofia-sip itself its clock shows whole milliseconds. */
struct loop {
	su_root_t *root;
	void *guest; /* of the SIP side */
	unsigned char pool[RANDOM_POOL];
	size_t pool_left; /* at its end; what was given out is wiped */
	struct timer_heap heap;
	size_t timers;	  /* that exist */
	su_timer_t *wake; /* something is due now */
	bool is_woken;	  /* wake is set, or its work is being done */
	int clock;	  /* timerfd, or -1 */
	int64_t clock_ms; /* what it is set to; 0: it has rung */
	struct loop_watch *clock_watch;
};

struct loop_timer {
	struct timer_node node; /* first: the heap's pointer is ours */
	struct loop *loop;
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

static void on_clock(int fd, unsigned events, void *arg);

/** sofia-sip's: called with the time that su_time is about to tell. */
extern void (*_su_time)(su_time_t *time);

static void cut_to_milliseconds(su_time_t *time)
{
	time->tv_usec -= time->tv_usec % 1000;
}

static bool open_clock(struct loop *loop)
{
	loop->clock =
		timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	/* with a duration: without one su_timer_set aborts */
	loop->wake = su_timer_create(su_root_task(loop->root), 1000);
	return loop->clock >= 0 && loop->wake &&
	       loop_watch_create(loop, loop->clock, LOOP_READ, on_clock, loop,
				 &loop->clock_watch) == ENUM_OK;
}

enum gateway_status loop_create(struct loop **loop_out)
{
	struct loop *loop = calloc(1, sizeof *loop);

	*loop_out = NULL;
	if (!loop)
		return GATEWAY_NO_MEMORY;
	loop->clock = -1;
	su_init();
	_su_time = cut_to_milliseconds;
	loop->root = su_root_create(loop);
	if (!loop->root || !open_clock(loop)) {
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
	loop_watch_destroy(&(*loop)->clock_watch);
	if ((*loop)->clock >= 0)
		(void)close((*loop)->clock);
	timer_heap_clear(&(*loop)->heap);
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

void loop_su_set_guest(struct loop *loop, void *guest)
{
	loop->guest = guest;
}

void *loop_su_guest(const su_root_t *root)
{
	const struct loop *loop = su_root_magic((su_root_t *)(uintptr_t)root);

	return loop ? loop->guest : NULL;
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

int64_t loop_wall_ms(const struct loop *loop)
{
	struct timespec now = read_clock(CLOCK_REALTIME);

	(void)loop;
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

enum enum_status loop_timer_create(struct loop *loop, loop_timer_fn *fired,
				   void *arg, struct loop_timer **timer_out)
{
	struct loop_timer *timer = calloc(1, sizeof *timer);

	*timer_out = NULL;
	if (!timer ||
	    timer_heap_reserve(&loop->heap, loop->timers + 1) != ENUM_OK) {
		free(timer);
		return ENUM_NO_MEMORY;
	}
	loop->timers++;
	timer->loop = loop;
	timer->fired = fired;
	timer->arg = arg;
	*timer_out = timer;
	return ENUM_OK;
}

static void set_clock(struct loop *loop, int64_t due_ms)
{
	const struct itimerspec when = {
		.it_value = { .tv_sec = due_ms / 1000,
			      .tv_nsec = due_ms % 1000 * 1000000 },
	};

	/* an earlier ring finds nothing due and sets the clock anew */
	if (loop->clock_ms && loop->clock_ms <= due_ms)
		return;
	loop->clock_ms = due_ms;
	(void)timerfd_settime(loop->clock, TFD_TIMER_ABSTIME, &when, NULL);
}

static struct timer_node *first_due(struct loop *loop)
{
	struct timer_node *first = timer_heap_first(&loop->heap);

	return first && first->due_ms <= loop_now_ms(loop) ? first : NULL;
}

static void on_wake(su_root_magic_t *magic, su_timer_t *wake,
		    su_timer_arg_t *arg);

static void wake_up(struct loop *loop)
{
	loop->is_woken = true;
	su_timer_set_interval(loop->wake, on_wake, loop, 0);
}

/* Everything that is due; then see who comes next. */
static void fire(struct loop *loop)
{
	struct timer_node *node;
	int left = FIRE_MAX;

	loop->is_woken = true;
	while (left-- > 0 && (node = first_due(loop))) {
		struct loop_timer *timer = (struct loop_timer *)(void *)node;

		timer_heap_remove(&loop->heap, node);
		timer->fired(timer->arg);
	}
	loop->is_woken = false;
	node = timer_heap_first(&loop->heap);
	if (first_due(loop))
		wake_up(loop);
	else if (node)
		set_clock(loop, node->due_ms);
}

static void on_wake(su_root_magic_t *magic, su_timer_t *wake,
		    su_timer_arg_t *arg)
{
	(void)magic;
	(void)wake;
	fire(arg);
}

static void on_clock(int fd, unsigned events, void *arg)
{
	struct loop *loop = arg;
	uint64_t count;

	(void)events;
	if (read(fd, &count, sizeof count) == (ssize_t)sizeof count)
		loop->clock_ms = 0;
	fire(loop);
}

void loop_timer_set(struct loop_timer *timer, int64_t delay_ms)
{
	struct loop *loop = timer->loop;

	if (delay_ms < 0)
		delay_ms = 0;
	timer_heap_set(&loop->heap, &timer->node, loop_now_ms(loop) + delay_ms);
	if (loop->is_woken) /* whoever does the work looks again */
		return;
	if (delay_ms == 0)
		wake_up(loop);
	else if (timer_heap_first(&loop->heap) == &timer->node)
		set_clock(loop, timer->node.due_ms);
}

void loop_timer_clear(struct loop_timer *timer)
{
	timer_heap_remove(&timer->loop->heap, &timer->node);
}

void loop_timer_destroy(struct loop_timer **timer)
{
	if (!*timer)
		return;
	loop_timer_clear(*timer);
	(*timer)->loop->timers--;
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

/* The guest is told what the SIP library registers, not what we do. */
static int register_watch(struct loop *loop, su_wait_t *wait,
			  struct loop_watch *watch)
{
	void *guest = loop->guest;
	int index;

	loop->guest = NULL;
	index = su_root_register(loop->root, wait, on_ready, watch, 0);
	loop->guest = guest;
	return index;
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
	watch->index = register_watch(loop, wait, watch);
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
