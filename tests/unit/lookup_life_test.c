/** Time, cancelling, the trace, and running out of memory. */

#include "tests/unit/lookup_bench.h"

static void a_silent_server_ends_the_lookup_as_temporary(void **state)
{
	static const char *const zone[] = { "2.1.e164.arpa SILENT", NULL };
	struct bench b;

	(void)state;
	setup(&b, zone);
	start(&b, "+12");
	loop_fake_advance(b.loop, 1999);
	assert_int_equal(b.calls, 0);
	loop_fake_advance(b.loop, 1);
	assert_int_equal(b.calls, 1);
	assert_int_equal(b.status, ENUM_TEMPORARY);
	teardown(&b);
}

static void a_lookup_can_be_cancelled_at_each_point(void **state)
{
	static const char *const zone[] = {
		"* DELAY 10", "2.1.e164.arpa NAPTR 1 1 " IM("a"),
		"2.1.e164.arpa NAPTR 2 1 " GO("x.example"),
		"x.example NAPTR 1 1 " IM("b"), NULL
	};
	/* after so many ms; the first URI comes at 10, the second at 20 */
	static const struct {
		int64_t ms;
		unsigned calls;
	} cases[] = { { -1, 0 }, { 0, 0 },  { 9, 0 },  { 10, 1 },
		      { 11, 1 }, { 19, 1 }, { 20, 2 }, { 25, 3 } };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct bench b;

		setup(&b, zone);
		start(&b, "+12");
		for (int64_t ms = 0; ms <= cases[i].ms; ms++) {
			unsigned calls = b.calls;

			loop_fake_advance(b.loop, ms == 0 ? 0 : 1);
			if (b.calls > calls && b.status == ENUM_OK &&
			    ms < cases[i].ms)
				lookup_next(b.lookup);
		}
		lookup_cancel(&b.lookup);
		lookup_cancel(&b.lookup); /* takes NULL */
		loop_fake_advance(b.loop, 1000);
		assert_int_equal(b.calls, cases[i].calls);
		teardown(&b);
	}
}

static void a_lookup_can_be_cancelled_inside_its_callback(void **state)
{
	static const char *const zones[][2] = {
		{ "2.1.e164.arpa NAPTR 1 1 " IM("a"), NULL },
		{ "2.1.e164.arpa SERVFAIL", NULL },
		{ NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++) {
		struct bench b;

		setup(&b, zones[i]);
		b.cancels = true;
		start(&b, "+12");
		loop_fake_advance(b.loop, 1000);
		assert_int_equal(b.calls, 1);
		assert_null(b.lookup);
		teardown(&b);
	}
}

static void on_asked(const struct lookup_apex *apex, const char *name,
		     const struct dns_answer *answer, double ms, void *arg)
{
	struct bench *b = arg;
	char text[DNS_NAME_SIZE + 64];

	snprintf(text, sizeof text, "%s: %s %s after %.0f ms", apex->name, name,
		 dns_status_word(answer->status), ms);
	add_line(b->trace, sizeof b->trace, text, NULL);
}

static void on_rule(const struct naptr *rule, enum enum_status status,
		    const char *result, void *arg)
{
	struct bench *b = arg;
	char text[64];

	snprintf(text, sizeof text, "%u/%u %s", rule->order, rule->preference,
		 enum_status_word(status));
	add_line(b->trace, sizeof b->trace, text, result);
}

static void the_trace_tells_each_name_and_each_rule_in_order(void **state)
{
	static const char *const zone[] = {
		"2.1.e164.arpa NAPTR 1 1 \"s\" \"SIP+D2U\" \"\" y.example",
		"2.1.e164.arpa NAPTR 2 1 " GO("x.example"),
		"x.example NAPTR 3 1 " GO("2.1.e164.arpa"),
		"x.example NAPTR 4 7 " IM("a"),
		"x.example DELAY 5",
		NULL
	};
	struct lookup_trace trace = { on_asked, on_rule, NULL };
	struct lookup_trace silent = { NULL, NULL, NULL };
	struct bench b;

	(void)state;
	setup(&b, zone);
	trace.arg = &b;
	assert_int_equal(lookup_start(b.loop, &b.config, "+12", &trace,
				      on_result, &b, &b.lookup),
			 ENUM_OK);
	loop_fake_advance(b.loop, 5);
	assert_string_equal(b.trace,
			    "public: 2.1.e164.arpa NOERROR after 0 ms\n"
			    "1/1 unknown-flag\n"
			    "2/1 ok x.example\n"
			    "public: x.example NOERROR after 5 ms\n"
			    "3/1 loop\n"
			    "4/7 ok im:a@im.example\n");
	lookup_cancel(&b.lookup);
	assert_int_equal(lookup_start(b.loop, &b.config, "+12", &silent,
				      on_result, &b, &b.lookup),
			 ENUM_OK);
	loop_fake_advance(b.loop, 5);
	assert_int_equal(b.calls, 2);
	teardown(&b);
}

static void on_any_result(const struct lookup_result *result, void *arg)
{
	*(enum enum_status *)arg = result->status;
}

static void look_up(struct loop *loop, struct cache *cache)
{
	struct lookup_apex apex = { .name = "public",
				    .apex = "e164.arpa",
				    .match = plus,
				    .match_count = 1,
				    .cache = cache };
	struct lookup_config config = { &apex, 1 };
	enum enum_status status = ENUM_NO_MEMORY;
	struct lookup *lookup;

	if (lookup_start(loop, &config, "+12", NULL, on_any_result, &status,
			 &lookup) != ENUM_OK)
		return;
	loop_fake_advance(loop, 0);
	while (status == ENUM_OK) {
		lookup_next(lookup);
		loop_fake_advance(loop, 0);
	}
	/* never "no such number" because memory was short */
	assert_true(status != ENUM_NXDOMAIN);
	lookup_cancel(&lookup);
}

static void exercise(void)
{
	struct dns_options options = { .timeout_ms = 2000 };
	struct loop *loop = loop_fake_create();
	struct cache *cache = NULL;
	struct dns *dns = NULL;

	if (dns_create(loop, &options, &dns) == ENUM_OK &&
	    cache_create(loop, dns, 4, &cache) == ENUM_OK)
		look_up(loop, cache);
	cache_destroy(&cache);
	dns_destroy(&dns);
	loop_fake_destroy(&loop);
}

static void out_of_memory_is_a_status(void **state)
{
	struct dns_fake *script = dns_fake_create();

	(void)state;
	dns_fake_use(script);
	dns_fake_zone(script, "2.1.e164.arpa NAPTR 1 1 " GO("x.example"));
	dns_fake_zone(script, "2.1.e164.arpa NAPTR 2 1 " IM("b"));
	dns_fake_zone(script, "x.example NAPTR 1 1 " IM("a"));
	assert_true(unit_fail_allocations(exercise) > 12);
	dns_fake_destroy(&script);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_silent_server_ends_the_lookup_as_temporary),
		cmocka_unit_test(a_lookup_can_be_cancelled_at_each_point),
		cmocka_unit_test(a_lookup_can_be_cancelled_inside_its_callback),
		cmocka_unit_test(
			the_trace_tells_each_name_and_each_rule_in_order),
		cmocka_unit_test(out_of_memory_is_a_status),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
