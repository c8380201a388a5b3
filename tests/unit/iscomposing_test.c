#include "gateway/body/iscomposing.h"

#include "gateway/body/xml.h"
#include "tests/unit/unit.h"

#define NS		 "urn:ietf:params:xml:ns:im-iscomposing"
#define DOCUMENT(inside) "<isComposing xmlns='" NS "'>" inside "</isComposing>"

/* RFC 3994, 3.4. */
static const char active_of_the_rfc[] =
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	"<isComposing xmlns=\"urn:ietf:params:xml:ns:im-iscomposing\"\n"
	"  xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"\n"
	"  xsi:schemaLocation=\"urn:ietf:params:xml:ns:im-composing\n"
	"  iscomposing.xsd\">\n"
	"    <state>active</state>\n"
	"    <contenttype>text/plain</contenttype>\n"
	"    <refresh>90</refresh>\n"
	"</isComposing>\n";

static const char idle_of_the_rfc[] =
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	"<isComposing xmlns=\"urn:ietf:params:xml:ns:im-iscomposing\">\n"
	"  <state>idle</state>\n"
	"  <lastactive>2003-01-27T10:43:00Z</lastactive>\n"
	"  <contenttype>audio</contenttype>\n"
	"</isComposing>\n";

static void rcpt_11_the_documents_of_the_rfc_are_read(void **state)
{
	struct iscomposing what;

	(void)state;
	assert_true(iscomposing_read(span_of(active_of_the_rfc), &what));
	assert_true(what.active);
	assert_int_equal(what.refresh_s, 90);
	assert_true(iscomposing_read(span_of(idle_of_the_rfc), &what));
	assert_false(what.active);
	assert_int_equal(what.refresh_s, ISCOMPOSING_HOLDS_S);
}

