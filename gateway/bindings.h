#ifndef IMGW_GATEWAY_BINDINGS_H
#define IMGW_GATEWAY_BINDINGS_H

/** Who wrote to whom a while ago, so that an answer finds its way: by which
 *  number an XMPP user is known to the sender of a message (CONF-13), which
 *  threads are Call-IDs of ours (CONF-12), and to which users a number may
 *  answer at the sip: address that it was shown (SEC-3). */

#include <stdbool.h>
#include <stdint.h>

#include "enum/loop.h"
#include "gateway/message.h"
#include "gateway/notes.h"
#include "gateway/status.h"
#include "routing/hop.h"

/** Facts remembered at once, 48 octets each; a message makes one or two. */
#define BINDINGS_MAX 65536

struct bindings;

/** A question to the store under way. */
struct bindings_look;

struct bindings_options {
	int64_t age_ms;      /* how long a fact holds; 0: nothing is remembered */
	bool by_number;      /* bindings_recall fills `from_number` */
	/** Numbers and who answers to them are written down here, for a restart
	 *  and for other nodes; threads are not. NULL: nothing is. */
	struct notes *notes; /* borrowed, must outlive it */
};

/** @param bindings_out  the caller's: bindings_destroy
 *  @return GATEWAY_OK, GATEWAY_NO_MEMORY */
MUST_USE enum gateway_status
bindings_create(struct loop *loop, const struct bindings_options *options,
		struct bindings **bindings_out);

/** Free; clears; takes NULL. */
void bindings_destroy(struct bindings **bindings);

/** A message goes to a hop: remember what an answer to it will need. That
 *  it may fail does no harm, and the answer may be faster than its final. */
void bindings_note(struct bindings *bindings, const struct message *message,
		   const struct hop *hop);

/** Ask the store for what bindings_recall or bindings_permit will need of this
 *  message, if that is not known.
 *  @param done  once, from the loop, never before this returns, never after
 *               bindings_cancel
 *  @param look_out  the caller's until then
 *  @return false: there is nothing to ask; `done` will not run */
MUST_USE bool bindings_ask(struct bindings *bindings,
			   const struct message *message,
			   void (*done)(void *arg), void *arg,
			   struct bindings_look **look_out);

/** The caller has lost interest; clears; takes NULL. */
void bindings_cancel(struct bindings_look **look);

/** Fill what is known about a message from XMPP: `from_number` and
 *  `own_thread`. */
void bindings_recall(struct bindings *bindings, struct message *message);

/** May the sender of a PLAN_JID message write to its target? Only a number
 *  to whom that user wrote. */
bool bindings_permit(struct bindings *bindings, const struct message *message);

#endif
