/** Asking through the cache: joining, cancelling, running out of memory. */

#include "tests/unit/cache_bench.h"

static void equal_questions_in_flight_are_asked_once(void **state)
{
	struct asker askers[3] = { 0 };
	struct bench b;

	(void)state;
	setup(&b, 0); /* also when nothing is kept */
	dns_fake_zone(b.script, "im.example 60 A 192.0.2.1");
	for (int i = 0; i < 3; i++)
		ask(&b, i == 1 ? "IM.example" : "im.example", &askers[i]);
	loop_fake_advance(b.loop, 0);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(askers[i].answers, 1);
		assert_string_equal(askers[i].address, "192.0.2.1");
	}
	assert_int_equal(asked(&b), 1);
	assert_int_equal(cache_stats(b.cache).joined, 2);
	assert_int_equal(cache_stats(b.cache).entries, 0);
	assert_int_equal(ask_and_wait(&b, "im.example"), DNS_OK);
	assert_int_equal(asked(&b), 2);
	teardown(&b);
}

static void one_of_those_who_joined_may_leave(void **state)
{
	struct asker askers[2] = { 0 };
	struct bench b;

	(void)state;
	for (int leaver = 0; leaver < 2; leaver++) {
		setup(&b, 10);
		memset(askers, 0, sizeof askers);
		ask(&b, "im.example", &askers[0]);
		ask(&b, "im.example", &askers[1]);
		cache_ask_cancel(&askers[leaver].query);
		assert_null(askers[leaver].query);
		loop_fake_advance(b.loop, 0);
		assert_int_equal(askers[leaver].answers, 0);
		assert_int_equal(askers[1 - leaver].answers, 1);
		teardown(&b);
	}
}

static void when_the_last_one_leaves_the_question_is_cancelled(void **state)
{
	struct asker asker = { .answers = 0 };
	struct bench b;

	(void)state;
	setup(&b, 10);
	ask(&b, "im.example", &asker);
	cache_ask_cancel(&asker.query);
	cache_ask_cancel(&asker.query); /* takes NULL */
	assert_int_equal(dns_fake_pending(b.script), 0);
	loop_fake_advance(b.loop, 0);
	assert_int_equal(asker.answers, 0);
	assert_int_equal(ask_and_wait(&b, "im.example"), DNS_NXDOMAIN);
	teardown(&b);
}

static void a_hit_can_be_cancelled_before_it_is_handed_out(void **state)
{
	struct asker askers[2] = { 0 };
	struct bench b;

	(void)state;
	setup(&b, 10);
	dns_fake_zone(b.script, "im.example A 192.0.2.1");
	assert_int_equal(ask_and_wait(&b, "im.example"), DNS_OK);
	ask(&b, "im.example", &askers[0]);
	ask(&b, "im.example", &askers[1]);
	cache_ask_cancel(&askers[0].query);
	loop_fake_advance(b.loop, 0);
	assert_int_equal(askers[0].answers, 0);
	assert_int_equal(askers[1].answers, 1);
	teardown(&b);
}

static void a_callback_may_cancel_another_and_ask_again(void **state)
{
	struct asker second = { .answers = 0 };
	struct asker first = { .cancels = &second };
	struct bench b;

	(void)state;
	setup(&b, 10);
	dns_fake_zone(b.script, "im.example A 192.0.2.1");
	first.asks_again = b.cache;
	ask(&b, "im.example", &first);
	ask(&b, "im.example", &second);
	loop_fake_advance(b.loop, 0);
	assert_int_equal(first.answers, 2);
	assert_int_equal(second.answers, 0);
	assert_int_equal(asked(&b), 1);
	teardown(&b);
}

static void destroy_calls_nobody_back(void **state)
{
	struct asker in_flight = { .answers = 0 }, ready = { .answers = 0 };
	struct bench b;

	(void)state;
	setup(&b, 10);
	dns_fake_zone(b.script, "im.example A 192.0.2.1");
	assert_int_equal(ask_and_wait(&b, "im.example"), DNS_OK);
	ask(&b, "im.example", &ready);
	ask(&b, "other.example", &in_flight);
	cache_destroy(&b.cache);
	cache_destroy(&b.cache); /* takes NULL */
	loop_fake_advance(b.loop, TIMEOUT_MS);
	assert_int_equal(ready.answers, 0);
	assert_int_equal(in_flight.answers, 0);
	teardown(&b);
}

static void no_answer_in_time_is_reported_as_such(void **state)
{
	struct asker asker = { .answers = 0 };
	struct bench b;

	(void)state;
	setup(&b, 10);
	dns_fake_zone(b.script, "im.example SILENT");
	ask(&b, "im.example", &asker);
	loop_fake_advance(b.loop, TIMEOUT_MS - 1);
	assert_int_equal(asker.answers, 0);
	loop_fake_advance(b.loop, 1);
	assert_int_equal(asker.status, DNS_TIMEOUT);
	assert_int_equal(cache_stats(b.cache).entries, 0);
	teardown(&b);
}

static void exercise(void)
{
	struct dns_options options = { .timeout_ms = TIMEOUT_MS };
	struct loop *loop = loop_fake_create();
	struct cache *cache = NULL;
	struct dns *dns = NULL;

	if (dns_create(loop, &options, &dns) != ENUM_OK ||
	    cache_create(loop, dns, 4, &cache) != ENUM_OK)
		goto out;
	for (int i = 0; i < 4; i++) {
		struct asker asker = { .answers = 0 };

		if (cache_ask_start(cache, i & 1 ? "b.example" : "a.example",
				    DNS_A, got, &asker,
				    &asker.query) != ENUM_OK)
			continue;
		loop_fake_advance(loop, 0);
		assert_int_equal(asker.answers, 1);
	}
out:
	cache_destroy(&cache);
	dns_destroy(&dns);
	loop_fake_destroy(&loop);
}

static void out_of_memory_is_a_status(void **state)
{
	struct dns_fake *script = dns_fake_create();

	(void)state;
	dns_fake_use(script);
	dns_fake_zone(script, "a.example A 192.0.2.1");
	assert_true(unit_fail_allocations(exercise) > 8);
	dns_fake_destroy(&script);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_questions_in_flight_are_asked_once),
		cmocka_unit_test(one_of_those_who_joined_may_leave),
		cmocka_unit_test(
			when_the_last_one_leaves_the_question_is_cancelled),
		cmocka_unit_test(
			a_hit_can_be_cancelled_before_it_is_handed_out),
		cmocka_unit_test(a_callback_may_cancel_another_and_ask_again),
		cmocka_unit_test(destroy_calls_nobody_back),
		cmocka_unit_test(no_answer_in_time_is_reported_as_such),
		cmocka_unit_test(out_of_memory_is_a_status),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
