#include "tests/unit/sip_out_live.h"

/** Routes of the sender (SIP-27), and requests that come back (SIP-9). */

static void forward_and_keep(const struct live_request *request, char *out,
			     size_t size)
{
	hop_forward(request);
	snprintf(out, size, "%s", live_receive(hop.udp));
	assert_true(out[0] != '\0');
}

/* --- SIP-27 --- */

static void sip_27_a_route_beyond_us_is_where_it_goes(void **state)
{
	static const struct {
		const char *routes, *target;
	} cases[] = {
		{ "<sip:p1.example;lr>", "sip:p1.example;lr" },
		{ "<sip:gw.example.net;lr>, <sip:p1.example;lr>",
		  "sip:p1.example;lr" },
		{ "<sip:gw.example.net;lr>,<sip:127.0.0.1;lr>, "
		  "<sip:p1.example:5070;transport=tcp;lr>,<sip:p2.example;lr>",
		  "sip:p1.example:5070;transport=tcp;lr" },
		{ "<sip:gw.example.net:9;lr>", "sip:gw.example.net:9;lr" },
		{ "<sips:p1.example;lr>", "sips:p1.example;lr" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char header[512], branch[8];
		const struct message *m;

		snprintf(header, sizeof header, "Route: %s\r\n",
			 cases[i].routes);
		snprintf(branch, sizeof branch, "r%zu", i);
		m = live_take(&(struct live_request){ .branch = branch,
						      .headers = header });
		assert_int_equal(m->kind, PLAN_ROUTE);
		assert_string_equal(m->target, cases[i].target);
		assert_string_equal(m->to, "tel:+12025550100");
	}
}

static void sip_27_any_request_uri_may_go_by_a_route(void **state)
{
	static const char *const lines[] = {
		"MESSAGE sip:bob@far.example SIP/2.0",
		"MESSAGE mailto:bob@far.example SIP/2.0",
		"MESSAGE im:bob@far.example SIP/2.0",
	};

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		char branch[8];
		const struct message *m;

		snprintf(branch, sizeof branch, "u%zu", i);
		m = live_take(&(struct live_request){
			.line = lines[i],
			.branch = branch,
			.headers = "Route: <sip:p1.example;lr>\r\n" });
		assert_int_equal(m->kind, PLAN_ROUTE);
		assert_string_equal(m->target, "sip:p1.example;lr");
	}
}

static void sip_27_a_sips_request_uri_goes_by_tls(void **state)
{
	const struct message *m = live_take(&(struct live_request){
		.line = "MESSAGE sips:bob@far.example SIP/2.0",
		.headers = "Route: <sip:p1.example;lr>\r\n" });

	(void)state;
	assert_string_equal(m->target, "sips:p1.example;lr");
}

static void sip_27_sec_3_only_who_is_believed_may_send_by_routes(void **state)
{
	static const struct live_request request = {
		.headers = "Route: <sip:p1.example;lr>\r\n"
	};

	(void)state;
	live.trust = ADMISSION_ADMITTED;
	assert_int_equal(live_ask(&request), 403);
	live.trust = ADMISSION_NOBODY;
	assert_int_equal(live_ask(&request), 403);
}

static void sip_27_routes_that_lead_nowhere_are_refused(void **state)
{
	(void)state;
	assert_int_equal(live_ask(&(struct live_request){
				 .branch = "n1",
				 .headers = "Route: <tel:+12025550199>\r\n" }),
			 400);
	assert_int_equal(
		live_ask(&(struct live_request){
			.branch = "n2",
			.headers =
				"Route: <sip:p1.example;lr?Subject=x>\r\n" }),
		400);
}

static void sip_27_what_remains_goes_with_the_request(void **state)
{
	char text[4096];

	(void)state;
	forward_and_keep(
		&(struct live_request){
			.line = "MESSAGE sip:%62ob@far.example;a=b SIP/2.0",
			.headers = "Route: <sip:gw.example.net;lr>, "
				   "<sip:p1.example;lr>, <sip:p2.example;lr>"
				   "\r\nRoute: <sip:gw.example.net;lr>\r\n" },
		text, sizeof text);
	assert_int_equal(
		strncmp(text, "MESSAGE sip:%62ob@far.example;a=b SIP/2.0\r\n",
			43),
		0);
	assert_string_equal(live_header(text, "Route"), "<sip:p1.example;lr>");
	assert_true(live_has_line(text, "Route: <sip:p2.example;lr>"));
	assert_int_equal(live_times(text, "gw.example.net;lr"), 1);
	assert_true(live_has_line(text, "Max-Forwards: 69"));
}

