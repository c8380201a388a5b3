#include "gateway/key_table.h"

#include "tests/fake/loop_fake.h"
#include "tests/unit/unit.h"

#define AGE_MS 60000

static struct loop *loop;
static struct key_table *table;

static int open_table(void **state)
{
	(void)state;
	loop = loop_fake_create();
	assert_int_equal(key_table_create(loop, 64, AGE_MS, &table),
			 GATEWAY_OK);
	return 0;
}

static int close_table(void **state)
{
	(void)state;
	key_table_destroy(&table);
	assert_null(table);
	key_table_destroy(&table);
	loop_fake_destroy(&loop);
	return 0;
}

struct key {
	unsigned char at[MESSAGE_KEY_SIZE];
};

static struct key key_of(unsigned number)
{
	char text[16];
	const char *parts[] = { text };
	struct key key;

	(void)snprintf(text, sizeof text, "%u", number);
	assert_true(message_key(parts, 1, key.at));
	return key;
}

static void xmpp_25_a_key_is_known_until_its_age(void **state)
{
	const struct key one = key_of(1), two = key_of(2);

	(void)state;
	assert_null(key_table_find(table, one.at));
	key_table_put(table, one.at, "+12025550100");
	assert_string_equal(key_table_find(table, one.at), "+12025550100");
	assert_null(key_table_find(table, two.at));
	loop_fake_advance(loop, AGE_MS - 1);
	assert_non_null(key_table_find(table, one.at));
	loop_fake_advance(loop, 1);
	assert_null(key_table_find(table, one.at));
}

static void
a_key_that_is_put_again_is_younger_and_has_the_new_number(void **state)
{
	const struct key one = key_of(1);

	(void)state;
	key_table_put(table, one.at, "+1");
	loop_fake_advance(loop, AGE_MS - 1);
	key_table_put(table, one.at, "+2");
	loop_fake_advance(loop, AGE_MS - 1);
	assert_string_equal(key_table_find(table, one.at), "+2");
}

static void a_forgotten_key_is_not_known(void **state)
{
	const struct key one = key_of(1);

	(void)state;
	key_table_forget(table, one.at);
	key_table_put(table, one.at, "");
	key_table_forget(table, one.at);
	assert_null(key_table_find(table, one.at));
}

/* A table of one set of 8. */
static void sec_17_when_it_is_full_the_oldest_key_gives_way(void **state)
{
	struct key_table *small;
	struct key key;

	(void)state;
	assert_int_equal(key_table_create(loop, 1, AGE_MS, &small), GATEWAY_OK);
	for (unsigned i = 0; i < 9; i++) {
		key = key_of(i);
		key_table_put(small, key.at, "");
		loop_fake_advance(loop, 1);
	}
	for (unsigned i = 0; i < 9; i++) {
		key = key_of(i);
		assert_int_equal(key_table_find(small, key.at) != NULL, i > 0);
	}
	key_table_destroy(&small);
}

static void with_no_age_nothing_is_known(void **state)
{
	const struct key one = key_of(1);
	struct key_table *none;

	(void)state;
	assert_int_equal(key_table_create(loop, 8, 0, &none), GATEWAY_OK);
	key_table_put(none, one.at, "");
	assert_null(key_table_find(none, one.at));
	key_table_destroy(&none);
}

static void no_part_of_a_key_can_be_shifted_into_its_neighbour(void **state)
{
	static const char *const pairs[][2] = {
		{ "ab", "c" }, { "a", "bc" },	{ "abc", "" },
		{ "", "abc" }, { "abc", NULL },
	};
	struct key keys[5];

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		assert_true(message_key(pairs[i], 2, keys[i].at));
		for (size_t j = 0; j < i; j++)
			assert_int_equal(memcmp(keys[i].at, keys[j].at,
						sizeof keys[i].at) == 0,
					 i == 4 && j == 2);
	}
}

static void exercise(void)
{
	struct loop *own = loop_fake_create();
	struct key_table *made;

	if (key_table_create(own, 8, AGE_MS, &made) == GATEWAY_OK)
		key_table_destroy(&made);
	assert_null(made);
	loop_fake_destroy(&own);
}

static void out_of_memory_is_a_status(void **state)
{
	(void)state;
	assert_true(unit_fail_allocations(exercise) > 0);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, open_table, close_table)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(xmpp_25_a_key_is_known_until_its_age),
		TEST(a_key_that_is_put_again_is_younger_and_has_the_new_number),
		TEST(a_forgotten_key_is_not_known),
		TEST(sec_17_when_it_is_full_the_oldest_key_gives_way),
		TEST(with_no_age_nothing_is_known),
		TEST(no_part_of_a_key_can_be_shifted_into_its_neighbour),
		TEST(out_of_memory_is_a_status),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
