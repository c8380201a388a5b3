#include "gateway/body/mime_decode.h"

#include "tests/unit/unit.h"

struct decode_case {
	const char *in, *out; /* NULL: broken */
};

static void check(bool (*decode)(struct span, char *, size_t *),
		  const struct decode_case *c)
{
	const size_t size = strlen(c->in);
	char *out = malloc(size ? size : 1); /* not one octet too many */
	size_t len = 0;

	assert_non_null(out);
	if (decode(span_of(c->in), out, &len) != (c->out != NULL))
		fail_msg("%s", c->in);
	if (c->out) {
		assert_int_equal(len, strlen(c->out));
		assert_memory_equal(out, c->out, len);
	}
	free(out);
}

/* RFC 4648, 10, and the white space of RFC 2045, 6.8. */
static void sip_30_base64_is_undone(void **state)
{
	static const struct decode_case cases[] = {
		{ "", "" },
		{ "Zg==", "f" },
		{ "Zm8=", "fo" },
		{ "Zm9v", "foo" },
		{ "Zm9vYg==", "foob" },
		{ "Zm9vYmE=", "fooba" },
		{ "Zm9vYmFy", "foobar" },
		{ "Zm9v\r\nYm Fy\t\r\n", "foobar" },
		{ "Zm8=\r\n", "fo" },
		{ "+/+/", "\xfb\xff\xbf" },
		{ "Zm9", NULL },
		{ "Zm", NULL },
		{ "Z", NULL },
		{ "Z===", NULL },
		{ "Zm8=Zm8=", NULL },
		{ "Zm9v=", NULL },
		{ "====", NULL },
		{ "Zm9-", NULL },
		{ "Zm9\xff", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		check(mime_decode_base64, &cases[i]);
}

/* RFC 2045, 6.7, with its example of soft line breaks. */
static void sip_30_quoted_printable_is_undone(void **state)
{
	static const struct decode_case cases[] = {
		{ "", "" },
		{ "Now's the time =\r\nfor all folk to come=\r\n"
		  " to the aid of their country.",
		  "Now's the time for all folk to come to the aid of their "
		  "country." },
		{ "caf=C3=A9", "caf\xc3\xa9" },
		{ "caf=c3=a9", "caf\xc3\xa9" },
		{ "a=3Db", "a=b" },
		{ "one\r\ntwo\r\n", "one\r\ntwo\r\n" },
		{ "one\ntwo", "one\ntwo" },
		{ "added \t \r\non the way", "added\r\non the way" },
		{ "kept=20\r\n", "kept \r\n" },
		{ "soft=  \r\nbreak", "softbreak" },
		{ "soft=", "soft" },
		{ "\r\n\r\n", "\r\n\r\n" },
		{ "a=b", NULL },
		{ "a=4", NULL },
		{ "a=4\r\n", NULL },
		{ "a=XY", NULL },
		{ "a==", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		check(mime_decode_quoted, &cases[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sip_30_base64_is_undone),
		cmocka_unit_test(sip_30_quoted_printable_is_undone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
