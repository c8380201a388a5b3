#include "tests/unit/plan_walk.h"

static void enum_15_a_plain_message_costs_one_naptr_and_its_srv(void **state)
{
	struct walk w = { .stop_after = 1 };
	struct bench b;
	char asked[512];

	(void)state;
	assert_true(bench_open(
		&b, ALICE RULE(20, "im:bob@ok.example") SIP_LABEL XMPP_LABEL,
		USUAL));
	assert_int_equal(start(&b, PLAN_NUMBER, NUMBER, USUAL, &w), ROUTE_OK);
	loop_fake_advance(b.net.loop, 60000);
	net_fake_asked(&b.net, asked, sizeof asked);
	assert_string_equal(asked, Z "/NAPTR _im._sip.im.example/SRV "
				     "simple.im.example/A");
	net_fake_close(&b.net);
}

/* Overlay or ENUM, both protocols, a refused rule, both families. */
static const char busy[] =
	RULE(5, "im:a@gw.example.net") ALICE RULE(20, "im:bob@im.example")
		SIP_LABEL XMPP_LABEL "simple.im.example A 192.0.2.22";

static void cancel_after_turns(unsigned turns, bool *quiet_out)
{
	struct walk w = { .calls = 0 };
	struct bench b;
	unsigned calls;

	assert_true(bench_open(&b, busy, USUAL));
	assert_int_equal(start(&b, PLAN_NUMBER, NUMBER, USUAL, &w), ROUTE_OK);
	*quiet_out = false;
	while (turns-- && !*quiet_out)
		*quiet_out = !loop_fake_turn(b.net.loop);
	calls = w.calls;
	plan_cancel(&w.plan);
	assert_null(w.plan);
	loop_fake_advance(b.net.loop, 60000);
	assert_int_equal(w.calls, calls);
	net_fake_close(&b.net);
}

static void nothing_is_called_after_a_cancel_at_any_point(void **state)
{
	bool quiet = false;
	unsigned turns;

	(void)state;
	for (turns = 0; !quiet; turns++)
		cancel_after_turns(turns, &quiet);
	assert_in_range(turns, 20, 200);
}

static void it_may_be_cancelled_inside_any_call(void **state)
{
	(void)state;
	for (unsigned stop = 1; stop <= 7; stop++) {
		struct walk w = { .stop_after = stop };
		struct bench b;

		assert_true(bench_open(&b, busy, USUAL));
		assert_int_equal(start(&b, PLAN_NUMBER, NUMBER, USUAL, &w),
				 ROUTE_OK);
		loop_fake_advance(b.net.loop, 60000);
		assert_int_equal(w.calls, stop);
		assert_null(w.plan);
		net_fake_close(&b.net);
	}
}

static void exercise_one(const char *zone, unsigned how)
{
	struct walk w = { .calls = 0 };
	struct bench b;

	if (bench_open(&b, zone, how)) {
		if (start(&b, PLAN_NUMBER, NUMBER, how, &w) == ROUTE_OK) {
			loop_fake_advance(b.net.loop, 60000);
			assert_true(w.ended); /* never silence */
		}
		plan_cancel(&w.plan);
	}
	net_fake_close(&b.net);
}

static void exercise(void)
{
	exercise_one(busy, USUAL);
	exercise_one("sbc.example A 192.0.2.98", SECURE_FALLBACK);
}

static void every_allocation_may_fail(void **state)
{
	(void)state;
	assert_in_range(unit_fail_allocations(exercise), 20, 1000);
}

/* A line of a hostile zone, one of many. */
typedef void line_fn(struct text *line, int i);

