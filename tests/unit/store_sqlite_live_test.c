#define _XOPEN_SOURCE 700 /* mkdtemp */

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "tests/unit/store_conformance.h"
#include "tests/unit/store_sqlite_place.h"

static void what_is_answered_is_committed(void **state)
{
	struct place *p = *state;

	(void)world_put(&p->world, 1);
	assert_sql(p, "SELECT count(*) FROM message", "1");
	assert_sql(p, "PRAGMA journal_mode", "wal");
}

static void an_operator_reads_the_queue_with_plain_sql(void **state)
{
	struct place *p = *state;

	(void)world_put_waiting(&p->world, 1, 1700000000500);
	(void)world_count(&p->world);
	assert_sql(p,
		   "SELECT id || ' ' || state || ' ' || via || ' ' || tries "
		   "|| ' ' || due || ' ' || \"from\" || ' ' || body || ' ' || "
		   "reason FROM queue",
		   "message-1 waiting xmpp 1 2023-11-14 22:13:20.500 "
		   "sip:a@example.net hello no answer");
}

static void a_second_gateway_is_told_who_has_the_file(void **state)
{
	struct place *p = *state;
	struct store *second = NULL;
	char why[256] = "", pid[32];

	assert_int_equal(store_open(p->world.loop, &p->world.options, &second,
				    why, sizeof why),
			 STORE_UNAVAILABLE);
	assert_null(second);
	(void)snprintf(pid, sizeof pid, "process %ld)", (long)getpid());
	assert_non_null(strstr(why, pid));
	(void)world_put(&p->world, 1); /* the first one is not disturbed */
}

static void assert_refused(struct place *p, const char *url, const char *word)
{
	struct store_options options = p->world.options;
	struct store *store = NULL;
	char why[256] = "";

	options.url = url;
	assert_int_equal(
		store_open(p->world.loop, &options, &store, why, sizeof why),
		STORE_UNAVAILABLE);
	assert_null(store);
	assert_non_null(strstr(why, word));
}

static void what_cannot_be_opened_is_said(void **state)
{
	struct place *p = *state;

	assert_refused(p, "sqlite:/nowhere/at/all/queue.db", "/nowhere/at");
	assert_refused(p, "sqlite:", "path");
	assert_refused(p, "mysql://x", "neither");
}

static void a_newer_schema_is_refused(void **state)
{
	struct place *p = *state;
	sqlite3 *handle;

	world_close(&p->world);
	handle = open_beside(p);
	do_sql(handle, "PRAGMA user_version = 1000");
	assert_refused(p, p->url, "version 1000");
	do_sql(handle, "PRAGMA user_version = 3");
	assert_int_equal(sqlite3_close(handle), SQLITE_OK);
	world_open(&p->world);
}

static void a_file_that_is_no_database_is_refused(void **state)
{
	struct place *p = *state;
	FILE *file;

	world_close(&p->world);
	file = fopen(p->path, "w");
	assert_non_null(file);
	for (int i = 0; i < 1000; i++)
		(void)fputs("no database ", file);
	assert_int_equal(fclose(file), 0);
	assert_refused(p, p->url, "not a database");
	assert_int_equal(unlink(p->path), 0);
	world_open(&p->world);
}

static void
a_missing_folder_is_made_and_nobody_else_reads_the_file(void **state)
{
	struct place *p = *state;
	struct stat stat_of;
	char folder[80], path[96], url[112];

	world_close(&p->world);
	(void)snprintf(folder, sizeof folder, "%s/new", p->folder);
	(void)snprintf(path, sizeof path, "%s/q.db", folder);
	(void)snprintf(url, sizeof url, "sqlite:%s", path);
	p->world.url = url;
	world_open(&p->world);
	assert_int_equal(stat(folder, &stat_of), 0);
	assert_int_equal(stat_of.st_mode & 027, 0);
	assert_int_equal(stat(path, &stat_of), 0);
	assert_int_equal(stat_of.st_mode & 0777, 0600);
	world_close(&p->world);
	assert_int_equal(unlink(path), 0);
	(void)snprintf(path, sizeof path, "%s/q.db-lock", folder);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(folder), 0);
	p->world.url = p->url;
	world_open(&p->world);
}

/* Put until it is refused by the engine; the last one was. */
static void put_until_refused(struct world *w)
{
	const struct store_item item = { .lane = 7, .via = PROTOCOL_SIP };
	char body[20000] = "";

	for (int i = 0; i < 10000 && w->available; i++) {
		struct message *message = world_message(w);

		assert_int_equal(message_set_body(message, body, sizeof body),
				 0);
		if (world_ask_put(w, message, item) != STORE_OK)
			break;
		world_wait(w, w->answers + 1);
	}
	assert_false(w->available);
	assert_int_equal(w->put.status, STORE_UNAVAILABLE);
}

static void wait_until_available(struct world *w)
{
	for (int i = 0; i < 500 && !w->available; i++)
		world_pass(w, 20);
	assert_true(w->available);
}

/* A file may not grow any more: for SQLite as good as a full disk. */
static void limit_files(rlim_t octets)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = octets;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void
a_full_disk_refuses_and_recovers_and_keeps_what_is_there(void **state)
{
	struct place *p = *state;
	struct world *w = &p->world;
	uint64_t waiting = world_put_waiting(w, 1, world_now(w));
	uint64_t taken = world_put(w, 2), count;

	limit_files(300 * 1024);
	for (int i = 0; i < 100 && w->available; i++) {
		put_until_refused(w);
		world_pass(w, 1000); /* the log may be emptied once more */
	}
	assert_false(w->available);
	count = world_count(w); /* it may be looked at */
	assert_true(count > 2);
	store_finish(w->store, taken); /* and this is kept in mind */
	world_pass(w, 300);
	assert_false(w->available);
	limit_files(RLIM_INFINITY);
	wait_until_available(w);
	assert_int_equal(world_count(w), count - 1);
	assert_int_equal(world_take(w), 1);
	assert_true(w->items[0].seq == waiting);
}

