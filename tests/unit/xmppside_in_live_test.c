#include "gateway/xmpp/xmppside.h"

#include "tests/unit/component_server.h"
#include "tests/unit/queue_unit.h"
#include "tests/unit/stanza_unit.h"
#include "tests/unit/unit.h"

#define NUMBER	  "+12025550199@" SERVER_DOMAIN
#define ADDRESSES " from='alice@im.example/r1' to='" NUMBER "' "
#define STANZAS	  "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'"

/* In place of gateway/relay.c: what came in, for the test to look at. The
 * table is the test's own. */
struct relay_table {
	struct message *last;
	unsigned count;
};

struct world {
	struct server *server;
	struct xmppside *x;
	xmpp_ctx_t *ctx;
	struct relay_table relays;
};

void relay_submit(struct relay_table *table, struct message *message,
		  struct origin *origin)
{
	(void)origin;
	message_destroy(&table->last);
	table->last = message;
	table->count++;
}

static enum gateway_status create_side(struct world *w)
{
	const struct xmppside_options options = {
		.domain = SERVER_DOMAIN,
		.address = "127.0.0.1",
		.port = w->server->port,
		.secret = SERVER_SECRET,
		.error_wait_ms = 5,
		.queue_max = 50,
	};
	enum gateway_status status =
		xmppside_create(w->server->loop, &options, &w->x);

	if (status == GATEWAY_OK)
		xmppside_connect(w->x, &w->relays, NULL);
	return status;
}

static bool is_up(void *arg)
{
	struct world *w = arg;

	return xmppside_is_up(w->x);
}

static int setup(void **state)
{
	struct world *w = calloc(1, sizeof *w);

	*state = w;
	w->server = server_create();
	w->ctx = xmpp_ctx_new(NULL, NULL);
	assert_int_equal(create_side(w), GATEWAY_OK);
	assert_true(server_handshake(w->server));
	assert_true(server_wait(w->server, 5000, is_up, w));
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;

	xmppside_destroy(&w->x);
	message_destroy(&w->relays.last);
	server_destroy(w->server);
	xmpp_ctx_free(w->ctx);
	free(w);
	return 0;
}

static bool has_message(void *arg)
{
	struct world *w = arg;

	return w->relays.count > 0;
}

static void receive(struct world *w, const char *xml)
{
	server_send(w->server, xml);
	assert_true(server_wait(w->server, 5000, has_message, w));
}

static void answer(struct world *w, struct outcome outcome)
{
	struct side *side = xmppside_side(w->x);

	side->answer(side, NULL, w->relays.last, &outcome);
}

static void map_6_a_stanza_is_submitted_with_id_and_times(void **state)
{
	struct world *w = *state;
	const struct message *m;

	receive(w, "<message" ADDRESSES "id='m7' xml:lang='en'>"
		   "<body>Hi</body></message>");
	m = w->relays.last;
	assert_string_equal(m->target, "+12025550199");
	assert_string_equal(m->peer, "127.0.0.1");
	assert_int_equal(strlen(m->id), MESSAGE_ID_SIZE - 1);
	assert_true(m->arrived_ms > 0 && m->arrived_s > 0);
	assert_string_equal(m->body, "Hi");
}

static void success_is_told_by_silence(void **state)
{
	struct world *w = *state;

	receive(w, "<message" ADDRESSES "id='m7'><body>Hi</body></message>");
	answer(w, outcome_of_sip(200, NULL));
	answer(w, outcome_of_sip(202, NULL));
	server_pause(w->server, 20);
	assert_int_equal(w->server->got_len, 0);
}

static void failure_is_one_error_with_the_same_id(void **state)
{
	struct world *w = *state;

	receive(w, "<message" ADDRESSES "id='m7'><body>Hi</body></message>");
	answer(w, outcome_of_sip(404, "nobody there"));
	assert_true(server_expect(w->server, "</message>"));
	server_pause(w->server, 20);
	assert_same_xml(w->ctx, w->server->got,
			"<message type='error' id='m7' from='" NUMBER
			"' to='alice@im.example/r1'><error type='cancel'>"
			"<item-not-found " STANZAS "/><text " STANZAS
			">nobody there</text></error></message>");
}

static void an_answer_without_a_link_is_dropped(void **state)
{
	struct world *w = *state;

	receive(w, "<message" ADDRESSES "id='m7'><body>Hi</body></message>");
	server_hang_up(w->server);
	server_pause(w->server, 20);
	assert_false(xmppside_is_up(w->x));
	answer(w, outcome_of_sip(404, NULL));
	assert_int_equal(w->relays.count, 1);
}

static void what_is_refused_gets_one_error_and_no_relay(void **state)
{
	static const struct {
		const char *xml, *condition;
	} cases[] = {
		{ "<message from='a@b' to='abc@" SERVER_DOMAIN
		  "'><body>x</body></message>",
		  "<item-not-found" },
		{ "<message from='a@b' to='" SERVER_DOMAIN
		  "'><body>x</body></message>",
		  "<service-unavailable" },
		{ "<message" ADDRESSES "type='groupchat'><body>x</body>"
		  "</message>",
		  "<service-unavailable" },
	};
	struct world *w = *state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		server_forget(w->server);
		server_send(w->server, cases[i].xml);
		assert_true(server_expect(w->server, "</message>"));
		assert_non_null(strstr(w->server->got, cases[i].condition));
	}
	assert_int_equal(w->relays.count, 0);
}

