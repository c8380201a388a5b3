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
#include "gateway/status.h"
#include "routing/hop.h"

/** Facts remembered at once, 48 octets each; a message makes one or two. */
#define BINDINGS_MAX 65536

struct bindings;

/** @param age_ms  how long a fact holds; 0: nothing is remembered
 *  @param by_number  bindings_recall fills `from_number`
 *  @param bindings_out  the caller's: bindings_destroy
 *  @return GATEWAY_OK, GATEWAY_NO_MEMORY */
MUST_USE enum gateway_status bindings_create(struct loop *loop, int64_t age_ms,
					     bool by_number,
					     struct bindings **bindings_out);

/** Free; clears; takes NULL. */
void bindings_destroy(struct bindings **bindings);

/** A message goes to a hop: remember what an answer to it will need. That
 *  it may fail does no harm, and the answer may be faster than its final. */
void bindings_note(struct bindings *bindings, const struct message *message,
		   const struct hop *hop);

/** Fill what is known about a message from XMPP: `from_number` and
 *  `own_thread`. */
void bindings_recall(struct bindings *bindings, struct message *message);

/** May the sender of a PLAN_JID message write to its target? Only a number
 *  to whom that user wrote. */
bool bindings_permit(struct bindings *bindings, const struct message *message);

#endif
