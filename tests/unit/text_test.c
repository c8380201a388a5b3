#include "tests/unit/unit.h"

#include <limits.h>

#include "enum/text.h"

#define SPAN(literal) ((struct span){ literal, sizeof(literal) - 1 })

static void span_of_null_is_empty(void **state)
{
	(void)state;
	assert_int_equal(span_of(NULL).len, 0);
	assert_int_equal(span_of("").len, 0);
	assert_int_equal(span_of("abc").len, 3);
}

static void comparison_ignores_case_only_where_it_says_so(void **state)
{
	(void)state;
	assert_true(span_is(SPAN("im"), "im"));
	assert_false(span_is(SPAN("IM"), "im"));
	assert_false(span_is(SPAN("im\0"), "im"));
	assert_true(span_is(span_of(NULL), ""));
	assert_true(span_is_nocase(SPAN("E2u+iM"), "e2U+Im"));
	assert_false(span_is_nocase(SPAN("im"), "imx"));
	assert_true(span_starts_nocase(SPAN("M-foo"), "m-"));
	assert_false(span_starts_nocase(SPAN("m"), "m-"));
	/* '@' and '`', '[' and '{' differ by 0x20 as 'A' and 'a' do */
	assert_false(span_is_nocase(SPAN("@"), "`"));
	assert_false(span_is_nocase(SPAN("["), "{"));
}

static void cut_reports_empty_pieces_too(void **state)
{
	struct span rest = SPAN("a;;b;"), piece;

	(void)state;
	assert_true(span_cut(&rest, ';', &piece));
	assert_true(span_is(piece, "a"));
	assert_true(span_cut(&rest, ';', &piece));
	assert_true(span_is(piece, ""));
	assert_true(span_cut(&rest, ';', &piece));
	assert_true(span_is(piece, "b"));
	assert_true(span_cut(&rest, ';', &piece));
	assert_true(span_is(piece, ""));
	assert_false(span_cut(&rest, ';', &piece));
}

static void find_and_skip_stay_within(void **state)
{
	struct span s = SPAN("a\0b");

	(void)state;
	assert_int_equal(span_find(s, 'b'), 2);
	assert_int_equal(span_find(s, '\0'), 1);
	assert_int_equal(span_find(s, 'c'), -1);
	assert_int_equal(span_find(span_of(NULL), 'c'), -1);
	assert_true(span_is(span_skip(s, 2), "b"));
	assert_int_equal(span_skip(s, 9).len, 0);
	assert_int_equal(span_skip(span_of(NULL), 1).len, 0);
}

static void copy_is_all_or_nothing(void **state)
{
	char out[4];

	(void)state;
	assert_true(span_copy(SPAN("abc"), out, sizeof out));
	assert_string_equal(out, "abc");
	assert_false(span_copy(SPAN("abcd"), out, sizeof out));
	assert_string_equal(out, "");
	assert_false(span_copy(SPAN("a\0b"), out, sizeof out));
	assert_string_equal(out, "");
	assert_true(span_copy(span_of(NULL), out, sizeof out));
	assert_string_equal(out, "");
}

