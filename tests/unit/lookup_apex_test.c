/** Several trees, whose numbers they are asked for, and what DNSSEC says. */

#include "tests/unit/lookup_bench.h"

struct apex_case {
	const char *zone[ZONE_LINES_MAX];
	const char *uris;
	enum enum_status end;
	const char *apex; /* where it ended */
	size_t questions;
};

static void enum_4_the_next_apex_is_asked_when_one_has_nothing(void **state)
{
	static const struct apex_case cases[] = {
		{ { "2.1.e164.example NAPTR 1 1 " IM("a") },
		  "im:a@im.example\n",
		  ENUM_NODATA,
		  "private",
		  2 },
		{ { "2.1.e164.arpa NODATA",
		    "2.1.e164.example NAPTR 1 1 " IM("a") },
		  "im:a@im.example\n",
		  ENUM_NODATA,
		  "private",
		  2 },
		{ { "2.1.e164.arpa NAPTR 1 1 \"s\" \"x\" \"\" y.example",
		    "2.1.e164.example NAPTR 1 1 " IM("a") },
		  "im:a@im.example\n",
		  ENUM_NODATA,
		  "private",
		  2 },
		/* it had one: the other is not asked, even in the end */
		{ { "2.1.e164.arpa NAPTR 1 1 " IM("a"),
		    "2.1.e164.example NAPTR 1 1 " IM("b") },
		  "im:a@im.example\n",
		  ENUM_NODATA,
		  "public",
		  1 },
		/* cannot tell: the other is not asked */
		{ { "2.1.e164.arpa SERVFAIL",
		    "2.1.e164.example NAPTR 1 1 " IM("b") },
		  "",
		  ENUM_TEMPORARY,
		  "public",
		  1 },
		{ { "2.1.e164.arpa NAPTR 1 1 " GO("bad.example"),
		    "bad.example SERVFAIL",
		    "2.1.e164.example NAPTR 1 1 " IM("b") },
		  "",
		  ENUM_TEMPORARY,
		  "public",
		  2 },
		/* TEL-14: NXDOMAIN only if all of them say so */
		{ { NULL }, "", ENUM_NXDOMAIN, "private", 2 },
		{ { "2.1.e164.arpa NODATA" }, "", ENUM_NODATA, "private", 2 },
		{ { "2.1.e164.example NODATA" },
		  "",
		  ENUM_NODATA,
		  "private",
		  2 },
		{ { "2.1.e164.arpa NAPTR 1 1 \"s\" \"x\" \"\" y.example" },
		  "",
		  ENUM_NODATA,
		  "private",
		  2 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct bench b;

		setup(&b, cases[i].zone);
		b.config.apex_count = 2;
		walk(&b);
		assert_string_equal(b.uris, cases[i].uris);
		if (b.status != cases[i].end)
			fail_msg("case %zu ends as %s", i,
				 enum_status_word(b.status));
		assert_string_equal(b.apex->name, cases[i].apex);
		assert_int_equal(dns_fake_asked_count(b.script),
				 cases[i].questions);
		teardown(&b);
	}
}

static void enum_4_an_apex_is_asked_for_its_numbers_only(void **state)
{
	static const char *const others[] = { "+1303", "+49" };
	static const char *const ours[] = { "+1303", "+1" };
	static const char *const zone[] = {
		"2.1.e164.arpa NAPTR 1 1 " IM("a"),
		"2.1.e164.example NAPTR 1 1 " IM("b"), NULL
	};
	struct bench b;

	(void)state;
	setup(&b, zone);
	b.config.apex_count = 2;
	b.apexes[0].match = others;
	b.apexes[0].match_count = 2;
	b.apexes[1].match = ours;
	b.apexes[1].match_count = 2;
	walk(&b);
	assert_string_equal(b.uris, "im:b@im.example\n");
	assert_int_equal(dns_fake_asked_count(b.script), 1);
	teardown(&b);

	setup(&b, zone);
	b.apexes[0].match = others;
	b.apexes[0].match_count = 2;
	walk(&b);
	assert_int_equal(b.status, ENUM_NODATA); /* nobody said NXDOMAIN */
	assert_null(b.apex);
	assert_false(b.secure);
	assert_int_equal(dns_fake_asked_count(b.script), 0);
	teardown(&b);
}

static void enum_42_what_is_no_e164_number_is_not_asked(void **state)
{
	static const char *const numbers[] = {
		"",
		"+",
		"12",
		"+1a",
		"+1234567890123456",
		"+12345678901234567890123456789012345678901234567890",
	};

	(void)state;
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
		struct bench b;

		setup(&b, NULL);
		start(&b, numbers[i]);
		loop_fake_advance(b.loop, 0);
		assert_int_equal(b.calls, 1);
		assert_int_equal(b.status, ENUM_NODATA);
		assert_int_equal(dns_fake_asked_count(b.script), 0);
		teardown(&b);
	}
}

