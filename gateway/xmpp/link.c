#include "gateway/xmpp/link.h"

#include <stdlib.h>

#include "gateway/log.h"
#include "gateway/xmpp/link_state.h"
#include "gateway/xmpp/stanza.h"

/** A link that has lived so long starts its back-off anew. */
#define STABLE_MS 10000

/** The back-off of a conflict grows no further than after so many failures. */
#define CONFLICT_FAILURES 2

struct link {
	struct loop *loop;
	struct link_options options;
	struct link_events events;
	struct connection *connection;
	struct loop_timer *timer; /* of the state */
	enum link_state state;
	const char *reason;	 /* of the step under way; borrowed */
	unsigned failures;	 /* since it was last stable */
	int64_t up_ms, heard_ms; /* up_ms 0: never since the last failure */
	bool pinged;
};

/* In the order of a link's life. */
static void enter_down(struct link *link);
static void enter_connecting(struct link *link);
static void enter_up(struct link *link);
static void enter_backoff(struct link *link);

static void log_state(const struct link *link, enum log_level level,
		      int64_t retry_ms)
{
	log_event(level, "link",
		  FIELD_TEXT("state", link_state_word(link->state)),
		  FIELD_TEXT("address", link->options.target.address),
		  FIELD_INT("port", link->options.target.port),
		  FIELD_TEXT("reason", link->reason),
		  FIELD_INT("retry_ms", retry_ms));
}

static void step(struct link *link, enum link_event event, const char *reason)
{
	static void (*const enter[LINK_STATE_COUNT])(struct link *) = {
		[LINK_DOWN] = enter_down,
		[LINK_CONNECTING] = enter_connecting,
		[LINK_UP] = enter_up,
		[LINK_BACKOFF] = enter_backoff,
	};
	enum link_state before = link->state;

	if (!link_state_next(before, event, &link->state)) {
		log_event(LOG_LEVEL_ERROR, "link-bug",
			  FIELD_TEXT("state", link_state_word(before)),
			  FIELD_TEXT("event", link_event_word(event)));
		return;
	}
	link->reason = reason;
	enter[link->state](link);
	if (before == LINK_UP)
		link->events.down(link->events.arg);
}

static void enter_down(struct link *link)
{
	loop_timer_clear(link->timer);
	link->failures = 0;
	link->up_ms = 0;
	log_state(link, LOG_LEVEL_INFO, 0);
	connection_close(link->connection);
}

static void enter_connecting(struct link *link)
{
	loop_timer_set(link->timer, link->options.connect_ms);
	if (!connection_open(link->connection))
		step(link, LINK_EVENT_LOST, "cannot connect");
}

static void enter_up(struct link *link)
{
	link->up_ms = link->heard_ms = loop_now_ms(link->loop);
	link->pinged = false;
	loop_timer_set(link->timer, link->options.idle_ms);
	log_state(link, LOG_LEVEL_INFO, 0);
	link->events.up(link->events.arg);
}

/* Doubled with each failure, and half of it by chance: a server that starts
 * again is not met by all gateways at once. */
static int64_t backoff_ms(struct link *link)
{
	int64_t delay = link->options.backoff_min_ms;
	uint32_t chance;

	for (unsigned i = 0; i < link->failures; i++)
		if (delay < link->options.backoff_max_ms)
			delay *= 2;
	if (delay > link->options.backoff_max_ms)
		delay = link->options.backoff_max_ms;
	loop_random(link->loop, &chance, sizeof chance);
	return delay / 2 + (int64_t)chance % (delay / 2 + 1);
}

/* The server still takes the one before us for connected, another gateway
 * say that has just died: it will not be long. */
static bool is_conflict(const struct link *link)
{
	return span_is(span_of(link->reason), "conflict");
}

static void enter_backoff(struct link *link)
{
	int64_t delay;

	if (link->up_ms > 0 &&
	    loop_now_ms(link->loop) - link->up_ms >= STABLE_MS)
		link->failures = 0;
	link->up_ms = 0;
	if (is_conflict(link) && link->failures > CONFLICT_FAILURES)
		link->failures = CONFLICT_FAILURES;
	delay = backoff_ms(link);
	link->failures++;
	log_state(link, LOG_LEVEL_WARNING, delay);
	connection_close(link->connection);
	loop_timer_set(link->timer, delay);
}

/* A component does not know its server's own name, but each server routes to
 * the component's domain: the ping comes back to ourselves. */
