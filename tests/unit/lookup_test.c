/** A number to im: URIs, in the order of RFC 6116: one tree, its rules, its
 *  referred domains. */

#include "tests/unit/lookup_bench.h"

struct zone_case {
	const char *zone[ZONE_LINES_MAX];
	const char *uris; /* the users, in order */
	enum enum_status end;
	size_t questions;
};

static void check(const struct zone_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char expected[2048] = "";
		struct bench b;

		for (const char *user = cases[i].uris; *user; user++) {
			char uri[] = "im:?@im.example";

			uri[3] = *user;
			add_line(expected, sizeof expected, uri, NULL);
		}
		setup(&b, cases[i].zone);
		walk(&b);
		assert_string_equal(b.uris, expected);
		if (b.status != cases[i].end)
			fail_msg("case %zu ends as %s", i,
				 enum_status_word(b.status));
		assert_int_equal(dns_fake_asked_count(b.script),
				 cases[i].questions);
		teardown(&b);
	}
}

#define CHECK(cases) check(cases, sizeof(cases) / sizeof((cases)[0]))

static void enum_13_rules_are_tried_by_order_then_preference(void **state)
{
	static const struct zone_case cases[] = {
		{ { "2.1.e164.arpa NAPTR 200 1 " IM("d"),
		    "2.1.e164.arpa NAPTR 100 10 " IM("c"),
		    "2.1.e164.arpa NAPTR 100 9 " IM("b"),
		    "2.1.e164.arpa NAPTR 50 90 " IM("a") },
		  "abcd",
		  ENUM_NODATA,
		  1 },
		{ { "2.1.e164.arpa NAPTR 65535 0 " IM("c"),
		    "2.1.e164.arpa NAPTR 32768 0 " IM("b"),
		    "2.1.e164.arpa NAPTR 0 65535 " IM("a") },
		  "abc",
		  ENUM_NODATA,
		  1 },
		{ { "2.1.e164.arpa NAPTR 10 10 " IM("x"),
		    "2.1.e164.arpa NAPTR 10 10 " IM("y"),
		    "2.1.e164.arpa NAPTR 10 10 " IM("z") },
		  "xyz",
		  ENUM_NODATA,
		  1 },
	};

	(void)state;
	CHECK(cases);
}

static void
enum_14_16_17_a_rule_that_cannot_be_used_never_ends_the_query(void **state)
{
	static const struct zone_case cases[] = {
		{ { "2.1.e164.arpa NAPTR 1 1 \"s\" \"SIP+D2U\" \"\" x.example",
		    "2.1.e164.arpa NAPTR 2 1 \"u\" \"x-unknown\" \"!a!b!\" .",
		    "2.1.e164.arpa NAPTR 3 1 \"u\" \"E2U+sip\""
		    " \"!^.*$!sip:a@b!\" .",
		    "2.1.e164.arpa NAPTR 4 1 \"u\" \"E2U+im\" \"!(!im:a@b!\" .",
		    "2.1.e164.arpa NAPTR 5 1 \"u\" \"E2U+im\""
		    " \"!^.*$!sip:a@b!\" .",
		    "2.1.e164.arpa NAPTR 6 1 \"u\" \"E2U+im\""
		    " \"!^\\\\+99!im:a@b!\" .",
		    "2.1.e164.arpa NAPTR 7 1 " IM("g") },
		  "g",
		  ENUM_NODATA,
		  1 },
		{ { "2.1.e164.arpa NAPTR 1 1 \"s\" \"SIP+D2U\" \"\" "
		    "x.example" },
		  "",
		  ENUM_NODATA,
		  1 },
	};

	(void)state;
	CHECK(cases);
}

static void enum_38_each_kind_of_answer_has_an_end_of_its_own(void **state)
{
	static const struct zone_case cases[] = {
		{ { NULL }, "", ENUM_NXDOMAIN, 1 },
		{ { "2.1.e164.arpa NODATA" }, "", ENUM_NODATA, 1 },
		{ { "3.2.1.e164.arpa NAPTR 1 1 " IM("a") },
		  "",
		  ENUM_NODATA,
		  1 },
		{ { "2.1.e164.arpa SERVFAIL" }, "", ENUM_TEMPORARY, 1 },
		{ { "2.1.e164.arpa OVERLOAD" }, "", ENUM_TEMPORARY, 1 },
		{ { "2.1.e164.arpa NAPTR 1 1 " IM("a"),
		    "2.1.e164.arpa GARBAGE" },
		  "",
		  ENUM_TEMPORARY,
		  1 },
	};

	(void)state;
	CHECK(cases);
}

