#ifndef IMGW_GATEWAY_SIP_NONCE_H
#define IMGW_GATEWAY_SIP_NONCE_H

/** Nonces of our digest challenges (SIP-35; RFC 7616, 3.3 and 5.5). A nonce
 *  carries its own time and proof, so that a challenge costs no memory. Only
 *  who has answered one rightly takes a place in a table of fixed size, which
 *  remembers the counts that came with it. When the table is full, the oldest
 *  nonce gives way and is not taken any more. */

#include <stdbool.h>
#include <stdint.h>

#include "enum/loop.h"
#include "enum/text.h"

/** Nonces in use at once, above it the oldest become stale early. */
#define SIPSIDE_NONCES 1024

/** A nonce with its terminator. */
#define SIPSIDE_NONCE_SIZE 49

struct sipside_nonces;

/** @param life_ms  how long a nonce may be used
 *  @return NULL: out of memory */
struct sipside_nonces *sipside_nonces_create(struct loop *loop,
					     int64_t life_ms);

/** Free; clears; takes NULL. */
void sipside_nonces_destroy(struct sipside_nonces **nonces);

/** A nonce that was never given out and that nobody else can make. */
void sipside_nonce_make(struct sipside_nonces *nonces,
			char out[SIPSIDE_NONCE_SIZE]);

/** Use a nonce with a count, once. Requests may overtake each other by 63
 *  counts. Only for credentials whose response is right.
 *  @param count  the nc parameter: 8 hexadecimal digits
 *  @return false: not ours (perhaps of an earlier run), too old, or used with
 *          this count already */
MUST_USE bool sipside_nonce_use(struct sipside_nonces *nonces,
				struct span nonce, struct span count);

#endif
