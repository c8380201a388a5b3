#ifndef IMGW_GATEWAY_SEEN_H
#define IMGW_GATEWAY_SEEN_H

/** Messages that came in a short while ago (XMPP-25): a client that lost its
 *  connection sends again what it does not know to have arrived. */

#include <stdbool.h>
#include <stdint.h>

#include "enum/loop.h"
#include "gateway/message.h"
#include "gateway/status.h"

/** Messages known at once, 48 octets each. */
#define SEEN_MAX 32768

struct seen;

/** @param window_ms  how long one is known; 0: not at all
 *  @param seen_out  the caller's: seen_destroy
 *  @return GATEWAY_OK, GATEWAY_NO_MEMORY */
MUST_USE enum gateway_status seen_create(struct loop *loop, int64_t window_ms,
					 struct seen **seen_out);

/** Free; clears; takes NULL. */
void seen_destroy(struct seen **seen);

/** Did this message come before? If not, it has now. One without a key never
 *  did. */
bool seen_before(struct seen *seen, const struct message *message);

/** It failed: when it comes again it is tried again. */
void seen_forget(struct seen *seen, const struct message *message);

#endif