static void rcpt_11_any_other_state_is_idle(void **state)
{
	static const struct {
		const char *document;
		bool active;
	} cases[] = {
		{ DOCUMENT("<state>active</state>"), true },
		{ DOCUMENT("<state>\n active </state>"), true },
		{ DOCUMENT("<state><![CDATA[active]]></state>"), true },
		{ DOCUMENT("<state>act<!-- -->ive</state>"), true },
		{ DOCUMENT("<state>idle</state>"), false },
		{ DOCUMENT("<state>Active</state>"), false },
		{ DOCUMENT("<state>thinking-very-hard-about-it</state>"),
		  false },
		{ DOCUMENT("<state/>"), false },
		{ DOCUMENT("<state><b>active</b></state>"), false },
		{ "<c:isComposing xmlns:c='" NS "'><c:state>active</c:state>"
		  "</c:isComposing>",
		  true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct iscomposing what;

		if (!iscomposing_read(span_of(cases[i].document), &what) ||
		    what.active != cases[i].active)
			fail_msg("%s", cases[i].document);
	}
}

static void rcpt_11_a_refresh_is_a_positive_number_with_an_end(void **state)
{
	static const struct {
		const char *document;
		unsigned refresh_s;
	} cases[] = {
#define REFRESH(value) \
	DOCUMENT("<state>active</state><refresh>" value "</refresh>")
		{ REFRESH("60"), 60 },
		{ REFRESH("1"), 1 },
		{ REFRESH(" 75\n"), 75 },
		{ REFRESH("3600"), 3600 },
		{ REFRESH("3601"), ISCOMPOSING_REFRESH_MAX_S },
		{ REFRESH("999999999"), ISCOMPOSING_REFRESH_MAX_S },
		{ REFRESH("99999999999999999999"), ISCOMPOSING_HOLDS_S },
		{ REFRESH("0"), ISCOMPOSING_HOLDS_S },
		{ REFRESH("-5"), ISCOMPOSING_HOLDS_S },
		{ REFRESH("soon"), ISCOMPOSING_HOLDS_S },
		{ REFRESH(""), ISCOMPOSING_HOLDS_S },
		{ DOCUMENT("<state>active</state>"), ISCOMPOSING_HOLDS_S },
#undef REFRESH
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct iscomposing what;

		assert_true(
			iscomposing_read(span_of(cases[i].document), &what));
		assert_int_equal(what.refresh_s, cases[i].refresh_s);
	}
}

static void rcpt_11_what_is_no_such_document_is_refused(void **state)
{
	static const char *const cases[] = {
		"",
		"Hello",
		"<isComposing><state>active</state></isComposing>",
		"<other xmlns='" NS "'><state>active</state></other>",
		DOCUMENT(""),
		DOCUMENT("<state xmlns='urn:other'>active</state>"),
		DOCUMENT("<state>active"),
		DOCUMENT("<state>&unknown;</state>"),
		"<!DOCTYPE a>" DOCUMENT("<state>active</state>"),
		"<!DOCTYPE a [<!ENTITY b 'active'>]>" DOCUMENT(
			"<state>&b;</state>"),
		"<!DOCTYPE a SYSTEM 'file:///etc/passwd'>" DOCUMENT(
			"<state>active</state>"),
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct iscomposing what;

		if (iscomposing_read(span_of(cases[i]), &what))
			fail_msg("%s", cases[i]);
	}
}

/* `count` elements in each other, or beside each other. */
static bool reads(const char *open, const char *close, size_t count)
{
	const size_t size = 2 * XML_DOCUMENT_MAX;
	char *octets = malloc(size);
	struct iscomposing what;
	struct text text;
	bool done;

	assert_non_null(octets);
	text_init(&text, octets, size);
	text_add(&text, "<isComposing xmlns='" NS "'><state>active</state>");
	for (size_t i = 0; i < count; i++)
		text_add(&text, open);
	for (size_t i = 0; i < count; i++)
		text_add(&text, close);
	text_add(&text, "</isComposing>");
	assert_false(text.cut);
	done = iscomposing_read((struct span){ octets, text.len }, &what);
	free(octets);
	return done;
}

static void sec_5_size_and_depth_are_bounded(void **state)
{
	(void)state;
	assert_true(reads("<a>", "</a>", 100));
	assert_false(reads("<a>", "</a>", 1000));
	assert_true(reads("<a/>", "", 3000));
	assert_false(reads("<a/>", "", 5000));
}

static void rcpt_11_what_is_written_can_be_read(void **state)
{
	(void)state;
	for (int active = 0; active < 2; active++) {
		char octets[ISCOMPOSING_SIZE];
		struct iscomposing what;
		struct text text;

		text_init(&text, octets, sizeof octets);
		iscomposing_write(active, &text);
		assert_false(text.cut);
		assert_true(iscomposing_read((struct span){ octets, text.len },
					     &what));
		assert_int_equal(what.active, active);
		assert_int_equal(strstr(octets, "<refresh>60</refresh>") !=
					 NULL,
				 active);
	}
}

static void rcpt_11_the_type_is_known_with_parameters_too(void **state)
{
	(void)state;
	assert_true(iscomposing_is("application/im-iscomposing+xml"));
	assert_true(iscomposing_is(
		"Application/IM-isComposing+XML ;charset=utf-8"));
	assert_false(iscomposing_is("application/im-iscomposing"));
	assert_false(iscomposing_is("text/plain"));
	assert_false(iscomposing_is(NULL));
}

static void text_is_escaped_where_markup_begins(void **state)
{
	char out[64];
	struct text text;

	(void)state;
	text_init(&text, out, sizeof out);
	xml_escape(span_of("a<b>&\"c\""), &text);
	assert_string_equal(out, "a&lt;b&gt;&amp;\"c\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rcpt_11_the_documents_of_the_rfc_are_read),
		cmocka_unit_test(rcpt_11_any_other_state_is_idle),
		cmocka_unit_test(
			rcpt_11_a_refresh_is_a_positive_number_with_an_end),
		cmocka_unit_test(rcpt_11_what_is_no_such_document_is_refused),
		cmocka_unit_test(sec_5_size_and_depth_are_bounded),
		cmocka_unit_test(rcpt_11_what_is_written_can_be_read),
		cmocka_unit_test(rcpt_11_the_type_is_known_with_parameters_too),
		cmocka_unit_test(text_is_escaped_where_markup_begins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
