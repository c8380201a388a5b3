#include "gateway/sip/sip_transaction.h"

#include "tests/fake/loop_fake.h"
#include "tests/unit/unit.h"

/* Any address will do: the table only keeps it. */
static struct origin *const somebody = (struct origin *)&(char){ 0 };

static struct {
	struct loop *loop;
	struct sipside_transactions *table;
} fix;

static int set_up(void **state)
{
	(void)state;
	fix.loop = loop_fake_create();
	fix.table = sipside_transactions_create(fix.loop, 1000);
	assert_non_null(fix.table);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	sipside_transactions_destroy(fix.table);
	loop_fake_destroy(&fix.loop);
	return 0;
}

/* Keys with the same low bits lie in one bucket. */
static struct sipside_key key_of(uint64_t n)
{
	return (struct sipside_key){ { n << 32, n } };
}

static struct sipside_transaction *find(uint64_t n)
{
	const struct sipside_key key = key_of(n);

	return sipside_transaction_find(fix.table, &key);
}

static struct sipside_transaction *begin(uint64_t n)
{
	const struct sipside_key key = key_of(n);
	struct sipside_transaction *t =
		sipside_transaction_begin(fix.table, &key, NULL, somebody);

	assert_non_null(t);
	return t;
}

static void complete(struct sipside_transaction *t, const char *final)
{
	char *room = sipside_transaction_complete(fix.table, t, strlen(final));

	assert_non_null(room);
	memcpy(room, final, strlen(final));
}

static void assert_final(uint64_t n, const char *final)
{
	assert_non_null(find(n));
	assert_true(span_is(sipside_transaction_final(find(n)), final));
}

static void sip_17_a_request_is_found_until_it_ends(void **state)
{
	struct sipside_transaction *t = begin(1);

	(void)state;
	assert_ptr_equal(find(1), t);
	assert_ptr_equal(sipside_transaction_origin(t), somebody);
	assert_int_equal(sipside_transaction_final(t).len, 0);
	assert_null(find(2));
	assert_int_equal(sipside_transactions_count(fix.table), 1);
	sipside_transaction_end(fix.table, t);
	assert_null(find(1));
	assert_int_equal(sipside_transactions_count(fix.table), 0);
	assert_int_equal(loop_fake_next_ms(fix.loop), -1);
}

static void sip_17_many_in_one_bucket_are_told_apart(void **state)
{
	struct sipside_transaction *all[20];

	(void)state;
	for (uint64_t n = 0; n < 20; n++)
		all[n] = begin(n);
	for (uint64_t n = 0; n < 20; n++)
		assert_ptr_equal(find(n), all[n]);
	for (uint64_t n = 0; n < 20; n += 2) /* from the middle, too */
		sipside_transaction_end(fix.table, all[n]);
	for (uint64_t n = 0; n < 20; n++)
		assert_ptr_equal(find(n), n % 2 ? all[n] : NULL);
	for (uint64_t n = 1; n < 20; n += 2)
		complete(all[n], "final");
	assert_int_equal(sipside_transactions_count(fix.table), 10);
}

static void sip_17_both_halves_of_a_key_count(void **state)
{
	const struct sipside_key key = { { 1, 2 } }, left = { { 3, 2 } },
				 right = { { 1, 3 } };

	(void)state;
	complete(sipside_transaction_begin(fix.table, &key, NULL, somebody),
		 "");
	assert_non_null(sipside_transaction_find(fix.table, &key));
	assert_null(sipside_transaction_find(fix.table, &left));
	assert_null(sipside_transaction_find(fix.table, &right));
}

static void sip_17_a_final_is_kept_for_32_s(void **state)
{
	(void)state;
	complete(begin(1), "SIP/2.0 202 Accepted");
	assert_null(sipside_transaction_origin(find(1)));
	loop_fake_advance(fix.loop, SIPSIDE_TIMER_J_MS - 1);
	assert_final(1, "SIP/2.0 202 Accepted");
	loop_fake_advance(fix.loop, 1);
	assert_null(find(1));
	assert_int_equal(sipside_transactions_count(fix.table), 0);
}

