/** Did the server take it (gateway/xmpp/xmpp_unacked.c)? */

#include "gateway/xmpp/xmpp_unacked.h"

#include "tests/unit/xmppside_world.h"

static struct queue queue;
static struct relay_table relays;

static int open_link(void **state)
{
	struct world *w = *state;

	memset(&queue, 0, sizeof queue);
	memset(&relays, 0, sizeof relays);
	xmppside_connect(w->x, &relays, &queue);
	assert_false(queue.reachable[PROTOCOL_XMPP]);
	come_up(w);
	assert_true(queue.reachable[PROTOCOL_XMPP]);
	return 0;
}

static int start(void **state)
{
	setup_no_wait(state);
	return open_link(state);
}

static int start_with_wait(void **state)
{
	setup(state);
	return open_link(state);
}

/* A message that stands in the store. */
static struct try *send_stored(struct world *w, uint64_t seq)
{
	struct try *t = &w->tries[w->count];

	t->message = message_of(w->count++, "Hello");
	t->message->seq = seq;
	t->attempt = (struct attempt){ .message = t->message,
				       .timeout_ms = 25000,
				       .done = on_done,
				       .arg = t };
	snprintf(t->attempt.hop.recipient, sizeof t->attempt.hop.recipient,
		 "alice@im.example");
	w->side->send(w->side, &t->attempt);
	return t;
}

static bool is_asked(void *arg)
{
	struct world *w = arg;

	return strstr(w->server->got, "id='ack-") ||
	       strstr(w->server->got, "id=\"ack-");
}

/* The id of the last ping that the server has got, and forgets with all else.
 */
static void take_ping(struct world *w, char id[64])
{
	char *at, *more, *end;

	assert_true(server_wait(w->server, 5000, is_asked, w));
	at = strstr(w->server->got, "ack-");
	while ((more = strstr(at + 1, "ack-")))
		at = more;
	end = strchr(at, at[-1]);
	assert_in_range(end - at, 1, 63);
	memcpy(id, at, (size_t)(end - at));
	id[end - at] = '\0';
	server_forget(w->server);
}

/* The server routes our own ping back to us. */
static void return_ping(struct world *w, const char *id)
{
	char xml[256];

	snprintf(xml, sizeof xml,
		 "<iq type='get' id='%s' from='%s' to='%s'>"
		 "<ping xmlns='urn:xmpp:ping'/></iq>",
		 id, SERVER_DOMAIN, SERVER_DOMAIN);
	server_send(w->server, xml);
}

static void echo_ping(struct world *w)
{
	char id[64];

	take_ping(w, id);
	return_ping(w, id);
}

static bool two_are_acknowledged(void *arg)
{
	(void)arg;
	return queue.acknowledged_count == 2;
}

static void a_ping_that_comes_back_acknowledges_all_before_it(void **state)
{
	struct world *w = *state;

	assert_done(w, send_stored(w, 7), OUTCOME_ACCEPTED, 202);
	assert_done(w, send_stored(w, 8), OUTCOME_ACCEPTED, 202);
	assert_int_equal(queue.acknowledged_count, 0);
	echo_ping(w);
	assert_true(server_wait(w->server, 5000, two_are_acknowledged, NULL));
	assert_int_equal(queue.acknowledged[0], 7);
	assert_int_equal(queue.acknowledged[1], 8);
	assert_int_equal(queue.lost_count, 0);
}

static bool is_reachable_again(void *arg)
{
	(void)arg;
	return queue.reachable[PROTOCOL_XMPP];
}

/* Those that have ended. */
static void forget_tries(struct world *w)
{
	for (unsigned i = 0; i < w->count; i++)
		message_destroy(&w->tries[i].message);
	memset(w->tries, 0, sizeof w->tries);
	w->count = 0;
}