static void enum_39_what_is_not_secure_fails_closed_when_required(void **state)
{
	static const struct {
		const char *zone[ZONE_LINES_MAX];
		enum lookup_dnssec dnssec;
		enum enum_status first;
		bool secure;
	} cases[] = {
		{ { "2.1.e164.arpa NAPTR 1 1 " IM("a") },
		  LOOKUP_DNSSEC_REQUIRE,
		  ENUM_INSECURE,
		  false },
		{ { "2.1.e164.arpa NAPTR 1 1 " IM("a"), "* SECURE" },
		  LOOKUP_DNSSEC_REQUIRE,
		  ENUM_OK,
		  true },
		{ { "2.1.e164.arpa NAPTR 1 1 " IM("a") },
		  LOOKUP_DNSSEC_PREFER,
		  ENUM_OK,
		  false },
		{ { "2.1.e164.arpa NAPTR 1 1 " IM("a"), "* SECURE" },
		  LOOKUP_DNSSEC_PREFER,
		  ENUM_OK,
		  true },
		{ { "2.1.e164.arpa NAPTR 1 1 " IM("a"), "* SECURE" },
		  LOOKUP_DNSSEC_OFF,
		  ENUM_OK,
		  false },
		/* a denial that anybody could have forged */
		{ { NULL }, LOOKUP_DNSSEC_REQUIRE, ENUM_INSECURE, false },
		{ { "2.1.e164.arpa NODATA" },
		  LOOKUP_DNSSEC_REQUIRE,
		  ENUM_INSECURE,
		  false },
		{ { "* SECURE" }, LOOKUP_DNSSEC_REQUIRE, ENUM_NXDOMAIN, true },
		{ { "2.1.e164.arpa SERVFAIL", "* SECURE" },
		  LOOKUP_DNSSEC_REQUIRE,
		  ENUM_TEMPORARY,
		  false },
		/* a referred domain counts too, but only for itself */
		{ { "2.1.e164.arpa NAPTR 1 1 " GO("x.example"),
		    "2.1.e164.arpa SECURE", "x.example NAPTR 1 1 " IM("b") },
		  LOOKUP_DNSSEC_REQUIRE,
		  ENUM_INSECURE,
		  false },
		{ { "2.1.e164.arpa NAPTR 1 1 " GO("x.example"),
		    "2.1.e164.arpa NAPTR 2 1 " IM("a"), "2.1.e164.arpa SECURE",
		    "x.example NAPTR 1 1 " IM("b") },
		  LOOKUP_DNSSEC_REQUIRE,
		  ENUM_OK,
		  false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct bench b;

		setup(&b, cases[i].zone);
		b.apexes[0].dnssec = cases[i].dnssec;
		start(&b, "+12");
		loop_fake_advance(b.loop, 0);
		if (b.status != cases[i].first || b.secure != cases[i].secure)
			fail_msg("case %zu: %s", i, enum_status_word(b.status));
		if (b.status == ENUM_OK)
			assert_string_equal(b.uris, "im:a@im.example\n");
		teardown(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			enum_4_the_next_apex_is_asked_when_one_has_nothing),
		cmocka_unit_test(enum_4_an_apex_is_asked_for_its_numbers_only),
		cmocka_unit_test(enum_42_what_is_no_e164_number_is_not_asked),
		cmocka_unit_test(
			enum_39_what_is_not_secure_fails_closed_when_required),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