static void ping(struct link *link)
{
	const struct stanza_address self = {
		.from = link->options.target.domain,
		.to = link->options.target.domain,
		.id = "ping",
	};
	xmpp_stanza_t *iq =
		stanza_answer(link_context(link), "iq", "get", &self);

	(void)stanza_add(iq, "ping", "urn:xmpp:ping");
	(void)link_send(link, iq, NULL);
}

static void check_silence(struct link *link)
{
	int64_t silent = loop_now_ms(link->loop) - link->heard_ms;

	if (link->pinged) {
		step(link, LINK_EVENT_LOST, "no answer to a ping");
	} else if (silent < link->options.idle_ms) {
		loop_timer_set(link->timer, link->options.idle_ms - silent);
	} else {
		link->pinged = true;
		ping(link);
		loop_timer_set(link->timer, link->options.ping_ms);
	}
}

static void on_timer(void *arg)
{
	struct link *link = arg;

	if (link->state == LINK_UP)
		check_silence(link);
	else if (link->state == LINK_DOWN)
		step(link, LINK_EVENT_START, "the link is ours");
	else
		step(link, LINK_EVENT_TIMER, "no handshake in time");
}

static void on_accepted(void *arg)
{
	step(arg, LINK_EVENT_ACCEPTED, "handshake accepted");
}

static void on_lost(const char *reason, void *arg)
{
	step(arg, LINK_EVENT_LOST, reason);
}

static void on_stanza(xmpp_stanza_t *stanza, void *arg)
{
	struct link *link = arg;

	link->heard_ms = loop_now_ms(link->loop);
	if (link->pinged)
		loop_timer_set(link->timer, link->options.idle_ms);
	link->pinged = false;
	link->events.stanza(stanza, link->events.arg);
}

static void on_written(void *arg)
{
	struct link *link = arg;

	link->events.written(link->events.arg);
}

enum gateway_status link_create(struct loop *loop,
				const struct link_options *options,
				const struct link_events *events,
				struct link **link_out)
{
	struct link *link = calloc(1, sizeof *link);
	const struct connection_events ours = { .accepted = on_accepted,
						.stanza = on_stanza,
						.written = on_written,
						.lost = on_lost,
						.arg = link };
	enum gateway_status status;

	*link_out = NULL;
	if (!link)
		return GATEWAY_NO_MEMORY;
	link->loop = loop;
	link->options = *options;
	link->events = *events;
	status = connection_create(loop, &options->target, &ours,
				   &link->connection);
	if (status == GATEWAY_OK &&
	    loop_timer_create(loop, on_timer, link, &link->timer) != ENUM_OK)
		status = GATEWAY_NO_MEMORY;
	if (status != GATEWAY_OK) {
		link_destroy(&link);
		return status;
	}
	*link_out = link;
	return GATEWAY_OK;
}

void link_enable(struct link *link, bool yes)
{
	if (yes && link->state == LINK_DOWN)
		loop_timer_set(link->timer, 0);
	else if (!yes && link->state == LINK_DOWN)
		loop_timer_clear(link->timer);
	else if (!yes)
		step(link, LINK_EVENT_STOP, "another node has the link");
}

bool link_is_up(const struct link *link)
{
	return link->state == LINK_UP;
}

xmpp_ctx_t *link_context(struct link *link)
{
	return connection_context(link->connection);
}

static enum link_sent send_stanza(struct link *link, xmpp_stanza_t *stanza,
				  uint64_t *serial_out)
{
	if (!link_is_up(link))
		return LINK_NOT_UP;
	if (connection_waiting(link->connection) >= link->options.queue_max)
		return LINK_FULL;
	*serial_out = connection_send(link->connection, stanza);
	return *serial_out ? LINK_QUEUED : LINK_NO_MEMORY;
}

enum link_sent link_send(struct link *link, xmpp_stanza_t *stanza,
			 uint64_t *serial_out)
{
	uint64_t serial;
	enum link_sent sent;

	if (!stanza)
		return LINK_NO_MEMORY;
	sent = send_stanza(link, stanza, serial_out ? serial_out : &serial);
	(void)xmpp_stanza_release(stanza);
	return sent;
}

uint64_t link_written(const struct link *link)
{
	return connection_written(link->connection);
}

void link_destroy(struct link **link)
{
	struct link *l = *link;

	if (!l)
		return;
	loop_timer_destroy(&l->timer);
	connection_destroy(&l->connection);
	free(l);
	*link = NULL;
}
