#include "gateway/seen.h"

#include "tests/fake/loop_fake.h"
#include "tests/unit/unit.h"

#define WINDOW_MS 60000

static struct message with_key(unsigned char first)
{
	return (struct message){ .has_key = true, .key = { first } };
}

static void xmpp_25_a_message_comes_before_within_the_window(void **state)
{
	struct loop *loop = loop_fake_create();
	const struct message one = with_key(1), two = with_key(2);
	struct seen *seen;

	(void)state;
	assert_int_equal(seen_create(loop, WINDOW_MS, &seen), GATEWAY_OK);
	assert_false(seen_before(seen, &one));
	assert_false(seen_before(seen, &two));
	assert_true(seen_before(seen, &one));
	loop_fake_advance(loop, WINDOW_MS - 1);
	assert_true(seen_before(seen, &one));
	loop_fake_advance(loop, 1);
	assert_false(seen_before(seen, &one));
	assert_true(seen_before(seen, &one));
	seen_destroy(&seen);
	loop_fake_destroy(&loop);
}

static void xmpp_25_what_failed_may_come_again(void **state)
{
	struct loop *loop = loop_fake_create();
	const struct message one = with_key(1);
	struct seen *seen;

	(void)state;
	assert_int_equal(seen_create(loop, WINDOW_MS, &seen), GATEWAY_OK);
	assert_false(seen_before(seen, &one));
	seen_forget(seen, &one);
	assert_false(seen_before(seen, &one));
	seen_destroy(&seen);
	loop_fake_destroy(&loop);
}

static void xmpp_25_without_a_key_or_a_window_nothing_came_before(void **state)
{
	struct loop *loop = loop_fake_create();
	const struct message one = with_key(1), none = { .has_key = false };
	struct seen *seen;

	(void)state;
	assert_int_equal(seen_create(loop, 0, &seen), GATEWAY_OK);
	for (unsigned i = 0; i < 2; i++) {
		assert_false(seen_before(seen, &one));
		assert_false(seen_before(seen, &none));
		seen_forget(seen, &none);
	}
	seen_destroy(&seen);
	loop_fake_destroy(&loop);
}

static void exercise(void)
{
	struct loop *loop = loop_fake_create();
	struct seen *seen;

	if (seen_create(loop, WINDOW_MS, &seen) == GATEWAY_OK)
		seen_destroy(&seen);
	assert_null(seen);
	loop_fake_destroy(&loop);
}

static void out_of_memory_is_a_status(void **state)
{
	(void)state;
	assert_true(unit_fail_allocations(exercise) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			xmpp_25_a_message_comes_before_within_the_window),
		cmocka_unit_test(xmpp_25_what_failed_may_come_again),
		cmocka_unit_test(
			xmpp_25_without_a_key_or_a_window_nothing_came_before),
		cmocka_unit_test(out_of_memory_is_a_status),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
