#include "gateway/xmpp/xmpp_in.h"

#include "tests/unit/stanza_unit.h"
#include "tests/unit/unit.h"

#define DOMAIN	  "gw.example.net"
#define ADDRESSES " from='alice@im.example/r1' to='+12025550199@" DOMAIN "'"

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

static struct xmppside_in_result read_with(void *ctx, const char *xml,
					   bool sip_addresses)
{
	xmpp_stanza_t *stanza = stanza_parse(ctx, xml);
	struct xmppside_in_result result = xmppside_in_read(
		stanza,
		&(const struct xmppside_in_options){ DOMAIN, sip_addresses });

	/* what is static may outlive the stanza, the type may not */
	if (result.verdict == XMPPSIDE_IN_IGNORE)
		result.reason = NULL;
	xmpp_stanza_release(stanza);
	return result;
}

static struct xmppside_in_result read_xml(void *ctx, const char *xml)
{
	return read_with(ctx, xml, false);
}

static void xmpp_16_a_sip_address_is_one_when_that_is_enabled(void **state)
{
	static const struct {
		const char *local, *target; /* NULL: item-not-found */
	} cases[] = {
		{ "bob\\40a.example", "sip:bob@a.example" },
		{ "o\\27brien\\26co\\40a.example", "sip:o'brien&co@a.example" },
		{ "a\\40b\\40a.example", "sip:a%40b@a.example" },
		{ "+12025550199", "+12025550199" },
		{ "bob", NULL },
		{ "bob\\40", NULL },
		{ "\\40a.example", NULL },
		{ "anonymous", NULL },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct xmppside_in_result in;
		char xml[256];

		snprintf(xml, sizeof xml,
			 "<message from='alice@im.example/r1' to='%s@" DOMAIN
			 "'><body>x</body></message>",
			 cases[i].local);
		in = read_with(*state, xml, true);
		if (!cases[i].target) {
			assert_int_equal(in.verdict, XMPPSIDE_IN_REFUSE);
			assert_int_equal(in.condition,
					 CONDITION_ITEM_NOT_FOUND);
			continue;
		}
		assert_int_equal(in.verdict, XMPPSIDE_IN_DELIVER);
		assert_string_equal(in.message->target, cases[i].target);
		message_destroy(&in.message);
	}
}

static void map_6_a_stanza_becomes_a_message_to_the_number(void **state)
{
	struct xmppside_in_result in = read_xml(
		*state, "<message" ADDRESSES " id='m7' xml:lang='en'>"
			"<subject>S</subject><body>R\xc3\xa9ponse &lt;</body>"
			"<thread>t1</thread></message>");
	struct message *m = in.message;

	assert_int_equal(in.verdict, XMPPSIDE_IN_DELIVER);
	assert_int_equal(m->origin, PROTOCOL_XMPP);
	assert_int_equal(m->kind, PLAN_REPLY);
	assert_string_equal(m->from, "alice@im.example/r1");
	assert_string_equal(m->to, "+12025550199@" DOMAIN);
	assert_string_equal(m->target, "+12025550199");
	assert_string_equal(m->stanza_id, "m7");
	assert_string_equal(m->subject, "S");
	assert_string_equal(m->thread, "t1");
	assert_string_equal(m->language, "en");
	assert_string_equal(m->body, "R\xc3\xa9ponse <");
	assert_int_equal(m->body_len, strlen(m->body));
	assert_null(m->content_type);
	message_destroy(&in.message);
}

static void what_is_missing_in_a_stanza_is_missing_in_the_message(void **state)
{
	struct xmppside_in_result in =
		read_xml(*state, "<message" ADDRESSES " type='chat'>"
				 "<body xml:lang='cs'>x</body></message>");

	assert_int_equal(in.verdict, XMPPSIDE_IN_DELIVER);
	assert_null(in.message->stanza_id);
	assert_null(in.message->subject);
	assert_null(in.message->thread);
	assert_string_equal(in.message->language, "cs"); /* of the body */
	message_destroy(&in.message);
}

