/* One line a minute about what waits, for the log and for systemd. */

#include "gateway/queue_private.h"

#include <stdlib.h>

#include <systemd/sd-daemon.h>

#include "gateway/log.h"

/** How often the store is asked: what only passes through asks for nothing. */
#define IDLE_MS	   60000
#define WAITING_MS 10000
#define HINT_MS	   1000

/** Between two lines that say the same. */
#define LINE_MS 60000

/** Younger ones that are taken are just passing through. */
#define PASSING_S 5

struct queue_state {
	struct queue *queue;
	struct loop_timer *timer;
	bool asked, hinted;
	bool empty;	 /* as the log has it */
	int64_t line_ms; /* when it said so, loop clock */
};

static int64_t oldest_s(const struct queue *queue,
			const struct store_counts *counts)
{
	int64_t age = loop_wall_ms(queue->options.loop) - counts->oldest_put_ms;

	return counts->oldest_put_ms && age > 0 ? age / 1000 : 0;
}

static bool is_empty(const struct store_counts *counts, int64_t oldest)
{
	return counts->in_state[STORE_WAITING] == 0 &&
	       counts->in_state[STORE_HELD] == 0 &&
	       (counts->in_state[STORE_TAKEN] == 0 || oldest < PASSING_S);
}

static void say(const struct store_counts *counts, int64_t oldest)
{
	unsigned long long waiting = counts->in_state[STORE_WAITING];
	unsigned long long held = counts->in_state[STORE_HELD];

	log_event(LOG_LEVEL_INFO, "queue-state", FIELD_INT("waiting", waiting),
		  FIELD_INT("taken", counts->in_state[STORE_TAKEN]),
		  FIELD_INT("held", held), FIELD_INT("oldest_s", oldest));
	(void)sd_notifyf(0, "STATUS=%llu waiting, %llu held, oldest %llds",
			 waiting, held, (long long)oldest);
}

/* The disk is everybody's: what waits may not fill it. */
static void note_full(struct queue *queue)
{
	bool full = queue->waiting >= queue->options.waiting_max;

	if (full != queue->full)
		log_event(full ? LOG_LEVEL_ERROR : LOG_LEVEL_INFO, "queue-full",
			  FIELD_TEXT("state", full ? "full" : "has room"),
			  FIELD_INT("waiting", queue->waiting));
	queue->full = full;
}

static uint64_t added(uint64_t count, int64_t more)
{
	return more < 0 && (uint64_t)-more > count ? 0 : count + (uint64_t)more;
}

void queue_state_add(struct queue *queue, int64_t more, uint64_t serial)
{
	if (serial > queue->counted)
		queue->waiting_since += more;
	queue->waiting = added(queue->waiting, more);
	note_full(queue);
}

/* What was asked of the store after it was asked to count it has not seen yet,
 * what was asked before it has; other nodes change it too. */
static void count_anew(struct queue *queue, const struct store_counts *counts)
{
	queue->waiting = added(counts->in_state[STORE_WAITING] +
				       counts->in_state[STORE_HELD],
			       queue->waiting_since);
	note_full(queue);
}

static void got_counts(enum store_status status,
		       const struct store_counts *counts, void *arg)
{
	struct queue_state *state = arg;
	struct loop *loop = state->queue->options.loop;
	int64_t now = loop_now_ms(loop), oldest;
	bool empty;

	state->asked = false;
	loop_timer_set(state->timer, WAITING_MS);
	if (status != STORE_OK)
		return;
	count_anew(state->queue, counts);
	oldest = oldest_s(state->queue, counts);
	empty = is_empty(counts, oldest);
	if (empty != state->empty ||
	    (!empty && now - state->line_ms >= LINE_MS)) {
		say(counts, oldest);
		state->line_ms = now;
	}
	state->empty = empty;
	if (empty)
		loop_timer_set(state->timer, state->hinted ? HINT_MS : IDLE_MS);
	state->hinted = false;
}

static void ask_counts(void *arg)
{
	struct queue_state *state = arg;

	if (state->asked)
		return;
	state->queue->waiting_since = 0;
	state->queue->counted = ++state->queue->serial;
	state->asked =
		store_count(state->queue->store, got_counts, state) == STORE_OK;
	if (!state->asked)
		loop_timer_set(state->timer, WAITING_MS);
}

struct queue_state *queue_state_create(struct queue *queue)
{
	struct queue_state *state = calloc(1, sizeof *state);

	if (!state)
		return NULL;
	state->queue = queue;
	state->empty = true;
	if (loop_timer_create(queue->options.loop, ask_counts, state,
			      &state->timer) == ENUM_OK) {
		loop_timer_set(state->timer, HINT_MS);
		return state;
	}
	free(state);
	return NULL;
}

void queue_state_destroy(struct queue_state **state)
{
	if (!*state)
		return;
	loop_timer_destroy(&(*state)->timer);
	free(*state);
	*state = NULL;
}

void queue_state_hint(struct queue_state *state)
{
	if (!state->empty || state->hinted)
		return;
	state->hinted = true;
	if (!state->asked)
		loop_timer_set(state->timer, HINT_MS);
}
