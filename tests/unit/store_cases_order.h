#ifndef IMGW_TESTS_STORE_CASES_ORDER_H
#define IMGW_TESTS_STORE_CASES_ORDER_H

/** Cases of store_conformance.h: lanes, tries, restarts, cancels. */

#include "tests/unit/store_world.h"

/* Order */

static void a_message_behind_a_waiting_one_waits_too(void **state)
{
	struct world *w = *state;

	(void)world_put_waiting(w, 1, world_now(w) + LATER);
	(void)world_put(w, 1);
	assert_true(w->put.behind);
	(void)world_put(w, 2);
	assert_false(w->put.behind);
	assert_int_equal(world_take(w), 0);
	assert_int_equal(world_list(w, NULL, 0, 10), STORE_OK);
	assert_int_equal(w->items[1].state, STORE_WAITING);
	assert_int_equal(w->items[2].state, STORE_TAKEN);
}

static void a_message_behind_a_taken_one_does_not_wait(void **state)
{
	struct world *w = *state;

	(void)world_put(w, 1);
	(void)world_put(w, 1);
	assert_false(w->put.behind);
}

static void a_lane_comes_in_order_when_its_first_is_due(void **state)
{
	struct world *w = *state;
	int64_t due_ms = world_now(w) + SOON;
	uint64_t first = world_put_waiting(w, 1, due_ms);
	uint64_t second = world_put(w, 1), third = world_put(w, 1);

	assert_int_equal(world_take(w), 0);
	assert_true(w->next_due_ms == due_ms);
	world_pass(w, 2 * SOON);
	assert_int_equal(world_take(w), 3);
	assert_true(w->items[0].seq == first);
	assert_true(w->items[1].seq == second);
	assert_true(w->items[2].seq == third);
	assert_int_equal(w->items[0].state, STORE_TAKEN);
	assert_string_equal(w->items[0].node, "gw1");
	assert_true(w->next_due_ms == 0);
}

static void an_older_one_that_is_deferred_holds_back_the_younger(void **state)
{
	struct world *w = *state;
	uint64_t first = world_put(w, 1), second = world_put(w, 1);

	store_defer(w->store, second, world_now(w), false, "");
	store_defer(w->store, first, world_now(w) + LATER, true, "");
	assert_int_equal(world_take(w), 0);
	assert_true(w->next_due_ms > world_now(w));
}

static void a_stuck_lane_holds_back_nobody_else(void **state)
{
	struct world *w = *state;
	uint64_t other;

	(void)world_put_waiting(w, 1, world_now(w) + LATER);
	(void)world_put(w, 1);
	other = world_put_waiting(w, 2, world_now(w));
	assert_int_equal(world_take(w), 1);
	assert_true(w->items[0].seq == other);
}

static void no_more_than_asked_for_are_taken(void **state)
{
	struct world *w = *state;
	const unsigned via = STORE_VIA(PROTOCOL_XMPP);

	for (unsigned i = 0; i < 3; i++)
		(void)world_put_waiting(w, i, world_now(w));
	(void)world_put(w, 0); /* behind the first */
	world_take_via(w, via, 2);
	assert_int_equal(w->count, 2);
	assert_in_range(w->next_due_ms, 1, world_now(w));
	world_take_via(w, via, 2);
	assert_int_equal(w->count, 2);
	assert_true(w->next_due_ms == 0);
	world_take_via(w, via, 2);
	assert_int_equal(w->count, 0);
}

static void only_what_goes_by_a_side_that_is_there_is_taken(void **state)
{
	struct world *w = *state;
	uint64_t xmpp = world_put_waiting(w, 1, world_now(w));

	world_take_via(w, STORE_VIA(PROTOCOL_SIP), 10);
	assert_int_equal(w->count, 0);
	assert_true(w->next_due_ms == 0);
	world_take_via(w, STORE_VIA(PROTOCOL_XMPP), 10);
	assert_int_equal(w->count, 1);
	assert_true(w->items[0].seq == xmpp);
}

