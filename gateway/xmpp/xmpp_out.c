#include "gateway/xmpp/xmpp_out.h"

#include <stdlib.h>
#include <string.h>

#include "enum/text.h"
#include "gateway/xmpp/delay.h"
#include "gateway/xmpp/report.h"
#include "gateway/xmpp/stanza.h"
#include "gateway/xmpp/stanza_outcome.h"
#include "gateway/xmpp/xmpp_starved.h"
#include "gateway/xmpp/xmpp_typing.h"

/** Chains of the table id -> attempt. */
#define CHAINS 1024

/** What the sender is told to wait when the queue to the server is full. */
#define RETRY_AFTER_S 5

enum phase {
	PHASE_ASKING,  /* the store, about what it reports on; the deadline */
	PHASE_HELD,    /* the link is down; the timer is the deadline */
	PHASE_SENT,    /* the timer is error_wait */
	PHASE_BLOCKED, /* that is over, but nothing written: the deadline */
	PHASE_DECIDED, /* `outcome` is reported when the timer fires: never
			* before send has returned */
	PHASE_COUNT
};

/** attempt->state */
struct flight {
	struct flight *next, *previous; /* all, in the order of arrival */
	struct flight *next_in_chain;
	struct xmppside_out *out;
	struct attempt *attempt;
	enum phase phase;
	struct loop_timer *timer;
	int64_t deadline_ms;
	struct reports_look *look; /* while asking */
	xmpp_stanza_t *stanza;	   /* while held */
	uint64_t serial;	   /* once sent */
	struct outcome outcome;	   /* once decided */
};

struct xmppside_out {
	struct loop *loop;
	struct link *link;
	struct xmppside_out_options options;
	struct flight *first, *last;
	size_t in_phase[PHASE_COUNT];
	struct flight *chains[CHAINS];
	struct xmppside_starved starved;
};

static void set_phase(struct flight *f, enum phase phase, int64_t timer_ms)
{
	f->out->in_phase[f->phase]--;
	f->phase = phase;
	f->out->in_phase[phase]++;
	loop_timer_set(f->timer, timer_ms);
}

/* Correlation: our id is the stanza's. */

static struct flight **chain_of(struct xmppside_out *out, const char *id)
{
	uint32_t hash = 2166136261u; /* FNV-1a; the ids are random */

	for (; *id; id++)
		hash = (hash ^ (unsigned char)*id) * 16777619u;
	return &out->chains[hash % CHAINS];
}

static struct flight *find(struct xmppside_out *out, const char *id)
{
	struct flight *f = *chain_of(out, id);

	while (f && strcmp(f->attempt->message->id, id) != 0)
		f = f->next_in_chain;
	return f;
}

static void add(struct xmppside_out *out, struct flight *f)
{
	struct flight **chain = chain_of(out, f->attempt->message->id);

	f->next_in_chain = *chain;
	*chain = f;
	f->previous = out->last;
	if (out->last)
		out->last->next = f;
	else
		out->first = f;
	out->last = f;
	out->in_phase[f->phase]++;
}

static void take_out(struct flight *f)
{
	struct xmppside_out *out = f->out;
	struct flight **at = chain_of(out, f->attempt->message->id);

	while (*at != f)
		at = &(*at)->next_in_chain;
	*at = f->next_in_chain;
	if (f->previous)
		f->previous->next = f->next;
	else
		out->first = f->next;
	if (f->next)
		f->next->previous = f->previous;
	else
		out->last = f->previous;
	out->in_phase[f->phase]--;
}

static void drop(struct flight *f)
{
	take_out(f);
	f->attempt->state = NULL;
	reports_saved_cancel(&f->look);
	loop_timer_destroy(&f->timer);
	if (f->stanza)
		(void)xmpp_stanza_release(f->stanza);
	free(f);
}

static void report(struct flight *f, const struct outcome *outcome)
{
	struct attempt *attempt = f->attempt;
	struct outcome copy = *outcome; /* may be the flight's own */

	if (copy.kind == OUTCOME_ACCEPTED && attempt->message->seq)
		xmppside_unacked_add(f->out->options.unacked,
				     attempt->message->seq, f->serial);
	drop(f);
	attempt->done(attempt, &copy);
}