static void xmpp_16_only_a_number_at_our_domain_is_an_address(void **state)
{
	static const struct {
		const char *to;
		enum condition condition;
	} cases[] = {
		{ "abc@" DOMAIN, CONDITION_ITEM_NOT_FOUND },
		{ "12025550199@" DOMAIN, CONDITION_ITEM_NOT_FOUND },
		{ "+1234567890123456@" DOMAIN, CONDITION_ITEM_NOT_FOUND },
		{ "+@" DOMAIN, CONDITION_ITEM_NOT_FOUND },
		{ DOMAIN, CONDITION_SERVICE_UNAVAILABLE },
		{ DOMAIN "/res", CONDITION_SERVICE_UNAVAILABLE },
		{ "+12025550199@other.example", CONDITION_SERVICE_UNAVAILABLE },
		{ "@" DOMAIN, CONDITION_JID_MALFORMED },
		{ "a b@" DOMAIN, CONDITION_JID_MALFORMED },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char xml[256];
		struct xmppside_in_result in;

		snprintf(xml, sizeof xml,
			 "<message from='a@b' to='%s'><body>x</body></message>",
			 cases[i].to);
		in = read_xml(*state, xml);
		assert_int_equal(in.verdict, XMPPSIDE_IN_REFUSE);
		assert_int_equal(in.condition, cases[i].condition);
		assert_non_null(in.reason);
	}
}

static void a_resource_of_the_number_does_not_matter(void **state)
{
	struct xmppside_in_result in =
		read_xml(*state, "<message from='a@b' to='+1@" DOMAIN "/phone'>"
				 "<body>x</body></message>");

	assert_int_equal(in.verdict, XMPPSIDE_IN_DELIVER);
	assert_string_equal(in.message->target, "+1");
	message_destroy(&in.message);
}

static void xmpp_7_and_17_what_is_no_message_is_refused_or_ignored(void **state)
{
	static const struct {
		const char *xml;
		enum xmppside_in_verdict verdict;
		enum condition condition;
	} cases[] = {
		{ "<message" ADDRESSES " type='groupchat'><body>x</body>"
		  "</message>",
		  XMPPSIDE_IN_REFUSE, CONDITION_SERVICE_UNAVAILABLE },
		{ "<message" ADDRESSES " type='headline'><body>x</body>"
		  "</message>",
		  XMPPSIDE_IN_IGNORE, CONDITION_NONE },
		{ "<message" ADDRESSES "><wondering "
		  "xmlns='http://jabber.org/protocol/chatstates'/></message>",
		  XMPPSIDE_IN_IGNORE, CONDITION_NONE },
		{ "<message from='a@b' to='abc@" DOMAIN "'><composing "
		  "xmlns='http://jabber.org/protocol/chatstates'/></message>",
		  XMPPSIDE_IN_IGNORE, CONDITION_NONE },
		{ "<message" ADDRESSES "><body/></message>", XMPPSIDE_IN_IGNORE,
		  CONDITION_NONE },
		{ "<message to='+1@" DOMAIN "'><body>x</body></message>",
		  XMPPSIDE_IN_IGNORE, CONDITION_NONE },
		{ "<message from='a@b'><body>x</body></message>",
		  XMPPSIDE_IN_IGNORE, CONDITION_NONE },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct xmppside_in_result in = read_xml(*state, cases[i].xml);

		assert_int_equal(in.verdict, cases[i].verdict);
		assert_int_equal(in.condition, cases[i].condition);
	}
}

