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
	side_notice_fn *done;
	void *arg;
	enum message_report what;
	char id[MESSAGE_ID_SIZE];
};

/* The steps in the order of time. */
static bool ask_report(struct sipside *side, const struct sipside_failure *f);
static void got_report(void *arg);
static void tell(const struct sipside *side, const struct sipside_failure *f);

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
static bool ask_report(struct sipside *side,
		       const struct sipside_failure *failure)
{
	struct sipside_failure *f = malloc(sizeof *f);

	if (!f)
		return false;
	*f = *failure;
	if (!reports_saved_ask(side->options.saved, f->id, got_report, f,
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
	tell(f->side, f);
	drop(f);
}

static void tell(const struct sipside *side, const struct sipside_failure *f)
{
	struct message *report;
	enum gateway_status status =
		reports_failure(side->options.reports, f->id, f->what, &report);

	f->done(status, report, f->arg);
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

void sipside_failed(struct side *face, const struct message *message,
		    const struct outcome *outcome, side_notice_fn *done,
		    void *arg)
{
	struct sipside *side = (struct sipside *)face;
	struct sipside_failure failure = {
		.what = outcome->code == 403 ? MESSAGE_FORBIDDEN
					     : MESSAGE_FAILED,
		.done = done,
		.arg = arg,
	};
	char recipient[JID_SIZE];
	struct text text;
	bool asked;

	(void)span_copy(span_of(message->id), failure.id, sizeof failure.id);
	asked = ask_report(side, &failure);
	/* one that no other protocol has seen is in no table yet */
	text_init(&text, recipient, sizeof recipient);
	write_recipient(side, message, &text);
	(void)report_body_note(side->options.reports, message, recipient);
	if (!asked)
		tell(side, &failure);
}

void sipside_failures_clear(struct sipside *side)
{
	while (side->failures)
		drop(side->failures);
}
