#include "gateway/xmpp/xmpp_claims.h"

#include <stdlib.h>
#include <string.h>

#include "gateway/log.h"
#include "gateway/xmpp/report.h"
#include "gateway/xmpp/stanza.h"

/* A claim that waits. */
struct waiting {
	struct waiting *next, *previous;
	struct xmppside_claims *claims;
	struct reports_look *look;
	enum message_report what;
	char id[MESSAGE_ID_SIZE];
	char from[]; /* JID */
};

struct xmppside_claims {
	struct xmppside_claims_options options;
	struct waiting *first;
};

/* The steps in the order of time. */
static bool ask_report(struct xmppside_claims *claims,
		       const struct report_claim *claim);
static void got_report(void *arg);
static bool believe(struct xmppside_claims *claims,
		    const struct report_claim *claim);

static void add(struct waiting *w)
{
	w->next = w->claims->first;
	if (w->next)
		w->next->previous = w;
	w->claims->first = w;
}

static void drop(struct waiting *w)
{
	reports_saved_cancel(&w->look);
	if (w->next)
		w->next->previous = w->previous;
	if (w->previous)
		w->previous->next = w->next;
	else
		w->claims->first = w->next;
	free(w);
}

/* @return NULL: out of memory, or the id is longer than ours */
static struct waiting *keep(struct xmppside_claims *claims,
			    const struct report_claim *claim)
{
	const size_t size = strlen(claim->from) + 1;
	struct waiting *w = calloc(1, sizeof *w + size);

	if (!w)
		return NULL;
	w->claims = claims;
	w->what = claim->what;
	memcpy(w->from, claim->from, size);
	if (span_copy(span_of(claim->id), w->id, sizeof w->id))
		return w;
	free(w);
	return NULL;
}

/* @return whether it waits for an answer */
static bool ask_report(struct xmppside_claims *claims,
		       const struct report_claim *claim)
{
	struct waiting *w = keep(claims, claim);

	if (!w)
		return false;
	if (!reports_saved_ask(claims->options.saved, w->id, got_report, w,
			       &w->look)) {
		free(w);
		return false;
	}
	add(w);
	return true;
}

static void got_report(void *arg)
{
	struct waiting *w = arg;
	const struct report_claim claim = { w->id, w->from, w->what };

	w->look = NULL;
	if (!believe(w->claims, &claim))
		log_event(LOG_LEVEL_DEBUG, "report-ignored",
			  FIELD_TEXT("id", w->id),
			  FIELD_TEXT("why", "unknown, foreign or repeated"),
			  FIELD_TEXT("from", w->from));
	drop(w);
}

static bool believe(struct xmppside_claims *claims,
		    const struct report_claim *claim)
{
	struct message *message =
		report_believe(claims->options.reports, claim);

	if (message)
		claims->options.submit(message, claims->options.arg);
	return message != NULL;
}

bool xmppside_claims_take(struct xmppside_claims *claims, xmpp_stanza_t *stanza)
{
	static const enum message_report kinds[] = { MESSAGE_DELIVERED,
						     MESSAGE_DISPLAYED };
	struct report_claim claim;
	bool any = false;

	if (stanza_content(stanza) != STANZA_SIGNAL)
		return false;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (report_read(stanza, kinds[i], &claim) &&
		    (ask_report(claims, &claim) || believe(claims, &claim)))
			any = true;
	return any;
}

/* CONF-6: nobody may have asked to hear of it. */
static void log_late_error(xmpp_stanza_t *stanza)
{
	const struct stanza_address address = stanza_address(stanza);
	char text[OUTCOME_REASON_SIZE];
	enum condition condition = stanza_error_read(stanza, text, sizeof text);

	log_event(LOG_LEVEL_INFO, "late-error", FIELD_TEXT("id", address.id),
		  FIELD_TEXT("from", address.from),
		  FIELD_TEXT("condition", condition_word(condition)),
		  FIELD_TEXT("text", text));
}

bool xmppside_claims_take_error(struct xmppside_claims *claims,
				xmpp_stanza_t *stanza)
{
	struct report_claim claim;

	log_late_error(stanza);
	return report_read_error(stanza, &claim) &&
	       (ask_report(claims, &claim) || believe(claims, &claim));
}

enum gateway_status
xmppside_claims_create(const struct xmppside_claims_options *options,
		       struct xmppside_claims **claims_out)
{
	struct xmppside_claims *claims = calloc(1, sizeof *claims);

	*claims_out = claims;
	if (!claims)
		return GATEWAY_NO_MEMORY;
	claims->options = *options;
	return GATEWAY_OK;
}

void xmppside_claims_destroy(struct xmppside_claims **claims)
{
	if (!*claims)
		return;
	while ((*claims)->first)
		drop((*claims)->first);
	free(*claims);
	*claims = NULL;
}
