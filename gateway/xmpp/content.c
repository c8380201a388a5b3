#include "gateway/xmpp/content.h"

#include <stdlib.h>
#include <string.h>

#include "gateway/body/refusal.h"
#include "gateway/xmpp/content_parts.h"
#include "gateway/xmpp/content_show.h"
#include "gateway/xmpp/stanza.h"

static bool clean(struct span utf8, char **text_out, struct outcome *no_out)
{
	switch (stanza_clean(utf8, true, text_out)) {
	case GATEWAY_OK: return true;
	case GATEWAY_NO_MEMORY: return refuse_no_memory(no_out);
	case GATEWAY_BAD_CONTENT:
	case GATEWAY_BAD_CONFIG:
	case GATEWAY_CANNOT_BIND:
	case GATEWAY_CANNOT_READ:
	case GATEWAY_TOO_LARGE:
	case GATEWAY_STATUS_COUNT: break;
	}
	return refuse(no_out, 400, "body is not UTF-8");
}

static bool finish(const struct content_reading *r, struct content *out)
{
	if (r->shown == 0)
		return refuse(r->no, 415, "nothing in the body can be shown");
	if (r->len == 0) /* XMPP-17: 202 for nothing is a lie */
		return refuse(r->no, 400, "empty message");
	return clean((struct span){ r->text, r->len }, &out->text, r->no);
}

/* A SIP body is an entity whose fields stand in the SIP header; what is not
 * for display, or optional and unknown, is not shown (RFC 3261, 20.11). */
static struct mime entity_of(const struct message *message)
{
	return (struct mime){
		.type = span_of(message->content_type),
		.encoding = span_of(message->content_encoding),
		.disposition = span_of(message->content_disposition),
		.body = { message->body, message->body_len },
	};
}

bool content_read(const struct message *message, struct content *out,
		  struct outcome *no_out)
{
	const struct mime entity = entity_of(message);
	struct content_reading r = { .out = out, .no = no_out };
	bool done;

	memset(out, 0, sizeof *out);
	done = content_show_part(&r, &entity) && finish(&r, out);
	free(r.text);
	return done;
}

void content_clear(struct content *content)
{
	free(content->text);
	free(content->subject);
	content->text = content->subject = NULL;
}