static void check_bound(line_fn *write_line, const char *zone, unsigned hops,
			size_t asked_max)
{
	struct walk w = { .calls = 0 };
	struct bench b;

	assert_true(bench_open(&b, zone, NO_FALLBACK));
	for (int i = 0; i < 60; i++) {
		char buffer[256];
		struct text line;

		text_init(&line, buffer, sizeof buffer);
		write_line(&line, i);
		dns_fake_zone(b.net.script, buffer);
	}
	assert_int_equal(start(&b, PLAN_NUMBER, NUMBER, NO_FALLBACK, &w),
			 ROUTE_OK);
	loop_fake_advance(b.net.loop, 60000);
	assert_true(w.ended);
	assert_int_equal(w.calls, hops + 1);
	assert_in_range(dns_fake_asked_count(b.net.script), 1, asked_max);
	plan_cancel(&w.plan);
	net_fake_close(&b.net);
}

static void write_address(struct text *line, int i)
{
	text_addf(line, "simple.im.example A 192.0.2.%d", 100 + i);
}

static void sec_6_hops_of_one_plan_are_bounded(void **state)
{
	(void)state;
	check_bound(write_address, ALICE SIP_LABEL, PLAN_HOPS_MAX, 10);
}

static void write_rule(struct text *line, int i)
{
	text_addf(line,
		  "%s NAPTR %d 10 \"u\" \"E2U+im\" \"!^.*$!im:a@d%d.no!\" .", Z,
		  i, i);
}

static void sec_6_candidates_of_one_plan_are_bounded(void **state)
{
	(void)state;
	check_bound(write_rule, "", 0, 1 + 10 * PLAN_CANDIDATES_MAX);
}

static bool hop_is_secure(const char *zone)
{
	struct walk w = { .calls = 0 };
	struct bench b;

	assert_true(bench_open(&b, zone, USUAL));
	assert_int_equal(start(&b, PLAN_NUMBER, NUMBER, USUAL, &w), ROUTE_OK);
	loop_fake_advance(b.net.loop, 60000);
	assert_int_equal(w.calls, 2);
	plan_cancel(&w.plan);
	net_fake_close(&b.net);
	return w.secure;
}

static void sec_7_a_hop_is_secure_when_every_answer_had_ad(void **state)
{
	(void)state;
	assert_true(hop_is_secure(ALICE SIP_LABEL "* SECURE"));
	assert_true(hop_is_secure(ALICE XMPP_LABEL "* SECURE"));
	assert_false(hop_is_secure(ALICE SIP_LABEL Z " SECURE"));
	assert_false(hop_is_secure(ALICE SIP_LABEL
				   "_im._sip.im.example SECURE\n"
				   "simple.im.example SECURE"));
	assert_false(hop_is_secure(ALICE SIP_LABEL Z
				   " SECURE\n_im._sip.im.example SECURE"));
}

static void check_reason(const char *zone, unsigned how, const char *reason)
{
	struct walk w = { .calls = 0 };
	struct bench b;

	assert_true(bench_open(&b, zone, how));
	assert_int_equal(start(&b, PLAN_NUMBER, NUMBER, how, &w), ROUTE_OK);
	loop_fake_advance(b.net.loop, 60000);
	assert_string_equal(w.reason, reason);
	plan_cancel(&w.plan);
	net_fake_close(&b.net);
}

static void the_reason_is_that_of_the_best_candidate(void **state)
{
	(void)state;
	check_reason("", NO_FALLBACK, enum_status_text(ENUM_NXDOMAIN));
	check_reason(Z " NODATA", NO_FALLBACK, enum_status_text(ENUM_NODATA));
	check_reason(Z " SERVFAIL", USUAL, enum_status_text(ENUM_TEMPORARY));
	check_reason(RULE(5, "im:a@gw.example.net") ALICE, NO_FALLBACK,
		     route_status_text(ROUTE_OWN_DOMAIN));
	check_reason(RULE(5, "im:a@gw.example.net") ALICE
		     "_im._sip.im.example SERVFAIL",
		     NO_FALLBACK, route_status_text(ROUTE_TEMPORARY));
	check_reason("", SKIP_ENUM | NO_FALLBACK,
		     route_status_text(ROUTE_NOT_FOUND));
}

