#define _POSIX_C_SOURCE 200809L /* dup, setenv */

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#include "tests/unit/unit.h"

#include "gateway/log.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* Octets of "2026-11-22T18:00:00.123Z ". */
#define TIME_LEN 25

/* What stands in for stderr, and what was written to it. */
static int saved_stderr = -1;
static int captured[2];
static char written[65536];

static void capture_start(void)
{
	assert_int_equal(pipe(captured), 0);
	assert_int_equal(fcntl(captured[0], F_SETFL, O_NONBLOCK), 0);
	saved_stderr = dup(STDERR_FILENO);
	assert_int_equal(dup2(captured[1], STDERR_FILENO), STDERR_FILENO);
}

static void capture_read(void)
{
	ssize_t got = read(captured[0], written, sizeof written - 1);

	written[got > 0 ? got : 0] = '\0';
}

static void capture_end(void)
{
	capture_read();
	assert_int_equal(dup2(saved_stderr, STDERR_FILENO), STDERR_FILENO);
	close(saved_stderr);
	close(captured[0]);
	close(captured[1]);
}

static void open_as(enum log_format format, enum log_level level, bool mask)
{
	const struct log_options options = { .target = LOG_TARGET_STDERR,
					     .format = format,
					     .level = level,
					     .mask_numbers = mask };

	log_open(&options);
}

/* The line of one event with one text, behind the time. */
static const char *line_of(const char *value)
{
	capture_start();
	log_event(LOG_LEVEL_INFO, "test", FIELD_TEXT("k", value));
	capture_end();
	assert_true(strlen(written) > TIME_LEN);
	return written + TIME_LEN;
}

static void an_event_is_one_line_of_keys_and_values(void **state)
{
	(void)state;
	open_as(LOG_FORMAT_AUTO, LOG_LEVEL_INFO, false);
	capture_start();
	log_event(LOG_LEVEL_WARNING, "ready", FIELD_TEXT("node", "gw1"),
		  FIELD_INT("port", 5060), FIELD_MS("total_ms", 1.25),
		  FIELD_TEXT("none", NULL));
	capture_end();
	assert_int_equal(written[10], 'T');
	assert_int_equal(written[TIME_LEN - 2], 'Z');
	assert_string_equal(written + TIME_LEN,
			    "level=warning event=ready node=gw1 port=5060 "
			    "total_ms=1.2 none=-\n");
}

static const struct {
	const char *value, *line;
} escapes[] = {
	{ "plain", "k=plain" },
	{ "", "k=\"\"" },
	{ "two words", "k=\"two words\"" },
	{ "a=b", "k=\"a=b\"" },
	{ "say \"hi\"", "k=\"say \\\"hi\\\"\"" },
	{ "back\\slash", "k=back\\\\slash" },
	{ "a\nevent=ready", "k=\"a\\nevent=ready\"" },
	{ "a\r\tb", "k=a\\x0d\\x09b" },
	{ "\x1b[31m", "k=\\x1b[31m" },
	{ "\x7f\xc2\x85", "k=\\x7f\\xc2\\x85" },
};

static void text_from_outside_cannot_begin_a_line(void **state)
{
	(void)state;
	open_as(LOG_FORMAT_TEXT, LOG_LEVEL_INFO, false);
	for (size_t i = 0; i < COUNT(escapes); i++) {
		char expected[128];

		snprintf(expected, sizeof expected,
			 "level=info event=test %s\n", escapes[i].line);
		assert_string_equal(line_of(escapes[i].value), expected);
	}
}

static void a_long_event_is_cut_and_still_a_line(void **state)
{
	char value[3000];
	size_t len;

	(void)state;
	memset(value, 'a', sizeof value - 1);
	value[sizeof value - 1] = '\0';
	open_as(LOG_FORMAT_TEXT, LOG_LEVEL_INFO, false);
	capture_start();
	log_event(LOG_LEVEL_INFO, "test", FIELD_TEXT("a", value),
		  FIELD_TEXT("b", value), FIELD_TEXT("c", value),
		  FIELD_TEXT("d", value), FIELD_TEXT("e", value));
	capture_end();
	len = strlen(written);
	assert_true(len > 4000 && len <= 4096);
	assert_ptr_equal(strchr(written, '\n'), written + len - 1);
}

static void a_level_below_the_wanted_is_not_written(void **state)
{
	(void)state;
	open_as(LOG_FORMAT_TEXT, LOG_LEVEL_WARNING, false);
	assert_true(log_enabled(LOG_LEVEL_ERROR));
	assert_true(log_enabled(LOG_LEVEL_WARNING));
	assert_false(log_enabled(LOG_LEVEL_INFO));
	capture_start();
	log_event(LOG_LEVEL_INFO, "test", FIELD_INT("n", 1));
	capture_end();
	assert_string_equal(written, "");
}

