#include "tests/unit/packet.h"

static struct wire w;

static void enum_28_fields_of_a_naptr_are_kept_octet_for_octet(void **state)
{
	static const char regexp[] = "!^.*$!im:a\0b\200@im.example!";
	struct dns_answer *answer;
	const struct naptr *rule;

	(void)state;
	begin_packet(&w, 0, NAME, DNS_NAPTR);
	put_naptr(&w, NAME, 300, 65535, regexp, sizeof regexp - 1, "");
	put_naptr(&w, NAME, 300, 10, "", 0, "nt1.Example");
	answer = parse(&w, DNS_NAPTR);
	assert_int_equal(answer->status, DNS_OK);
	assert_int_equal(answer->rcode, 0);
	assert_int_equal(answer->count, 2);
	rule = &answer->records[0].naptr; /* in the sequence of the wire */
	assert_int_equal(rule->order, 65535);
	assert_int_equal(rule->preference, 7);
	assert_true(span_is(rule->flags, "u"));
	assert_true(span_is(rule->services, "E2U+im"));
	assert_int_equal(rule->regexp.len, sizeof regexp - 1);
	assert_memory_equal(rule->regexp.at, regexp, sizeof regexp - 1);
	assert_string_equal(rule->replacement, "");
	rule = &answer->records[1].naptr;
	assert_int_equal(rule->regexp.len, 0);
	assert_string_equal(rule->replacement, "nt1.Example");
	dns_answer_drop(&answer);
	assert_null(answer);
}

static void srv_records_are_read_and_the_root_is_empty(void **state)
{
	static const char *const targets[] = { "xmpp.example", "" };
	struct dns_answer *answer;

	(void)state;
	begin_packet(&w, 0, NAME, DNS_SRV);
	for (unsigned i = 0; i < 2; i++) {
		put_name(&w, NAME);
		begin_data(&w, ANSWER, DNS_SRV, 60);
		put16(&w, 10 + i);
		put16(&w, 20);
		put16(&w, 65535);
		put_name(&w, targets[i]);
		end_data(&w);
	}
	answer = parse(&w, DNS_SRV);
	assert_int_equal(answer->count, 2);
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(answer->records[i].srv.priority, 10 + i);
		assert_int_equal(answer->records[i].srv.weight, 20);
		assert_int_equal(answer->records[i].srv.port, 65535);
		assert_string_equal(answer->records[i].srv.target, targets[i]);
	}
	dns_answer_drop(&answer);
}

static void addresses_are_read_as_text(void **state)
{
	struct dns_answer *answer;

	(void)state;
	begin_packet(&w, 0, NAME, DNS_A);
	put_a(&w, NAME, 60, 33);
	expect_addresses(&w, 1, "192.0.2.33");
	begin_packet(&w, 0, NAME, DNS_AAAA);
	put_name(&w, NAME);
	begin_data(&w, ANSWER, DNS_AAAA, 60);
	put32(&w, 0x20010db8);
	put32(&w, 0);
	put32(&w, 0);
	put32(&w, 1);
	end_data(&w);
	answer = parse(&w, DNS_AAAA);
	assert_string_equal(answer->records[0].address, "2001:db8::1");
	dns_answer_drop(&answer);
}

static void enum_35_unknown_types_and_signatures_are_passed_over(void **state)
{
	static const unsigned types[] = { TYPE_RRSIG, 65534, DNS_AAAA };

	(void)state;
	begin_packet(&w, 0, NAME, DNS_A);
	for (size_t i = 0; i < 3; i++) {
		put_name(&w, NAME);
		begin_data(&w, ANSWER, types[i], 1);
		put_octets(&w, "any\0thing", 9);
		end_data(&w);
	}
	put_a(&w, NAME, 60, 1);
	expect_addresses(&w, 1, "192.0.2.1");
}

