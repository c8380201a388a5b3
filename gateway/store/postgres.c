#include "gateway/store/postgres_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/message_key.h"

/** store_open waits so long for the server, then it goes on without. */
#define OPEN_MS 5000

/** A transaction waits so long for more jobs, or for so many. */
#define COLLECT_MS  2
#define COLLECT_MAX 64

/** Between two tries to connect; doubled each time, half of it by chance. */
#define RETRY_MS     250
#define RETRY_MAX_MS 10000

/** At the end, what it takes to leave. */
#define LEAVE_MS 1000

void postgres_note_failure(struct postgres_failure *failure,
			   const PGresult *result)
{
	const char *code, *reason;

	if (failure->is_set || postgres_is_ok(result))
		return;
	failure->is_set = true;
	code = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	reason = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	(void)snprintf(failure->code, sizeof failure->code, "%s",
		       code ? code : "00000");
	(void)snprintf(failure->reason, sizeof failure->reason, "%s",
		       reason ? reason : "the database refused a statement");
}

bool postgres_may_pass(const struct postgres_failure *failure)
{
	static const char *const classes[] = { "40", "55", "57" };

	for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++)
		if (memcmp(failure->code, classes[i], 2) == 0)
			return true;
	return false;
}

/* Away and back */

static void connect_now(void *arg)
{
	struct postgres *pg = arg;

	pg->state = POSTGRES_SET_UP;
	pg->is_refused = false;
	loop_timer_clear(pg->retry);
	postgres_pipe_connect(pg->pipe);
}

static int64_t retry_delay(struct postgres *pg)
{
	int64_t most_ms = RETRY_MS;
	uint32_t chance;

	for (unsigned i = 0; i < pg->attempts && most_ms < RETRY_MAX_MS; i++)
		most_ms *= 2;
	if (most_ms > RETRY_MAX_MS)
		most_ms = RETRY_MAX_MS;
	loop_random(pg->loop, &chance, sizeof chance);
	return most_ms / 2 + chance % (most_ms / 2);
}

static void on_up(void *arg)
{
	postgres_setup_start(arg);
}

/* Who asked hears at once that it cannot be; what settles is kept. */
static void say_away(struct postgres *pg)
{
	store_say_available(pg->front, false, pg->reason);
	postgres_round_break(pg, pg->reason);
}

static void on_down(const char *reason, void *arg)
{
	struct postgres *pg = arg;

	pg->state = POSTGRES_AWAY;
	pg->is_busy = false;
	pg->cares = 0;
	pg->is_short_of_memory = false;
	pg->is_lapsed = false;
	(void)snprintf(pg->reason, sizeof pg->reason, "%s", reason);
	loop_timer_clear(pg->tick);
	loop_timer_set(pg->retry, retry_delay(pg));
	pg->attempts++;
	if (pg->is_owner)
		store_say_owner(pg->front, false);
	pg->is_owner = false;
	if (pg->is_open)
		say_away(pg);
}

static void on_notified(void *arg)
{
	struct postgres *pg = arg;

	store_say_work(pg->front);
}

void postgres_refuse(struct postgres *pg, const char *reason)
{
	pg->is_refused = true;
	postgres_pipe_fail(pg->pipe, reason);
}

void postgres_ready(struct postgres *pg)
{
	pg->state = POSTGRES_READY;
	pg->is_busy = false;
	pg->attempts = 0;
	pg->wants_wake = true; /* what we gave back */
	postgres_care_start(pg);
	if (pg->is_open) {
		store_say_available(pg->front, true, "the database is there");
		store_say_work(pg->front);
	}
	loop_timer_set(pg->begin, 0);
}

static void start_next(struct postgres *pg)
{
	bool is_round = pg->has_cared && pg->waiting.first;

	if (pg->state != POSTGRES_READY || pg->is_busy)
		return;
	if (pg->is_lapsed)
		postgres_setup_again(pg);
	else if (is_round || (!postgres_care_turn(pg) && pg->waiting.first))
		postgres_round_start(pg);
}

/* A round costs much, a job in it little: more of them are waited for. */
static bool is_worth_it(const struct postgres *pg)
{
	return pg->waiting.count == 0 || pg->waiting.count >= COLLECT_MAX ||
	       pg->cut > 0;
}

void postgres_go_on(struct postgres *pg)
{
	if (is_worth_it(pg) || postgres_care_is_pressing(pg))
		start_next(pg);
	else
		loop_timer_set(pg->begin, COLLECT_MS);
}

/* The front has something for us, or has to hear something from us. */
static void on_begin(void *arg)
{
	struct postgres *pg = arg;

	if (pg->state == POSTGRES_READY) {
		start_next(pg);
		return;
	}
	say_away(pg);
}

static void on_tick(void *arg)
{
	postgres_care_tick(arg);
}

/* Open and close */

