#include "tests/unit/sip_out_live.h"

static void forward_and_keep(const struct live_request *request, char *out,
			     size_t size)
{
	hop_forward(request);
	snprintf(out, size, "%s", live_receive(hop.udp));
	assert_true(out[0] != '\0');
}

static void sip_8_sip_37_sip_43_a_request_is_passed_on_untouched(void **state)
{
	char text[4096];

	(void)state;
	forward_and_keep(
		&(struct live_request){
			.headers = "X-Foo:  bar \r\n"
				   "Date: Sat, 13 Nov 2010 23:29:00 GMT\r\n"
				   "Identity: \"abc=\"\r\n"
				   "Require: foo\r\n",
			.type = "image/png",
			.body = "\x01\xff\r\n\xfe" },
		text, sizeof text);
	assert_int_equal(
		strncmp(text,
			"MESSAGE sip:alice@simple.im.example:5070 SIP/2.0\r\n",
			50),
		0);
	assert_true(live_has_line(text, "Max-Forwards: 69"));
	assert_true(live_has_line(text, "From: <tel:+12025550199>;tag=f1"));
	assert_true(live_has_line(text, "To: <tel:+12025550100>"));
	assert_true(live_has_line(text, "Call-ID: c1@127.0.0.1"));
	assert_true(live_has_line(text, "CSeq: 1 MESSAGE"));
	assert_true(live_has_line(text, "X-Foo:  bar "));
	assert_true(live_has_line(text, "Date: Sat, 13 Nov 2010 23:29:00 GMT"));
	assert_true(live_has_line(text, "Identity: \"abc=\""));
	assert_true(live_has_line(text, "Require: foo"));
	assert_true(live_has_line(text, "Content-Length: 5"));
	assert_string_equal(strstr(text, "\r\n\r\n") + 4, "\x01\xff\r\n\xfe");
	assert_int_equal(live_times(text, "\r\nVia: "), 2);
	assert_null(strstr(text, "Record-Route"));
	assert_null(strstr(text, "Contact:"));
}

static void sip_8_without_max_forwards_it_is_70(void **state)
{
	char text[4096];

	(void)state;
	forward_and_keep(&(struct live_request){ .forward = "" }, text,
			 sizeof text);
	assert_true(live_has_line(text, "Max-Forwards: 70"));
	assert_int_equal(live_times(text, "Max-Forwards"), 1);
}

static void sip_8_max_forwards_above_its_range_is_70(void **state)
{
	char text[4096];

	(void)state;
	forward_and_keep(
		&(struct live_request){ .forward = "Max-Forwards: 300\r\n" },
		text, sizeof text);
	assert_true(live_has_line(text, "Max-Forwards: 70"));
}

static void sip_27_our_own_routes_are_taken_off(void **state)
{
	char text[4096];

	(void)state;
	forward_and_keep(
		&(struct live_request){
			.headers = "Route: <sip:gw.example.net;lr>, "
				   "<sip:127.0.0.1;lr>\r\n" },
		text, sizeof text);
	assert_null(strstr(text, "Route:"));
}

static void sip_36_assertions_stay_among_those_who_trust(void **state)
{
	static const struct live_request request = {
		.headers = "P-Asserted-Identity: <tel:+12025550123>\r\n"
			   "P-Charging-Vector: icid-value=1\r\n"
			   "p-early-media: x\r\n"
			   "X-P-Other: x\r\n"
	};
	char text[4096];

	(void)state;
	forward_and_keep(&request, text, sizeof text);
	assert_non_null(strstr(text, "P-Asserted-Identity"));
	hop_answer(text, "200 OK", "");
	assert_int_equal(live_code(), 200);
	live_answer_all(200, NULL);
	live.hop_trust = ADMISSION_NOBODY;
	forward_and_keep(&(struct live_request){ .branch = "b2",
						 .headers = request.headers },
			 text, sizeof text);
	assert_null(strstr(text, "P-Asserted-Identity"));
	assert_null(strstr(text, "P-Charging-Vector"));
	assert_null(strstr(text, "p-early-media"));
	assert_non_null(strstr(text, "X-P-Other"));
}

static void sip_32_finals_come_back_without_our_via_only(void **state)
{
	static const char *const finals[] = { "200 Fine", "202 Accepted",
					      "404 Nobody", "486 Busy",
					      "603 No" };

	(void)state;
	for (size_t i = 0; i < sizeof finals / sizeof finals[0]; i++) {
		char request[4096], start[64], branch[8];
		const char *text;

		snprintf(branch, sizeof branch, "%zu", i);
		forward_and_keep(&(struct live_request){ .branch = branch },
				 request, sizeof request);
		hop_answer(request, finals[i], "X-Server: yes\r\n");
		text = live_receive(live.peer);
		snprintf(start, sizeof start, "SIP/2.0 %s\r\n", finals[i]);
		assert_int_equal(strncmp(text, start, strlen(start)), 0);
		assert_true(live_has_line(text, "X-Server: yes"));
		assert_true(live_has_line(text, "To: <tel:+12025550100>"));
		assert_int_equal(live_times(text, "\r\nVia: "), 1);
		assert_non_null(strstr(text, ";rport="));
		assert_int_equal(live.outcome.code, atoi(finals[i]));
		assert_false(live.outcome.try_next);
		live_answer_all(500, NULL);
	}
}

