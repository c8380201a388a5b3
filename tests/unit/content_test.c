#include "gateway/xmpp/content.h"

#include "tests/unit/unit.h"

static struct message *message_of(const char *type, const char *encoding,
				  const char *body, size_t len)
{
	struct message *m = message_create();

	if (m && message_set(&m->content_type, type) == GATEWAY_OK &&
	    message_set(&m->content_encoding, encoding) == GATEWAY_OK &&
	    message_set_body(m, body, len) == GATEWAY_OK)
		return m;
	message_destroy(&m);
	return NULL;
}

struct content_case {
	const char *type, *encoding, *body;
	size_t len;
	const char *text; /* NULL: refused with `code` */
	int code;
};

static void check(const struct content_case *c)
{
	struct message *m = message_of(c->type, c->encoding, c->body, c->len);
	struct outcome no = { .code = 0 };
	char *text;
	bool carried;

	assert_non_null(m);
	carried = content_read(m, &text, &no);
	if (carried != (c->text != NULL) || no.code != c->code)
		fail_msg("%s: %d", c->type ? c->type : "(none)", no.code);
	if (carried)
		assert_string_equal(text, c->text);
	else
		assert_true(no.kind == OUTCOME_PERMANENT && no.reason[0]);
	free(text);
	message_destroy(&m);
}

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
		check(&cases[i]);
}

static void sip_4_other_types_encodings_and_charsets_are_415(void **state)
{
	static const struct content_case cases[] = {
		{ "image/png", NULL, "x", 1, NULL, 415 },
		{ "text/html", NULL, "x", 1, NULL, 415 },
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
		check(&cases[i]);
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
		check(&cases[i]);
}

static void the_largest_body_grows_within_bounds(void **state)
{
	char *zeros = calloc(1, MESSAGE_BODY_MAX);
	struct message *m =
		message_of("text/plain", NULL, zeros, MESSAGE_BODY_MAX);
	struct outcome no;
	char *text;

	(void)state;
	assert_non_null(m);
	assert_true(content_read(m, &text, &no));
	assert_int_equal(strlen(text), 3 * MESSAGE_BODY_MAX);
	free(text);
	free(zeros);
	message_destroy(&m);
}

static void exercise(void)
{
	struct message *m =
		message_of("text/plain;charset=latin1", NULL, "caf\xe9", 4);
	struct outcome no;
	char *text = NULL;

	if (m && !content_read(m, &text, &no))
		assert_int_equal(no.code, 500);
	free(text);
	message_destroy(&m);
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
		cmocka_unit_test(the_largest_body_grows_within_bounds),
		cmocka_unit_test(every_failed_allocation_is_500),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
