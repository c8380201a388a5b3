/* Stop 5: may the next hop be tried, and what its attempt told about it. */

#include "gateway/relay_private.h"

#include <stdlib.h>

#include "gateway/log.h"

/* No other hop can help. */
static bool is_over(const struct relay *r, struct outcome *no_out)
{
	return admission_has_expired(r->table->options.admission, r->message,
				     no_out) ||
	       (r->attempt.hop.protocol != r->message->origin &&
		!admission_may_cross(r->message, no_out));
}

static struct outcome untried(int code, const char *reason, unsigned left_s)
{
	struct outcome no = outcome_of_sip(code, reason);

	no.retry_after_s = left_s;
	no.untried = true;
	return no;
}

/* For who waits for an answer it is tried all the same, if no other hop takes
 * the message. Without memory it is not. */
static void keep_spare(struct relay *r)
{
	if (r->message->seq || r->spare)
		return;
	r->spare = malloc(sizeof *r->spare);
	if (r->spare)
		*r->spare = r->attempt.hop;
}

static bool is_left_alone(struct relay *r, struct outcome *no_out)
{
	unsigned left_s;

	if (r->attempt.hop.protocol != PROTOCOL_SIP)
		return false;
	switch (backoff_ask(r->table->memory.backoff, &r->attempt.hop,
			    &left_s)) {
	case BACKOFF_GO: break;
	case BACKOFF_PAUSED: /* CARR-5 */
		*no_out =
			untried(500, "the next hop asked for a pause", left_s);
		return true;
	case BACKOFF_DEAD:
		*no_out = untried(504, "the next hop has not answered lately",
				  left_s);
		keep_spare(r);
		return true;
	}
	return false;
}

enum relay_hop_verdict relay_hop_judge(struct relay *r, struct outcome *no_out)
{
	if (is_over(r, no_out))
		return RELAY_HOP_OVER;
	/* a message in the store may be older than the configuration */
	if (!r->table->options.sides[r->attempt.hop.protocol]) {
		*no_out = outcome_of_sip(500, "its protocol is not configured");
		return RELAY_HOP_SKIP;
	}
	return is_left_alone(r, no_out) ? RELAY_HOP_SKIP : RELAY_HOP_GO;
}

bool relay_hop_take_spare(struct relay *r)
{
	if (!r->spare || !backoff_insist(r->table->memory.backoff, r->spare))
		return false;
	r->attempt.hop = *r->spare;
	free(r->spare);
	r->spare = NULL;
	return true;
}

static void log_server(const struct hop *hop, bool is_dead)
{
	log_event(is_dead ? LOG_LEVEL_WARNING : LOG_LEVEL_INFO, "server",
		  FIELD_TEXT("state", is_dead ? "dead" : "alive"),
		  FIELD_TEXT("host", hop->host),
		  FIELD_TEXT("address", hop->address),
		  FIELD_INT("port", hop->port),
		  FIELD_TEXT("transport", transport_word(hop->transport)));
}

void relay_hop_note(struct relay *r, const struct outcome *outcome)
{
	struct backoff *backoff = r->table->memory.backoff;
	const struct hop *hop = &r->attempt.hop;

	if (hop->protocol != PROTOCOL_SIP)
		return;
	if (outcome->silent && backoff_silent(backoff, hop))
		log_server(hop, true);
	else if (outcome->remote && backoff_answered(backoff, hop))
		log_server(hop, false);
	if (outcome->try_next && outcome->retry_after_s)
		backoff_note(backoff, hop, outcome->retry_after_s);
}
