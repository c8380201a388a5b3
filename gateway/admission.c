#include "gateway/admission.h"

#include <stdlib.h>

#include "enum/text.h"
#include "gateway/rate.h"

/** What a sender that went over a rate is told to wait. */
#define RETRY_AFTER_S 5

struct admission {
	struct loop *loop;
	struct admission_options options;
	struct rate *per_admitted_peer, *per_peer, *per_sender, *per_recipient;
	struct rate *loops;
};

enum admission_trust admission_peer(const struct admission *admission,
				    const char *address)
{
	const struct admission_options *o = &admission->options;

	if (admission_ranges_hold(o->trust, o->trust_count, address))
		return ADMISSION_TRUSTED;
	if (admission_ranges_hold(o->admit, o->admit_count, address))
		return ADMISSION_ADMITTED;
	return ADMISSION_NOBODY;
}

static enum enum_status make_rate(struct loop *loop, double per_second,
				  struct rate **rate_out)
{
	return per_second > 0
		       ? rate_create(loop, per_second, per_second, rate_out)
		       : ENUM_OK;
}

static enum enum_status make_loops(struct admission *a)
{
	const struct admission_options *o = &a->options;

	if (o->loop_count == 0)
		return ENUM_OK;
	return rate_create(a->loop,
			   o->loop_count * 1000.0 / (double)o->loop_window_ms,
			   o->loop_count, &a->loops);
}

enum gateway_status admission_create(struct loop *loop,
				     const struct admission_options *options,
				     struct admission **admission_out)
{
	struct admission *a = calloc(1, sizeof *a);

	*admission_out = a;
	if (!a)
		return GATEWAY_NO_MEMORY;
	a->loop = loop;
	a->options = *options;
	if (make_rate(loop, options->per_admitted_peer,
		      &a->per_admitted_peer) == ENUM_OK &&
	    make_rate(loop, options->per_peer, &a->per_peer) == ENUM_OK &&
	    make_rate(loop, options->per_sender, &a->per_sender) == ENUM_OK &&
	    make_rate(loop, options->per_recipient, &a->per_recipient) ==
		    ENUM_OK &&
	    make_loops(a) == ENUM_OK)
		return GATEWAY_OK;
	admission_destroy(admission_out);
	return GATEWAY_NO_MEMORY;
}

bool admission_may_cross(const struct message *m, struct outcome *no_out)
{
	if (m->merged) { /* SIP-11, CONF-21: one delivery, whatever the ways */
		*no_out = outcome_of_sip(482, "Merged Request");
	} else if (m->require) { /* SIP-13: a UAS must know each of them */
		*no_out = outcome_of_sip(420, "extension not supported");
		no_out->unsupported = m->require;
	} else if (m->in_dialog) { /* SIP-26 */
		*no_out = outcome_of_sip(481, NULL);
	} else if (m->secure_only) { /* MAP-12 */
		*no_out = outcome_of_sip(480, "sips cannot be kept");
	} else {
		return true;
	}
	return false;
}

void admission_destroy(struct admission **admission)
{
	struct admission *a = *admission;

	if (!a)
		return;
	rate_destroy(&a->per_admitted_peer);
	rate_destroy(&a->per_peer);
	rate_destroy(&a->per_sender);
	rate_destroy(&a->per_recipient);
	rate_destroy(&a->loops);
	free(a);
	*admission = NULL;
}

static bool within(struct rate *rate, const char *key)
{
	return !rate || !key || rate_take(rate, rate_key_add(0, span_of(key)));
}

/* Only a SIP peer is a neighbour with a rate; the one XMPP peer is our own
 * server, which carries many senders. */
static bool peer_within(struct admission *a, const struct message *message)
{
	if (message->origin != PROTOCOL_SIP)
		return true;
	if (admission_peer(a, message->peer) == ADMISSION_TRUSTED)
		return within(a->per_peer, message->peer);
	return within(a->per_admitted_peer, message->peer);
}

/* A Route is a way, not a recipient. */
static const char *recipient_of(const struct message *message)
{
	return message->kind == PLAN_ROUTE ? message->to : message->target;
}

static const char *over_which(struct admission *a,
			      const struct message *message)
{
	if (!peer_within(a, message))
		return "too many messages from this peer";
	if (!within(a->per_sender, message->from))
		return "too many messages from this sender";
	if (!within(a->per_recipient, recipient_of(message)))
		return "too many messages for this recipient";
	return NULL;
}

bool admission_has_expired(const struct admission *admission,
			   const struct message *message,
			   struct outcome *no_out)
{
	if (!admission->options.drop_expired || !message->expires_s ||
	    loop_wall_s(admission->loop) < message->expires_s)
		return false;
	*no_out = outcome_of_sip(480, "the message has expired");
	return true;
}

static bool is_loop(struct admission *a, const struct message *m)
{
	uint64_t key = rate_key_add(0, span_of(m->from));

	if (!a->loops)
		return false;
	key = rate_key_add(key, span_of(recipient_of(m)));
	key = rate_key_add(key, (struct span){ m->body, m->body_len });
	return !rate_take(a->loops, key);
}

bool admission_judge(struct admission *admission, const struct message *message,
		     struct outcome *no_out)
{
	const char *over = NULL;

	if (admission_has_expired(admission, message, no_out))
		return false;
	if (is_loop(admission, message)) {
		*no_out = outcome_of_sip(482, "the same message comes back");
	} else if ((over = over_which(admission, message))) {
		*no_out = outcome_of_sip(480, over);
		no_out->condition = CONDITION_OVER_RATE;
		no_out->retry_after_s = RETRY_AFTER_S;
	} else {
		return true;
	}
	return false;
}
