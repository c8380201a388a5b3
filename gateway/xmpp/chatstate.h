#ifndef IMGW_GATEWAY_XMPP_CHATSTATE_H
#define IMGW_GATEWAY_XMPP_CHATSTATE_H

/** Chat states in stanzas (XEP-0085; RFC 7573, 6). Pure. */

#include <stdbool.h>

#include <strophe.h>

#include "enum/status.h"

#define CHATSTATE_NS "http://jabber.org/protocol/chatstates"

enum chatstate {
	CHATSTATE_NONE, /* there is none, or one that nobody knows */
	CHATSTATE_ACTIVE,
	CHATSTATE_COMPOSING,
	CHATSTATE_PAUSED,
	CHATSTATE_INACTIVE,
	CHATSTATE_GONE,
	CHATSTATE_COUNT
};

/** The chat state in a message stanza. */
enum chatstate chatstate_read(xmpp_stanza_t *stanza);

/** Append a chat state to a message stanza.
 *  @param state  not NONE
 *  @return false: out of memory, or the stanza is NULL */
bool chatstate_add(xmpp_stanza_t *stanza, enum chatstate state);

/** A message that says nothing but a chat state: type chat (CONF-11), and no
 *  server keeps it (XEP-0334).
 *  @return the caller's: xmpp_stanza_release; NULL: out of memory */
xmpp_stanza_t *chatstate_stanza(xmpp_ctx_t *ctx, const char *from,
				const char *to, enum chatstate state);

#endif