static void number_has_digits_only_and_a_bound(void **state)
{
	static const struct {
		const char *text;
		unsigned long max;
		bool good;
		unsigned long value;
	} cases[] = {
		{ "0", 10, true, 0 },
		{ "65535", 65535, true, 65535 },
		{ "65536", 65535, false, 0 },
		{ "0065535", 65535, true, 65535 },
		{ "18446744073709551615", ULONG_MAX, true, ULONG_MAX },
		{ "18446744073709551616", ULONG_MAX, false, 0 },
		{ "99999999999999999999999", ULONG_MAX, false, 0 },
		{ "9", 8, false, 0 },
		{ "", 10, false, 0 },
		{ "-1", 10, false, 0 },
		{ "+1", 10, false, 0 },
		{ " 1", 10, false, 0 },
		{ "1x", 10, false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		unsigned long value = 0;
		bool good = span_number(span_of(cases[i].text), cases[i].max,
					&value);

		assert_int_equal(good, cases[i].good);
		assert_int_equal(value, cases[i].value);
	}
}

static void sip_41_percent_decoding_never_cuts_short(void **state)
{
	char out[8];

	(void)state;
	assert_true(span_percent_decode(SPAN("a%40%c3%BC"), out, sizeof out));
	assert_string_equal(out, "a@\xc3\xbc");
	assert_false(span_percent_decode(SPAN("ali%00ce"), out, sizeof out));
	assert_string_equal(out, "");
	assert_false(span_percent_decode(SPAN("a\0b"), out, sizeof out));
	assert_false(span_percent_decode(SPAN("%"), out, sizeof out));
	assert_false(span_percent_decode(SPAN("%4"), out, sizeof out));
	assert_false(span_percent_decode(SPAN("%4g"), out, sizeof out));
	assert_false(span_percent_decode(SPAN("12345678"), out, sizeof out));
	assert_true(span_percent_decode(SPAN("1234567"), out, sizeof out));
}

static void text_is_terminated_and_stays_cut(void **state)
{
	char buffer[8];
	struct text t;

	(void)state;
	text_init(&t, buffer, sizeof buffer);
	text_add(&t, "abc");
	text_add_char(&t, 'd');
	assert_false(t.cut);
	text_add(&t, "efgh");
	assert_true(t.cut);
	assert_string_equal(buffer, "abcdefg");
	text_add(&t, "");
	text_add_char(&t, 'x');
	text_addf(&t, "%d", 1);
	assert_string_equal(buffer, "abcdefg");
	assert_int_equal(t.len, 7);
}

static void a_format_or_buffer_too_small_leaves_a_cut(void **state)
{
	char buffer[8];
	struct text t;

	(void)state;
	text_init(&t, buffer, sizeof buffer);
	text_addf(&t, "%s", "abcdefghijkl");
	assert_true(t.cut);
	assert_string_equal(buffer, "abcdefg");
	text_init(&t, buffer, 1);
	text_add_char(&t, 'x');
	assert_true(t.cut);
	assert_string_equal(buffer, "");
}

static void format_that_just_fits_is_not_cut(void **state)
{
	char buffer[8];
	struct text t;

	(void)state;
	text_init(&t, buffer, sizeof buffer);
	text_addf(&t, "%d-%s", 42, "abcd");
	assert_false(t.cut);
	assert_string_equal(buffer, "42-abcd");
	assert_int_equal(t.len, 7);
}

static void character_classes_are_ascii_whatever_the_octet(void **state)
{
	(void)state;
	assert_int_equal(ascii_lower('Z'), 'z');
	assert_int_equal(ascii_lower('['), '[');
	assert_int_equal(ascii_lower((char)0xc4), (char)0xc4);
	assert_true(ascii_is_digit('9') && !ascii_is_digit(':'));
	assert_true(ascii_is_alpha('Q') && !ascii_is_alpha('@'));
	assert_false(ascii_is_alpha((char)0xe4));
	assert_true(ascii_is_visible('!') && ascii_is_visible('~'));
	assert_false(ascii_is_visible(' ') || ascii_is_visible(0x7f));
	assert_false(ascii_is_visible((char)0x80));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(span_of_null_is_empty),
		cmocka_unit_test(comparison_ignores_case_only_where_it_says_so),
		cmocka_unit_test(cut_reports_empty_pieces_too),
		cmocka_unit_test(find_and_skip_stay_within),
		cmocka_unit_test(copy_is_all_or_nothing),
		cmocka_unit_test(number_has_digits_only_and_a_bound),
		cmocka_unit_test(sip_41_percent_decoding_never_cuts_short),
		cmocka_unit_test(text_is_terminated_and_stays_cut),
		cmocka_unit_test(a_format_or_buffer_too_small_leaves_a_cut),
		cmocka_unit_test(format_that_just_fits_is_not_cut),
		cmocka_unit_test(
			character_classes_are_ascii_whatever_the_octet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
