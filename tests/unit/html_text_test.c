#include "gateway/xmpp/html_text.h"

#include "tests/unit/unit.h"

struct html_case {
	const char *html, *text;
};

/* In a buffer of the size that the header promises to be enough. */
static void check(const struct html_case *c)
{
	const size_t size = strlen(c->html) + 1;
	char *out = malloc(size);
	struct text text;

	assert_non_null(out);
	text_init(&text, out, size);
	html_text(span_of(c->html), &text);
	assert_false(text.cut);
	if (strcmp(out, c->text) != 0)
		fail_msg("%s: \"%s\" instead of \"%s\"", c->html, out, c->text);
	free(out);
}

#define CHECK_ALL(cases)                                                     \
	do {                                                                 \
		for (size_t i = 0; i < sizeof(cases) / sizeof *(cases); i++) \
			check(&(cases)[i]);                                  \
	} while (0)

static void conf_14_markup_goes_and_text_stays(void **state)
{
	static const struct html_case cases[] = {
		{ "", "" },
		{ "Hello", "Hello" },
		{ "<b>Hel</b><i>lo</i>", "Hello" },
		{ "<a href=\"http://a.example/?a>b\">link</a>", "link" },
		{ "<a title='>' href=x>link</a>", "link" },
		{ "<a title = \"it's\">link</a>", "link" },
		{ "<a b=don't>link</a>", "link" },
		{ "<IMG SRC=x ALT=y>text", "text" },
		{ "a<!-- > <b> -->b", "ab" },
		{ "a<!-->b", "ab" },
		{ "a<!--->b", "ab" },
		{ "a<!-- open", "a" },
		{ "<!DOCTYPE html>a", "a" },
		{ "<?xml version='1.0'?>a", "a" },
		{ "a<b", "a" },
		{ "a<", "a<" },
		{ "1 < 2 and 2<3", "1 < 2 and 2<3" },
		{ "a</>b</ c", "a</>b</ c" },
		{ "caf\xc3\xa9", "caf\xc3\xa9" },
	};

	(void)state;
	CHECK_ALL(cases);
}

static void conf_14_lines_begin_where_elements_do(void **state)
{
	static const struct html_case cases[] = {
		{ "one<br>two<BR/>three<br />four", "one\ntwo\nthree\nfour" },
		{ "one<br><br>two", "one\n\ntwo" },
		{ "<p>one</p>\r\n<p>two</p>", "one\ntwo" },
		{ "<div><div>one</div></div><div>two</div>", "one\ntwo" },
		{ "<ul><li>one<li>two</ul>three", "one\ntwo\nthree" },
		{ "<h1>Title</h1>text", "Title\ntext" },
		{ "<br><p>first", "first" },
		{ "last<br></p>", "last" },
		{ "a<span>b</span>", "ab" },
		{ "a<brr>b", "ab" },
	};

	(void)state;
	CHECK_ALL(cases);
}

static void conf_14_white_space_is_one_space_except_in_pre(void **state)
{
	static const struct html_case cases[] = {
		{ "  a \r\n\t b  ", "a b" },
		{ "a <b> b</b>", "a b" },
		{ "a\n<br>\n b", "a\nb" },
		{ "<pre>a  b\n c</pre> d  e", "a  b\n c\nd e" },
		{ "</pre>a  b", "a b" },
		{ "a&#10;&#32;b", "a b" },
		{ "a&nbsp; b", "a\xc2\xa0 b" },
	};

	(void)state;
	CHECK_ALL(cases);
}

static void conf_14_what_is_not_for_reading_goes_with_its_content(void **state)
{
	static const struct html_case cases[] = {
		{ "a<script>if (1 < 2) alert('<b>')</script>b", "ab" },
		{ "a<STYLE type=x>p > b {}</style>b", "ab" },
		{ "<head><title>T</title></head><body>b</body>", "b" },
		{ "a<script>x</scripts></script >b", "ab" },
		{ "a<script>open", "a" },
		{ "a</script>b", "ab" },
		{ "a<scripted>b", "ab" },
	};

	(void)state;
	CHECK_ALL(cases);
}

static void map_9_references_become_characters(void **state)
{
	static const struct html_case cases[] = {
		{ "&lt;b&gt; &amp;amp; &quot;&apos;", "<b> &amp; \"'" },
		{ "caf&eacute; &Auml;&szlig;&yuml;",
		  "caf\xc3\xa9 \xc3\x84\xc3\x9f\xc3\xbf" },
		{ "&euro;&hellip;&frac14;&thorn;&Agrave;",
		  "\xe2\x82\xac\xe2\x80\xa6\xc2\xbc\xc3\xbe\xc3\x80" },
		{ "&#233;&#xE9;&#XE9;", "\xc3\xa9\xc3\xa9\xc3\xa9" },
		{ "&#128512;", "\xf0\x9f\x98\x80" },
		{ "&#65B&#x41", "AB"
				"A" },
		{ "&#0;&#xd800;&#x110000;&#99999999999999999999;",
		  "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
		{ "&#0", "\xef\xbf\xbd" },
		{ "&unknown; &; & &#; &#x; &AMP", "&unknown; &; & &#; &#x; "
						  "&AMP" },
		{ "a?b=1&copy=2", "a?b=1&copy=2" },
		{ "&verylongname;", "&verylongname;" },
		{ "&", "&" },
	};

	(void)state;
	CHECK_ALL(cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(conf_14_markup_goes_and_text_stays),
		cmocka_unit_test(conf_14_lines_begin_where_elements_do),
		cmocka_unit_test(
			conf_14_white_space_is_one_space_except_in_pre),
		cmocka_unit_test(
			conf_14_what_is_not_for_reading_goes_with_its_content),
		cmocka_unit_test(map_9_references_become_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