static void rcpt_10_a_chat_state_alone_is_a_message_of_its_own(void **state)
{
	static const char *const names[] = { "composing", "active", "paused",
					     "inactive", "gone" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		char xml[256];
		struct xmppside_in_result in;

		snprintf(xml, sizeof xml,
			 "<message" ADDRESSES "><%s xmlns='http://jabber.org/"
			 "protocol/chatstates'/><thread>t1</thread></message>",
			 names[i]);
		in = read_xml(*state, xml);
		assert_int_equal(in.verdict, XMPPSIDE_IN_DELIVER);
		assert_int_equal(in.message->purpose, MESSAGE_COMPOSING);
		assert_int_equal(in.message->composing, i == 0);
		assert_string_equal(in.message->thread, "t1");
		assert_string_equal(in.message->target, "+12025550199");
		message_destroy(&in.message);
	}
}

static void rcpt_10_beside_a_text_a_chat_state_is_none(void **state)
{
	struct xmppside_in_result in = read_xml(
		*state, "<message" ADDRESSES "><body>x</body><active xmlns="
			"'http://jabber.org/protocol/chatstates'/></message>");

	assert_int_equal(in.message->purpose, MESSAGE_TEXT);
	assert_false(in.message->composing);
	message_destroy(&in.message);
}

static char *message_with_body(size_t len)
{
	static const char head[] = "<message" ADDRESSES "><body>";
	static const char tail[] = "</body></message>";
	char *xml = malloc(sizeof head + len + sizeof tail);

	assert_non_null(xml);
	memcpy(xml, head, sizeof head - 1);
	memset(xml + sizeof head - 1, 'x', len);
	memcpy(xml + sizeof head - 1 + len, tail, sizeof tail);
	return xml;
}

static void xmpp_29_a_body_has_a_bound(void **state)
{
	char *xml = message_with_body(MESSAGE_BODY_MAX);
	struct xmppside_in_result in = read_xml(*state, xml);

	assert_int_equal(in.verdict, XMPPSIDE_IN_DELIVER);
	message_destroy(&in.message);
	free(xml);
	xml = message_with_body(MESSAGE_BODY_MAX + 1);
	in = read_xml(*state, xml);
	assert_int_equal(in.condition, CONDITION_POLICY_VIOLATION);
	free(xml);
}

#define LINK(url) "<x xmlns='jabber:x:oob'><url>" url "</url></x>"

static void xmpp_27_a_link_alone_is_the_text(void **state)
{
	struct xmppside_in_result in =
		read_xml(*state, "<message" ADDRESSES ">" LINK("https://a/1")
					 LINK("https://a/2") "</message>");

	assert_int_equal(in.verdict, XMPPSIDE_IN_DELIVER);
	assert_string_equal(in.message->body, "https://a/1\nhttps://a/2");
	message_destroy(&in.message);
	in = read_xml(*state, "<message" ADDRESSES ">" LINK("") "</message>");
	assert_int_equal(in.verdict, XMPPSIDE_IN_IGNORE);
	in = read_xml(*state, "<message" ADDRESSES
			      "><sent xmlns='urn:xmpp:carbons:2'/>" LINK(
				      "https://a/1") "</message>");
	assert_int_equal(in.verdict, XMPPSIDE_IN_IGNORE);
}

static void xmpp_26_the_delay_of_the_senders_server_is_its_date(void **state)
{
	struct xmppside_in_result in =
		read_xml(*state, "<message" ADDRESSES "><body>x</body><delay "
				 "xmlns='urn:xmpp:delay' from='im.example' "
				 "stamp='2026-01-02T03:04:05Z'/></message>");

	assert_int_equal(in.verdict, XMPPSIDE_IN_DELIVER);
	assert_int_equal(in.message->date_s, 1767323045);
	message_destroy(&in.message);
}

