#ifndef IMGW_GATEWAY_SIDE_H
#define IMGW_GATEWAY_SIDE_H

/** A side: one protocol, seen from the middle. It turns wire into messages
 *  (and gives them to relay_submit) and attempts into wire. The middle knows
 *  sides by this table only; stories put tests/fake/side_fake.c in place. */

#include "gateway/message.h"
#include "gateway/outcome.h"
#include "gateway/status.h"
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

/** What the sender of a message is told of its failure.
 *  @param status  GATEWAY_OK, GATEWAY_NO_MEMORY
 *  @param notice  a message that lacks an id and its times, the receiver's;
 *                 NULL: he is told nothing */
typedef void side_notice_fn(enum gateway_status status, struct message *notice,
			    void *arg);

struct side {
	const char *name;     /* "sip", "xmpp" */
	/** Start an attempt. The side frees its `state` when it reports. */
	void (*send)(struct side *side, struct attempt *attempt);
	/** Give up an attempt: free `state`, do not call done. */
	void (*cancel)(struct side *side, struct attempt *attempt);
	/** (8) Answer the sender, once, and free the origin. For SIP: the
	 *  final response. For XMPP: an error stanza; nothing when it went
	 *  well, or when `message` is answered: the queue tells him. */
	void (*answer)(struct side *side, struct origin *origin,
		       const struct message *message,
		       const struct outcome *outcome);
	/** A stored message that came in through this side has failed for
	 *  good, and nobody waits for its answer: make what its sender is
	 *  told. XMPP: an error stanza. SIP: a report (RFC 5438), if he asked
	 *  for one. `done` once, before this returns or later from the loop,
	 *  never when the side has been destroyed.
	 *  @param message  not needed any more when this has returned */
	void (*failed)(struct side *side, const struct message *message,
		       const struct outcome *outcome, side_notice_fn *done,
		       void *arg);
};

#endif
