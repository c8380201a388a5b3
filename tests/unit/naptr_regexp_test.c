#include "tests/unit/unit.h"

#include "enum/naptr.h"

#define AUS	      "+12025550100"
#define SPAN(literal) ((struct span){ literal, sizeof(literal) - 1 })

static enum enum_status apply(struct span regexp, char *uri)
{
	struct naptr rule = { .regexp = regexp, .replacement = "" };

	return naptr_apply(&rule, AUS, uri, NAPTR_URI_MAX + 1);
}

static void expect_uri(const char *regexp, const char *expected)
{
	char uri[NAPTR_URI_MAX + 1];
	enum enum_status status = apply(span_of(regexp), uri);

	if (status != ENUM_OK)
		fail_msg("%s: %s", regexp, enum_status_word(status));
	assert_string_equal(uri, expected);
}

static void expect_refusal(const char *regexp, enum enum_status expected)
{
	char uri[NAPTR_URI_MAX + 1];
	enum enum_status status = apply(span_of(regexp), uri);

	if (status != expected)
		fail_msg("%s: %s", regexp, enum_status_word(status));
	assert_string_equal(uri, "");
}

static void enum_28_odd_octets_in_the_regexp_spoil_this_rule_only(void **state)
{
	char uri[NAPTR_URI_MAX + 1];

	(void)state;
	assert_int_equal(apply(SPAN("!^.*$!im:a\0@b.example!"), uri),
			 ENUM_BAD_RESULT);
	assert_int_equal(apply(SPAN("!^.*$!im:a@b.example!\0"), uri),
			 ENUM_BAD_REGEXP);
	assert_int_equal(apply(SPAN("!\0!im:a@b.example!"), uri),
			 ENUM_NO_MATCH);
	assert_int_equal(apply(SPAN("!\200!im:a@b.example!"), uri),
			 ENUM_BAD_REGEXP);
	assert_int_equal(apply(SPAN("!^.*$!im:j\303\266rg@b.example!"), uri),
			 ENUM_BAD_RESULT);
}

static void enum_6_another_scheme_is_not_im(void **state)
{
	(void)state;
	expect_refusal("!^.*$!sip:x@s.example!", ENUM_WRONG_SCHEME);
	expect_refusal("!^.*$!xmpp:x@s.example!", ENUM_WRONG_SCHEME);
	expect_refusal("!^.*$!imx:x@s.example!", ENUM_WRONG_SCHEME);
	expect_refusal("!^.*$!tel:+1!", ENUM_WRONG_SCHEME);
	expect_uri("!^.*$!IM:x@s.example!", "IM:x@s.example");
}

static void enum_18_any_octet_but_1_to_9_and_i_delimits(void **state)
{
	static const char delimiters[] = "!/#~,|\"'%&0;<=>A^zb.*+?()[]{}$ -@:";
	static const char refused[] = "123456789iI\\";
	char uri[NAPTR_URI_MAX + 1], field[64];

	(void)state;
	for (const char *d = delimiters; *d; d++) {
		int len = snprintf(field, sizeof field, "%c555%cim:7%c", *d, *d,
				   *d);
		enum enum_status status =
			apply((struct span){ field, (size_t)len }, uri);

		if (*d == ':') /* cuts the URI in two */
			assert_int_equal(status, ENUM_BAD_REGEXP);
		else
			assert_int_equal(status, ENUM_OK);
	}
	for (const char *d = refused; *d; d++) {
		snprintf(field, sizeof field, "%c^.*$%cXm:a@b.example%c", *d,
			 *d, *d);
		expect_refusal(field, ENUM_BAD_REGEXP);
	}
	expect_refusal("1^.*$1im:a@b.example1", ENUM_BAD_REGEXP);
	assert_int_equal(apply(SPAN("\0"
				    "555\0im:7\0"),
			       uri),
			 ENUM_OK);
	assert_int_equal(apply(SPAN("\377"
				    "555\377im:7\377"),
			       uri),
			 ENUM_OK);
}

static void enum_19_two_or_four_delimiters_are_refused(void **state)
{
	static const char *const fields[] = {
		"!",
		"!!",
		"!^.*$!im:a@im.example",
		"!^.*$!im:a@im.example!!",
		"!^.*$!im:a!b@im.example!",
		"!^.*$!im:a@im.example!i!",
		"!^.*$!im:a@im.example\\!",
		"!^.*$\\!im:a@im.example!",
		"!^.*$!im:a@im.example!\\!",
	};

	(void)state;
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		expect_refusal(fields[i], ENUM_BAD_REGEXP);
}

static void enum_20_an_escaped_delimiter_is_literal(void **state)
{
	(void)state;
	expect_uri("!^.*$!im:a\\!b@im.example!", "im:a!b@im.example");
	expect_uri("/^.*$/im:a\\/b@im.example/", "im:a/b@im.example");
	expect_uri("0^.*$0im:a\\0b@im.example0", "im:a0b@im.example");
}

