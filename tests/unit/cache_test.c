/** What is kept, and for how long (ENUM-36). */

#include "tests/unit/cache_bench.h"

static void enum_36_within_the_ttl_the_server_is_asked_once(void **state)
{
	struct bench b;

	(void)state;
	setup(&b, 10);
	dns_fake_zone(b.script, "im.example 60 A 192.0.2.1");
	assert_int_equal(ask_and_wait(&b, "im.example"), DNS_OK);
	loop_fake_advance(b.loop, 59999);
	assert_int_equal(ask_and_wait(&b, "im.example"), DNS_OK);
	assert_int_equal(asked(&b), 1);
	loop_fake_advance(b.loop, 1);
	assert_int_equal(ask_and_wait(&b, "im.example"), DNS_OK);
	assert_int_equal(asked(&b), 2);
	assert_int_equal(cache_stats(b.cache).hits, 1);
	assert_int_equal(cache_stats(b.cache).misses, 2);
	assert_int_equal(cache_stats(b.cache).entries, 1);
	teardown(&b);
}

static void enum_36_after_the_ttl_the_new_data_counts(void **state)
{
	struct asker asker = { .answers = 0 };
	struct bench b;

	(void)state;
	setup(&b, 10);
	dns_fake_zone(b.script, "im.example 1 A 192.0.2.1");
	assert_int_equal(ask_and_wait(&b, "im.example"), DNS_OK);
	dns_fake_forget(b.script, "im.example");
	dns_fake_zone(b.script, "im.example 1 A 192.0.2.2");
	loop_fake_advance(b.loop, 1000);
	ask(&b, "im.example", &asker);
	loop_fake_advance(b.loop, 0);
	assert_string_equal(asker.address, "192.0.2.2");
	teardown(&b);
}

static void enum_36_ttl_0_is_never_used_again(void **state)
{
	struct bench b;

	(void)state;
	setup(&b, 10);
	dns_fake_zone(b.script, "im.example 0 A 192.0.2.1");
	assert_int_equal(ask_and_wait(&b, "im.example"), DNS_OK);
	assert_int_equal(cache_stats(b.cache).entries, 0);
	assert_int_equal(ask_and_wait(&b, "im.example"), DNS_OK);
	assert_int_equal(asked(&b), 2);
	teardown(&b);
}

static void enum_36_the_smallest_ttl_of_the_answer_counts(void **state)
{
	struct bench b;

	(void)state;
	setup(&b, 10);
	dns_fake_zone(b.script, "alias.example 500 CNAME im.example");
	dns_fake_zone(b.script, "im.example 300 A 192.0.2.1");
	dns_fake_zone(b.script, "im.example 5 A 192.0.2.2");
	assert_int_equal(ask_and_wait(&b, "alias.example"), DNS_OK);
	loop_fake_advance(b.loop, 4999);
	assert_int_equal(ask_and_wait(&b, "alias.example"), DNS_OK);
	assert_int_equal(asked(&b), 1);
	loop_fake_advance(b.loop, 1);
	assert_int_equal(ask_and_wait(&b, "alias.example"), DNS_OK);
	assert_int_equal(asked(&b), 2);
	teardown(&b);
}

static void rfc_2308_negative_answers_live_as_long_as_the_soa_says(void **state)
{
	static const struct {
		const char *line;
		enum dns_status status;
	} cases[] = {
		{ "im.example 20 NXDOMAIN", DNS_NXDOMAIN },
		{ "im.example 20 NODATA", DNS_NODATA },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct bench b;

		setup(&b, 10);
		dns_fake_zone(b.script, cases[i].line);
		assert_int_equal(ask_and_wait(&b, "im.example"),
				 cases[i].status);
		loop_fake_advance(b.loop, 19999);
		assert_int_equal(ask_and_wait(&b, "im.example"),
				 cases[i].status);
		assert_int_equal(asked(&b), 1);
		loop_fake_advance(b.loop, 1);
		assert_int_equal(ask_and_wait(&b, "im.example"),
				 cases[i].status);
		assert_int_equal(asked(&b), 2);
		teardown(&b);
	}
}

static void enum_38_cannot_tell_is_never_kept(void **state)
{
	static const struct {
		const char *line;
		enum dns_status status;
	} cases[] = {
		{ "im.example SERVFAIL", DNS_SERVFAIL },
		{ "im.example REFUSED", DNS_SERVFAIL },
		{ "im.example GARBAGE", DNS_BAD_ANSWER },
		{ "im.example OVERLOAD", DNS_OVERLOAD },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct bench b;

		setup(&b, 10);
		dns_fake_zone(b.script, cases[i].line);
		assert_int_equal(ask_and_wait(&b, "im.example"),
				 cases[i].status);
		dns_fake_forget(b.script, "im.example");
		dns_fake_zone(b.script, "im.example A 192.0.2.1");
		assert_int_equal(ask_and_wait(&b, "im.example"), DNS_OK);
		assert_int_equal(asked(&b), 2);
		teardown(&b);
	}
}