static void one_that_cannot_leave_holds_back_its_lane(void **state)
{
	struct world *w = *state;
	const struct store_item by_sip = { .lane = 1, .via = PROTOCOL_SIP };

	(void)world_put_waiting(w, 1, world_now(w)); /* by XMPP */
	assert_int_equal(world_ask_put(w, world_message(w), by_sip), 0);
	world_wait(w, w->answers + 1);
	world_take_via(w, STORE_VIA(PROTOCOL_SIP), 10);
	assert_int_equal(w->count, 0);
	assert_int_equal(world_take(w), 2);
}

static void a_long_lane_is_drained_in_order(void **state)
{
	struct world *w = *state;
	uint64_t last = world_put_waiting(w, 1, world_now(w)), count = 1;

	for (unsigned i = 0; i < 300; i++)
		(void)world_put(w, 1);
	assert_int_equal(world_take(w), STORE_TAKE_MAX);
	assert_true(w->items[0].seq == last);
	last = w->items[w->count - 1].seq;
	count += world_take(w) + STORE_TAKE_MAX - 1;
	assert_int_equal(count, 301);
	assert_true(w->items[0].seq > last);
}

/* Tries */

static void only_tries_that_count_are_counted(void **state)
{
	struct world *w = *state;
	uint64_t seq = world_put(w, 1);

	store_defer(w->store, seq, world_now(w), true, "503 busy");
	assert_int_equal(world_take(w), 1);
	assert_int_equal(w->items[0].tries, 1);
	assert_string_equal(w->items[0].reason, "503 busy");
	store_defer(w->store, seq, world_now(w), false, "the link is down");
	assert_int_equal(world_take(w), 1);
	assert_int_equal(w->items[0].tries, 1);
	assert_string_equal(w->items[0].reason, "the link is down");
	assert_false(w->items[0].resent);
}

static void a_long_reason_is_cut(void **state)
{
	struct world *w = *state;
	char reason[2 * STORE_REASON_SIZE];

	memset(reason, 'x', sizeof reason - 1);
	reason[sizeof reason - 1] = '\0';
	store_defer(w->store, world_put(w, 1), world_now(w), true, reason);
	assert_int_equal(world_take(w), 1);
	assert_int_equal(strlen(w->items[0].reason), STORE_REASON_SIZE - 1);
}

static void what_was_taken_comes_again_after_a_restart(void **state)
{
	struct world *w = *state;
	uint64_t taken = world_put(w, 1);

	(void)world_put_waiting(w, 2, world_now(w) + LATER);
	world_restart(w);
	assert_int_equal(world_take(w), 1);
	assert_true(w->items[0].seq == taken);
	assert_true(w->items[0].resent);
	assert_int_equal(world_list(w, NULL, taken, 1), STORE_OK);
	assert_int_equal(w->items[0].state, STORE_WAITING);
	assert_false(w->items[0].resent);
}

static void a_lane_is_in_order_after_a_restart(void **state)
{
	struct world *w = *state;
	uint64_t first = world_put(w, 1), second = world_put(w, 1);

	store_defer(w->store, second, world_now(w), false, "");
	world_restart(w);
	assert_int_equal(world_take(w), 2);
	assert_true(w->items[0].seq == first);
	assert_true(w->items[1].seq == second);
}

/* Cancel */

static void a_cancelled_put_leaves_nothing(void **state)
{
	struct world *w = *state;
	const struct store_item item = { .lane = 1, .via = PROTOCOL_SIP };
	struct message *message = world_message(w);
	unsigned answers = w->answers;

	world_key(message, 5);
	assert_int_equal(world_ask_put(w, message, item), STORE_OK);
	store_put_cancel(&w->handle);
	assert_null(w->handle);
	store_put_cancel(&w->handle); /* takes NULL */
	assert_int_equal(world_count(w), 0);
	assert_int_equal(w->answers, answers + 1);
	assert_int_equal(world_put_key(w, 5), STORE_OK);
}

static void a_cancelled_put_is_gone_after_a_restart(void **state)
{
	struct world *w = *state;
	const struct store_item item = { .lane = 1, .via = PROTOCOL_SIP };

	assert_int_equal(world_ask_put(w, world_message(w), item), STORE_OK);
	store_put_cancel(&w->handle);
	world_restart(w);
	assert_int_equal(world_count(w), 0);
}

