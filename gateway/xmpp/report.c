#include "gateway/xmpp/report.h"

#include <string.h>

#include "gateway/body/cpim.h"
#include "gateway/body/datetime.h"
#include "gateway/body/imdn.h"
#include "gateway/body/refusal.h"
#include "gateway/log.h"
#include "gateway/xmpp/receipt.h"
#include "gateway/xmpp/stanza.h"
#include "routing/jid.h"

/** Octets of a URI that is kept; a longer one counts as not there. */
#define URI_SIZE 1024

/** Octets of all IMDN-Record-Routes that are kept. */
#define ROUTES_SIZE 2048

static bool has_type(struct span content_type, const char *type)
{
	return span_is_nocase(mime_value(content_type), type);
}

/* IM-24: what has to be understood and is not, is no report either. */
static bool read_cpim(const struct message *m, struct cpim *out)
{
	return has_type(span_of(m->content_type), "message/cpim") &&
	       !m->content_encoding &&
	       cpim_read((struct span){ m->body, m->body_len }, out) &&
	       !out->required;
}

/* What is asked for. */

/* A URI that can be written again; "" otherwise. */
static const char *copy_uri(struct span address, char out[URI_SIZE])
{
	(void)span_copy(cpim_uri(address), out, URI_SIZE);
	return out[0] ? out : NULL;
}

/* CONF-26: only what a MESSAGE can be sent to. A gap would lead past one of
 * them, so it is all or nothing. */
static const char *copy_routes(const struct cpim_imdn *imdn,
			       char out[ROUTES_SIZE])
{
	struct text text;

	text_init(&text, out, ROUTES_SIZE);
	for (size_t i = 0; i < imdn->route_count; i++) {
		const struct span uri = cpim_uri(imdn->routes[i]);

		if (!span_starts_nocase(uri, "sip:"))
			return NULL;
		if (i > 0)
			text_add_char(&text, ' ');
		text_add_span(&text, uri);
	}
	return text.len > 0 && !text.cut ? out : NULL;
}

/* When it says that it was sent, else when we had it. */
static int64_t date_of(const struct cpim *cpim, const struct message *m)
{
	int64_t date_s;

	if (cpim->date.at && datetime_read(cpim->date, &date_s))
		return date_s;
	return m->date_s ? m->date_s : m->arrived_s;
}

/* Who hides his name has no address to report to (SEC-13). */
static bool can_be_told(const struct message *m, const char *route)
{
	const struct span from = span_of(m->from);

	return route || (!m->anonymous && (span_starts_nocase(from, "tel:") ||
					   span_starts_nocase(from, "sip:")));
}

static enum gateway_status note(struct reports *reports,
				const struct message *m,
				const struct cpim *cpim, unsigned wants,
				const char *recipient)
{
	char id[IMDN_ID_SIZE], from[URI_SIZE], to[URI_SIZE];
	char routes[ROUTES_SIZE];
	const struct report report = {
		.id = m->id,
		.origin = PROTOCOL_SIP,
		.wants = wants,
		.date_s = date_of(cpim, m),
		.original_id = id,
		.sender = m->from,
		.recipient = recipient,
		.route = copy_routes(&cpim->imdn, routes),
		.cpim_from = copy_uri(cpim->from, from),
		.cpim_to = copy_uri(cpim->to, to),
	};

	(void)span_copy(cpim->imdn.message_id, id, sizeof id);
	if (!can_be_told(m, report.route))
		return GATEWAY_BAD_CONTENT;
	return reports_note(reports, &report);
}

bool report_ask(struct reports *reports, const struct message *message,
		const char *recipient, xmpp_stanza_t *stanza)
{
	struct cpim cpim;
	unsigned wants;

	if (!reports || !read_cpim(message, &cpim) ||
	    !imdn_is_id(cpim.imdn.message_id))
		return true;
	wants = imdn_dispositions(cpim.imdn.dispositions);
	if (!wants ||
	    note(reports, message, &cpim, wants, recipient) != GATEWAY_OK)
		return true;
	return receipt_ask(stanza, wants);
}

/* What is reported by SIP. */

/* @param xml_out  the document */
static bool find(const struct message *m, struct span *xml_out)
{
	struct mime content = { .type = span_of(m->content_type),
				.body = { m->body, m->body_len } };
	struct cpim cpim;

	if (read_cpim(m, &cpim))
		content = cpim.content;
	*xml_out = content.body;
	return has_type(content.type, IMDN_TYPE);
}

bool report_is_one(const struct message *message)
{
	struct span xml;

	return message->origin == PROTOCOL_SIP && find(message, &xml);
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
	if (!find(message, &xml) || !imdn_read(xml, &imdn))
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

static struct message *take(struct reports *reports, const char *id,
			    const char *from, enum message_report what)
{
	const struct report *report;
	struct message *message;
	char bare[JID_SIZE];
	struct text text;
	struct jid jid;

	if (!id || !from || jid_parse(span_of(from), &jid) != ROUTE_OK)
		return NULL;
	text_init(&text, bare, sizeof bare);
	jid_write(&jid, false, &text);
	report = reports_take(reports, id, PROTOCOL_SIP, bare, what, NULL);
	if (!report ||
	    reports_message(report, what, from, &message) != GATEWAY_OK)
		return NULL;
	return message;
}

struct message *report_read(struct reports *reports, xmpp_stanza_t *stanza,
			    enum message_report what)
{
	return take(reports, receipt_read(stanza, what),
		    xmpp_stanza_get_from(stanza), what);
}

struct message *report_read_error(struct reports *reports,
				  xmpp_stanza_t *stanza)
{
	char text[OUTCOME_REASON_SIZE];
	const enum condition condition =
		stanza_error_read(stanza, text, sizeof text);

	return take(reports, xmpp_stanza_get_id(stanza),
		    xmpp_stanza_get_from(stanza),
		    condition == CONDITION_FORBIDDEN ? MESSAGE_FORBIDDEN
						     : MESSAGE_FAILED);
}