static void sip_17_each_final_has_its_own_32_s(void **state)
{
	(void)state;
	complete(begin(1), "one");
	loop_fake_advance(fix.loop, 10);
	complete(begin(2), "two");
	loop_fake_advance(fix.loop, 20000);
	complete(begin(3), "three");
	loop_fake_advance(fix.loop, SIPSIDE_TIMER_J_MS - 20010);
	assert_null(find(1));
	assert_final(2, "two"); /* forgotten in batches, so a little later */
	loop_fake_advance(fix.loop, 1000);
	assert_null(find(2));
	assert_final(3, "three");
	loop_fake_advance(fix.loop, 20000);
	assert_null(find(3));
	/* and the clock is at rest, and can be wound up again */
	assert_int_equal(loop_fake_next_ms(fix.loop), -1);
	complete(begin(4), "four");
	loop_fake_advance(fix.loop, SIPSIDE_TIMER_J_MS);
	assert_null(find(4));
}

static void sip_17_one_timer_serves_all(void **state)
{
	unsigned wakes = 0;

	(void)state;
	for (uint64_t n = 0; n < 900; n++) {
		complete(begin(n), "final");
		loop_fake_advance(fix.loop, 1);
	}
	while (loop_fake_next_ms(fix.loop) >= 0) {
		loop_fake_advance(fix.loop, loop_fake_next_ms(fix.loop));
		wakes++;
	}
	assert_int_equal(sipside_transactions_count(fix.table), 0);
	assert_in_range(wakes, 1, 12);
}

static void sip_17_what_is_in_progress_never_expires(void **state)
{
	struct sipside_transaction *t = begin(1);

	(void)state;
	loop_fake_advance(fix.loop, 10 * SIPSIDE_TIMER_J_MS);
	assert_ptr_equal(find(1), t);
	sipside_transaction_end(fix.table, t);
}

static void sip_11_conf_21_merged_only_while_in_progress(void **state)
{
	const struct sipside_key key = key_of(1), other = key_of(2),
				 merge_key = key_of(3);
	struct sipside_transaction *first, *second;

	(void)state;
	assert_false(sipside_transaction_is_merged(fix.table, &merge_key));
	first = sipside_transaction_begin(fix.table, &key, &merge_key,
					  somebody);
	assert_true(sipside_transaction_is_merged(fix.table, &merge_key));
	second = sipside_transaction_begin(fix.table, &other, &merge_key,
					   somebody);
	complete(first, "final");
	assert_true(sipside_transaction_is_merged(fix.table, &merge_key));
	sipside_transaction_end(fix.table, second);
	assert_false(sipside_transaction_is_merged(fix.table, &merge_key));
	assert_final(1, "final");
}

static void exercise(void)
{
	struct loop *loop = loop_fake_create();
	struct sipside_transactions *table =
		sipside_transactions_create(loop, 1000);
	const struct sipside_key key = key_of(1);
	struct sipside_transaction *t = NULL;

	if (table)
		t = sipside_transaction_begin(table, &key, &key, somebody);
	if (t) {
		char *room = sipside_transaction_complete(table, t, 5);

		if (room)
			memcpy(room, "final", 5);
		/* without memory it still absorbs what comes again */
		t = sipside_transaction_find(table, &key);
		assert_non_null(t);
		assert_null(sipside_transaction_origin(t));
		assert_int_equal(sipside_transaction_final(t).len,
				 room ? 5 : 0);
		loop_fake_advance(loop, SIPSIDE_TIMER_J_MS);
		assert_int_equal(sipside_transactions_count(table), 0);
	}
	sipside_transactions_destroy(table);
	loop_fake_destroy(&loop);
}

static void every_allocation_may_fail(void **state)
{
	(void)state;
	assert_true(unit_fail_allocations(exercise) >= 5);
}

#define FRESH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		FRESH(sip_17_a_request_is_found_until_it_ends),
		FRESH(sip_17_many_in_one_bucket_are_told_apart),
		FRESH(sip_17_both_halves_of_a_key_count),
		FRESH(sip_17_a_final_is_kept_for_32_s),
		FRESH(sip_17_each_final_has_its_own_32_s),
		FRESH(sip_17_one_timer_serves_all),
		FRESH(sip_17_what_is_in_progress_never_expires),
		FRESH(sip_11_conf_21_merged_only_while_in_progress),
		cmocka_unit_test(every_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
