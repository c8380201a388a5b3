#include "tests/unit/unit.h"

#include <time.h>

#include "enum/regex.h"

/* @return the status of compiling, or of matching when that went well */
static enum enum_status try_match(struct span pattern, const char *subject,
				  struct span groups[REGEX_GROUPS])
{
	struct regex *regex;
	enum enum_status status = regex_compile(pattern, &regex);

	if (status == ENUM_OK)
		status = regex_match(regex, span_of(subject), groups);
	regex_destroy(&regex);
	assert_null(regex);
	return status;
}

static void expect(const char *pattern, const char *subject,
		   enum enum_status expected)
{
	struct span groups[REGEX_GROUPS];
	enum enum_status status = try_match(span_of(pattern), subject, groups);

	if (status != expected)
		fail_msg("%s on %s: %s", pattern, subject,
			 enum_status_word(status));
}

static void enum_22_posix_extended_syntax_matches(void **state)
{
	static const char *const patterns[] = {
		"^.*$",
		"^\\+12025550100$",
		"^\\+1(202|301)([0-9]{7})$",
		"^(\\+1[[:digit:]]{3})...",
		"^[+]1[^a-z]+$",
		"^\\+[]0-9]+$",
		"^\\+[^]a]+$",
		"^[+-9]+$",
		"555",
		"0?1*2+",
		"",
		"()",
		"^[[:digit:]+]*$",
	};

	(void)state;
	for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
		expect(patterns[i], "+12025550100", ENUM_OK);
}

static void enum_22_syntax_of_other_dialects_is_refused(void **state)
{
	static const char *const patterns[] = {
		"\\d",		"\\w+",	      "\\bx",	    "\\s",
		"\\x2B",	"(?:1)",      "(?i)1",	    "(1)\\1",
		"\\Q1\\E",	"\\pN",	      "[[.1.]]",    "[[=1=]]",
		"[[:^digit:]]", "[[:nope:]]", "[[:digit:]", "[",
		"[^",		"[]",	      "[^]",	    "(",
		"\\",		"1\\",	      "*",	    "[2-1]",
		"[[:",		"\xff",
	};

	(void)state;
	for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
		expect(patterns[i], "+12025550100", ENUM_BAD_REGEXP);
}

static void enum_22_an_escaped_parenthesis_is_literal(void **state)
{
	(void)state;
	expect("\\(1\\)", "+1", ENUM_NO_MATCH);
	expect("\\(1\\)", "(1)", ENUM_OK);
	expect("\\!\\#\\~\\/\\,", "!#~/,", ENUM_OK);
}

static void enum_22_a_backslash_in_brackets_is_a_member(void **state)
{
	(void)state;
	expect("^[\\+]$", "\\", ENUM_OK);
	expect("^[\\+]$", "+", ENUM_OK);
	expect("^[\\d]$", "d", ENUM_OK);
	expect("^[\\d]$", "1", ENUM_NO_MATCH);
	expect("^[\\]$", "\\", ENUM_OK);
	expect("^[^\\]$", "\\", ENUM_NO_MATCH);
}

static void enum_22_a_nul_does_not_end_the_pattern(void **state)
{
	struct span groups[REGEX_GROUPS];

	(void)state;
	assert_int_equal(try_match((struct span){ "1\0(", 3 }, "1", groups),
			 ENUM_BAD_REGEXP);
	assert_int_equal(try_match((struct span){ "1\0", 2 }, "1", groups),
			 ENUM_NO_MATCH);
}

static void enum_22_the_longest_match_wins(void **state)
{
	struct span groups[REGEX_GROUPS];

	(void)state;
	assert_int_equal(try_match(span_of("1|12|123"), "+1234", groups),
			 ENUM_OK);
	assert_true(span_is(groups[0], "123"));
}

static void enum_23_groups_count_by_opening_parenthesis(void **state)
{
	struct span groups[REGEX_GROUPS];

	(void)state;
	assert_int_equal(try_match(span_of("^\\+((1)(2(0)2))(5*)(9)?"),
				   "+1202555", groups),
			 ENUM_OK);
	assert_true(span_is(groups[1], "1202"));
	assert_true(span_is(groups[2], "1"));
	assert_true(span_is(groups[3], "202"));
	assert_true(span_is(groups[4], "0"));
	assert_true(span_is(groups[5], "555"));
	for (int i = 6; i < REGEX_GROUPS; i++)
		assert_int_equal(groups[i].len, 0);
}

static void enum_23_more_than_nine_groups_are_counted(void **state)
{
	struct span groups[REGEX_GROUPS];
	struct regex *regex;

	(void)state;
	assert_int_equal(
		regex_compile(span_of("(((((((((((1)))))))))))"), &regex),
		ENUM_OK);
	assert_int_equal(regex_group_count(regex), 11);
	assert_int_equal(regex_match(regex, span_of("+1"), groups), ENUM_OK);
	assert_true(span_is(groups[9], "1"));
	regex_destroy(&regex);
}

static double seconds(void)
{
	return (double)clock() / CLOCKS_PER_SEC;
}

/* With the sanitizers all is slower: the bound is a few times that of SEC-6,
 * what it guards against takes seconds and gigabytes. */
static void sec_6_hostile_patterns_cost_little(void **state)
{
	static const char *const patterns[] = {
		"^(((.*)*)*)*X$",
		"((1{1,255}){1,255})",
		"(((1{1,255}){1,255}){1,255})",
		"(.{1,255}){1,255}x",
		"1++++++++++++++++++++++++++++++",
		"(((((((((((((((((((.*)*)*)*)*)*)*)*)*)*)*)*)*)*)*)*)*)*)*)*X",
		"(.?){250}X",
		"([0-9]*|[0-9]?|.){100}X",
	};

	(void)state;
	for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
		struct span groups[REGEX_GROUPS];
		double start = seconds();
		enum enum_status status = try_match(span_of(patterns[i]),
						    "+123456789012345", groups);

		assert_true(status == ENUM_BAD_REGEXP ||
			    status == ENUM_NO_MATCH || status == ENUM_OK);
		assert_true(seconds() - start < 0.5);
	}
}

static void sec_6_a_pattern_has_at_most_255_octets(void **state)
{
	struct span groups[REGEX_GROUPS];
	char pattern[256];

	(void)state;
	memset(pattern, '1', sizeof pattern);
	assert_int_equal(try_match((struct span){ pattern, 255 }, "1", groups),
			 ENUM_NO_MATCH);
	assert_int_equal(try_match((struct span){ pattern, 256 }, "1", groups),
			 ENUM_BAD_REGEXP);
}

static void destroying_nothing_is_allowed(void **state)
{
	struct regex *none = NULL;

	(void)state;
	regex_destroy(&none);
	assert_null(none);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(enum_22_posix_extended_syntax_matches),
		cmocka_unit_test(enum_22_syntax_of_other_dialects_is_refused),
		cmocka_unit_test(enum_22_an_escaped_parenthesis_is_literal),
		cmocka_unit_test(enum_22_a_backslash_in_brackets_is_a_member),
		cmocka_unit_test(enum_22_a_nul_does_not_end_the_pattern),
		cmocka_unit_test(enum_22_the_longest_match_wins),
		cmocka_unit_test(enum_23_groups_count_by_opening_parenthesis),
		cmocka_unit_test(enum_23_more_than_nine_groups_are_counted),
		cmocka_unit_test(sec_6_hostile_patterns_cost_little),
		cmocka_unit_test(sec_6_a_pattern_has_at_most_255_octets),
		cmocka_unit_test(destroying_nothing_is_allowed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
