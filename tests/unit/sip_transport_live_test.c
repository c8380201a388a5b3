#include "tests/unit/sip_out_live.h"

static char large[2001];

static const struct live_request *large_request(void)
{
	static struct live_request request = { .body = large };

	memset(large, 'x', sizeof large - 1);
	return &request;
}

static void sip_7_a_large_request_goes_over_tcp(void **state)
{
	static char text[4096];
	int fd;

	(void)state;
	hop.tcp = live_socket(SOCK_STREAM, "127.0.0.3", live_port_of(hop.udp));
	assert_int_equal(listen(hop.tcp, 4), 0);
	hop_forward(large_request());
	fd = accept(hop.tcp, NULL, NULL);
	live_run(30);
	snprintf(text, sizeof text, "%s", live_receive(fd));
	assert_int_equal(strncmp(live_header(text, "Via"), "SIP/2.0/TCP ", 12),
			 0);
	assert_string_equal(strstr(text, "\r\n\r\n") + 4, large);
	assert_string_equal(live_receive(hop.udp), "");
	close(fd);
	live_run(30);
}

static void sip_7_without_tcp_it_goes_over_udp_after_all(void **state)
{
	const char *text;

	(void)state;
	hop_forward(large_request());
	live_run(100);
	text = live_receive(hop.udp);
	assert_int_equal(strncmp(live_header(text, "Via"), "SIP/2.0/UDP ", 12),
			 0);
	assert_string_equal(strstr(text, "\r\n\r\n") + 4, large);
	assert_int_equal(live.done_count, 0);
	hop_answer(text, "200 OK", "");
	assert_int_equal(live_code(), 200);
}

static void sip_7_an_advertised_transport_is_obeyed(void **state)
{
	(void)state;
	live_send(large_request());
	hop.attempt = hop_attempt(live.messages[0], live.origins[0],
				  "sip:alice@simple.im.example");
	hop.attempt.hop.transport_advertised = true;
	hop_send(&hop.attempt);
	assert_int_equal(strncmp(live_header(live_receive(hop.udp), "Via"),
				 "SIP/2.0/UDP ", 12),
			 0);
}

static void conf_15_a_refused_connection_asks_for_the_next_hop(void **state)
{
	(void)state;
	live_send(&(struct live_request){ 0 });
	hop.attempt = hop_attempt(live.messages[0], live.origins[0],
				  "sip:alice@simple.im.example");
	hop.attempt.hop.transport = TRANSPORT_TCP;
	hop.attempt.hop.transport_advertised = true;
	hop_send(&hop.attempt);
	live_run(100);
	assert_int_equal(live.done_count, 1);
	assert_true(live.outcome.try_next);
	assert_true(live.outcome.silent);
	assert_string_equal(live_receive(hop.udp), "");
}

static void conf_15_a_connection_that_hangs_is_given_up(void **state)
{
	int first[16];
	struct sockaddr_in to;

	(void)state;
	hop.tcp = live_socket(SOCK_STREAM, "127.0.0.3", live_port_of(hop.udp));
	assert_int_equal(listen(hop.tcp, 0), 0);
	/* a backlog that is full leaves the next connection hanging */
	to = live_address("127.0.0.3", live_port_of(hop.udp));
	for (size_t i = 0; i < 16; i++) {
		first[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		(void)connect(first[i], (struct sockaddr *)&to, sizeof to);
	}
	live_send(&(struct live_request){ 0 });
	hop.attempt = hop_attempt(live.messages[0], live.origins[0],
				  "sip:alice@simple.im.example");
	hop.attempt.hop.transport = TRANSPORT_TCP;
	hop.attempt.hop.transport_advertised = true;
	hop_send(&hop.attempt);
	live_run(500);
	assert_int_equal(live.done_count, 1);
	assert_true(live.outcome.try_next);
	assert_true(live.outcome.silent);
	for (size_t i = 0; i < 16; i++)
		close(first[i]);
	live_run(30);
}

#define LIVE(test) cmocka_unit_test_setup_teardown(test, hop_open, hop_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LIVE(sip_7_a_large_request_goes_over_tcp),
		LIVE(sip_7_without_tcp_it_goes_over_udp_after_all),
		LIVE(sip_7_an_advertised_transport_is_obeyed),
		LIVE(conf_15_a_refused_connection_asks_for_the_next_hop),
		LIVE(conf_15_a_connection_that_hangs_is_given_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
