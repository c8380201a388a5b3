#include "tests/unit/unit.h"

#include "enum/naptr.h"

#define SPAN(literal) ((struct span){ literal, sizeof(literal) - 1 })

static struct naptr rule_of(const char *flags, const char *services,
			    const char *regexp, const char *replacement)
{
	return (struct naptr){ .order = 10,
			       .preference = 10,
			       .flags = span_of(flags),
			       .services = span_of(services),
			       .regexp = span_of(regexp),
			       .replacement = replacement };
}

/* What classifying says of a terminal rule with these services. */
static enum enum_status of_services(struct span services)
{
	struct naptr rule = rule_of("u", "", "!^.*$!im:a@im.example!", "");
	enum naptr_kind kind;

	rule.services = services;
	return naptr_classify(&rule, &kind);
}

static void expect_services(const char *services, enum enum_status expected)
{
	enum enum_status status = of_services(span_of(services));

	if (status != expected)
		fail_msg("%s: %s", services, enum_status_word(status));
}

static void enum_13_order_comes_first_then_preference(void **state)
{
	static const uint16_t sorted[][2] = {
		{ 0, 65535 }, { 50, 90 },	{ 100, 9 },   { 100, 10 },
		{ 200, 1 },   { 32767, 5 },	{ 32768, 1 }, { 32768, 40000 },
		{ 65535, 0 }, { 65535, 65535 },
	};
	enum { COUNT = sizeof sorted / sizeof *sorted };
	struct naptr records[COUNT];
	const struct naptr *rules[COUNT];

	(void)state;
	for (size_t i = 0; i < COUNT; i++) {
		records[i] = rule_of("u", "E2U+im", "", "");
		records[i].order = sorted[i][0];
		records[i].preference = sorted[i][1];
		rules[COUNT - 1 - i] = &records[i];
	}
	naptr_sort(rules, COUNT);
	for (size_t i = 0; i < COUNT; i++)
		assert_ptr_equal(rules[i], &records[i]);
	naptr_sort(rules, 0);
}

static void enum_13_equal_rules_keep_the_sequence_of_the_wire(void **state)
{
	enum { COUNT = 300 };
	struct naptr records[COUNT];
	const struct naptr *rules[COUNT];

	(void)state;
	for (size_t i = 0; i < COUNT; i++) {
		records[i] = rule_of("u", "E2U+im", "", "");
		records[i].preference = (uint16_t)(i * 7 % 3);
		rules[i] = &records[i];
	}
	naptr_sort(rules, COUNT);
	for (size_t i = 1; i < COUNT; i++)
		assert_true(rules[i - 1]->preference < rules[i]->preference ||
			    (rules[i - 1]->preference == rules[i]->preference &&
			     rules[i - 1] < rules[i]));
}

static void enum_7_only_services_of_the_grammar_are_enum(void **state)
{
	static const char *const foreign[] = {
		"",
		"E2U",
		"E2U+",
		"+im",
		"im",
		"E2U+im:",
		"E2U im",
		"E2Uim",
		"E2U++im",
		"E2U+im+",
		"E2U+im ",
		"E2U+:im",
		"E2U+i_m",
		"E2U+a::b",
		"E2U+sip:a b+im",
		"E2U+i\xc3\xb6+im",
		"E2U+abcdefghijklmnopqrstuvwxyz0123456+im", /* 33 */
		"E2U+a:abcdefghijklmnopqrstuvwxyz0123456+im",
		"E2UX+im",
		"E2V+im",
	};

	(void)state;
	for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
		expect_services(foreign[i], ENUM_NOT_ENUM);
	expect_services("E2U+im", ENUM_OK);
	expect_services("E2U+abcdefghijklmnopqrstuvwxyz012345+im", ENUM_OK);
	expect_services("E2U+imx", ENUM_SERVICE_NOT_IM);
	expect_services("E2U+i", ENUM_SERVICE_NOT_IM);
}

static void enum_8_im_has_no_subtype(void **state)
{
	(void)state;
	expect_services("E2U+im:foo", ENUM_SERVICE_NOT_IM);
	expect_services("E2U+im:sip", ENUM_SERVICE_NOT_IM);
	expect_services("E2U+im:foo+im", ENUM_OK);
}

static void enum_9_other_members_of_a_compound_are_ignored(void **state)
{
	(void)state;
	expect_services("E2U+pres+im", ENUM_OK);
	expect_services("E2U+im+pres", ENUM_OK);
	expect_services("E2U+sip+im+voice:tel", ENUM_OK);
	expect_services("E2U+a:b:c+im", ENUM_OK);
	expect_services("E2U+email:mailto", ENUM_SERVICE_NOT_IM);
	expect_services("E2U+voice:tel", ENUM_SERVICE_NOT_IM); /* TEL-15 */
	expect_services("E2U+pres+sip", ENUM_SERVICE_NOT_IM);
}

static void enum_10_the_obsolete_order_is_understood(void **state)
{
	(void)state;
	expect_services("im+E2U", ENUM_OK);
	expect_services("IM+e2u", ENUM_OK);
	expect_services("pres+im+E2U", ENUM_OK);
	expect_services("sip+E2U", ENUM_SERVICE_NOT_IM);
	expect_services("+E2U", ENUM_NOT_ENUM);
	expect_services("imE2U", ENUM_NOT_ENUM);
	expect_services("im++E2U", ENUM_NOT_ENUM);
}

