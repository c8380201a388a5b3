/** What packets say and how they are asked for, over real sockets. */

#include "tests/unit/dns_bench.h"

static void enum_38_each_kind_of_answer_is_told_apart(void **state)
{
	static const struct {
		const char *name;
		enum dns_status status;
		int rcode;
		unsigned questions;
	} cases[] = {
		{ "plain.test", DNS_OK, 0, 1 },
		{ "nxdomain.test", DNS_NXDOMAIN, 3, 1 },
		{ "nodata.test", DNS_NODATA, 0, 1 },
		{ "servfail.test", DNS_SERVFAIL, 2, 1 },
		{ "refused.test", DNS_SERVFAIL, 5, 1 },
		{ "silent.test", DNS_TIMEOUT, -1, 1 },
		{ "garbage.test", DNS_BAD_ANSWER, -1, 1 },
		/* an answer to another question is not ours: as if silent */
		{ "othername.test", DNS_TIMEOUT, -1, 1 },
		{ "always-notimp.test", DNS_SERVFAIL, 4, 2 },
	};
	struct bench b;

	(void)state;
	setup(&b);
	open_dns(&b);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct dns_answer *answer;

		b.servers[0].udp_questions = 0;
		answer = resolve(&b, cases[i].name, DNS_A);
		if (answer->status != cases[i].status)
			fail_msg("%s: %s", cases[i].name,
				 dns_status_text(answer->status));
		assert_int_equal(answer->rcode, cases[i].rcode);
		assert_int_equal(b.servers[0].udp_questions,
				 cases[i].questions);
		dns_answer_drop(&answer);
	}
	teardown(&b);
}

static void sec_10_an_answer_with_a_wrong_id_is_passed_over(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	open_dns(&b);
	assert_resolves(&b, "wrongid.test", DNS_OK, "192.0.2.1");
	teardown(&b);
}

static void sec_10_ids_do_not_count_up(void **state)
{
	unsigned ids[8], steps_of_one = 0;
	struct bench b;

	(void)state;
	setup(&b);
	open_dns(&b);
	for (int i = 0; i < 8; i++) {
		assert_resolves(&b, "plain.test", DNS_OK, NULL);
		ids[i] = b.servers[0].last.id;
		if (i > 0 && ids[i] - ids[i - 1] <= 1)
			steps_of_one++;
	}
	assert_true(steps_of_one < 3);
	teardown(&b);
}

static void enum_35_questions_carry_opt_with_1232_octets(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	open_dns(&b);
	assert_resolves(&b, "many.test", DNS_OK, "192.0.2.1");
	assert_true(b.servers[0].last.has_opt);
	assert_int_equal(b.servers[0].last.opt_size, 1232);
	assert_int_equal(b.servers[0].tcp_questions, 0);
	teardown(&b);
}

static void enum_35_a_truncated_answer_is_asked_for_over_tcp(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	open_dns(&b);
	assert_resolves(&b, "truncated.test", DNS_OK, "192.0.2.1");
	assert_int_equal(b.servers[0].udp_questions, 1);
	assert_int_equal(b.servers[0].tcp_questions, 1);
	teardown(&b);
}

static void enum_35_an_answer_of_64_kilobytes_arrives_over_tcp(void **state)
{
	struct dns_answer *answer;
	struct bench b;

	(void)state;
	setup(&b);
	open_dns(&b);
	answer = resolve(&b, "big.test", DNS_NAPTR);
	assert_int_equal(answer->status, DNS_OK);
	assert_true(answer->count > 200);
	assert_int_equal(answer->records[answer->count - 1].naptr.regexp.len,
			 255);
	dns_answer_drop(&answer);
	teardown(&b);
}

static void
enum_35_a_server_that_does_not_know_opt_is_asked_without_it(void **state)
{
	static const char *const names[] = { "formerr.test", "formerr-opt.test",
					     "notimp.test" };

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		struct bench b;

		setup(&b);
		open_dns(&b);
		for (int times = 0; times < 2; times++) {
			b.servers[0].udp_questions = 0;
			assert_resolves(&b, names[i], DNS_OK, "192.0.2.1");
			assert_false(b.servers[0].last.has_opt);
			assert_int_equal(b.servers[0].udp_questions, 2);
		}
		/* and large answers still come, however they do */
		assert_resolves(&b, "many.test", DNS_OK, "192.0.2.1");
		assert_resolves(&b, "truncated.test", DNS_OK, "192.0.2.1");
		teardown(&b);
	}
}

static void a_server_that_refuses_every_time_is_asked_twice(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	open_dns(&b);
	assert_resolves(&b, "always-formerr.test", DNS_SERVFAIL, NULL);
	assert_true(b.servers[0].udp_questions <= 3);
	teardown(&b);
}

