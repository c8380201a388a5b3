/** XEP-0106: local parts of other protocols written as localparts. */

#include "tests/unit/unit.h"

#include "routing/jid.h"

static const struct {
	const char *text, *localpart;
} both_ways[] = {
	/* XEP-0106, 5.1 */
	{ "space cadet", "space\\20cadet" },
	{ "call me \"ishmael\"", "call\\20me\\20\\22ishmael\\22" },
	{ "at&t guy", "at\\26t\\20guy" },
	{ "d'artagnan", "d\\27artagnan" },
	{ "/.fanboy", "\\2f.fanboy" },
	{ "::foo::", "\\3a\\3afoo\\3a\\3a" },
	{ "<foo>", "\\3cfoo\\3e" },
	{ "user@host", "user\\40host" },
	/* a backslash that starts nothing (4.1, rule 7; CONF-17) */
	{ "c:\\net", "c\\3a\\net" },
	{ "c:\\\\net", "c\\3a\\\\net" },
	{ "c:\\cool stuff", "c\\3a\\cool\\20stuff" },
	/* one that would */
	{ "c:\\5commas", "c\\3a\\5c5commas" },
	/* 3.2 and 5.2 to 5.5 */
	{ "treville@musketeers.lit", "treville\\40musketeers.lit" },
	{ "here's_a_wild_&_/cr%zy/_address",
	  "here\\27s_a_wild_\\26_\\2fcr%zy\\2f_address" },
	{ "here's_a_wild_&_/cr%zy/_address_for:<wv>(\"IMPS\")",
	  "here\\27s_a_wild_\\26_\\2fcr%zy\\2f_address_for\\3a\\3cwv\\3e"
	  "(\\22IMPS\\22)" },
	/* 4.2 */
	{ "\\3and\\2is\\5cool", "\\5c3and\\2is\\5c5cool" },
	{ "\\27", "\\5c27" },
	{ "\\5c", "\\5c5c" },
	/* 4.3 */
	{ "\\2plus\\2is\\4", "\\2plus\\2is\\4" },
	{ "foo\\bar", "foo\\bar" },
	{ "foob\\41r", "foob\\41r" },
	/* no example: the preparation would make an escape of it */
	{ "a\\2Fb", "a\\5c2Fb" },
	{ "a\\", "a\\" },
	{ "\\\\", "\\\\" },
	{ "a\\\\20b", "a\\\\5c20b" },
	{ "a\\ b", "a\\\\20b" },
	{ "\\20a", "\\5c20a" },
	{ "a\\20", "a\\5c20" },
	{ "+12025550100", "+12025550100" },
	{ "f\u00fc", "f\u00fc" },
	{ "", "" },
};

static void map_2_escaping_goes_both_ways(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof both_ways / sizeof both_ways[0]; i++) {
		char out[JID_PART_SIZE];

		assert_int_equal(jid_escape(both_ways[i].text, out, sizeof out),
				 ROUTE_OK);
		assert_string_equal(out, both_ways[i].localpart);
		assert_int_equal(
			jid_unescape(both_ways[i].localpart, out, sizeof out),
			ROUTE_OK);
		assert_string_equal(out, both_ways[i].text);
	}
}

static void map_2_only_lower_case_escapes_are_escapes(void **state)
{
	char out[JID_PART_SIZE];

	(void)state;
	assert_int_equal(jid_unescape("a\\2F\\3Ab\\5C", out, sizeof out),
			 ROUTE_OK);
	assert_string_equal(out, "a\\2F\\3Ab\\5C");
}

static void map_2_a_space_is_neither_first_nor_last(void **state)
{
	static const char *const texts[] = { " a", "a ", " ", "\\ " };
	static const char *const localparts[] = { "\\20a", "a\\20", "\\20",
						  "a\\\\20" };
	char out[JID_PART_SIZE];

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(jid_escape(texts[i], out, sizeof out),
				 ROUTE_BAD_URI);
		assert_int_equal(jid_unescape(localparts[i], out, sizeof out),
				 ROUTE_BAD_URI);
	}
}

static void what_does_not_fit_is_refused_not_cut(void **state)
{
	char out[6];

	(void)state;
	assert_int_equal(jid_escape("a@bc", out, sizeof out), ROUTE_BAD_URI);
	assert_int_equal(jid_escape("a@b", out, sizeof out), ROUTE_OK);
	assert_int_equal(jid_unescape("a\\40bcde", out, sizeof out),
			 ROUTE_BAD_URI);
	assert_int_equal(jid_unescape("a\\40bcd", out, sizeof out), ROUTE_OK);
	assert_string_equal(out, "a@bcd");
}

static void map_1_what_is_escaped_is_prepared_too(void **state)
{
	static const struct {
		const char *text, *localpart;
	} rows[] = {
		{ "O'Malley", "o\\27malley" },
		{ "C:\\5Commas", "c\\3a\\5c5commas" },
		{ "a\\2Fb", "a\\5c2fb" },
		{ "F\u00dc", "f\u00fc" },
	};
	char out[JID_PART_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_int_equal(jid_escape_prepared(rows[i].text, out),
				 ROUTE_OK);
		assert_string_equal(out, rows[i].localpart);
	}
}

static void sec_5_the_preparation_makes_and_breaks_no_escapes(void **state)
{
	static const char *const rows[] = {
		"a\uff3c40b",	    /* fullwidth backslash */
		"a\\\uff14\uff10b", /* fullwidth digits */
		"a\\\u00ad40b",	    /* soft hyphen, mapped to nothing */
		"a\ufe6827b",	    /* small backslash */
		"a/\u0307",	    /* joins the last letter of \2f */
		"a\\3e\u0301",	    /* joins that of what looks like one */
		"\u00ad a",	    /* a space that becomes the first */
		"a \u00ad",	    /* or the last */
		"a\uff20b",	    /* fullwidth '@' */
	};
	char out[JID_PART_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (jid_escape_prepared(rows[i], out) != ROUTE_BAD_URI)
			fail_msg("%s: accepted as %s", rows[i], out);
}

static void xmpp_9_what_no_localpart_holds_is_refused(void **state)
{
	static const char *const rows[] = { "", "\u00ad", "a\tb", "a\u00a0b" };
	char out[JID_PART_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_int_equal(jid_escape_prepared(rows[i], out),
				 ROUTE_BAD_URI);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(map_2_escaping_goes_both_ways),
		cmocka_unit_test(map_2_only_lower_case_escapes_are_escapes),
		cmocka_unit_test(map_2_a_space_is_neither_first_nor_last),
		cmocka_unit_test(what_does_not_fit_is_refused_not_cut),
		cmocka_unit_test(map_1_what_is_escaped_is_prepared_too),
		cmocka_unit_test(
			sec_5_the_preparation_makes_and_breaks_no_escapes),
		cmocka_unit_test(xmpp_9_what_no_localpart_holds_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