static void enum_37_a_cname_at_the_owner_is_followed(void **state)
{
	static const struct zone_case cases[] = {
		{ { "2.1.e164.arpa CNAME port.example",
		    "port.example NAPTR 1 1 " IM("a") },
		  "a",
		  ENUM_NODATA,
		  1 },
		{ { "2.1.e164.arpa CNAME b.example",
		    "b.example CNAME 2.1.e164.arpa" },
		  "",
		  ENUM_TEMPORARY,
		  1 },
	};

	(void)state;
	CHECK(cases);
}

static void enum_25_the_original_number_is_what_a_rule_rewrites(void **state)
{
	static const char *const zone[] = {
		"2.1.e164.arpa NAPTR 10 10 " GO("x.example"),
		"x.example NAPTR 10 10 \"u\" \"E2U+im\""
		" \"!^\\\\+(1)(2)$!im:n\\\\2\\\\1@im.example!\" .",
		NULL
	};
	struct bench b;

	(void)state;
	setup(&b, zone);
	walk(&b);
	assert_string_equal(b.uris, "im:n21@im.example\n");
	teardown(&b);
}

static void enum_29_31_32_referred_domains_stand_in_for_their_rule(void **state)
{
	static const struct zone_case cases[] = {
		/* ENUM-29: the rules of the domain, in place of the rule */
		{ { "2.1.e164.arpa NAPTR 10 1 " IM("a"),
		    "2.1.e164.arpa NAPTR 20 1 " GO("x.example"),
		    "2.1.e164.arpa NAPTR 30 1 " IM("d"),
		    "x.example NAPTR 2 1 " IM("c"),
		    "x.example NAPTR 1 1 " IM("b") },
		  "abcd",
		  ENUM_NODATA,
		  2 },
		/* ENUM-32: order 5 inside does not beat order 1 outside */
		{ { "2.1.e164.arpa NAPTR 1 1 " GO("x.example"),
		    "2.1.e164.arpa NAPTR 1 2 " IM("c"),
		    "x.example NAPTR 500 1 " IM("a"),
		    "x.example NAPTR 600 1 " IM("b") },
		  "abc",
		  ENUM_NODATA,
		  2 },
		/* ENUM-31: trouble in there ends that branch only */
		{ { "2.1.e164.arpa NAPTR 1 1 " GO("gone.example"),
		    "2.1.e164.arpa NAPTR 2 1 " IM("a") },
		  "a",
		  ENUM_NODATA,
		  2 },
		{ { "2.1.e164.arpa NAPTR 1 1 " GO("x.example"),
		    "2.1.e164.arpa NAPTR 2 1 " IM("a"),
		    "x.example NAPTR 1 1 \"s\" \"SIP+D2U\" \"\" y.example" },
		  "a",
		  ENUM_NODATA,
		  2 },
		{ { "2.1.e164.arpa NAPTR 1 1 " GO("bad.example"),
		    "2.1.e164.arpa NAPTR 2 1 " IM("a"),
		    "bad.example SERVFAIL" },
		  "a",
		  ENUM_TEMPORARY, /* that branch might have had more */
		  2 },
		/* but when nothing else is usable, nobody can tell */
		{ { "2.1.e164.arpa NAPTR 1 1 " GO("bad.example"),
		    "bad.example SERVFAIL" },
		  "",
		  ENUM_TEMPORARY,
		  2 },
		{ { "2.1.e164.arpa NAPTR 1 1 " GO("gone.example") },
		  "",
		  ENUM_NODATA, /* the number itself does exist */
		  2 },
		/* a replacement that is the root leads nowhere */
		{ { "2.1.e164.arpa NAPTR 1 1 " GO("."),
		    "2.1.e164.arpa NAPTR 2 1 " IM("a") },
		  "a",
		  ENUM_NODATA,
		  1 },
	};

	(void)state;
	CHECK(cases);
}

static size_t times_asked(const struct bench *b, const char *question)
{
	size_t times = 0;

	for (size_t i = 0; i < dns_fake_asked_count(b->script); i++)
		if (strcmp(dns_fake_asked(b->script, i), question) == 0)
			times++;
	return times;
}

static void enum_30_a_loop_is_not_entered_again(void **state)
{
	static const char *const zone[] = {
		"2.1.e164.arpa NAPTR 1 1 " GO("B.example"),
		"2.1.e164.arpa NAPTR 2 1 " IM("a"),
		"b.example NAPTR 1 1 " GO("2.1.E164.arpa"),
		"b.example NAPTR 2 1 " GO("b.Example"), NULL
	};
	struct bench b;

	(void)state;
	setup(&b, zone);
	walk(&b);
	assert_string_equal(b.uris, "im:a@im.example\n");
	assert_int_equal(b.status, ENUM_NODATA);
	assert_int_equal(times_asked(&b, "2.1.e164.arpa/NAPTR"), 1);
	assert_int_equal(times_asked(&b, "b.example/NAPTR"), 1);
	teardown(&b);
}

