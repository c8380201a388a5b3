#ifndef IMGW_TESTS_STORE_CASES_LIFE_H
#define IMGW_TESTS_STORE_CASES_LIFE_H

/** Cases of store_conformance.h: operators, notes, the store's life. */

#include "tests/unit/store_world.h"

/* Operators */

static void an_operator_sees_what_is_there(void **state)
{
	struct world *w = *state;
	uint64_t first = world_put_waiting(w, 1, world_now(w) + LATER);

	for (unsigned i = 2; i < 6; i++)
		(void)world_put(w, i);
	assert_int_equal(world_list(w, NULL, 0, 3), STORE_OK);
	assert_int_equal(w->count, 3);
	assert_true(w->items[0].seq == first);
	assert_string_equal(w->items[0].reason, "no answer");
	assert_string_equal(w->items[0].node, "");
	assert_int_equal(world_list(w, NULL, w->items[2].seq, 10), STORE_OK);
	assert_int_equal(w->count, 2);
	assert_string_equal(w->items[1].id, "message-5");
	assert_int_equal(world_list(w, "message-1", 0, 1), STORE_OK);
	assert_int_equal(w->count, 1);
	assert_true(w->items[0].seq == first);
	assert_int_equal(world_list(w, "message-2", 0, 1), STORE_OK);
	assert_int_equal(w->items[0].state, STORE_TAKEN);
	assert_int_equal(world_list(w, "nobody", 0, 1), STORE_NOT_FOUND);
	assert_int_equal(w->count, 0);
}

static void an_operator_has_it_tried_now(void **state)
{
	struct world *w = *state;

	(void)world_put_waiting(w, 1, world_now(w) + LATER);
	assert_int_equal(world_change(w, "message-1", STORE_RETRY), STORE_OK);
	assert_int_equal(w->count, 1);
	assert_true(w->items[0].due_ms > world_now(w));
	assert_int_equal(w->works, 1);
	assert_int_equal(world_take(w), 1);
}

static void a_held_message_waits_for_the_operator(void **state)
{
	struct world *w = *state;
	uint64_t first = world_put_waiting(w, 1, world_now(w));

	(void)world_put(w, 1);
	assert_int_equal(world_change(w, "message-1", STORE_HOLD), STORE_OK);
	assert_int_equal(w->items[0].state, STORE_WAITING);
	assert_int_equal(world_change(w, "message-1", STORE_HOLD), STORE_OK);
	assert_int_equal(w->items[0].state, STORE_HELD);
	assert_int_equal(world_take(w), 0);
	assert_true(w->next_due_ms == 0);
	world_restart(w);
	assert_int_equal(world_take(w), 0);
	assert_int_equal(world_change(w, "message-1", STORE_RETRY), STORE_OK);
	assert_int_equal(world_take(w), 2);
	assert_true(w->items[0].seq == first);
}

static void a_held_message_behind_another_keeps_its_place(void **state)
{
	struct world *w = *state;
	uint64_t first = world_put_waiting(w, 1, world_now(w));
	uint64_t third;

	(void)world_put(w, 1);
	third = world_put(w, 1);
	assert_int_equal(world_change(w, "message-2", STORE_HOLD), STORE_OK);
	assert_int_equal(world_take(w), 1);
	assert_true(w->items[0].seq == first);
	assert_int_equal(world_change(w, "message-2", STORE_DROP), STORE_OK);
	assert_int_equal(world_take(w), 1);
	assert_true(w->items[0].seq == third);
}

static void a_dropped_message_comes_with_the_answer(void **state)
{
	struct world *w = *state;
	uint64_t second;

	(void)world_put_waiting(w, 1, world_now(w) + LATER);
	second = world_put(w, 1);
	assert_int_equal(world_change(w, "message-1", STORE_DROP), STORE_OK);
	assert_int_equal(w->count, 1);
	assert_string_equal(w->items[0].id, "message-1");
	assert_int_equal(w->works, 1);
	assert_int_equal(world_take(w), 1);
	assert_true(w->items[0].seq == second);
	assert_int_equal(world_count(w), 1);
}

static void what_is_taken_is_not_changed(void **state)
{
	struct world *w = *state;

	(void)world_put(w, 1);
	for (int change = STORE_RETRY; change <= STORE_DROP; change++)
		assert_int_equal(world_change(w, "message-1",
					      (enum store_change)change),
				 STORE_NOT_FOUND);
	assert_int_equal(w->count, 0);
	assert_int_equal(w->works, 0);
}

