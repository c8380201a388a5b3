#include "tests/unit/packet.h"

static struct wire w;

static void sec_10_another_question_is_a_bad_answer(void **state)
{
	static const struct {
		const char *name;
		unsigned type;
	} cases[] = {
		{ "1.1.e164.arpa", DNS_A },
		{ "1.e164.arpa", DNS_A },
		{ "", DNS_A },
		{ NAME, DNS_AAAA },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		begin_packet(&w, 0, cases[i].name, cases[i].type);
		put_a(&w, NAME, 60, 1);
		expect_status(&w, DNS_A, DNS_BAD_ANSWER);
	}
	begin_packet(&w, 0, "0.1.E164.aRPA", DNS_A);
	put_a(&w, NAME, 60, 1);
	expect_addresses(&w, 1, "192.0.2.1");
	set16(&w, w.rdlength_at - 6, 3); /* class CH */
	expect_status(&w, DNS_A, DNS_NODATA);
}

static void sec_10_a_header_that_is_no_answer_is_a_bad_answer(void **state)
{
	static const struct {
		size_t at;
		unsigned value;
	} cases[] = {
		{ 2, 0 },		  /* a question */
		{ 2, FLAG_QR | 5 << 11 }, /* an update */
		{ 2, FLAG_QR | FLAG_TC }, /* not all of it */
		{ 4, 0 },		  /* no question */
		{ 4, 2 },		  /* a record too few */
		{ 6, 0 },		  /* a record too many */
		{ 6, 2 },
		{ QUESTION_AT + 17, 3 }, /* class CH */
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		begin_packet(&w, 0, NAME, DNS_A);
		put_a(&w, NAME, 60, 1);
		set16(&w, cases[i].at, cases[i].value);
		expect_status(&w, DNS_A, DNS_BAD_ANSWER);
	}
}

static void sec_10_a_packet_cut_anywhere_is_a_bad_answer(void **state)
{
	size_t len;

	(void)state;
	begin_packet(&w, 0, NAME, DNS_NAPTR);
	put_naptr(&w, NAME, 300, 10, "!^.*$!im:a@b.example!", 21, "");
	put_soa(&w, 60, 60);
	len = w.len;
	for (size_t i = 0; i < len; i++) {
		struct dns_answer *answer =
			parse_len(&w, i, NAME, DNS_NAPTR, true);

		assert_int_equal(answer->status, DNS_BAD_ANSWER);
		dns_answer_drop(&answer);
	}
	put8(&w, 0);
	expect_status(&w, DNS_NAPTR, DNS_BAD_ANSWER); /* one octet more */
	w.len = 65536;
	expect_status(&w, DNS_NAPTR, DNS_BAD_ANSWER);
}

static void sec_10_compressed_names_are_followed(void **state)
{
	(void)state;
	begin_packet(&w, 0, NAME, DNS_A);
	put16(&w, 0xc000 | QUESTION_AT);
	begin_data(&w, ANSWER, DNS_A, 60);
	put32(&w, 0xc0000201);
	end_data(&w);
	expect_addresses(&w, 1, "192.0.2.1");
}

static void sec_10_compression_that_loops_or_leaves_is_refused(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		unsigned self, pointers[3];

		begin_packet(&w, 0, NAME, DNS_A);
		self = (unsigned)w.len;
		pointers[0] = self;	/* itself */
		pointers[1] = self + 2; /* forward, to the type */
		pointers[2] = 0x3fff;	/* out of the packet */
		put16(&w, 0xc000 | pointers[i]);
		begin_data(&w, ANSWER, DNS_A, 60);
		put32(&w, 0xc0000201);
		end_data(&w);
		put_a(&w, NAME, 60, 1);
		if (i == 1) /* ends where the type has its NUL: some name */
			expect_addresses(&w, 1, "192.0.2.1");
		else
			expect_status(&w, DNS_A, DNS_BAD_ANSWER);
	}
}

static void sec_10_an_alias_to_itself_by_compression_is_refused(void **state)
{
	(void)state;
	begin_packet(&w, 0, NAME, DNS_A);
	put_name(&w, NAME);
	begin_data(&w, ANSWER, TYPE_CNAME, 60);
	put16(&w, 0xc000 | (unsigned)w.len);
	end_data(&w);
	expect_status(&w, DNS_A, DNS_BAD_ANSWER);
}

