#ifndef IMGW_TESTS_LINK_WORLD_H
#define IMGW_TESTS_LINK_WORLD_H

/** A link and its scripted server, for the tests of both its halves. */

#include "gateway/xmpp/link.h"
#include "gateway/xmpp/stanza.h"
#include "tests/unit/component_server.h"
#include "tests/unit/unit.h"

struct world {
	struct server *server;
	struct link *link;
	unsigned ups, downs, stanzas;
	char last[256]; /* text of the last stanza's body */
};

static inline void on_up(void *arg)
{
	struct world *w = arg;

	w->ups++;
}

static inline void on_down(void *arg)
{
	struct world *w = arg;

	w->downs++;
}

static inline void on_stanza(xmpp_stanza_t *stanza, void *arg)
{
	struct world *w = arg;
	char *body = xmpp_message_get_body(stanza);

	snprintf(w->last, sizeof w->last, "%s", body ? body : "");
	xmpp_free(xmpp_stanza_get_context(stanza), body);
	w->stanzas++;
}

static inline void on_written(void *arg)
{
	(void)arg;
}

/* Times short enough for a test; each may replace some. */
static inline struct link_options quick(struct server *server)
{
	return (struct link_options){
		.target = { .domain = SERVER_DOMAIN,
			    .address = "127.0.0.1",
			    .port = server->port,
			    .secret = SERVER_SECRET },
		.queue_max = 100,
		.connect_ms = 5000,
		.backoff_min_ms = 2,
		.backoff_max_ms = 10,
		.idle_ms = 60000,
		.ping_ms = 60000,
	};
}

static inline void start(struct world *w, const struct link_options *options)
{
	const struct link_events events = { on_up, on_down, on_stanza,
					    on_written, w };

	assert_int_equal(
		link_create(w->server->loop, options, &events, &w->link),
		GATEWAY_OK);
	link_enable(w->link, true);
}

static inline int setup(void **state)
{
	struct world *w = calloc(1, sizeof *w);

	*state = w;
	w->server = server_create();
	return 0;
}

static inline int teardown(void **state)
{
	struct world *w = *state;

	link_destroy(&w->link);
	server_destroy(w->server);
	free(w);
	return 0;
}

static inline bool is_up(void *arg)
{
	struct world *w = arg;

	return link_is_up(w->link);
}

static inline bool is_down(void *arg)
{
	return !is_up(arg);
}

static inline bool has_stanza(void *arg)
{
	struct world *w = arg;

	return w->stanzas > 0;
}

static inline bool is_refused(void *arg)
{
	struct world *w = arg;

	return w->server->fd < 0;
}

static inline bool has_returned(void *arg)
{
	struct world *w = arg;

	return w->server->accepted >= 2;
}

static inline void start_up(struct world *w)
{
	struct link_options options = quick(w->server);

	start(w, &options);
	assert_true(server_handshake(w->server));
	assert_true(server_wait(w->server, 5000, is_up, w));
}

static inline xmpp_stanza_t *stanza_of(struct world *w, const char *body)
{
	xmpp_stanza_t *stanza =
		stanza_new(link_context(w->link), "message", NULL);

	assert_true(stanza_add_text(stanza, "body", NULL, body));
	return stanza;
}

#define LIVE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

#endif
