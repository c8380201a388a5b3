#define _GNU_SOURCE /* accept4 */

#include "tests/unit/sip_out_live.h"

/** What tells transactions apart; NULL: as in the plain request. */
struct identity {
	const char *uri, *branch, *sent_by, *from_tag, *to, *call_id, *cseq;
};

static void send_identity(const struct identity *who)
{
	char sent_by[64], text[1024];

	snprintf(sent_by, sizeof sent_by, "127.0.0.1:%s", live.peer_port);
	snprintf(text, sizeof text,
		 "MESSAGE %s SIP/2.0\r\n"
		 "Via: SIP/2.0/UDP %s%s;rport\r\n"
		 "From: <tel:+12025550199>;tag=%s\r\n"
		 "To: %s\r\n"
		 "Call-ID: %s\r\n"
		 "CSeq: %s MESSAGE\r\n"
		 "Content-Length: 0\r\n\r\n",
		 live_or(who->uri, "tel:+12025550100"),
		 live_or(who->sent_by, sent_by),
		 live_or(who->branch, ";branch=z9hG4bK-b1"),
		 live_or(who->from_tag, "f1"),
		 live_or(who->to, "<tel:+12025550100>"),
		 live_or(who->call_id, "c1@127.0.0.1"),
		 live_or(who->cseq, "1"));
	live_send_text(live.peer, text, strlen(text));
}

/* Is each taken as a message of its own, once? */
static void assert_all_differ(const struct identity *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		send_identity(&cases[i]);
		send_identity(&cases[i]);
		if (live.count != i + 1)
			fail_msg("case %zu: %zu messages", i, live.count);
	}
}

#define ASSERT_ALL_DIFFER(cases) \
	assert_all_differ((cases), sizeof(cases) / sizeof((cases)[0]))

static void sip_17_what_makes_another_transaction(void **state)
{
	static const struct identity cases[] = {
		{ 0 },
		{ .branch = ";branch=z9hG4bK-b2" },
		{ .sent_by = "127.0.0.1:9" },
		{ .sent_by = "127.0.0.1" },
		{ .sent_by = "127.0.0.2" },
		/* a client whose branches repeat */
		{ .call_id = "c2@127.0.0.1" },
		{ .cseq = "2" },
		{ .from_tag = "f2" },
	};

	(void)state;
	ASSERT_ALL_DIFFER(cases);
}

static void sip_17_sip_40_without_a_unique_branch_as_in_rfc_2543(void **state)
{
	static const struct identity cases[] = {
		{ .branch = "" },
		{ .branch = ";branch=1" },
		{ .branch = ";branch=z9hG4bK" }, /* RFC 4475, 3.2.1 */
		{ .branch = ";branch=1", .uri = "tel:+12025550101" },
		{ .branch = ";branch=1", .to = "<tel:+12025550100>;tag=t" },
		{ .branch = ";branch=1", .cseq = "2" },
	};

	(void)state;
	ASSERT_ALL_DIFFER(cases);
}

static void sip_17_with_a_unique_branch_the_rest_may_vary(void **state)
{
	(void)state;
	send_identity(&(struct identity){ 0 });
	send_identity(&(struct identity){ .uri = "tel:+1-202-555-0100" });
	assert_int_equal(live.count, 1);
}

static void sip_17_a_final_of_the_next_hop_is_repeated_untouched(void **state)
{
	const struct live_request request = {
		.headers = "Record-Route: <sip:192.0.2.1;lr>\r\n"
	};
	char first[4096];

	(void)state;
	hop_forward(&request);
	hop_answer(live_receive(hop.udp), "200 Fine, thanks",
		   "X-Folded:  a\r\n\tb \r\n"
		   "s: Compact\r\n"
		   "Server: a/1 (b)\r\n"
		   "k: x ,  y\r\n");
	snprintf(first, sizeof first, "%s", live_receive(live.peer));
	assert_int_equal(strncmp(first, "SIP/2.0 200 Fine, thanks\r\n", 26), 0);
	assert_non_null(strstr(first, "\r\nX-Folded:  a\r\n\tb \r\n"));
	assert_non_null(strstr(first, "\r\nk: x ,  y\r\n"));
	assert_null(strstr(first, "Record-Route"));
	for (int i = 0; i < 3; i++) {
		live_send(&request);
		assert_string_equal(live_receive(live.peer), first);
	}
	assert_string_equal(live_receive(hop.udp), ""); /* delivered once */
}

