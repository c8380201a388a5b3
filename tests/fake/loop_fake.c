#include "tests/fake/loop_fake.h"

#include <stdlib.h>

#include "tests/fake/fake.h"

struct loop_timer {
	struct loop_timer *next;
	struct loop *loop;
	loop_timer_fn *fired;
	void *arg;
	bool set;
	int64_t due_ms;
	uint64_t sequence; /* of the settings: the order of equals */
};

struct loop_watch {
	struct loop_watch *next;
	struct loop *loop;
	int fd;
	unsigned events;
	loop_watch_fn *ready;
	void *arg;
};

struct loop {
	int64_t now_ms;
	struct loop_timer *timers;
	struct loop_watch *watches;
	uint64_t sequence;
	uint64_t random;
};

struct loop *loop_fake_create(void)
{
	struct loop *loop = fake_alloc(sizeof *loop);

	loop->now_ms = LOOP_FAKE_NOW_MS;
	loop->random = 0x9e3779b97f4a7c15u;
	return loop;
}

void loop_fake_destroy(struct loop **loop)
{
	if (!*loop)
		return;
	if ((*loop)->timers)
		fake_abort("a timer was not destroyed");
	if ((*loop)->watches)
		fake_abort("the watch of descriptor %d was not destroyed",
			   (*loop)->watches->fd);
	free(*loop);
	*loop = NULL;
}

int64_t loop_now_ms(const struct loop *loop)
{
	return loop->now_ms;
}

int64_t loop_wall_s(const struct loop *loop)
{
	return loop_wall_ms(loop) / 1000;
}

int64_t loop_wall_ms(const struct loop *loop)
{
	return LOOP_FAKE_WALL_S * 1000 + loop->now_ms - LOOP_FAKE_NOW_MS;
}

enum enum_status loop_timer_create(struct loop *loop, loop_timer_fn *fired,
				   void *arg, struct loop_timer **timer_out)
{
	struct loop_timer *timer = malloc(sizeof *timer);

	if (!timer)
		return ENUM_NO_MEMORY;
	*timer = (struct loop_timer){
		.next = loop->timers, .loop = loop, .fired = fired, .arg = arg
	};
	loop->timers = timer;
	*timer_out = timer;
	return ENUM_OK;
}

void loop_timer_set(struct loop_timer *timer, int64_t delay_ms)
{
	if (delay_ms < 0)
		fake_abort("a timer was set into the past: %lld ms",
			   (long long)delay_ms);
	timer->set = true;
	timer->due_ms = timer->loop->now_ms + delay_ms;
	timer->sequence = ++timer->loop->sequence;
}

void loop_timer_clear(struct loop_timer *timer)
{
	timer->set = false;
}

void loop_timer_destroy(struct loop_timer **timer)
{
	struct loop_timer **link;

	if (!*timer)
		return;
	link = &(*timer)->loop->timers;
	while (*link != *timer)
		link = &(*link)->next;
	*link = (*timer)->next;
	free(*timer);
	*timer = NULL;
}

static bool earlier(const struct loop_timer *a, const struct loop_timer *b)
{
	if (a->due_ms != b->due_ms)
		return a->due_ms < b->due_ms;
	return a->sequence < b->sequence;
}

/* The next to fire of those set up to the setting number `last`. */
static struct loop_timer *first_timer(const struct loop *loop, uint64_t last)
{
	struct loop_timer *first = NULL;

	for (struct loop_timer *t = loop->timers; t; t = t->next)
		if (t->set && t->sequence <= last &&
		    (!first || earlier(t, first)))
			first = t;
	return first;
}

/* Fire the next timer that is due by `until_ms`; the clock follows. */
static bool fire_one(struct loop *loop, int64_t until_ms, uint64_t last)
{
	struct loop_timer *timer = first_timer(loop, last);

	if (!timer || timer->due_ms > until_ms)
		return false;
	if (timer->due_ms > loop->now_ms)
		loop->now_ms = timer->due_ms;
	timer->set = false;
	timer->fired(timer->arg);
	return true;
}

void loop_fake_advance(struct loop *loop, int64_t ms)
{
	int64_t until_ms = loop->now_ms + ms;
	int fires = 0;

	while (fire_one(loop, until_ms, UINT64_MAX))
		if (++fires > LOOP_FAKE_FIRES_MAX)
			fake_abort("the timers never come to rest");
	loop->now_ms = until_ms;
}

bool loop_fake_turn(struct loop *loop)
{
	uint64_t last = loop->sequence;
	bool any = false;

	while (fire_one(loop, loop->now_ms, last))
		any = true;
	return any;
}

int64_t loop_fake_next_ms(const struct loop *loop)
{
	const struct loop_timer *first = first_timer(loop, UINT64_MAX);

	if (!first)
		return -1;
	return first->due_ms > loop->now_ms ? first->due_ms - loop->now_ms : 0;
}

enum enum_status loop_watch_create(struct loop *loop, int fd, unsigned events,
				   loop_watch_fn *ready, void *arg,
				   struct loop_watch **watch_out)
{
	struct loop_watch *watch = malloc(sizeof *watch);

	if (!watch)
		return ENUM_NO_MEMORY;
	*watch = (struct loop_watch){ .next = loop->watches,
				      .loop = loop,
				      .fd = fd,
				      .events = events,
				      .ready = ready,
				      .arg = arg };
	loop->watches = watch;
	*watch_out = watch;
	return ENUM_OK;
}

void loop_watch_set(struct loop_watch *watch, unsigned events)
{
	watch->events = events;
}

void loop_watch_destroy(struct loop_watch **watch)
{
	struct loop_watch **link;

	if (!*watch)
		return;
	link = &(*watch)->loop->watches;
	while (*link != *watch)
		link = &(*link)->next;
	*link = (*watch)->next;
	free(*watch);
	*watch = NULL;
}

bool loop_fake_ready(struct loop *loop, int fd, unsigned events)
{
	for (struct loop_watch *w = loop->watches; w; w = w->next) {
		if (w->fd != fd || !(w->events & events))
			continue;
		w->ready(fd, w->events & events, w->arg);
		return true;
	}
	return false;
}

unsigned loop_fake_watched(const struct loop *loop, int fd)
{
	unsigned events = 0;

	for (const struct loop_watch *w = loop->watches; w; w = w->next)
		if (w->fd == fd)
			events |= w->events;
	return events;
}

void loop_random(struct loop *loop, void *out, size_t len)
{
	unsigned char *octets = out;

	for (size_t i = 0; i < len; i++) {
		/* xorshift64: any fixed sequence would do */
		loop->random ^= loop->random << 13;
		loop->random ^= loop->random >> 7;
		loop->random ^= loop->random << 17;
		octets[i] = (unsigned char)(loop->random >> 32);
	}
}
