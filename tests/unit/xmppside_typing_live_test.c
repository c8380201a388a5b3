/** Chat states over the link, both ways (gateway/xmpp/xmpp_typing.c,
 *  conversation.c). */

#include "gateway/xmpp/xmppside.h"

#include "gateway/body/iscomposing.h"
#include "gateway/xmpp/chatstate.h"
#include "tests/unit/xmppside_world.h"

#define NUMBER	    "+12025550199@" SERVER_DOMAIN
#define ADDRESSES   " from='alice@im.example/r1' to='" NUMBER "' "
#define STATE(name) "<" name " xmlns='" CHATSTATE_NS "'/>"
#define DOCUMENT(inside)                                                     \
	"<isComposing xmlns='urn:ietf:params:xml:ns:im-iscomposing'>" inside \
	"</isComposing>"
#define STANDALONE(name)                                                       \
	"<message from='" NUMBER "' to='alice@im.example' type='chat'>" STATE( \
		name) "<no-store xmlns='urn:xmpp:hints'/></message>"

static struct relay_table relays;

static void start(struct world *w)
{
	memset(&relays, 0, sizeof relays);
	xmppside_connect(w->x, &relays, NULL);
	xmppside_enable(w->x, true);
	come_up(w);
}

static int end(void **state)
{
	int done = teardown(state);

	message_destroy(&relays.last);
	return done;
}

/* What was sent to the side before has been dealt with, and what that wrote
 * has come: a ping goes the same ways. */
static void settle(struct world *w)
{
	static unsigned count;
	char id[32], xml[256];

	snprintf(id, sizeof id, "settled-%u.", ++count);
	snprintf(xml, sizeof xml,
		 "<iq type='get' id='%s' from='alice@im.example' to='%s'>"
		 "<ping xmlns='urn:xmpp:ping'/></iq>",
		 id, SERVER_DOMAIN);
	server_send(w->server, xml);
	assert_true(server_expect(w->server, id));
}

static void assert_no_stanza(struct world *w)
{
	settle(w);
	assert_null(strstr(w->server->got, "<message"));
}

/* The one stanza that has come. */
static void assert_shown(struct world *w, const char *expected)
{
	char *end;

	assert_true(server_expect(w->server, "</message>"));
	end = strstr(w->server->got, "</message>") + strlen("</message>");
	*end = '\0';
	assert_same_xml(w->ctx, w->server->got, expected);
}

/* Alice's client knows chat states. */
static void support(struct world *w)
{
	unsigned before = relays.count;

	server_send(w->server, "<message" ADDRESSES
			       "><body>x</body>" STATE("active") "</message>");
	settle(w);
	assert_int_equal(relays.count, before + 1);
}

static struct try *send_typing(struct world *w, const char *document)
{
	struct try *t = &w->tries[w->count];

	t->message = message_of(w->count++, document);
	t->message->purpose = MESSAGE_COMPOSING;
	assert_int_equal(
		message_set(&t->message->content_type, ISCOMPOSING_TYPE),
		GATEWAY_OK);
	t->attempt = (struct attempt){ .message = t->message,
				       .timeout_ms = 25000,
				       .done = on_done,
				       .arg = t };
	snprintf(t->attempt.hop.recipient, sizeof t->attempt.hop.recipient,
		 "alice@im.example");
	server_forget(w->server);
	t->sending = true;
	w->side->send(w->side, &t->attempt);
	t->sending = false;
	return t;
}

static void assert_accepted(struct world *w, const char *document)
{
	assert_done(w, send_typing(w, document), OUTCOME_ACCEPTED, 202);
}

static void rcpt_12_without_support_there_is_202_and_no_stanza(void **state)
{
	struct world *w = *state;

	start(w);
	assert_accepted(w, DOCUMENT("<state>active</state>"));
	assert_no_stanza(w);
}

static void rcpt_10_conf_11_a_state_is_a_chat_without_a_body(void **state)
{
	struct world *w = *state;

	start(w);
	support(w);
	assert_accepted(w, DOCUMENT("<state>active</state>"));
	assert_shown(w, STANDALONE("composing"));
	assert_accepted(w, DOCUMENT("<state>idle</state>"));
	assert_shown(w, STANDALONE("active"));
}

