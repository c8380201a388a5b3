#include "gateway/xmpp/query.h"

#include "tests/unit/stanza_unit.h"
#include "tests/unit/unit.h"

#define DOMAIN "gw.example.net"
#define NUMBER "+12025550199@" DOMAIN
#define UNAVAILABLE                                  \
	"<error type='cancel'><service-unavailable " \
	"xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"

struct query_case {
	const char *question, *answer; /* NULL: none */
};

static void check(const struct query_case *cases, size_t count)
{
	xmpp_ctx_t *ctx = xmpp_ctx_new(NULL, NULL);

	for (size_t i = 0; i < count; i++) {
		xmpp_stanza_t *stanza = stanza_parse(ctx, cases[i].question);
		xmpp_stanza_t *answer = query_answer(stanza, DOMAIN);

		if (!answer != !cases[i].answer)
			fail_msg("%s", cases[i].question);
		if (answer) {
			assert_stanza(answer, cases[i].answer);
			xmpp_stanza_release(answer);
		}
		xmpp_stanza_release(stanza);
	}
	xmpp_ctx_free(ctx);
}

#define CHECK(cases) check(cases, sizeof(cases) / sizeof *(cases))

static void xmpp_13_a_ping_is_answered(void **state)
{
	static const struct query_case cases[] = {
		{ "<iq type='get' id='1' from='a@b/c' to='" DOMAIN "'>"
		  "<ping xmlns='urn:xmpp:ping'/></iq>",
		  "<iq type='result' id='1' from='" DOMAIN "' to='a@b/c'/>" },
		{ "<iq type='get' id='2' from='a@b/c' to='" NUMBER "'>"
		  "<ping xmlns='urn:xmpp:ping'/></iq>",
		  "<iq type='result' id='2' from='" NUMBER "' to='a@b/c'/>" },
	};

	(void)state;
	CHECK(cases);
}

static void xmpp_11_disco_says_gateway_or_phone(void **state)
{
	static const struct query_case cases[] = {
		{ "<iq type='get' id='1' from='a@b' to='" DOMAIN "'><query "
		  "xmlns='http://jabber.org/protocol/disco#info'/></iq>",
		  "<iq type='result' id='1' from='" DOMAIN "' to='a@b'><query "
		  "xmlns='http://jabber.org/protocol/disco#info'>"
		  "<identity category='gateway' type='sms' name='imgw'/>"
		  "<feature var='http://jabber.org/protocol/disco#info'/>"
		  "<feature var='urn:xmpp:ping'/>"
		  "<feature var='urn:xmpp:receipts'/>"
		  "<feature var='urn:xmpp:chat-markers:0'/>"
		  "<feature var='http://jabber.org/protocol/chatstates'/>"
		  "<feature var='http://jabber.org/protocol/disco#items'/>"
		  "<feature var='jabber:iq:gateway'/>"
		  "<feature var='jid\\20escaping'/></query></iq>" },
		{ "<iq type='get' id='2' from='a@b' to='" NUMBER "'><query "
		  "xmlns='http://jabber.org/protocol/disco#info'/></iq>",
		  "<iq type='result' id='2' from='" NUMBER "' to='a@b'><query "
		  "xmlns='http://jabber.org/protocol/disco#info'>"
		  "<identity category='client' type='phone'/>"
		  "<feature var='http://jabber.org/protocol/disco#info'/>"
		  "<feature var='urn:xmpp:ping'/>"
		  "<feature var='urn:xmpp:receipts'/>"
		  "<feature var='urn:xmpp:chat-markers:0'/>"
		  "<feature var='http://jabber.org/protocol/chatstates'/>"
		  "</query></iq>" },
		{ "<iq type='get' id='3' from='a@b' to='" DOMAIN "'><query "
		  "xmlns='http://jabber.org/protocol/disco#items'/></iq>",
		  "<iq type='result' id='3' from='" DOMAIN "' to='a@b'><query "
		  "xmlns='http://jabber.org/protocol/disco#items'/></iq>" },
	};

	(void)state;
	CHECK(cases);
}

static void xmpp_10_what_is_not_offered_is_service_unavailable(void **state)
{
	static const struct query_case cases[] = {
		{ "<iq type='get' id='1' from='a@b' to='" DOMAIN "'>"
		  "<query xmlns='jabber:iq:version'/></iq>",
		  "<iq type='error' id='1' from='" DOMAIN
		  "' to='a@b'>" UNAVAILABLE "</iq>" },
		{ "<iq type='set' id='2' from='a@b' to='" DOMAIN "'>"
		  "<ping xmlns='urn:xmpp:ping'/></iq>",
		  "<iq type='error' id='2' from='" DOMAIN
		  "' to='a@b'>" UNAVAILABLE "</iq>" },
		{ "<iq type='get' id='3' from='a@b' to='abc@" DOMAIN "'>"
		  "<ping xmlns='urn:xmpp:ping'/></iq>",
		  "<iq type='error' id='3' from='abc@" DOMAIN
		  "' to='a@b'>" UNAVAILABLE "</iq>" },
		{ "<iq type='get' id='4' from='a@b' to='other.example'>"
		  "<ping xmlns='urn:xmpp:ping'/></iq>",
		  "<iq type='error' id='4' from='other.example' "
		  "to='a@b'>" UNAVAILABLE "</iq>" },
		{ "<iq type='get' id='5' from='a@b' to='" DOMAIN "'><query "
		  "xmlns='http://jabber.org/protocol/disco#info' node='n'/>"
		  "</iq>",
		  "<iq type='error' id='5' from='" DOMAIN
		  "' to='a@b'>" UNAVAILABLE "</iq>" },
		{ "<iq type='get' from='a@b' to='" DOMAIN "'/>",
		  "<iq type='error' from='" DOMAIN "' to='a@b'>" UNAVAILABLE
		  "</iq>" },
	};

	(void)state;
	CHECK(cases);
}

