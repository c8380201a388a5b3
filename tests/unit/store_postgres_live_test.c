#define _GNU_SOURCE /* postgres_server.h */

#include "tests/unit/store_conformance.h"
#include "tests/unit/store_postgres_world.h"

/* What any engine does, by PostgreSQL. */

/* What fails may fail. The loop and its timer are there before, and fail
 * nothing. */
static struct world *exercised;
static struct loop_timer *exercise_timer;

static void exercise_pass(void)
{
	loop_timer_set(exercise_timer, 20);
	loop_run(exercised->loop);
}

static void exercise(void)
{
	struct world *w = exercised;
	struct store_item item = { .lane = 1, .via = PROTOCOL_SIP };
	char from[] = "sip:\xff@example.net", asserted[] = "tel:+1";
	struct message message = { .has_key = true };
	struct store_put *put;
	unsigned got = 0;

	message.from = from;
	message.asserted = asserted;
	item.message = &message;
	if (world_try_open(w) != STORE_OK)
		return;
	store_own(w->store, "name");
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
	struct postgres_world *w = *state;

	world_close(&w->one);
	exercised = &w->one;
	assert_int_equal(loop_timer_create(w->one.loop, live_stop, w->one.loop,
					   &exercise_timer),
			 ENUM_OK);
	assert_in_range(unit_fail_allocations(exercise), 30, 1000);
	loop_timer_destroy(&exercise_timer);
	world_open(&w->one);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_CONFORMANCE,
		CASE(failing_allocations_lose_no_memory),
	};

	return cmocka_run_group_tests(tests, make_server, end_server);
}