static void enum_39_ad_is_believed_only_when_asked_and_local(void **state)
{
	static const struct {
		const char *more_servers;
		bool dnssec, secure;
	} cases[] = {
		{ "", false, false },
		{ "", true, true },
		{ ",[::1]:5353", true, true },
		{ ",192.0.2.1:53", true, false },
		{ ",[2001:db8::1]:53", true, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct dns_answer *answer;
		struct bench b;

		setup(&b);
		strncat(b.servers_csv, cases[i].more_servers, 64);
		b.options.dnssec = cases[i].dnssec;
		open_dns(&b);
		answer = resolve(&b, "secure.test", DNS_A);
		assert_int_equal(answer->status, DNS_OK);
		assert_int_equal(answer->secure, cases[i].secure);
		assert_int_equal(b.servers[0].last.asks_ad, cases[i].dnssec);
		dns_answer_drop(&answer);
		answer = resolve(&b, "plain.test", DNS_A);
		assert_false(answer->secure);
		dns_answer_drop(&answer);
		teardown(&b);
	}
}

static void a_name_that_cannot_be_asked_for_does_not_exist(void **state)
{
	static const char *const names[] = {
		"a..test",
		"0123456789012345678901234567890123456789"
		"012345678901234567890123.test",
	};
	struct bench b;

	(void)state;
	setup(&b);
	open_dns(&b);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		assert_resolves(&b, names[i], DNS_NXDOMAIN, NULL);
	assert_int_equal(b.servers[0].udp_questions, 0);
	teardown(&b);
}

static void a_list_of_servers_that_cannot_be_used_is_refused(void **state)
{
	static const struct {
		const char *servers;
		enum enum_status status;
	} cases[] = {
		{ NULL, ENUM_OK },
		{ "", ENUM_OK },
		{ "127.0.0.1", ENUM_OK },
		{ "127.0.0.1:53,127.0.0.2:5353", ENUM_OK },
		{ "[::1]:53", ENUM_OK },
		{ "::1,127.0.0.1", ENUM_OK },
		{ "localhost", ENUM_BAD_SERVERS },
		{ "127.0.0.1:", ENUM_BAD_SERVERS },
		{ "127.0.0.1:0", ENUM_BAD_SERVERS },
		{ "127.0.0.1:65536", ENUM_BAD_SERVERS },
		{ "127.0.0.1:dns", ENUM_BAD_SERVERS },
		{ "[::1]:70000", ENUM_BAD_SERVERS },
		{ "127.0.0.1:53, 127.0.0.2:53", ENUM_BAD_SERVERS },
		{ ",", ENUM_BAD_SERVERS },
	};
	struct bench b;

	(void)state;
	setup(&b);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		enum enum_status status;

		b.options.servers = cases[i].servers;
		status = dns_create(b.loop, &b.options, &b.dns);
		if (status != cases[i].status)
			fail_msg("%s: %s", cases[i].servers,
				 enum_status_word(status));
		dns_destroy(&b.dns);
	}
	teardown(&b);
}

static void a_server_on_ipv6_is_asked(void **state)
{
	struct bench b;

	(void)state;
	setup(&b);
	server_close(&b.servers[1]);
	if (!server_open(&b.servers[1], b.loop, "::1", 6)) {
		teardown(&b);
		skip(); /* no IPv6 on this machine */
	}
	snprintf(b.servers_csv, sizeof b.servers_csv, "[::1]:%u",
		 b.servers[1].port);
	open_dns(&b);
	assert_resolves(&b, "plain.test", DNS_OK, "192.0.2.6");
	teardown(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(enum_38_each_kind_of_answer_is_told_apart),
		cmocka_unit_test(
			sec_10_an_answer_with_a_wrong_id_is_passed_over),
		cmocka_unit_test(sec_10_ids_do_not_count_up),
		cmocka_unit_test(enum_35_questions_carry_opt_with_1232_octets),
		cmocka_unit_test(
			enum_35_a_truncated_answer_is_asked_for_over_tcp),
		cmocka_unit_test(
			enum_35_an_answer_of_64_kilobytes_arrives_over_tcp),
		cmocka_unit_test(
			enum_35_a_server_that_does_not_know_opt_is_asked_without_it),
		cmocka_unit_test(
			a_server_that_refuses_every_time_is_asked_twice),
		cmocka_unit_test(
			enum_39_ad_is_believed_only_when_asked_and_local),
		cmocka_unit_test(
			a_name_that_cannot_be_asked_for_does_not_exist),
		cmocka_unit_test(
			a_list_of_servers_that_cannot_be_used_is_refused),
		cmocka_unit_test(a_server_on_ipv6_is_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