static void xmpp_10_results_and_errors_are_not_answered(void **state)
{
	static const struct query_case cases[] = {
		{ "<iq type='result' id='1' from='a@b' to='" DOMAIN "'/>",
		  NULL },
		{ "<iq type='error' id='1' from='a@b' to='" DOMAIN "'/>",
		  NULL },
		{ "<iq id='1' from='a@b' to='" DOMAIN "'/>", NULL },
		{ "<iq type='get' id='1' to='" DOMAIN "'/>", NULL },
		{ "<iq type='get' id='1' from='a@b'/>", NULL },
		{ "<other from='a@b' to='" DOMAIN "'/>", NULL },
	};

	(void)state;
	CHECK(cases);
}

static void xmpp_18_a_number_shares_no_presence(void **state)
{
	static const struct query_case cases[] = {
		{ "<presence type='subscribe' id='p' from='a@b' to='" NUMBER
		  "'/>",
		  "<presence type='unsubscribed' id='p' from='" NUMBER
		  "' to='a@b'/>" },
		{ "<presence type='probe' from='a@b' to='" NUMBER "'/>",
		  "<presence type='unavailable' from='" NUMBER "' to='a@b'/>" },
		{ "<presence from='a@b' to='" NUMBER "'/>", NULL },
		{ "<presence type='unavailable' from='a@b' to='" NUMBER "'/>",
		  NULL },
		{ "<presence type='error' from='a@b' to='" NUMBER "'/>", NULL },
	};

	(void)state;
	CHECK(cases);
}

#define PROMPT "<query xmlns='jabber:iq:gateway'>"

static void xmpp_15_a_client_asks_what_to_ask_for(void **state)
{
	static const struct query_case cases[] = {
		{ "<iq type='get' id='1' from='a@b' to='" DOMAIN "'>" PROMPT
		  "</query></iq>",
		  "<iq type='result' id='1' from='" DOMAIN "' to='a@b'>" PROMPT
		  "<desc>Enter the number in international form, beginning "
		  "with +.</desc><prompt>Phone number</prompt></query></iq>" },
		{ "<iq type='get' id='2' from='a@b' to='" NUMBER "'>" PROMPT
		  "</query></iq>",
		  "<iq type='error' id='2' from='" NUMBER
		  "' to='a@b'>" UNAVAILABLE "</iq>" },
	};

	(void)state;
	CHECK(cases);
}

/* NULL: the condition of the error. */
static const struct {
	const char *typed, *number, *condition;
} typed[] = {
	{ "+1 (202) 555-0199", "+12025550199", NULL },
	{ " +46.70.123 45 67\n", "+46701234567", NULL },
	{ "+12025550199", "+12025550199", NULL },
	{ "2025550199", NULL, "item-not-found" },
	{ "+1202555O199", NULL, "item-not-found" },
	{ "+1234567890123456", NULL, "item-not-found" },
	{ "alice", NULL, "item-not-found" },
	{ "                                                                 ",
	  NULL, "item-not-found" },
	{ "", NULL, "bad-request" },
};

static bool stanza_has_condition(xmpp_stanza_t *answer, const char *word)
{
	xmpp_stanza_t *error = xmpp_stanza_get_child_by_name(answer, "error");

	return error && xmpp_stanza_get_child_by_name(error, word);
}

static xmpp_stanza_t *type_in(xmpp_ctx_t *ctx, const char *text)
{
	char xml[512];
	xmpp_stanza_t *stanza, *answer;

	(void)snprintf(xml, sizeof xml,
		       "<iq type='set' id='1' from='a@b' to='" DOMAIN
		       "'>" PROMPT "<prompt>%s</prompt></query></iq>",
		       text);
	stanza = stanza_parse(ctx, xml);
	answer = query_answer(stanza, DOMAIN);
	xmpp_stanza_release(stanza);
	return answer;
}

static void xmpp_15_what_was_typed_becomes_a_jid_of_ours(void **state)
{
	xmpp_ctx_t *ctx = xmpp_ctx_new(NULL, NULL);

	(void)state;
	for (size_t i = 0; i < sizeof typed / sizeof typed[0]; i++) {
		xmpp_stanza_t *answer = type_in(ctx, typed[i].typed);
		char expected[512];

		(void)snprintf(expected, sizeof expected,
			       "<iq type='result' id='1' from='" DOMAIN
			       "' to='a@b'>" PROMPT "<jid>%s@" DOMAIN
			       "</jid></query></iq>",
			       typed[i].number ? typed[i].number : "");
		assert_non_null(answer);
		if (typed[i].number)
			assert_stanza(answer, expected);
		else if (!stanza_has_condition(answer, typed[i].condition))
			fail_msg("\"%s\"", typed[i].typed);
		xmpp_stanza_release(answer);
	}
	xmpp_ctx_free(ctx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(xmpp_13_a_ping_is_answered),
		cmocka_unit_test(xmpp_11_disco_says_gateway_or_phone),
		cmocka_unit_test(
			xmpp_10_what_is_not_offered_is_service_unavailable),
		cmocka_unit_test(xmpp_10_results_and_errors_are_not_answered),
		cmocka_unit_test(xmpp_18_a_number_shares_no_presence),
		cmocka_unit_test(xmpp_15_a_client_asks_what_to_ask_for),
		cmocka_unit_test(xmpp_15_what_was_typed_becomes_a_jid_of_ours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
