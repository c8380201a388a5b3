#ifndef IMGW_TESTS_STORE_CASES_MESSAGE_H
#define IMGW_TESTS_STORE_CASES_MESSAGE_H

/** Cases of store_conformance.h: what is put in, and its keys. */

#include "gateway/store/store_message.h"
#include "tests/unit/store_world.h"

/* Everything different from 0, so that nothing can be forgotten. */
static inline struct message *full_message(void)
{
	struct message *m = message_create();
	char **const strings[] = {
		&m->from,	&m->asserted,	  &m->to,
		&m->to_header,	&m->target,	  &m->require,
		&m->call_id,	&m->thread,	  &m->stanza_id,
		&m->report_of,	&m->report_route, &m->subject,
		&m->language,	&m->content_type, &m->content_encoding,
		&m->report_from, &m->report_to, &m->content_disposition,
	};
	char text[32];

	for (size_t i = 0; i < sizeof strings / sizeof strings[0]; i++) {
		(void)snprintf(text, sizeof text, "string %zu \xc3\xa9", i);
		assert_int_equal(message_set(strings[i], text), GATEWAY_OK);
	}
	assert_int_equal(message_set_body(m, "b\0dy\xff", 5), GATEWAY_OK);
	(void)snprintf(m->id, sizeof m->id, "full-message");
	(void)snprintf(m->peer, sizeof m->peer, "192.0.2.1");
	(void)snprintf(m->from_number, sizeof m->from_number, "12025550100");
	world_key(m, 0x80);
	m->origin = PROTOCOL_XMPP;
	m->purpose = MESSAGE_REPORT;
	m->kind = PLAN_JID;
	m->report = MESSAGE_DISPLAYED;
	m->wants = MESSAGE_DELIVERED | MESSAGE_FAILED;
	m->resent = m->anonymous = m->skip_enum = m->in_dialog = true;
	m->merged = m->secure_only = m->own_thread = m->composing = true;
	m->arrived_s = 1;
	m->date_s = -2;
	m->held_since_s = 3;
	m->report_date_s = 4;
	m->expires_s = INT64_MAX;
	return m;
}

static inline void assert_same_value(struct store_value a, struct store_value b)
{
	assert_int_equal(a.type, b.type);
	assert_true(a.number == b.number);
	assert_int_equal(a.octets.len, b.octets.len);
	if (a.octets.len)
		assert_memory_equal(a.octets.at, b.octets.at, a.octets.len);
}

static inline void assert_same_message(const struct message *a,
				       const struct message *b)
{
	char *more_a = NULL, *more_b = NULL;

	for (size_t i = 0; i < STORE_MESSAGE_COLUMNS; i++)
		assert_same_value(store_message_get(a, i),
				  store_message_get(b, i));
	assert_true(store_message_more(a, &more_a));
	assert_true(store_message_more(b, &more_b));
	assert_true(!more_a == !more_b);
	if (more_a)
		assert_string_equal(more_a, more_b);
	free(more_a);
	free(more_b);
}

static void put_and_take_back(struct world *w, struct message *message)
{
	const struct store_item item = { .lane = 1, .via = PROTOCOL_SIP };
	struct message *copy = store_message_pack(message);

	assert_non_null(copy);
	assert_int_equal(world_ask_put(w, message, item), STORE_OK);
	world_wait(w, w->answers + 1);
	assert_int_equal(w->put.status, STORE_OK);
	world_restart(w);
	assert_int_equal(world_take(w), 1);
	assert_true(w->message->resent);
	w->message->resent = copy->resent;
	assert_same_message(copy, w->message);
	assert_true(w->message->seq == w->put.seq);
	free(copy);
}

static void a_full_message_comes_back_as_it_was_put(void **state)
{
	put_and_take_back(*state, full_message());
}

static void an_empty_message_comes_back_as_it_was_put(void **state)
{
	put_and_take_back(*state, message_create());
}

static void a_message_that_is_not_utf8_comes_back_as_it_was_put(void **state)
{
	struct message *m = full_message();

	assert_int_equal(message_set(&m->from, "sip:\xff\xfe@example.net"), 0);
	assert_int_equal(message_set(&m->subject, "\xc3"), 0);
	assert_int_equal(message_set(&m->require, "\x80\xff"), 0);
	put_and_take_back(*state, m);
}

