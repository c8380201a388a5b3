#include "gateway/xmpp/xmppside.h"

#include <stdlib.h>
#include <string.h>

#include "gateway/log.h"
#include "gateway/xmpp/conversation.h"
#include "gateway/xmpp/failure.h"
#include "gateway/xmpp/link.h"
#include "gateway/xmpp/query.h"
#include "gateway/xmpp/stanza.h"
#include "gateway/xmpp/stanza_outcome.h"
#include "gateway/xmpp/xmpp_claims.h"
#include "gateway/xmpp/xmpp_in.h"
#include "gateway/xmpp/xmpp_out.h"
#include "gateway/xmpp/xmpp_typing.h"
#include "routing/jid_prep.h"

/** Connect and handshake together. */
#define CONNECT_MS 10000

/** Waits between attempts: half of it is chance, so 0.5 s to 30 s. */
#define BACKOFF_MIN_MS 1000
#define BACKOFF_MAX_MS 30000

/** Nothing heard for so long: ping; still nothing after that: lost. */
#define IDLE_MS 30000
#define PING_MS 10000

struct xmppside {
	struct side side; /* first: the middle's pointer is ours too */
	struct loop *loop;
	struct xmppside_options options;
	char domain[JID_PART_SIZE]; /* ours, in U-labels, as in every stanza */
	struct link *link;
	struct conversations *conversations;
	struct xmppside_unacked *unacked;
	struct xmppside_claims *claims;
	struct xmppside_out *out;
	struct relay_table *relays;
	struct queue *queue; /* or NULL */
	bool draining;
};

static struct xmppside *xmppside_of(struct side *side)
{
	return (struct xmppside *)side;
}

/* Out of the middle. */

static void side_send(struct side *side, struct attempt *attempt)
{
	xmppside_out_send(xmppside_of(side)->out, attempt);
}

static void side_cancel(struct side *side, struct attempt *attempt)
{
	xmppside_out_cancel(xmppside_of(side)->out, attempt);
}

static void send_answer(struct xmppside *x, xmpp_stanza_t *stanza)
{
	enum link_sent sent = link_send(x->link, stanza, NULL);

	if (sent != LINK_QUEUED)
		log_event(LOG_LEVEL_WARNING, "answer-lost",
			  FIELD_TEXT("link", sent == LINK_FULL ? "full"
					     : sent == LINK_NOT_UP
						     ? "down"
						     : "out of memory"));
}

static void send_error(struct xmppside *x, const struct stanza_address *address,
		       enum condition condition, const char *reason)
{
	send_answer(x, stanza_error(link_context(x->link), "message", address,
				    condition, reason));
}

/* The message itself holds all that an answer needs, so there is no origin
 * to free. */
static void side_answer(struct side *side, struct origin *origin,
			const struct message *message,
			const struct outcome *outcome)
{
	const struct stanza_address address = { .from = message->from,
						.to = message->to,
						.id = message->stanza_id };
	struct xmppside *x = xmppside_of(side);

	(void)origin;
	/* nobody waits for it, or the queue tells him */
	if (message->purpose != MESSAGE_TEXT || message->answered)
		return;
	if (outcome->code >= 300) /* RCPT-9: it never reached anybody */
		reports_forget(x->options.reports, message->id);
	if (outcome->kind == OUTCOME_TEMPORARY ||
	    outcome->kind == OUTCOME_PERMANENT)
		send_answer(x, stanza_failure(link_context(x->link), &address,
					      outcome, x->options.domain));
}

static void side_failed(struct side *side, const struct message *message,
			const struct outcome *outcome, side_notice_fn *done,
			void *arg)
{
	struct message *notice;
	enum gateway_status status = failure_message(message, outcome, &notice);

	reports_forget(xmppside_of(side)->options.reports, message->id);
	done(status, notice, arg);
}

/* Into the middle. */

static void submit(struct message *message, void *arg)
{
	struct xmppside *x = arg;
	struct text peer;

	message_arrive(message, x->loop);
	text_init(&peer, message->peer, sizeof message->peer);
	text_add(&peer, x->options.address);
	relay_submit(x->relays, message, NULL);
}

