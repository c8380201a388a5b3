#ifndef IMGW_GATEWAY_BACKOFF_H
#define IMGW_GATEWAY_BACKOFF_H

/** Servers that asked to be left alone for a while: 503 with Retry-After
 *  (CARR-5; RFC 3261, 21.5.4). A server is an address, a port and a
 *  transport. The table does not grow; when it is full, the pause that ends
 *  first gives way. */

#include "enum/loop.h"
#include "gateway/status.h"
#include "routing/hop.h"

/** Pauses at once. */
#define BACKOFF_SERVERS 64

struct backoff;

/** @param max_ms  no pause is longer; 0: there are none
 *  @param backoff_out  the caller's: backoff_destroy
 *  @return GATEWAY_OK, GATEWAY_NO_MEMORY */
MUST_USE enum gateway_status backoff_create(struct loop *loop, int64_t max_ms,
					    struct backoff **backoff_out);

/** Free; clears; takes NULL. */
void backoff_destroy(struct backoff **backoff);

/** The server of a hop asks for a pause from now on. */
void backoff_note(struct backoff *backoff, const struct hop *hop,
		  unsigned pause_s);

/** Seconds until the server of a hop may be tried, rounded up; 0: now. */
unsigned backoff_left_s(const struct backoff *backoff, const struct hop *hop);

#endif
