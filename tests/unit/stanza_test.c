#include "gateway/xmpp/stanza.h"

#include "tests/unit/stanza_unit.h"
#include "tests/unit/unit.h"

static int make_context(void **state)
{
	*state = xmpp_ctx_new(NULL, NULL);
	return *state ? 0 : -1;
}

static int free_context(void **state)
{
	xmpp_ctx_free(*state);
	return 0;
}

#define FFFD "\xef\xbf\xbd"

static void xmpp_5_what_xml_cannot_hold_becomes_a_replacement(void **state)
{
	static const struct {
		const char *text;
		size_t len;
		const char *clean;
	} cases[] = {
		{ "H\x01\x02I", 4, "H" FFFD FFFD "I" },
		{ "a\0b", 3, "a" FFFD "b" },
		{ "\xef\xbf\xbe\xef\xbf\xbf", 6, FFFD FFFD },
		{ "tab\tstays", 9, "tab\tstays" },
		{ "\x7f", 1, "\x7f" },
		{ "\xf0\x9f\x98\x80", 4, "\xf0\x9f\x98\x80" },
		{ "caf\xc3\xa9", 5, "caf\xc3\xa9" },
		{ "\x1b[0m", 4, FFFD "[0m" },
		{ "", 0, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct span text = { cases[i].text, cases[i].len };
		char *clean;

		assert_int_equal(stanza_clean(text, true, &clean), GATEWAY_OK);
		assert_string_equal(clean, cases[i].clean);
		free(clean);
	}
}

static void xmpp_5_broken_utf_8_is_refused_or_replaced(void **state)
{
	static const struct {
		const char *text, *lenient;
	} cases[] = {
		{ "\xff", FFFD },
		{ "a\xc3", "a" FFFD },
		{ "\xc0\x80", FFFD FFFD },	    /* overlong */
		{ "\xed\xa0\x80", FFFD FFFD FFFD }, /* surrogate */
		{ "\xf4\x90\x80\x80z", FFFD FFFD FFFD FFFD "z" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char *clean;

		assert_int_equal(
			stanza_clean(span_of(cases[i].text), true, &clean),
			GATEWAY_BAD_CONTENT);
		assert_null(clean);
		assert_int_equal(
			stanza_clean(span_of(cases[i].text), false, &clean),
			GATEWAY_OK);
		assert_string_equal(clean, cases[i].lenient);
		free(clean);
	}
}

static void map_20_line_ends_become_lf(void **state)
{
	char *clean;

	(void)state;
	assert_int_equal(
		stanza_clean(span_of("a\r\nb\rc\nd\r\r\n\r"), true, &clean),
		GATEWAY_OK);
	assert_string_equal(clean, "a\nb\nc\nd\n\n\n");
	free(clean);
}

static void xmpp_6_an_error_keeps_the_id_and_swaps_the_addresses(void **state)
{
	const struct stanza_address address = { .from = "a@b/c",
						.to = "+1@gw",
						.id = "m7" };
	xmpp_stanza_t *error = stanza_error(*state, "message", &address,
					    CONDITION_ITEM_NOT_FOUND, "<no>");

	assert_stanza(error,
		      "<message from='+1@gw' to='a@b/c' id='m7' type='error'>"
		      "<error type='cancel'><item-not-found "
		      "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><text "
		      "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>"
		      "&lt;no&gt;</text></error></message>");
	xmpp_stanza_release(error);
}

/* A SIP server may put any octets into its reason phrase. */
static void xmpp_5_the_text_of_an_error_cannot_break_the_stream(void **state)
{
	const struct stanza_address address = { .from = "a@b", .to = "gw" };
	xmpp_stanza_t *error =
		stanza_error(*state, "message", &address,
			     CONDITION_ITEM_NOT_FOUND, "No\x01 \xff\xc3");

	assert_stanza(error, "<message from='gw' to='a@b' type='error'>"
			     "<error type='cancel'><item-not-found "
			     "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
			     "<text xmlns='urn:ietf:params:xml:ns:"
			     "xmpp-stanzas'>No\xef\xbf\xbd \xef\xbf\xbd"
			     "\xef\xbf\xbd</text></error></message>");
	xmpp_stanza_release(error);
}

static void an_error_without_id_and_text_has_none(void **state)
{
	const struct stanza_address address = { .from = "a@b", .to = "gw" };
	xmpp_stanza_t *error = stanza_error(
		*state, "iq", &address, CONDITION_SERVICE_UNAVAILABLE, NULL);

	assert_stanza(error, "<iq from='gw' to='a@b' type='error'>"
			     "<error type='cancel'><service-unavailable "
			     "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
			     "</error></iq>");
	xmpp_stanza_release(error);
}

#define STANZAS "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'"

static void the_condition_of_an_error_is_read(void **state)
{
	static const struct {
		const char *xml;
		enum condition condition;
		const char *text;
	} cases[] = {
		{ "<message><error><item-not-found " STANZAS "/><text " STANZAS
		  ">gone\nfishing</text></error></message>",
		  CONDITION_ITEM_NOT_FOUND, "gone fishing" },
		{ "<message><error><text " STANZAS "/><gone " STANZAS
		  "/><own xmlns='x'/></error></message>",
		  CONDITION_GONE, "" },
		{ "<message><error><invented " STANZAS "/></error></message>",
		  CONDITION_UNDEFINED, "" },
		{ "<message><error><item-not-found xmlns='x'/></error>"
		  "</message>",
		  CONDITION_UNDEFINED, "" },
		{ "<message><error>words</error></message>",
		  CONDITION_UNDEFINED, "" },
		{ "<message/>", CONDITION_UNDEFINED, "" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		xmpp_stanza_t *stanza = stanza_parse(*state, cases[i].xml);
		char text[32];

		assert_int_equal(stanza_error_read(stanza, text, sizeof text),
				 cases[i].condition);
		assert_string_equal(text, cases[i].text);
		xmpp_stanza_release(stanza);
	}
}

static void map_19_the_body_in_the_language_of_the_stanza_is_taken(void **state)
{
	static const struct {
		const char *xml, *body;
	} cases[] = {
		{ "<message xml:lang='cs'><body xml:lang='en'>e</body>"
		  "<body xml:lang='CS'>c</body></message>",
		  "c" },
		{ "<message xml:lang='cs'><body xml:lang='en'>e</body>"
		  "<body>none</body></message>",
		  "none" },
		{ "<message><body xml:lang='en'>e</body>"
		  "<body xml:lang='cs'>c</body></message>",
		  "e" },
		{ "<message xmlns='jabber:component:accept'>"
		  "<body xmlns='http://www.w3.org/1999/xhtml'>x</body>"
		  "<body>own</body></message>",
		  "own" },
		{ "<message><subject>s</subject></message>", NULL },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		xmpp_stanza_t *stanza = stanza_parse(*state, cases[i].xml);
		xmpp_stanza_t *body = stanza_choose(stanza, "body");
		char *text = body ? xmpp_stanza_get_text(body) : NULL;

		if (cases[i].body)
			assert_string_equal(text, cases[i].body);
		else
			assert_null(body);
		xmpp_free(*state, text);
		xmpp_stanza_release(stanza);
	}
}

static void xmpp_17_what_a_message_carries_is_told(void **state)
{
	static const struct {
		const char *xml;
		enum stanza_content content;
		const char *word;
	} cases[] = {
		{ "<message><body>x</body></message>", STANZA_TEXT, "text" },
		{ "<message><body>x</body><active xmlns="
		  "'http://jabber.org/protocol/chatstates'/></message>",
		  STANZA_TEXT, "text" },
		{ "<message><composing xmlns="
		  "'http://jabber.org/protocol/chatstates'/></message>",
		  STANZA_SIGNAL, "signal" },
		{ "<message><received xmlns='urn:xmpp:receipts' id='1'/>"
		  "</message>",
		  STANZA_SIGNAL, "signal" },
		{ "<message><displayed xmlns='urn:xmpp:chat-markers:0'/>"
		  "</message>",
		  STANZA_SIGNAL, "signal" },
		{ "<message><sent xmlns='urn:xmpp:carbons:2'><forwarded "
		  "xmlns='urn:xmpp:forward:0'><message><body>x</body>"
		  "</message></forwarded></sent></message>",
		  STANZA_CARBON, "carbon" },
		{ "<message><body/></message>", STANZA_EMPTY, "empty" },
		{ "<message><body><b/></body></message>", STANZA_EMPTY,
		  "empty" },
		{ "<message/>", STANZA_EMPTY, "empty" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		xmpp_stanza_t *stanza = stanza_parse(*state, cases[i].xml);
		enum stanza_content content = stanza_content(stanza);

		assert_int_equal(content, cases[i].content);
		assert_string_equal(stanza_content_word(content),
				    cases[i].word);
		xmpp_stanza_release(stanza);
	}
	assert_string_equal(stanza_content_word(STANZA_CONTENT_COUNT),
			    "unknown");
}

static void nothing_is_added_to_no_stanza(void **state)
{
	(void)state;
	assert_null(stanza_add(NULL, "x", NULL));
	assert_false(stanza_set(NULL, "id", NULL));
	assert_false(stanza_add_text(NULL, "x", NULL, "text"));
	assert_false(stanza_add_text(NULL, "x", NULL, NULL));
}

static void exercise(void)
{
	char *clean = NULL;

	(void)!stanza_clean(span_of("text"), true, &clean);
	free(clean);
}

static void every_failed_allocation_is_told(void **state)
{
	(void)state;
	assert_true(unit_fail_allocations(exercise) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			xmpp_5_what_xml_cannot_hold_becomes_a_replacement),
		cmocka_unit_test(xmpp_5_broken_utf_8_is_refused_or_replaced),
		cmocka_unit_test(map_20_line_ends_become_lf),
		cmocka_unit_test(
			xmpp_6_an_error_keeps_the_id_and_swaps_the_addresses),
		cmocka_unit_test(
			xmpp_5_the_text_of_an_error_cannot_break_the_stream),
		cmocka_unit_test(an_error_without_id_and_text_has_none),
		cmocka_unit_test(the_condition_of_an_error_is_read),
		cmocka_unit_test(
			map_19_the_body_in_the_language_of_the_stanza_is_taken),
		cmocka_unit_test(xmpp_17_what_a_message_carries_is_told),
		cmocka_unit_test(nothing_is_added_to_no_stanza),
		cmocka_unit_test(every_failed_allocation_is_told),
	};

	return cmocka_run_group_tests(tests, make_context, free_context);
}