static void the_counts_are_those_of_the_states(void **state)
{
	struct world *w = *state;
	int64_t before = world_now(w);

	assert_int_equal(world_count(w), 0);
	assert_true(w->counts.oldest_put_ms == 0);
	(void)world_put_waiting(w, 1, world_now(w) + LATER);
	(void)world_put_waiting(w, 2, world_now(w) + LATER);
	(void)world_put(w, 1);
	(void)world_put(w, 3);
	assert_int_equal(world_change(w, "message-1", STORE_HOLD), STORE_OK);
	assert_int_equal(world_count(w), 4);
	assert_int_equal(w->counts.in_state[STORE_WAITING], 2);
	assert_int_equal(w->counts.in_state[STORE_HELD], 1);
	assert_int_equal(w->counts.in_state[STORE_TAKEN], 1);
	assert_in_range(w->counts.oldest_put_ms, before, world_now(w));
	world_restart(w);
	assert_int_equal(world_count(w), 4);
	assert_int_equal(w->counts.in_state[STORE_TAKEN], 0);
}

/* Notes */

static void a_note_is_found_until_its_time(void **state)
{
	struct world *w = *state;
	const struct span value = { "a\0b\xff", 4 };

	store_note(w->store, "report", "key", value, world_now(w) + SOON);
	assert_int_equal(world_look(w, "report", "key"), STORE_OK);
	assert_int_equal(w->value_len, 4);
	assert_memory_equal(w->value, value.at, 4);
	assert_int_equal(world_look(w, "report", "kex"), STORE_NOT_FOUND);
	assert_int_equal(w->value_len, 0);
	assert_int_equal(world_look(w, "binding", "key"), STORE_NOT_FOUND);
	world_pass(w, 2 * SOON);
	assert_int_equal(world_look(w, "report", "key"), STORE_NOT_FOUND);
}

static void a_second_note_replaces_the_first(void **state)
{
	struct world *w = *state;
	int64_t until = world_now(w) + LATER;

	store_note(w->store, "report", "key", span_of("one"), until);
	store_note(w->store, "report", "key", span_of(""), until);
	assert_int_equal(world_look(w, "report", "key"), STORE_OK);
	assert_int_equal(w->value_len, 0);
	store_note(w->store, "report", "key", span_of("three"), until);
	world_restart(w);
	assert_int_equal(world_look(w, "report", "key"), STORE_OK);
	assert_memory_equal(w->value, "three", 5);
}

/* Life */

static void the_name_asked_for_becomes_ours(void **state)
{
	struct world *w = *state;

	store_own(w->store, "xmpp:gw.example.net");
	assert_int_equal(w->owned, 0);
	for (int i = 0; i < 100 && !w->owned; i++)
		world_pass(w, 20);
	assert_int_equal(w->owned, 1);
	assert_true(w->owner);
}

static void more_than_may_wait_is_refused(void **state)
{
	struct world *w = *state;
	const struct store_item item = { .lane = 1, .via = PROTOCOL_SIP };
	uint64_t seq;

	world_close(w);
	w->options.waiting_max = 2;
	world_open(w);
	seq = world_put(w, 1);
	assert_int_equal(world_ask_put(w, world_message(w), item), STORE_OK);
	assert_int_equal(world_ask_put(w, world_message(w), item), STORE_OK);
	assert_int_equal(world_ask_put(w, world_message(w), item),
			 STORE_UNAVAILABLE);
	assert_int_equal(store_take(w->store, 1, 1, world_got_take, w),
			 STORE_UNAVAILABLE);
	store_finish(w->store, seq); /* this is not */
	world_wait(w, w->answers + 2);
	assert_int_equal(world_count(w), 2);
}

static void nothing_is_called_after_the_close_and_all_is_done(void **state)
{
	struct world *w = *state;
	const struct store_item item = { .lane = 1, .via = PROTOCOL_SIP };
	unsigned answers;

	(void)world_put_waiting(w, 9, world_now(w));
	answers = w->answers;
	assert_int_equal(world_ask_put(w, world_message(w), item), STORE_OK);
	assert_int_equal(store_take(w->store, STORE_VIA(PROTOCOL_XMPP), 1,
				    world_got_take, w),
			 STORE_OK);
	store_note(w->store, "a", "b", span_of("c"), world_now(w) + LATER);
	store_own(w->store, "name");
	world_close(w);
	world_pass(w, SOON);
	assert_int_equal(w->answers, answers);
	assert_int_equal(w->owned, 0);
	world_open(w);
	assert_int_equal(world_look(w, "a", "b"), STORE_OK);
	assert_int_equal(world_take(w), 2);
	assert_true(w->items[1].resent);
}

static void closing_nothing_is_allowed(void **state)
{
	struct store *none = NULL;

	(void)state;
	store_close(&none, 0);
	assert_null(none);
}

#endif
