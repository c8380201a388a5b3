#ifndef IMGW_GATEWAY_BACKOFF_H
#define IMGW_GATEWAY_BACKOFF_H

/** Servers that are left alone for a while: those that asked for it (503 with
 *  Retry-After: CARR-5; RFC 3261, 21.5.4), and those that are dead. A server is
 *  an address, a port and a transport.
 *
 *  Dead is who gave no sign of life to BACKOFF_SILENT messages in a row. Then
 *  one is sent there to see after BACKOFF_DEAD_MS, twice that, and so on up to
 *  a bound, however many wait for it; any answer ends that. It is
 *  dead for one domain (hop->identity): who has a server in his zone that does
 *  not answer him must not make it dead for others. The table does not grow;
 *  when it is full, the pause that ends first gives way. */

#include "enum/loop.h"
#include "gateway/status.h"
#include "routing/hop.h"

/** Servers in the table, for each domain that they are dead for. */
#define BACKOFF_SERVERS 64

/** So many messages in vain, and a server is dead. */
#define BACKOFF_SILENT 3

/** Time from then until one is sent to see; doubled each time, up to this or
 *  the bound of the creator, whichever is less. */
#define BACKOFF_DEAD_MS     1000
#define BACKOFF_DEAD_MAX_MS 30000

/** So long at most the others wait for what that one finds. */
#define BACKOFF_PROBE_MS 5000

/** So many messages whose senders wait may be sent to a dead server all the
 *  same in so much time: each costs memory until Timer F. */
#define BACKOFF_URGENT    16
#define BACKOFF_URGENT_MS 4000

struct backoff;

enum backoff_verdict {
	BACKOFF_GO,	/* nothing is known against it */
	BACKOFF_PAUSED, /* it asked to be left alone */
	BACKOFF_DEAD	/* it is dead, and it is too early to see again */
};

/** @param max_ms  no pause that is asked for is longer; 0: there are none
 *  @param dead_max_ms  nor that of a dead server, but for BACKOFF_DEAD_MS
 *  @param backoff_out  the caller's: backoff_destroy
 *  @return GATEWAY_OK, GATEWAY_NO_MEMORY */
MUST_USE enum gateway_status backoff_create(struct loop *loop, int64_t max_ms,
					    int64_t dead_max_ms,
					    struct backoff **backoff_out);

/** Free; clears; takes NULL. */
void backoff_destroy(struct backoff **backoff);

/** May a message be sent to the server of a hop? When it is dead and it is time
 *  to see, this message is the one that sees: the next one has to wait.
 *  @param left_s_out  seconds until it may, rounded up; 0 with BACKOFF_GO */
enum backoff_verdict backoff_ask(struct backoff *backoff, const struct hop *hop,
				 unsigned *left_s_out);

/** It is dead, but there is no other and the sender waits: may the message be
 *  sent there all the same? If so it counts. */
bool backoff_insist(struct backoff *backoff, const struct hop *hop);

/** The server of a hop asks for a pause from now on. */
void backoff_note(struct backoff *backoff, const struct hop *hop,
		  unsigned pause_s);

/** A message has had no answer from it, or it could not be reached.
 *  @return whether it is dead now and was not before */
bool backoff_silent(struct backoff *backoff, const struct hop *hop);

/** It has answered, whatever that was.
 *  @return whether it was dead */
bool backoff_answered(struct backoff *backoff, const struct hop *hop);

#endif
