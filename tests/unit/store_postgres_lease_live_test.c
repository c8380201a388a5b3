#define _GNU_SOURCE /* postgres_server.h */

#include "gateway/store/postgres_sql.h"
#include "tests/unit/store_postgres_world.h"

/* A lease that is short costs time at worst: nobody stalls by it, and who has
 * lost it goes on. */

#define LEASE_MS 300

static int setup_short(void **state)
{
	int status = setup(state);
	struct postgres_world *w = *state;

	world_close(&w->one);
	w->one.options.lease_ms = LEASE_MS;
	w->two.options.lease_ms = LEASE_MS;
	world_open(&w->one);
	return status;
}

static const char *ask(struct postgres_world *world, const char *sql)
{
	return postgres_server_ask(world->server, sql);
}

/* A statement that takes `seconds` more: `when` it does what to which table,
 * as in CREATE TRIGGER. */
static void slow_down(struct postgres_world *world, const char *when,
		      const char *seconds)
{
	char sql[300];

	(void)snprintf(sql, sizeof sql,
		       "CREATE FUNCTION slow() RETURNS trigger LANGUAGE "
		       "plpgsql AS 'BEGIN PERFORM pg_sleep(%s); "
		       "RETURN NULL; END'",
		       seconds);
	(void)ask(world, sql);
	(void)snprintf(sql, sizeof sql, "CREATE %s EXECUTE FUNCTION slow()",
		       when);
	(void)ask(world, sql);
}

static bool is_owner(void *arg)
{
	return ((struct world *)arg)->owner;
}

static bool has_joined(void *arg)
{
	return *ask(arg, "SELECT name FROM node WHERE name = 'gw1'") != '\0';
}

/* Has the process mapped the library by which the server compiles? */
static bool is_compiling(const char *backend)
{
	char path[64], line[512];
	bool found = false;
	FILE *maps;

	(void)snprintf(path, sizeof path, "/proc/%s/maps", backend);
	maps = fopen(path, "r");
	assert_non_null(maps);
	while (fgets(line, sizeof line, maps))
		found |= strstr(line, "llvmjit.so") != NULL;
	(void)fclose(maps);
	return found;
}

/* The tables without an index for it seem endless to the planner, since we
 * forbid it to read them through: each look for the dead took half a second to
 * compile. */
static void no_statement_is_compiled(void **state)
{
	struct postgres_world *w = *state;

	(void)world_put(&w->one, 1);
	assert_int_equal(world_count(&w->one), 1);
	world_pass(&w->one, 4 * (int64_t)LEASE_MS);
	assert_false(
		is_compiling(ask(w, "SELECT pid FROM pg_stat_activity "
				    "WHERE application_name = 'imgw gw1'")));
}

static void a_slow_look_for_the_dead_starves_nobody(void **state)
{
	struct postgres_world *w = *state;

	slow_down(w, "TRIGGER slow BEFORE DELETE ON node FOR EACH STATEMENT",
		  "0.3");
	world_pass(&w->one, 4 * (int64_t)LEASE_MS);
	for (uint64_t lane = 1; lane <= 3; lane++)
		(void)world_put(&w->one, lane);
	assert_int_equal(w->one.changes, 0);
}

/* Its lease is over, and it is working. */
static void a_node_in_the_middle_of_a_round_is_not_dead(void **state)
{
	struct postgres_world *w = *state;
	const struct store_item item = { .lane = 1 };
	char *reap, sql[1000];

	slow_down(w,
		  "CONSTRAINT TRIGGER slow AFTER INSERT ON message "
		  "INITIALLY DEFERRED FOR EACH ROW",
		  "1.5");
	assert_true(postgres_sql_text(POSTGRES_REAP, &reap));
	(void)snprintf(sql, sizeof sql,
		       "PREPARE r (bigint) AS %s; EXECUTE r(0)", reap);
	free(reap);
	assert_int_equal(world_ask_put(&w->one, world_message(&w->one), item),
			 0);
	world_pass(&w->one, 3 * (int64_t)LEASE_MS);
	assert_string_equal(ask(w, "SELECT lease_until < now() FROM node"),
			    "t");
	(void)ask(w, sql);
	assert_true(has_joined(w));
	world_wait(&w->one, 1);
	assert_int_equal(w->one.put.status, STORE_OK);
}

static void who_lost_its_lease_goes_on(void **state)
{
	struct postgres_world *w = *state;
	char epoch[32];
	uint64_t seq;

	store_own(w->one.store, "name");
	assert_true(turn_until(&w->one, 3000, is_owner, &w->one));
	seq = world_put(&w->one, 1);
	(void)snprintf(epoch, sizeof epoch, "%s",
		       ask(w, "DELETE FROM node RETURNING epoch"));
	store_finish(w->one.store, seq);
	(void)world_put(&w->one, 2);
	assert_int_equal(world_count(&w->one), 1);
	assert_int_equal(w->one.changes, 0);
	assert_true(w->one.owner);
	/* what an earlier connection may yet send is not ours */
	assert_true(strcmp(ask(w, "SELECT epoch FROM node"), epoch) > 0);
}

static void who_lost_its_lease_while_idle_joins_again(void **state)
{
	struct postgres_world *w = *state;

	(void)world_put(&w->one, 1);
	(void)ask(w, "DELETE FROM node");
	(void)ask(w, "UPDATE message SET state = 'waiting', life = 0");
	assert_true(turn_until(&w->one, 3 * (int64_t)LEASE_MS, has_joined, w));
	assert_int_equal(world_take(&w->one), 1);
	assert_int_equal(w->one.changes, 0);
}

static bool has_work(void *arg)
{
	return ((struct world *)arg)->works > 0;
}

/* Who had it committed that while its row in `node` was removed, and died. */
static void what_belongs_to_nobody_comes_back(void **state)
{
	struct postgres_world *w = *state;

	(void)world_put(&w->one, 1);
	(void)world_put(&w->one, 2);
	w->one.works = 0;
	(void)ask(w, "UPDATE message SET life = 77, node = 'gw9' "
		     "WHERE lane = 1");
	assert_true(turn_until(&w->one, 3000, has_work, &w->one));
	assert_int_equal(world_take(&w->one), 1);
	assert_true(w->one.items[0].resent);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup_short, teardown)
		CASE(no_statement_is_compiled),
		CASE(a_slow_look_for_the_dead_starves_nobody),
		CASE(a_node_in_the_middle_of_a_round_is_not_dead),
		CASE(who_lost_its_lease_goes_on),
		CASE(who_lost_its_lease_while_idle_joins_again),
		CASE(what_belongs_to_nobody_comes_back),
	};

	return cmocka_run_group_tests(tests, make_server, end_server);
}