static void sip_32_a_503_asks_for_the_next_hop(void **state)
{
	char request[4096];

	(void)state;
	forward_and_keep(&(struct live_request){ 0 }, request, sizeof request);
	hop_answer(request, "503 Busy", "Retry-After: 60\r\n");
	assert_int_equal(live.done_count, 1);
	assert_true(live.outcome.try_next);
	assert_false(live.outcome.silent);
	assert_int_equal(live.outcome.code, 500);
	assert_int_equal(live.outcome.retry_after_s, 60); /* CARR-5 */
	assert_int_equal(live_code(), 0);
}

static void carr_5_an_endless_pause_is_no_short_one(void **state)
{
	char request[4096];

	(void)state;
	forward_and_keep(&(struct live_request){ 0 }, request, sizeof request);
	hop_answer(request, "503 Busy", "Retry-After: 4294967296\r\n");
	assert_true(live.outcome.retry_after_s > 1000000);
}

static void sip_20_a_408_is_never_passed_on(void **state)
{
	char request[4096];

	(void)state;
	forward_and_keep(&(struct live_request){ 0 }, request, sizeof request);
	hop_answer(request, "408 Late", "");
	assert_int_equal(live_code(), 504);
}

static void sip_32_a_final_without_our_via_stack_is_made_anew(void **state)
{
	char request[4096], text[4096];
	char *second;

	(void)state;
	forward_and_keep(&(struct live_request){ 0 }, request, sizeof request);
	second = strstr(strstr(request, "\r\nVia: ") + 2, "\r\nVia: ");
	assert_non_null(second);
	memcpy(second + 2, "Xia", 3);
	hop_answer_text(request, "404 Nobody", "", text, sizeof text);
	live_send_text(hop.udp, text, strlen(text));
	snprintf(text, sizeof text, "%s", live_receive(live.peer));
	assert_int_equal(atoi(text + 8), 404);
	assert_int_equal(live_times(text, "\r\nVia: "), 1);
}

static void sip_40_a_final_with_doubled_headers_is_made_anew(void **state)
{
	char request[4096];

	(void)state;
	forward_and_keep(&(struct live_request){ 0 }, request, sizeof request);
	hop_answer(request, "200 OK",
		   "Date: a\r\nSubject: b\r\nSubject: c\r\n");
	assert_int_equal(live_code(), 200);
}

static void sip_28_a_via_list_in_one_line_survives(void **state)
{
	char request[4096];
	const char *text;

	(void)state;
	forward_and_keep(
		&(struct live_request){
			.via = ";rport, SIP/2.0/TCP far.example;branch="
			       "z9hG4bK-far" },
		request, sizeof request);
	assert_int_equal(live_times(request, "branch=z9hG4bK"), 3);
	hop_answer(request, "200 OK", "");
	text = live_receive(live.peer);
	assert_int_equal(atoi(text + 8), 200);
	assert_int_equal(live_times(text, "branch=z9hG4bK"), 2);
	assert_non_null(strstr(text, "far.example"));
}

static void conf_15_a_refused_port_is_known_at_once(void **state)
{
	(void)state;
	live_send(&(struct live_request){ 0 });
	hop.attempt = hop_attempt(live.messages[0], live.origins[0],
				  "sip:alice@simple.im.example");
	close(hop.udp);
	hop_send(&hop.attempt);
	live_run(50);
	assert_int_equal(live.done_count, 1);
	assert_true(live.outcome.try_next);
	assert_true(live.outcome.silent);
	assert_int_equal(live.outcome.code, 504);
	hop.udp = live_socket(SOCK_DGRAM, "127.0.0.3", 0);
}

static double now_s(void)
{
	return (double)loop_now_ms(live.loop) / 1000;
}

