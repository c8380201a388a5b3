#ifndef IMGW_GATEWAY_USERS_H
#define IMGW_GATEWAY_USERS_H

/** Who may authenticate himself by digest (SIP-35): text with a line
 *  user:realm:hash for each user and kind of hash, as htdigest(1) writes it.
 *  hash is MD5 (32 hexadecimal digits) or SHA-256 (64) of
 *  user:realm:password. Lines that are empty or begin with '#' say nothing. */

#include <stdbool.h>
#include <stddef.h>

#include "enum/text.h"

/** The longest hash with terminator. */
#define USERS_HASH_SIZE 65

/** The first mistake of a text.
 *  @param line_out  its line, from 1
 *  @return what is wrong; NULL: nothing, and line_out is not set */
const char *users_fault(const char *text, unsigned *line_out);

/** Has anybody a hash of this length in this realm? */
bool users_have(const char *text, struct span realm, size_t hash_len);

/** The hash of a user, in lower case.
 *  @param hash_len  32 or 64
 *  @return false: there is none; out is then "" */
bool users_find(const char *text, struct span user, struct span realm,
		size_t hash_len, char out[USERS_HASH_SIZE]);

#endif
