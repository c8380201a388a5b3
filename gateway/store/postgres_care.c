#include "gateway/store/postgres_private.h"
#include "gateway/store/postgres_sql.h"

/** How often a node looks whether something is due that nobody told of. */
#define POLL_MS 5000

/** The same where there is no LISTEN. */
#define POLL_DEAF_MS 1000

/** How often a name is asked for that another node owns. */
#define OWN_MS 1000

/** How often old rows are looked for, and most removed at once. */
#define PURGE_MS  5000
#define PURGE_MAX 1000

static void end_care(const PGresult *result, void *arg)
{
	struct postgres *pg = arg;

	(void)result;
	if (--pg->cares > 0)
		return;
	pg->is_busy = false;
	pg->has_cared = true;
	postgres_go_on(pg);
}

/* A statement with a transaction of its own. */
static void care(struct postgres *pg, enum postgres_statement statement,
		 const struct postgres_values *values, postgres_got_fn *got)
{
	pg->is_busy = true;
	pg->cares++;
	postgres_pipe_call(pg->pipe, postgres_sql_name(statement), NULL, values,
			   got, pg);
	postgres_pipe_sync(pg->pipe, end_care, pg);
}

static void care_number(struct postgres *pg, enum postgres_statement statement,
			int64_t number, postgres_got_fn *got)
{
	struct postgres_values values;

	postgres_values_init(&values);
	postgres_add_number(&values, number);
	care(pg, statement, &values, got);
}

/* No row: as in postgres_round.c. */
static void got_beat(const PGresult *result, void *arg)
{
	struct postgres *pg = arg;
	struct postgres_failure failure = { .is_set = false };

	postgres_note_failure(&failure, result);
	if (!failure.is_set)
		pg->is_lapsed = postgres_changed(result) == 0;
	else if (!postgres_may_pass(&failure))
		postgres_pipe_fail(pg->pipe, failure.reason);
}

static void got_reap(const PGresult *result, void *arg)
{
	struct postgres *pg = arg;

	if (!postgres_is_ok(result) || postgres_changed(result) == 0)
		return;
	pg->wants_wake = true;
	store_say_work(pg->front);
}

static void got_purge(const PGresult *result, void *arg)
{
	struct postgres *pg = arg;

	if (postgres_is_ok(result) && postgres_changed(result) == PURGE_MAX)
		pg->purge_ms = loop_now_ms(pg->loop); /* there is more */
}

/* Where there are no advisory locks nobody ever owns a name. */
static void got_own(const PGresult *result, void *arg)
{
	struct postgres *pg = arg;

	if (!postgres_is_ok(result) || !postgres_bool(result, 0, 0))
		return;
	pg->is_owner = true;
	store_say_owner(pg->front, true);
}

static void beat(struct postgres *pg, int64_t now_ms)
{
	const struct store_options *options = pg->options;
	struct postgres_values values;

	pg->beat_ms = now_ms + options->lease_ms / 3;
	postgres_values_init(&values);
	postgres_add_text(&values, options->node);
	postgres_add_number(&values, pg->life);
	postgres_add_number(&values, options->lease_ms);
	care(pg, POSTGRES_BEAT, &values, got_beat);
	/* after an outage of the database everybody seems dead at first */
	if (now_ms - pg->ready_ms >= options->lease_ms)
		care_number(pg, POSTGRES_REAP, pg->life, got_reap);
}

static void purge(struct postgres *pg, int64_t now_ms)
{
	pg->purge_ms = now_ms + PURGE_MS;
	care_number(pg, POSTGRES_PURGE_SEEN, PURGE_MAX, got_purge);
	care_number(pg, POSTGRES_PURGE_NOTES, PURGE_MAX, got_purge);
}

/* What changed is told to the others with the next round; without one, now. */
static void wake(struct postgres *pg)
{
	pg->wants_wake = false;
	if (pg->is_listening)
		care(pg, POSTGRES_WAKE, NULL, NULL);
}

bool postgres_care_is_pressing(const struct postgres *pg)
{
	return loop_now_ms(pg->loop) >= pg->beat_ms;
}

bool postgres_care_turn(struct postgres *pg)
{
	int64_t now_ms = loop_now_ms(pg->loop);

	if (now_ms >= pg->beat_ms)
		beat(pg, now_ms);
	if (now_ms >= pg->purge_ms)
		purge(pg, now_ms);
	if (pg->wants_name && !pg->is_owner && now_ms >= pg->own_ms) {
		pg->own_ms = now_ms + OWN_MS;
		care_number(pg, POSTGRES_OWN, pg->name_lock, got_own);
	}
	if (pg->wants_wake && !pg->waiting.first)
		wake(pg);
	return pg->is_busy;
}

static int64_t min_of(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static void set_tick(struct postgres *pg, int64_t now_ms)
{
	int64_t next_ms =
		min_of(min_of(pg->beat_ms, pg->purge_ms), pg->poll_ms);

	if (pg->wants_name && !pg->is_owner)
		next_ms = min_of(next_ms, pg->own_ms);
	/* a busy connection comes round by itself */
	loop_timer_set(pg->tick, next_ms > now_ms ? next_ms - now_ms : 100);
}

void postgres_care_start(struct postgres *pg)
{
	int64_t now_ms = loop_now_ms(pg->loop);

	pg->ready_ms = now_ms;
	pg->beat_ms = now_ms + pg->options->lease_ms / 3;
	pg->purge_ms = now_ms + PURGE_MS;
	pg->own_ms = now_ms;
	pg->poll_ms = now_ms + POLL_MS;
	loop_timer_set(pg->tick, 0);
}

void postgres_care_tick(struct postgres *pg)
{
	int64_t now_ms = loop_now_ms(pg->loop);

	if (pg->state != POSTGRES_READY)
		return;
	if (now_ms >= pg->poll_ms) {
		pg->poll_ms =
			now_ms + (pg->is_listening ? POLL_MS : POLL_DEAF_MS);
		store_say_work(pg->front);
	}
	postgres_go_on(pg);
	set_tick(pg, now_ms);
}

void postgres_care_leave(struct postgres *pg)
{
	care_number(pg, POSTGRES_RETURN_ALL, pg->life, NULL);
	care_number(pg, POSTGRES_LEAVE, pg->life, NULL);
	if (pg->is_listening)
		care(pg, POSTGRES_WAKE, NULL, NULL);
}