static void what_is_ignored_gets_nothing(void **state)
{
	static const char *const cases[] = {
		"<message" ADDRESSES "type='error'><error/></message>",
		"<message" ADDRESSES "type='headline'><body>x</body></message>",
		"<message" ADDRESSES "><wondering "
		"xmlns='http://jabber.org/protocol/chatstates'/></message>",
		"<message" ADDRESSES "/>",
		"<message><body>x</body></message>",
		"<iq" ADDRESSES "type='result' id='1'/>",
		"<presence" ADDRESSES "/>",
		"<invented" ADDRESSES "/>",
	};
	struct world *w = *state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		server_send(w->server, cases[i]);
	server_pause(w->server, 30);
	assert_int_equal(w->server->got_len, 0);
	assert_int_equal(w->relays.count, 0);
	assert_true(xmppside_is_up(w->x));
}

static void xmpp_29_a_body_too_large_is_a_policy_violation(void **state)
{
	struct world *w = *state;
	char *body = calloc(1, MESSAGE_BODY_MAX + 2);

	memset(body, 'x', MESSAGE_BODY_MAX + 1);
	server_send(w->server, "<message" ADDRESSES "id='big'><body>");
	server_send(w->server, body);
	server_send(w->server, "</body></message>");
	free(body);
	assert_true(server_expect(w->server, "<policy-violation"));
	assert_int_equal(w->relays.count, 0);
	receive(w, "<message" ADDRESSES "><body>next</body></message>");
}

static void xmpp_4_a_stanza_of_ten_thousand_levels_is_survived(void **state)
{
	struct world *w = *state;

	server_send(w->server, "<message" ADDRESSES "><body>x</body>");
	for (int i = 0; i < 10000; i++)
		server_send(w->server, "<a>");
	for (int i = 0; i < 10000; i++)
		server_send(w->server, "</a>");
	receive(w, "</message>");
	assert_string_equal(w->relays.last->body, "x");
}

static void xmpp_13_ping_and_disco_are_answered(void **state)
{
	struct world *w = *state;

	server_send(w->server,
		    "<iq type='get' id='p1' from='a@b' to='" SERVER_DOMAIN
		    "'><ping xmlns='urn:xmpp:ping'/>"
		    "</iq>");
	assert_true(server_expect(w->server, "/>"));
	assert_same_xml(w->ctx, w->server->got,
			"<iq type='result' id='p1' from='" SERVER_DOMAIN
			"' to='a@b'/>");
	server_send(w->server,
		    "<iq type='get' id='d1' from='a@b' to='" SERVER_DOMAIN
		    "'><query xmlns='http://jabber.org/protocol/disco#info'/>"
		    "</iq>");
	assert_true(server_expect(w->server, "jid\\20escaping"));
}

static void xmpp_18_a_subscription_is_declined(void **state)
{
	struct world *w = *state;

	server_send(w->server, "<presence" ADDRESSES "type='subscribe'/>");
	assert_true(server_expect(w->server, "unsubscribed"));
}

static void a_draining_side_takes_nothing_more(void **state)
{
	struct world *w = *state;

	xmppside_drain(w->x);
	server_send(w->server,
		    "<message" ADDRESSES "id='m7'><body>Hi</body></message>");
	assert_true(server_expect(w->server, "<resource-constraint"));
	assert_int_equal(w->relays.count, 0);
}

/* Under failing allocations: the whole way of one message out and one in. */

static struct world *starving; /* unit_fail_allocations has no argument */

static void on_done(struct attempt *attempt, const struct outcome *outcome)
{
	bool *done = attempt->arg;

	(void)outcome;
	*done = true;
}

static bool is_true(void *arg)
{
	return *(bool *)arg;
}

static bool fill(struct message *m)
{
	return m && message_set(&m->from, "tel:+1") == GATEWAY_OK &&
	       message_set_body(m, "Hello", 5) == GATEWAY_OK;
}

static void send_one(struct world *w)
{
	struct side *side = xmppside_side(w->x);
	struct message *m = message_create();
	bool done = false;
	struct attempt attempt = { .message = m,
				   .hop = { .recipient = "a@b" },
				   .timeout_ms = 100,
				   .done = on_done,
				   .arg = &done };

	if (fill(m)) {
		side->send(side, &attempt);
		assert_false(done);
		assert_true(server_wait(w->server, 5000, is_true, &done));
		assert_null(attempt.state);
	}
	message_destroy(&m);
}

static void exercise(void)
{
	struct world *w = starving;

	server_hang_up(w->server);
	server_forget(w->server);
	if (create_side(w) != GATEWAY_OK)
		return;
	if (server_wait(w->server, 200, server_has_got,
			&(struct server_expected){ w->server, "<stream:" })) {
		server_send(w->server,
			    SERVER_HEADER "<handshake/><message" ADDRESSES
					  "><body>x</body></message>");
		(void)server_wait(w->server, 200, is_up, w);
	}
	send_one(w);
	xmppside_destroy(&w->x);
}

static void each_allocation_may_fail(void **state)
{
	struct world *w = *state;

	xmppside_destroy(&w->x);
	starving = w;
	assert_true(unit_fail_allocations(exercise) > 15);
}

#define LIVE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LIVE(map_6_a_stanza_is_submitted_with_id_and_times),
		LIVE(success_is_told_by_silence),
		LIVE(failure_is_one_error_with_the_same_id),
		LIVE(an_answer_without_a_link_is_dropped),
		LIVE(what_is_refused_gets_one_error_and_no_relay),
		LIVE(what_is_ignored_gets_nothing),
		LIVE(xmpp_29_a_body_too_large_is_a_policy_violation),
		LIVE(xmpp_4_a_stanza_of_ten_thousand_levels_is_survived),
		LIVE(xmpp_13_ping_and_disco_are_answered),
		LIVE(xmpp_18_a_subscription_is_declined),
		LIVE(a_draining_side_takes_nothing_more),
		LIVE(each_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
