#include "tests/unit/unit.h"

#include "gateway/timer_heap.h"

#define NODES 1000

static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

static void what_is_due_first_comes_first(void **state)
{
	static struct timer_node nodes[NODES];
	struct timer_heap heap = { 0 };
	uint32_t random = 1;
	int64_t last = -1;

	(void)state;
	assert_int_equal(timer_heap_reserve(&heap, NODES), ENUM_OK);
	for (size_t i = 0; i < NODES; i++)
		timer_heap_set(&heap, &nodes[i], next_random(&random) % 500);
	for (size_t i = 0; i < NODES; i += 3) /* move a third */
		timer_heap_set(&heap, &nodes[i], next_random(&random) % 500);
	for (size_t i = 1; i < NODES; i += 3) /* take a third out */
		timer_heap_remove(&heap, &nodes[i]);
	for (size_t left = heap.count; left > 0; left--) {
		struct timer_node *first = timer_heap_first(&heap);

		assert_int_equal(heap.count, left);
		assert_true(first->due_ms >= last);
		last = first->due_ms;
		timer_heap_remove(&heap, first);
	}
	assert_null(timer_heap_first(&heap));
	timer_heap_clear(&heap);
}

static void equal_times_keep_the_order_of_setting(void **state)
{
	static struct timer_node nodes[NODES];
	struct timer_heap heap = { 0 };

	(void)state;
	assert_int_equal(timer_heap_reserve(&heap, NODES), ENUM_OK);
	for (size_t i = 0; i < NODES; i++)
		timer_heap_set(&heap, &nodes[i], 7);
	for (size_t i = 0; i < NODES; i++) {
		assert_ptr_equal(timer_heap_first(&heap), &nodes[i]);
		timer_heap_remove(&heap, &nodes[i]);
	}
	timer_heap_remove(&heap, &nodes[0]); /* twice does no harm */
	timer_heap_clear(&heap);
}

static void exercise(void)
{
	struct timer_heap heap = { 0 };

	if (timer_heap_reserve(&heap, 1) == ENUM_OK)
		(void)!timer_heap_reserve(&heap, 1000);
	timer_heap_clear(&heap);
}

static void no_failing_allocation_leaks(void **state)
{
	(void)state;
	assert_int_equal(unit_fail_allocations(exercise), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_due_first_comes_first),
		cmocka_unit_test(equal_times_keep_the_order_of_setting),
		cmocka_unit_test(no_failing_allocation_leaks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
