#define _XOPEN_SOURCE 700 /* mkdtemp */

#include "tests/unit/store_sqlite_place.h"

static void a_key_that_has_expired_leaves_the_table(void **state)
{
	struct place *p = *state;
	struct world *w = &p->world;

	world_close(w);
	w->options.seen_ms = 1;
	world_open(w);
	for (unsigned i = 1; i < 200; i++)
		assert_int_equal(world_put_key(w, (unsigned char)i), STORE_OK);
	assert_sql(p, "SELECT count(*) < 100 FROM seen", "1");
}

/* As the second version had it: a row for each key. */
static const char seen_2[] =
	"CREATE TABLE seen_2 (n INTEGER PRIMARY KEY,"
	" until INTEGER NOT NULL, key BLOB NOT NULL);"
	"INSERT INTO seen_2 (until, key) SELECT until, keys FROM seen;"
	"DROP TABLE seen;"
	"ALTER TABLE seen_2 RENAME TO seen;"
	"PRAGMA user_version = 2";

/* And the first. */
static const char seen_1[] =
	"CREATE TABLE seen_1 (key BLOB PRIMARY KEY, until INTEGER NOT NULL)"
	" WITHOUT ROWID;"
	"INSERT INTO seen_1 SELECT keys, until FROM seen;"
	"DROP TABLE seen;"
	"ALTER TABLE seen_1 RENAME TO seen;"
	"PRAGMA user_version = 1";

/* Keys 1 to 9 are known; the tables become older ones. */
static void put_keys_into(struct place *p, const char *older)
{
	struct world *w = &p->world;
	sqlite3 *handle;

	for (unsigned char i = 1; i < 10; i++) {
		assert_int_equal(world_put_key(w, i), STORE_OK);
		store_finish(w->store, w->put.seq);
	}
	world_close(w);
	handle = open_beside(p);
	do_sql(handle, older);
	assert_int_equal(sqlite3_close(handle), SQLITE_OK);
	world_open(w);
}

static void assert_keys_are_known(struct place *p)
{
	struct world *w = &p->world;

	for (unsigned char i = 1; i < 10; i++)
		assert_int_equal(world_put_key(w, i), STORE_DUPLICATE);
	assert_int_equal(world_put_key(w, 10), STORE_OK);
	assert_sql(p, "PRAGMA user_version", "4");
	assert_sql(p, "SELECT sum(length(keys)) / 16 FROM seen", "10");
}

static void keys_of_the_first_schema_are_known(void **state)
{
	put_keys_into(*state, seen_1);
	assert_keys_are_known(*state);
}

static void keys_of_the_second_schema_are_known(void **state)
{
	put_keys_into(*state, seen_2);
	assert_keys_are_known(*state);
}

/* Ask for puts with the keys from..to at once. */
static void put_keys(struct world *w, unsigned char from, unsigned char to)
{
	const struct store_item item = { .lane = 7, .via = PROTOCOL_SIP };
	const unsigned before = w->answers;

	for (unsigned i = from; i <= to; i++) {
		struct message *message = world_message(w);

		world_key(message, (unsigned char)i);
		assert_int_equal(world_ask_put(w, message, item), STORE_OK);
	}
	world_wait(w, before + to - from + 1);
}

static void keys_of_a_commit_share_a_row(void **state)
{
	struct place *p = *state;
	struct world *w = &p->world;

	put_keys(w, 1, 100);
	assert_sql(p, "SELECT count(*) < 10 FROM seen", "1");
	assert_sql(p, "SELECT sum(length(keys)) / 16 FROM seen", "100");
	world_restart(w);
	for (unsigned char i = 1; i <= 100; i++)
		assert_int_equal(world_put_key(w, i), STORE_DUPLICATE);
}

