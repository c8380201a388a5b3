/* A report as a message to whoever wants to hear it. */

#include "gateway/reports.h"

#include <stdlib.h>
#include <string.h>

#include "enum/text.h"

/** Octets of a text about a failure; the address in it has a thousand. */
#define TEXT_SIZE 1200

/* The first of the routes, or all there is. */
static struct span first_of(const char *routes)
{
	struct span rest = span_of(routes), first = { 0 };

	(void)span_cut(&rest, ' ', &first);
	return first;
}

/* CONF-26: to the first IMDN-Record-Route, else to whoever the From was. A
 * number is written as PLAN_REPLY wants it. */
static enum gateway_status set_target(struct message *m,
				      const struct report *report)
{
	struct span uri = report->route ? first_of(report->route)
					: span_of(report->sender);
	char *text = malloc(uri.len + 1);
	enum gateway_status status;

	if (!text)
		return GATEWAY_NO_MEMORY;
	(void)span_copy(uri, text, uri.len + 1);
	status = message_set(&m->to, text);
	if (status == GATEWAY_OK)
		status = message_set(&m->target, span_starts_nocase(uri, "tel:")
							 ? text + strlen("tel:")
							 : text);
	free(text);
	return status;
}

static const char *either(const char *best, const char *else_this)
{
	return best ? best : else_this;
}

/* As people write it: no scheme, no parameters. */
static struct span bare_address(const char *uri)
{
	const char *colon = strchr(uri, ':');
	const char *address = colon ? colon + 1 : uri;

	return (struct span){ address, strcspn(address, ";?") };
}

/* SEC-2: he is told the address that he used, and nothing that it led to. */
static enum gateway_status write_text(struct message *m,
				      const struct report *report)
{
	const char *why = m->report == MESSAGE_FORBIDDEN
				  ? "it is not allowed"
				  : "the recipient cannot be reached";
	const char *address = either(report->cpim_to, "");
	char body[TEXT_SIZE];
	struct text text;

	text_init(&text, body, sizeof body);
	text_add(&text, "Your message to ");
	text_add_span(&text, bare_address(address));
	text_addf(&text, " was not delivered: %s.", why);
	return message_set_body(m, body, text.len);
}

static enum gateway_status write_report(struct message *m,
					const struct report *report)
{
	enum gateway_status status =
		message_set(&m->report_of, report->original_id);

	if (status == GATEWAY_OK)
		status = message_set(&m->report_route, report->route);
	if (status == GATEWAY_OK)
		status = message_set(&m->report_from, report->cpim_to);
	if (status == GATEWAY_OK)
		status = message_set(&m->report_to,
				     either(report->cpim_from, report->sender));
	return status;
}

static enum gateway_status fill(struct message *m, const struct report *report,
				const char *from)
{
	enum gateway_status status = set_target(m, report);

	if (status == GATEWAY_OK)
		status = message_set(&m->from, from);
	if (status != GATEWAY_OK)
		return status;
	return report->original_id ? write_report(m, report)
				   : write_text(m, report);
}

enum gateway_status reports_message(const struct report *report,
				    enum message_report what, const char *from,
				    struct message **message_out)
{
	struct message *m = message_create();
	enum gateway_status status = GATEWAY_NO_MEMORY;

	if (m) {
		m->origin = PROTOCOL_XMPP;
		m->purpose = MESSAGE_REPORT;
		m->kind = PLAN_REPLY;
		m->report = what;
		m->report_date_s = report->date_s;
		status = fill(m, report, from);
	}
	if (status != GATEWAY_OK)
		message_destroy(&m);
	*message_out = m;
	return status;
}
