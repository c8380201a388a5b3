#ifndef IMGW_TESTS_XMPPSIDE_WORLD_H
#define IMGW_TESTS_XMPPSIDE_WORLD_H

/** The XMPP side with a scripted server on one end, and the test in place of
 *  the relay on the other, for messages on their way out. */

#include "gateway/xmpp/xmppside.h"
#include "tests/unit/component_server.h"
#include "tests/unit/queue_unit.h"
#include "tests/unit/stanza_unit.h"
#include "tests/unit/unit.h"

/** Attempts of one test. */
#define TRIES_MAX 60

struct
try {
	struct attempt attempt;
	struct message *message;
	bool sending; /* inside side->send: done must not run */
	unsigned done;
	struct outcome outcome;
};

struct world {
	struct server *server;
	struct xmppside *x;
	struct side *side;
	xmpp_ctx_t *ctx;
	struct try tries[TRIES_MAX];
	size_t count;
};

/* In place of gateway/relay.c: what came in, for the test to look at. The
 * table is the test's own. */
struct relay_table {
	struct message *last;
	unsigned count;
};

void relay_submit(struct relay_table *table, struct message *message,
		  struct origin *origin)
{
	assert_null(origin);
	message_destroy(&table->last);
	table->last = message;
	table->count++;
}

static inline void on_done(struct attempt *attempt,
			   const struct outcome *outcome)
{
	struct try *t = attempt->arg;

	assert_false(t->sending);
	assert_null(attempt->state);
	assert_true(outcome->reason[0] != '\0');
	t->done++;
	t->outcome = *outcome;
}

static inline int setup_with(void **state, int64_t error_wait_ms, bool strict)
{
	struct world *w = calloc(1, sizeof *w);
	struct xmppside_options options = {
		.domain = SERVER_DOMAIN,
		.address = "127.0.0.1",
		.secret = SERVER_SECRET,
		.error_wait_ms = error_wait_ms,
		.queue_max = 50,
		.profile = { .strict = strict },
	};

	*state = w;
	w->server = server_create();
	options.port = w->server->port;
	w->ctx = xmpp_ctx_new(NULL, NULL);
	assert_int_equal(xmppside_create(w->server->loop, &options, &w->x),
			 GATEWAY_OK);
	w->side = xmppside_side(w->x);
	xmppside_enable(w->x, true);
	return 0;
}

static inline int setup(void **state)
{
	return setup_with(state, 200, false);
}

static inline int setup_no_wait(void **state)
{
	return setup_with(state, 0, false);
}

static inline int setup_strict(void **state)
{
	return setup_with(state, 200, true);
}

static inline int teardown(void **state)
{
	struct world *w = *state;

	for (size_t i = 0; i < w->count; i++) {
		if (w->tries[i].attempt.state)
			w->side->cancel(w->side, &w->tries[i].attempt);
		message_destroy(&w->tries[i].message);
	}
	xmppside_destroy(&w->x);
	server_destroy(w->server);
	xmpp_ctx_free(w->ctx);
	free(w);
	return 0;
}

static inline bool is_up(void *arg)
{
	struct world *w = arg;

	return xmppside_is_up(w->x);
}

static inline bool is_down(void *arg)
{
	return !is_up(arg);
}

static inline bool all_done(void *arg)
{
	struct world *w = arg;

	for (size_t i = 0; i < w->count; i++)
		if (!w->tries[i].done)
			return false;
	return true;
}

static inline void come_up(struct world *w)
{
	assert_true(server_handshake(w->server));
	assert_true(server_wait(w->server, 5000, is_up, w));
}

/* The base request of the golden example, with a number of its own. */
static inline struct message *message_of(size_t number, const char *body)
{
	struct message *m = message_create();

	assert_non_null(m);
	snprintf(m->id, sizeof m->id, "id-of-20-letters-%03zu", number);
	assert_int_equal(message_set(&m->from, "tel:+12025550199"), GATEWAY_OK);
	assert_int_equal(message_set(&m->call_id, "c1@127.0.0.11"), GATEWAY_OK);
	assert_int_equal(message_set(&m->subject, "Test"), GATEWAY_OK);
	assert_int_equal(message_set(&m->language, "en"), GATEWAY_OK);
	assert_int_equal(message_set_body(m, body, strlen(body)), GATEWAY_OK);
	return m;
}

static inline struct try *send_within(struct world *w, const char *body,
				      int64_t timeout_ms)
{
	struct try *t = &w->tries[w->count];

	t->message = message_of(w->count++, body);
	t->attempt = (struct attempt){ .message = t->message,
				       .timeout_ms = timeout_ms,
				       .done = on_done,
				       .arg = t };
	snprintf(t->attempt.hop.recipient, sizeof t->attempt.hop.recipient,
		 "alice@im.example");
	t->sending = true;
	w->side->send(w->side, &t->attempt);
	t->sending = false;
	return t;
}

static inline struct try *send_text(struct world *w, const char *body)
{
	return send_within(w, body, 25000);
}

static inline void assert_done(struct world *w, const struct try *t,
			       enum outcome_kind kind, int code)
{
	assert_true(server_wait(w->server, 5000, all_done, w));
	assert_int_equal(t->done, 1);
	assert_int_equal(t->outcome.kind, kind);
	assert_int_equal(t->outcome.code, code);
}

#define LIVE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

#endif
