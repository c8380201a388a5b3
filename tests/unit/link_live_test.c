#include "gateway/xmpp/link.h"

#include "tests/unit/link_world.h"

static void nothing_is_sent_before_the_handshake(void **state)
{
	struct world *w = *state;
	struct link_options options = quick(w->server);

	start(w, &options);
	assert_int_equal(link_send(w->link, stanza_of(w, "x"), NULL),
			 LINK_NOT_UP);
	assert_int_equal(link_send(w->link, NULL, NULL), LINK_NO_MEMORY);
	assert_true(server_expect(w->server, "<stream:stream "));
	assert_false(link_is_up(w->link));
}

static void a_wrong_secret_is_tried_again_later(void **state)
{
	struct world *w = *state;
	struct link_options options = quick(w->server);

	options.target.secret = "wrong";
	start(w, &options);
	assert_true(server_expect(w->server, "<stream:stream "));
	server_send(w->server, SERVER_HEADER);
	assert_true(server_expect(w->server, "</handshake>"));
	assert_null(strstr(w->server->got, SERVER_HASH));
	server_send(w->server,
		    "<stream:error><not-authorized xmlns="
		    "'urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"
		    "</stream:stream>");
	assert_true(server_wait(w->server, 5000, has_returned, w));
	assert_int_equal(w->ups, 0);
	assert_int_equal(w->downs, 0);
}

static void xmpp_3_a_lost_link_is_connected_again(void **state)
{
	struct world *w = *state;

	start_up(w);
	server_hang_up(w->server);
	assert_true(server_wait(w->server, 5000, has_returned, w));
	assert_true(server_handshake(w->server));
	assert_true(server_wait(w->server, 5000, is_up, w));
	assert_int_equal(w->ups, 2);
	assert_int_equal(w->downs, 1);
}

static void xmpp_3_nobody_listening_is_no_end(void **state)
{
	struct world *w = *state;
	struct link_options options = quick(w->server);

	options.target.port = 1;
	start(w, &options);
	server_pause(w->server, 50);
	assert_false(link_is_up(w->link));
	assert_int_equal(w->downs, 0);
}

/* Each attempt is refused: after 10, 20, 20, 20 ... ms, half by chance. */
static void xmpp_3_the_back_off_grows_to_its_bound(void **state)
{
	struct world *w = *state;
	struct link_options options = quick(w->server);
	int64_t end;

	options.backoff_min_ms = 10;
	options.backoff_max_ms = 20;
	start(w, &options);
	end = loop_now_ms(w->server->loop) + 500;
	while (loop_now_ms(w->server->loop) < end) {
		server_hang_up(w->server);
		server_pause(w->server, 1);
	}
	/* 25 to 50; without a bound at most 8, without growth 50 to 100 */
	assert_in_range(w->server->accepted, 9, 49);
}

#define CONFLICT                                                              \
	"<stream:stream xmlns='jabber:component:accept' id='1' xmlns:stream=" \
	"'http://etherx.jabber.org/streams'><stream:error><conflict xmlns="   \
	"'urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"

/* After 10, 20, 40, 40 ... ms, half by chance. */
static void issue_5_a_conflict_is_soon_tried_again(void **state)
{
	struct world *w = *state;
	struct link_options options = quick(w->server);
	unsigned told = 0;
	int64_t end;

	options.backoff_min_ms = 10;
	options.backoff_max_ms = 100000;
	start(w, &options);
	end = loop_now_ms(w->server->loop) + 1500;
	while (loop_now_ms(w->server->loop) < end) {
		if (w->server->accepted > told && w->server->fd >= 0) {
			told = w->server->accepted;
			server_send(w->server, CONFLICT);
			(void)shutdown(w->server->fd, SHUT_WR);
		}
		server_pause(w->server, 2);
	}
	assert_in_range(w->server->accepted, 12, 100);
}

