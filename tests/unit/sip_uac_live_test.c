#include "tests/unit/sip_out_live.h"

/* A message as the XMPP side gives it. */
static struct message *stanza(const char *body)
{
	struct message *m = message_create();

	assert_non_null(m);
	m->origin = PROTOCOL_XMPP;
	m->kind = PLAN_REPLY;
	assert_int_equal(message_set(&m->from, "alice@im.example/r1"),
			 GATEWAY_OK);
	assert_int_equal(message_set(&m->to, "+12025550199@gw.example.net"),
			 GATEWAY_OK);
	assert_int_equal(message_set_body(m, body, strlen(body)), GATEWAY_OK);
	return m;
}

static struct attempt attempt_of(const struct message *message)
{
	return hop_attempt(message, NULL, "tel:+12025550199");
}

/* What goes out for a message. */
static const char *sent(struct message *message)
{
	static char text[70000];
	struct attempt attempt = attempt_of(message);

	hop_send(&attempt);
	snprintf(text, sizeof text, "%s", live_receive(hop.udp));
	sipside_side(live.side)->cancel(sipside_side(live.side), &attempt);
	return text;
}

/* It has waited in the store, and its transaction is over. */
static struct message *held(void)
{
	struct message *m = stanza("Hi");

	m->origin = PROTOCOL_SIP;
	m->kind = PLAN_NUMBER;
	m->seq = 7;
	m->answered = true;
	snprintf(m->peer, sizeof m->peer, "127.0.0.1");
	assert_int_equal(message_set(&m->from, "sip:anna@a.example"),
			 GATEWAY_OK);
	assert_int_equal(message_set(&m->asserted, "tel:+12025550177"),
			 GATEWAY_OK);
	assert_int_equal(message_set(&m->to_header, "tel:+12025550100"),
			 GATEWAY_OK);
	return m;
}

static void sip_36_who_waited_keeps_his_asserted_identity(void **state)
{
	struct message *m = held();
	const char *text = sent(m);

	(void)state;
	assert_true(live_has_line(text, "To: <tel:+12025550100>"));
	assert_int_equal(strncmp(live_header(text, "From"),
				 "<sip:anna@a.example>;tag=", 25),
			 0);
	assert_true(
		live_has_line(text, "P-Asserted-Identity: <tel:+12025550177>"));
	live.hop_trust = ADMISSION_ADMITTED;
	text = sent(m);
	assert_null(strstr(text, "P-Asserted-Identity"));
	message_destroy(&m);
}

static void g2_map_6_a_stanza_becomes_a_request(void **state)
{
	struct message *m = stanza("Hi");
	const char *text;

	(void)state;
	assert_int_equal(message_set(&m->language, "en"), GATEWAY_OK);
	assert_int_equal(message_set(&m->subject, "Caf\xc3\xa9"), GATEWAY_OK);
	text = sent(m);
	assert_int_equal(
		strncmp(text, "MESSAGE tel:+12025550199 SIP/2.0\r\n", 34), 0);
	assert_true(live_has_line(text, "To: <tel:+12025550199>"));
	assert_int_equal(strncmp(live_header(text, "From"),
				 "<sip:alice@im.example;gr=r1>;tag=", 33),
			 0);
	assert_true(live_has_line(text, "Max-Forwards: 70"));
	assert_true(live_has_line(text, "Content-Language: en"));
	assert_true(live_has_line(text, "Content-Type: text/plain"));
	assert_true(live_has_line(text, "Content-Length: 2"));
	assert_true(live_has_line(text, "Subject: Caf\xc3\xa9"));
	assert_non_null(strstr(text, "\r\nDate: "));
	assert_non_null(
		strstr(live_header(text, "Call-ID"), "@gw.example.net"));
	assert_non_null(strstr(live_header(text, "CSeq"), " MESSAGE"));
	assert_non_null(strstr(live_header(text, "Via"), ";branch=z9hG4bK"));
	assert_null(strstr(text, "\r\nContact:"));
	assert_string_equal(strstr(text, "\r\n\r\n") + 4, "Hi");
	message_destroy(&m);
}

