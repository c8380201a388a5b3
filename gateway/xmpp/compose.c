#include "gateway/xmpp/compose.h"

#include <string.h>

#include "enum/text.h"
#include "gateway/body/refusal.h"
#include "gateway/xmpp/content.h"
#include "gateway/xmpp/failure.h"
#include "gateway/xmpp/report.h"
#include "gateway/xmpp/stanza.h"
#include "routing/jid.h"

/** Longest language tag taken over (RFC 5646, 4.4.1). */
#define LANGUAGE_MAX 35

/* MAP-5: bare, unless the sender's GRUU is known. SEC-13: what cannot be told
 * is anonymous. */
bool compose_sender(const struct compose_options *options,
		    const struct message *m, char *out, size_t size,
		    struct outcome *no_out)
{
	const char *uri = m->asserted ? m->asserted : m->from;
	enum route_status status;
	struct jid jid;
	struct text text;

	if (m->anonymous || !uri)
		uri = "anonymous";
	status = jid_from_sender(span_of(uri), options->domain, &jid);
	if (status == ROUTE_NO_MEMORY)
		return refuse_no_memory(no_out);
	if (status != ROUTE_OK)
		return refuse(no_out, 400, "sender has no XMPP address");
	text_init(&text, out, size);
	jid_write(&jid, true, &text);
	return true;
}

/* A tag, or nothing: what is no tag could make the server close the stream
 * (MAP-11). */
static const char *language_tag(const char *tag)
{
	size_t len = tag ? strlen(tag) : 0;

	if (len == 0 || len > LANGUAGE_MAX)
		return NULL;
	for (size_t i = 0; i < len; i++)
		if (!ascii_is_alpha(tag[i]) && !ascii_is_digit(tag[i]) &&
		    tag[i] != '-')
			return NULL;
	return tag;
}

/* SIP's own subject, else that of message/cpim, which may be in a language
 * of its own (IM-23). */
static bool add_subject(xmpp_stanza_t *stanza, const struct message *m,
			const struct content *content)
{
	if (m->subject || !content->subject)
		return stanza_add_lenient(stanza, "subject", NULL, m->subject);
	return stanza_add_lenient(stanza, "subject", NULL, content->subject) &&
	       stanza_set(xmpp_stanza_get_child_by_name(stanza, "subject"),
			  "xml:lang", language_tag(content->subject_language));
}

/* XEP-0359, 3.2: the id that we chose (XMPP-25). */
static bool add_origin_id(xmpp_stanza_t *stanza, const struct message *m)
{
	return stanza_set(stanza_add(stanza, "origin-id", "urn:xmpp:sid:0"),
			  "id", m->id);
}

/* SIP's Content-Language, else that of the part that is shown (MAP-11). */
static const char *language_of(const struct message *m,
			       const struct content *content)
{
	const char *tag = language_tag(m->language);

	return tag ? tag : language_tag(content->language);
}

static bool set_attributes(xmpp_stanza_t *stanza,
			   const struct compose_options *options,
			   const struct message *m, const char *from,
			   const char *to)
{
	return stanza_set(stanza, "from", from) &&
	       stanza_set(stanza, "to", to) &&
	       stanza_set(stanza, "id", m->id) &&
	       stanza_set(stanza, "type", options->chat ? "chat" : NULL);
}

static bool fill(xmpp_stanza_t *stanza, const struct message *m,
		 const struct content *content)
{
	return stanza_set(stanza, "xml:lang", language_of(m, content)) &&
	       add_subject(stanza, m, content) &&
	       stanza_add_text(stanza, "body", NULL, content->text) &&
	       stanza_add_lenient(stanza, "thread", NULL, m->call_id) &&
	       add_origin_id(stanza, m);
}

bool compose_stanza(xmpp_ctx_t *ctx, const struct compose_options *options,
		    const struct message *message, const char *recipient,
		    xmpp_stanza_t **stanza_out, struct outcome *no_out)
{
	char from[JID_SIZE];
	struct content content = { .text = NULL };
	xmpp_stanza_t *stanza = NULL;
	bool done = false;

	*stanza_out = NULL;
	if (failure_is_one(message)) {
		*stanza_out = failure_stanza(ctx, options->domain, message);
		return *stanza_out || refuse_no_memory(no_out);
	}
	if (report_is_one(message))
		return report_stanza(ctx, options, message, stanza_out, no_out);
	if (!compose_sender(options, message, from, sizeof from, no_out) ||
	    !content_read(message, &content, no_out))
		goto out;
	stanza = stanza_new(ctx, "message", NULL);
	done = set_attributes(stanza, options, message, from, recipient) &&
	       fill(stanza, message, &content) &&
	       report_ask(options->reports, message, recipient, stanza);
	if (done)
		*stanza_out = stanza;
	else
		(void)refuse_no_memory(no_out);
out:
	if (!done && stanza)
		xmpp_stanza_release(stanza);
	content_clear(&content);
	return done;
}
