#include "tests/unit/nexthop_walk.h"

/* Everything happens once: NAPTR, SRV, two targets, both families, refusal. */
static const struct row busy = {
	.zone = "a.example NAPTR 10 10 \"s\" \"SIP+D2U\" \"\" u.srv.example\n"
		"u.srv.example SRV 10 0 5060 one.a.example\n"
		"u.srv.example SRV 20 0 5060 two.a.example\n"
		"one.a.example A 9.9.9.9\none.a.example A 10.0.0.1\n"
		"one.a.example AAAA 2a00:1::1\ntwo.a.example A 9.9.9.8",
	.speaks = "utl46p",
	.uri = "sip:a.example",
};

static void cancel_after_turns(unsigned turns, bool *quiet_out)
{
	struct walk w = { .calls = 0 };
	struct net_fake net;
	struct nexthop_config config;
	unsigned calls;

	assert_true(net_fake_open(&net, busy.zone));
	config = config_of(&busy, &net);
	assert_int_equal(start(&busy, &config, &w), ROUTE_OK);
	*quiet_out = false;
	while (turns-- && !*quiet_out)
		*quiet_out = !loop_fake_turn(net.loop);
	calls = w.calls;
	nexthop_cancel(&w.nexthop);
	assert_null(w.nexthop);
	loop_fake_advance(net.loop, 60000);
	assert_int_equal(w.calls, calls);
	net_fake_close(&net);
}

static void nothing_is_called_after_a_cancel_at_any_point(void **state)
{
	bool quiet = false;
	unsigned turns;

	(void)state;
	for (turns = 0; !quiet; turns++)
		cancel_after_turns(turns, &quiet);
	assert_in_range(turns, 10, 100);
}

static void it_may_be_cancelled_inside_any_call(void **state)
{
	(void)state;
	for (unsigned stop = 1; stop <= 4; stop++) {
		struct walk w = { .stop_after = stop };
		struct net_fake net;
		struct nexthop_config config;

		assert_true(net_fake_open(&net, busy.zone));
		config = config_of(&busy, &net);
		assert_int_equal(start(&busy, &config, &w), ROUTE_OK);
		loop_fake_advance(net.loop, 60000);
		assert_int_equal(w.calls, stop);
		assert_null(w.nexthop);
		net_fake_close(&net);
	}
}

static void exercise(void)
{
	struct walk w = { .calls = 0 };
	struct net_fake net;

	if (net_fake_open(&net, busy.zone)) {
		struct nexthop_config config = config_of(&busy, &net);

		if (start(&busy, &config, &w) == ROUTE_OK) {
			loop_fake_advance(net.loop, 60000);
			assert_true(w.ended); /* never silence */
		}
		nexthop_cancel(&w.nexthop);
	}
	net_fake_close(&net);
}

static void every_allocation_may_fail(void **state)
{
	(void)state;
	assert_in_range(unit_fail_allocations(exercise), 5, 200);
}

static bool walk_is_secure(const char *zone, const char *uri)
{
	const struct row row = { .zone = zone, .speaks = "u4", .uri = uri };
	struct walk w = { .calls = 0 };
	struct net_fake net;
	struct nexthop_config config;

	assert_true(net_fake_open(&net, zone));
	config = config_of(&row, &net);
	assert_int_equal(start(&row, &config, &w), ROUTE_OK);
	loop_fake_advance(net.loop, 60000);
	assert_int_equal(w.calls, 2);
	nexthop_cancel(&w.nexthop);
	net_fake_close(&net);
	return w.secure;
}

static void sec_7_secure_means_ad_in_every_answer(void **state)
{
	(void)state;
	assert_true(walk_is_secure("a.example A 192.0.2.1\n* SECURE",
				   "sip:a.example"));
	assert_true(walk_is_secure("a.example A 192.0.2.1\n"
				   "a.example A SECURE",
				   "sip:a.example:5060"));
	assert_false(walk_is_secure("a.example A 192.0.2.1\n"
				    "a.example A SECURE",
				    "sip:a.example"));
	assert_false(
		walk_is_secure("_sip._udp.a.example SRV 0 0 5060 b.example\n"
			       "b.example A 192.0.2.1\n"
			       "a.example NAPTR SECURE\n"
			       "_sip._udp.a.example SRV SECURE",
			       "sip:a.example"));
}

