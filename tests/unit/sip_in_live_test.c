#include "tests/unit/sip_live.h"

/* --- what comes in --- */

static void map_7_a_request_becomes_a_message(void **state)
{
	const struct message *m = live_take(&(struct live_request){
		.headers = "Subject: Test\r\n"
			   "Content-Language: en\r\n"
			   "Date: Thu, 01 Jan 1970 00:01:00 GMT\r\n"
			   "Expires: 60\r\n" });

	(void)state;
	assert_string_equal(m->to, "tel:+12025550100");
	assert_string_equal(m->target, "+12025550100");
	assert_int_equal(m->kind, PLAN_NUMBER);
	assert_string_equal(m->from, "tel:+12025550199");
	assert_string_equal(m->to_header, "tel:+12025550100");
	assert_string_equal(m->call_id, "c1@127.0.0.1");
	assert_string_equal(m->subject, "Test");
	assert_string_equal(m->language, "en");
	assert_string_equal(m->content_type, "text/plain");
	assert_string_equal(m->body, "Hello");
	assert_int_equal(m->body_len, 5);
	assert_string_equal(m->peer, "127.0.0.1");
	assert_int_equal(m->date_s, 60);
	assert_int_equal(m->expires_s, 120);
	assert_null(m->require);
	assert_null(m->asserted);
	assert_false(m->anonymous || m->in_dialog || m->secure_only ||
		     m->skip_enum);
	assert_int_equal(strlen(m->id), MESSAGE_ID_SIZE - 1);
}

static void sip_22_sip_40_an_endless_expires_lies_in_the_future(void **state)
{
	const struct message *m = live_take(&(struct live_request){
		.headers = "Expires: 100000000000000000000000000000\r\n" });

	(void)state;
	assert_true(m->expires_s > m->arrived_s);
}

/* By another way it has another branch; a fork has another recipient. */
static void sip_11_only_a_message_to_the_same_recipient_is_a_copy(void **state)
{
	static const struct {
		const char *line, *branch, *cseq;
		bool copy;
	} cases[] = {
		{ "MESSAGE sip:+12025550100@gw.example.net SIP/2.0", "b2",
		  "1 MESSAGE", true },
		{ "MESSAGE tel:+12025550101 SIP/2.0", "b3", "1 MESSAGE",
		  false },
		{ "MESSAGE tel:+12025550100 SIP/2.0", "b4", "2 MESSAGE",
		  false },
	};
	unsigned char key[MESSAGE_KEY_SIZE];

	(void)state;
	memcpy(key, live_take(&(struct live_request){ .branch = "b1" })->key,
	       sizeof key);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct message *m = live_take(
			&(struct live_request){ .line = cases[i].line,
						.branch = cases[i].branch,
						.cseq = cases[i].cseq });

		assert_true(m->has_key);
		assert_int_equal(memcmp(m->key, key, sizeof key) == 0,
				 cases[i].copy);
	}
}

