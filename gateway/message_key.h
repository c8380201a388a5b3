#ifndef IMGW_GATEWAY_MESSAGE_KEY_H
#define IMGW_GATEWAY_MESSAGE_KEY_H

/** Keys by which things that come again are recognised: the first half of a
 *  SHA-256, so that nobody finds two that are alike. They are the same after
 *  a restart. */

#include <stdbool.h>
#include <stddef.h>

#include "enum/status.h"

/** Octets of a key. */
#define MESSAGE_KEY_SIZE 16

/** The key of several parts; no part can be shifted into its neighbour.
 *  @param parts  `count` strings; NULL counts as ""
 *  @return false: out of memory */
MUST_USE bool message_key(const char *const *parts, size_t count,
			  unsigned char key_out[MESSAGE_KEY_SIZE]);

#endif