static void sec_10_an_alias_of_wrong_length_is_refused(void **state)
{
	static const int lies[] = { -1, 1 };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		size_t len;

		begin_packet(&w, 0, NAME, DNS_A);
		put_alias(&w, NAME, 60, "a.example");
		len = w.len - w.rdlength_at - 2;
		w.len = (size_t)((int)w.len + lies[i]);
		w.at[w.len - 1] = 0;
		set16(&w, w.rdlength_at, (unsigned)((int)len + lies[i]));
		put_a(&w, "a.example", 60, 1);
		expect_status(&w, DNS_A, DNS_BAD_ANSWER);
	}
}

static void sec_10_an_soa_too_short_has_no_minimum(void **state)
{
	struct dns_answer *answer;

	(void)state;
	begin_packet(&w, NXDOMAIN, NAME, DNS_A);
	put_name(&w, "e164.arpa");
	begin_data(&w, AUTHORITY, TYPE_SOA, 60);
	put16(&w, 0);
	end_data(&w);
	answer = parse(&w, DNS_A);
	assert_int_equal(answer->status, DNS_NXDOMAIN);
	assert_int_equal(answer->ttl_s, 0);
	dns_answer_drop(&answer);
}

static void sec_10_labels_longer_than_63_octets_are_refused(void **state)
{
	static const unsigned lengths[] = { 64, 127, 128, 191 };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		begin_packet(&w, 0, NAME, DNS_A);
		put8(&w, lengths[i]);
		for (unsigned k = 0; k < lengths[i]; k++)
			put8(&w, 'a');
		put8(&w, 0);
		begin_data(&w, ANSWER, DNS_A, 60);
		put32(&w, 0xc0000201);
		end_data(&w);
		expect_status(&w, DNS_A, DNS_BAD_ANSWER);
	}
}

static void sec_10_names_longer_than_255_octets_are_refused(void **state)
{
	static const char label[] = "123456789012345678901234567890123456789"
				    "012345678901234567890123";

	(void)state;
	begin_packet(&w, 0, NAME, DNS_A);
	for (int i = 0; i < 4; i++)
		put_string(&w, label, 63);
	put8(&w, 0); /* 257 octets */
	begin_data(&w, ANSWER, DNS_A, 60);
	put32(&w, 0xc0000201);
	end_data(&w);
	expect_status(&w, DNS_A, DNS_BAD_ANSWER);
}

static void put_naptr_with_length(unsigned length)
{
	put_naptr(&w, NAME, 300, 10, "!^.*$!im:bad@b.example!", 23, "x.y");
	w.len = w.rdlength_at + 2 + length;
	set16(&w, w.rdlength_at, length);
}

static void enum_16_a_record_of_wrong_length_is_passed_over(void **state)
{
	(void)state;
	for (unsigned length = 0; length < 41; length++) {
		struct dns_answer *answer;

		begin_packet(&w, 0, NAME, DNS_NAPTR);
		put_naptr_with_length(length);
		put_naptr(&w, NAME, 300, 20, "!^.*$!im:a@b.example!", 21, "");
		answer = parse(&w, DNS_NAPTR);
		assert_int_equal(answer->status, DNS_OK);
		assert_int_equal(answer->count, 1);
		assert_int_equal(answer->records[0].naptr.order, 20);
		dns_answer_drop(&answer);
	}
}

static void sec_10_records_that_all_lie_are_a_bad_answer(void **state)
{
	static const enum dns_type types[] = { DNS_A, DNS_AAAA, DNS_SRV,
					       DNS_NAPTR };

	(void)state;
	for (size_t i = 0; i < 4; i++)
		for (unsigned length = 0; length < 8; length++) {
			if (types[i] == DNS_A && length == 4)
				continue;
			if (types[i] == DNS_SRV && length == 7)
				continue; /* the root */
			begin_packet(&w, 0, NAME, types[i]);
			put_name(&w, NAME);
			begin_data(&w, ANSWER, types[i], 60);
			put_octets(&w, "\0\0\0\0\0\0\0\0", length);
			end_data(&w);
			put_soa(&w, 60, 60);
			expect_status(&w, types[i], DNS_BAD_ANSWER);
		}
}

