#include "gateway/body/mime_split.h"

#include "tests/unit/unit.h"

static struct mime multipart(const char *type, const char *body)
{
	return (struct mime){ .type = span_of(type), .body = span_of(body) };
}

/* RFC 2046, 5.1.1: its own example. */
static void sip_4_the_example_of_rfc_2046_has_two_parts(void **state)
{
	const struct mime example = multipart(
		"multipart/mixed; boundary=\"simple boundary\"",
		"This is the preamble.  It is to be ignored, though it\r\n"
		"is a handy place for composition agents to include an\r\n"
		"explanatory note to non-MIME conformant readers.\r\n"
		"\r\n"
		"--simple boundary\r\n"
		"\r\n"
		"This is implicitly typed plain US-ASCII text.\r\n"
		"It does NOT end with a linebreak.\r\n"
		"--simple boundary\r\n"
		"Content-type: text/plain; charset=us-ascii\r\n"
		"\r\n"
		"This is explicitly typed plain US-ASCII text.\r\n"
		"It DOES end with a linebreak.\r\n"
		"\r\n"
		"--simple boundary--\r\n"
		"\r\n"
		"This is the epilogue.  It is also to be ignored.\r\n");
	struct mime_parts parts;

	(void)state;
	assert_true(mime_split(&example, &parts));
	assert_int_equal(parts.count, 2);
	assert_null(parts.at[0].type.at);
	assert_true(span_is(parts.at[0].body,
			    "This is implicitly typed plain US-ASCII text.\r\n"
			    "It does NOT end with a linebreak."));
	assert_true(span_is(mime_value(parts.at[1].type), "text/plain"));
	assert_true(span_is(parts.at[1].body,
			    "This is explicitly typed plain US-ASCII text.\r\n"
			    "It DOES end with a linebreak.\r\n"));
}

static void sip_4_a_boundary_is_a_line_of_its_own(void **state)
{
	static const struct {
		const char *body, *first;
		size_t count; /* 0: refused */
	} cases[] = {
		{ "--b\r\n\r\nHi\r\n--b--\r\n", "Hi", 1 },
		{ "--b\r\n\r\nHi\r\n--b--", "Hi", 1 },
		{ "--b\n\nHi\n--b--\n", "Hi", 1 },
		{ "\r\n--b \t\r\n\r\nHi\r\n--b-- \r\n", "Hi", 1 },
		{ "--b\r\n\r\nHi\r\n--bc\r\n--b--", "Hi\r\n--bc", 1 },
		{ "--b\r\n\r\nHi\r\n --b\r\n--b--", "Hi\r\n --b", 1 },
		{ "--b\r\n\r\nHi --b\r\n--b--", "Hi --b", 1 },
		{ "--b\r\n\r\nHi\r\n---b\r\n--b--", "Hi\r\n---b", 1 },
		{ "--b\r\n\r\nHi\r\n--b-\r\n--b--", "Hi\r\n--b-", 1 },
		{ "--b\r\n\r\n1\r\n--b\r\n\r\n2\r\n--b--", "1", 2 },
		{ "--b\r\n\r\n--b--", "", 1 },
		{ "--b\r\n--b--", "", 1 },
		{ "--b\r\n\r\n1\r\n--b--\r\n--b\r\n\r\n2\r\n--b--", "1", 1 },
		{ "--b\r\n\r\nHi", NULL, 0 },
		{ "--b\r\n\r\nHi\r\n--b\r\n", NULL, 0 },
		{ "--b\r\n\r\nHi\r\n--B--", NULL, 0 },
		{ "--b", NULL, 0 },
		{ "--b--", NULL, 0 },
		{ "Hi", NULL, 0 },
		{ "", NULL, 0 },
		{ "--b\r\nno field\r\n\r\nHi\r\n--b--", NULL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct mime m =
			multipart("multipart/mixed;boundary=b", cases[i].body);
		struct mime_parts parts;
		bool done = mime_split(&m, &parts);

		if (done != (cases[i].count > 0))
			fail_msg("%s", cases[i].body);
		if (!done)
			continue;
		assert_int_equal(parts.count, cases[i].count);
		if (!span_is(parts.at[0].body, cases[i].first))
			fail_msg("%s", cases[i].body);
	}
}

#define SEVENTY                                                               \
	"0123456789012345678901234567890123456789012345678901234567890123456" \
	"789"

static void sip_4_a_boundary_has_1_to_70_characters(void **state)
{
	static const struct {
		const char *type, *body;
		bool good;
	} cases[] = {
		{ "multipart/mixed;boundary=" SEVENTY,
		  "--" SEVENTY "\r\n\r\n\r\n--" SEVENTY "--", true },
		{ "multipart/mixed;boundary=" SEVENTY "0",
		  "--" SEVENTY "0\r\n\r\n\r\n--" SEVENTY "0--", false },
		{ "multipart/mixed;boundary=\"\"", "--\r\n\r\n\r\n----",
		  false },
		{ "multipart/mixed", "--b\r\n\r\n\r\n--b--", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct mime m = multipart(cases[i].type, cases[i].body);
		struct mime_parts parts;

		assert_int_equal(mime_split(&m, &parts), cases[i].good);
	}
}

static bool split_parts(size_t count)
{
	char body[(MIME_PARTS_MAX + 2) * 8];
	struct mime_parts parts;
	struct text text;
	struct mime m;

	text_init(&text, body, sizeof body);
	for (size_t i = 0; i < count; i++)
		text_add(&text, "--b\n\n\n");
	text_add(&text, "--b--");
	m = multipart("multipart/mixed;boundary=b", body);
	return mime_split(&m, &parts) && parts.count == count;
}

static void sip_4_parts_have_a_bound(void **state)
{
	(void)state;
	assert_true(split_parts(MIME_PARTS_MAX));
	assert_false(split_parts(MIME_PARTS_MAX + 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sip_4_the_example_of_rfc_2046_has_two_parts),
		cmocka_unit_test(sip_4_a_boundary_is_a_line_of_its_own),
		cmocka_unit_test(sip_4_a_boundary_has_1_to_70_characters),
		cmocka_unit_test(sip_4_parts_have_a_bound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
