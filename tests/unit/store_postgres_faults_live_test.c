#define _GNU_SOURCE /* postgres_server.h */

#include <sys/socket.h>
#include <sys/un.h>

#include "tests/unit/store_postgres_world.h"

/* A PostgreSQL that refuses, breaks, or is silent. */

static bool is_available(void *arg)
{
	return ((struct world *)arg)->available;
}

static bool is_away(void *arg)
{
	return !is_available(arg);
}

static void ask_put(struct world *world, uint64_t lane)
{
	const struct store_item item = { .lane = lane, .via = PROTOCOL_XMPP };

	assert_int_equal(world_ask_put(world, world_message(world), item), 0);
}

static void a_crash_of_the_server_loses_nothing(void **state)
{
	struct postgres_world *w = *state;
	struct world *one = &w->one;
	uint64_t done = world_put(one, 1), kept = world_put(one, 2);
	unsigned owned;

	store_own(one->store, "name");
	world_pass(one, 100);
	assert_true(one->owner);
	owned = one->owned;
	postgres_server_crash(w->server);
	ask_put(one, 3);
	world_wait(one, one->answers + 1);
	assert_int_equal(one->put.status, STORE_UNAVAILABLE);
	assert_true(turn_until(one, 3000, is_away, one));
	assert_false(one->owner);
	assert_int_equal(one->owned, owned + 1);
	store_finish(one->store, done);
	postgres_server_start(w->server);
	assert_true(turn_until(one, PATIENCE, is_available, one));
	assert_int_equal(world_count(one), 1);
	assert_int_equal(world_list(one, NULL, 0, 10), STORE_OK);
	assert_true(one->items[0].seq == kept);
	assert_int_equal(one->items[0].state, STORE_TAKEN);
	world_pass(one, 1500);
	assert_true(one->owner);
}

/* Whatever was answered OK is there, and everything else may be tried again:
 * the server is killed again and again while messages come. */
static void what_was_answered_is_there_after_crashes(void **state)
{
	struct postgres_world *w = *state;
	struct world *one = &w->one;
	unsigned ok = 0, failed = 0;

	for (int round = 0; round < 3; round++) {
		for (unsigned i = 0; i < 40; i++) {
			const struct store_item item = { .lane = i };

			if (i == 20)
				postgres_server_crash(w->server);
			if (world_ask_put(one, world_message(one), item)) {
				failed++;
				continue;
			}
			world_wait(one, one->answers + 1);
			ok += one->put.status == STORE_OK;
			failed += one->put.status == STORE_UNAVAILABLE;
		}
		postgres_server_start(w->server);
		assert_true(turn_until(one, PATIENCE, is_available, one));
	}
	assert_int_equal(ok + failed, 120);
	assert_in_range(ok, 60, 119);
	assert_in_range(world_count(one), ok, 120);
}

/* Cut the connections of this process to the server, as a network would. */
static void cut_connections(void)
{
	for (int fd = 3; fd < 256; fd++) {
		struct sockaddr_un peer = { .sun_family = AF_UNSPEC };
		socklen_t len = sizeof peer;

		if (getpeername(fd, (struct sockaddr *)&peer, &len) == 0 &&
		    peer.sun_family == AF_UNIX &&
		    strstr(peer.sun_path, ".s.PGSQL"))
			assert_int_equal(shutdown(fd, SHUT_RDWR), 0);
	}
}

/* Its COMMIT is done, and the answer is lost: somebody must take it. */
static void what_nobody_knows_of_is_taken_again(void **state)
{
	struct postgres_world *w = *state;
	struct world *one = &w->one;

	(void)postgres_server_ask(
		w->server,
		"CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS "
		"'BEGIN PERFORM pg_sleep(0.7); RETURN NULL; END'");
	(void)postgres_server_ask(
		w->server, "CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON "
			   "message INITIALLY DEFERRED FOR EACH ROW "
			   "EXECUTE FUNCTION slow()");
	ask_put(one, 1);
	world_pass(one, 200); /* in the middle of COMMIT */
	cut_connections();
	world_wait(one, one->answers + 1);
	assert_int_equal(one->put.status, STORE_UNAVAILABLE);
	assert_true(turn_until(one, PATIENCE, is_available, one));
	assert_int_equal(world_take(one), 1);
	assert_false(one->items[0].resent);
}

static void a_silent_server_is_given_up(void **state)
{
	struct postgres_world *w = *state;
	struct world *one = &w->one;
	unsigned long backend = 0;
	int64_t asked_ms = loop_now_ms(one->loop);

	assert_true(span_number(
		span_of(postgres_server_ask(
			w->server, "SELECT pid FROM pg_stat_activity "
				   "WHERE application_name = 'imgw gw1'")),
		INT32_MAX, &backend));
	assert_int_equal(kill((pid_t)backend, SIGSTOP), 0);
	ask_put(one, 1);
	world_wait(one, one->answers + 1);
	assert_int_equal(one->put.status, STORE_UNAVAILABLE);
	assert_in_range(loop_now_ms(one->loop) - asked_ms, 3000, 8000);
	assert_false(one->available);
	assert_true(turn_until(one, PATIENCE, is_available, one));
	(void)world_put(one, 2);
	/* it wakes up, and must not do what we have given up */
	assert_int_equal(kill((pid_t)backend, SIGCONT), 0);
	world_pass(one, 300);
	assert_int_equal(world_count(one), 1);
}

