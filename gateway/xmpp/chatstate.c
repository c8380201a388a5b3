#include "gateway/xmpp/chatstate.h"

#include <assert.h>
#include <string.h>

#include "gateway/xmpp/stanza.h"

static const char *const words[] = { "",       "active",   "composing",
				     "paused", "inactive", "gone" };

static_assert(sizeof words / sizeof words[0] == CHATSTATE_COUNT,
	      "a word for each state");

enum chatstate chatstate_read(xmpp_stanza_t *stanza)
{
	xmpp_stanza_t *element =
		xmpp_stanza_get_child_by_ns(stanza, CHATSTATE_NS);
	const char *name = element ? xmpp_stanza_get_name(element) : NULL;

	for (int state = CHATSTATE_ACTIVE; name && state < CHATSTATE_COUNT;
	     state++)
		if (strcmp(name, words[state]) == 0)
			return (enum chatstate)state;
	return CHATSTATE_NONE;
}

bool chatstate_add(xmpp_stanza_t *stanza, enum chatstate state)
{
	return stanza_add(stanza, words[state], CHATSTATE_NS) != NULL;
}

xmpp_stanza_t *chatstate_stanza(xmpp_ctx_t *ctx, const char *from,
				const char *to, enum chatstate state)
{
	xmpp_stanza_t *stanza = stanza_new(ctx, "message", NULL);

	if (stanza_set(stanza, "from", from) && stanza_set(stanza, "to", to) &&
	    stanza_set(stanza, "type", "chat") &&
	    chatstate_add(stanza, state) &&
	    stanza_add(stanza, "no-store", "urn:xmpp:hints"))
		return stanza;
	if (stanza)
		(void)xmpp_stanza_release(stanza);
	return NULL;
}
