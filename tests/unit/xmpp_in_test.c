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

static struct xmppside_in_result read_xml(void *ctx, const char *xml)
{
	xmpp_stanza_t *stanza = stanza_parse(ctx, xml);
	struct xmppside_in_result result = xmppside_in_read(stanza, DOMAIN);

	/* what is static may outlive the stanza, the type may not */
	if (result.verdict == XMPPSIDE_IN_IGNORE)
		result.reason = NULL;
	xmpp_stanza_release(stanza);
	return result;
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
		{ "<message" ADDRESSES "><composing "
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
			map_6_a_stanza_becomes_a_message_to_the_number),
		cmocka_unit_test(
			what_is_missing_in_a_stanza_is_missing_in_the_message),
		cmocka_unit_test(
			xmpp_16_only_a_number_at_our_domain_is_an_address),
		cmocka_unit_test(a_resource_of_the_number_does_not_matter),
		cmocka_unit_test(
			xmpp_7_and_17_what_is_no_message_is_refused_or_ignored),
		cmocka_unit_test(xmpp_29_a_body_has_a_bound),
		cmocka_unit_test(
			every_failed_allocation_is_a_resource_constraint),
	};

	return cmocka_run_group_tests(tests, make_context, free_context);
}