static void a_ttl_of_years_is_cut_to_a_day(void **state)
{
	struct bench b;

	(void)state;
	setup(&b, 10);
	dns_fake_zone(b.script, "im.example 2147483647 A 192.0.2.1");
	assert_int_equal(ask_and_wait(&b, "im.example"), DNS_OK);
	loop_fake_advance(b.loop, (int64_t)CACHE_TTL_MAX_S * 1000 - 1);
	assert_int_equal(ask_and_wait(&b, "im.example"), DNS_OK);
	assert_int_equal(asked(&b), 1);
	loop_fake_advance(b.loop, 1);
	assert_int_equal(ask_and_wait(&b, "im.example"), DNS_OK);
	assert_int_equal(asked(&b), 2);
	teardown(&b);
}

static void names_compare_without_case_and_types_apart(void **state)
{
	struct asker asker = { .answers = 0 };
	struct bench b;

	(void)state;
	setup(&b, 10);
	dns_fake_zone(b.script, "im.example A 192.0.2.1");
	assert_int_equal(ask_and_wait(&b, "im.example"), DNS_OK);
	assert_int_equal(ask_and_wait(&b, "IM.Example"), DNS_OK);
	assert_int_equal(asked(&b), 1);
	assert_int_equal(cache_ask_start(b.cache, "im.example", DNS_AAAA, got,
					 &asker, &asker.query),
			 ENUM_OK);
	loop_fake_advance(b.loop, 0);
	assert_int_equal(asker.status, DNS_NODATA);
	assert_int_equal(asked(&b), 2);
	teardown(&b);
}

static void the_oldest_use_leaves_when_the_cache_is_full(void **state)
{
	struct bench b;

	(void)state;
	setup(&b, 2);
	dns_fake_zone(b.script, "a.example A 192.0.2.1");
	dns_fake_zone(b.script, "b.example A 192.0.2.2");
	dns_fake_zone(b.script, "c.example A 192.0.2.3");
	(void)ask_and_wait(&b, "a.example");
	(void)ask_and_wait(&b, "b.example");
	(void)ask_and_wait(&b, "a.example"); /* now b is the oldest */
	(void)ask_and_wait(&b, "c.example");
	assert_int_equal(cache_stats(b.cache).entries, 2);
	assert_int_equal(asked(&b), 3);
	(void)ask_and_wait(&b, "a.example");
	(void)ask_and_wait(&b, "c.example");
	assert_int_equal(asked(&b), 3);
	(void)ask_and_wait(&b, "b.example");
	assert_int_equal(asked(&b), 4);
	teardown(&b);
}

static void a_large_answer_takes_the_room_of_several(void **state)
{
	struct bench b;

	(void)state;
	setup(&b, 10);
	for (int i = 1; i <= 64; i++) {
		char line[64];

		snprintf(line, sizeof line, "big.example A 192.0.2.%d", i);
		dns_fake_zone(b.script, line);
	}
	dns_fake_zone(b.script, "a.example A 192.0.2.1");
	dns_fake_zone(b.script, "b.example A 192.0.2.2");
	(void)ask_and_wait(&b, "a.example");
	(void)ask_and_wait(&b, "big.example");
	assert_int_equal(cache_stats(b.cache).entries, 2);
	(void)ask_and_wait(&b, "b.example");
	assert_int_equal(cache_stats(b.cache).entries, 2);
	(void)ask_and_wait(&b, "big.example");
	assert_int_equal(asked(&b), 3);
	(void)ask_and_wait(&b, "a.example");
	assert_int_equal(asked(&b), 4);
	teardown(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			enum_36_within_the_ttl_the_server_is_asked_once),
		cmocka_unit_test(enum_36_after_the_ttl_the_new_data_counts),
		cmocka_unit_test(enum_36_ttl_0_is_never_used_again),
		cmocka_unit_test(enum_36_the_smallest_ttl_of_the_answer_counts),
		cmocka_unit_test(
			rfc_2308_negative_answers_live_as_long_as_the_soa_says),
		cmocka_unit_test(enum_38_cannot_tell_is_never_kept),
		cmocka_unit_test(a_ttl_of_years_is_cut_to_a_day),
		cmocka_unit_test(names_compare_without_case_and_types_apart),
		cmocka_unit_test(the_oldest_use_leaves_when_the_cache_is_full),
		cmocka_unit_test(a_large_answer_takes_the_room_of_several),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