static void decide(struct flight *f, struct outcome outcome)
{
	f->outcome = outcome;
	set_phase(f, PHASE_DECIDED, 0);
}

static struct outcome temporary(int code, const char *reason)
{
	struct outcome outcome = outcome_of_sip(code, reason);

	outcome.kind = OUTCOME_TEMPORARY;
	return outcome;
}

static int64_t time_left(const struct flight *f)
{
	return f->deadline_ms - loop_now_ms(f->out->loop);
}

static void on_timer(void *arg)
{
	struct flight *f = arg;
	struct outcome end;

	switch (f->phase) {
	case PHASE_SENT:
		if (link_written(f->out->link) < f->serial) {
			set_phase(f, PHASE_BLOCKED, time_left(f));
			return;
		}
		end = outcome_of_sip(202, NULL);
		break;
	case PHASE_DECIDED: end = f->outcome; break;
	case PHASE_ASKING: end = temporary(504, "no answer in time"); break;
	case PHASE_HELD:
		end = temporary(504, "no connection to the XMPP server");
		break;
	case PHASE_BLOCKED:
	case PHASE_COUNT:
	default: end = temporary(504, "XMPP server takes nothing"); break;
	}
	report(f, &end);
}

/* Give the stanza to the link. */
static void transmit(struct flight *f)
{
	struct xmppside_out *out = f->out;
	xmpp_stanza_t *stanza = f->stanza;
	struct outcome full;

	f->stanza = NULL;
	xmppside_typing_mark(out->options.conversations, stanza);
	switch (link_send(out->link, stanza, &f->serial)) {
	case LINK_QUEUED:
		if (f->attempt->message->seq)
			xmppside_unacked_wrote(out->options.unacked, f->serial);
		set_phase(f, PHASE_SENT,
			  f->attempt->message->answered
				  ? 0
				  : out->options.error_wait_ms);
		return;
	case LINK_FULL:
		full = temporary(500, "queue to the XMPP server is full");
		full.retry_after_s = RETRY_AFTER_S;
		decide(f, full);
		return;
	case LINK_NOT_UP:
	case LINK_NO_MEMORY: break;
	}
	decide(f, outcome_of_route(ROUTE_NO_MEMORY, "out of memory"));
}

static void hold(struct flight *f)
{
	struct xmppside_out *out = f->out;

	/* a stored message waits in the store */
	if (out->in_phase[PHASE_HELD] >= out->options.held_max ||
	    f->attempt->message->seq)
		decide(f, temporary(504, "no connection to the XMPP server"));
	else
		set_phase(f, PHASE_HELD, time_left(f));
}

static struct flight *flight_create(struct xmppside_out *out,
				    struct attempt *attempt)
{
	struct flight *f = calloc(1, sizeof *f);

	if (!f)
		return NULL;
	if (loop_timer_create(out->loop, on_timer, f, &f->timer) != ENUM_OK) {
		free(f);
		return NULL;
	}
	f->out = out;
	f->attempt = attempt;
	f->deadline_ms = loop_now_ms(out->loop) + attempt->timeout_ms;
	attempt->state = f;
	add(out, f);
	return f;
}

static void send_stanza(struct flight *f)
{
	struct xmppside_out *out = f->out;
	const struct attempt *attempt = f->attempt;
	bool goes = out->in_phase[PHASE_HELD] == 0 && /* XMPP-30 */
		    link_is_up(out->link);
	struct outcome no;

	if (!compose_stanza(link_context(out->link), &out->options.compose,
			    attempt->message, attempt->hop.recipient,
			    &f->stanza, &no))
		decide(f, no);
	else if (!delay_mark(f->stanza, out->options.compose.domain,
			     attempt->message, loop_wall_s(out->loop), !goes))
		decide(f, outcome_of_route(ROUTE_NO_MEMORY, "out of memory"));
	else if (attempt->message->seq &&
		 !xmppside_unacked_has_room(out->options.unacked))
		decide(f, temporary(504, "XMPP server confirms nothing"));
	else if (goes)
		transmit(f);
	else
		hold(f);
}