static void enum_20_an_escaped_delimiter_in_the_ere_is_literal(void **state)
{
	(void)state;
	/* not an operator: the backslash goes */
	expect_uri("!^\\!?\\+1!im:7!", "im:7");
	expect_uri("05(55\\01)0im:n\\10", "im:n5501");
	expect_uri(",5{2\\,3},im:7,", "im:7");
	expect_uri(":^.[[\\:digit\\:]]*$:im\\:7:", "im:7");
	/* an operator: it stays, or "5|x" would match */
	expect_refusal("|5\\|x|im:7|", ENUM_NO_MATCH);
	expect_refusal("*5\\*1*im:7*", ENUM_NO_MATCH);
	expect_uri("+^\\+1+im:7+", "im:7");
	expect_uri("+^[\\+]1+im:7+", "im:7");
}

static void enum_21_a_trailing_i_does_nothing(void **state)
{
	(void)state;
	expect_uri("!^.*$!im:a@im.example!i", "im:a@im.example");
	expect_uri("!^.*$!im:a@im.example!I", "im:a@im.example");
	expect_uri("/^\\+1(202)(555)(.*)$/im:n-\\1-\\2-\\3@im.example/i",
		   "im:n-202-555-0100@im.example");
	expect_refusal("!^.*$!im:a@im.example!g", ENUM_BAD_REGEXP);
	expect_refusal("!^.*$!im:a@im.example!ii", ENUM_BAD_REGEXP);
	expect_refusal("!^.*$!im:a@im.example! ", ENUM_BAD_REGEXP);
}

static void enum_22_a_faulty_ere_is_refused(void **state)
{
	(void)state;
	expect_refusal("!(!im:a@im.example!", ENUM_BAD_REGEXP);
	expect_refusal("!\\d!im:a@im.example!", ENUM_BAD_REGEXP);
	expect_refusal("!^(((1{1,255}){1,255}){1,255})!im:a@im.example!",
		       ENUM_BAD_REGEXP); /* SEC-6 */
}

static void enum_23_back_references_count_by_opening_parenthesis(void **state)
{
	(void)state;
	expect_uri("!^\\+((1)(2(0)2))(.*)$!im:\\1.\\2.\\3.\\4.\\5@im.example!",
		   "im:1202.1.202.0.5550100@im.example");
	expect_uri("!^.(.)(.)(.)(.)(.)(.)(.)(.)(.)(.)!im:\\9\\8\\3\\10!",
		   "im:10010");
}

static void enum_23_a_group_without_text_is_empty(void **state)
{
	(void)state;
	expect_uri("!^\\+1(9)?(2)!im:a\\1b\\2@im.example!",
		   "im:ab2@im.example");
	expect_uri("!^\\+1(x*)!im:a\\1b@im.example!", "im:ab@im.example");
}

static void enum_23_a_reference_to_no_group_is_refused(void **state)
{
	(void)state;
	expect_refusal("!^(.)(.)!im:\\5@im.example!", ENUM_BAD_REGEXP);
	expect_refusal("!^.*$!im:\\1@im.example!", ENUM_BAD_REGEXP);
	expect_refusal("!^(.*)$!im:\\0@im.example!", ENUM_BAD_REGEXP);
	expect_refusal("!^(.*)$!im:\\a@im.example!", ENUM_BAD_REGEXP);
}

static void enum_23_a_doubled_backslash_is_one_and_in_no_uri(void **state)
{
	(void)state;
	expect_refusal("!^(.*)$!im:\\\\1@im.example!", ENUM_BAD_RESULT);
	expect_uri("!^\\\\?\\+1!im:a@im.example!", "im:a@im.example");
	/* the escape is that of the backslash, so the delimiter counts */
	expect_refusal("!^.*$!im:a@im.example\\\\!", ENUM_BAD_RESULT);
}

static void enum_24_expanding_references_do_not_overrun(void **state)
{
	char field[256] = "!(.*)!im:", uri[NAPTR_URI_MAX + 1];
	size_t len = strlen(field);

	(void)state;
	while (len < 253) {
		field[len++] = '\\';
		field[len++] = '1';
	}
	field[len++] = '!';
	assert_int_equal(apply((struct span){ field, len }, uri),
			 ENUM_BAD_RESULT);
	assert_string_equal(uri, "");
}