static void a_message_that_is_refused_harms_no_other(void **state)
{
	struct postgres_world *w = *state;
	struct world *one = &w->one;

	(void)postgres_server_ask(w->server,
				  "ALTER TABLE message ADD CHECK (lane <> 13)");
	ask_put(one, 12);
	ask_put(one, 13);
	ask_put(one, 14);
	world_wait(one, one->answers + 3);
	assert_int_equal(world_count(one), 2);
	assert_true(one->available);
	assert_int_equal(one->changes, 0);
}

static void one_of_many_that_is_refused_harms_no_other(void **state)
{
	struct postgres_world *w = *state;
	struct world *one = &w->one;

	(void)postgres_server_ask(w->server,
				  "ALTER TABLE message ADD CHECK (lane <> 99)");
	for (uint64_t lane = 1; lane <= 300; lane++)
		ask_put(one, lane);
	world_wait(one, 300);
	assert_int_equal(world_count(one), 299);
	assert_int_equal(one->changes, 0);
}

static void a_key_that_is_locked_harms_no_other(void **state)
{
	struct postgres_world *w = *state;
	struct world *one = &w->one;
	struct message *message = world_message(one);
	const struct store_item item = { .message = message };
	PGconn *conn = PQconnectdb(w->url);

	world_key(message, 0);
	PQclear(PQexec(conn, "BEGIN"));
	PQclear(PQexec(conn, "INSERT INTO seen (key, until) SELECT "
			     "decode(repeat('00', 16), 'hex'), now()"));
	assert_int_equal(world_ask_put(one, message, item), 0);
	ask_put(one, 1);
	ask_put(one, 2);
	world_pass(one, 4000);
	PQclear(PQexec(conn, "ROLLBACK"));
	PQfinish(conn);
	assert_int_equal(one->answers, 3);
	assert_int_equal(world_count(one), 2);
	assert_int_equal(one->changes, 0);
	assert_int_equal(world_put_key(one, 0), STORE_OK);
}

static void a_note_that_is_too_long_harms_no_other(void **state)
{
	struct postgres_world *w = *state;
	struct world *one = &w->one;
	char key[9000];
	uint32_t chance = 1; /* nothing that can be compressed */

	for (size_t i = 0; i < sizeof key - 1; i++) {
		chance = chance * 1103515245 + 12345;
		key[i] = (char)('!' + (chance >> 16) % 90);
	}
	key[sizeof key - 1] = '\0';
	store_note(one->store, "a", key, span_of("x"), INT64_MAX);
	ask_put(one, 1);
	world_wait(one, one->answers + 1);
	assert_int_equal(one->put.status, STORE_OK);
	assert_int_equal(world_look(one, "a", key), STORE_NOT_FOUND);
	assert_int_equal(one->changes, 0);
}

static void a_row_that_is_locked_makes_nobody_wait_for_long(void **state)
{
	struct postgres_world *w = *state;
	struct world *one = &w->one;
	uint64_t seq = world_put(one, 1);
	PGconn *conn = PQconnectdb(w->url);

	PQclear(PQexec(conn, "BEGIN"));
	PQclear(PQexec(conn, "SELECT 1 FROM message FOR UPDATE"));
	store_finish(one->store, seq);
	ask_put(one, 2);
	world_pass(one, 400);
	PQclear(PQexec(conn, "COMMIT"));
	PQfinish(conn);
	world_wait(one, 2);
	assert_int_equal(one->put.status, STORE_OK);
	assert_int_equal(world_count(one), 1);
}

static void a_newer_schema_is_refused(void **state)
{
	struct postgres_world *w = *state;

	(void)postgres_server_ask(
		w->server, "INSERT INTO schema_version (number) VALUES (99)");
	assert_int_equal(world_try_open(&w->two), STORE_UNAVAILABLE);
	assert_null(w->two.store);
}

static void a_url_that_is_none_is_refused(void **state)
{
	struct postgres_world *w = *state;

	w->two.url = "postgresql://host:port:port/?no=option";
	assert_int_equal(world_try_open(&w->two), STORE_UNAVAILABLE);
}

static void a_server_that_is_away_at_the_start_is_waited_for(void **state)
{
	struct postgres_world *w = *state;

	world_close(&w->one);
	postgres_server_crash(w->server);
	world_open(&w->one);
	assert_true(turn_until(&w->one, 3000, is_away, &w->one));
	postgres_server_start(w->server);
	assert_true(turn_until(&w->one, PATIENCE, is_available, &w->one));
	(void)world_put(&w->one, 1);
}

static void operators_can_read_the_queue(void **state)
{
	struct postgres_world *w = *state;

	(void)world_put_waiting(&w->one, 1, world_now(&w->one) + 3600000);
	assert_int_equal(world_count(&w->one), 1);
	assert_string_equal(
		postgres_server_ask(
			w->server,
			"SELECT concat_ws(' ', state, via, tries, reason, id, "
			"\"to\", octets, due > now() + interval '55 min') "
			"FROM queue"),
		"waiting xmpp 1 no answer message-1 tel:+12025550100 5 t");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		CASE(a_crash_of_the_server_loses_nothing),
		CASE(what_was_answered_is_there_after_crashes),
		CASE(what_nobody_knows_of_is_taken_again),
		CASE(a_silent_server_is_given_up),
		CASE(a_message_that_is_refused_harms_no_other),
		CASE(one_of_many_that_is_refused_harms_no_other),
		CASE(a_key_that_is_locked_harms_no_other),
		CASE(a_note_that_is_too_long_harms_no_other),
		CASE(a_row_that_is_locked_makes_nobody_wait_for_long),
		CASE(a_newer_schema_is_refused),
		CASE(a_url_that_is_none_is_refused),
		CASE(a_server_that_is_away_at_the_start_is_waited_for),
		CASE(operators_can_read_the_queue),
	};

	return cmocka_run_group_tests(tests, make_server, end_server);
}
