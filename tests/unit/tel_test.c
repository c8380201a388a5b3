#include "tests/unit/unit.h"

#include "enum/tel.h"

struct parse_case {
	const char *subscriber;
	enum enum_status status;
	const char *number; /* NULL: not looked at */
};

static void check(const struct parse_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct tel tel;
		enum enum_status status =
			tel_parse(span_of(cases[i].subscriber), &tel);

		if (status != cases[i].status)
			fail_msg("%s: %s", cases[i].subscriber,
				 enum_status_word(status));
		if (cases[i].number)
			assert_string_equal(tel.number, cases[i].number);
	}
}

#define CHECK(cases) check(cases, sizeof(cases) / sizeof *(cases))

static struct tel parsed(const char *subscriber)
{
	struct tel tel;
	enum enum_status status = tel_parse(span_of(subscriber), &tel);

	assert_true(status == ENUM_OK || status == ENUM_LOCAL_NUMBER);
	return tel;
}

static void enum_1_spellings_of_a_number_are_one_number(void **state)
{
	static const struct parse_case cases[] = {
		{ "+12025550100", ENUM_OK, "+12025550100" },
		{ "+1-202-555-0100", ENUM_OK, "+12025550100" },
		{ "+1(202)555.0100", ENUM_OK, "+12025550100" },
		{ "+-1.", ENUM_OK, "+1" },
		{ "+1-202-555-0100;isub=1", ENUM_OK, "+12025550100" },
		{ "%2B12025550100", ENUM_OK, "+12025550100" },
		{ "%2b1", ENUM_OK, "+1" },
	};

	(void)state;
	CHECK(cases);
}

static void tel_1_what_is_no_subscriber_is_refused(void **state)
{
	static const struct parse_case cases[] = {
		{ "", ENUM_BAD_SYNTAX, NULL },
		{ "+", ENUM_BAD_SYNTAX, NULL },
		{ "+-()", ENUM_BAD_SYNTAX, NULL },
		{ "+1202555010O", ENUM_BAD_SYNTAX, NULL },
		{ "++1", ENUM_BAD_SYNTAX, NULL },
		{ "1+", ENUM_BAD_SYNTAX, NULL },
		{ "%2B", ENUM_BAD_SYNTAX, NULL },
		{ "%2", ENUM_BAD_SYNTAX, NULL },
		{ "%2B%31", ENUM_BAD_SYNTAX, NULL },
		{ "-;phone-context=+1", ENUM_BAD_SYNTAX, NULL },
		{ ";phone-context=+1", ENUM_BAD_SYNTAX, NULL },
		{ "+1;", ENUM_BAD_SYNTAX, NULL },
		{ "+1;;a", ENUM_BAD_SYNTAX, NULL },
		{ "+1;=b", ENUM_BAD_SYNTAX, NULL },
		{ "+1;a=", ENUM_BAD_SYNTAX, NULL },
		{ "+1;a_b=c", ENUM_BAD_SYNTAX, NULL },
		{ "+1;%61=c", ENUM_BAD_SYNTAX, NULL },
		{ "+1;a=b=c", ENUM_BAD_SYNTAX, NULL },
		{ "+1;a=\"b\"", ENUM_BAD_SYNTAX, NULL },
		{ "+1;a=%4", ENUM_BAD_SYNTAX, NULL },
		{ "+1;a=%4g", ENUM_BAD_SYNTAX, NULL },
		{ "+1;a=b@c", ENUM_BAD_SYNTAX, NULL },
		{ "+1;a=\xc3\xbc", ENUM_BAD_SYNTAX, NULL },
		{ "+1;ext=12;ext=13", ENUM_BAD_SYNTAX, NULL },
		{ "+1;tsp=a;TSP=b", ENUM_BAD_SYNTAX, NULL },
		{ "+1;ext", ENUM_BAD_SYNTAX, NULL },
		{ "+1;ext=1a", ENUM_BAD_SYNTAX, NULL },
		{ "+1;isub", ENUM_BAD_SYNTAX, NULL },
		{ "+1;rn", ENUM_BAD_SYNTAX, NULL },
	};

	(void)state;
	CHECK(cases);
}

