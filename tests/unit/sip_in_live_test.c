#include "tests/unit/sip_live.h"

/* --- what is refused, and with which headers --- */

struct refusal {
	struct live_request request;
	int code;
	const char *header; /* that must stand in the answer, or NULL */
};

static void check_refusals(const struct refusal *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *text;

		live_send(&cases[i].request);
		text = live_receive(live.peer);
		if (atoi(text + strlen("SIP/2.0 ")) != cases[i].code ||
		    (cases[i].header && !live_has_line(text, cases[i].header)))
			fail_msg("case %zu: %s", i, text);
		assert_int_equal(live.count, 0);
	}
}

#define CHECK_REFUSALS(cases) \
	check_refusals((cases), sizeof(cases) / sizeof((cases)[0]))

static void sip_12_other_methods_are_refused_with_allow(void **state)
{
	static const struct refusal cases[] = {
		{ { .line = "INVITE tel:+12025550100 SIP/2.0",
		    .cseq = "1 INVITE" },
		  405,
		  "Allow: MESSAGE, OPTIONS" },
		{ { .line = "REGISTER sip:gw.example.net SIP/2.0",
		    .cseq = "1 REGISTER" },
		  405,
		  "Allow: MESSAGE, OPTIONS" },
		{ { .line = "FOO tel:+12025550100 SIP/2.0", .cseq = "1 FOO" },
		  501,
		  "Allow: MESSAGE, OPTIONS" },
		{ { .line = "CANCEL tel:+12025550100 SIP/2.0",
		    .cseq = "1 CANCEL" },
		  481,
		  NULL },
	};

	(void)state;
	CHECK_REFUSALS(cases);
}

static void sip_12_ack_is_never_answered(void **state)
{
	(void)state;
	assert_int_equal(live_ask(&(struct live_request){
				 .line = "ACK tel:+12025550100 SIP/2.0",
				 .cseq = "1 ACK" }),
			 0);
}

static void sip_12_cancel_of_a_message_is_answered_200(void **state)
{
	(void)state;
	assert_int_equal(live_ask(&(struct live_request){ 0 }), 0);
	assert_int_equal(live.count, 1);
	assert_int_equal(live_ask(&(struct live_request){
				 .line = "CANCEL tel:+12025550100 SIP/2.0",
				 .cseq = "1 CANCEL" }),
			 200);
	live_answer_all(202, NULL);
	assert_int_equal(live_code(), 202);
}

static void sip_14_options_says_what_we_can(void **state)
{
	const char *text;

	(void)state;
	live_send(&(struct live_request){
		.line = "OPTIONS sip:gw.example.net SIP/2.0",
		.cseq = "1 OPTIONS",
		.forward = "Max-Forwards: 0\r\n" });
	text = live_receive(live.peer);
	assert_int_equal(strncmp(text, "SIP/2.0 200 OK\r\n", 16), 0);
	assert_true(live_has_line(text, "Allow: MESSAGE, OPTIONS"));
	assert_non_null(strstr(text, "\r\nAccept: text/plain"));
	assert_true(live_has_line(text, "Accept-Encoding: identity"));
	assert_true(live_has_line(text, "Accept-Language: *"));
	assert_non_null(strstr(text, "\r\nSupported:"));
	assert_null(strstr(text, "\r\nContact:"));
}

static void sip_8_sip_13_sip_42_bad_headers_are_refused(void **state)
{
	static char long_line[4096];
	static const struct refusal cases[] = {
		{ { .forward = "Max-Forwards: 0\r\n" }, 483, NULL },
		{ { .headers = "Proxy-Require: bar, foo\r\n" },
		  420,
		  "Unsupported: bar, foo" },
		{ { .line = long_line }, 414, NULL },
		{ { .cseq = "1 OPTIONS" }, 400, NULL },
	};

	(void)state;
	snprintf(long_line, sizeof long_line, "MESSAGE tel:+1%0*d SIP/2.0",
		 2100, 0);
	CHECK_REFUSALS(cases);
}

