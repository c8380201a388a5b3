#include "gateway/store/sqlite_keys.h"

#include "tests/unit/unit.h"

#define LATER 1000000

static struct sqlite_keys *open_keys(size_t max)
{
	struct sqlite_keys *keys = sqlite_keys_create(max);

	assert_non_null(keys);
	return keys;
}

static struct sqlite_key key_of(unsigned number, int64_t until_ms)
{
	struct sqlite_key key = { .until_ms = until_ms };

	memcpy(key.octets, &number, sizeof number);
	return key;
}

static void set(struct sqlite_keys *keys, unsigned number, int64_t until_ms,
		int64_t now_ms)
{
	const struct sqlite_key key = key_of(number, until_ms);

	assert_true(sqlite_keys_set(keys, &key, now_ms));
}

/* Until when it is known; 0: not at all. */
static int64_t until_of(const struct sqlite_keys *keys, unsigned number)
{
	const struct sqlite_key key = key_of(number, 0);
	const struct sqlite_key *known = sqlite_keys_find(keys, key.octets);

	return known ? known->until_ms : 0;
}

static void a_key_is_known_until_it_is_forgotten(void **state)
{
	struct sqlite_keys *keys = open_keys(100);

	(void)state;
	assert_int_equal(until_of(keys, 1), 0);
	set(keys, 1, 500, 0);
	assert_int_equal(until_of(keys, 1), 500);
	assert_int_equal(until_of(keys, 2), 0);
	set(keys, 1, 600, 0);
	assert_int_equal(until_of(keys, 1), 600);
	set(keys, 1, 0, 0);
	assert_int_equal(until_of(keys, 1), 0);
	sqlite_keys_destroy(keys);
	sqlite_keys_destroy(NULL);
}

static void many_keys_are_all_known(void **state)
{
	struct sqlite_keys *keys = open_keys(1000000);

	(void)state;
	for (unsigned i = 0; i < 100000; i++) {
		set(keys, i, LATER + i, 0);
		sqlite_keys_commit(keys);
	}
	for (unsigned i = 0; i < 100000; i++)
		assert_int_equal(until_of(keys, i), LATER + i);
	sqlite_keys_destroy(keys);
}

static void what_has_expired_makes_room_and_the_rest_stays(void **state)
{
	struct sqlite_keys *keys = open_keys(100);

	(void)state;
	for (unsigned i = 0; i < 50; i++)
		set(keys, i, LATER, 0);
	for (unsigned i = 50; i < 10000; i++) {
		set(keys, i, i + 10, i);
		sqlite_keys_commit(keys);
	}
	for (unsigned i = 0; i < 50; i++)
		assert_int_equal(until_of(keys, i), LATER);
	assert_int_equal(until_of(keys, 60), 0);
	sqlite_keys_destroy(keys);
}

static void beyond_the_maximum_those_that_end_first_give_way(void **state)
{
	struct sqlite_keys *keys = open_keys(100);

	(void)state;
	for (unsigned i = 0; i < 10000; i++) {
		set(keys, i, 5000 * (int64_t)(i + 1), 0);
		sqlite_keys_commit(keys);
		for (unsigned j = i > 90 ? i - 90 : 0; j <= i; j++)
			assert_int_equal(until_of(keys, j),
					 5000 * (int64_t)(j + 1));
	}
	assert_int_equal(until_of(keys, 9000), 0);
	sqlite_keys_destroy(keys);
}

static void what_is_taken_back_leaves_no_trace(void **state)
{
	struct sqlite_keys *keys = open_keys(100000);

	(void)state;
	for (unsigned i = 0; i < 40; i++)
		set(keys, i, LATER, 0);
	sqlite_keys_commit(keys);
	for (unsigned i = 0; i < 20; i++)
		set(keys, i, i % 2 ? 0 : 2 * LATER, 0);
	for (unsigned i = 40; i < 5000; i++) /* many new tables */
		set(keys, i, LATER, 0);
	set(keys, 1, 7, 0);
	sqlite_keys_roll_back(keys);
	for (unsigned i = 0; i < 40; i++)
		assert_int_equal(until_of(keys, i), LATER);
	for (unsigned i = 40; i < 5000; i++)
		assert_int_equal(until_of(keys, i), 0);
	sqlite_keys_roll_back(keys);
	assert_int_equal(until_of(keys, 1), LATER);
	sqlite_keys_destroy(keys);
}

static void exercise(void)
{
	struct sqlite_keys *keys = sqlite_keys_create(1000);
	unsigned known = 0;

	if (!keys)
		return;
	for (unsigned i = 0; i < 300; i++) {
		const struct sqlite_key key = key_of(i, LATER);
		bool set = sqlite_keys_set(keys, &key, 0);

		assert_int_equal(until_of(keys, i), set ? LATER : 0);
		known += set;
	}
	sqlite_keys_roll_back(keys);
	assert_int_equal(until_of(keys, 0), 0);
	assert_in_range(known, 0, 300);
	sqlite_keys_destroy(keys);
}

static void a_key_without_memory_changes_nothing(void **state)
{
	(void)state;
	assert_in_range(unit_fail_allocations(exercise), 5, 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_key_is_known_until_it_is_forgotten),
		cmocka_unit_test(many_keys_are_all_known),
		cmocka_unit_test(
			what_has_expired_makes_room_and_the_rest_stays),
		cmocka_unit_test(
			beyond_the_maximum_those_that_end_first_give_way),
		cmocka_unit_test(what_is_taken_back_leaves_no_trace),
		cmocka_unit_test(a_key_without_memory_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