static void tel_1_parameters_of_the_grammar_are_accepted(void **state)
{
	static const struct parse_case cases[] = {
		{ "+1;tsp=a.b", ENUM_OK, "+1" },
		{ "+1;cic=+1-6789", ENUM_OK, "+1" },
		{ "+1;x=[]/:&+$-_.!~*'()%41", ENUM_OK, "+1" },
		{ "+1;isub=a?b@c=d,e", ENUM_OK, "+1" },
		{ "+1;ext=(12)-3.4", ENUM_OK, "+1" },
		{ "+1;Flag", ENUM_OK, "+1" },
	};

	(void)state;
	CHECK(cases);
}

static void tel_1_a_nul_does_not_end_a_number(void **state)
{
	struct span number = { "+12\0"
			       "34",
			       6 };
	struct span value = { "+12;a=b\0", 8 };
	struct tel tel;

	(void)state;
	assert_int_equal(tel_parse(number, &tel), ENUM_BAD_SYNTAX);
	assert_int_equal(tel_parse(value, &tel), ENUM_BAD_SYNTAX);
}

static void tel_2_blanks_are_no_separators(void **state)
{
	static const struct parse_case cases[] = {
		{ "+1 202 555 0100", ENUM_BAD_SYNTAX, NULL },
		{ "+1%20202", ENUM_BAD_SYNTAX, NULL },
		{ " +1", ENUM_BAD_SYNTAX, NULL },
		{ "+1\t", ENUM_BAD_SYNTAX, NULL },
		{ "+1/2", ENUM_BAD_SYNTAX, NULL },
	};

	(void)state;
	CHECK(cases);
}

static void tel_3_star_hash_and_letters_are_for_local_numbers(void **state)
{
	static const struct parse_case cases[] = {
		{ "+1202*5550100", ENUM_BAD_SYNTAX, NULL },
		{ "+1202#", ENUM_BAD_SYNTAX, NULL },
		{ "+1202A", ENUM_BAD_SYNTAX, NULL },
		{ "*12#aF;phone-context=+1", ENUM_LOCAL_NUMBER, "*12#aF" },
		{ "12G;phone-context=+1", ENUM_BAD_SYNTAX, NULL },
	};

	(void)state;
	CHECK(cases);
}

static void tel_4_a_local_number_stays_local(void **state)
{
	static const struct parse_case cases[] = {
		{ "12025550100", ENUM_NO_CONTEXT, NULL },
		{ "911", ENUM_NO_CONTEXT, NULL },
		{ "911;phone-context=+1", ENUM_LOCAL_NUMBER, "911" },
		{ "555-0100;phone-context=+1202", ENUM_LOCAL_NUMBER,
		  "5550100" },
		{ "7042;phone-context=x.example.com", ENUM_LOCAL_NUMBER,
		  "7042" },
		{ "7042;Phone-Context=example.com.", ENUM_LOCAL_NUMBER,
		  "7042" },
		{ "863;phone-context=+1-914-(555)", ENUM_LOCAL_NUMBER, "863" },
		{ "7042;phone-context=", ENUM_BAD_SYNTAX, NULL },
		{ "7042;phone-context", ENUM_BAD_SYNTAX, NULL },
		{ "7042;phone-context=+", ENUM_BAD_SYNTAX, NULL },
		{ "7042;phone-context=+-", ENUM_BAD_SYNTAX, NULL },
		{ "7042;phone-context=+1x", ENUM_BAD_SYNTAX, NULL },
		{ "7042;phone-context=a..b", ENUM_BAD_SYNTAX, NULL },
		{ "7042;phone-context=.", ENUM_BAD_SYNTAX, NULL },
		{ "7042;phone-context=-a.b", ENUM_BAD_SYNTAX, NULL },
		{ "7042;phone-context=a-.b", ENUM_BAD_SYNTAX, NULL },
		{ "7042;phone-context=192.0.2.1", ENUM_BAD_SYNTAX, NULL },
		{ "7042;phone-context=a_b.example", ENUM_BAD_SYNTAX, NULL },
	};

	(void)state;
	CHECK(cases);
}

static void tel_6_isub_and_ext_exclude_each_other(void **state)
{
	static const struct parse_case cases[] = {
		{ "+12025550100;ext=12", ENUM_OK, "+12025550100" },
		{ "+12025550100;isub=12", ENUM_OK, "+12025550100" },
		{ "+12025550100;isub=12;ext=1", ENUM_BAD_SYNTAX, NULL },
		{ "+12025550100;EXT=1;a;Isub=12", ENUM_BAD_SYNTAX, NULL },
	};

	(void)state;
	CHECK(cases);
}