static void enum_37_aliases_are_followed_in_any_sequence(void **state)
{
	(void)state;
	begin_packet(&w, 0, NAME, DNS_A);
	put_a(&w, "c.example", 60, 3);
	put_alias(&w, "B.example", 60, "c.example");
	put_a(&w, "other.example", 60, 4);
	put_alias(&w, NAME, 60, "b.Example");
	put_a(&w, "C.EXAMPLE", 60, 5);
	put_a(&w, "b.example", 60, 6);
	expect_addresses(&w, 2, "192.0.2.3");
}

static void enum_37_records_of_other_names_do_not_count(void **state)
{
	(void)state;
	begin_packet(&w, 0, NAME, DNS_A);
	put_a(&w, "other.example", 60, 4);
	put_a(&w, "1.e164.arpa", 60, 4);
	put_a(&w, "x." NAME, 60, 4);
	put_soa(&w, 60, 60);
	expect_status(&w, DNS_A, DNS_NODATA);
}

static void enum_37_an_alias_loop_is_a_bad_answer(void **state)
{
	(void)state;
	begin_packet(&w, 0, NAME, DNS_A);
	put_alias(&w, NAME, 60, NAME);
	put_a(&w, NAME, 60, 1);
	expect_status(&w, DNS_A, DNS_BAD_ANSWER);
	begin_packet(&w, 0, NAME, DNS_A);
	put_alias(&w, NAME, 60, "a.example");
	put_alias(&w, "a.example", 60, "b.example");
	put_alias(&w, "b.example", 60, NAME);
	expect_status(&w, DNS_A, DNS_BAD_ANSWER);
}

static void put_chain(unsigned links)
{
	char from[16] = NAME, to[16];

	begin_packet(&w, 0, NAME, DNS_A);
	for (unsigned i = 1; i <= links; i++) {
		snprintf(to, sizeof to, "n%u.example", i);
		put_alias(&w, from, 60, to);
		memcpy(from, to, sizeof from);
	}
	put_a(&w, from, 60, 1);
}

static void enum_37_a_chain_has_at_most_eight_links(void **state)
{
	(void)state;
	put_chain(DNS_CNAME_MAX);
	expect_addresses(&w, 1, "192.0.2.1");
	put_chain(DNS_CNAME_MAX + 1);
	expect_status(&w, DNS_A, DNS_BAD_ANSWER);
}