static void sip_15_the_to_tag_belongs_to_the_transaction(void **state)
{
	char tags[2][64];

	(void)state;
	for (int i = 0; i < 2; i++) {
		live_take(&(struct live_request){ .branch = i ? "2" : "1" });
		live_answer_all(202, NULL);
		snprintf(tags[i], sizeof tags[i], "%s",
			 live_header(live_receive(live.peer), "To"));
		assert_non_null(strstr(tags[i], ";tag="));
	}
	assert_string_not_equal(tags[0], tags[1]);
}

/* A next hop makes its own message fail at most. */
static void sip_16_a_next_hop_cannot_redirect_the_answer(void **state)
{
	int third = live_socket(SOCK_DGRAM, "127.0.0.4", 0);
	char text[4096], forged[8], *port;

	(void)state;
	hop_forward(&(struct live_request){ 0 });
	hop_answer_text(live_receive(hop.udp), "200 OK", "", text, sizeof text);
	snprintf(forged, sizeof forged, "%05d", live_port_of(third));
	port = strstr(text, "received=127.0.0.1");
	assert_non_null(port);
	port[strlen("received=127.0.0.")] = '4';
	port = strstr(text, "rport=");
	assert_non_null(port);
	memcpy(port + strlen("rport="), forged, 5);
	live_send_text(hop.udp, text, strlen(text));
	assert_int_equal(live_code(), 200);
	assert_string_equal(live_receive(third), "");
	close(third);
}

/* --- CANCEL --- */

static const struct live_request cancel = {
	.line = "CANCEL tel:+12025550100 SIP/2.0", .cseq = "1 CANCEL"
};

static void sip_12_a_cancel_is_told_200_with_the_same_tag(void **state)
{
	char tag[64];
	const char *text;

	(void)state;
	live_send(&(struct live_request){ 0 });
	live_answer_all(202, NULL);
	snprintf(tag, sizeof tag, "%s",
		 live_header(live_receive(live.peer), "To"));
	live_send(&cancel);
	text = live_receive(live.peer);
	assert_int_equal(strncmp(text, "SIP/2.0 200 OK\r\n", 16), 0);
	assert_string_equal(live_header(text, "To"), tag);
	assert_true(live_has_line(text, "CSeq: 1 CANCEL"));
	assert_null(strstr(text, "\r\nAccept:"));
	/* and the message has its answer still */
	assert_int_equal(live_ask(&(struct live_request){ 0 }), 202);
}

static void sip_12_a_cancel_of_another_branch_is_told_481(void **state)
{
	struct live_request other = cancel;

	(void)state;
	other.branch = "b2";
	live_send(&(struct live_request){ 0 });
	assert_int_equal(live_ask(&other), 481);
}

/* --- merged requests --- */

static void sip_11_conf_21_the_middle_hears_of_merged_requests(void **state)
{
	(void)state;
	live_send(&(struct live_request){ 0 });
	live_send(&(struct live_request){ .branch = "b2" });
	live_send(
		&(struct live_request){ .branch = "b3", .cseq = "2 MESSAGE" });
	live_send(&(struct live_request){ .branch = "b4",
					  .to = "<tel:+12025550100>;tag=t" });
	assert_int_equal(live.count, 4);
	assert_false(live.messages[0]->merged);
	assert_true(live.messages[1]->merged);
	assert_false(live.messages[2]->merged);
	assert_false(live.messages[3]->merged);
	live_answer_all(202, NULL);
	/* tried anew after a final, it is no fork */
	live_send(&(struct live_request){ .branch = "b5" });
	assert_int_equal(live.count, 1);
	assert_false(live.messages[0]->merged);
}

/* --- who may ask again, and when --- */

static void sec_3_a_stranger_learns_no_answer(void **state)
{
	(void)state;
	live_send(&(struct live_request){ 0 });
	live_answer_all(202, NULL);
	assert_int_equal(live_code(), 202);
	live.trust = ADMISSION_NOBODY;
	assert_int_equal(live_ask(&(struct live_request){ 0 }), 403);
	assert_int_equal(live_ask(&cancel), 403);
}