static void issue_5_a_server_gets_no_more_than_it_takes(void **state)
{
	struct world *w = *state;
	char last[64] = "";
	uint64_t seq = 0;

	while (queue.reachable[PROTOCOL_XMPP]) {
		assert_in_range(++seq, 1, XMPPSIDE_UNACKED_MAX);
		assert_done(w, send_stored(w, seq), OUTCOME_ACCEPTED, 202);
		forget_tries(w);
		if (is_asked(w)) /* nobody answers */
			take_ping(w, last);
		server_forget(w->server);
	}
	assert_true(seq > XMPPSIDE_UNACKED_MAX / 2);
	assert_done(w, send_stored(w, 9999), OUTCOME_TEMPORARY, 504);
	server_pause(w->server, 100);
	if (is_asked(w))
		take_ping(w, last);
	return_ping(w, last);
	assert_true(server_wait(w->server, 5000, is_reachable_again, NULL));
	assert_true(queue.acknowledged_count > seq / 2);
	assert_done(w, send_stored(w, 10000), OUTCOME_ACCEPTED, 202);
}

static bool all_is_acknowledged(void *arg)
{
	return queue.acknowledged_count == *(size_t *)arg;
}

static void issue_5_a_ping_does_not_wait_for_another(void **state)
{
	struct world *w = *state;
	char first[64], second[64];
	size_t all = 2;

	assert_done(w, send_stored(w, 7), OUTCOME_ACCEPTED, 202);
	take_ping(w, first);
	assert_done(w, send_stored(w, 8), OUTCOME_ACCEPTED, 202);
	take_ping(w, second);
	assert_string_not_equal(first, second);
	return_ping(w, second);
	assert_true(server_wait(w->server, 5000, all_is_acknowledged, &all));
	return_ping(w, first); /* tells nothing any more */
	server_pause(w->server, 50);
	assert_int_equal(queue.acknowledged_count, 2);
}

/* xmpp.error_wait is not over, but the server has it: then the link breaks. */
static void issue_5_what_was_proved_in_the_wait_is_not_sent_again(void **state)
{
	struct world *w = *state;
	struct try *proved, *not_proved;
	char id[64];
	size_t one = 1;

	proved = send_stored(w, 7);
	take_ping(w, id);
	not_proved = send_stored(w, 8);
	assert_true(server_expect(w->server, "<body>"));
	return_ping(w, id);
	server_pause(w->server, 50);
	assert_int_equal(queue.acknowledged_count, 0);
	server_hang_up(w->server);
	assert_done(w, proved, OUTCOME_ACCEPTED, 202);
	assert_done(w, not_proved, OUTCOME_TEMPORARY, 504);
	assert_true(all_is_acknowledged(&one));
	assert_int_equal(queue.acknowledged[0], 7);
	assert_int_equal(queue.lost_count, 0);
}

static void a_message_that_is_not_stored_asks_for_nothing(void **state)
{
	struct world *w = *state;

	assert_done(w, send_text(w, "Hello"), OUTCOME_ACCEPTED, 202);
	server_pause(w->server, 300);
	assert_false(is_asked(w));
}

static bool one_is_lost(void *arg)
{
	(void)arg;
	return queue.lost_count == 2;
}

static void what_is_not_acknowledged_when_the_link_breaks_is_lost(void **state)
{
	struct world *w = *state;

	assert_done(w, send_stored(w, 7), OUTCOME_ACCEPTED, 202);
	assert_done(w, send_stored(w, 8), OUTCOME_ACCEPTED, 202);
	server_hang_up(w->server);
	assert_true(server_wait(w->server, 5000, one_is_lost, NULL));
	assert_int_equal(queue.lost[0], 7);
	assert_int_equal(queue.lost[1], 8);
	assert_false(queue.reachable[PROTOCOL_XMPP]);
}

