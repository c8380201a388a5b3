#define _POSIX_C_SOURCE 200809L /* open_memstream */

#include "gateway/cli/queue_text.h"

#include "tests/unit/unit.h"

static const struct {
	int64_t seconds;
	const char *text;
} durations[] = {
	{ -5, "0s" },	    { 0, "0s" },	 { 59, "59s" },
	{ 60, "1m00s" },    { 252, "4m12s" },	 { 3599, "59m59s" },
	{ 3600, "1h00m" },  { 6480, "1h48m" },	 { 86399, "23h59m" },
	{ 86400, "1d00h" }, { 183600, "2d03h" }, { 31536000, "365d00h" },
};

static void a_duration_has_its_two_largest_units(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof durations / sizeof durations[0]; i++) {
		char buffer[32];
		struct text text;

		text_init(&text, buffer, sizeof buffer);
		queue_text_duration(&text, durations[i].seconds);
		assert_string_equal(buffer, durations[i].text);
	}
}

/* What `print` writes about a JSON text; the caller frees it. */
static char *printed(void (*print)(json_t *object, FILE *out), const char *json)
{
	json_t *object = json_loads(json, 0, NULL);
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(object);
	assert_non_null(out);
	print(object, out);
	(void)fclose(out);
	json_decref(object);
	return text;
}

#define ID "AbCdEfGhIjKlMnOpQ-_9"

static const struct {
	const char *json, *line;
} rows[] = {
	{ "{\"id\":\"" ID "\",\"age_s\":252,\"tries\":3,\"next_s\":108,"
	  "\"state\":\"waiting\",\"to\":\"im:a@b.example\",\"reason\":\"503\"}",
	  ID "  4m12s        3  1m48s   im:a@b.example            503\n" },
	{ "{\"id\":\"" ID "\",\"age_s\":9,\"tries\":0,\"next_s\":0,"
	  "\"state\":\"waiting\",\"to\":\"+12025550100\",\"reason\":\"\"}",
	  ID "  9s           0  now     +12025550100              -\n" },
	{ "{\"id\":\"" ID "\",\"age_s\":9,\"tries\":1,\"next_s\":50,"
	  "\"state\":\"held\",\"to\":\"a\",\"reason\":null}",
	  ID "  9s           1  held    a                         -\n" },
	{ "{\"id\":\"" ID "\",\"age_s\":9,\"tries\":1,\"next_s\":0,"
	  "\"state\":\"taken\",\"to\":\"\\u001b[2J\\u00e9\\n\",\"reason\":"
	  "\"x\"}",
	  ID "  9s           1  taken   \\x1b[2J\\xc3\\xa9\\n         x\n" },
	{ "{}",
	  "                      0s           0  now                      "
	  "         -\n" },
};

static void a_row_tells_when_it_is_tried_again(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char *line = printed(queue_text_row, rows[i].json);

		assert_string_equal(line, rows[i].line);
		free(line);
	}
}

#define HINT ". imgw queue show ID | retry ID | hold ID | drop ID\n"

static const struct {
	const char *json, *line;
} feet[] = {
	{ "{\"waiting\":0,\"held\":0,\"taken\":0,\"oldest_s\":0}",
	  "the queue is empty\n" },
	{ "{\"waiting\":2,\"held\":0,\"taken\":0,\"oldest_s\":252}",
	  "2 waiting, oldest 4m12s" HINT },
	{ "{\"waiting\":0,\"held\":1,\"taken\":3,\"oldest_s\":7200}",
	  "0 waiting, 1 held, 3 on their way, oldest 2h00m" HINT },
};

static void the_sum_says_only_what_there_is(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof feet / sizeof feet[0]; i++) {
		char *line = printed(queue_text_foot, feet[i].json);

		assert_string_equal(line, feet[i].line);
		free(line);
	}
}

static void one_message_is_a_line_for_each_thing_known(void **state)
{
	char *text = printed(
		queue_text_message,
		"{\"id\":\"" ID "\",\"state\":\"waiting\",\"reason\":\"\","
		"\"from\":\"a\\nb\",\"age_s\":60,\"next_s\":5,\"left_s\":3600,"
		"\"tries\":2,\"size\":11,\"body\":\"one\\r\\ntwo\\u001b\\n\"}");

	(void)state;
	assert_string_equal(text, "id            " ID "\n"
				  "state         waiting\n"
				  "from          a\\nb\n"
				  "age           1m00s\n"
				  "tries         2\n"
				  "next          5s\n"
				  "expires in    1h00m\n"
				  "size          11 octets\n"
				  "one\\x0d\n"
				  "two\\x1b\n\n");
	free(text);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_duration_has_its_two_largest_units),
		cmocka_unit_test(a_row_tells_when_it_is_tried_again),
		cmocka_unit_test(the_sum_says_only_what_there_is),
		cmocka_unit_test(one_message_is_a_line_for_each_thing_known),
	};

	return cmocka_run_group_tests_name("queue_text", tests, NULL, NULL);
}
