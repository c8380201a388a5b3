#include "gateway/body/datetime.h"

#include "tests/unit/unit.h"

static const struct {
	int64_t at_s;
	const char *text;
} times[] = {
	{ 0, "1970-01-01T00:00:00Z" },
	{ 1767323045, "2026-01-02T03:04:05Z" },
	{ 951782400, "2000-02-29T00:00:00Z" },
	{ 951868799, "2000-02-29T23:59:59Z" },
	{ 951868800, "2000-03-01T00:00:00Z" },
	{ 1709164800, "2024-02-29T00:00:00Z" },
	{ 1735689599, "2024-12-31T23:59:59Z" },
	{ 4107542400, "2100-03-01T00:00:00Z" },
	{ 4102444799, "2099-12-31T23:59:59Z" },
};

static void xmpp_26_a_time_is_written_and_read_in_utc(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
		char buffer[32];
		struct text text;
		int64_t at_s = -1;

		text_init(&text, buffer, sizeof buffer);
		datetime_write(times[i].at_s, &text);
		assert_string_equal(buffer, times[i].text);
		assert_true(datetime_read(span_of(times[i].text), &at_s));
		assert_int_equal(at_s, times[i].at_s);
	}
}

/* The forms of XEP-0082, 3.2, and what is none of them: -1. */
static const struct {
	const char *text;
	int64_t at_s;
} readings[] = {
	{ "1969-07-21T02:56:15Z", -1 },
	{ "1970-01-01T00:00:00.123Z", 0 },
	{ "1970-01-01T01:00:00+01:00", 0 },
	{ "1970-01-01T01:00:00.5-00:30", 5400 },
	{ "1970-01-01T00:00:00+00:01", -1 },
	{ "2016-12-31T23:59:60Z", 1483228800 },
	{ "2026-02-29T00:00:00Z", -1 },
	{ "2026-00-01T00:00:00Z", -1 },
	{ "2026-13-01T00:00:00Z", -1 },
	{ "2026-01-00T00:00:00Z", -1 },
	{ "2026-01-01T24:00:00Z", -1 },
	{ "2026-01-01T00:60:00Z", -1 },
	{ "2026-01-01T00:00:61Z", -1 },
	{ "2026-01-01T00:00:00", -1 },
	{ "2026-01-01T00:00:00z", -1 },
	{ "2026-01-01T00:00:00+01", -1 },
	{ "2026-01-01T00:00:00+01:00x", -1 },
	{ "2026-01-01 00:00:00Z", -1 },
	{ "20260101T00:00:00", -1 },
	{ "+026-01-01T00:00:00Z", -1 },
	{ "2026-1-01T00:00:00Z", -1 },
	{ "2026", -1 },
	{ "", -1 },
};

static void xmpp_26_other_forms_of_a_time_are_read_or_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof readings / sizeof readings[0]; i++) {
		int64_t at_s = -1;
		bool good = datetime_read(span_of(readings[i].text), &at_s);

		if (good != (readings[i].at_s >= 0) ||
		    (good && at_s != readings[i].at_s))
			fail_msg("%s: %lld", readings[i].text, (long long)at_s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(xmpp_26_a_time_is_written_and_read_in_utc),
		cmocka_unit_test(
			xmpp_26_other_forms_of_a_time_are_read_or_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
