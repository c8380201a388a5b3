#include "tests/unit/sip_out_live.h"

#define CHALLENGE                                               \
	"Proxy-Authenticate: Digest realm=\"r\", nonce=\"n1\"," \
	" qop=\"auth\", algorithm=SHA-256\r\n"

static struct message *message;

static int open_known(void **state)
{
	struct sipside_options options;

	(void)state;
	live_reserve();
	options = live_options();
	options.credentials =
		(struct sipside_credentials){ .user = "bob",
					      .password = "zanzibar" };
	live_open_with(&options);
	memset(&hop, 0, sizeof hop);
	hop.udp = live_socket(SOCK_DGRAM, "127.0.0.3", 0);
	hop.tcp = -1;
	message = message_create();
	assert_non_null(message);
	message->origin = PROTOCOL_XMPP;
	assert_int_equal(message_set(&message->from, "alice@im.example/r1"),
			 GATEWAY_OK);
	assert_int_equal(message_set(&message->to, "+12025550199@gw"),
			 GATEWAY_OK);
	assert_int_equal(message_set_body(message, "Hi", 2), GATEWAY_OK);
	return 0;
}

static int close_known(void **state)
{
	int status = hop_close(state);

	message_destroy(&message);
	return status;
}

static void send_first(char *text, size_t size)
{
	hop.attempt = hop_attempt(message, NULL, "tel:+12025550199");
	hop_send(&hop.attempt);
	snprintf(text, size, "%s", live_receive(hop.udp));
	assert_string_equal(live_header(text, "Proxy-Authorization"), "");
}

static void sip_34_the_second_request_has_credentials(void **state)
{
	char first[4096], call_id[256];
	const char *second;

	(void)state;
	send_first(first, sizeof first);
	snprintf(call_id, sizeof call_id, "%s", live_header(first, "Call-ID"));
	hop_answer(first, "407 Who", CHALLENGE);
	second = live_receive(hop.udp);
	assert_string_equal(live_header(second, "Call-ID"), call_id);
	assert_int_equal(live_times(second, "\r\nVia: "), 1);
	assert_non_null(strstr(live_header(second, "Proxy-Authorization"),
			       "username=\"bob\", realm=\"r\", nonce=\"n1\", "
			       "uri=\"tel:+12025550199\""));
	assert_int_equal(live.done_count, 0);
	hop_answer(second, "200 OK", "");
	assert_int_equal(live.done_count, 1);
	assert_int_equal(live.outcome.code, 200);
}

static void sip_18_34_the_second_request_is_repeated_too(void **state)
{
	char first[4096], second[4096];

	(void)state;
	send_first(first, sizeof first);
	hop_answer(first, "407 Who", CHALLENGE);
	snprintf(second, sizeof second, "%s", live_receive(hop.udp));
	live_run(600);
	assert_string_equal(live_receive(hop.udp), second);
}

static void sip_34_the_second_request_can_be_cancelled(void **state)
{
	struct side *side = sipside_side(live.side);
	char first[4096];

	(void)state;
	send_first(first, sizeof first);
	hop_answer(first, "407 Who", CHALLENGE);
	assert_string_not_equal(live_receive(hop.udp), "");
	side->cancel(side, &hop.attempt);
	assert_null(hop.attempt.state);
	live_run(600);
	assert_string_equal(live_receive(hop.udp), "");
	assert_int_equal(live.done_count, 0);
}

/* A line break within quotes would end up in our header. */
static void sec_5_34_a_folded_challenge_is_not_answered(void **state)
{
	char first[4096];

	(void)state;
	send_first(first, sizeof first);
	hop_answer(first, "407 Who",
		   "Proxy-Authenticate: Digest realm=\"a\r\n b\","
		   " nonce=\"n\"\r\n");
	assert_string_equal(live_receive(hop.udp), "");
	assert_int_equal(live.done_count, 1);
	assert_int_equal(live.outcome.code, 407);
}

#define LIVE(test) \
	cmocka_unit_test_setup_teardown(test, open_known, close_known)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LIVE(sip_34_the_second_request_has_credentials),
		LIVE(sip_18_34_the_second_request_is_repeated_too),
		LIVE(sip_34_the_second_request_can_be_cancelled),
		LIVE(sec_5_34_a_folded_challenge_is_not_answered),
	};

	return cmocka_run_group_tests_name("sip_credentials", tests, NULL,
					   NULL);
}
