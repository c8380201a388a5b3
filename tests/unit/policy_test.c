/** The operator's table. */

#include "tests/unit/unit.h"

#include "routing/policy.h"

static const struct policy_number numbers[] = {
	{ "+1202", "im:dc@im.example" },
	{ "+1-202-555", "im:desk@im.example" },
	{ "+1 (none)", "im:never@im.example" },
	{ "+44.20", "im:london@im.example" },
	{ "+4420", "im:second@im.example" },
	{ "911", "im:local@im.example" },
};

static const char *const domains[] = { "gw.example.net", "127.0.0.2" };

static const struct policy policy = {
	.numbers = numbers,
	.number_count = sizeof numbers / sizeof numbers[0],
	.own_domains = domains,
	.own_domain_count = 2,
};

static void expect(const char *number, const char *to)
{
	const struct policy_number *found = policy_overlay(&policy, number);

	if (!found != !to)
		fail_msg("%s: %s", number, found ? found->to : "nothing");
	if (to)
		assert_string_equal(found->to, to);
}

static void the_longest_prefix_wins(void **state)
{
	(void)state;
	expect("+12025550100", "im:desk@im.example");
	expect("+12025540100", "im:dc@im.example");
	expect("+1202", "im:dc@im.example");
	expect("+120", NULL);
	expect("+33123456789", NULL);
	expect("", NULL);
}

static void tel_8_visual_separators_do_not_count(void **state)
{
	(void)state;
	expect("+1-202-555-0100", "im:desk@im.example");
	expect("+1(202)555.0100", "im:desk@im.example");
	expect("+1202-554", "im:dc@im.example");
}

static void of_two_equal_prefixes_the_first_wins(void **state)
{
	(void)state;
	expect("+442079460000", "im:london@im.example");
}

static void a_local_number_is_no_global_one(void **state)
{
	(void)state;
	expect("911", "im:local@im.example");
	expect("+911", NULL);
	expect("1202", NULL);
}

static void an_empty_prefix_and_an_empty_table_match_nothing(void **state)
{
	static const struct policy_number rows[] = {
		{ "", "im:a@im.example" },
		{ "()", "im:b@im.example" },
	};
	struct policy empty = { .numbers = rows, .number_count = 2 };

	(void)state;
	assert_null(policy_overlay(&empty, "+12025550100"));
	empty.number_count = 0;
	assert_null(policy_overlay(&empty, "+12025550100"));
}

static void a_plus_alone_matches_each_global_number(void **state)
{
	static const struct policy_number all = { "+", "im:all@im.example" };
	const struct policy catch_all = { .numbers = &all, .number_count = 1 };

	(void)state;
	assert_ptr_equal(policy_overlay(&catch_all, "+12025550100"), &all);
	assert_null(policy_overlay(&catch_all, "911"));
}

static void sec_12_our_own_domains_are_known_in_any_case(void **state)
{
	(void)state;
	assert_true(policy_is_own_domain(&policy, "gw.example.net"));
	assert_true(policy_is_own_domain(&policy, "GW.Example.NET"));
	assert_true(policy_is_own_domain(&policy, "127.0.0.2"));
	assert_false(policy_is_own_domain(&policy, "example.net"));
	assert_false(policy_is_own_domain(&policy, "x.gw.example.net"));
	assert_false(policy_is_own_domain(&policy, "gw.example.ne"));
	assert_false(policy_is_own_domain(&policy, ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_longest_prefix_wins),
		cmocka_unit_test(tel_8_visual_separators_do_not_count),
		cmocka_unit_test(of_two_equal_prefixes_the_first_wins),
		cmocka_unit_test(a_local_number_is_no_global_one),
		cmocka_unit_test(
			an_empty_prefix_and_an_empty_table_match_nothing),
		cmocka_unit_test(a_plus_alone_matches_each_global_number),
		cmocka_unit_test(sec_12_our_own_domains_are_known_in_any_case),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
