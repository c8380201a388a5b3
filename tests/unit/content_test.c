#include "tests/unit/content_unit.h"

static void map_9_plain_text_in_any_charset_is_carried(void **state)
{
	static const struct content_case cases[] = {
		{ NULL, NULL, "Hello", 5, "Hello", 0 },
		{ "text/plain", NULL, "caf\xc3\xa9", 5, "caf\xc3\xa9", 0 },
		{ "Text/Plain ; Charset=\"UTF-8\"", NULL, "x", 1, "x", 0 },
		{ "text/plain;charset=us-ascii", NULL, "x", 1, "x", 0 },
		{ "text/plain; format=flowed; charset=ISO-8859-1", NULL,
		  "caf\xe9", 4, "caf\xc3\xa9", 0 },
		{ "text/plain;charset=utf-16be", NULL, "\0H\0i", 4, "Hi", 0 },
		{ "text/plain;charset=windows-1252", NULL, "\x80", 1,
		  "\xe2\x82\xac", 0 },
		{ "text/plain;charset=iso-2022-jp", NULL, "\x1b$B$\"\x1b(B", 8,
		  "\xe3\x81\x82", 0 },
		{ "text/plain", "identity", "x", 1, "x", 0 },
		{ "text/plain", NULL, "<b>&amp;", 8, "<b>&amp;", 0 },
		{ "text/plain", NULL, "a\r\nb", 4, "a\nb", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		content_check(&cases[i]);
}

static void sip_4_other_types_encodings_and_charsets_are_415(void **state)
{
	static const struct content_case cases[] = {
		{ "image/png", NULL, "x", 1, NULL, 415 },
		{ "text/richtext", NULL, "x", 1, NULL, 415 },
		{ "text/htmlx", NULL, "x", 1, NULL, 415 },
		{ "text/plainer", NULL, "x", 1, NULL, 415 },
		{ "", NULL, "x", 1, NULL, 415 },
		{ "text/plain", "x-foo", "x", 1, NULL, 415 },
		{ "text/plain", "gzip", "x", 1, NULL, 415 },
		{ "text/plain;charset=klingon", NULL, "x", 1, NULL, 415 },
		{ "text/plain;charset=latin1//IGNORE", NULL, "x", 1, NULL,
		  415 },
		{ "text/plain;charset=0123456789012345678901234567890123456789"
		  "0",
		  NULL, "x", 1, NULL, 415 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		content_check(&cases[i]);
}

static void xmpp_5_and_17_broken_and_empty_text_is_400(void **state)
{
	static const struct content_case cases[] = {
		{ "text/plain", NULL, "\xff", 1, NULL, 400 },
		{ "text/plain;charset=us-ascii", NULL, "\xe9", 1, NULL, 400 },
		{ "text/plain;charset=utf-16be", NULL, "\0H\0", 3, NULL, 400 },
		{ "text/plain", NULL, "", 0, NULL, 400 },
		{ NULL, NULL, "", 0, NULL, 400 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		content_check(&cases[i]);
}

static void map_9_conf_14_html_becomes_plain_text(void **state)
{
	static const struct content_case cases[] = {
		{ "text/html", NULL, "<p>a &lt; b<br>c", 16, "a < b\nc", 0 },
		{ "TEXT/HTML;charset=latin1", NULL, "<b>caf\xe9</b>", 11,
		  "caf\xc3\xa9", 0 },
		{ "text/html", NULL, "<b>\xff", 4, NULL, 400 },
		{ "text/html", NULL, "<img src=x>", 11, NULL, 400 },
		{ "text/html;charset=klingon", NULL, "x", 1, NULL, 415 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		content_check(&cases[i]);
}

static void the_largest_body_grows_within_bounds(void **state)
{
	char *zeros = calloc(1, MESSAGE_BODY_MAX);
	struct message *m =
		content_message("text/plain", NULL, zeros, MESSAGE_BODY_MAX);
	struct content content;
	struct outcome no;

	(void)state;
	assert_non_null(m);
	assert_true(content_read(m, &content, &no));
	assert_int_equal(strlen(content.text), 3 * MESSAGE_BODY_MAX);
	content_clear(&content);
	free(zeros);
	message_destroy(&m);
}

static void exercise(void)
{
	content_exercise("text/plain;charset=latin1", "caf\xe9", 4);
	content_exercise("text/html", "<b>caf</b>", 10);
}

static void every_failed_allocation_is_500(void **state)
{
	(void)state;
	assert_true(unit_fail_allocations(exercise) > 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(map_9_plain_text_in_any_charset_is_carried),
		cmocka_unit_test(
			sip_4_other_types_encodings_and_charsets_are_415),
		cmocka_unit_test(xmpp_5_and_17_broken_and_empty_text_is_400),
		cmocka_unit_test(map_9_conf_14_html_becomes_plain_text),
		cmocka_unit_test(the_largest_body_grows_within_bounds),
		cmocka_unit_test(every_failed_allocation_is_500),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