static void map_18_a_subject_cannot_begin_a_header(void **state)
{
	static const struct {
		const char *subject, *line;
	} cases[] = {
		{ "Hi\r\nRoute: <sip:evil.example>",
		  "Subject: Hi Route: <sip:evil.example>" },
		{ "\x01\x7f a\xc2\x85"
		  "b\t\r",
		  "Subject: a b" },
		{ "\r\n\t", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct message *m = stanza("x");
		const char *text;

		assert_int_equal(message_set(&m->subject, cases[i].subject),
				 GATEWAY_OK);
		text = sent(m);
		assert_null(strstr(text, "\r\nRoute:"));
		if (cases[i].line)
			assert_true(live_has_line(text, cases[i].line));
		else
			assert_null(strstr(text, "Subject"));
		message_destroy(&m);
	}
}

static void map_11_only_language_tags_become_a_header(void **state)
{
	struct message *m = stanza("x");

	(void)state;
	assert_int_equal(message_set(&m->language, "en\r\nX: y"), GATEWAY_OK);
	assert_null(strstr(sent(m), "Content-Language"));
	message_destroy(&m);
}

static void map_20_text_has_crlf_and_utf_8_says_so(void **state)
{
	struct message *m = stanza("R\xc3\xa9ponse\n2\r\n");
	const char *text = sent(m);

	(void)state;
	assert_true(
		live_has_line(text, "Content-Type: text/plain;charset=UTF-8"));
	assert_true(live_has_line(text, "Content-Length: 13"));
	assert_string_equal(strstr(text, "\r\n\r\n") + 4,
			    "R\xc3\xa9ponse\r\n2\r\n");
	message_destroy(&m);
}

static void conf_12_a_thread_keeps_its_call_id(void **state)
{
	struct message *m = stanza("x");
	char first[256], cseq[64];
	const char *text;

	(void)state;
	assert_int_equal(message_set(&m->thread, "t\r\n1"), GATEWAY_OK);
	text = sent(m);
	snprintf(first, sizeof first, "%s", live_header(text, "Call-ID"));
	snprintf(cseq, sizeof cseq, "%s", live_header(text, "CSeq"));
	text = sent(m);
	assert_string_equal(live_header(text, "Call-ID"), first);
	assert_true(atoi(live_header(text, "CSeq")) > atoi(cseq));
	assert_int_equal(message_set(&m->thread, "t2"), GATEWAY_OK);
	assert_string_not_equal(live_header(sent(m), "Call-ID"), first);
	assert_int_equal(message_set(&m->thread, NULL), GATEWAY_OK);
	m->id[0] = 'a';
	snprintf(first, sizeof first, "%s", live_header(sent(m), "Call-ID"));
	m->id[0] = 'b';
	assert_string_not_equal(live_header(sent(m), "Call-ID"), first);
	message_destroy(&m);
}

static void conf_12_a_thread_of_ours_is_the_call_id(void **state)
{
	struct message *m = stanza("x");

	(void)state;
	assert_int_equal(message_set(&m->thread, "c1@127.0.0.11"), GATEWAY_OK);
	m->own_thread = true;
	assert_string_equal(live_header(sent(m), "Call-ID"), "c1@127.0.0.11");
	message_destroy(&m);
}

static void conf_13_the_sender_may_be_a_number(void **state)
{
	struct message *m = stanza("x");

	(void)state;
	assert_true(span_copy(span_of("+12025550100"), m->from_number,
			      sizeof m->from_number));
	assert_non_null(strstr(sent(m), "From: <tel:+12025550100>;tag="));
	message_destroy(&m);
}

static void sip_24_the_date_is_that_of_the_message(void **state)
{
	struct message *m = stanza("x");

	(void)state;
	m->date_s = 1767323045;
	assert_true(
		live_has_line(sent(m), "Date: Fri, 02 Jan 2026 03:04:05 GMT"));
	message_destroy(&m);
}

static void sip_24_expires_comes_with_date(void **state)
{
	struct message *m = stanza("x");
	const char *text;

	(void)state;
	m->expires_s = loop_wall_s(live.loop) + 100;
	text = sent(m);
	assert_in_range(atoi(live_header(text, "Expires")), 98, 100);
	assert_non_null(strstr(text, "\r\nDate: "));
	message_destroy(&m);
}

/* Sends a body of a length; returns what was sent, "" when refused. */
static const char *send_length(size_t len)
{
	static char body[2001];
	struct message *m;
	const char *text;

	assert_true(len < sizeof body);
	memset(body, 'x', len);
	body[len] = '\0';
	m = stanza(body);
	live.done_count = 0;
	text = sent(m);
	message_destroy(&m);
	return text;
}

static void sip_6_1300_octets_pass_and_1301_do_not(void **state)
{
	size_t other = strlen(send_length(500)) - 500;

	(void)state;
	assert_int_equal(strlen(send_length(1300 - other)), 1300);
	assert_int_equal(live.done_count, 0);
	assert_string_equal(send_length(1301 - other), "");
	assert_int_equal(live.done_count, 1);
	assert_int_equal(live.outcome.kind, OUTCOME_PERMANENT);
	assert_int_equal(live.outcome.condition, CONDITION_POLICY_VIOLATION);
	assert_string_equal(live.outcome.reason, "too long for a SIP MESSAGE");
	assert_false(live.outcome.try_next);
}

static void sip_21_one_message_at_a_time_to_one_number(void **state)
{
	static const char *const bodies[] = { "one", "two", "three" };
	struct message *m[3];
	struct attempt attempts[3], other;
	char text[4096];

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		m[i] = stanza(bodies[i]);
		attempts[i] = attempt_of(m[i]);
		hop_send(&attempts[i]);
	}
	for (size_t i = 0; i < 3; i++) {
		snprintf(text, sizeof text, "%s", live_receive(hop.udp));
		assert_string_equal(strstr(text, "\r\n\r\n") + 4, bodies[i]);
		assert_string_equal(live_receive(hop.udp), "");
		if (i == 0) { /* another number does not wait */
			other = hop_attempt(m[0], NULL, "tel:+12025550111");
			hop_send(&other);
			assert_non_null(
				strstr(live_receive(hop.udp), "+12025550111"));
		}
		hop_answer(text, i == 1 ? "404 Nobody" : "200 OK", "");
		assert_int_equal(live.done_count, i + 1);
	}
	sipside_side(live.side)->cancel(sipside_side(live.side), &other);
	for (size_t i = 0; i < 3; i++)
		message_destroy(&m[i]);
}