static void tel_7_an_unknown_mandatory_parameter_forbids_use(void **state)
{
	static const struct parse_case cases[] = {
		{ "+1;m-foo=1", ENUM_UNKNOWN_MANDATORY, NULL },
		{ "+1;tsp=a.b;M-foo", ENUM_UNKNOWN_MANDATORY, NULL },
		{ "7042;m-a;phone-context=+1", ENUM_UNKNOWN_MANDATORY, NULL },
		{ "7042;m-a", ENUM_NO_CONTEXT, NULL },
		{ "+1;m-foo=", ENUM_BAD_SYNTAX, NULL },
		{ "+1;mfoo=1", ENUM_OK, NULL },
		{ "+1;x-m-foo=1", ENUM_OK, NULL },
	};

	(void)state;
	CHECK(cases);
}

static void tel_7_parameters_are_written_as_they_came(void **state)
{
	static const char *const subscribers[] = {
		"+1-202-555-0100",
		"+12025550100;TSP=A.b;ext=12;npdi;rn=+12025559999",
		"7042;x=%41;phone-context=example.com",
	};
	char buffer[128], expected[128];
	struct text out;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct tel tel = parsed(subscribers[i]);

		text_init(&out, buffer, sizeof buffer);
		tel_write(&tel, false, &out);
		snprintf(expected, sizeof expected, "tel:%s", subscribers[i]);
		assert_string_equal(buffer, expected);
	}
}

static void tel_14_enumdi_is_written_once(void **state)
{
	static const struct {
		const char *subscriber, *written;
	} cases[] = {
		{ "+12025550101", "tel:+12025550101;enumdi" },
		{ "+1-202;tsp=a.b", "tel:+1-202;tsp=a.b;enumdi" },
		{ "+1;EnumDI", "tel:+1;EnumDI" },
		{ "+1;enumdi;a", "tel:+1;enumdi;a" },
		{ "%2B1-2", "tel:+1-2;enumdi" },
	};
	char buffer[128];
	struct text out;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct tel tel = parsed(cases[i].subscriber);

		text_init(&out, buffer, sizeof buffer);
		tel_write(&tel, true, &out);
		assert_string_equal(buffer, cases[i].written);
	}
}

static void tel_17_portability_parameters_are_seen(void **state)
{
	struct tel tel = parsed("+1;npdi;rn=+1-202-555-9999;enumdi");

	(void)state;
	assert_true(tel.npdi);
	assert_true(tel.enumdi);
	assert_true(span_is(tel.rn, "+1-202-555-9999"));
	assert_true(span_is(tel.params, ";npdi;rn=+1-202-555-9999;enumdi"));
	tel = parsed("+1-2");
	assert_false(tel.npdi || tel.enumdi);
	assert_int_equal(tel.rn.len, 0);
	assert_int_equal(tel.params.len, 0);
	assert_true(span_is(tel.as_sent, "+1-2"));
}

static void enum_42_long_numbers_parse_up_to_the_bound(void **state)
{
	char subscriber[TEL_MAX + 2];
	struct tel tel;

	(void)state;
	memset(subscriber, '7', sizeof subscriber);
	subscriber[0] = '+';
	assert_int_equal(tel_parse((struct span){ subscriber, TEL_MAX }, &tel),
			 ENUM_OK);
	assert_int_equal(strlen(tel.number), TEL_MAX);
	assert_int_equal(
		tel_parse((struct span){ subscriber, TEL_MAX + 1 }, &tel),
		ENUM_TOO_LONG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(enum_1_spellings_of_a_number_are_one_number),
		cmocka_unit_test(tel_1_what_is_no_subscriber_is_refused),
		cmocka_unit_test(tel_1_parameters_of_the_grammar_are_accepted),
		cmocka_unit_test(tel_1_a_nul_does_not_end_a_number),
		cmocka_unit_test(tel_2_blanks_are_no_separators),
		cmocka_unit_test(
			tel_3_star_hash_and_letters_are_for_local_numbers),
		cmocka_unit_test(tel_4_a_local_number_stays_local),
		cmocka_unit_test(tel_6_isub_and_ext_exclude_each_other),
		cmocka_unit_test(
			tel_7_an_unknown_mandatory_parameter_forbids_use),
		cmocka_unit_test(tel_7_parameters_are_written_as_they_came),
		cmocka_unit_test(tel_14_enumdi_is_written_once),
		cmocka_unit_test(tel_17_portability_parameters_are_seen),
		cmocka_unit_test(enum_42_long_numbers_parse_up_to_the_bound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
