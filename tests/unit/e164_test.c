#include "tests/unit/unit.h"

#include "enum/e164.h"

static void number_is_plus_and_one_to_fifteen_digits(void **state)
{
	static const char *const good[] = { "+1", "+12025550100",
					    "+123456789012345" };
	static const char *const bad[] = {
		"",
		"+",
		"1",
		"12025550100",
		"+1a",
		"+1 2",
		"+1-2",
		"++1",
		"1+",
		"+1\n",
		"+1234567890123456",
		"+\xd9\xa1",
	};

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		assert_true(e164_is_number(good[i]));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(e164_is_number(bad[i]));
}

static void
enum_2_owner_name_is_the_reversed_digits_below_the_apex(void **state)
{
	static const struct {
		const char *aus, *apex, *name;
	} cases[] = {
		/* RFC 6116, 3.2 */
		{ "+442079460148", "e164.arpa",
		  "8.4.1.0.6.4.9.7.0.2.4.4.e164.arpa" },
		{ "+12025550100", "e164.arpa",
		  "0.0.1.0.5.5.5.2.0.2.1.e164.arpa" },
		{ "+1", "e164.carrier.example", "1.e164.carrier.example" },
	};
	char name[256];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_int_equal(e164_owner_name(cases[i].aus, cases[i].apex,
						 name, sizeof name),
				 ENUM_OK);
		assert_string_equal(name, cases[i].name);
	}
}

static void enum_3_only_plus_and_digits_become_a_name(void **state)
{
	static const char *const bad[] = { "", "+", "911", "+1x", "tel:+1" };
	char name[256];

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_int_equal(
			e164_owner_name(bad[i], "e164.arpa", name, sizeof name),
			ENUM_BAD_SYNTAX);
		assert_string_equal(name, "");
	}
}

static void enum_42_too_many_digits_make_no_name(void **state)
{
	char name[256], aus[502] = "+";

	(void)state;
	memset(aus + 1, '7', 500);
	assert_int_equal(e164_owner_name(aus, "e164.arpa", name, sizeof name),
			 ENUM_TOO_LONG);
	assert_string_equal(name, "");
	aus[16] = '\0';
	assert_int_equal(e164_owner_name(aus, "e164.arpa", name, sizeof name),
			 ENUM_OK);
}

static void enum_42_a_name_has_at_most_253_characters(void **state)
{
	char name[300], apex[256];

	(void)state;
	memset(apex, 'a', sizeof apex);
	apex[251] = '\0'; /* "1." and 251: as long as may be */
	assert_int_equal(e164_owner_name("+1", apex, name, sizeof name),
			 ENUM_OK);
	assert_int_equal(strlen(name), 253);
	assert_int_equal(e164_owner_name("+12", apex, name, sizeof name),
			 ENUM_TOO_LONG);
	assert_int_equal(e164_owner_name("+1", "e164.arpa", name, 11),
			 ENUM_TOO_LONG);
	assert_int_equal(e164_owner_name("+1", "e164.arpa", name, 12), ENUM_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(number_is_plus_and_one_to_fifteen_digits),
		cmocka_unit_test(
			enum_2_owner_name_is_the_reversed_digits_below_the_apex),
		cmocka_unit_test(enum_3_only_plus_and_digits_become_a_name),
		cmocka_unit_test(enum_42_too_many_digits_make_no_name),
		cmocka_unit_test(enum_42_a_name_has_at_most_253_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
