#ifndef IMGW_GATEWAY_SIDE_H
#define IMGW_GATEWAY_SIDE_H

/** A side: one protocol, seen from the middle. It turns wire into messages
 *  (and gives them to relay_submit) and attempts into wire. The middle knows
 *  sides by this table only; stories put tests/fake/side_fake.c in place. */

#include "gateway/message.h"
#include "gateway/outcome.h"
#include "routing/hop.h"

/** What the side keeps about a message that came in through it: a server
 *  transaction, the address of a stanza. Only its side knows the inside. */
struct origin;

/** One try at one hop. The relay owns it and keeps it until `done`, or until
 *  it has called cancel. */
struct attempt {
	const struct message *message;
	/** Of the side that the message came in through: when that is also
	 *  the side of the hop, the original request is forwarded as proxy. */
	struct origin *origin;
	struct hop hop;
	int64_t timeout_ms;   /* what is left of the relay's deadline */
	/** Exactly once, never before send returns, never after cancel. */
	void (*done)(struct attempt *attempt, const struct outcome *outcome);
	void *arg;            /* of the relay */
	void *state;          /* of the side, NULL at the start */
};

struct side {
	const char *name;     /* "sip", "xmpp" */
	/** Start an attempt. The side frees its `state` when it reports. */
	void (*send)(struct side *side, struct attempt *attempt);
	/** Give up an attempt: free `state`, do not call done. */
	void (*cancel)(struct side *side, struct attempt *attempt);
	/** (8) Answer the sender, once, and free the origin. For SIP: the
	 *  final response. For XMPP: an error stanza, or nothing when it
	 *  went well. */
	void (*answer)(struct side *side, struct origin *origin,
		       const struct message *message,
		       const struct outcome *outcome);
	/** A message that was answered as accepted has failed after all: tell
	 *  its sender, if it asked to be told. XMPP: an error stanza. SIP: a
	 *  report (RFC 5438), or nothing.
	 *  @return false: that cannot be done now; ask again later */
	bool (*failed)(struct side *side, const struct message *message,
		       const struct outcome *outcome);
};

#endif
