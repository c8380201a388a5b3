#include "gateway/xmpp/report.h"

#include <string.h>

#include "gateway/body/imdn.h"
#include "gateway/body/refusal.h"
#include "gateway/body/report_body.h"
#include "gateway/log.h"
#include "gateway/xmpp/receipt.h"
#include "gateway/xmpp/stanza.h"
#include "routing/jid.h"

/* What is asked for. */

bool report_ask(struct reports *reports, const struct message *message,
		const char *recipient, xmpp_stanza_t *stanza)
{
	return receipt_ask(stanza,
			   report_body_note(reports, message, recipient));
}

/* What is reported by SIP. */

bool report_is_one(const struct message *message)
{
	struct span xml;

	return message->origin == PROTOCOL_SIP &&
	       report_body_find(message, &xml);
}

bool report_names(const struct message *message, char id[IMDN_ID_SIZE])
{
	struct imdn imdn;
	struct span xml;

	return message->origin == PROTOCOL_SIP &&
	       report_body_find(message, &xml) && imdn_read(xml, &imdn) &&
	       span_copy(span_of(imdn.message_id), id, IMDN_ID_SIZE);
}

static bool ignore(const struct message *m, const char *why,
		   struct outcome *no_out)
{
	log_event(LOG_LEVEL_DEBUG, "report-ignored", FIELD_TEXT("id", m->id),
		  FIELD_TEXT("why", why), FIELD_TEXT("from", m->from));
	return refuse(no_out, 202, "nothing to report");
}

static void cut_resource(char *jid)
{
	jid[strcspn(jid, "/")] = '\0';
}

static xmpp_stanza_t *write(xmpp_ctx_t *ctx, const struct message *m,
			    const char *from, const struct report *report,
			    enum message_report what)
{
	const struct stanza_address to_sender = { from, report->sender, m->id };
	const struct stanza_address original = { report->sender, from,
						 report->original_id };

	if (what == MESSAGE_FAILED || what == MESSAGE_FORBIDDEN)
		return stanza_error(ctx, "message", &original,
				    what == MESSAGE_FORBIDDEN
					    ? CONDITION_FORBIDDEN
					    : CONDITION_RECIPIENT_UNAVAILABLE,
				    "reported as not delivered");
	return receipt_stanza(ctx, &to_sender, what, report->original_id);
}

bool report_stanza(xmpp_ctx_t *ctx, const struct compose_options *options,
		   const struct message *message, xmpp_stanza_t **stanza_out,
		   struct outcome *no_out)
{
	const struct report *report;
	char from[JID_SIZE];
	struct imdn imdn;
	struct span xml;

	*stanza_out = NULL;
	if (!report_body_find(message, &xml) || !imdn_read(xml, &imdn))
		return refuse(no_out, 400, "broken " IMDN_TYPE);
	if (!compose_sender(options, message, from, sizeof from, no_out))
		return false;
	if (!imdn.report)
		return ignore(message, "not of a kind that goes on", no_out);
	cut_resource(from);
	report = reports_take(options->reports, imdn.message_id, PROTOCOL_XMPP,
			      from, imdn.report, message->id);
	if (!report)
		return ignore(message, "unknown, foreign or repeated", no_out);
	*stanza_out = write(ctx, message, from, report, imdn.report);
	return *stanza_out || refuse_no_memory(no_out);
}

/* What is reported by XMPP. */

static bool claim(struct report_claim *out, const char *id, const char *from,
		  enum message_report what)
{
	*out = (struct report_claim){ .id = id, .from = from, .what = what };
	return id && from;
}

bool report_read(xmpp_stanza_t *stanza, enum message_report what,
		 struct report_claim *claim_out)
{
	return claim(claim_out, receipt_read(stanza, what),
		     xmpp_stanza_get_from(stanza), what);
}

bool report_read_error(xmpp_stanza_t *stanza, struct report_claim *claim_out)
{
	char text[OUTCOME_REASON_SIZE];
	const enum condition condition =
		stanza_error_read(stanza, text, sizeof text);

	return claim(claim_out, xmpp_stanza_get_id(stanza),
		     xmpp_stanza_get_from(stanza),
		     condition == CONDITION_FORBIDDEN ? MESSAGE_FORBIDDEN
						      : MESSAGE_FAILED);
}

struct message *report_believe(struct reports *reports,
			       const struct report_claim *claim)
{
	const struct report *report;
	struct message *message;
	char bare[JID_SIZE];
	struct text text;
	struct jid jid;

	if (jid_parse(span_of(claim->from), &jid) != ROUTE_OK)
		return NULL;
	text_init(&text, bare, sizeof bare);
	jid_write(&jid, false, &text);
	report = reports_take(reports, claim->id, PROTOCOL_SIP, bare,
			      claim->what, NULL);
	if (!report || reports_message(report, claim->what, claim->from,
				       &message) != GATEWAY_OK)
		return NULL;
	return message;
}
