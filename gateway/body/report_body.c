#include "gateway/body/report_body.h"

#include "gateway/body/cpim.h"
#include "gateway/body/datetime.h"
#include "gateway/body/imdn.h"
#include "gateway/body/mime.h"

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

static bool enter(struct reports *reports, const struct message *m,
		  struct report *report)
{
	report->id = m->id;
	report->origin = PROTOCOL_SIP;
	report->again = m->answered;
	report->sender = m->from;
	return can_be_told(m, report->route) &&
	       reports_note(reports, report) == GATEWAY_OK;
}

/* @return what is asked for */
static unsigned note(struct reports *reports, const struct message *m,
		     const struct cpim *cpim, const char *recipient)
{
	char id[IMDN_ID_SIZE], from[URI_SIZE], to[URI_SIZE];
	char routes[ROUTES_SIZE];
	struct report report = {
		.wants = imdn_dispositions(cpim->imdn.dispositions),
		.date_s = date_of(cpim, m),
		.original_id = id,
		.recipient = recipient,
		.route = copy_routes(&cpim->imdn, routes),
		.cpim_from = copy_uri(cpim->from, from),
		.cpim_to = copy_uri(cpim->to, to),
	};

	(void)span_copy(cpim->imdn.message_id, id, sizeof id);
	return report.wants && enter(reports, m, &report) ? report.wants : 0;
}

/* He asks for nothing, so that nothing is asked for; but a failure is told. */
static void note_text(struct reports *reports, const struct message *m,
		      const char *recipient)
{
	char to[URI_SIZE];
	struct report report = { .wants = MESSAGE_FAILED,
				 .recipient = recipient,
				 .cpim_to = to };

	(void)span_copy(span_of(m->to), to, sizeof to);
	(void)enter(reports, m, &report);
}

unsigned report_body_note(struct reports *reports,
			  const struct message *message, const char *recipient)
{
	unsigned wants = 0;
	struct span xml;
	struct cpim cpim;

	if (!reports)
		return 0;
	if (read_cpim(message, &cpim) && imdn_is_id(cpim.imdn.message_id))
		wants = note(reports, message, &cpim, recipient);
	if (!wants && reports_write_texts(reports) &&
	    message->purpose == MESSAGE_TEXT &&
	    !report_body_find(message, &xml))
		note_text(reports, message, recipient);
	return wants;
}

bool report_body_find(const struct message *m, struct span *xml_out)
{
	struct mime content = { .type = span_of(m->content_type),
				.body = { m->body, m->body_len } };
	struct cpim cpim;

	if (read_cpim(m, &cpim))
		content = cpim.content;
	*xml_out = content.body;
	return has_type(content.type, IMDN_TYPE);
}