/* It was written, the link broke, and only then its sender was answered. */
static void what_was_written_to_a_link_that_is_down_by_now_is_lost(void **state)
{
	struct world *w = *state;
	const struct link_options options = {
		.target = { .domain = SERVER_DOMAIN,
			    .address = "127.0.0.1",
			    .port = w->server->port,
			    .secret = SERVER_SECRET },
	};
	const struct link_events nobody = { .arg = NULL };
	struct xmppside_unacked *unacked;
	struct link *link;

	assert_int_equal(link_create(w->server->loop, &options, &nobody, &link),
			 GATEWAY_OK);
	assert_int_equal(xmppside_unacked_create(w->server->loop, SERVER_DOMAIN,
						 &unacked),
			 GATEWAY_OK);
	xmppside_unacked_connect(unacked, link, &queue);
	xmppside_unacked_add(unacked, 7, 3);
	assert_int_equal(queue.lost_count, 1);
	assert_int_equal(queue.lost[0], 7);
	assert_int_equal(queue.acknowledged_count, 0);
	xmppside_unacked_destroy(&unacked);
	link_destroy(&link);
}

static void a_stored_message_does_not_wait_for_the_link(void **state)
{
	struct world *w = *state;

	server_hang_up(w->server);
	assert_true(server_wait(w->server, 5000, is_down, w));
	assert_done(w, send_stored(w, 7), OUTCOME_TEMPORARY, 504);
}

static void somebody_elses_ping_acknowledges_nothing(void **state)
{
	struct world *w = *state;

	assert_done(w, send_stored(w, 7), OUTCOME_ACCEPTED, 202);
	assert_true(server_wait(w->server, 5000, is_asked, w));
	server_send(w->server, "<iq type='get' id='ack-0' from='eve@im.example'"
			       " to='" SERVER_DOMAIN "'><ping "
			       "xmlns='urn:xmpp:ping'/></iq>");
	assert_true(server_expect(w->server, "eve@im.example"));
	assert_int_equal(queue.acknowledged_count, 0);
}

static void flushed(void *arg)
{
	*(bool *)arg = true;
}

static bool is_true(void *arg)
{
	return *(bool *)arg;
}

static void a_flush_ends_when_all_is_acknowledged(void **state)
{
	struct world *w = *state;
	bool is_flushed = false;

	assert_done(w, send_stored(w, 7), OUTCOME_ACCEPTED, 202);
	xmppside_flush(w->x, flushed, &is_flushed);
	assert_false(is_flushed);
	echo_ping(w);
	assert_true(server_wait(w->server, 1000, is_true, &is_flushed));
	assert_int_equal(queue.acknowledged_count, 1);
}

static void a_flush_without_anything_ends_at_once(void **state)
{
	struct world *w = *state;
	bool is_flushed = false;

	xmppside_flush(w->x, flushed, &is_flushed);
	assert_false(is_flushed);
	assert_true(server_wait(w->server, 1000, is_true, &is_flushed));
}

static void a_flush_does_not_wait_for_ever(void **state)
{
	struct world *w = *state;
	bool is_flushed = false;

	assert_done(w, send_stored(w, 7), OUTCOME_ACCEPTED, 202);
	xmppside_flush(w->x, flushed, &is_flushed);
	assert_true(server_wait(w->server, 5000, is_true, &is_flushed));
	assert_int_equal(queue.acknowledged_count, 0);
}

#define ACKED(test) cmocka_unit_test_setup_teardown(test, start, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ACKED(a_ping_that_comes_back_acknowledges_all_before_it),
		ACKED(issue_5_a_server_gets_no_more_than_it_takes),
		ACKED(issue_5_a_ping_does_not_wait_for_another),
		cmocka_unit_test_setup_teardown(
			issue_5_what_was_proved_in_the_wait_is_not_sent_again,
			start_with_wait, teardown),
		ACKED(a_message_that_is_not_stored_asks_for_nothing),
		ACKED(what_is_not_acknowledged_when_the_link_breaks_is_lost),
		ACKED(what_was_written_to_a_link_that_is_down_by_now_is_lost),
		ACKED(a_stored_message_does_not_wait_for_the_link),
		ACKED(somebody_elses_ping_acknowledges_nothing),
		ACKED(a_flush_ends_when_all_is_acknowledged),
		ACKED(a_flush_without_anything_ends_at_once),
		ACKED(a_flush_does_not_wait_for_ever),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
