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
		  "<feature var='http://jabber.org/protocol/disco#items'/>"
		  "<feature var='jid\\20escaping'/></query></iq>" },
		{ "<iq type='get' id='2' from='a@b' to='" NUMBER "'><query "
		  "xmlns='http://jabber.org/protocol/disco#info'/></iq>",
		  "<iq type='result' id='2' from='" NUMBER "' to='a@b'><query "
		  "xmlns='http://jabber.org/protocol/disco#info'>"
		  "<identity category='client' type='phone'/>"
		  "<feature var='http://jabber.org/protocol/disco#info'/>"
		  "<feature var='urn:xmpp:ping'/></query></iq>" },
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(xmpp_13_a_ping_is_answered),
		cmocka_unit_test(xmpp_11_disco_says_gateway_or_phone),
		cmocka_unit_test(
			xmpp_10_what_is_not_offered_is_service_unavailable),
		cmocka_unit_test(xmpp_10_results_and_errors_are_not_answered),
		cmocka_unit_test(xmpp_18_a_number_shares_no_presence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
