/* RCPT-4: a message from SIP has failed after its 202. Its sender hears of it
 * by a report, if he asked for one, or by a text where the operator wants that
 * (queue.failure_text). Whether he was told something already may be known to
 * the store only. */

#include "gateway/sip/sip_private.h"

#include <stdlib.h>
#include <string.h>

#include "enum/tel.h"
#include "gateway/body/report_body.h"
#include "routing/jid.h"

/* A failure that waits for the store. */
struct sipside_failure {
	struct sipside_failure *next, *previous;
	struct sipside *side;
	struct reports_look *look;
	enum message_report what;
	char id[MESSAGE_ID_SIZE];
};

/* The steps in the order of time. */
static bool ask_report(struct sipside *side, const char *id,
		       enum message_report what);
static void got_report(void *arg);
static void tell(struct sipside *side, const char *id,
		 enum message_report what);

static void add(struct sipside *side, struct sipside_failure *f)
{
	f->side = side;
	f->next = side->failures;
	if (f->next)
		f->next->previous = f;
	side->failures = f;
}

static void drop(struct sipside_failure *f)
{
	reports_saved_cancel(&f->look);
	if (f->next)
		f->next->previous = f->previous;
	if (f->previous)
		f->previous->next = f->next;
	else
		f->side->failures = f->next;
	free(f);
}

/* @return whether it waits for an answer */
static bool ask_report(struct sipside *side, const char *id,
		       enum message_report what)
{
	struct sipside_failure *f = calloc(1, sizeof *f);

	if (!f)
		return false;
	f->what = what;
	(void)span_copy(span_of(id), f->id, sizeof f->id);
	if (!reports_saved_ask(side->options.saved, id, got_report, f,
			       &f->look)) {
		free(f);
		return false;
	}
	add(side, f);
	return true;
}

static void got_report(void *arg)
{
	struct sipside_failure *f = arg;

	f->look = NULL;
	tell(f->side, f->id, f->what);
	drop(f);
}

static void tell(struct sipside *side, const char *id, enum message_report what)
{
	struct message *report =
		reports_failure(side->options.reports, id, what);

	if (report)
		relay_submit(side->relays, report, NULL);
}

/* Who the report comes from: whom the message was for, as a JID. */
static void write_recipient(const struct sipside *side,
			    const struct message *message, struct text *out)
{
	struct tel tel;

	if (message->kind == PLAN_NUMBER &&
	    tel_parse(span_of(message->target), &tel) == ENUM_OK)
		text_addf(out, "%s@%s", tel.number,
			  sipside_own_name(&side->options));
	else
		text_add_span(out,
			      span_skip(span_of(message->target),
					message->kind == PLAN_IM ? strlen("im:")
								 : 0));
}

bool sipside_failed(struct side *face, const struct message *message,
		    const struct outcome *outcome)
{
	const enum message_report what =
		outcome->code == 403 ? MESSAGE_FORBIDDEN : MESSAGE_FAILED;
	struct sipside *side = (struct sipside *)face;
	bool asked = ask_report(side, message->id, what);
	char recipient[JID_SIZE];
	struct text text;

	/* one that no other protocol has seen is in no table yet */
	text_init(&text, recipient, sizeof recipient);
	write_recipient(side, message, &text);
	(void)report_body_note(side->options.reports, message, recipient);
	if (!asked)
		tell(side, message->id, what);
	return true;
}

void sipside_failures_clear(struct sipside *side)
{
	while (side->failures)
		drop(side->failures);
}