/* Many services with many targets: the zone is hostile. */
static void the_number_of_questions_is_bounded(void **state)
{
	static const struct row row = { .speaks = "ut4",
					.uri = "sip:a.example" };
	struct walk w = { .calls = 0 };
	struct net_fake net;
	struct nexthop_config config;
	char line[128];

	(void)state;
	assert_true(net_fake_open(&net, NULL));
	for (int i = 0; i < 2 * SRV_TARGETS_MAX; i++) {
		const char *protocol = i % 2 ? "udp" : "tcp";

		snprintf(line, sizeof line,
			 "_sip._%s.a.example SRV %d 0 5060 t%d.a.example",
			 protocol, i, i);
		dns_fake_zone(net.script, line);
	}
	config = config_of(&row, &net);
	assert_int_equal(start(&row, &config, &w), ROUTE_OK);
	loop_fake_advance(net.loop, 60000);
	assert_string_equal(w.buffer, "no-address");
	assert_int_equal(dns_fake_asked_count(net.script),
			 NEXTHOP_QUESTIONS_MAX);
	nexthop_cancel(&w.nexthop);
	net_fake_close(&net);
}

static void a_host_that_cannot_be_is_a_bad_uri(void **state)
{
	const struct nexthop_from empty = { .uri = { .host = { "", 0 } } };
	const struct nexthop_from odd = { .uri = { .host = { "a b", 3 } } };
	struct nexthop_config config;
	struct nexthop *nexthop = NULL;
	struct net_fake net;

	(void)state;
	assert_true(net_fake_open(&net, NULL));
	config = config_of(&busy, &net);
	assert_int_equal(
		nexthop_start(&config, &empty, NULL, walked, NULL, &nexthop),
		ROUTE_BAD_URI);
	assert_int_equal(
		nexthop_start(&config, &odd, NULL, walked, NULL, &nexthop),
		ROUTE_BAD_URI);
	assert_null(nexthop);
	net_fake_close(&net);
}

static void count_refused(const struct hop *hop, enum route_status status,
			  void *arg)
{
	assert_int_equal(status, ROUTE_PRIVATE);
	assert_string_equal(hop->address, "10.0.0.1");
	++*(unsigned *)arg;
}

static void count_asked(const char *name, const struct dns_answer *answer,
			double ms, void *arg)
{
	(void)name;
	(void)ms;
	*(unsigned *)arg += answer->type == DNS_NAPTR ? 100 : 0;
}

static void the_trace_sees_questions_and_refusals(void **state)
{
	unsigned seen = 0;
	const struct route_trace trace = { .lookup.arg = &seen,
					   .asked = count_asked,
					   .hop = count_refused };
	struct nexthop_from from = { .from_dns = true };
	struct walk w = { .calls = 0 };
	struct net_fake net;
	struct nexthop_config config;

	(void)state;
	assert_true(net_fake_open(&net, busy.zone));
	config = config_of(&busy, &net);
	text_init(&w.found, w.buffer, sizeof w.buffer);
	from.uri.host = span_of("a.example");
	assert_int_equal(
		nexthop_start(&config, &from, &trace, walked, &w, &w.nexthop),
		ROUTE_OK);
	loop_fake_advance(net.loop, 60000);
	assert_int_equal(seen, 101);
	nexthop_cancel(&w.nexthop);
	net_fake_close(&net);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_called_after_a_cancel_at_any_point),
		cmocka_unit_test(it_may_be_cancelled_inside_any_call),
		cmocka_unit_test(every_allocation_may_fail),
		cmocka_unit_test(sec_7_secure_means_ad_in_every_answer),
		cmocka_unit_test(the_number_of_questions_is_bounded),
		cmocka_unit_test(a_host_that_cannot_be_is_a_bad_uri),
		cmocka_unit_test(the_trace_sees_questions_and_refusals),
	};

	return cmocka_run_group_tests_name("nexthop_async", tests, NULL, NULL);
}