static void sip_21_who_is_cancelled_leaves_the_queue(void **state)
{
	struct message *m = stanza("x");
	struct side *side = sipside_side(live.side);
	struct attempt attempts[4];

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		attempts[i] = attempt_of(m);
		hop_send(&attempts[i]);
	}
	assert_string_not_equal(live_receive(hop.udp), "");
	side->cancel(side, &attempts[3]); /* the last */
	side->cancel(side, &attempts[1]); /* one in the middle */
	live_run(30);
	assert_string_equal(live_receive(hop.udp), "");
	side->cancel(side, &attempts[0]); /* the one under way */
	live_run(30);
	assert_string_not_equal(live_receive(hop.udp), "");
	side->cancel(side, &attempts[2]);
	live_run(30);
	assert_string_equal(live_receive(hop.udp), "");
	assert_int_equal(live.done_count, 0);
	message_destroy(&m);
}

static void conf_22_the_queue_of_a_number_is_bounded(void **state)
{
	enum { MANY = 65 };
	static struct attempt attempts[MANY];
	struct side *side = sipside_side(live.side);
	struct message *m = stanza("x");

	(void)state;
	for (size_t i = 0; i < MANY; i++) {
		attempts[i] = attempt_of(m);
		side->send(side, &attempts[i]);
	}
	live_run(30);
	assert_int_equal(live.done_count, 1);
	assert_int_equal(live.outcome.kind, OUTCOME_TEMPORARY);
	assert_int_equal(live.outcome.condition, CONDITION_RESOURCE_CONSTRAINT);
	for (size_t i = MANY; i > 0; i--)
		side->cancel(side, &attempts[i - 1]);
	message_destroy(&m);
}

static void map_14_a_final_becomes_an_outcome(void **state)
{
	struct message *m = stanza("x");
	struct attempt attempt = attempt_of(m);
	char text[4096];

	(void)state;
	hop_send(&attempt);
	snprintf(text, sizeof text, "%s", live_receive(hop.udp));
	hop_answer(text, "480 Gone Fishing", "");
	assert_int_equal(live.outcome.code, 480);
	assert_string_equal(live.outcome.reason, "Gone Fishing");
	assert_int_equal(live.outcome.condition,
			 CONDITION_RECIPIENT_UNAVAILABLE);
	message_destroy(&m);
}

/* --- without memory --- */

static struct message *exercised;

static void exercise(void)
{
	struct side *side = sipside_side(live.side);
	struct attempt first = attempt_of(exercised), second = first;

	live.done_count = 0;
	side->send(side, &first);
	side->send(side, &second);
	assert_int_equal(live.done_count, 0);
	side->cancel(side, &first);
	side->cancel(side, &second);
	assert_null(first.state);
	assert_null(second.state);
}

static void every_allocation_may_fail(void **state)
{
	(void)state;
	exercised = stanza("Hello\n");
	assert_true(unit_fail_allocations(exercise) >= 6);
	message_destroy(&exercised);
}

#define LIVE(test) cmocka_unit_test_setup_teardown(test, hop_open, hop_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LIVE(sip_36_who_waited_keeps_his_asserted_identity),
		LIVE(g2_map_6_a_stanza_becomes_a_request),
		LIVE(map_18_a_subject_cannot_begin_a_header),
		LIVE(map_11_only_language_tags_become_a_header),
		LIVE(map_20_text_has_crlf_and_utf_8_says_so),
		LIVE(conf_12_a_thread_keeps_its_call_id),
		LIVE(conf_12_a_thread_of_ours_is_the_call_id),
		LIVE(conf_13_the_sender_may_be_a_number),
		LIVE(sip_24_the_date_is_that_of_the_message),
		LIVE(sip_24_expires_comes_with_date),
		LIVE(sip_6_1300_octets_pass_and_1301_do_not),
		LIVE(sip_21_one_message_at_a_time_to_one_number),
		LIVE(sip_21_who_is_cancelled_leaves_the_queue),
		LIVE(conf_22_the_queue_of_a_number_is_bounded),
		LIVE(map_14_a_final_becomes_an_outcome),
		LIVE(every_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
