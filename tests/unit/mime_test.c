#include "gateway/body/mime.h"

#include "tests/unit/unit.h"

static void assert_span(struct span got, const char *expected)
{
	if (!expected)
		assert_null(got.at);
	else if (!got.at || !span_is(got, expected))
		fail_msg("\"%.*s\" instead of \"%s\"", (int)got.len,
			 got.at ? got.at : "", expected);
}

static void sip_4_the_fields_that_matter_are_found(void **state)
{
	struct mime mime;

	(void)state;
	assert_true(mime_read(span_of("content-TYPE: text/plain\r\n"
				      "Content-Encoding: identity\r\n"
				      "X-Other: a:b\r\n"
				      "Content-Transfer-Encoding:8bit\r\n"
				      "Content-Disposition: "
				      "render;\r\n\thandling=optional\r\n"
				      "Content-Language: fr\r\n"
				      "Content-ID: <1@a.example>\r\n"
				      "\r\n"
				      "Content-Type: not a field\r\n"),
			      &mime));
	assert_span(mime_value(mime.type), "text/plain");
	assert_span(mime_value(mime.encoding), "identity");
	assert_span(mime_value(mime.transfer), "8bit");
	assert_span(mime_value(mime.disposition), "render");
	assert_span(mime_value(mime.language), "fr");
	assert_span(mime_value(mime.id), "<1@a.example>");
	assert_span(mime.body, "Content-Type: not a field\r\n");
}

static void sip_4_header_and_body_are_told_apart(void **state)
{
	static const struct {
		const char *octets, *type, *body;
	} cases[] = {
		{ "\r\nHi", NULL, "Hi" },
		{ "\nHi", NULL, "Hi" },
		{ "\r\n\r\nHi", NULL, "\r\nHi" },
		{ "Content-Type: a/b\n\nHi", " a/b", "Hi" },
		{ "Content-Type: a/b\r\n", " a/b", "" },
		{ "Content-Type: a/b", " a/b", "" },
		{ "Content-Type:\r\n a/b\r\n\r\nx", "\r\n a/b", "x" },
		{ "Content-Type: a/b\r\n\r\n", " a/b", "" },
		{ "", NULL, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct mime mime;

		assert_true(mime_read(span_of(cases[i].octets), &mime));
		assert_span(mime.type, cases[i].type);
		assert_span(mime.body, cases[i].body);
	}
}

static void sip_4_a_broken_header_is_refused(void **state)
{
	static const char *const cases[] = {
		"no field\r\n\r\nHi",
		": empty\r\n\r\nHi",
		" folded: from nothing\r\n\r\nHi",
		"Content Type: a/b\r\n\r\nHi",
		"Content-Type: a/b\r\nContent-Type: c/d\r\n\r\nHi",
		"Content-Type: a/b\r\ncontent-type: a/b\r\n\r\nHi",
	};
	struct mime mime;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		if (mime_read(span_of(cases[i]), &mime))
			fail_msg("%s", cases[i]);
}

static void sip_30_parameters_are_taken_out_of_their_quotes(void **state)
{
	static const struct {
		const char *field, *value; /* NULL: not there */
	} cases[] = {
		{ "a/b; p=x", "x" },
		{ "a/b;P = x ;q=y", "x" },
		{ "a/b; q=\"; p=no\"; p=x", "x" },
		{ "a/b; q=\"\\\"; p=no\"; p=x", "x" },
		{ "a/b; p=\"gc0pJq0M:08jU534c0p\"", "gc0pJq0M:08jU534c0p" },
		{ "a/b; p=\"a\\\"b\\\\\"", "a\"b\\" },
		{ "a/b; p=\"open", "open" },
		{ "a/b; p=\"open\\", "open\\" },
		{ "a/b;\r\n p=x\r\n", "x" },
		{ "a/b; p=one; p=two", "one" },
		{ "a/b; p=", "" },
		{ "a/b; pp=x", NULL },
		{ "a/b; p", NULL },
		{ "a/b; =x", NULL },
		{ "p=x", NULL },
		{ "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char value[32];
		struct text text;

		text_init(&text, value, sizeof value);
		assert_int_equal(
			mime_parameter(span_of(cases[i].field), "p", &text),
			cases[i].value != NULL);
		assert_string_equal(value,
				    cases[i].value ? cases[i].value : "");
	}
}

static void a_parameter_that_does_not_fit_says_so(void **state)
{
	char value[4];
	struct text text;

	(void)state;
	text_init(&text, value, sizeof value);
	assert_true(mime_parameter(span_of("a/b;p=long"), "p", &text));
	assert_true(text.cut);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sip_4_the_fields_that_matter_are_found),
		cmocka_unit_test(sip_4_header_and_body_are_told_apart),
		cmocka_unit_test(sip_4_a_broken_header_is_refused),
		cmocka_unit_test(
			sip_30_parameters_are_taken_out_of_their_quotes),
		cmocka_unit_test(a_parameter_that_does_not_fit_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
