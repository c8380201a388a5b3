#include "tests/unit/unit.h"

#include "enum/status.h"

static void each_status_has_a_word_and_a_text(void **state)
{
	(void)state;
	for (int i = 0; i < ENUM_STATUS_COUNT; i++) {
		assert_non_null(enum_status_word((enum enum_status)i));
		assert_non_null(enum_status_text((enum enum_status)i));
		assert_true(strlen(enum_status_word((enum enum_status)i)) > 0);
		assert_true(strlen(enum_status_text((enum enum_status)i)) > 0);
	}
}

static void words_are_lower_case_without_blanks(void **state)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz-";

	(void)state;
	for (int i = 0; i < ENUM_STATUS_COUNT; i++) {
		const char *word = enum_status_word((enum enum_status)i);

		assert_int_equal(strspn(word, allowed), strlen(word));
	}
}

static void no_two_statuses_share_a_word_or_a_text(void **state)
{
	(void)state;
	for (int i = 0; i < ENUM_STATUS_COUNT; i++)
		for (int j = 0; j < i; j++) {
			enum enum_status a = (enum enum_status)i;
			enum enum_status b = (enum enum_status)j;

			assert_string_not_equal(enum_status_word(a),
						enum_status_word(b));
			assert_string_not_equal(enum_status_text(a),
						enum_status_text(b));
		}
}

static void what_is_no_status_is_unknown(void **state)
{
	(void)state;
	assert_string_equal(enum_status_word(ENUM_STATUS_COUNT), "unknown");
	assert_string_equal(enum_status_text(ENUM_STATUS_COUNT), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_status_has_a_word_and_a_text),
		cmocka_unit_test(words_are_lower_case_without_blanks),
		cmocka_unit_test(no_two_statuses_share_a_word_or_a_text),
		cmocka_unit_test(what_is_no_status_is_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