static void enum_24_the_longest_result_is_1023_octets(void **state)
{
	static const char aus[] = "+123456789012345";
	char uri[2 * NAPTR_URI_MAX];
	char field[256] = "!(.{15})$!im:";
	struct naptr rule = { .replacement = "" };

	(void)state;
	for (int i = 0; i < 68; i++) /* 3 and 68 * 15: 1023 */
		strncat(field, "\\1", sizeof field - strlen(field) - 1);
	strncat(field, "!", sizeof field - strlen(field) - 1);
	rule.regexp = span_of(field);
	assert_int_equal(naptr_apply(&rule, aus, uri, sizeof uri), ENUM_OK);
	assert_int_equal(strlen(uri), NAPTR_URI_MAX);
	field[strlen(field) - 1] = '0';
	strncat(field, "!", sizeof field - strlen(field) - 1);
	rule.regexp = span_of(field);
	assert_int_equal(naptr_apply(&rule, aus, uri, sizeof uri),
			 ENUM_BAD_RESULT);
}

static void sec_6_the_field_has_at_most_255_octets(void **state)
{
	char field[257], uri[NAPTR_URI_MAX + 1];

	(void)state;
	memset(field, 'a', sizeof field);
	memcpy(field, "!^.*$!im:", 9);
	field[254] = '!';
	assert_int_equal(apply((struct span){ field, 255 }, uri), ENUM_OK);
	field[254] = 'a';
	field[255] = '!';
	assert_int_equal(apply((struct span){ field, 256 }, uri),
			 ENUM_BAD_REGEXP);
}

static void enum_25_the_subject_is_the_number_with_its_plus(void **state)
{
	(void)state;
	expect_uri("!^\\+12025550100$!im:a@im.example!", "im:a@im.example");
	expect_uri("!^(.*)$!im:\\1@im.example!", "im:+12025550100@im.example");
}

static void enum_26_the_replacement_alone_is_the_result(void **state)
{
	(void)state;
	expect_uri("!555!im:a@im.example!", "im:a@im.example");
	expect_refusal("!^\\+1303!im:a@im.example!", ENUM_NO_MATCH);
}

static void enum_27_the_result_is_an_absolute_uri(void **state)
{
	static const char *const results[] = {
		"",
		"alice@im.example",
		"im",
		"im:",
		"im:a b@im.example",
		":a@im.example",
		"im:a@im.example#f",
		"im:a%@im.example",
		"im:a%4@im.example",
		"im:a%4g@im.example",
		"im:<a@im.example>",
		"im:a\"b@x.example",
		"im:a[b]@x.example",
		"im:{a}@x.example",
		"im:a^b@x.example",
		"im:a`b@x.example",
		"im:a|b@x.example",
		"im:a\x7f@x.example",
		"im:a\n@x.example",
		"1m:a@im.example",
		" im:a@im.example",
		"im :a@im.example",
		"im:a@im.example%",
	};
	char field[64];

	(void)state;
	for (size_t i = 0; i < sizeof results / sizeof *results; i++) {
		snprintf(field, sizeof field, "!^.*$!%s!", results[i]);
		expect_refusal(field, ENUM_BAD_RESULT);
	}
	expect_uri("!^.*$!im:a%20b-._~$&'()*+,;=:@x.example/?s=1!",
		   "im:a%20b-._~$&'()*+,;=:@x.example/?s=1");
}

static void sip_41_an_escaped_nul_is_refused(void **state)
{
	(void)state;
	expect_refusal("!^.*$!im:ali%00ce@im.example!", ENUM_BAD_RESULT);
	expect_refusal("!^\\+12(0)!im:a%\\10@im.example!", ENUM_BAD_RESULT);
	expect_uri("!^.*$!im:ali%01ce@im.example!", "im:ali%01ce@im.example");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			enum_28_odd_octets_in_the_regexp_spoil_this_rule_only),
		cmocka_unit_test(enum_6_another_scheme_is_not_im),
		cmocka_unit_test(enum_18_any_octet_but_1_to_9_and_i_delimits),
		cmocka_unit_test(enum_19_two_or_four_delimiters_are_refused),
		cmocka_unit_test(enum_20_an_escaped_delimiter_is_literal),
		cmocka_unit_test(
			enum_20_an_escaped_delimiter_in_the_ere_is_literal),
		cmocka_unit_test(enum_21_a_trailing_i_does_nothing),
		cmocka_unit_test(enum_22_a_faulty_ere_is_refused),
		cmocka_unit_test(
			enum_23_back_references_count_by_opening_parenthesis),
		cmocka_unit_test(enum_23_a_group_without_text_is_empty),
		cmocka_unit_test(enum_23_a_reference_to_no_group_is_refused),
		cmocka_unit_test(
			enum_23_a_doubled_backslash_is_one_and_in_no_uri),
		cmocka_unit_test(enum_24_expanding_references_do_not_overrun),
		cmocka_unit_test(enum_24_the_longest_result_is_1023_octets),
		cmocka_unit_test(sec_6_the_field_has_at_most_255_octets),
		cmocka_unit_test(
			enum_25_the_subject_is_the_number_with_its_plus),
		cmocka_unit_test(enum_26_the_replacement_alone_is_the_result),
		cmocka_unit_test(enum_27_the_result_is_an_absolute_uri),
		cmocka_unit_test(sip_41_an_escaped_nul_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