static void log_ignored(const char *why, xmpp_stanza_t *stanza)
{
	const struct stanza_address address = stanza_address(stanza);

	log_event(LOG_LEVEL_DEBUG, "stanza-ignored", FIELD_TEXT("why", why),
		  FIELD_TEXT("from", address.from),
		  FIELD_TEXT("stanza_id", address.id));
}

/* @return whether it goes on: a chat state may not */
static bool hear(struct xmppside *x, const struct message *message,
		 xmpp_stanza_t *stanza)
{
	return xmppside_typing_heard(x->conversations, message,
				     chatstate_read(stanza)) &&
	       !(x->draining && message->purpose == MESSAGE_COMPOSING);
}

static void take_message(struct xmppside *x, xmpp_stanza_t *stanza)
{
	const bool reported = xmppside_claims_take(x->claims, stanza);
	const struct xmppside_in_options options = {
		.domain = x->options.domain,
		.sip_addresses = x->options.sip_addresses,
	};
	struct xmppside_in_result in = xmppside_in_read(stanza, &options);
	const struct stanza_address address = stanza_address(stanza);

	if (in.verdict == XMPPSIDE_IN_DELIVER && !hear(x, in.message, stanza)) {
		message_destroy(&in.message);
		in.verdict = XMPPSIDE_IN_IGNORE;
		in.reason = "chat state";
	} else if (in.verdict == XMPPSIDE_IN_DELIVER && x->draining) {
		message_destroy(&in.message);
		in.verdict = XMPPSIDE_IN_REFUSE;
		in.condition = CONDITION_RESOURCE_CONSTRAINT;
		in.reason = "shutting down";
	}
	switch (in.verdict) {
	case XMPPSIDE_IN_DELIVER: submit(in.message, x); break;
	case XMPPSIDE_IN_REFUSE:
		send_error(x, &address, in.condition, in.reason);
		break;
	case XMPPSIDE_IN_IGNORE:
		if (!reported)
			log_ignored(in.reason, stanza);
		break;
	}
}

/* XMPP-6: an error is never answered. */
static void take_error(struct xmppside *x, xmpp_stanza_t *stanza)
{
	if (!xmppside_out_error(x->out, stanza))
		(void)xmppside_claims_take_error(x->claims, stanza);
}

static void take_query(struct xmppside *x, xmpp_stanza_t *stanza)
{
	xmpp_stanza_t *answer = query_answer(stanza, x->options.domain);

	if (answer)
		send_answer(x, answer);
}

static void on_stanza(xmpp_stanza_t *stanza, void *arg)
{
	struct xmppside *x = arg;
	const char *name = xmpp_stanza_get_name(stanza);
	const char *type = xmpp_stanza_get_type(stanza);

	if (!name || strcmp(name, "message") != 0) {
		if (!xmppside_unacked_take(x->unacked, stanza))
			take_query(x, stanza);
	} else if (type && strcmp(type, "error") == 0)
		take_error(x, stanza);
	else
		take_message(x, stanza);
}

static void on_up(void *arg)
{
	struct xmppside *x = arg;

	xmppside_out_up(x->out);
	if (x->queue)
		queue_reachable(x->queue, PROTOCOL_XMPP, true);
}

static void on_down(void *arg)
{
	struct xmppside *x = arg;

	if (x->queue)
		queue_reachable(x->queue, PROTOCOL_XMPP, false);
	xmppside_unacked_down(x->unacked);
	xmppside_out_down(x->out);
}

static void on_written(void *arg)
{
	struct xmppside *x = arg;

	xmppside_out_written(x->out);
}

/* Its life. */

static enum gateway_status create_link(struct xmppside *x)
{
	const struct xmppside_options *o = &x->options;
	const struct link_options options = {
		.target = { .domain = o->domain,
			    .address = o->address,
			    .port = o->port,
			    .secret = o->secret },
		.queue_max = o->queue_max,
		.connect_ms = CONNECT_MS,
		.backoff_min_ms = BACKOFF_MIN_MS,
		.backoff_max_ms = BACKOFF_MAX_MS,
		.idle_ms = IDLE_MS,
		.ping_ms = PING_MS,
	};
	const struct link_events events = { .up = on_up,
					    .down = on_down,
					    .stanza = on_stanza,
					    .written = on_written,
					    .arg = x };

