#include "gateway/xmpp/stanza_key.h"

#include "enum/text.h"
#include "routing/jid.h"

static const char *id_of(xmpp_stanza_t *stanza)
{
	xmpp_stanza_t *origin = xmpp_stanza_get_child_by_name_and_ns(
		stanza, "origin-id", "urn:xmpp:sid:0");
	const char *id = origin ? xmpp_stanza_get_id(origin) : NULL;

	return id ? id : xmpp_stanza_get_id(stanza);
}

void stanza_set_key(struct message *message, xmpp_stanza_t *stanza)
{
	struct span rest = span_of(message->from), bare = rest;
	const char *id = id_of(stanza);
	char sender[JID_SIZE];

	(void)span_cut(&rest, '/', &bare);
	if (!id || !span_copy(bare, sender, sizeof sender))
		return;

	const char *parts[] = { sender, message->target, id, message->body };

	message->has_key = message_key(parts, sizeof parts / sizeof parts[0],
				       message->key);
}
