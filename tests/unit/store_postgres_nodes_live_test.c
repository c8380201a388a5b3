#define _GNU_SOURCE /* postgres_server.h */

#include "tests/unit/store_postgres_world.h"

/* Several gateways on one PostgreSQL. */

static bool has_work(void *arg)
{
	return ((struct world *)arg)->works > 0;
}

static bool is_owner(void *arg)
{
	return ((struct world *)arg)->owner;
}

/* Do something as another process that is killed behind it. */
static void in_a_process_that_dies(const struct postgres_world *world,
				   const char *node,
				   void (*act)(struct world *))
{
	struct world other;
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		world_init(&other, live_loop(), world->url);
		other.options.node = node;
		world_open(&other);
		act(&other);
		_exit(42);
	}
	assert_true(waitpid(pid, &status, 0) == pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 42);
}

static void put_one(struct world *world)
{
	(void)world_put(world, 1);
}

static void open_only(struct world *world)
{
	assert_non_null(world->store);
}

static void
a_message_that_one_node_knows_is_a_duplicate_at_another(void **state)
{
	struct postgres_world *w = *state;

	world_open(&w->two);
	assert_int_equal(world_put_key(&w->one, 1), STORE_OK);
	assert_int_equal(world_put_key(&w->two, 1), STORE_DUPLICATE);
	store_finish(w->one.store, w->one.put.seq);
	assert_int_equal(world_count(&w->one), 0);
	assert_int_equal(world_put_key(&w->two, 1), STORE_DUPLICATE);
}

static void a_lane_keeps_its_order_over_two_nodes(void **state)
{
	struct postgres_world *w = *state;
	uint64_t first, second;

	world_open(&w->two);
	first = world_put(&w->one, 1);
	second = world_put(&w->two, 1);
	assert_true(w->two.put.behind);
	assert_int_equal(world_take(&w->two), 0);
	assert_true(w->two.next_due_ms == 0);
	w->two.works = 0;
	store_finish(w->one.store, first);
	assert_true(turn_until(&w->two, 3000, has_work, &w->two));
	assert_int_equal(world_take(&w->two), 1);
	assert_true(w->two.items[0].seq == second);
	assert_string_equal(w->two.items[0].node, "gw2");
}

static void
a_younger_one_is_not_taken_while_another_node_has_the_older(void **state)
{
	struct postgres_world *w = *state;
	uint64_t first = world_put_waiting(&w->one, 1, 0);

	(void)world_put(&w->one, 1);
	world_take_via(&w->one, STORE_VIA(PROTOCOL_XMPP), 1);
	assert_true(w->one.items[0].seq == first);
	world_open(&w->two);
	assert_int_equal(world_take(&w->two), 0);
	assert_int_equal(world_take(&w->one), 1);
}

static void what_a_node_gives_back_wakes_another(void **state)
{
	struct postgres_world *w = *state;
	uint64_t seq;

	world_open(&w->two);
	seq = world_put(&w->one, 1);
	w->two.works = 0;
	store_defer(w->one.store, seq, world_now(&w->one), false, "");
	assert_true(turn_until(&w->two, 3000, has_work, &w->two));
	assert_int_equal(world_take(&w->two), 1);
	assert_false(w->two.items[0].resent);
}

static void what_a_dead_node_had_comes_to_another(void **state)
{
	struct postgres_world *w = *state;

	in_a_process_that_dies(w, "gw3", put_one);
	assert_int_equal(world_take(&w->one), 0);
	w->one.works = 0;
	assert_true(turn_until(&w->one, 6000, has_work, &w->one));
	assert_int_equal(world_take(&w->one), 1);
	assert_true(w->one.items[0].resent);
}

static void a_node_finds_what_its_earlier_life_had(void **state)
{
	struct postgres_world *w = *state;

	in_a_process_that_dies(w, "gw2", put_one);
	world_open(&w->two);
	assert_int_equal(world_take(&w->two), 1);
	assert_true(w->two.items[0].resent);
	/* what it has now is not given back by its own next connection */
	(void)postgres_server_ask(w->server,
				  "SELECT pg_terminate_backend(pid) FROM "
				  "pg_stat_activity WHERE application_name "
				  "= 'imgw gw2'");
	w->two.works = 0;
	assert_true(turn_until(&w->two, PATIENCE, has_work, &w->two));
	assert_int_equal(world_take(&w->two), 0);
	assert_int_equal(world_count(&w->two), 1);
}

static void an_older_process_of_the_same_name_gives_way(void **state)
{
	struct postgres_world *w = *state;

	(void)world_put(&w->one, 1);
	w->two.options.node = "gw1";
	world_open(&w->two);
	assert_int_equal(world_take(&w->two), 1);
	for (int i = 0; i < 300 && w->one.available; i++)
		world_pass(&w->one, 10);
	assert_false(w->one.available);
	world_close(&w->two);
	for (int i = 0; i < 1500 && !w->one.available; i++)
		world_pass(&w->one, 10);
	assert_true(w->one.available);
}

static void a_name_passes_on_when_its_owner_is_gone(void **state)
{
	struct postgres_world *w = *state;

	world_open(&w->two);
	store_own(w->one.store, "xmpp:gw.example.net");
	assert_true(turn_until(&w->one, 3000, is_owner, &w->one));
	store_own(w->two.store, "xmpp:gw.example.net");
	world_pass(&w->two, 1500);
	assert_false(w->two.owner);
	world_close(&w->one);
	assert_true(turn_until(&w->two, 5000, is_owner, &w->two));
	world_open(&w->one);
}

static void different_names_have_owners_of_their_own(void **state)
{
	struct postgres_world *w = *state;

	world_open(&w->two);
	store_own(w->one.store, "xmpp:a.example.net");
	store_own(w->two.store, "xmpp:b.example.net");
	assert_true(turn_until(&w->one, 3000, is_owner, &w->one));
	assert_true(turn_until(&w->two, 3000, is_owner, &w->two));
}

static void nodes_that_start_together_make_the_schema_once(void **state)
{
	struct postgres_world *w = *state;
	pid_t pids[4];

	world_close(&w->one);
	(void)postgres_server_ask(w->server, "DROP SCHEMA imgw CASCADE");
	(void)postgres_server_url(w->server, "imgw");
	for (int i = 0; i < 4; i++) {
		char node[8];

		(void)snprintf(node, sizeof node, "n%d", i);
		pids[i] = fork();
		if (pids[i] == 0) {
			in_a_process_that_dies(w, node, open_only);
			_exit(0);
		}
	}
	for (int i = 0; i < 4; i++) {
		int status = 1;

		assert_true(waitpid(pids[i], &status, 0) == pids[i]);
		assert_int_equal(status, 0);
	}
	world_open(&w->one);
	assert_int_equal(world_count(&w->one), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		CASE(a_message_that_one_node_knows_is_a_duplicate_at_another),
		CASE(a_lane_keeps_its_order_over_two_nodes),
		CASE(a_younger_one_is_not_taken_while_another_node_has_the_older),
		CASE(what_a_node_gives_back_wakes_another),
		CASE(what_a_dead_node_had_comes_to_another),
		CASE(a_node_finds_what_its_earlier_life_had),
		CASE(an_older_process_of_the_same_name_gives_way),
		CASE(a_name_passes_on_when_its_owner_is_gone),
		CASE(different_names_have_owners_of_their_own),
		CASE(nodes_that_start_together_make_the_schema_once),
	};

	return cmocka_run_group_tests(tests, make_server, end_server);
}