static void sip_18_silence_is_met_with_timer_e_and_then_the_next(void **state)
{
	static const double due[] = { 0.0, 0.5, 1.5, 3.5 };
	char request[4096];
	size_t seen = 1;
	double began = now_s();

	(void)state;
	forward_and_keep(&(struct live_request){ 0 }, request, sizeof request);
	while (live.done_count == 0 && now_s() - began < 6) {
		const char *text = live_receive(hop.udp);

		if (*text) {
			assert_true(seen < 4);
			assert_string_equal(text, request);
			assert_true(now_s() - began > due[seen] - 0.05);
			assert_true(now_s() - began < due[seen] + 0.4);
			seen++;
		}
		live_run(10);
	}
	assert_int_equal(seen, 4);
	assert_true(live.outcome.try_next);
	assert_true(live.outcome.silent);
	assert_int_equal(live.outcome.code, 504);
	assert_int_equal(live_code(), 100); /* SIP-19 */
	/* what has been given up is neither sent again nor answered */
	live_run(4500);
	assert_string_equal(live_receive(hop.udp), "");
	hop_answer(request, "200 OK", "");
	assert_int_equal(live_code(), 0);
	assert_int_equal(live.done_count, 1);
}

static void conf_15_a_hop_that_was_heard_has_time(void **state)
{
	char request[4096];

	(void)state;
	forward_and_keep(&(struct live_request){ 0 }, request, sizeof request);
	hop_answer(request, "100 Trying", "");
	live_run(4500);
	assert_int_equal(live.done_count, 0);
	hop_answer(request, "200 OK", "");
	assert_int_equal(live.done_count, 1);
	assert_int_equal(live_code(), 100);
	assert_int_equal(live_code(), 200);
}

static void an_attempt_can_be_cancelled_at_any_time(void **state)
{
	struct side *side = sipside_side(live.side);
	char request[4096];

	(void)state;
	live_send(&(struct live_request){ 0 });
	hop.attempt = hop_attempt(live.messages[0], live.origins[0],
				  "sip:alice@simple.im.example");
	side->send(side, &hop.attempt);
	side->cancel(side, &hop.attempt); /* before the loop turns */
	assert_null(hop.attempt.state);
	live_run(30);
	hop_send(&hop.attempt);
	(void)live_receive(hop.udp);
	snprintf(request, sizeof request, "%s", live_receive(hop.udp));
	side->cancel(side, &hop.attempt);
	side->cancel(side, &hop.attempt);
	hop_answer(request, "200 OK", "");
	assert_int_equal(live.done_count, 0);
}

static void sip_31_each_attempt_has_a_branch_of_its_own(void **state)
{
	char first[256];
	const char *second;

	(void)state;
	hop_forward(&(struct live_request){ 0 });
	snprintf(first, sizeof first, "%s",
		 live_header(live_receive(hop.udp), "Via"));
	sipside_side(live.side)->cancel(sipside_side(live.side), &hop.attempt);
	hop_send(&hop.attempt);
	second = live_header(live_receive(hop.udp), "Via");
	assert_non_null(strstr(first, ";branch=z9hG4bK"));
	assert_non_null(strstr(second, ";branch=z9hG4bK"));
	assert_string_not_equal(first, second);
}

/* --- without memory --- */

static void exercise(void)
{
	struct side *side = sipside_side(live.side);

	live_receive(hop.udp);
	hop.attempt = hop_attempt(live.messages[0], live.origins[0],
				  "sip:alice@simple.im.example");
	live.done_count = 0;
	side->send(side, &hop.attempt);
	side->cancel(side, &hop.attempt);
	assert_null(hop.attempt.state);
	assert_int_equal(live.done_count, 0);
}

static void every_allocation_may_fail(void **state)
{
	(void)state;
	live_send(&(struct live_request){ 0 });
	assert_true(unit_fail_allocations(exercise) >= 2);
}

#define LIVE(test) cmocka_unit_test_setup_teardown(test, hop_open, hop_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LIVE(sip_8_sip_37_sip_43_a_request_is_passed_on_untouched),
		LIVE(sip_8_without_max_forwards_it_is_70),
		LIVE(sip_8_max_forwards_above_its_range_is_70),
		LIVE(sip_27_our_own_routes_are_taken_off),
		LIVE(sip_36_assertions_stay_among_those_who_trust),
		LIVE(sip_32_finals_come_back_without_our_via_only),
		LIVE(sip_32_a_503_asks_for_the_next_hop),
		LIVE(carr_5_an_endless_pause_is_no_short_one),
		LIVE(sip_20_a_408_is_never_passed_on),
		LIVE(sip_32_a_final_without_our_via_stack_is_made_anew),
		LIVE(sip_40_a_final_with_doubled_headers_is_made_anew),
		LIVE(sip_28_a_via_list_in_one_line_survives),
		LIVE(conf_15_a_refused_port_is_known_at_once),
		LIVE(sip_18_silence_is_met_with_timer_e_and_then_the_next),
		LIVE(conf_15_a_hop_that_was_heard_has_time),
		LIVE(an_attempt_can_be_cancelled_at_any_time),
		LIVE(sip_31_each_attempt_has_a_branch_of_its_own),
		LIVE(every_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
