#include "gateway/xmpp/oob.h"

#include <stdlib.h>
#include <string.h>

#include "gateway/body/mime.h"

static enum gateway_status append_line(struct message *m, struct span line)
{
	const size_t start = m->body_len ? m->body_len + 1 : 0;
	const size_t len = start + line.len;
	enum gateway_status status;
	char *body;

	if (len > MESSAGE_BODY_MAX)
		return GATEWAY_TOO_LARGE;
	body = malloc(len);
	if (!body)
		return GATEWAY_NO_MEMORY;
	if (start) {
		memcpy(body, m->body, m->body_len);
		body[m->body_len] = '\n';
	}
	memcpy(body + start, line.at, line.len);
	status = message_set_body(m, body, len);
	free(body);
	return status;
}

static bool is_body(const struct message *m, const char *url)
{
	return span_is(mime_trim((struct span){ m->body, m->body_len }), url);
}

static enum gateway_status append_url(struct message *m, xmpp_stanza_t *url)
{
	enum gateway_status status = GATEWAY_OK;
	char *text = xmpp_stanza_get_text(url);

	if (!text) /* empty, or out of memory: libstrophe does not say */
		return GATEWAY_OK;
	if (*text && !is_body(m, text))
		status = append_line(m, span_of(text));
	xmpp_free(xmpp_stanza_get_context(url), text);
	return status;
}

/* The next <url/> of a link from this sibling on; *at moves behind it. */
static xmpp_stanza_t *next_url(xmpp_stanza_t **at)
{
	for (; *at; *at = xmpp_stanza_get_next(*at)) {
		const char *name = xmpp_stanza_get_name(*at);
		const char *ns = xmpp_stanza_get_ns(*at);
		xmpp_stanza_t *url = NULL;

		if (name && ns && strcmp(name, "x") == 0 &&
		    strcmp(ns, "jabber:x:oob") == 0)
			url = xmpp_stanza_get_child_by_name(*at, "url");
		if (url) {
			*at = xmpp_stanza_get_next(*at);
			return url;
		}
	}
	return NULL;
}

bool oob_has_link(xmpp_stanza_t *stanza)
{
	xmpp_stanza_t *at = xmpp_stanza_get_children(stanza), *url;

	while ((url = next_url(&at))) {
		xmpp_stanza_t *text = xmpp_stanza_get_children(url);
		const char *link = text ? xmpp_stanza_get_text_ptr(text) : NULL;

		if (link && *link)
			return true;
	}
	return false;
}

enum gateway_status oob_append(struct message *message, xmpp_stanza_t *stanza)
{
	xmpp_stanza_t *at = xmpp_stanza_get_children(stanza), *url;
	enum gateway_status status = GATEWAY_OK;

	for (unsigned count = 0; status == GATEWAY_OK && count < OOB_LINKS_MAX;
	     count++) {
		url = next_url(&at);
		if (!url)
			break;
		status = append_url(message, url);
	}
	return status;
}