/* A NUL must not make a shorter, other address of it. */
static void sip_41_a_nul_in_the_target_is_a_bad_uri(void **state)
{
	static const char uri[] = "im:alice@im.example\0.evil.example";
	const struct plan_target target = { .kind = PLAN_IM,
					    .uri = { uri, sizeof uri - 1 } };
	struct walk w = { .calls = 0 };
	struct bench b;

	(void)state;
	assert_true(bench_open(&b, XMPP_LABEL, USUAL));
	text_init(&w.found, w.buffer, sizeof w.buffer);
	assert_int_equal(
		plan_start(&b.config, &target, NULL, walked, &w, &w.plan),
		ROUTE_OK);
	loop_fake_advance(b.net.loop, 60000);
	assert_string_equal(w.buffer, "bad-uri");
	plan_cancel(&w.plan);
	net_fake_close(&b.net);
}

/* --- the trace --- */

static void saw_overlay(const char *prefix, const char *uri, void *arg)
{
	text_addf(arg, "overlay %s %s, ", prefix, uri);
}

static void saw_im(const char *uri, enum route_status status, void *arg)
{
	text_addf(arg, "im %s %s, ", uri, route_status_word(status));
}

static void saw_hop(const struct hop *hop, enum route_status status, void *arg)
{
	text_addf(arg, "hop %s %s, ", hop->recipient,
		  route_status_word(status));
}

static void check_trace(const char *zone, unsigned how, const char *expected)
{
	char buffer[1024];
	struct text seen;
	const struct route_trace trace = { .lookup.arg = &seen,
					   .overlay = saw_overlay,
					   .im = saw_im,
					   .hop = saw_hop };
	const struct plan_target target = { .kind = PLAN_NUMBER,
					    .uri = span_of(NUMBER) };
	struct walk w = { .calls = 0 };
	struct bench b;

	assert_true(bench_open(&b, zone, how));
	text_init(&seen, buffer, sizeof buffer);
	text_init(&w.found, w.buffer, sizeof w.buffer);
	assert_int_equal(
		plan_start(&b.config, &target, &trace, walked, &w, &w.plan),
		ROUTE_OK);
	loop_fake_advance(b.net.loop, 60000);
	assert_string_equal(buffer, expected);
	plan_cancel(&w.plan);
	net_fake_close(&b.net);
}

static void the_trace_sees_candidates_and_hops(void **state)
{
	(void)state;
	check_trace(busy, USUAL,
		    "im im:a@gw.example.net own-domain, "
		    "im im:alice@im.example ok, "
		    "hop sip:alice@simple.im.example:5070 ok, "
		    "hop sip:alice@simple.im.example:5070 ok, "
		    "hop alice@im.example ok, "
		    "im im:bob@im.example ok, "
		    "hop sip:bob@simple.im.example:5070 ok, "
		    "hop sip:bob@simple.im.example:5070 ok, "
		    "hop bob@im.example ok, ");
	check_trace("_im._sip.desk.example SRV 0 0 5060 t.desk.example",
		    OVERLAY,
		    "overlay +1202 im:desk@desk.example, "
		    "im im:desk@desk.example ok, "
		    "hop sip:desk@t.desk.example no-address, "
		    "hop tel:+12025550100 ok, ");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			enum_15_a_plain_message_costs_one_naptr_and_its_srv),
		cmocka_unit_test(nothing_is_called_after_a_cancel_at_any_point),
		cmocka_unit_test(it_may_be_cancelled_inside_any_call),
		cmocka_unit_test(every_allocation_may_fail),
		cmocka_unit_test(sec_6_hops_of_one_plan_are_bounded),
		cmocka_unit_test(sec_6_candidates_of_one_plan_are_bounded),
		cmocka_unit_test(
			sec_7_a_hop_is_secure_when_every_answer_had_ad),
		cmocka_unit_test(the_reason_is_that_of_the_best_candidate),
		cmocka_unit_test(sip_41_a_nul_in_the_target_is_a_bad_uri),
		cmocka_unit_test(the_trace_sees_candidates_and_hops),
	};

	return cmocka_run_group_tests_name("plan_async", tests, NULL, NULL);
}