/* A message that waits until then, and its key as long. */
static void ask_put_until(struct world *w, unsigned char key, int64_t until_ms)
{
	struct message *message = world_message(w);
	const struct store_item item = { .message = message,
					 .lane = 1,
					 .via = PROTOCOL_SIP,
					 .due_ms = until_ms,
					 .expires_ms = until_ms };

	world_key(message, key);
	assert_int_equal(
		store_put(w->store, &item, world_got_put, w, &w->handle),
		STORE_OK);
	message_destroy(&message);
}

static void keys_that_end_at_other_times_have_other_rows(void **state)
{
	struct place *p = *state;
	struct world *w = &p->world;
	const int64_t now_ms = world_now(w);

	(void)world_put_waiting(w, 1, now_ms + 60000);
	ask_put_until(w, 1, now_ms + 1000000);
	ask_put_until(w, 2, now_ms + 2000000);
	ask_put_until(w, 3, now_ms + 2010000);
	world_wait(w, w->answers + 3);
	assert_true(w->put.behind);
	assert_sql(p, "SELECT group_concat(length(keys) / 16) FROM seen",
		   "1,2");
	world_restart(w);
	for (unsigned char i = 1; i <= 3; i++)
		assert_int_equal(world_put_key(w, i), STORE_DUPLICATE);
}

static void a_key_that_was_forgotten_is_so_after_a_restart(void **state)
{
	struct place *p = *state;
	struct world *w = &p->world;

	put_keys(w, 1, 9);
	store_forget(w->store, w->put.seq); /* the last one's */
	world_restart(w);
	assert_int_equal(world_put_key(w, 8), STORE_DUPLICATE);
	assert_int_equal(world_put_key(w, 9), STORE_OK);
	world_restart(w);
	assert_int_equal(world_put_key(w, 9), STORE_DUPLICATE);
}

/* All in one commit: what came last counts. */
static void a_key_that_is_forgotten_and_comes_again_is_known(void **state)
{
	struct place *p = *state;
	struct world *w = &p->world;
	const struct store_item item = { .lane = 7, .via = PROTOCOL_SIP };
	struct message *message = world_message(w);

	put_keys(w, 1, 1);
	world_key(message, 1);
	store_forget(w->store, w->put.seq);
	assert_int_equal(world_ask_put(w, message, item), STORE_OK);
	world_wait(w, w->answers + 1);
	assert_int_equal(w->put.status, STORE_OK);
	world_restart(w);
	assert_int_equal(world_put_key(w, 1), STORE_DUPLICATE);
}

static void a_key_whose_message_was_refused_is_not_known(void **state)
{
	struct place *p = *state;
	struct world *w = &p->world;
	sqlite3 *handle = open_beside(p);

	do_sql(handle, "CREATE TRIGGER no BEFORE INSERT ON message BEGIN"
		       " SELECT raise(ABORT, 'no'); END");
	assert_int_equal(world_put_key(w, 1), STORE_UNAVAILABLE);
	do_sql(handle, "DROP TRIGGER no");
	assert_int_equal(sqlite3_close(handle), SQLITE_OK);
	assert_int_equal(world_put_key(w, 1), STORE_OK);
	assert_int_equal(world_put_key(w, 1), STORE_DUPLICATE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_key_that_has_expired_leaves_the_table, setup,
			teardown),
		cmocka_unit_test_setup_teardown(
			keys_of_the_first_schema_are_known, setup, teardown),
		cmocka_unit_test_setup_teardown(
			keys_of_the_second_schema_are_known, setup, teardown),
		cmocka_unit_test_setup_teardown(keys_of_a_commit_share_a_row,
						setup, teardown),
		cmocka_unit_test_setup_teardown(
			keys_that_end_at_other_times_have_other_rows, setup,
			teardown),
		cmocka_unit_test_setup_teardown(
			a_key_that_was_forgotten_is_so_after_a_restart, setup,
			teardown),
		cmocka_unit_test_setup_teardown(
			a_key_that_is_forgotten_and_comes_again_is_known, setup,
			teardown),
		cmocka_unit_test_setup_teardown(
			a_key_whose_message_was_refused_is_not_known, setup,
			teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