static void json_lines_hold_the_same(void **state)
{
	json_t *object;

	(void)state;
	open_as(LOG_FORMAT_JSON, LOG_LEVEL_INFO, false);
	capture_start();
	log_event(LOG_LEVEL_INFO, "ready", FIELD_TEXT("node", "g\"1\n"),
		  FIELD_INT("port", 5060), FIELD_MS("ms", 1.5),
		  FIELD_TEXT("none", NULL));
	capture_end();
	assert_non_null(strstr(written, "\"event\":\"ready\""));
	assert_int_equal(written[strlen(written) - 1], '\n');
	object = json_loads(written, 0, NULL);
	assert_non_null(object);
	assert_string_equal(json_string_value(json_object_get(object, "level")),
			    "info");
	assert_string_equal(json_string_value(json_object_get(object, "node")),
			    "g\"1\\n");
	assert_int_equal(json_integer_value(json_object_get(object, "port")),
			 5060);
	assert_true(json_real_value(json_object_get(object, "ms")) > 1.4);
	assert_true(json_is_null(json_object_get(object, "none")));
	json_decref(object);
}

static const struct {
	const char *value, *masked;
} numbers[] = {
	{ "+12025550100", "+1202555xxxx" },
	{ "tel:+1-202-555-0100;x=1", "\"tel:+1-202-555-xxxx;x=1\"" },
	{ "sip:+442079460123@gw.example", "sip:+44207946xxxx@gw.example" },
	{ "sip:%2B12025550100@h", "sip:%2B1202555xxxx@h" },
	{ "+12025550100 +12025550199", "\"+1202555xxxx +1202555xxxx\"" },
	{ "0.0.1.0.5.5.5.2.0.2.1.e164.arpa",
	  "x.x.x.x.5.5.5.2.0.2.1.e164.arpa" },
	{ "+123", "+123" },
	{ "127.0.0.1:5060", "127.0.0.1:5060" },
	{ "10.1.2.3.4.5.6.7.8", "10.1.2.3.4.5.6.7.8" },
	{ "E2U+im", "E2U+im" },
};

static void sec_2_numbers_are_masked_when_asked_for(void **state)
{
	(void)state;
	open_as(LOG_FORMAT_TEXT, LOG_LEVEL_INFO, true);
	for (size_t i = 0; i < COUNT(numbers); i++) {
		char expected[128];

		snprintf(expected, sizeof expected,
			 "level=info event=test k=%s\n", numbers[i].masked);
		assert_string_equal(line_of(numbers[i].value), expected);
	}
	open_as(LOG_FORMAT_JSON, LOG_LEVEL_INFO, true);
	capture_start();
	log_event(LOG_LEVEL_INFO, "test", FIELD_TEXT("to", "+12025550100"));
	capture_end();
	assert_non_null(strstr(written, "\"to\":\"+1202555xxxx\""));
	assert_null(strstr(written, "0100"));
}

static void a_reader_that_stalls_costs_lines_not_time(void **state)
{
	(void)state;
	open_as(LOG_FORMAT_TEXT, LOG_LEVEL_INFO, false);
	capture_start();
	for (int i = 0; i < 5000; i++)
		log_event(LOG_LEVEL_INFO, "flood", FIELD_INT("n", i));
	while (read(captured[0], written, sizeof written) > 0)
		;
	log_event(LOG_LEVEL_INFO, "after", FIELD_INT("n", 1));
	capture_end();
	assert_non_null(strstr(written, "level=warning event=log-lost lines="));
	assert_non_null(strstr(written, " event=after n=1\n"));
}

static void without_a_journal_behind_stderr_auto_means_stderr(void **state)
{
	const struct log_options options = { .level = LOG_LEVEL_INFO };

	(void)state;
	assert_int_equal(setenv("JOURNAL_STREAM", "1:2", 1), 0);
	log_open(&options);
	unsetenv("JOURNAL_STREAM");
	assert_string_equal(line_of("x"), "level=info event=test k=x\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_event_is_one_line_of_keys_and_values),
		cmocka_unit_test(text_from_outside_cannot_begin_a_line),
		cmocka_unit_test(a_long_event_is_cut_and_still_a_line),
		cmocka_unit_test(a_level_below_the_wanted_is_not_written),
		cmocka_unit_test(json_lines_hold_the_same),
		cmocka_unit_test(sec_2_numbers_are_masked_when_asked_for),
		cmocka_unit_test(a_reader_that_stalls_costs_lines_not_time),
		cmocka_unit_test(
			without_a_journal_behind_stderr_auto_means_stderr),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