/* The first is the message; which ones are the same again? */
static const struct {
	const char *xml;
	bool same;
} copies[] = {
	{ "<message" ADDRESSES " id='7'><body>x</body></message>", true },
	{ "<message" ADDRESSES " id='7' type='chat'><subject>s</subject>"
	  "<body>x</body></message>",
	  true },
	{ "<message from='alice@im.example/other' to='+12025550199@" DOMAIN
	  "/r' id='7'><body>x</body></message>",
	  true },
	{ "<message" ADDRESSES " id='8'><body>x</body>"
	  "<origin-id xmlns='urn:xmpp:sid:0' id='7'/></message>",
	  true },
	{ "<message" ADDRESSES " id='7'><body>x</body>"
	  "<stanza-id xmlns='urn:xmpp:sid:0' id='9' by='" DOMAIN
	  "'/></message>",
	  true },
	{ "<message" ADDRESSES " id='9'><body>x</body>"
	  "<stanza-id xmlns='urn:xmpp:sid:0' id='7' by='" DOMAIN
	  "'/></message>",
	  false },
	{ "<message" ADDRESSES " id='8'><body>x</body></message>", false },
	{ "<message" ADDRESSES " id='7'><body>y</body></message>", false },
	{ "<message from='bob@im.example/r1' to='+12025550199@" DOMAIN
	  "' id='7'><body>x</body></message>",
	  false },
	{ "<message from='alice@im.example/r1' to='+12025550198@" DOMAIN
	  "' id='7'><body>x</body></message>",
	  false },
};

static void xmpp_25_a_stanza_that_comes_again_has_the_same_key(void **state)
{
	struct xmppside_in_result first = read_xml(*state, copies[0].xml);

	assert_true(first.message->has_key);
	for (size_t i = 0; i < sizeof copies / sizeof copies[0]; i++) {
		struct xmppside_in_result in = read_xml(*state, copies[i].xml);

		assert_true(in.message->has_key);
		if ((memcmp(in.message->key, first.message->key,
			    MESSAGE_KEY_SIZE) == 0) != copies[i].same)
			fail_msg("%s", copies[i].xml);
		message_destroy(&in.message);
	}
	message_destroy(&first.message);
	first = read_xml(*state, "<message" ADDRESSES "><body>x</body>"
				 "</message>");
	assert_false(first.message->has_key);
	message_destroy(&first.message);
}

static void exercise(void)
{
	xmpp_ctx_t *ctx = xmpp_ctx_new(NULL, NULL);
	struct xmppside_in_result in = read_xml(
		ctx, "<message" ADDRESSES " id='1' xml:lang='en'><body>x</body>"
		     "<subject>s</subject><thread>t</thread></message>");

	if (in.verdict == XMPPSIDE_IN_REFUSE)
		assert_int_equal(in.condition, CONDITION_RESOURCE_CONSTRAINT);
	message_destroy(&in.message);
	xmpp_ctx_free(ctx);
}

static void every_failed_allocation_is_a_resource_constraint(void **state)
{
	(void)state;
	assert_true(unit_fail_allocations(exercise) > 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			xmpp_16_a_sip_address_is_one_when_that_is_enabled),
		cmocka_unit_test(
			map_6_a_stanza_becomes_a_message_to_the_number),
		cmocka_unit_test(
			what_is_missing_in_a_stanza_is_missing_in_the_message),
		cmocka_unit_test(
			xmpp_16_only_a_number_at_our_domain_is_an_address),
		cmocka_unit_test(a_resource_of_the_number_does_not_matter),
		cmocka_unit_test(
			xmpp_7_and_17_what_is_no_message_is_refused_or_ignored),
		cmocka_unit_test(
			rcpt_10_a_chat_state_alone_is_a_message_of_its_own),
		cmocka_unit_test(rcpt_10_beside_a_text_a_chat_state_is_none),
		cmocka_unit_test(xmpp_29_a_body_has_a_bound),
		cmocka_unit_test(xmpp_27_a_link_alone_is_the_text),
		cmocka_unit_test(
			xmpp_26_the_delay_of_the_senders_server_is_its_date),
		cmocka_unit_test(
			xmpp_25_a_stanza_that_comes_again_has_the_same_key),
		cmocka_unit_test(
			every_failed_allocation_is_a_resource_constraint),
	};

	return cmocka_run_group_tests(tests, make_context, free_context);
}