static void conf_16_copies_are_answered_while_draining(void **state)
{
	(void)state;
	live_send(&(struct live_request){ 0 });
	sipside_drain(live.side);
	live_answer_all(202, NULL);
	assert_int_equal(live_code(), 202);
	assert_int_equal(live_ask(&(struct live_request){ 0 }), 202);
	assert_int_equal(live_ask(&(struct live_request){ .branch = "b2" }),
			 503);
}

/* --- TCP --- */

static void send_over(int fd, const char *branch, const char *headers)
{
	char text[1024];

	live_request_text(&(struct live_request){ .transport = "TCP",
						  .branch = branch,
						  .headers = headers },
			  text, sizeof text);
	assert_int_equal(send(fd, text, strlen(text), 0), strlen(text));
	live_run(30);
}

static void sip_17_nothing_is_kept_after_a_final_over_tcp(void **state)
{
	struct sipside_options options;
	int fd;

	(void)state;
	live_reserve();
	options = live_options();
	options.transactions_max = 1;
	live_open_with(&options);
	fd = live_connect();
	for (int i = 0; i < 3; i++) {
		send_over(fd, i % 2 ? "b1" : "b2", NULL);
		assert_int_equal(live.count, 1);
		live_answer_all(202, NULL);
		live_run(30);
		assert_int_equal(strncmp(live_receive(fd), "SIP/2.0 202 ", 12),
				 0);
	}
	close(fd);
	live_run(30);
}

static void sip_44_a_connection_that_is_gone_is_made_again(void **state)
{
	int fd = live_connect(), listener, again;

	(void)state;
	listener = live_socket(SOCK_STREAM, "127.0.0.1", atoi(live.peer_port));
	assert_int_equal(listen(listener, 4), 0);
	send_over(fd, "b1", NULL);
	assert_int_equal(live.count, 1);
	close(fd);
	live_run(30);
	live_answer_all(202, NULL);
	live_run(30);
	again = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
	assert_true(again >= 0);
	assert_int_equal(strncmp(live_receive(again), "SIP/2.0 202 ", 12), 0);
	close(again);
	close(listener);
	live_run(30);
}

static void sip_19_the_100_comes_over_tcp_too_and_without_a_tag(void **state)
{
	int fd = live_connect();
	const char *text;

	(void)state;
	send_over(fd, "b1", "Timestamp: 54\r\n");
	live_run(3600);
	text = live_receive(fd);
	assert_int_equal(strncmp(text, "SIP/2.0 100 Trying\r\n", 20), 0);
	assert_string_equal(live_header(text, "To"), "<tel:+12025550100>");
	assert_string_equal(live_header(text, "Timestamp"), "54 3.5");
	live_answer_all(202, NULL);
	live_run(30);
	assert_int_equal(strncmp(live_receive(fd), "SIP/2.0 202 ", 12), 0);
	close(fd);
	live_run(30);
}

#define LIVE(test) cmocka_unit_test_setup_teardown(test, live_open, live_close)
#define HOP(test)  cmocka_unit_test_setup_teardown(test, hop_open, hop_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LIVE(sip_17_what_makes_another_transaction),
		LIVE(sip_17_sip_40_without_a_unique_branch_as_in_rfc_2543),
		LIVE(sip_17_with_a_unique_branch_the_rest_may_vary),
		HOP(sip_17_a_final_of_the_next_hop_is_repeated_untouched),
		LIVE(sip_15_the_to_tag_belongs_to_the_transaction),
		HOP(sip_16_a_next_hop_cannot_redirect_the_answer),
		LIVE(sip_12_a_cancel_is_told_200_with_the_same_tag),
		LIVE(sip_12_a_cancel_of_another_branch_is_told_481),
		LIVE(sip_11_conf_21_the_middle_hears_of_merged_requests),
		LIVE(sec_3_a_stranger_learns_no_answer),
		LIVE(conf_16_copies_are_answered_while_draining),
		cmocka_unit_test_teardown(
			sip_17_nothing_is_kept_after_a_final_over_tcp,
			live_close),
		LIVE(sip_44_a_connection_that_is_gone_is_made_again),
		LIVE(sip_19_the_100_comes_over_tcp_too_and_without_a_tag),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