static void tel_1_sip_25_sec_3_request_uris_that_lead_nowhere(void **state)
{
	static const struct refusal cases[] = {
		{ { .line = "MESSAGE mailto:a@b.example SIP/2.0" }, 416, NULL },
		{ { .line = "MESSAGE tel:5550100 SIP/2.0" }, 400, NULL },
		{ { .line = "MESSAGE tel:5550100;phone-context=+1202 SIP/2.0" },
		  404,
		  NULL },
		{ { .line = "MESSAGE tel:+12025550100;m-foo=1 SIP/2.0" },
		  400,
		  NULL },
		{ { .line = "MESSAGE tel:+1202*5550100 SIP/2.0" }, 400, NULL },
		{ { .line = "MESSAGE tel:+1234567890123456 SIP/2.0" },
		  404,
		  NULL },
		{ { .line = "MESSAGE sip:a@other.example SIP/2.0" },
		  403,
		  NULL },
		{ { .line = "MESSAGE sip:+12025550100@other.example;user=phone "
			    "SIP/2.0" },
		  403,
		  NULL },
		{ { .line = "MESSAGE sip:desk@gw.example.net SIP/2.0" },
		  404,
		  NULL },
		{ { .line = "MESSAGE sip:+12025550100@gw.example.net?Subject=x "
			    "SIP/2.0" },
		  400,
		  NULL },
		{ { .line = "MESSAGE im:alice@localhost SIP/2.0" }, 404, NULL },
		{ { .line = "MESSAGE im:ali%00ce@im.example SIP/2.0" },
		  400,
		  NULL },
		{ { .headers = "Route: <sip:127.0.0.9;lr>\r\n" }, 403, NULL },
	};

	(void)state;
	CHECK_REFUSALS(cases);
}

static void sec_3_a_stranger_gets_403_whatever_is_asked(void **state)
{
	static const struct refusal cases[] = {
		{ { 0 }, 403, NULL },
		{ { .line = "OPTIONS sip:gw.example.net SIP/2.0",
		    .cseq = "1 OPTIONS" },
		  403,
		  NULL },
		{ { .line = "MESSAGE mailto:a@b.example SIP/2.0" }, 403, NULL },
	};

	(void)state;
	live.trust = ADMISSION_NOBODY;
	CHECK_REFUSALS(cases);
}

static void conf_16_draining_is_503_with_retry_after(void **state)
{
	static const struct refusal cases[] = {
		{ { 0 }, 503, "Retry-After: 5" },
	};

	(void)state;
	sipside_drain(live.side);
	CHECK_REFUSALS(cases);
}

static void sec_17_too_many_transactions_are_503(void **state)
{
	struct sipside_options options;

	(void)state;
	live_reserve();
	options = live_options();
	options.transactions_max = 2;
	live_open_with(&options);
	assert_int_equal(live_ask(&(struct live_request){ .branch = "1" }), 0);
	assert_int_equal(live_ask(&(struct live_request){ .branch = "2" }), 0);
	assert_int_equal(live_ask(&(struct live_request){ .branch = "3" }),
			 503);
	assert_int_equal(live.count, 2);
	/* an answered one still counts: it lingers for retransmissions */
	live_answer_all(202, NULL);
	assert_int_equal(live_code(), 202);
	assert_int_equal(live_code(), 202);
	assert_int_equal(live_ask(&(struct live_request){ .branch = "4" }),
			 503);
}

/* --- what comes in --- */

static const struct message *take(const struct live_request *request)
{
	live_answer_all(202, NULL);
	(void)live_receive(live.peer);
	live_send(request);
	if (live.count != 1)
		fail_msg("not taken: %s", live_receive(live.peer));
	return live.messages[0];
}

