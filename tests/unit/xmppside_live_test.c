#include "gateway/xmpp/xmppside.h"

#include "tests/unit/xmppside_world.h"

#define ERROR_FROM(who, id, condition)                                        \
	"<message type='error' id='" id "' from='" who                        \
	"' to='+12025550199@gw.example.net'><error type='cancel'><" condition \
	" xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"                      \
	"</error></message>"

static void map_7_the_golden_stanza_is_202_after_the_wait(void **state)
{
	struct world *w = *state;
	struct try *t;

	come_up(w);
	t = send_text(w, "Hello");
	assert_true(server_expect(w->server, "</message>"));
	assert_same_xml(w->ctx, w->server->got,
			"<message from='+12025550199@gw.example.net' "
			"to='alice@im.example' id='id-of-20-letters-000' "
			"xml:lang='en'><subject>Test</subject><body>Hello"
			"</body><thread>c1@127.0.0.11</thread><origin-id "
			"xmlns='urn:xmpp:sid:0' id='id-of-20-letters-000'/>"
			"</message>");
	assert_int_equal(t->done, 0); /* CONF-6: the wait is not over */
	assert_done(w, t, OUTCOME_ACCEPTED, 202);
}

static void conf_6_without_a_wait_it_is_202_once_written(void **state)
{
	struct world *w = *state;

	come_up(w);
	assert_done(w, send_text(w, "Hello"), OUTCOME_ACCEPTED, 202);
	assert_non_null(strstr(w->server->got, "Hello"));
}

static void conf_9_an_error_within_the_wait_is_the_outcome(void **state)
{
	struct world *w = *state;
	struct try *first, *second;

	come_up(w);
	first = send_text(w, "1");
	second = send_text(w, "2");
	assert_true(server_expect(w->server, ">2</body>"));
	server_send(w->server,
		    ERROR_FROM("alice@im.example", "id-of-20-letters-001",
			       "item-not-found"));
	assert_done(w, second, OUTCOME_PERMANENT, 604);
	assert_done(w, first, OUTCOME_ACCEPTED, 202);
}

static void conf_10_strict_makes_service_unavailable_403(void **state)
{
	struct world *w = *state;
	struct try *t;

	come_up(w);
	t = send_text(w, "1");
	assert_true(server_expect(w->server, "</message>"));
	server_send(w->server,
		    ERROR_FROM("alice@im.example/r1", "id-of-20-letters-000",
			       "service-unavailable"));
	assert_done(w, t, OUTCOME_PERMANENT, 403);
}

static void xmpp_6_late_and_foreign_errors_are_dropped(void **state)
{
	struct world *w = *state;
	struct try *t;

	come_up(w);
	t = send_text(w, "1");
	assert_true(server_expect(w->server, "</message>"));
	server_forget(w->server);
	server_send(w->server, ERROR_FROM("mallory@im.example",
					  "id-of-20-letters-000", "gone"));
	server_send(w->server, ERROR_FROM("alice@im.example", "other", "gone"));
	server_send(w->server, "<message type='error' from='a@b' to='c@d'/>");
	assert_done(w, t, OUTCOME_ACCEPTED, 202);
	server_send(w->server, ERROR_FROM("alice@im.example",
					  "id-of-20-letters-000", "gone"));
	server_pause(w->server, 20);
	assert_int_equal(t->done, 1);
	assert_int_equal(w->server->got_len, 0);
}

static void xmpp_5_a_bad_body_is_refused_and_the_next_one_flows(void **state)
{
	struct world *w = *state;
	struct try *bad, *good;

	come_up(w);
	bad = send_text(w, "\xff");
	good = send_text(w, "good");
	assert_done(w, bad, OUTCOME_PERMANENT, 400);
	assert_done(w, good, OUTCOME_ACCEPTED, 202);
	assert_null(strstr(w->server->got, "letters-000"));
}

static void after_cancel_nothing_is_reported(void **state)
{
	struct world *w = *state;
	struct try *held = send_text(w, "held"), *decided, *sent, *refused;

	refused = send_text(w, "");
	w->side->cancel(w->side, &held->attempt);
	w->side->cancel(w->side, &refused->attempt);
	come_up(w);
	sent = send_text(w, "sent");
	assert_true(server_expect(w->server, ">sent<"));
	decided = send_text(w, "decided");
	assert_true(server_expect(w->server, ">decided<"));
	w->side->cancel(w->side, &sent->attempt);
	server_send(w->server, ERROR_FROM("alice@im.example",
					  "id-of-20-letters-002", "gone"));
	w->side->cancel(w->side, &decided->attempt);
	server_pause(w->server, 300);
	assert_int_equal(
		held->done + refused->done + sent->done + decided->done, 0);
	assert_null(strstr(w->server->got, ">held<"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LIVE(map_7_the_golden_stanza_is_202_after_the_wait),
		cmocka_unit_test_setup_teardown(
			conf_6_without_a_wait_it_is_202_once_written,
			setup_no_wait, teardown),
		LIVE(conf_9_an_error_within_the_wait_is_the_outcome),
		cmocka_unit_test_setup_teardown(
			conf_10_strict_makes_service_unavailable_403,
			setup_strict, teardown),
		LIVE(xmpp_6_late_and_foreign_errors_are_dropped),
		LIVE(xmpp_5_a_bad_body_is_refused_and_the_next_one_flows),
		LIVE(after_cancel_nothing_is_reported),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