	return link_create(x->loop, &options, &events, &x->link);
}

/* conversation_tell_fn: now or never, so nothing is held (RCPT-11). */
static bool tell(const char *from, const char *to, enum chatstate state,
		 void *arg)
{
	struct xmppside *x = arg;

	return link_is_up(x->link) &&
	       link_send(
		       x->link,
		       chatstate_stanza(link_context(x->link), from, to, state),
		       NULL) == LINK_QUEUED;
}

static enum gateway_status create_claims(struct xmppside *x)
{
	const struct xmppside_claims_options options = {
		.reports = x->options.reports,
		.saved = x->options.saved,
		.submit = submit,
		.arg = x,
	};

	return xmppside_claims_create(&options, &x->claims);
}

static enum gateway_status create_out(struct xmppside *x)
{
	const struct xmppside_out_options options = {
		.compose = { .domain = x->options.domain,
			     .chat = x->options.type_chat,
			     .reports = x->options.reports },
		.error_wait_ms = x->options.error_wait_ms,
		.held_max = x->options.queue_max,
		.profile = x->options.profile,
		.conversations = x->conversations,
		.unacked = x->unacked,
		.saved = x->options.saved,
	};

	return xmppside_out_create(x->loop, x->link, &options, &x->out);
}

static enum gateway_status prepare_domain(struct xmppside *x,
					  const char *domain)
{
	enum route_status status = jid_prep_domain(span_of(domain), x->domain);

	if (status == ROUTE_OK)
		return GATEWAY_OK;
	return status == ROUTE_NO_MEMORY ? GATEWAY_NO_MEMORY
					 : GATEWAY_BAD_CONFIG;
}

enum gateway_status xmppside_create(struct loop *loop,
				    const struct xmppside_options *options,
				    struct xmppside **xmppside_out)
{
	struct xmppside *x = calloc(1, sizeof *x);
	enum gateway_status status;

	*xmppside_out = NULL;
	if (!x)
		return GATEWAY_NO_MEMORY;
	x->side = (struct side){ .name = "xmpp",
				 .send = side_send,
				 .cancel = side_cancel,
				 .answer = side_answer,
				 .failed = side_failed };
	x->loop = loop;
	x->options = *options;
	x->options.domain = x->domain;
	status = prepare_domain(x, options->domain);
	if (status == GATEWAY_OK)
		status = create_link(x);
	if (status == GATEWAY_OK)
		status = conversations_create(loop, tell, x, &x->conversations);
	if (status == GATEWAY_OK)
		status = xmppside_unacked_create(loop, x->domain, &x->unacked);
	if (status == GATEWAY_OK)
		status = create_claims(x);
	if (status == GATEWAY_OK)
		status = create_out(x);
	if (status != GATEWAY_OK)
		xmppside_destroy(&x);
	*xmppside_out = x;
	return status;
}

void xmppside_connect(struct xmppside *xmppside, struct relay_table *relays,
		      struct queue *queue)
{
	xmppside->relays = relays;
	xmppside->queue = queue;
	xmppside_unacked_connect(xmppside->unacked, xmppside->link, queue);
	if (queue)
		queue_reachable(queue, PROTOCOL_XMPP, false);
	else
		xmppside_enable(xmppside, true);
}

void xmppside_enable(struct xmppside *xmppside, bool yes)
{
	link_enable(xmppside->link, yes);
}

struct side *xmppside_side(struct xmppside *xmppside)
{
	return &xmppside->side;
}

bool xmppside_is_up(const struct xmppside *xmppside)
{
	return link_is_up(xmppside->link);
}

void xmppside_drain(struct xmppside *xmppside)
{
	xmppside->draining = true;
}

void xmppside_flush(struct xmppside *xmppside, void (*done)(void *arg),
		    void *arg)
{
	xmppside_unacked_flush(xmppside->unacked, done, arg);
}

void xmppside_destroy(struct xmppside **xmppside)
{
	struct xmppside *x = *xmppside;

	if (!x)
		return;
	link_destroy(&x->link);
	xmppside_out_destroy(&x->out);
	xmppside_unacked_destroy(&x->unacked);
	xmppside_claims_destroy(&x->claims);
	conversations_destroy(&x->conversations);
	free(x);
	*xmppside = NULL;
}