static void map_7_a_request_becomes_a_message(void **state)
{
	const struct message *m = take(&(struct live_request){
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
		m = take(&(struct live_request){ .line = line,
						 .branch = branch });
		assert_string_equal(m->target, cases[i].target);
		assert_string_equal(m->to, cases[i].uri);
		assert_int_equal(m->kind, PLAN_NUMBER);
	}
}

static void tel_11_an_escaped_plus_is_a_plus(void **state)
{
	const struct message *m = take(&(struct live_request){
		.line = "MESSAGE sip:%2B12025550100@gw.example.net SIP/2.0" });

	(void)state;
	assert_int_equal(m->kind, PLAN_NUMBER);
	assert_non_null(strstr(m->target, "12025550100"));
}

static void tel_12_tel_13_enumdi_is_believed_from_trusted_peers(void **state)
{
	const char *line = "MESSAGE tel:+12025550100;enumdi;npdi SIP/2.0";
	const struct message *m = take(&(struct live_request){ .line = line });

	(void)state;
	assert_true(m->skip_enum);
	assert_string_equal(m->target, "+12025550100;enumdi;npdi");
	live.trust = ADMISSION_ADMITTED;
	m = take(&(struct live_request){ .line = line, .branch = "b2" });
	assert_false(m->skip_enum);
	assert_string_equal(m->target, "+12025550100;npdi");
}

static void im_25_im_is_taken_from_trusted_peers_only(void **state)
{
	const char *line = "MESSAGE im:alice@im.example SIP/2.0";
	const struct message *m = take(&(struct live_request){ .line = line });

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
	const struct message *m = take(&(struct live_request){
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
		take(&(struct live_request){ .headers = asserted });

	(void)state;
	assert_string_equal(m->asserted, "tel:+12025550123");
	m = take(&(struct live_request){ .headers = hidden, .branch = "b2" });
	assert_null(m->asserted);
	assert_true(m->anonymous);
	live.trust = ADMISSION_ADMITTED;
	m = take(&(struct live_request){ .headers = asserted, .branch = "b3" });
	assert_null(m->asserted);
}

static void sip_27_our_own_route_is_no_obstacle(void **state)
{
	(void)state;
	take(&(struct live_request){
		.headers = "Route: <sip:gw.example.net;lr>\r\n" });
}

static void sip_40_a_bad_date_is_no_reason_to_refuse(void **state)
{
	const struct message *m =
		take(&(struct live_request){ .headers = "Date: whenever\r\n" });

	(void)state;
	assert_int_equal(m->date_s, 0);
}

static void sip_25_to_may_have_any_scheme(void **state)
{
	(void)state;
	take(&(struct live_request){ .to = "<foo:bar>" });
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
	assert_non_null(strstr(live.messages[0]->subject, "Folded"));
}

/* --- answers --- */

static void sip_1_sip_15_a_202_says_no_more_than_it_must(void **state)
{
	const char *text;

	(void)state;
	live_send(&(struct live_request){ 0 });
	live_answer_all(202, NULL);
	text = live_receive(live.peer);
	assert_int_equal(strncmp(text, "SIP/2.0 202 Accepted\r\n", 22), 0);
	assert_non_null(strstr(text, "\r\nTo: <tel:+12025550100>;tag="));
	assert_true(live_has_line(text, "Content-Length: 0"));
	assert_true(live_has_line(text, "From: <tel:+12025550199>;tag=f1"));
	assert_true(live_has_line(text, "Call-ID: c1@127.0.0.1"));
	assert_true(live_has_line(text, "CSeq: 1 MESSAGE"));
	assert_null(strstr(text, "\r\nContact:"));
	assert_null(strstr(text, "\r\nAllow:"));
}

static void answer_with(const struct outcome *outcome)
{
	struct side *side = sipside_side(live.side);

	side->answer(side, live.origins[0], live.messages[0], outcome);
	live.origins[0] = NULL;
}

static void sip_4_sip_13_finals_carry_what_they_must(void **state)
{
	struct outcome outcome = outcome_of_sip(415, NULL);
	const char *text;

	(void)state;
	take(&(struct live_request){ .branch = "1" });
	answer_with(&outcome);
	text = live_receive(live.peer);
	assert_non_null(strstr(text, "SIP/2.0 415 "));
	assert_non_null(strstr(text, "\r\nAccept: text/plain"));
	assert_true(live_has_line(text, "Accept-Encoding: identity"));
	assert_true(live_has_line(text, "Accept-Language: *"));

	take(&(struct live_request){ .branch = "2" });
	outcome = outcome_of_sip(420, NULL);
	outcome.unsupported = "foo";
	answer_with(&outcome);
	assert_true(live_has_line(live_receive(live.peer), "Unsupported: foo"));

	take(&(struct live_request){ .branch = "3" });
	outcome = outcome_of_sip(500, "cannot tell");
	outcome.retry_after_s = 60;
	answer_with(&outcome);
	text = live_receive(live.peer);
	assert_int_equal(strncmp(text, "SIP/2.0 500 cannot tell\r\n", 25), 0);
	assert_true(live_has_line(text, "Retry-After: 60"));

	take(&(struct live_request){
		.branch = "4",
		.line = "MESSAGE sips:+12025550100@gw.example.net SIP/2.0" });
	outcome = outcome_of_sip(480, NULL);
	answer_with(&outcome);
	assert_non_null(strstr(live_receive(live.peer), "\r\nWarning: 380 "));
}

static void sip_17_a_retransmission_gets_the_same_octets(void **state)
{
	char first[2048];

	(void)state;
	live_send(&(struct live_request){ 0 });
	live_send(&(struct live_request){ 0 });
	assert_int_equal(live.count, 1);
	live_answer_all(202, NULL);
	snprintf(first, sizeof first, "%s", live_receive(live.peer));
	assert_int_equal(live_code(), 0);
	for (int i = 0; i < 3; i++) {
		live_send(&(struct live_request){ 0 });
		assert_string_equal(live_receive(live.peer), first);
	}
	assert_int_equal(live.count, 0);
	/* another branch and CSeq is another message */
	live_send(
		&(struct live_request){ .branch = "b2", .cseq = "2 MESSAGE" });
	assert_int_equal(live.count, 1);
}

static void sip_15_a_refusal_has_the_same_to_tag_again(void **state)
{
	const struct live_request bad = {
		.line = "MESSAGE mailto:a@b.example SIP/2.0"
	};
	char first[2048];

	(void)state;
	live_send(&bad);
	snprintf(first, sizeof first, "%s", live_receive(live.peer));
	assert_non_null(strstr(live_header(first, "To"), ";tag="));
	live_send(&bad);
	assert_string_equal(live_receive(live.peer), first);
}

static void sip_16_rport_and_received_are_filled_in(void **state)
{
	char via[256];

	(void)state;
	take(&(struct live_request){ 0 });
	live_answer_all(202, NULL);
	snprintf(via, sizeof via, "%s",
		 live_header(live_receive(live.peer), "Via"));
	assert_non_null(strstr(via, ";received=127.0.0.1"));
	assert_non_null(strstr(via, ";rport="));
	assert_int_equal(atoi(strstr(via, ";rport=") + 7),
			 atoi(live.peer_port));
}

static void sip_16_a_maddr_does_not_redirect_the_answer(void **state)
{
	int third = live_socket(SOCK_DGRAM, "127.0.0.3", atoi(live.peer_port));

	(void)state;
	assert_int_equal(
		live_ask(&(struct live_request){
			.via = ";maddr=127.0.0.3",
			.line = "MESSAGE mailto:a@b.example SIP/2.0" }),
		416);
	take(&(struct live_request){ .via = ";maddr=127.0.0.3",
				     .branch = "b2" });
	live_answer_all(202, NULL);
	assert_int_equal(live_code(), 202);
	assert_string_equal(live_receive(third), "");
	close(third);
}

static void sip_19_one_100_at_3_5_s_and_again_when_asked(void **state)
{
	(void)state;
	live_send(&(struct live_request){ 0 });
	live_run(3200);
	live_send(&(struct live_request){ 0 });
	assert_int_equal(live_code(), 0);
	live_run(400);
	assert_int_equal(live_code(), 100);
	assert_int_equal(live_code(), 0);
	assert_int_equal(live_ask(&(struct live_request){ 0 }), 100);
	live_answer_all(202, NULL);
	assert_int_equal(live_code(), 202);
	assert_int_equal(live_ask(&(struct live_request){ 0 }), 202);
}

/* --- what is no SIP, and TCP --- */

static void sip_39_stun_and_garbage_are_ignored(void **state)
{
	static const char stun[20] = {
		0, 1, 0, 0, 0x21, 0x12, (char)0xa4, 0x42
	};
	static const char garbage[] = "\xff\xfe\x00hello\r\n\r\n";

	(void)state;
	live_send_text(live.peer, stun, sizeof stun);
	live_send_text(live.peer, garbage, sizeof garbage - 1);
	live_send_text(live.peer, "\r\n\r\n", 4);
	live_send_text(live.peer, "x", 1);
	assert_string_equal(live_receive(live.peer), "");
	take(&(struct live_request){ 0 });
}

static void sip_20_a_stray_response_reaches_nobody(void **state)
{
	char text[512];

	(void)state;
	live_write(text, sizeof text,
		   "SIP/2.0 200 OK\n"
		   "Via: SIP/2.0/UDP 127.0.0.1:{PORT};branch=z9hG4bK-x\n"
		   "From: <tel:+12025550199>;tag=f1\n"
		   "To: <tel:+12025550100>;tag=t1\n"
		   "Call-ID: c1@127.0.0.1\n"
		   "CSeq: 1 MESSAGE\n"
		   "Content-Length: 0\n\n",
		   live_value, &(struct live_request){ 0 });
	live_send_text(live.peer, text, strlen(text));
	assert_string_equal(live_receive(live.peer), "");
	assert_int_equal(live.count, 0);
}

static int connect_tcp(void)
{
	struct sockaddr_in to = live_address("127.0.0.1", atoi(live.port));
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
	return fd;
}

static void sip_29_tcp_messages_may_be_split_anywhere(void **state)
{
	char first[1024], second[1024];
	int fd = connect_tcp();

	(void)state;
	live_request_text(&(struct live_request){ .transport = "TCP" }, first,
			  sizeof first);
	live_request_text(
		&(struct live_request){ .transport = "TCP", .branch = "b2" },
		second, sizeof second);
	assert_true(send(fd, first, 100, 0) == 100);
	live_run(30);
	assert_int_equal(live.count, 0);
	strncat(first, second, sizeof first - strlen(first) - 1);
	assert_true(send(fd, first + 100, strlen(first) - 100, 0) > 0);
	live_run(30);
	assert_int_equal(live.count, 2);
	live_answer_all(202, NULL);
	live_run(30);
	assert_int_equal(live_times(live_receive(fd), "SIP/2.0 202 "), 2);
	close(fd);
	live_run(30);
}

static void sip_7_a_large_datagram_is_taken(void **state)
{
	static char body[60001];
	const struct message *m;

	(void)state;
	memset(body, 'x', sizeof body - 1);
	m = take(&(struct live_request){ .body = body });
	assert_int_equal(m->body_len, sizeof body - 1);
	assert_string_equal(m->body, body);
}

static void a_listener_that_is_taken_is_an_error(void **state)
{
	struct sipside_options options = live_options();
	struct sipside *second = NULL;

	(void)state;
	assert_int_equal(sipside_create(live.loop, &options, &second),
			 GATEWAY_CANNOT_BIND);
	assert_null(second);
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
		LIVE(sip_12_other_methods_are_refused_with_allow),
		LIVE(sip_12_ack_is_never_answered),
		LIVE(sip_12_cancel_of_a_message_is_answered_200),
		LIVE(sip_14_options_says_what_we_can),
		LIVE(sip_8_sip_13_sip_42_bad_headers_are_refused),
		LIVE(tel_1_sip_25_sec_3_request_uris_that_lead_nowhere),
		LIVE(sec_3_a_stranger_gets_403_whatever_is_asked),
		LIVE(conf_16_draining_is_503_with_retry_after),
		cmocka_unit_test_teardown(sec_17_too_many_transactions_are_503,
					  live_close),
		LIVE(map_7_a_request_becomes_a_message),
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
		LIVE(sip_1_sip_15_a_202_says_no_more_than_it_must),
		LIVE(sip_4_sip_13_finals_carry_what_they_must),
		LIVE(sip_17_a_retransmission_gets_the_same_octets),
		LIVE(sip_15_a_refusal_has_the_same_to_tag_again),
		LIVE(sip_16_rport_and_received_are_filled_in),
		LIVE(sip_16_a_maddr_does_not_redirect_the_answer),
		LIVE(sip_19_one_100_at_3_5_s_and_again_when_asked),
		LIVE(sip_39_stun_and_garbage_are_ignored),
		LIVE(sip_20_a_stray_response_reaches_nobody),
		LIVE(sip_29_tcp_messages_may_be_split_anywhere),
		LIVE(sip_7_a_large_datagram_is_taken),
		LIVE(a_listener_that_is_taken_is_an_error),
		cmocka_unit_test(every_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
