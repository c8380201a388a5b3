/** What goes to SIP when somebody types, and what a 415 teaches
 *  (gateway/sip/sip_again.c, sip_body.c). */

#include "gateway/body/iscomposing.h"
#include "tests/unit/sip_out_live.h"

#define NUMBER "tel:+12025550199"

/* A message as the XMPP side gives it. */
static struct message *from_xmpp(enum message_purpose purpose, const char *body)
{
	struct message *m = message_create();

	assert_non_null(m);
	m->origin = PROTOCOL_XMPP;
	m->kind = PLAN_REPLY;
	m->purpose = purpose;
	assert_int_equal(message_set(&m->from, "alice@im.example/r1"),
			 GATEWAY_OK);
	assert_int_equal(message_set(&m->to, "+12025550199@gw.example.net"),
			 GATEWAY_OK);
	assert_int_equal(message_set_body(m, body, strlen(body)), GATEWAY_OK);
	return m;
}

static struct message *typing(bool composing)
{
	struct message *m = from_xmpp(MESSAGE_COMPOSING, "");

	m->composing = composing;
	return m;
}

static const char *take(void)
{
	static char text[8192];

	snprintf(text, sizeof text, "%s", live_receive(hop.udp));
	return text;
}

static void rcpt_10_11_typing_goes_as_a_document(void **state)
{
	(void)state;
	for (int composing = 0; composing < 2; composing++) {
		struct message *m = typing(composing);
		struct attempt attempt = hop_attempt(m, NULL, NUMBER);
		struct iscomposing what;
		const char *text;

		hop_send(&attempt);
		text = take();
		assert_true(
			live_has_line(text, "Content-Type: " ISCOMPOSING_TYPE));
		assert_true(iscomposing_read(
			span_of(strstr(text, "\r\n\r\n") + 4), &what));
		assert_int_equal(what.active, composing);
		hop_answer(text, "200 OK", "");
		assert_int_equal(live.done_count, composing + 1);
		message_destroy(&m);
	}
}

static void rcpt_13_typing_never_waits_for_its_turn(void **state)
{
	struct message *text = from_xmpp(MESSAGE_TEXT, "Hi");
	struct message *state_of = typing(true);
	struct attempt first = hop_attempt(text, NULL, NUMBER);
	struct attempt dropped = hop_attempt(state_of, NULL, NUMBER);
	struct attempt last = hop_attempt(text, NULL, NUMBER);

	(void)state;
	hop_send(&first);
	assert_string_not_equal(take(), "");
	hop_send(&dropped);
	assert_int_equal(live.done_count, 1);
	assert_int_equal(live.outcome.kind, OUTCOME_TEMPORARY);
	assert_false(live.outcome.try_next);
	assert_string_equal(take(), "");
	hop_send(&last); /* a text waits */
	assert_int_equal(live.done_count, 1);
	sipside_side(live.side)->cancel(sipside_side(live.side), &last);
	sipside_side(live.side)->cancel(sipside_side(live.side), &first);
	message_destroy(&text);
	message_destroy(&state_of);
}

static void rcpt_13_who_refused_typing_is_told_no_more(void **state)
{
	static const char *const finals[] = { "415 No", "488 No", "406 No" };
	static const char *const numbers[] = { "tel:+1", "tel:+2", "tel:+3" };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct message *m = typing(true);
		struct attempt attempt = hop_attempt(m, NULL, numbers[i]);

		live.done_count = 0;
		hop_send(&attempt);
		hop_answer(take(), finals[i], "");
		assert_int_equal(live.done_count, 1);
		attempt = hop_attempt(m, NULL, numbers[i]);
		hop_send(&attempt);
		assert_int_equal(live.done_count, 2);
		assert_int_equal(live.outcome.code, 415);
		assert_string_equal(take(), "");
		message_destroy(&m);
	}
}

static void rcpt_13_another_failure_teaches_nothing(void **state)
{
	struct message *m = typing(true);
	struct attempt attempt = hop_attempt(m, NULL, NUMBER);

	(void)state;
	hop_send(&attempt);
	hop_answer(take(), "480 Away", "");
	attempt = hop_attempt(m, NULL, NUMBER);
	hop_send(&attempt);
	hop_answer(take(), "200 OK", "");
	assert_int_equal(live.outcome.code, 200);
	message_destroy(&m);
}

static void rcpt_13_the_accept_of_a_refused_text_counts(void **state)
{
	struct message *text = from_xmpp(MESSAGE_TEXT, "Hi");
	struct message *state_of = typing(true);
	struct attempt attempt = hop_attempt(text, NULL, NUMBER);

	(void)state;
	hop_send(&attempt);
	hop_answer(take(), "415 No", "Accept: application/sdp\r\n");
	assert_int_equal(live.done_count, 1); /* a text has no other form */
	assert_int_equal(live.outcome.code, 415);
	attempt = hop_attempt(state_of, NULL, NUMBER);
	hop_send(&attempt);
	assert_int_equal(live.done_count, 2);
	assert_string_equal(take(), "");
	attempt = hop_attempt(text, NULL, NUMBER); /* a text is tried again */
	hop_send(&attempt);
	hop_answer(take(), "200 OK", "");
	assert_int_equal(live.outcome.code, 200);
	message_destroy(&text);
	message_destroy(&state_of);
}

static struct message *exercised;

static void exercise(void)
{
	struct side *side = sipside_side(live.side);
	struct attempt attempt = hop_attempt(exercised, NULL, NUMBER);

	live.done_count = 0;
	side->send(side, &attempt);
	assert_int_equal(live.done_count, 0);
	side->cancel(side, &attempt);
	assert_null(attempt.state);
}

static void every_allocation_may_fail(void **state)
{
	(void)state;
	exercised = typing(true);
	assert_true(unit_fail_allocations(exercise) >= 4);
	message_destroy(&exercised);
}

#define LIVE(test) cmocka_unit_test_setup_teardown(test, hop_open, hop_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LIVE(rcpt_10_11_typing_goes_as_a_document),
		LIVE(rcpt_13_typing_never_waits_for_its_turn),
		LIVE(rcpt_13_who_refused_typing_is_told_no_more),
		LIVE(rcpt_13_another_failure_teaches_nothing),
		LIVE(rcpt_13_the_accept_of_a_refused_text_counts),
		LIVE(every_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