static void names_with_odd_octets_are_not_taken_for_others(void **state)
{
	(void)state;
	begin_packet(&w, 0, NAME, DNS_A);
	put_string(&w, "0.1", 3); /* one label with a dot in it */
	put_name(&w, "e164.arpa");
	begin_data(&w, ANSWER, DNS_A, 60);
	put32(&w, 0xc0000201);
	end_data(&w);
	put_string(&w, "0\0", 2);
	put_name(&w, "1.e164.arpa");
	begin_data(&w, ANSWER, DNS_A, 60);
	put32(&w, 0xc0000202);
	end_data(&w);
	put_soa(&w, 60, 60);
	expect_status(&w, DNS_A, DNS_NODATA);
}

static void names_with_odd_octets_are_escaped(void **state)
{
	struct dns_answer *answer;

	(void)state;
	begin_packet(&w, 0, NAME, DNS_SRV);
	put_name(&w, NAME);
	begin_data(&w, ANSWER, DNS_SRV, 60);
	put_octets(&w, "\0\1\0\2\0\3", 6);
	put_string(&w, "a.b\0c\200\\ ", 8);
	put_name(&w, "example");
	end_data(&w);
	answer = parse(&w, DNS_SRV);
	assert_int_equal(answer->status, DNS_OK);
	assert_string_equal(answer->records[0].srv.target,
			    "a\\.b\\000c\\128\\\\\\032.example");
	dns_answer_drop(&answer);
}

static void an_odd_name_that_was_asked_for_is_recognised(void **state)
{
	struct dns_answer *answer;

	(void)state;
	begin_packet(&w, 0, "a@b._x.example", DNS_A);
	put_a(&w, "A@b._x.example", 60, 1);
	answer = parse_len(&w, w.len, "a@b._X.example", DNS_A, true);
	assert_int_equal(answer->status, DNS_OK);
	dns_answer_drop(&answer);
	answer = parse_len(&w, w.len, "a..example", DNS_A, true);
	assert_int_equal(answer->status, DNS_BAD_ANSWER);
	dns_answer_drop(&answer);
}

static void at_most_512_records_are_kept(void **state)
{
	struct dns_answer *answer;

	(void)state;
	begin_packet(&w, 0, NAME, DNS_A);
	for (unsigned i = 0; i < DNS_RECORDS_MAX + 88; i++)
		put_a(&w, NAME, 60, i % 256);
	answer = parse(&w, DNS_A);
	assert_int_equal(answer->count, DNS_RECORDS_MAX);
	assert_string_equal(answer->records[511].address, "192.0.2.255");
	dns_answer_drop(&answer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sec_10_another_question_is_a_bad_answer),
		cmocka_unit_test(
			sec_10_a_header_that_is_no_answer_is_a_bad_answer),
		cmocka_unit_test(sec_10_a_packet_cut_anywhere_is_a_bad_answer),
		cmocka_unit_test(sec_10_compressed_names_are_followed),
		cmocka_unit_test(
			sec_10_compression_that_loops_or_leaves_is_refused),
		cmocka_unit_test(
			sec_10_an_alias_to_itself_by_compression_is_refused),
		cmocka_unit_test(sec_10_an_alias_of_wrong_length_is_refused),
		cmocka_unit_test(sec_10_an_soa_too_short_has_no_minimum),
		cmocka_unit_test(
			sec_10_labels_longer_than_63_octets_are_refused),
		cmocka_unit_test(
			sec_10_names_longer_than_255_octets_are_refused),
		cmocka_unit_test(
			enum_16_a_record_of_wrong_length_is_passed_over),
		cmocka_unit_test(sec_10_records_that_all_lie_are_a_bad_answer),
		cmocka_unit_test(
			names_with_odd_octets_are_not_taken_for_others),
		cmocka_unit_test(names_with_odd_octets_are_escaped),
		cmocka_unit_test(an_odd_name_that_was_asked_for_is_recognised),
		cmocka_unit_test(at_most_512_records_are_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
