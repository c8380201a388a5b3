#include "tests/unit/sip_live.h"

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
		{ { .line = "F+O` tel:+12025550100 SIP/2.0", .cseq = "1 F+O`" },
		  501,
		  "Allow: MESSAGE, OPTIONS" },
		{ { .line = "message tel:+12025550100 SIP/2.0",
		    .cseq = "1 message" },
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

static void sip_40_a_first_line_with_stray_blanks_is_refused(void **state)
{
	static const struct refusal cases[] = {
		{ { .line = "MESSAGE  tel:+12025550100 SIP/2.0" }, 400, NULL },
		{ { .line = "MESSAGE tel:+12025550100  SIP/2.0" }, 400, NULL },
		{ { .line = "MESSAGE tel:+1202 5550100 SIP/2.0" }, 400, NULL },
		{ { .line = "MESSAGE tel:+12025550100\t SIP/2.0" }, 400, NULL },
		{ { .line = "MESSAGE  SIP/2.0" }, 400, NULL },
		{ { .line = "MESSAGE <tel:+12025550100> SIP/2.0" }, 400, NULL },
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
		{ { .headers = "Subject: a\r\nDate: b\r\nSubject: c\r\n" },
		  400,
		  NULL },
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

#define LIVE(test) cmocka_unit_test_setup_teardown(test, live_open, live_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LIVE(sip_12_other_methods_are_refused_with_allow),
		LIVE(sip_40_a_first_line_with_stray_blanks_is_refused),
		LIVE(sip_12_ack_is_never_answered),
		LIVE(sip_12_cancel_of_a_message_is_answered_200),
		LIVE(sip_14_options_says_what_we_can),
		LIVE(sip_8_sip_13_sip_42_bad_headers_are_refused),
		LIVE(tel_1_sip_25_sec_3_request_uris_that_lead_nowhere),
		LIVE(sec_3_a_stranger_gets_403_whatever_is_asked),
		LIVE(conf_16_draining_is_503_with_retry_after),
		cmocka_unit_test_teardown(sec_17_too_many_transactions_are_503,
					  live_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