static void enum_36_the_smallest_ttl_of_chain_and_records_counts(void **state)
{
	static const struct {
		uint32_t alias, first, second, smallest;
	} cases[] = {
		{ 30, 60, 90, 30 },
		{ 90, 60, 30, 30 },
		{ 90, 0, 30, 0 },
		{ 90, 0x80000000u, 30, 0 }, /* RFC 2181, 8 */
		{ 0xffffffffu, 60, 30, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct dns_answer *answer;

		begin_packet(&w, 0, NAME, DNS_A);
		put_a(&w, "a.example", cases[i].first, 1);
		put_a(&w, "a.example", cases[i].second, 2);
		put_a(&w, "other.example", 1, 3);
		put_alias(&w, NAME, cases[i].alias, "a.example");
		answer = parse(&w, DNS_A);
		assert_int_equal(answer->ttl_s, cases[i].smallest);
		assert_int_equal(answer->records[1].ttl_s, cases[i].second);
		dns_answer_drop(&answer);
	}
}

static void enum_36_negative_answers_have_the_ttl_of_their_soa(void **state)
{
	static const struct {
		unsigned rcode;
		uint32_t alias, soa, minimum, ttl;
	} cases[] = {
		{ NXDOMAIN, 99, 60, 30, 30 }, { NXDOMAIN, 99, 30, 60, 30 },
		{ NXDOMAIN, 10, 30, 60, 10 }, { 0, 99, 60, 30, 30 },
		{ 0, 99, 60, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct dns_answer *answer;

		begin_packet(&w, cases[i].rcode, NAME, DNS_NAPTR);
		put_alias(&w, NAME, cases[i].alias, "a.example");
		put_soa(&w, cases[i].soa, cases[i].minimum);
		answer = parse(&w, DNS_NAPTR);
		assert_int_equal(answer->status,
				 cases[i].rcode ? DNS_NXDOMAIN : DNS_NODATA);
		assert_int_equal(answer->ttl_s, cases[i].ttl);
		dns_answer_drop(&answer);
	}
}

static void enum_36_without_soa_nothing_negative_is_kept(void **state)
{
	static const unsigned rcodes[] = { NXDOMAIN, 0 };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct dns_answer *answer;

		begin_packet(&w, rcodes[i], NAME, DNS_NAPTR);
		answer = parse(&w, DNS_NAPTR);
		assert_true(dns_status_is_definite(answer->status));
		assert_int_equal(answer->ttl_s, 0);
		dns_answer_drop(&answer);
	}
}

static void enum_38_four_answers_have_four_statuses(void **state)
{
	static const struct {
		unsigned rcode;
		enum dns_status status;
	} cases[] = {
		{ 0, DNS_NODATA },    { 1, DNS_SERVFAIL }, { 2, DNS_SERVFAIL },
		{ 3, DNS_NXDOMAIN },  { 4, DNS_SERVFAIL }, { 5, DNS_SERVFAIL },
		{ 11, DNS_SERVFAIL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct dns_answer *answer;

		begin_packet(&w, cases[i].rcode, NAME, DNS_NAPTR);
		put_soa(&w, 60, 60);
		answer = parse(&w, DNS_NAPTR);
		assert_int_equal(answer->status, cases[i].status);
		assert_int_equal(answer->rcode, cases[i].rcode);
		dns_answer_drop(&answer);
	}
}

static void enum_38_a_failure_need_not_repeat_the_question(void **state)
{
	(void)state;
	begin_packet(&w, 5, NAME, DNS_NAPTR);
	w.len = QUESTION_AT;
	set16(&w, 4, 0);
	expect_status(&w, DNS_NAPTR, DNS_SERVFAIL);
	set16(&w, 2, FLAG_QR | NXDOMAIN);
	expect_status(&w, DNS_NAPTR, DNS_BAD_ANSWER);
}

static void enum_38_an_rcode_above_15_stands_in_opt(void **state)
{
	struct dns_answer *answer;

	(void)state;
	begin_packet(&w, 0, NAME, DNS_NAPTR);
	put_name(&w, "");
	begin_data(&w, ADDITIONAL, TYPE_OPT, 0x01000000); /* BADVERS */
	answer = parse(&w, DNS_NAPTR);
	assert_int_equal(answer->status, DNS_SERVFAIL);
	assert_int_equal(answer->rcode, 16);
	dns_answer_drop(&answer);
}

static void enum_38_a_referral_is_not_nodata(void **state)
{
	(void)state;
	begin_packet(&w, 0, NAME, DNS_NAPTR);
	put_ns(&w);
	expect_status(&w, DNS_NAPTR, DNS_BAD_ANSWER);
	put_soa(&w, 60, 60);
	expect_status(&w, DNS_NAPTR, DNS_NODATA);
}

static void enum_38_a_chain_without_its_end_is_not_nodata(void **state)
{
	(void)state;
	begin_packet(&w, 0, NAME, DNS_NAPTR);
	put_alias(&w, NAME, 60, "elsewhere.example");
	expect_status(&w, DNS_NAPTR, DNS_BAD_ANSWER);
	put_soa(&w, 60, 60);
	expect_status(&w, DNS_NAPTR, DNS_NODATA);
}

static void ad_is_believed_only_where_it_may_be(void **state)
{
	static const struct {
		unsigned flags;
		bool trust, secure;
	} cases[] = {
		{ FLAG_AD, true, true },
		{ FLAG_AD, false, false },
		{ 0, true, false },
		{ FLAG_AD | NXDOMAIN, true, true },
		{ FLAG_AD | 2, true, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct dns_answer *answer;

		begin_packet(&w, cases[i].flags, NAME, DNS_A);
		put_a(&w, NAME, 60, 1);
		answer = parse_len(&w, w.len, NAME, DNS_A, cases[i].trust);
		assert_int_equal(answer->secure, cases[i].secure);
		dns_answer_drop(&answer);
	}
}

static void a_kept_answer_lives_until_its_last_drop(void **state)
{
	struct dns_answer *first, *second;

	(void)state;
	assert_int_equal(dns_answer_make(DNS_SRV, DNS_TIMEOUT, &first),
			 ENUM_OK);
	second = dns_answer_keep(first);
	dns_answer_drop(&first);
	assert_null(first);
	assert_int_equal(second->status, DNS_TIMEOUT);
	assert_int_equal(second->type, DNS_SRV);
	assert_int_equal(second->rcode, -1);
	assert_int_equal(second->ttl_s, 0);
	assert_int_equal(second->count, 0);
	dns_answer_drop(&second);
	dns_answer_drop(&second);
	assert_null(second);
}

static void exercise(void)
{
	struct dns_answer *answer;

	if (dns_answer_parse(w.at, w.len, NAME, DNS_NAPTR, false, &answer) ==
	    ENUM_OK)
		dns_answer_drop(&answer);
	if (dns_answer_make(DNS_A, DNS_OVERLOAD, &answer) == ENUM_OK)
		dns_answer_drop(&answer);
}

static void out_of_memory_is_a_status(void **state)
{
	(void)state;
	begin_packet(&w, 0, NAME, DNS_NAPTR);
	put_naptr(&w, NAME, 300, 10, "!^.*$!im:a@b.example!", 21, "");
	assert_int_equal(unit_fail_allocations(exercise), 2);
}

static void each_status_and_type_has_its_words(void **state)
{
	static const enum dns_type types[] = { DNS_A, DNS_AAAA, DNS_SRV,
					       DNS_NAPTR };
	static const char *const words[] = { "A", "AAAA", "SRV", "NAPTR" };

	(void)state;
	for (int i = 0; i <= DNS_STATUS_COUNT; i++) {
		assert_true(strlen(dns_status_word((enum dns_status)i)) > 0);
		assert_true(strlen(dns_status_text((enum dns_status)i)) > 0);
		assert_int_equal(dns_status_is_definite((enum dns_status)i),
				 i <= DNS_NODATA);
	}
	for (size_t i = 0; i < 4; i++)
		assert_string_equal(dns_type_word(types[i]), words[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			enum_28_fields_of_a_naptr_are_kept_octet_for_octet),
		cmocka_unit_test(srv_records_are_read_and_the_root_is_empty),
		cmocka_unit_test(addresses_are_read_as_text),
		cmocka_unit_test(
			enum_35_unknown_types_and_signatures_are_passed_over),
		cmocka_unit_test(enum_37_aliases_are_followed_in_any_sequence),
		cmocka_unit_test(enum_37_records_of_other_names_do_not_count),
		cmocka_unit_test(enum_37_an_alias_loop_is_a_bad_answer),
		cmocka_unit_test(enum_37_a_chain_has_at_most_eight_links),
		cmocka_unit_test(
			enum_36_the_smallest_ttl_of_chain_and_records_counts),
		cmocka_unit_test(
			enum_36_negative_answers_have_the_ttl_of_their_soa),
		cmocka_unit_test(enum_36_without_soa_nothing_negative_is_kept),
		cmocka_unit_test(enum_38_four_answers_have_four_statuses),
		cmocka_unit_test(
			enum_38_a_failure_need_not_repeat_the_question),
		cmocka_unit_test(enum_38_an_rcode_above_15_stands_in_opt),
		cmocka_unit_test(enum_38_a_referral_is_not_nodata),
		cmocka_unit_test(enum_38_a_chain_without_its_end_is_not_nodata),
		cmocka_unit_test(ad_is_believed_only_where_it_may_be),
		cmocka_unit_test(a_kept_answer_lives_until_its_last_drop),
		cmocka_unit_test(out_of_memory_is_a_status),
		cmocka_unit_test(each_status_and_type_has_its_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