static void a_message_keeps_its_time_of_arrival(void **state)
{
	struct world *w = *state;
	int64_t before = loop_now_ms(w->loop);

	(void)world_put(w, 1);
	world_pass(w, SOON);
	world_restart(w);
	assert_int_equal(world_take(w), 1);
	assert_in_range(w->message->arrived_ms, before - 1,
			loop_now_ms(w->loop) - SOON / 2);
	assert_in_range(w->items[0].put_ms, 1, world_now(w) - SOON / 2);
}

static void what_is_put_is_taken_by_us_at_once(void **state)
{
	struct world *w = *state;

	(void)world_put(w, 1);
	assert_false(w->put.behind);
	assert_int_equal(world_take(w), 0);
	assert_true(w->next_due_ms == 0);
	assert_int_equal(world_list(w, NULL, 0, 10), STORE_OK);
	assert_int_equal(w->count, 1);
	assert_int_equal(w->items[0].state, STORE_TAKEN);
	assert_string_equal(w->items[0].node, "gw1");
}

static void seqs_are_in_the_order_of_arrival(void **state)
{
	struct world *w = *state;
	uint64_t first = world_put(w, 1), second = world_put(w, 2);

	assert_true(first > 0);
	assert_true(second > first);
	world_restart(w);
	assert_true(world_put(w, 3) > second);
}

/* Keys */

static void a_known_key_is_a_duplicate(void **state)
{
	struct world *w = *state;

	assert_int_equal(world_put_key(w, 1), STORE_OK);
	assert_int_equal(world_put_key(w, 1), STORE_DUPLICATE);
	assert_int_equal(world_put_key(w, 2), STORE_OK);
	world_restart(w);
	assert_int_equal(world_put_key(w, 2), STORE_DUPLICATE);
	assert_int_equal(world_count(w), 2);
}

static void duplicates_asked_for_together_are_found(void **state)
{
	struct world *w = *state;
	const struct store_item item = { .lane = 1, .via = PROTOCOL_SIP };
	struct message *first = world_message(w), *second = world_message(w);

	world_key(first, 7);
	world_key(second, 7);
	assert_int_equal(world_ask_put(w, first, item), STORE_OK);
	assert_int_equal(world_ask_put(w, second, item), STORE_OK);
	world_wait(w, w->answers + 2);
	assert_int_equal(w->put.status, STORE_DUPLICATE);
	assert_int_equal(world_count(w), 1);
}

static void messages_without_a_key_are_never_duplicates(void **state)
{
	struct world *w = *state;

	(void)world_put(w, 1);
	(void)world_put(w, 1);
	assert_int_equal(world_count(w), 2);
}

static void a_finished_message_is_gone_and_its_key_stays(void **state)
{
	struct world *w = *state;

	assert_int_equal(world_put_key(w, 1), STORE_OK);
	store_finish(w->store, w->put.seq);
	assert_int_equal(world_count(w), 0);
	assert_int_equal(world_put_key(w, 1), STORE_DUPLICATE);
	store_finish(w->store, 12345); /* one that is not there */
	assert_int_equal(world_count(w), 0);
}

static void a_forgotten_message_is_gone_with_its_key(void **state)
{
	struct world *w = *state;

	assert_int_equal(world_put_key(w, 1), STORE_OK);
	store_forget(w->store, w->put.seq);
	assert_int_equal(world_count(w), 0);
	assert_int_equal(world_put_key(w, 1), STORE_OK);
}

static void a_key_is_forgotten_after_its_time(void **state)
{
	struct world *w = *state;

	world_close(w);
	w->options.seen_ms = SOON;
	world_open(w);
	assert_int_equal(world_put_key(w, 1), STORE_OK);
	store_finish(w->store, w->put.seq);
	world_pass(w, 2 * SOON);
	assert_int_equal(world_put_key(w, 1), STORE_OK);
}

static void the_key_of_a_message_that_waits_is_kept(void **state)
{
	struct world *w = *state;

	world_close(w);
	w->options.seen_ms = SOON;
	world_open(w);
	assert_int_equal(world_put_key(w, 1), STORE_OK);
	store_defer(w->store, w->put.seq, world_now(w) + LATER, true, "");
	world_pass(w, 2 * SOON);
	assert_int_equal(world_put_key(w, 1), STORE_DUPLICATE);
}

#endif