static void a_cancelled_duplicate_leaves_the_first_alone(void **state)
{
	struct world *w = *state;
	const struct store_item item = { .lane = 1, .via = PROTOCOL_SIP };
	struct message *message = world_message(w);

	assert_int_equal(world_put_key(w, 5), STORE_OK);
	world_key(message, 5);
	assert_int_equal(world_ask_put(w, message, item), STORE_OK);
	store_put_cancel(&w->handle);
	assert_int_equal(world_count(w), 1);
	assert_int_equal(world_put_key(w, 5), STORE_DUPLICATE);
}

static void a_cancelled_put_makes_way(void **state)
{
	struct world *w = *state;
	const struct store_item item = { .lane = 1, .via = PROTOCOL_SIP };
	uint64_t first = world_put_waiting(w, 1, world_now(w));
	unsigned works = w->works;

	assert_int_equal(world_ask_put(w, world_message(w), item), STORE_OK);
	store_put_cancel(&w->handle);
	(void)world_put(w, 1);
	assert_true(w->put.behind);
	assert_true(w->works > works);
	assert_int_equal(world_take(w), 2);
	assert_true(w->items[0].seq == first);
}

/* Expiry */

static void what_has_expired_comes_whatever_it_waits_for(void **state)
{
	struct world *w = *state;
	const int64_t now_ms = world_now(w), end_ms = now_ms + SOON;
	const struct store_item young = { .lane = 1,
					  .via = PROTOCOL_XMPP,
					  .expires_ms = end_ms };
	uint64_t first = world_put_waiting(w, 1, now_ms + LATER), late;

	assert_int_equal(world_ask_put(w, world_message(w), young), STORE_OK);
	world_wait(w, w->answers + 1);
	late = w->put.seq;
	assert_true(w->put.behind);
	world_take_via(w, STORE_VIA(PROTOCOL_SIP), 1);
	assert_int_equal(w->count, 0);
	assert_true(w->next_due_ms == end_ms);
	world_pass(w, 2 * SOON);
	world_take_via(w, STORE_VIA(PROTOCOL_SIP), 1);
	assert_int_equal(w->count, 1);
	assert_true(w->items[0].seq == late);
	assert_true(w->next_due_ms == 0);
	store_forget(w->store, late);
	assert_int_equal(world_list(w, NULL, 0, 10), STORE_OK);
	assert_int_equal(w->count, 1);
	assert_true(w->items[0].seq == first);
	assert_int_equal(w->items[0].state, STORE_WAITING);
	(void)world_put(w, 1);
	assert_true(w->put.behind);
}

/* It could not be told, say: not again and again. */
static void what_has_expired_and_is_deferred_comes_at_its_time(void **state)
{
	struct world *w = *state;
	const struct store_item young = { .lane = 1,
					  .via = PROTOCOL_XMPP,
					  .expires_ms = world_now(w) + 1 };
	int64_t due_ms;

	assert_int_equal(world_ask_put(w, world_message(w), young), STORE_OK);
	world_wait(w, w->answers + 1);
	world_pass(w, SOON);
	due_ms = world_now(w) + SOON;
	store_defer(w->store, w->put.seq, due_ms, false, "");
	world_take_via(w, STORE_VIA(PROTOCOL_SIP), 10);
	assert_int_equal(w->count, 0);
	assert_true(w->next_due_ms == due_ms);
	world_pass(w, 2 * SOON);
	world_take_via(w, STORE_VIA(PROTOCOL_SIP), 10);
	assert_int_equal(w->count, 1);
}

static void what_is_held_does_not_expire(void **state)
{
	struct world *w = *state;
	const struct store_item young = { .lane = 1,
					  .via = PROTOCOL_XMPP,
					  .expires_ms = world_now(w) + SOON };
	char id[MESSAGE_ID_SIZE];

	assert_int_equal(world_ask_put(w, world_message(w), young), STORE_OK);
	world_wait(w, w->answers + 1);
	store_defer(w->store, w->put.seq, world_now(w), false, "");
	assert_int_equal(world_list(w, NULL, 0, 1), STORE_OK);
	memcpy(id, w->items[0].id, sizeof id);
	assert_int_equal(world_change(w, id, STORE_HOLD), STORE_OK);
	world_pass(w, 2 * SOON);
	assert_int_equal(world_take(w), 0);
	assert_int_equal(world_change(w, id, STORE_RETRY), STORE_OK);
	assert_int_equal(world_take(w), 1);
}

#endif