static void enum_30_five_rules_in_a_row_are_followed_six_are_not(void **state)
{
	static const struct zone_case cases[] = {
		{ { "2.1.e164.arpa NAPTR 1 1 " GO("a.example"),
		    "a.example NAPTR 1 1 " GO("b.example"),
		    "b.example NAPTR 1 1 " GO("c.example"),
		    "c.example NAPTR 1 1 " GO("d.example"),
		    "d.example NAPTR 1 1 " GO("e.example"),
		    "e.example NAPTR 1 1 " IM("a") },
		  "a",
		  ENUM_NODATA,
		  1 + LOOKUP_DEPTH_MAX },
		{ { "2.1.e164.arpa NAPTR 1 1 " GO("a.example"),
		    "2.1.e164.arpa NAPTR 2 1 " IM("b"),
		    "a.example NAPTR 1 1 " GO("b.example"),
		    "b.example NAPTR 1 1 " GO("c.example"),
		    "c.example NAPTR 1 1 " GO("d.example"),
		    "d.example NAPTR 1 1 " GO("e.example"),
		    "e.example NAPTR 1 1 " GO("f.example"),
		    "f.example NAPTR 1 1 " IM("a") },
		  "b",
		  ENUM_NODATA,
		  1 + LOOKUP_DEPTH_MAX },
	};

	(void)state;
	CHECK(cases);
}

static void check_bound(const char *more, enum enum_status end)
{
	struct bench b;

	setup(&b, NULL);
	dns_fake_zone(b.script, more);
	for (int i = 0; i < 2 * LOOKUP_QUESTIONS_MAX; i++) {
		char line[80];

		snprintf(line, sizeof line,
			 "2.1.e164.arpa NAPTR %d 1 \"\" \"\" \"\" x%d.example",
			 i, i);
		dns_fake_zone(b.script, line);
	}
	dns_fake_zone(b.script, "2.1.e164.arpa NAPTR 999 1 " IM("a"));
	walk(&b);
	assert_int_equal(b.status, end);
	assert_string_equal(b.uris, "");
	assert_int_equal(dns_fake_asked_count(b.script), LOOKUP_QUESTIONS_MAX);
	teardown(&b);
}

static void a_lookup_asks_a_bounded_number_of_questions(void **state)
{
	(void)state;
	check_bound("x3.example NODATA", ENUM_NODATA);
	check_bound("x3.example SERVFAIL", ENUM_TEMPORARY);
}

static void enum_15_43_nothing_is_asked_before_it_is_needed(void **state)
{
	static const char *const zone[] = {
		"2.1.e164.arpa NAPTR 1 1 " IM("a"),
		"2.1.e164.arpa NAPTR 2 1 " GO("x.example"),
		"x.example NAPTR 1 1 " IM("b"), NULL
	};
	struct bench b;

	(void)state;
	setup(&b, zone);
	start(&b, "+12");
	loop_fake_advance(b.loop, 60000);
	assert_string_equal(b.uris, "im:a@im.example\n");
	assert_int_equal(b.calls, 1);
	assert_int_equal(dns_fake_asked_count(b.script), 1);
	lookup_next(b.lookup);
	loop_fake_advance(b.loop, 60000);
	assert_string_equal(b.uris, "im:a@im.example\nim:b@im.example\n");
	assert_int_equal(b.calls, 2);
	assert_int_equal(dns_fake_asked_count(b.script), 2);
	teardown(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			enum_13_rules_are_tried_by_order_then_preference),
		cmocka_unit_test(
			enum_14_16_17_a_rule_that_cannot_be_used_never_ends_the_query),
		cmocka_unit_test(
			enum_38_each_kind_of_answer_has_an_end_of_its_own),
		cmocka_unit_test(enum_37_a_cname_at_the_owner_is_followed),
		cmocka_unit_test(
			enum_25_the_original_number_is_what_a_rule_rewrites),
		cmocka_unit_test(
			enum_29_31_32_referred_domains_stand_in_for_their_rule),
		cmocka_unit_test(enum_30_a_loop_is_not_entered_again),
		cmocka_unit_test(
			enum_30_five_rules_in_a_row_are_followed_six_are_not),
		cmocka_unit_test(a_lookup_asks_a_bounded_number_of_questions),
		cmocka_unit_test(
			enum_15_43_nothing_is_asked_before_it_is_needed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
