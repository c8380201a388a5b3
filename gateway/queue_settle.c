/* What came of a message, and when it comes again. */

#include "gateway/queue_private.h"

#include "gateway/log.h"
#include "gateway/relay.h"

/** Those that were not tried come back within this time of the end of a
 *  pause: one of them will see. */
#define UNTRIED_SPREAD_MS 2000

/* Half as long at least, half as long again at most: those that failed
 * together do not come back together. */
static int64_t wait_ms(struct queue *queue, const struct message *message,
		       const struct outcome *outcome)
{
	const struct queue_options *o = &queue->options;
	unsigned last = (unsigned)o->retry_count - 1;
	int64_t wait =
		o->retry_ms[message->tries < last ? message->tries : last];
	int64_t asked = outcome->retry_after_s * 1000ll;
	uint32_t chance;

	loop_random(o->loop, &chance, sizeof chance);
	if (outcome->untried) /* others are about to see */
		return asked + chance % UNTRIED_SPREAD_MS;
	wait += (int64_t)(chance % 1000) * wait / 2000 - wait / 4;
	return asked > wait ? asked : wait;
}

static bool has_link(const struct queue *queue, const struct hop *hop)
{
	return !hop || queue->reachable[hop->protocol];
}

/* Silence decides nothing, nor does our own trouble; who gives a time to come
 * back has not decided. Any other word of a remote entity is the answer to the
 * sender, RFC 7247's too, unless the operator wants the failures of such hops
 * waited out (queue.hold). */
static bool may_retry(const struct queue *queue, const struct message *message,
		      const struct hop *hop, const struct outcome *outcome)
{
	bool is_first = message->origin == PROTOCOL_SIP && !message->answered;
	bool holds = hop && queue->options.hold[hop->protocol];

	if (outcome->kind != OUTCOME_TEMPORARY)
		return false;
	if (is_first && hop && !holds)
		return false;
	if (!outcome->remote || outcome->retry_after_s > 0)
		return true;
	return hop && hop->protocol == PROTOCOL_SIP &&
	       (holds || message->origin == PROTOCOL_SIP);
}

static void log_state(const struct message *message, const char *state,
		      int64_t wait, const char *reason)
{
	log_event(LOG_LEVEL_INFO, "queue", FIELD_TEXT("id", message->id),
		  FIELD_TEXT("state", state),
		  FIELD_INT("tries", message->tries + 1),
		  FIELD_INT("wait_ms", wait), FIELD_TEXT("reason", reason));
}

/* Those behind it must not overtake it. */
static void hold_lane(struct queue *queue, const struct message *message)
{
	uint64_t lane = queue_lane_of(message);
	struct message *next;

	while ((next = queue_lanes_take(queue->lanes, lane))) {
		queue_defer(queue, next, loop_wall_ms(queue->options.loop),
			    false, "behind an earlier message");
		message_destroy(&next);
	}
	if (queue->holding)
		return;
	queue->holding = true;
	relay_hold_lane(queue->relays, lane, message->seq);
	queue->holding = false;
}

static bool put_off(struct queue *queue, const struct message *message,
		    const struct hop *hop, struct outcome *outcome)
{
	int64_t now = loop_wall_ms(queue->options.loop);
	int64_t end = queue_expiry_ms(queue, message);
	bool waits = has_link(queue, hop) && !queue->holding;
	int64_t wait = waits ? wait_ms(queue, message, outcome) : 0;

	if (now >= end)
		return false;
	if (now + wait > end)
		wait = end - now;
	queue_defer(queue, message, now + wait, waits && !outcome->untried,
		    outcome->reason);
	if (!outcome->untried)
		log_state(message, "waiting", wait, outcome->reason);
	hold_lane(queue, message);
	*outcome = outcome_of_sip(202, NULL);
	return true;
}

/* The SIP sender of the first try hears it by his answer. RCPT-4, XMPP-6:
 * nobody is told that a report has failed. */
static bool is_to_be_told(const struct message *message)
{
	return message->purpose == MESSAGE_TEXT &&
	       (message->answered || message->origin == PROTOCOL_XMPP);
}

static void give_up(struct queue *queue, struct message *message,
		    const struct outcome *outcome)
{
	if (message->answered)
		log_state(message, "failed", 0, outcome->reason);
	if (!is_to_be_told(message)) {
		store_forget(queue->store, message->seq);
		return;
	}
	(void)queue_notice_start(queue, message, outcome, NULL, NULL);
	message->answered = true;
}

/* Over the link it arrives later, or not: queue_acknowledged, queue_lost. */
static bool is_under_way(const struct hop *hop, const struct outcome *outcome)
{
	return outcome->kind == OUTCOME_ACCEPTED && hop &&
	       hop->protocol == PROTOCOL_XMPP;
}

bool queue_is_serial(const struct message *message)
{
	return message->answered || message->origin == PROTOCOL_XMPP;
}

void queue_settle(struct queue *queue, struct message *message,
		  const struct hop *hop, struct outcome *outcome)
{
	if (!queue || !message->seq)
		return;
	if (may_retry(queue, message, hop, outcome) &&
	    put_off(queue, message, hop, outcome)) {
		/* it comes again */
	} else if (outcome->kind == OUTCOME_TEMPORARY ||
		   outcome->kind == OUTCOME_PERMANENT) {
		give_up(queue, message, outcome);
	} else if (!is_under_way(hop, outcome)) {
		store_finish(queue->store, message->seq);
	}
	if (queue_is_serial(message)) {
		queue_lanes_ended(queue->lanes, queue_lane_of(message));
		if (queue->backlog || queue_lanes_count(queue->lanes) > 0)
			queue_wake(queue);
	}
}

/* Said as a failure for now: nothing is wrong with sender or recipient. */
void queue_dropped(struct queue *queue, const struct message *message,
		   queue_told_fn *done, void *arg)
{
	const struct outcome outcome =
		outcome_of_sip(480, "removed by the operator");

	if (message->purpose != MESSAGE_TEXT ||
	    !queue_notice_start(queue, message, &outcome, done, arg))
		done(false, arg);
}

void queue_acknowledged(struct queue *queue, uint64_t seq)
{
	store_finish(queue->store, seq);
}

void queue_lost(struct queue *queue, uint64_t seq)
{
	store_defer(queue->store, seq, loop_wall_ms(queue->options.loop), false,
		    "the connection broke before it was acknowledged");
	queue_state_add(queue, 1, ++queue->serial);
	queue_wake(queue);
}

void queue_reachable(struct queue *queue, enum protocol protocol, bool yes)
{
	queue->reachable[protocol] = yes;
	if (yes)
		queue_wake(queue);
}