static void sip_27_a_strict_router_finds_itself_in_the_request_uri(void **state)
{
	char text[4096];

	(void)state;
	forward_and_keep(
		&(struct live_request){
			.headers = "Route: <sip:gw.example.net;lr>\r\n"
				   "Route: <sip:p1.example>\r\n"
				   "Route: <sip:p2.example;lr>\r\n" },
		text, sizeof text);
	assert_int_equal(
		strncmp(text, "MESSAGE sip:p1.example SIP/2.0\r\n", 32), 0);
	assert_string_equal(live_header(text, "Route"), "<sip:p2.example;lr>");
	assert_true(live_has_line(text, "Route: <tel:+12025550100>"));
	assert_int_equal(live_times(text, "Route: "), 2);
}

/* --- SIP-9 --- */

/* What the next hop has got, with a Via of its own on top. */
static void send_back(const char *request, const char *uri, const char *branch)
{
	char text[8192];
	struct text out;

	text_init(&out, text, sizeof text);
	text_addf(&out,
		  "MESSAGE %s SIP/2.0\r\n"
		  "Via: SIP/2.0/UDP 127.0.0.1:%s;rport;branch=z9hG4bK%s\r\n%s",
		  uri, live.peer_port, branch, strstr(request, "\r\n") + 2);
	assert_false(out.cut);
	live_send_text(live.peer, text, strlen(text));
}

static void sip_9_a_request_that_comes_back_unchanged_is_482(void **state)
{
	char text[4096];

	(void)state;
	forward_and_keep(&(struct live_request){ 0 }, text, sizeof text);
	send_back(text, "tel:+12025550100", "back");
	assert_int_equal(live_code(), 482);
	assert_int_equal(live.count, 1);
}

static void sip_9_own_routes_in_front_do_not_hide_a_loop(void **state)
{
	static const struct live_request request = {
		.headers = "Route: <sip:gw.example.net;lr>\r\n"
	};
	char text[4096];

	(void)state;
	forward_and_keep(&request, text, sizeof text);
	send_back(text, "tel:+12025550100", "back");
	assert_int_equal(live_code(), 482);
}

static void sip_9_with_another_request_uri_it_spirals(void **state)
{
	char text[4096];

	(void)state;
	forward_and_keep(&(struct live_request){ 0 }, text, sizeof text);
	send_back(text, "tel:+12025550123", "back");
	assert_int_equal(live_code(), 0);
	assert_int_equal(live.count, 2);
	/* SIP-11: it is not a copy of itself, but two that come back are */
	assert_false(live.messages[1]->merged);
	send_back(text, "tel:+12025550123", "other");
	assert_int_equal(live.count, 3);
	assert_true(live.messages[2]->merged);
}

static void sip_9_a_mark_of_somebody_else_is_none(void **state)
{
	char text[4096];
	char *host;

	(void)state;
	forward_and_keep(&(struct live_request){ 0 }, text, sizeof text);
	host = strstr(text, "SIP/2.0/UDP 127.0.0.1");
	assert_non_null(host);
	memcpy(host + strlen("SIP/2.0/UDP 127.0.0."), "7", 1);
	send_back(text, "tel:+12025550100", "back");
	assert_int_equal(live_code(), 0);
	assert_int_equal(live.count, 2);
}

static void sip_9_the_next_attempt_carries_the_same_mark(void **state)
{
	char first[512], second[512];

	(void)state;
	hop_forward(&(struct live_request){ 0 });
	snprintf(first, sizeof first, "%s",
		 live_header(live_receive(hop.udp), "Via"));
	sipside_side(live.side)->cancel(sipside_side(live.side), &hop.attempt);
	hop_send(&hop.attempt);
	snprintf(second, sizeof second, "%s",
		 live_header(live_receive(hop.udp), "Via"));
	assert_string_not_equal(first, second);
	assert_non_null(strrchr(first, '.'));
	assert_string_equal(strrchr(first, '.'), strrchr(second, '.'));
}

#define LIVE(test) cmocka_unit_test_setup_teardown(test, hop_open, hop_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LIVE(sip_27_a_route_beyond_us_is_where_it_goes),
		LIVE(sip_27_any_request_uri_may_go_by_a_route),
		LIVE(sip_27_a_sips_request_uri_goes_by_tls),
		LIVE(sip_27_sec_3_only_who_is_believed_may_send_by_routes),
		LIVE(sip_27_routes_that_lead_nowhere_are_refused),
		LIVE(sip_27_what_remains_goes_with_the_request),
		LIVE(sip_27_a_strict_router_finds_itself_in_the_request_uri),
		LIVE(sip_9_a_request_that_comes_back_unchanged_is_482),
		LIVE(sip_9_own_routes_in_front_do_not_hide_a_loop),
		LIVE(sip_9_with_another_request_uri_it_spirals),
		LIVE(sip_9_a_mark_of_somebody_else_is_none),
		LIVE(sip_9_the_next_attempt_carries_the_same_mark),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