static void somebody_elses_transaction_is_waited_for(void **state)
{
	struct place *p = *state;
	struct world *w = &p->world;
	sqlite3 *handle = open_beside(p);

	do_sql(handle, "BEGIN IMMEDIATE");
	put_until_refused(w);
	do_sql(handle, "ROLLBACK");
	wait_until_available(w);
	(void)world_put(w, 1);
	assert_int_equal(world_count(w), 1);
	assert_int_equal(sqlite3_close(handle), SQLITE_OK);
}

static void what_was_handed_over_together_is_removed_together(void **state)
{
	struct place *p = *state;
	struct world *w = &p->world;
	uint64_t first = world_put(w, 1), last = first;

	for (uint64_t lane = 2; lane < 20; lane++)
		last = world_put(w, lane);
	store_finish(w->store, first - 1); /* nothing is there */
	for (uint64_t seq = first; seq <= last; seq++)
		store_finish(w->store, seq);
	store_finish(w->store, last + 1);
	(void)world_put(w, 1);
	assert_int_equal(world_count(w), 1);
}

/* One of them waits by now, and another of its lane behind it. */
static void one_that_waits_is_removed_among_others(void **state)
{
	struct place *p = *state;
	struct world *w = &p->world;
	const uint64_t seq = world_put(w, 1);

	(void)world_put(w, 2);
	(void)world_put(w, 3);
	store_defer(w->store, seq + 1, INT64_MAX, true, "later");
	(void)world_put(w, 2); /* behind it */
	for (uint64_t i = seq; i < seq + 3; i++)
		store_finish(w->store, i);
	assert_int_equal(world_take(w), 1);
	assert_true(w->items[0].seq == seq + 3);
	assert_int_equal(world_count(w), 1);
}

static void what_nobody_waits_for_is_written_soon(void **state)
{
	struct place *p = *state;
	struct world *w = &p->world;

	store_finish(w->store, world_put(w, 1));
	world_pass(w, 500);
	assert_sql(p, "SELECT count(*) FROM message", "0");
}

static void many_messages_share_a_commit(void **state)
{
	struct place *p = *state;
	struct world *w = &p->world;
	struct store_item item = { .via = PROTOCOL_SIP };
	int64_t began_ms = loop_now_ms(w->loop);

	for (unsigned i = 0; i < 900; i++) {
		item.lane = i;
		assert_int_equal(world_ask_put(w, world_message(w), item), 0);
	}
	world_wait(w, 900);
	assert_in_range(loop_now_ms(w->loop) - began_ms, 0, 2000);
	assert_int_equal(world_count(w), 900);
}

/* The whole life in one go; what fails may fail. The loop and its timer are
 * there before, and fail nothing. */
static struct world *exercised;
static struct loop_timer *exercise_timer;

static void exercise_pass(void)
{
	loop_timer_set(exercise_timer, 5);
	loop_run(exercised->loop);
}

static void exercise(void)
{
	struct world *w = exercised;
	struct store_item item = { .lane = 1, .via = PROTOCOL_SIP };
	struct message message = { .has_key = true };
	char asserted[] = "tel:+1";
	struct store_put *put;
	unsigned got = 0;

	message.asserted = asserted;
	item.message = &message;
	if (world_try_open(w) != STORE_OK)
		return;
	if (store_put(w->store, &item, world_got_put, w, &put) == STORE_OK)
		store_put_cancel(&put);
	got |= store_put(w->store, &item, world_got_put, w, &put);
	exercise_pass();
	store_defer(w->store, w->put.seq, 0, true, "later");
	got |= store_take(w->store, 3, 5, world_got_take, w);
	got |= store_list(w->store, NULL, 0, 5, world_got_list, w);
	got |= store_count(w->store, world_got_counts, w);
	got |= store_change(w->store, "x", STORE_HOLD, world_got_list, w);
	store_note(w->store, "a", "b", span_of("c"), INT64_MAX);
	got |= store_look(w->store, "a", "b", world_got_look, w);
	exercise_pass();
	store_forget(w->store, w->put.seq);
	store_close(&w->store, 100);
	message_destroy(&w->message);
	assert_in_range(got, 0, 7); /* any status will do */
}

static void failing_allocations_lose_no_memory(void **state)
{
	struct place *p = *state;

	world_close(&p->world);
	exercised = &p->world;
	assert_int_equal(loop_timer_create(p->world.loop, live_stop,
					   p->world.loop, &exercise_timer),
			 ENUM_OK);
	assert_in_range(unit_fail_allocations(exercise), 20, 1000);
	loop_timer_destroy(&exercise_timer);
	world_open(&p->world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_CONFORMANCE,
		CASE(what_is_answered_is_committed),
		CASE(an_operator_reads_the_queue_with_plain_sql),
		CASE(a_second_gateway_is_told_who_has_the_file),
		CASE(what_cannot_be_opened_is_said),
		CASE(a_newer_schema_is_refused),
		CASE(a_file_that_is_no_database_is_refused),
		CASE(a_missing_folder_is_made_and_nobody_else_reads_the_file),
		CASE(a_full_disk_refuses_and_recovers_and_keeps_what_is_there),
		CASE(somebody_elses_transaction_is_waited_for),
		CASE(what_was_handed_over_together_is_removed_together),
		CASE(one_that_waits_is_removed_among_others),
		CASE(what_nobody_waits_for_is_written_soon),
		CASE(many_messages_share_a_commit),
		CASE(failing_allocations_lose_no_memory),
	};

	(void)signal(SIGXFSZ, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
