#include "gateway/sip/sip_report.h"

#include <stdlib.h>
#include <string.h>

#include "gateway/body/cpim_write.h"
#include "gateway/body/imdn.h"
#include "gateway/sip/sip_private.h"
#include "gateway/sip/sip_refused.h"
#include "routing/jid.h"

/** Room for a sender's URI: each octet of a JID may become three. */
#define URI_SIZE (3 * JID_SIZE + 64)

bool sipside_report_is_wanted(const struct sipside *side,
			      const struct attempt *attempt)
{
	const struct message *m = attempt->message;

	return side->options.reports && side->options.xmpp_domain && m->wants &&
	       m->stanza_id && m->purpose == MESSAGE_TEXT && !m->content_type &&
	       !sipside_refused_holds(side->refused, attempt->hop.recipient,
				      SIPSIDE_TYPE_WRAPPED);
}

/* Takes the place of what the body holds. */
static bool set(struct sipside_body *body, const struct cpim_envelope *envelope)
{
	char *own;
	size_t len;

	if (!cpim_write(envelope, &own, &len))
		return false;
	free(body->own);
	body->own = own;
	body->text = (struct span){ own, len };
	body->content_type = SIPSIDE_TYPE_WRAPPED;
	return true;
}

static bool write_sender(const struct message *message, char uri[URI_SIZE])
{
	struct text text;

	text_init(&text, uri, URI_SIZE);
	return sipside_write_sender(message, &text) && !text.cut;
}

/* RCPT-7: the Message-ID is ours, with 120 random bits. Who writes XMPP hears
 * of failures unasked (RFC 6121, 8.3.1), so they are asked for too. */
bool sipside_report_wrap(struct sipside *side, const struct attempt *attempt,
			 struct sipside_body *body)
{
	const struct message *m = attempt->message;
	char from[URI_SIZE];
	struct cpim_envelope envelope = {
		.to = span_of(attempt->hop.recipient),
		.message_id = m->id,
		.date_s = message_sent_s(m, loop_wall_s(side->loop)),
		.wants = m->wants | MESSAGE_FAILED,
		.content_type = body->content_type,
		.content = body->text,
	};

	if (!write_sender(m, from))
		return false;
	envelope.from = span_of(from);
	return set(body, &envelope);
}

/* The address under our domain by which he is known in XMPP. */
static bool write_recipient(const struct sipside *side, const struct message *m,
			    char out[JID_SIZE])
{
	char uri[URI_SIZE];
	struct text text;
	struct jid jid;

	text_init(&text, uri, sizeof uri);
	text_add(&text, m->target[0] == '+' ? "tel:" : "");
	text_add(&text, m->target);
	if (text.cut || jid_from_sender(span_of(uri), side->options.xmpp_domain,
					&jid) != ROUTE_OK)
		return false;
	text_init(&text, out, JID_SIZE);
	jid_write(&jid, false, &text);
	return !text.cut;
}

void sipside_report_note(struct sipside *side, const struct attempt *attempt)
{
	const struct message *m = attempt->message;
	char recipient[JID_SIZE];
	const struct report report = {
		.id = m->id,
		.origin = PROTOCOL_XMPP,
		.wants = m->wants | MESSAGE_FAILED,
		.original_id = m->stanza_id,
		.sender = m->from,
		.recipient = recipient,
	};

	/* without memory the text goes, and no report comes back */
	if (write_recipient(side, m, recipient))
		(void)reports_note(side->options.reports, &report);
}

bool sipside_report_write(const struct attempt *attempt,
			  struct sipside_body *body)
{
	const struct message *m = attempt->message;
	char sender[URI_SIZE], *xml;
	struct cpim_envelope envelope = {
		.to = span_of(m->report_to),
		.message_id = m->id,
		.date_s = m->arrived_s,
		.routes = span_of(m->report_route), /* CONF-26 */
		.content_type = IMDN_TYPE,
		.disposition = "notification",
	};
	struct imdn_content content = { .message_id = m->report_of,
					.date_s = m->report_date_s,
					.report = m->report };
	bool done;

	if (!write_sender(m, sender))
		return false;
	envelope.from = content.recipient =
		span_of(m->report_from ? m->report_from : sender);
	if (!imdn_write(&content, &xml))
		return false;
	envelope.content = span_of(xml);
	done = set(body, &envelope);
	free(xml);
	return done;
}
