#define _GNU_SOURCE /* postgres_server.h */

#include <netdb.h>
#include <pthread.h>

#include "gateway/store/postgres_attempt.h"
#include "tests/unit/store_postgres_world.h"

/* Names in the URL: looking one up may take as long as it likes. */

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool is_hanging;
static unsigned asking, asked; /* now, and in all */

/* In place of the C library's: all names are unknown, and while it hangs
 * nobody hears of it. */
int getaddrinfo(const char *restrict name, const char *restrict service,
		const struct addrinfo *restrict hints,
		struct addrinfo **restrict found)
{
	(void)name;
	(void)service;
	(void)hints;
	*found = NULL;
	(void)pthread_mutex_lock(&mutex);
	asking++;
	asked++;
	while (is_hanging)
		(void)pthread_cond_wait(&changed, &mutex);
	asking--;
	(void)pthread_mutex_unlock(&mutex);
	return EAI_NONAME;
}

static void hang(bool yes)
{
	(void)pthread_mutex_lock(&mutex);
	is_hanging = yes;
	(void)pthread_cond_broadcast(&changed);
	(void)pthread_mutex_unlock(&mutex);
}

static unsigned read_count(const unsigned *count)
{
	unsigned now;

	(void)pthread_mutex_lock(&mutex);
	now = *count;
	(void)pthread_mutex_unlock(&mutex);
	return now;
}

static bool is_available(void *arg)
{
	return ((struct world *)arg)->available;
}

static bool is_away(void *arg)
{
	return !is_available(arg);
}

static bool is_asking(void *arg)
{
	(void)arg;
	return read_count(&asking) > 0;
}

static bool is_idle(void *arg)
{
	return !is_asking(arg);
}

/* The first host has a name, the second is our server. */
static int setup_names(void **state)
{
	int status = setup(state);
	struct postgres_world *w = *state;

	world_close(&w->one);
	(void)snprintf(w->url, sizeof w->url,
		       "postgresql://imgw@/postgres?host=db.example.net,%s"
		       "&target_session_attrs=read-write"
		       "&options=-csearch_path%%3Dimgw",
		       w->server->folder);
	world_open(&w->one);
	return status;
}

static int teardown_names(void **state)
{
	hang(false);
	return teardown(state);
}

/* Lose the connection, and do not get beyond the name of the first host. */
static void get_stuck(struct postgres_world *w)
{
	hang(true);
	(void)postgres_server_ask(w->server,
				  "SELECT pg_terminate_backend(pid) FROM "
				  "pg_stat_activity WHERE application_name "
				  "= 'imgw gw1'");
	assert_true(turn_until(&w->one, PATIENCE, is_away, &w->one));
	assert_true(turn_until(&w->one, PATIENCE, is_asking, NULL));
}

static void a_name_that_is_unknown_gives_the_next_host_its_turn(void **state)
{
	struct postgres_world *w = *state;

	assert_true(read_count(&asked) > 0);
	(void)world_put(&w->one, 1);
}

static void a_look_up_that_hangs_stops_no_loop(void **state)
{
	struct postgres_world *w = *state;
	int64_t began_ms;

	get_stuck(w);
	began_ms = loop_now_ms(w->one.loop);
	world_pass(&w->one, 300);
	assert_in_range(loop_now_ms(w->one.loop) - began_ms, 300, 2000);
	assert_false(w->one.available);
	hang(false);
	assert_true(turn_until(&w->one, PATIENCE, is_available, &w->one));
	(void)world_put(&w->one, 1);
}

static void a_store_is_closed_while_a_look_up_hangs(void **state)
{
	struct postgres_world *w = *state;
	int64_t began_ms;

	get_stuck(w);
	began_ms = loop_now_ms(w->one.loop);
	world_close(&w->one);
	assert_in_range(loop_now_ms(w->one.loop) - began_ms, 0, 3000);
	assert_true(is_asking(NULL));
	hang(false);
	assert_true(turn_until(&w->one, PATIENCE, is_idle, NULL));
	world_open(&w->one);
}

static bool is_done(void *arg)
{
	return postgres_attempt_is_done(arg);
}

static void an_attempt_that_is_stopped_ends_with_its_look_up(void **state)
{
	struct postgres_world *w = *state;
	struct postgres_attempt *attempt;
	PGconn *conn;

	hang(true);
	attempt = postgres_attempt_start(w->url, "test");
	assert_non_null(attempt);
	assert_true(turn_until(&w->one, PATIENCE, is_asking, NULL));
	postgres_attempt_stop(attempt);
	world_pass(&w->one, 50);
	assert_false(is_done(attempt));
	hang(false);
	assert_true(turn_until(&w->one, PATIENCE, is_done, attempt));
	conn = postgres_attempt_take(&attempt);
	assert_null(attempt);
	assert_int_not_equal(PQstatus(conn), CONNECTION_OK);
	PQfinish(conn);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define CASE(name) \
	cmocka_unit_test_setup_teardown(name, setup_names, teardown_names)
		CASE(a_name_that_is_unknown_gives_the_next_host_its_turn),
		CASE(a_look_up_that_hangs_stops_no_loop),
		CASE(a_store_is_closed_while_a_look_up_hangs),
		CASE(an_attempt_that_is_stopped_ends_with_its_look_up),
	};

	return cmocka_run_group_tests(tests, make_server, end_server);
}
