#include "gateway/xmpp/xmppside.h"

#include "tests/unit/xmppside_world.h"

static void xmpp_3_messages_wait_for_the_link_in_order(void **state)
{
	struct world *w = *state;
	const char *at = w->server->got;

	for (int i = 0; i < 20; i++) {
		char body[8];

		snprintf(body, sizeof body, "n%d", i);
		send_text(w, body);
	}
	server_pause(w->server, 60);
	assert_int_equal(w->tries[0].done, 0);
	come_up(w);
	assert_done(w, &w->tries[0], OUTCOME_ACCEPTED, 202);
	for (int i = 0; i < 20; i++) {
		char body[24];

		snprintf(body, sizeof body, "<body>n%d</body>", i);
		at = strstr(at, body);
		assert_non_null(at);
		assert_int_equal(w->tries[i].outcome.code, 202);
	}
}

static void xmpp_3_without_a_link_it_is_504_in_time(void **state)
{
	struct world *w = *state;

	assert_done(w, send_within(w, "x", 30), OUTCOME_TEMPORARY, 504);
	come_up(w);
	server_pause(w->server, 20);
	assert_int_equal(w->server->got_len, 0); /* and it stays unsent */
}

static void what_waits_for_the_link_is_bounded(void **state)
{
	struct world *w = *state;

	for (int i = 0; i < 52; i++)
		send_text(w, "x");
	server_pause(w->server, 20);
	assert_int_equal(w->tries[49].done, 0);
	assert_int_equal(w->tries[50].done, 1);
	assert_int_equal(w->tries[51].done, 1);
	assert_int_equal(w->tries[51].outcome.kind, OUTCOME_TEMPORARY);
}

static void what_the_server_does_not_take_is_bounded(void **state)
{
	struct world *w = *state;

	come_up(w);
	for (int i = 0; i < 52; i++)
		send_text(w, "x");
	server_pause(w->server, 5);
	assert_int_equal(w->tries[50].done, 1);
	assert_int_equal(w->tries[50].outcome.kind, OUTCOME_TEMPORARY);
	assert_int_equal(w->tries[50].outcome.code, 500);
	assert_true(w->tries[50].outcome.retry_after_s > 0);
	assert_done(w, &w->tries[49], OUTCOME_ACCEPTED, 202);
}

static void a_link_lost_during_the_wait_is_no_202(void **state)
{
	struct world *w = *state;
	struct try *t;

	come_up(w);
	t = send_text(w, "x");
	assert_true(server_expect(w->server, "</message>"));
	server_hang_up(w->server);
	assert_true(server_wait(w->server, 5000, is_down, w));
	assert_done(w, t, OUTCOME_TEMPORARY, 504);
}

static void no_202_before_it_is_written(void **state)
{
	struct world *w = *state;
	char *body = calloc(1, MESSAGE_BODY_MAX + 1);
	struct try *last = NULL;

	come_up(w);
	memset(body, '&', MESSAGE_BODY_MAX); /* 330 KB on the wire */
	w->server->deaf = true;
	for (int i = 0; i < 40; i++)
		last = send_within(w, body, 2000);
	free(body);
	server_pause(w->server, 600);
	assert_int_equal(w->tries[0].outcome.code, 202);
	assert_int_equal(last->done, 0);
	assert_done(w, last, OUTCOME_TEMPORARY, 504);
}

static void what_was_written_late_is_202_late(void **state)
{
	struct world *w = *state;
	char *body = calloc(1, MESSAGE_BODY_MAX + 1);
	struct try *last = NULL;

	come_up(w);
	memset(body, '&', MESSAGE_BODY_MAX);
	w->server->deaf = true;
	for (int i = 0; i < 40; i++)
		last = send_text(w, body);
	free(body);
	server_pause(w->server, 200);
	assert_int_equal(last->done, 0);
	while (!last->done) {
		char rest[65536];

		while (recv(w->server->fd, rest, sizeof rest, MSG_DONTWAIT) > 0)
			;
		server_pause(w->server, 1);
	}
	assert_done(w, last, OUTCOME_ACCEPTED, 202);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LIVE(xmpp_3_messages_wait_for_the_link_in_order),
		LIVE(xmpp_3_without_a_link_it_is_504_in_time),
		LIVE(what_waits_for_the_link_is_bounded),
		LIVE(what_the_server_does_not_take_is_bounded),
		LIVE(a_link_lost_during_the_wait_is_no_202),
		LIVE(no_202_before_it_is_written),
		LIVE(what_was_written_late_is_202_late),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
