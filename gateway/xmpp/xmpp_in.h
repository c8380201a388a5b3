#ifndef IMGW_GATEWAY_XMPP_XMPP_IN_H
#define IMGW_GATEWAY_XMPP_XMPP_IN_H

/** (1) Message stanzas to messages (RFC 7572, 4; MAP-6). Pure. */

#include <strophe.h>

#include "gateway/message.h"
#include "gateway/outcome.h"

enum xmppside_in_verdict {
	XMPPSIDE_IN_DELIVER, /* there is a message */
	XMPPSIDE_IN_REFUSE,  /* there is a condition for an error stanza */
	XMPPSIDE_IN_IGNORE   /* nobody is told */
};

struct xmppside_in_result {
	enum xmppside_in_verdict verdict;
	struct message *message;  /* the caller's; has no id and no times yet */
	enum condition condition;
	const char *reason;       /* for people; static, or the stanza's */
};

/** What may be written to (XMPP-16). */
struct xmppside_in_options {
	const char *domain; /* ours: +digits@domain */
	bool sip_addresses; /* user\40host@domain too */
};

/** Read a message stanza that is not of type error. */
struct xmppside_in_result
xmppside_in_read(xmpp_stanza_t *stanza,
		 const struct xmppside_in_options *options);

#endif