static void a_silent_server_has_a_time_limit(void **state)
{
	struct world *w = *state;
	struct link_options options = quick(w->server);

	options.connect_ms = 30;
	start(w, &options);
	assert_true(server_wait(w->server, 5000, has_returned, w));
	assert_int_equal(w->ups, 0);
}

static void xmpp_13_an_idle_link_is_pinged(void **state)
{
	struct world *w = *state;
	struct link_options options = quick(w->server);

	options.idle_ms = 30;
	start(w, &options);
	assert_true(server_handshake(w->server));
	assert_true(server_expect(w->server, "urn:xmpp:ping"));
	assert_non_null(strstr(w->server->got, "to=\"" SERVER_DOMAIN "\""));
	server_forget(w->server);
	server_send(w->server, "<iq type='result' id='ping'/>");
	assert_true(server_expect(w->server, "urn:xmpp:ping")); /* again */
	assert_int_equal(w->downs, 0);
}

static void xmpp_13_a_server_that_does_not_answer_is_lost(void **state)
{
	struct world *w = *state;
	struct link_options options = quick(w->server);

	options.idle_ms = options.ping_ms = 20;
	start(w, &options);
	assert_true(server_handshake(w->server));
	assert_true(server_wait(w->server, 5000, is_up, w));
	assert_true(server_wait(w->server, 5000, is_down, w));
	assert_int_equal(w->downs, 1);
}

static void xmpp_30_stanzas_leave_in_order_and_are_counted(void **state)
{
	struct world *w = *state;
	uint64_t serial = 0;
	const char *at;

	start_up(w);
	for (int i = 0; i < 50; i++) {
		char number[16];

		snprintf(number, sizeof number, "n%d.", i);
		assert_int_equal(
			link_send(w->link, stanza_of(w, number), &serial),
			LINK_QUEUED);
	}
	assert_true(link_written(w->link) < serial); /* the loop must turn */
	assert_true(server_expect(w->server, "n49."));
	assert_int_equal(link_written(w->link), serial);
	at = w->server->got;
	for (int i = 0; i < 50; i++) {
		char number[16];

		snprintf(number, sizeof number, ">n%d.<", i);
		at = strstr(at, number);
		assert_non_null(at);
	}
}

static void a_server_that_does_not_read_fills_the_queue(void **state)
{
	struct world *w = *state;
	char *body = calloc(1, 60001);
	uint64_t serial = 0;
	enum link_sent sent = LINK_QUEUED;

	start_up(w);
	memset(body, 'x', 60000);
	w->server->deaf = true;
	for (int i = 0; i < 1000 && sent == LINK_QUEUED; i++) {
		sent = link_send(w->link, stanza_of(w, body), &serial);
		if (i % 10 == 0)
			server_pause(w->server, 1);
	}
	free(body);
	assert_int_equal(sent, LINK_FULL);
	assert_true(link_written(w->link) < serial);
	w->server->deaf = false;
	server_hang_up(w->server);
	assert_true(server_wait(w->server, 5000, is_down, w));
}

static void start_and_stop_a_hundred_times(void **state)
{
	struct world *w = *state;
	struct link_options options = quick(w->server);

	for (int i = 0; i < 100; i++) {
		start(w, &options);
		if (i % 2)
			server_pause(w->server, 1);
		link_destroy(&w->link);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LIVE(nothing_is_sent_before_the_handshake),
		LIVE(a_wrong_secret_is_tried_again_later),
		LIVE(xmpp_3_a_lost_link_is_connected_again),
		LIVE(xmpp_3_nobody_listening_is_no_end),
		LIVE(xmpp_3_the_back_off_grows_to_its_bound),
		LIVE(issue_5_a_conflict_is_soon_tried_again),
		LIVE(a_silent_server_has_a_time_limit),
		LIVE(xmpp_13_an_idle_link_is_pinged),
		LIVE(xmpp_13_a_server_that_does_not_answer_is_lost),
		LIVE(xmpp_30_stanzas_leave_in_order_and_are_counted),
		LIVE(a_server_that_does_not_read_fills_the_queue),
		LIVE(start_and_stop_a_hundred_times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