static void rcpt_11_typing_without_a_refresh_ends(void **state)
{
	struct world *w = *state;

	start(w);
	support(w);
	assert_accepted(w, DOCUMENT("<state>active</state>"
				    "<refresh>1</refresh>"));
	assert_shown(w, STANDALONE("composing"));
	server_forget(w->server);
	assert_shown(w, STANDALONE("active"));
}

static void rcpt_12_a_text_says_active_where_that_is_known(void **state)
{
	struct world *w = *state;

	start(w);
	(void)send_text(w, "before");
	assert_true(server_expect(w->server, "</message>"));
	assert_null(strstr(w->server->got, CHATSTATE_NS));
	support(w);
	server_forget(w->server);
	(void)send_text(w, "after");
	assert_true(server_expect(w->server, "</message>"));
	assert_non_null(strstr(w->server->got, "<active "));
}

static void rcpt_11_a_broken_document_is_400(void **state)
{
	struct world *w = *state;

	start(w);
	assert_done(w, send_typing(w, "Hello"), OUTCOME_PERMANENT, 400);
	assert_no_stanza(w);
}

static void rcpt_11_while_the_link_is_down_nothing_is_kept(void **state)
{
	struct world *w = *state;

	start(w);
	support(w);
	server_hang_up(w->server);
	assert_true(server_wait(w->server, 5000, is_down, w));
	assert_done(w, send_typing(w, DOCUMENT("<state>active</state>")),
		    OUTCOME_ACCEPTED, 202);
	come_up(w);
	assert_no_stanza(w);
}

static void say(struct world *w, const char *name)
{
	char xml[512];

	snprintf(xml, sizeof xml,
		 "<message" ADDRESSES "type='chat' id='s1'><%s xmlns='%s'/>"
		 "<thread>t1</thread></message>",
		 name, CHATSTATE_NS);
	server_send(w->server, xml);
	settle(w);
}

static void rcpt_10_13_a_state_becomes_a_message_or_nothing(void **state)
{
	static const struct {
		const char *name;
		bool comes, composing;
	} steps[] = {
		{ "active", false, false },    { "composing", true, true },
		{ "composing", false, false }, { "inactive", true, false },
		{ "paused", false, false },    { "wondering", false, false },
		{ "gone", false, false },      { "composing", true, true },
		{ "gone", false, false },
	};
	struct world *w = *state;
	unsigned count = 0;

	start(w);
	for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
		say(w, steps[i].name);
		count += steps[i].comes;
		if (relays.count != count)
			fail_msg("step %zu", i);
		if (!steps[i].comes)
			continue;
		assert_int_equal(relays.last->purpose, MESSAGE_COMPOSING);
		assert_int_equal(relays.last->composing, steps[i].composing);
		assert_int_equal(relays.last->body_len, 0);
		assert_string_equal(relays.last->thread, "t1");
		assert_false(relays.last->has_key);
	}
}

static void rcpt_10_nobody_hears_that_a_state_failed(void **state)
{
	const struct outcome no = outcome_of_sip(415, NULL);
	struct world *w = *state;

	start(w);
	say(w, "composing");
	w->side->answer(w->side, NULL, relays.last, &no);
	server_send(w->server,
		    "<message from='alice@im.example' to='x@" SERVER_DOMAIN
		    "'>" STATE("composing") "</message>");
	assert_no_stanza(w);
	assert_int_equal(relays.count, 1);
}

static void rcpt_10_while_draining_states_are_dropped(void **state)
{
	struct world *w = *state;

	start(w);
	xmppside_drain(w->x);
	say(w, "composing");
	assert_int_equal(relays.count, 0);
	assert_no_stanza(w);
}

#undef LIVE
#define LIVE(test) cmocka_unit_test_setup_teardown(test, setup, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LIVE(rcpt_12_without_support_there_is_202_and_no_stanza),
		LIVE(rcpt_10_conf_11_a_state_is_a_chat_without_a_body),
		LIVE(rcpt_11_typing_without_a_refresh_ends),
		LIVE(rcpt_12_a_text_says_active_where_that_is_known),
		LIVE(rcpt_11_a_broken_document_is_400),
		LIVE(rcpt_11_while_the_link_is_down_nothing_is_kept),
		LIVE(rcpt_10_13_a_state_becomes_a_message_or_nothing),
		LIVE(rcpt_10_nobody_hears_that_a_state_failed),
		LIVE(rcpt_10_while_draining_states_are_dropped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