static void tel_9_tel_11_numbers_are_taken_as_spelled(void **state)
{
	static const struct {
		const char *uri, *target;
	} cases[] = {
		{ "tel:+1-202-555-0100", "+1-202-555-0100" },
		{ "tel:+1(202)555.0100", "+1(202)555.0100" },
		{ "TEL:+12025550100;ext=12;tsp=a.b",
		  "+12025550100;ext=12;tsp=a.b" },
		{ "sip:+12025550100@gw.example.net", "+12025550100" },
		{ "sip:+1-202-555-0100;isub=1@GW.example.net;user=phone",
		  "+1-202-555-0100;isub=1" },
		{ "sip:+12025550100@127.0.0.1;user=phone", "+12025550100" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char line[256], branch[16];
		const struct message *m;

		snprintf(line, sizeof line, "MESSAGE %s SIP/2.0", cases[i].uri);
		snprintf(branch, sizeof branch, "%zu", i);
		m = live_take(&(struct live_request){ .line = line,
						      .branch = branch });
		assert_string_equal(m->target, cases[i].target);
		assert_string_equal(m->to, cases[i].uri);
		assert_int_equal(m->kind, PLAN_NUMBER);
	}
}

static void tel_11_an_escaped_plus_is_a_plus(void **state)
{
	const struct message *m = live_take(&(struct live_request){
		.line = "MESSAGE sip:%2B12025550100@gw.example.net SIP/2.0" });

	(void)state;
	assert_int_equal(m->kind, PLAN_NUMBER);
	assert_non_null(strstr(m->target, "12025550100"));
}

static void tel_12_tel_13_enumdi_is_believed_from_trusted_peers(void **state)
{
	const char *line = "MESSAGE tel:+12025550100;enumdi;npdi SIP/2.0";
	const struct message *m =
		live_take(&(struct live_request){ .line = line });

	(void)state;
	assert_true(m->skip_enum);
	assert_string_equal(m->target, "+12025550100;enumdi;npdi");
	live.trust = ADMISSION_ADMITTED;
	m = live_take(&(struct live_request){ .line = line, .branch = "b2" });
	assert_false(m->skip_enum);
	assert_string_equal(m->target, "+12025550100;npdi");
}

static void im_25_im_is_taken_from_trusted_peers_only(void **state)
{
	const char *line = "MESSAGE im:alice@im.example SIP/2.0";
	const struct message *m =
		live_take(&(struct live_request){ .line = line });

	(void)state;
	assert_int_equal(m->kind, PLAN_IM);
	assert_string_equal(m->target, "im:alice@im.example");
	live.trust = ADMISSION_ADMITTED;
	live_answer_all(202, NULL);
	(void)live_receive(live.peer);
	assert_int_equal(live_ask(&(struct live_request){ .line = line,
							  .branch = "b2" }),
			 403);
}

static void sip_13_sip_26_map_12_the_middle_is_told(void **state)
{
	const struct message *m = live_take(&(struct live_request){
		.line = "MESSAGE sips:+12025550100@gw.example.net SIP/2.0",
		.to = "<tel:+12025550100>;tag=t1",
		.headers = "Require: foo, bar\r\nRequire: baz\r\n" });

	(void)state;
	assert_string_equal(m->require, "foo,bar,baz");
	assert_true(m->in_dialog);
	assert_true(m->secure_only);
}

static void sip_36_who_asserts_is_believed_if_trusted(void **state)
{
	static const char *const asserted =
		"P-Asserted-Identity: \"A <x>\" <sip:a@b.example>, "
		"<tel:+12025550123>\r\n";
	static const char *const hidden =
		"P-Asserted-Identity: <tel:+12025550123>\r\n"
		"Privacy: id\r\n";
	const struct message *m =
		live_take(&(struct live_request){ .headers = asserted });

	(void)state;
	assert_string_equal(m->asserted, "tel:+12025550123");
	m = live_take(
		&(struct live_request){ .headers = hidden, .branch = "b2" });
	assert_null(m->asserted);
	assert_true(m->anonymous);
	live.trust = ADMISSION_ADMITTED;
	m = live_take(
		&(struct live_request){ .headers = asserted, .branch = "b3" });
	assert_null(m->asserted);
}

static void sip_27_our_own_route_is_no_obstacle(void **state)
{
	(void)state;
	live_take(&(struct live_request){
		.headers = "Route: <sip:gw.example.net;lr>\r\n" });
}

static void sip_40_a_bad_date_is_no_reason_to_refuse(void **state)
{
	const struct message *m = live_take(
		&(struct live_request){ .headers = "Date: whenever\r\n" });

	(void)state;
	assert_int_equal(m->date_s, 0);
}

static void sip_25_to_may_have_any_scheme(void **state)
{
	(void)state;
	live_take(&(struct live_request){ .to = "<foo:bar>" });
}

static void sip_28_compact_and_folded_headers_are_read(void **state)
{
	char text[1024];
	const char *request = "MESSAGE tel:+12025550100 SIP/2.0\n"
			      "v: SIP/2.0/UDP 127.0.0.1:{PORT}\n"
			      " ;branch=z9hG4bK-b1;rport\n"
			      "f: <tel:+12025550199>\n  ;tag=f1\n"
			      "t: <tel:+12025550100>\n"
			      "i: c1@127.0.0.1\n"
			      "cseq: 1 MESSAGE\n"
			      "s: Folded\n subject\n"
			      "l: 2\n"
			      "c: text/plain\n"
			      "\n"
			      "Hitrailing";

	(void)state;
	live_write(text, sizeof text, request, live_value,
		   &(struct live_request){ 0 });
	live_send_text(live.peer, text, strlen(text));
	assert_int_equal(live.count, 1);
	assert_string_equal(live.messages[0]->body, "Hi"); /* SIP-29 */
	assert_string_equal(live.messages[0]->call_id, "c1@127.0.0.1");
	assert_string_equal(live.messages[0]->subject, "Folded subject");
}

/* --- without memory --- */

static void exercise(void)
{
	struct sipside_options options;

	live_reserve();
	options = live_options();
	if (loop_create(&live.loop) == GATEWAY_OK &&
	    sipside_create(live.loop, &options, &live.side) == GATEWAY_OK) {
		char text[1024];
		struct sockaddr_in to =
			live_address("127.0.0.1", atoi(live.port));
		struct loop_timer *timer;

		live_request_text(
			&(struct live_request){ .headers = "Require: foo\r\n"
							   "Subject: x\r\n" },
			text, sizeof text);
		(void)sendto(live.peer, text, strlen(text), 0,
			     (struct sockaddr *)&to, sizeof to);
		if (loop_timer_create(live.loop, live_stop, NULL, &timer) ==
		    ENUM_OK) {
			loop_timer_set(timer, 10);
			loop_run(live.loop);
			loop_timer_destroy(&timer);
		}
	}
	if (live.loop)
		live_answer_all(202, NULL);
	sipside_destroy(&live.side);
	loop_destroy(&live.loop);
	close(live.peer);
}

static void every_allocation_may_fail(void **state)
{
	(void)state;
	assert_true(unit_fail_allocations(exercise) > 10);
}

#define LIVE(test) cmocka_unit_test_setup_teardown(test, live_open, live_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LIVE(map_7_a_request_becomes_a_message),
		LIVE(sip_22_sip_40_an_endless_expires_lies_in_the_future),
		LIVE(sip_11_only_a_message_to_the_same_recipient_is_a_copy),
		LIVE(tel_9_tel_11_numbers_are_taken_as_spelled),
		LIVE(tel_11_an_escaped_plus_is_a_plus),
		LIVE(tel_12_tel_13_enumdi_is_believed_from_trusted_peers),
		LIVE(im_25_im_is_taken_from_trusted_peers_only),
		LIVE(sip_13_sip_26_map_12_the_middle_is_told),
		LIVE(sip_36_who_asserts_is_believed_if_trusted),
		LIVE(sip_27_our_own_route_is_no_obstacle),
		LIVE(sip_40_a_bad_date_is_no_reason_to_refuse),
		LIVE(sip_25_to_may_have_any_scheme),
		LIVE(sip_28_compact_and_folded_headers_are_read),
		cmocka_unit_test(every_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
