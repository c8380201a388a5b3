#include "gateway/xmpp/delay.h"

#include <string.h>

#include "gateway/body/datetime.h"
#include "gateway/xmpp/stanza.h"

#define NS_DELAY "urn:xmpp:delay"

/** "2026-01-02T03:04:05Z" */
#define STAMP_SIZE 32

static bool add(xmpp_stanza_t *stanza, const char *domain, int64_t sent_s)
{
	xmpp_stanza_t *delay = stanza_add(stanza, "delay", NS_DELAY);
	char stamp[STAMP_SIZE];
	struct text text;

	text_init(&text, stamp, sizeof stamp);
	datetime_write(sent_s, &text);
	return stanza_set(delay, "from", domain) &&
	       stanza_set(delay, "stamp", stamp);
}

bool delay_mark(xmpp_stanza_t *stanza, const char *domain,
		const struct message *message, int64_t now_s, bool held)
{
	const int64_t sent_s = message_sent_s(message, now_s);
	const bool late =
		held || message->held_since_s || now_s - sent_s > DELAY_OLD_S;

	return !late || message->purpose != MESSAGE_TEXT ||
	       add(stanza, domain, sent_s);
}

/* Other parties may add stamps too; only his own server can tell when he
 * sent it. */
static bool is_of_server(xmpp_stanza_t *delay, struct span server)
{
	const char *name = xmpp_stanza_get_name(delay);
	const char *ns = xmpp_stanza_get_ns(delay);
	const char *by = xmpp_stanza_get_attribute(delay, "from");

	return name && ns && by && strcmp(name, "delay") == 0 &&
	       strcmp(ns, NS_DELAY) == 0 && server.len == strlen(by) &&
	       span_starts_nocase(server, by);
}

/* The domain of a JID. */
static struct span server_of(const char *from)
{
	struct span rest = span_of(from), bare = rest;
	ptrdiff_t at;

	(void)span_cut(&rest, '/', &bare);
	at = span_find(bare, '@');
	return at < 0 ? bare : span_skip(bare, (size_t)at + 1);
}

int64_t delay_read(xmpp_stanza_t *stanza, const char *from)
{
	const struct span server = server_of(from);
	xmpp_stanza_t *child;
	int64_t sent_s = 0;

	for (child = xmpp_stanza_get_children(stanza); child;
	     child = xmpp_stanza_get_next(child))
		if (is_of_server(child, server) &&
		    datetime_read(
			    span_of(xmpp_stanza_get_attribute(child, "stamp")),
			    &sent_s))
			return sent_s;
	return 0;
}