static void enum_11_flags_and_services_have_no_case(void **state)
{
	struct naptr rule =
		rule_of("U", "e2u+Im", "!^.*$!im:Alice.B@Example.COM!", "");
	char uri[NAPTR_URI_MAX + 1];
	enum naptr_kind kind;

	(void)state;
	assert_int_equal(naptr_classify(&rule, &kind), ENUM_OK);
	assert_int_equal(kind, NAPTR_TERMINAL);
	assert_int_equal(naptr_apply(&rule, "+1", uri, sizeof uri), ENUM_OK);
	assert_string_equal(uri, "im:Alice.B@Example.COM");
}

static void enum_12_an_unknown_flag_is_judged_before_the_rest(void **state)
{
	static const char *const flags[] = { "s",  "a",	 "p", "ux",
					     "uu", "su", " ", "u " };
	enum naptr_kind kind;

	(void)state;
	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
		struct naptr rule = rule_of(flags[i], "junk", "", "a.example");

		assert_int_equal(naptr_classify(&rule, &kind),
				 ENUM_UNKNOWN_FLAG);
	}
}

static void enum_17_rules_of_other_applications_are_not_ours(void **state)
{
	(void)state;
	expect_services("SIP+D2U", ENUM_NOT_ENUM);
	expect_services("SIP+D2T", ENUM_NOT_ENUM);
	expect_services("http+N2L", ENUM_NOT_ENUM);
	expect_services("x-unknown", ENUM_NOT_ENUM);
}

static void enum_28_odd_octets_do_not_end_flags_and_services(void **state)
{
	struct naptr rule = rule_of("", "E2U+im", "!^.*$!im:a@b.example!", "");
	enum naptr_kind kind;

	(void)state;
	rule.flags = SPAN("u\0");
	assert_int_equal(naptr_classify(&rule, &kind), ENUM_UNKNOWN_FLAG);
	rule.flags = SPAN("\0");
	assert_int_equal(naptr_classify(&rule, &kind), ENUM_UNKNOWN_FLAG);
	assert_int_equal(of_services(SPAN("E2U+im\0")), ENUM_NOT_ENUM);
	assert_int_equal(of_services(SPAN("E2U+im\200")), ENUM_NOT_ENUM);
	assert_int_equal(of_services(SPAN("\0")), ENUM_NOT_ENUM);
}

static void enum_29_a_non_terminal_needs_a_replacement_only(void **state)
{
	static const struct {
		const char *services, *regexp, *replacement;
		enum enum_status status;
	} cases[] = {
		{ "", "", "nt1.example", ENUM_OK },
		{ "junk", "", "nt1.example", ENUM_OK },
		{ "E2U+im", "!!!junk", "nt1.example", ENUM_OK }, /* CONF-18 */
		{ "", "", "", ENUM_BAD_REPLACEMENT },
		{ "E2U+im", "!^.*$!im:a@b.example!", "", ENUM_BAD_REPLACEMENT },
		{ "", "", "a\\.b.example", ENUM_BAD_REPLACEMENT },
		{ "", "", "a\\000b.example", ENUM_BAD_REPLACEMENT },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct naptr rule =
			rule_of("", cases[i].services, cases[i].regexp,
				cases[i].replacement);
		enum naptr_kind kind;

		assert_int_equal(naptr_classify(&rule, &kind), cases[i].status);
		assert_int_equal(kind, NAPTR_NON_TERMINAL);
	}
}

static void enum_33_a_terminal_has_a_regexp_and_no_replacement(void **state)
{
	static const struct {
		const char *regexp, *replacement;
		enum enum_status status;
	} cases[] = {
		{ "!^.*$!im:a@b.example!", "", ENUM_OK },
		{ "!^.*$!im:a@b.example!", "nt.example", ENUM_BOTH_FIELDS },
		{ "", "nt.example", ENUM_BAD_REGEXP },
		{ "", "", ENUM_BAD_REGEXP },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct naptr rule = rule_of("u", "E2U+im", cases[i].regexp,
					    cases[i].replacement);
		enum naptr_kind kind;

		assert_int_equal(naptr_classify(&rule, &kind), cases[i].status);
	}
}

static void enum_34_private_and_experimental_services_are_not_im(void **state)
{
	(void)state;
	expect_services("E2U+P-im", ENUM_SERVICE_NOT_IM);
	expect_services("E2U+p-im", ENUM_SERVICE_NOT_IM);
	expect_services("E2U+X-im", ENUM_SERVICE_NOT_IM);
	expect_services("E2U+x-im:sip", ENUM_SERVICE_NOT_IM);
	expect_services("E2U+X-foo+im", ENUM_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(enum_13_order_comes_first_then_preference),
		cmocka_unit_test(
			enum_13_equal_rules_keep_the_sequence_of_the_wire),
		cmocka_unit_test(enum_7_only_services_of_the_grammar_are_enum),
		cmocka_unit_test(enum_8_im_has_no_subtype),
		cmocka_unit_test(
			enum_9_other_members_of_a_compound_are_ignored),
		cmocka_unit_test(enum_10_the_obsolete_order_is_understood),
		cmocka_unit_test(enum_11_flags_and_services_have_no_case),
		cmocka_unit_test(
			enum_12_an_unknown_flag_is_judged_before_the_rest),
		cmocka_unit_test(
			enum_17_rules_of_other_applications_are_not_ours),
		cmocka_unit_test(
			enum_28_odd_octets_do_not_end_flags_and_services),
		cmocka_unit_test(
			enum_29_a_non_terminal_needs_a_replacement_only),
		cmocka_unit_test(
			enum_33_a_terminal_has_a_regexp_and_no_replacement),
		cmocka_unit_test(
			enum_34_private_and_experimental_services_are_not_im),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
