#define _GNU_SOURCE /* RTLD_NEXT */

#include <dlfcn.h>
#include <netdb.h>

#include "tests/unit/sip_live.h"

static unsigned names_resolved;

/* Stands before the C library's: whoever asks for a name is counted. */
int getaddrinfo(const char *restrict node, const char *restrict service,
		const struct addrinfo *restrict hints,
		struct addrinfo **restrict res)
{
	int (*next)(const char *, const char *, const struct addrinfo *,
		    struct addrinfo **);

	*(void **)&next = dlsym(RTLD_NEXT, "getaddrinfo");
	if (!hints || !(hints->ai_flags & AI_NUMERICHOST))
		names_resolved++;
	return next(node, service, hints, res);
}

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
	live_take(&(struct live_request){ .branch = "1" });
	answer_with(&outcome);
	text = live_receive(live.peer);
	assert_non_null(strstr(text, "SIP/2.0 415 "));
	assert_non_null(strstr(text, "\r\nAccept: text/plain"));
	assert_true(live_has_line(text, "Accept-Encoding: identity"));
	assert_true(live_has_line(text, "Accept-Language: *"));

	live_take(&(struct live_request){ .branch = "2" });
	outcome = outcome_of_sip(420, NULL);
	outcome.unsupported = "foo";
	answer_with(&outcome);
	assert_true(live_has_line(live_receive(live.peer), "Unsupported: foo"));

	live_take(&(struct live_request){ .branch = "3" });
	outcome = outcome_of_sip(500, "cannot tell");
	outcome.retry_after_s = 60;
	answer_with(&outcome);
	text = live_receive(live.peer);
	assert_int_equal(strncmp(text, "SIP/2.0 500 cannot tell\r\n", 25), 0);
	assert_true(live_has_line(text, "Retry-After: 60"));

	live_take(&(struct live_request){
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
	live_take(&(struct live_request){ 0 });
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
	live_take(&(struct live_request){ .via = ";maddr=127.0.0.3",
					  .branch = "b2" });
	live_answer_all(202, NULL);
	assert_int_equal(live_code(), 202);
	assert_string_equal(live_receive(third), "");
	close(third);
}

/* A Via may name any host: no answer to it may wait for DNS. */
static void sip_16_a_name_in_a_via_is_never_resolved(void **state)
{
	(void)state;
	names_resolved = 0;
	/* refused by the library itself, which obeys maddr */
	live_send(&(struct live_request){ .via = ";maddr=slow.example",
					  .cseq = "nonsense" });
	live_send(&(struct live_request){ .via = ";maddr=slow.example",
					  .branch = "b2" });
	live_answer_all(202, NULL);
	assert_int_equal(live_code(), 202);
	assert_int_equal(names_resolved, 0);
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
	live_take(&(struct live_request){ 0 });
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

static void sip_29_tcp_messages_may_be_split_anywhere(void **state)
{
	char first[1024], second[1024];
	int fd = live_connect();

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
	m = live_take(&(struct live_request){ .body = body });
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

#define LIVE(test) cmocka_unit_test_setup_teardown(test, live_open, live_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LIVE(sip_1_sip_15_a_202_says_no_more_than_it_must),
		LIVE(sip_4_sip_13_finals_carry_what_they_must),
		LIVE(sip_17_a_retransmission_gets_the_same_octets),
		LIVE(sip_15_a_refusal_has_the_same_to_tag_again),
		LIVE(sip_16_rport_and_received_are_filled_in),
		LIVE(sip_16_a_maddr_does_not_redirect_the_answer),
		LIVE(sip_16_a_name_in_a_via_is_never_resolved),
		LIVE(sip_19_one_100_at_3_5_s_and_again_when_asked),
		LIVE(sip_39_stun_and_garbage_are_ignored),
		LIVE(sip_20_a_stray_response_reaches_nobody),
		LIVE(sip_29_tcp_messages_may_be_split_anywhere),
		LIVE(sip_7_a_large_datagram_is_taken),
		LIVE(a_listener_that_is_taken_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