static void got_report(void *arg)
{
	struct flight *f = arg;

	f->look = NULL;
	send_stanza(f);
}

/* RCPT-9: what a report is about may be known to the store only. */
static void ask_report(struct flight *f)
{
	char id[IMDN_ID_SIZE];

	if (report_names(f->attempt->message, id) &&
	    reports_saved_ask(f->out->options.saved, id, got_report, f,
			      &f->look))
		set_phase(f, PHASE_ASKING, time_left(f));
	else
		send_stanza(f);
}

void xmppside_out_send(struct xmppside_out *out, struct attempt *attempt)
{
	struct flight *f = flight_create(out, attempt);

	if (!f)
		xmppside_starved_add(&out->starved, attempt);
	else if (attempt->message->purpose == MESSAGE_COMPOSING)
		decide(f, xmppside_typing_show(out->options.conversations,
					       &out->options.compose, attempt));
	else
		ask_report(f);
}

void xmppside_out_cancel(struct xmppside_out *out, struct attempt *attempt)
{
	if (!xmppside_starved_remove(&out->starved, attempt) && attempt->state)
		drop(attempt->state);
}

/* The local part and domain of the hop's recipient, whatever resource the
 * answer comes from. */
static bool is_recipient(const struct flight *f, const char *from)
{
	struct span bare, rest = span_of(from);

	return span_cut(&rest, '/', &bare) &&
	       span_is_nocase(bare, f->attempt->hop.recipient);
}

bool xmppside_out_error(struct xmppside_out *out, xmpp_stanza_t *stanza)
{
	const struct stanza_address address = stanza_address(stanza);
	struct flight *f = address.id ? find(out, address.id) : NULL;

	if (!f || (f->phase != PHASE_SENT && f->phase != PHASE_BLOCKED) ||
	    !is_recipient(f, address.from))
		return false;
	decide(f, stanza_outcome(stanza, out->options.compose.domain, false,
				 &out->options.profile));
	return true;
}

void xmppside_out_up(struct xmppside_out *out)
{
	for (struct flight *f = out->first; f; f = f->next)
		if (f->phase == PHASE_HELD)
			transmit(f);
}

/* A stanza that was under way may have got lost: nobody is told that it was
 * accepted, unless the server has proved it. */
void xmppside_out_down(struct xmppside_out *out)
{
	for (struct flight *f = out->first; f; f = f->next) {
		if (f->phase != PHASE_SENT && f->phase != PHASE_BLOCKED)
			continue;
		if (xmppside_unacked_is_proven(out->options.unacked, f->serial))
			decide(f, outcome_of_sip(202, NULL));
		else
			decide(f, temporary(504, "connection to the XMPP "
						 "server was lost"));
	}
}

void xmppside_out_written(struct xmppside_out *out)
{
	uint64_t written;

	if (out->in_phase[PHASE_BLOCKED] == 0)
		return;
	written = link_written(out->link);
	for (struct flight *f = out->first; f; f = f->next)
		if (f->phase == PHASE_BLOCKED && f->serial <= written)
			decide(f, outcome_of_sip(202, NULL));
}

enum gateway_status
xmppside_out_create(struct loop *loop, struct link *link,
		    const struct xmppside_out_options *options,
		    struct xmppside_out **out_out)
{
	struct xmppside_out *out = calloc(1, sizeof *out);

	*out_out = NULL;
	if (!out)
		return GATEWAY_NO_MEMORY;
	out->loop = loop;
	out->link = link;
	out->options = *options;
	if (xmppside_starved_init(&out->starved, loop) != GATEWAY_OK) {
		free(out);
		return GATEWAY_NO_MEMORY;
	}
	*out_out = out;
	return GATEWAY_OK;
}

void xmppside_out_destroy(struct xmppside_out **out)
{
	if (!*out)
		return;
	xmppside_starved_clear(&(*out)->starved);
	free(*out);
	*out = NULL;
}
