/** Many questions, several servers, and giving up, over real sockets. */

#include "tests/unit/dns_bench.h"

static void another_server_is_asked_when_one_fails(void **state)
{
	static const struct {
		const char *first, *second;
		enum dns_status status;
		const char *address;
	} cases[] = {
		{ NULL, NULL, DNS_OK, "192.0.2.1" },
		{ "servfail", NULL, DNS_OK, "192.0.2.2" },
		{ "refused", NULL, DNS_OK, "192.0.2.2" },
		{ "silent", NULL, DNS_OK, "192.0.2.2" },
		{ "always-notimp", NULL, DNS_OK, "192.0.2.2" },
		{ "servfail", "nxdomain", DNS_NXDOMAIN, NULL },
		{ "servfail", "servfail", DNS_SERVFAIL, NULL },
		{ "servfail", "silent", DNS_SERVFAIL, NULL },
		{ "silent", "servfail", DNS_SERVFAIL, NULL },
		{ "silent", "silent", DNS_TIMEOUT, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct bench b;

		setup(&b);
		use_both_servers(&b);
		open_dns(&b);
		b.servers[0].always = cases[i].first;
		b.servers[1].always = cases[i].second;
		assert_resolves(&b, "plain.test", cases[i].status,
				cases[i].address);
		teardown(&b);
	}
}

static void a_dead_server_costs_no_timeout(void **state)
{
	struct bench b;
	int64_t start_ms;

	(void)state;
	setup(&b);
	use_both_servers(&b);
	b.options.timeout_ms = 5000;
	server_close(&b.servers[0]);
	open_dns(&b);
	start_ms = loop_now_ms(b.loop);
	assert_resolves(&b, "plain.test", DNS_OK, "192.0.2.2");
	server_close(&b.servers[1]);
	assert_resolves(&b, "plain.test", DNS_TIMEOUT, NULL);
	assert_true(loop_now_ms(b.loop) - start_ms < 2000);
	teardown(&b);
}

static void a_silent_server_is_tried_again_with_twice_the_time(void **state)
{
	struct bench b;
	int64_t start_ms, took_ms;

	(void)state;
	setup(&b);
	b.options.timeout_ms = 100;
	b.options.tries = 2;
	open_dns(&b);
	start_ms = loop_now_ms(b.loop);
	assert_resolves(&b, "silent.test", DNS_TIMEOUT, NULL);
	took_ms = loop_now_ms(b.loop) - start_ms;
	assert_int_equal(b.servers[0].udp_questions, 2);
	assert_true(took_ms >= 300 && took_ms < 3000);
	teardown(&b);
}

static void a_slow_drip_over_tcp_delays_nobody_else(void **state)
{
	struct asker slow;
	struct bench b;
	int64_t start_ms;

	(void)state;
	setup(&b);
	b.options.timeout_ms = 1000;
	open_dns(&b);
	b.servers[0].drip_len = 0;
	ask(&b, "drip.test", DNS_A, &slow);
	assert_false(run(&b, 50));
	start_ms = loop_now_ms(b.loop);
	for (int i = 0; i < 5; i++) {
		struct asker quick;

		ask(&b, "plain.test", DNS_A, &quick);
		while (quick.answers == 0)
			assert_true(!run(&b, 10) || quick.answers);
		assert_int_equal(quick.answer->status, DNS_OK);
		dns_answer_drop(&quick.answer);
	}
	assert_true(loop_now_ms(b.loop) - start_ms < 900);
	dns_query_cancel(&slow.query);
	assert_int_equal(slow.answers, 0);
	teardown(&b);
}

static void sec_10_a_stuck_connection_delays_no_other_large_answer(void **state)
{
	static const char *const names[] = { "stuck.test", "drip.test" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct asker slow;
		struct bench b;
		int64_t start_ms;

		setup(&b);
		b.options.timeout_ms = 1000;
		open_dns(&b);
		ask(&b, names[i], DNS_A, &slow);
		assert_false(run(&b, 50));
		assert_int_equal(b.servers[0].parked_count, 1);
		start_ms = loop_now_ms(b.loop);
		for (int n = 0; n < 5; n++) {
			struct asker quick;

			ask(&b, "truncated.test", DNS_A, &quick);
			while (quick.answers == 0)
				(void)run(&b, 10);
			assert_int_equal(quick.answer->status, DNS_OK);
			dns_answer_drop(&quick.answer);
		}
		assert_true(loop_now_ms(b.loop) - start_ms < 900);
		assert_true(slow.answers || run(&b, GUARD_MS));
		assert_int_equal(slow.answer->status,
				 i == 0 ? DNS_TIMEOUT : DNS_OK);
		dns_answer_drop(&slow.answer);
		teardown(&b);
	}
}

static void a_question_on_a_connection_can_be_cancelled(void **state)
{
	struct asker stuck, other;
	struct bench b;

	(void)state;
	setup(&b);
	open_dns(&b);
	ask(&b, "stuck.test", DNS_A, &stuck);
	assert_false(run(&b, 50));
	dns_query_cancel(&stuck.query);
	b.pending--;
	ask(&b, "truncated.test", DNS_A, &other);
	assert_true(run(&b, GUARD_MS));
	assert_false(run(&b, 300)); /* the connection is given up */
	assert_int_equal(stuck.answers, 0);
	assert_int_equal(other.answers, 1);
	dns_answer_drop(&other.answer);
	teardown(&b);
}

static void questions_beyond_the_cap_wait_and_beyond_that_fail(void **state)
{
	struct asker askers[7];
	struct bench b;

	(void)state;
	setup(&b);
	b.options.in_flight_max = 2;
	b.options.timeout_ms = 5000;
	open_dns(&b);
	for (int i = 0; i < 7; i++)
		ask(&b, "held.test", DNS_A, &askers[i]);
	assert_false(run(&b, 50));
	assert_int_equal(b.servers[0].udp_questions, 2);
	for (int i = 0; i < 6; i++)
		assert_int_equal(askers[i].answers, 0);
	assert_int_equal(askers[6].answer->status, DNS_OVERLOAD);
	for (unsigned answered = 2; answered <= 6; answered += 2) {
		server_release(&b.servers[0]);
		(void)run(&b, 50);
		assert_int_equal(b.servers[0].udp_questions,
				 answered < 6 ? answered + 2 : 6);
		for (unsigned i = 0; i < 6; i++)
			assert_int_equal(askers[i].answers, i < answered);
	}
	for (int i = 0; i < 7; i++)
		dns_answer_drop(&askers[i].answer);
	teardown(&b);
}

static void a_question_can_be_cancelled_wherever_it_is(void **state)
{
	struct asker flying, waiting, overloaded;
	struct bench b;

	(void)state;
	setup(&b);
	b.options.in_flight_max = 1;
	open_dns(&b);
	ask(&b, "held.test", DNS_A, &flying);
	ask(&b, "waiting.test", DNS_A, &waiting);
	ask(&b, "waiting.test", DNS_A, &overloaded);
	ask(&b, "waiting.test", DNS_A, &overloaded); /* overwrites: 4th */
	dns_query_cancel(&waiting.query);
	dns_query_cancel(&overloaded.query);
	assert_null(overloaded.query);
	assert_false(run(&b, 20));
	dns_query_cancel(&flying.query);
	dns_query_cancel(&flying.query); /* takes NULL */
	server_release(&b.servers[0]);
	(void)run(&b, 50);
	assert_int_equal(flying.answers + waiting.answers, 0);
	assert_int_equal(overloaded.answers, 1); /* the third was left alone */
	dns_answer_drop(&overloaded.answer);
	teardown(&b);
}

static void destroy_drops_what_is_pending_without_a_call(void **state)
{
	struct asker flying, truncated, waiting;
	struct bench b;

	(void)state;
	setup(&b);
	b.options.in_flight_max = 2;
	open_dns(&b);
	ask(&b, "held.test", DNS_A, &flying);
	ask(&b, "drip.test", DNS_A, &truncated);
	ask(&b, "plain.test", DNS_A, &waiting);
	assert_false(run(&b, 50));
	dns_destroy(&b.dns);
	assert_false(run(&b, 50));
	assert_int_equal(flying.answers + truncated.answers + waiting.answers,
			 0);
	teardown(&b);
}

#define MANY 500

static void assert_many_are_answered(const char *label, int count)
{
	static struct asker askers[MANY];
	struct bench b;

	setup(&b);
	b.options.in_flight_max = 200;
	b.options.timeout_ms = 2000;
	open_dns(&b);
	for (int i = 0; i < count; i++) {
		char name[32];

		snprintf(name, sizeof name, "%s.n%d.test", label, i);
		ask(&b, name, DNS_A, &askers[i]);
	}
	assert_true(run(&b, GUARD_MS));
	for (int i = 0; i < count; i++) {
		assert_int_equal(askers[i].answer->status, DNS_OK);
		dns_answer_drop(&askers[i].answer);
	}
	teardown(&b);
}

static void many_questions_at_once_are_all_answered(void **state)
{
	(void)state;
	assert_many_are_answered("plain", MANY);
}

static void enum_35_many_large_answers_at_once_all_come(void **state)
{
	(void)state;
	assert_many_are_answered("truncated", 150);
}

static void exercise(void)
{
	static const char *const names[] = { "plain.test", "formerr-opt.test",
					     "truncated.test" };
	struct bench b = {
		.options = { .timeout_ms = 60, .tries = 1, .in_flight_max = 2 }
	};
	struct loop_timer *guard = NULL;
	struct asker askers[3] = { 0 };

	if (loop_create(&b.loop) != 0)
		return;
	if (!server_open(&b.servers[0], b.loop, "127.0.0.1", 1) ||
	    loop_timer_create(b.loop, stop, &b, &guard) != ENUM_OK)
		goto out;
	snprintf(b.servers_csv, sizeof b.servers_csv, "127.0.0.1:%u",
		 b.servers[0].port);
	b.options.servers = b.servers_csv;
	if (dns_create(b.loop, &b.options, &b.dns) != ENUM_OK)
		goto out;
	for (int i = 0; i < 3; i++) {
		askers[i].bench = &b;
		if (dns_query_start(b.dns, names[i], DNS_A, got, &askers[i],
				    &askers[i].query) == ENUM_OK)
			b.pending++;
	}
	if (b.pending) {
		loop_timer_set(guard, GUARD_MS);
		loop_run(b.loop);
	}
	assert_int_equal(b.pending, 0);
out:
	for (int i = 0; i < 3; i++)
		dns_answer_drop(&askers[i].answer);
	loop_timer_destroy(&guard);
	dns_destroy(&b.dns);
	server_close(&b.servers[0]);
	loop_destroy(&b.loop);
}

static void out_of_memory_is_a_status(void **state)
{
	(void)state;
	assert_true(unit_fail_allocations(exercise) > 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(another_server_is_asked_when_one_fails),
		cmocka_unit_test(a_dead_server_costs_no_timeout),
		cmocka_unit_test(
			a_silent_server_is_tried_again_with_twice_the_time),
		cmocka_unit_test(a_slow_drip_over_tcp_delays_nobody_else),
		cmocka_unit_test(
			sec_10_a_stuck_connection_delays_no_other_large_answer),
		cmocka_unit_test(a_question_on_a_connection_can_be_cancelled),
		cmocka_unit_test(
			questions_beyond_the_cap_wait_and_beyond_that_fail),
		cmocka_unit_test(a_question_can_be_cancelled_wherever_it_is),
		cmocka_unit_test(destroy_drops_what_is_pending_without_a_call),
		cmocka_unit_test(many_questions_at_once_are_all_answered),
		cmocka_unit_test(enum_35_many_large_answers_at_once_all_come),
		cmocka_unit_test(out_of_memory_is_a_status),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
