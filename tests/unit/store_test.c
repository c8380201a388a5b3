#include "gateway/store.h"

#include "tests/fake/loop_fake.h"
#include "tests/fake/store_fake.h"
#include "tests/unit/store_conformance.h"

#define URL "fake:test"

static void world_wait(struct world *world, unsigned answers)
{
	loop_fake_advance(world->loop, 0);
	assert_int_equal(world->answers, answers);
}

static void world_pass(struct world *world, int64_t ms)
{
	loop_fake_advance(world->loop, ms);
}

static int setup(void **state)
{
	struct world *world = calloc(1, sizeof *world);

	assert_non_null(world);
	world_init(world, loop_fake_create(), URL);
	world_open(world);
	*state = world;
	return 0;
}

static int teardown(void **state)
{
	struct world *world = *state;

	world_close(world);
	loop_fake_destroy(&world->loop);
	store_fake_wipe();
	free(world);
	return 0;
}

static void every_status_has_a_text_and_every_state_a_word(void **state)
{
	(void)state;
	for (int i = 0; i < STORE_STATUS_COUNT; i++)
		assert_true(store_status_text((enum store_status)i)[0]);
	assert_string_equal(store_state_word(STORE_WAITING), "waiting");
	assert_string_equal(store_state_word(STORE_TAKEN), "taken");
	assert_string_equal(store_state_word(STORE_HELD), "held");
}

static void a_scheme_that_nobody_knows_is_refused(void **state)
{
	struct world *w = *state;
	struct store *store;
	char why[100] = "";

	w->options.url = "redis:x";
	assert_int_equal(
		store_open(w->loop, &w->options, &store, why, sizeof why),
		STORE_UNAVAILABLE);
	assert_null(store);
	assert_true(why[0]);
}

static void an_unavailable_store_refuses_and_recovers(void **state)
{
	struct world *w = *state;
	const struct store_item item = { .lane = 1, .via = PROTOCOL_SIP };
	uint64_t seq = world_put(w, 1);

	store_fake_fail(URL, "disk full");
	assert_int_equal(world_ask_put(w, world_message(w), item), STORE_OK);
	world_wait(w, w->answers + 1);
	assert_int_equal(w->put.status, STORE_UNAVAILABLE);
	assert_false(w->available);
	assert_int_equal(world_ask_put(w, world_message(w), item),
			 STORE_UNAVAILABLE);
	store_finish(w->store, seq);
	loop_fake_advance(w->loop, 1000);
	assert_int_equal(store_fake_rows(URL), 1);
	store_fake_fail(URL, NULL);
	loop_fake_advance(w->loop, 0);
	assert_true(w->available);
	assert_int_equal(w->changes, 2);
	assert_int_equal(store_fake_rows(URL), 0);
}

static void a_slow_store_answers_late(void **state)
{
	struct world *w = *state;
	const struct store_item item = { .lane = 1, .via = PROTOCOL_SIP };

	store_fake_slow(URL, 500);
	assert_int_equal(world_ask_put(w, world_message(w), item), STORE_OK);
	loop_fake_advance(w->loop, 499);
	assert_int_equal(w->answers, 0);
	loop_fake_advance(w->loop, 1);
	assert_int_equal(w->answers, 1);
}

static void the_name_may_be_lost_and_come_back(void **state)
{
	struct world *w = *state;

	store_fake_own(URL, false);
	store_own(w->store, "name");
	loop_fake_advance(w->loop, 0);
	assert_int_equal(w->owned, 0);
	store_fake_own(URL, true);
	loop_fake_advance(w->loop, 0);
	assert_true(w->owner);
	store_fake_own(URL, false);
	loop_fake_advance(w->loop, 0);
	assert_false(w->owner);
	assert_int_equal(w->owned, 2);
}

/* One of each, whatever comes of it. */
static void ask_everything(struct world *w)
{
	char from[] = "sip:a@example.net", asserted[] = "tel:+1";
	struct message message = { .from = from,
				   .asserted = asserted,
				   .has_key = true };
	const struct store_item item = { .message = &message,
					 .lane = 1,
					 .via = PROTOCOL_SIP };
	struct store_put *put;
	unsigned got = 0;

	if (store_put(w->store, &item, world_got_put, w, &put) == STORE_OK)
		store_put_cancel(&put);
	got |= store_put(w->store, &item, world_got_put, w, &put);
	loop_fake_advance(w->loop, 0);
	store_defer(w->store, w->put.seq, 0, true, "later");
	got |= store_take(w->store, STORE_VIA(PROTOCOL_SIP), 5, world_got_take,
			  w);
	got |= store_list(w->store, NULL, 0, 5, world_got_list, w);
	got |= store_count(w->store, world_got_counts, w);
	got |= store_change(w->store, "x", STORE_HOLD, world_got_list, w);
	store_note(w->store, "a", "b", span_of("c"), INT64_MAX);
	got |= store_look(w->store, "a", "b", world_got_look, w);
	loop_fake_advance(w->loop, 0);
	store_finish(w->store, w->put.seq);
	store_forget(w->store, w->put.seq);
	assert_in_range(got, 0, 7); /* any status will do */
}

static void exercise(void)
{
	struct world *w = calloc(1, sizeof *w);
	struct loop *loop = loop_fake_create();

	if (w) {
		world_init(w, loop, URL);
		if (world_try_open(w) == STORE_OK)
			ask_everything(w);
		store_close(&w->store, 0);
		message_destroy(&w->message);
	}
	loop_fake_destroy(&loop);
	store_fake_wipe();
	free(w);
}

static void failing_allocations_lose_no_memory(void **state)
{
	(void)state;
	assert_in_range(unit_fail_allocations(exercise), 20, 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_CONFORMANCE,
		cmocka_unit_test(
			every_status_has_a_text_and_every_state_a_word),
		CASE(a_scheme_that_nobody_knows_is_refused),
		CASE(an_unavailable_store_refuses_and_recovers),
		CASE(a_slow_store_answers_late),
		CASE(the_name_may_be_lost_and_come_back),
		cmocka_unit_test(failing_allocations_lose_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
