/** im: URIs and their domains. */

#include "tests/unit/unit.h"

#include "routing/im_uri.h"

#define OCTETS_50 "abcdefghijklmnopqrstuvwxyabcdefghijklmnopqrstuvwxy"
#define OCTETS_63 OCTETS_50 "abcdefghijklm"

static void expect_domain(const char *text, const char *domain)
{
	char out[IM_DOMAIN_SIZE];

	if (im_domain_parse(span_of(text), out, sizeof out) != ROUTE_OK)
		fail_msg("%s: refused", text);
	assert_string_equal(out, domain);
}

static void refuse_domain(const char *text)
{
	char out[IM_DOMAIN_SIZE];
	enum route_status status =
		im_domain_parse(span_of(text), out, sizeof out);

	if (status != ROUTE_BAD_DOMAIN)
		fail_msg("%s: %s", text, route_status_word(status));
}

static void refuse(const char *text, enum route_status expected)
{
	struct im_uri im;
	enum route_status status = im_uri_parse(span_of(text), &im);

	if (status != expected)
		fail_msg("%s: %s, not %s", text, route_status_word(status),
			 route_status_word(expected));
}

static void im_1_a_uri_has_a_local_part_and_a_domain(void **state)
{
	static const struct {
		const char *uri, *local, *user, *domain;
	} rows[] = {
		{ "im:alice@im.example", "alice", "alice", "im.example" },
		{ "IM:alice@im.example", "alice", "alice", "im.example" },
		{ "im:Alice@IM.Example", "Alice", "Alice", "im.example" },
		{ "im:alice%2Bx@im.example", "alice+x", "alice%2Bx",
		  "im.example" },
		{ "im:a%40b@im.example", "a@b", "a%40b", "im.example" },
		{ "im:c%3A%5C5commas@im.example", "c:\\5commas",
		  "c%3A%5C5commas", "im.example" },
		{ "im:f%C3%BC@im.example", "f\u00fc", "f%C3%BC", "im.example" },
		{ "im:o'malley@im.example", "o'malley", "o'malley",
		  "im.example" },
		{ "im:a/b;c=d&e@im.example", "a/b;c=d&e", "a/b;c=d&e",
		  "im.example" },
		{ "im:%3F@im.example", "?", "%3F", "im.example" },
		{ "im:+12025550100@gw.example", "+12025550100", "+12025550100",
		  "gw.example" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct im_uri im;

		if (im_uri_parse(span_of(rows[i].uri), &im) != ROUTE_OK)
			fail_msg("%s: refused", rows[i].uri);
		assert_string_equal(im.local, rows[i].local);
		assert_string_equal(im.user, rows[i].user);
		assert_string_equal(im.domain, rows[i].domain);
	}
}

static void im_1_headers_are_dropped(void **state)
{
	struct im_uri im;

	(void)state;
	assert_int_equal(
		im_uri_parse(span_of("im:alice%2Bx@im.example"
				     "?subject=Hi&to=eve@evil.example"),
			     &im),
		ROUTE_OK);
	assert_string_equal(im.local, "alice+x");
	assert_string_equal(im.domain, "im.example");
}

static void im_1_a_missing_mailbox_is_unusable(void **state)
{
	(void)state;
	refuse("im:", ROUTE_BAD_URI);
	refuse("im:?subject=Hi", ROUTE_BAD_URI);
	refuse("im:@im.example", ROUTE_BAD_URI);
	refuse("im:im.example", ROUTE_BAD_URI);
	refuse("im:alice@", ROUTE_BAD_DOMAIN);
	refuse("im:alice@?subject=Hi", ROUTE_BAD_DOMAIN);
	refuse("im:alice@b@im.example", ROUTE_BAD_DOMAIN);
}

static void im_1_another_scheme_is_refused(void **state)
{
	(void)state;
	refuse("", ROUTE_BAD_URI);
	refuse("im", ROUTE_BAD_URI);
	refuse("alice@im.example", ROUTE_BAD_URI);
	refuse("sip:alice@im.example", ROUTE_BAD_URI);
	refuse("imx:alice@im.example", ROUTE_BAD_URI);
}

static void sip_41_a_nul_never_cuts_an_identity_short(void **state)
{
	static const char raw[] = "im:ali\0ce@im.example";
	struct im_uri im;

	(void)state;
	refuse("im:ali%00ce@im.example", ROUTE_BAD_URI);
	refuse("im:alice@im.example%00.evil.example", ROUTE_BAD_DOMAIN);
	assert_int_equal(
		im_uri_parse((struct span){ raw, sizeof raw - 1 }, &im),
		ROUTE_BAD_URI);
}

static void sec_5_what_could_break_out_of_a_header_is_refused(void **state)
{
	static const char *const rows[] = {
		"im:a%0D%0ARoute:%20x@im.example",
		"im:a%0A@im.example",
		"im:a%1F@im.example",
		"im:a%7F@im.example",
		"im:a%C2%85@im.example", /* NEL */
		"im:a%C2%9F@im.example",
		"im:a\r\nb@im.example",
		"im:a b@im.example",
		"im:<a@im.example",
		"im:\"a\"@im.example",
		"im:a\\b@im.example",
		"im:a:b@im.example", /* would read as a password */
		"im:f\u00fc@im.example",
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		refuse(rows[i], ROUTE_BAD_URI);
	refuse("im:a@im.example%0D%0Ax", ROUTE_BAD_DOMAIN);
	refuse("im:a@im.example>", ROUTE_BAD_DOMAIN);
}

static void im_1_a_local_part_is_valid_utf_8(void **state)
{
	static const char *const rows[] = {
		"im:%FF@im.example",	     "im:%C3@im.example",
		"im:%C0%80@im.example",	     /* overlong NUL */
		"im:%C0%AF@im.example",	     /* overlong '/' */
		"im:%ED%A0%80@im.example",   /* a surrogate */
		"im:%F4%90%80%80@im.example" /* above U+10FFFF */
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		refuse(rows[i], ROUTE_BAD_URI);
}

static void im_1_a_broken_escape_is_refused(void **state)
{
	(void)state;
	refuse("im:a%@im.example", ROUTE_BAD_URI);
	refuse("im:a%4@im.example", ROUTE_BAD_URI);
	refuse("im:a%4g@im.example", ROUTE_BAD_URI);
	refuse("im:a@im.example%2", ROUTE_BAD_DOMAIN);
}

static void xmpp_9_a_local_part_has_at_most_1023_octets(void **state)
{
	char buffer[4 * IM_LOCAL_SIZE];
	struct im_uri im;
	struct text uri;

	(void)state;
	text_init(&uri, buffer, sizeof buffer);
	text_add(&uri, "im:");
	for (int i = 0; i < IM_LOCAL_SIZE - 1; i++)
		text_add(&uri, "%61");
	text_add(&uri, "@im.example");
	assert_int_equal(im_uri_parse(span_of(buffer), &im), ROUTE_OK);
	assert_int_equal(strlen(im.local), IM_LOCAL_SIZE - 1);
	assert_int_equal(strlen(im.user), 3 * (IM_LOCAL_SIZE - 1));

	text_init(&uri, buffer, sizeof buffer);
	text_add(&uri, "im:");
	for (int i = 0; i < IM_LOCAL_SIZE; i++)
		text_add(&uri, "a");
	text_add(&uri, "@im.example");
	assert_int_equal(im_uri_parse(span_of(buffer), &im), ROUTE_BAD_URI);
}

static void im_2_a_domain_is_a_fully_qualified_name(void **state)
{
	static const char *const bad[] = {
		"",
		".",
		"localhost",
		"localhost.",
		"127.0.0.1",
		"10.1",
		"im.1",
		"[127.0.0.1]",
		"[::1]",
		"::1",
		"a..b",
		".im.example",
		"im.example..",
		"-im.example",
		"im-.example",
		"i_m.example",
		"i m.example",
		"im.example:5060",
		"im.example/x",
		"*.example",
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		refuse_domain(bad[i]);
	refuse("im:a@localhost", ROUTE_BAD_DOMAIN);
	refuse("im:a@[127.0.0.1]", ROUTE_BAD_DOMAIN);
	refuse("im:a@127.0.0.1", ROUTE_BAD_DOMAIN);
	expect_domain("im.example.", "im.example");
	expect_domain("IM.Example", "im.example");
	expect_domain("a.b.c.d.example", "a.b.c.d.example");
	expect_domain("1.2.example", "1.2.example");
	expect_domain("ab--cd.example", "ab--cd.example");
}

static void im_2_u_labels_become_a_labels(void **state)
{
	struct im_uri im;

	(void)state;
	expect_domain("m\u00fcnchen.example", "xn--mnchen-3ya.example");
	expect_domain("M\u00dcNCHEN.example", "xn--mnchen-3ya.example");
	expect_domain("XN--Mnchen-3ya.example", "xn--mnchen-3ya.example");
	/* IDNA 2008 keeps what IDNA 2003 wrote as "ss" */
	expect_domain("fa\u00df.example", "xn--fa-hia.example");
	/* the ideographic full stop is a dot, also at the end */
	expect_domain("\u4f8b\u3048\u3002\u30c6\u30b9\u30c8\u3002",
		      "xn--r8jz45g.xn--zckzah");
	assert_int_equal(
		im_uri_parse(span_of("im:a@m%C3%BCnchen.example"), &im),
		ROUTE_OK);
	assert_string_equal(im.domain, "xn--mnchen-3ya.example");
}

static void im_2_what_idna_forbids_is_refused(void **state)
{
	(void)state;
	refuse_domain("\u2603.example"); /* a symbol */
	refuse_domain("xn--n3h.example");
	refuse_domain("xn--zzzz.example");
	refuse_domain("xn--.example");
	refuse_domain("xn--6a.example");   /* decodes to a control */
	refuse_domain("a\uff0fb.example"); /* folds to '/' */
	refuse_domain("a\u2002b.example"); /* folds to a space */
	refuse_domain("\xff.example");
	refuse_domain("m\xc3.example");
	refuse_domain("\u00ad.example"); /* mapped to nothing */
}

static void im_2_lengths_are_those_of_the_dns(void **state)
{
	(void)state;
	expect_domain(OCTETS_63 ".example", OCTETS_63 ".example");
	refuse_domain(OCTETS_63 "n.example");
	/* 3 * 64 + 61 = 253 */
	expect_domain(OCTETS_63 "." OCTETS_63 "." OCTETS_63 "." OCTETS_50
				"abcdefg.abc",
		      OCTETS_63 "." OCTETS_63 "." OCTETS_63 "." OCTETS_50
				"abcdefg.abc");
	refuse_domain(OCTETS_63 "." OCTETS_63 "." OCTETS_63 "." OCTETS_50
				"abcdefgh.abc");
}

static void a_domain_that_does_not_fit_is_refused(void **state)
{
	char out[8];

	(void)state;
	assert_int_equal(
		im_domain_parse(span_of("im.example"), out, sizeof out),
		ROUTE_BAD_DOMAIN);
	assert_int_equal(
		im_domain_parse(span_of("m\u00fc.example"), out, sizeof out),
		ROUTE_BAD_DOMAIN);
	assert_int_equal(im_domain_parse(span_of("im.exam"), out, sizeof out),
			 ROUTE_OK);
}

static void exercise(void)
{
	struct im_uri im;

	if (im_uri_parse(span_of("im:a%40b@m%C3%BCnchen.example"), &im) !=
	    ROUTE_OK)
		fail();
}

static void nothing_of_ours_allocates(void **state)
{
	(void)state;
	assert_int_equal(unit_fail_allocations(exercise), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(im_1_a_uri_has_a_local_part_and_a_domain),
		cmocka_unit_test(im_1_headers_are_dropped),
		cmocka_unit_test(im_1_a_missing_mailbox_is_unusable),
		cmocka_unit_test(im_1_another_scheme_is_refused),
		cmocka_unit_test(sip_41_a_nul_never_cuts_an_identity_short),
		cmocka_unit_test(
			sec_5_what_could_break_out_of_a_header_is_refused),
		cmocka_unit_test(im_1_a_local_part_is_valid_utf_8),
		cmocka_unit_test(im_1_a_broken_escape_is_refused),
		cmocka_unit_test(xmpp_9_a_local_part_has_at_most_1023_octets),
		cmocka_unit_test(im_2_a_domain_is_a_fully_qualified_name),
		cmocka_unit_test(im_2_u_labels_become_a_labels),
		cmocka_unit_test(im_2_what_idna_forbids_is_refused),
		cmocka_unit_test(im_2_lengths_are_those_of_the_dns),
		cmocka_unit_test(a_domain_that_does_not_fit_is_refused),
		cmocka_unit_test(nothing_of_ours_allocates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