static void destroy(struct postgres *pg)
{
	postgres_pipe_destroy(&pg->pipe);
	loop_timer_destroy(&pg->retry);
	loop_timer_destroy(&pg->begin);
	loop_timer_destroy(&pg->tick);
	free(pg);
}

static struct postgres *create(struct loop *loop, struct store *front,
			       const struct store_options *options)
{
	struct postgres *pg = calloc(1, sizeof *pg);
	const struct postgres_pipe_events events = { on_up, on_down,
						     on_notified, pg };

	if (!pg)
		return NULL;
	pg->loop = loop;
	pg->front = front;
	pg->options = options;
	pg->unknown_from = -1;
	postgres_jobs_init(&pg->waiting);
	postgres_jobs_init(&pg->round);
	loop_random(loop, &pg->life, sizeof pg->life);
	pg->life = (pg->life & INT64_MAX) | 1; /* 0 is nobody's */
	(void)snprintf(pg->reason, sizeof pg->reason,
		       "not connected to the database yet");
	(void)snprintf(pg->name, sizeof pg->name, "imgw %s", options->node);
	if (!postgres_pipe_create(loop, options->url, pg->name, &events,
				  &pg->pipe) ||
	    loop_timer_create(loop, connect_now, pg, &pg->retry) ||
	    loop_timer_create(loop, on_begin, pg, &pg->begin) ||
	    loop_timer_create(loop, on_tick, pg, &pg->tick)) {
		destroy(pg);
		return NULL;
	}
	return pg;
}

static bool is_url(const char *url, char *why, size_t why_size)
{
	char *error = NULL;
	PQconninfoOption *parts = PQconninfoParse(url, &error);

	if (!parts) /* its texts end with a line break */
		(void)snprintf(why, why_size, "%.*s",
			       error ? (int)strcspn(error, "\n") : 13,
			       error ? error : "out of memory");
	PQfreemem(error);
	PQconninfoFree(parts);
	return parts != NULL;
}

static bool is_decided(void *arg)
{
	const struct postgres *pg = arg;

	return pg->state != POSTGRES_SET_UP;
}

static enum store_status postgres_open(struct loop *loop, struct store *front,
				       const struct store_options *options,
				       void **engine_out, char *why,
				       size_t why_size)
{
	struct postgres *pg;

	if (!is_url(options->url, why, why_size))
		return STORE_UNAVAILABLE;
	pg = create(loop, front, options);
	if (!pg)
		return STORE_NO_MEMORY;
	connect_now(pg);
	(void)postgres_pipe_drive(pg->pipe, OPEN_MS, is_decided, pg);
	if (pg->is_refused) {
		(void)snprintf(why, why_size, "%s", pg->reason);
		destroy(pg);
		return STORE_UNAVAILABLE;
	}
	pg->is_open = true;
	loop_timer_set(pg->begin, 0);
	*engine_out = pg;
	return STORE_OK;
}

static void postgres_submit(void *engine, struct store_job *job)
{
	struct postgres *pg = engine;

	postgres_jobs_add(&pg->waiting, job);
	if (pg->is_busy)
		return; /* the end of it looks */
	if (pg->waiting.count == 1)
		loop_timer_set(pg->begin, COLLECT_MS);
	else if (pg->waiting.count == COLLECT_MAX)
		loop_timer_set(pg->begin, 0);
}

static void postgres_own(void *engine, const char *name)
{
	struct postgres *pg = engine;
	const char *const parts[] = { "imgw owns", name };
	unsigned char key[MESSAGE_KEY_SIZE] = { 0 };

	/* without memory all names share one lock */
	(void)!message_key(parts, 2, key);
	memcpy(&pg->name_lock, key, sizeof pg->name_lock);
	pg->wants_name = true;
	pg->own_ms = 0;
	loop_timer_set(pg->tick, 0);
}

static bool has_settled(void *arg)
{
	struct postgres *pg = arg;

	start_next(pg);
	return pg->state == POSTGRES_READY && !pg->is_busy &&
	       !pg->waiting.first;
}

static bool has_left(void *arg)
{
	const struct postgres *pg = arg;

	return pg->cares == 0;
}

static void return_jobs(struct postgres *pg, struct postgres_jobs *jobs)
{
	struct store_job *job;

	while ((job = postgres_jobs_take(jobs)))
		store_job_return(pg->front, job);
}

static void postgres_close(void *engine, int64_t patience_ms)
{
	struct postgres *pg = engine;

	if (pg->state == POSTGRES_AWAY)
		connect_now(pg);
	if (postgres_pipe_drive(pg->pipe, patience_ms, has_settled, pg)) {
		postgres_care_leave(pg);
		(void)postgres_pipe_drive(pg->pipe, LEAVE_MS, has_left, pg);
	}
	return_jobs(pg, &pg->round);
	return_jobs(pg, &pg->waiting);
	destroy(pg);
}

const struct store_engine postgres_engine = {
	.is_url = is_url,
	.open = postgres_open,
	.submit = postgres_submit,
	.own = postgres_own,
	.close = postgres_close,
};
