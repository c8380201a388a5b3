#include "gateway/xmpp/receipt.h"

#include "tests/unit/stanza_unit.h"
#include "tests/unit/unit.h"

#define REQUEST	  "<request xmlns='urn:xmpp:receipts'/>"
#define MARKABLE  "<markable xmlns='urn:xmpp:chat-markers:0'/>"
#define RECEIVED  "<received xmlns='urn:xmpp:receipts' id='m1'/>"
#define DISPLAYED "<displayed xmlns='urn:xmpp:chat-markers:0' id='m2'/>"

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

static void rcpt_7_a_wish_is_read(void **state)
{
	static const struct {
		const char *xml;
		unsigned wants;
	} cases[] = {
		{ "<message id='1'>" REQUEST "</message>", MESSAGE_DELIVERED },
		{ "<message id='1'>" MARKABLE "</message>", MESSAGE_DISPLAYED },
		{ "<message id='1'>" REQUEST MARKABLE "</message>",
		  MESSAGE_DELIVERED | MESSAGE_DISPLAYED },
		{ "<message id='1'><body>x</body></message>", 0 },
		{ "<message id='1'><request xmlns='urn:other'/></message>", 0 },
		{ "<message id='1'><x xmlns='y'>" REQUEST "</x></message>", 0 },
		/* RCPT-8 */
		{ "<message>" REQUEST "</message>", 0 },
		{ "<message id=''>" REQUEST "</message>", 0 },
		{ "<message id='1'>" REQUEST RECEIVED "</message>", 0 },
		{ "<message id='1'>" MARKABLE DISPLAYED "</message>", 0 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		xmpp_stanza_t *stanza = stanza_parse(*state, cases[i].xml);

		assert_int_equal(receipt_wants(stanza), cases[i].wants);
		xmpp_stanza_release(stanza);
	}
}

static void rcpt_1_a_wish_is_written(void **state)
{
	static const struct {
		unsigned wants;
		const char *xml;
	} cases[] = {
		{ 0, "<message/>" },
		{ MESSAGE_FAILED, "<message/>" },
		{ MESSAGE_DELIVERED | MESSAGE_FAILED,
		  "<message>" REQUEST "</message>" },
		{ MESSAGE_DELIVERED | MESSAGE_DISPLAYED,
		  "<message>" REQUEST MARKABLE "</message>" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		xmpp_stanza_t *stanza = stanza_new(*state, "message", NULL);

		assert_true(receipt_ask(stanza, cases[i].wants));
		assert_stanza(stanza, cases[i].xml);
		xmpp_stanza_release(stanza);
	}
	assert_false(receipt_ask(NULL, MESSAGE_DELIVERED));
}

static void rcpt_2_an_acknowledgement_is_read(void **state)
{
	static const struct {
		const char *inner, *delivered, *displayed;
	} cases[] = {
		{ RECEIVED, "m1", NULL },
		{ DISPLAYED, NULL, "m2" },
		{ RECEIVED DISPLAYED, "m1", "m2" },
		{ "<received xmlns='urn:xmpp:chat-markers:0' id='m3'/>", "m3",
		  NULL },
		{ "<acknowledged xmlns='urn:xmpp:chat-markers:0' id='m3'/>",
		  NULL, "m3" },
		{ "<received xmlns='urn:xmpp:receipts'/>", NULL, NULL },
		{ "<received xmlns='urn:xmpp:carbons:2' id='m1'/>", NULL,
		  NULL },
		{ "", NULL, NULL },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char xml[256];
		const char *id;
		xmpp_stanza_t *stanza;

		snprintf(xml, sizeof xml, "<message>%s</message>",
			 cases[i].inner);
		stanza = stanza_parse(*state, xml);
		id = receipt_read(stanza, MESSAGE_DELIVERED);
		assert_string_equal(id ? id : "-", cases[i].delivered
							   ? cases[i].delivered
							   : "-");
		id = receipt_read(stanza, MESSAGE_DISPLAYED);
		assert_string_equal(id ? id : "-", cases[i].displayed
							   ? cases[i].displayed
							   : "-");
		xmpp_stanza_release(stanza);
	}
}

static void rcpt_7_rcpt_8_an_acknowledgement_asks_for_nothing(void **state)
{
	const struct stanza_address address = { "+1@gw.example.net",
						"alice@im.example/r1", "id1" };
	xmpp_stanza_t *stanza =
		receipt_stanza(*state, &address, MESSAGE_DELIVERED, "m1");

	assert_stanza(stanza,
		      "<message from='+1@gw.example.net' "
		      "to='alice@im.example/r1' id='id1' type='chat'>" RECEIVED
		      "<store xmlns='urn:xmpp:hints'/></message>");
	xmpp_stanza_release(stanza);
	stanza = receipt_stanza(*state, &address, MESSAGE_DISPLAYED, "m2");
	assert_stanza(stanza,
		      "<message from='+1@gw.example.net' "
		      "to='alice@im.example/r1' id='id1' type='chat'>" DISPLAYED
		      "<store xmlns='urn:xmpp:hints'/></message>");
	xmpp_stanza_release(stanza);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rcpt_7_a_wish_is_read),
		cmocka_unit_test(rcpt_1_a_wish_is_written),
		cmocka_unit_test(rcpt_2_an_acknowledgement_is_read),
		cmocka_unit_test(
			rcpt_7_rcpt_8_an_acknowledgement_asks_for_nothing),
	};

	return cmocka_run_group_tests_name("receipt", tests, make_context,
					   free_context);
}
