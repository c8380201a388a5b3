#ifndef IMGW_GATEWAY_SQLITE_KEYS_H
#define IMGW_GATEWAY_SQLITE_KEYS_H

/** The keys that are known, in memory: a question costs no page of the file,
 *  and the file only gets them appended. Changes can be taken back, as those
 *  of the transaction that they go with.
 *
 *  Where a key falls depends on a secret. Memory grows with the keys, 24 octets
 *  each and as much again, and has a bound: at half as many again as the
 *  maximum those that end first are forgotten sooner. */

#include <stddef.h>
#include <stdint.h>

#include "enum/status.h"
#include "gateway/message_key.h"

/** So many are kept for sure; the table takes 96 MiB then. */
#define SQLITE_KEYS_MAX ((size_t)1 << 21)

struct sqlite_key {
	unsigned char octets[MESSAGE_KEY_SIZE];
	int64_t until_ms; /* not known any more from then on */
};

struct sqlite_keys;

/** @param keys_max  so many are kept for sure; at least 1
 *  @return NULL: out of memory */
struct sqlite_keys *sqlite_keys_create(size_t keys_max);

/** Free; takes NULL. */
void sqlite_keys_destroy(struct sqlite_keys *keys);

/** @return what was set last for these octets, expired or not, until the next
 *          call of another function; NULL: nothing is known */
const struct sqlite_key *sqlite_keys_find(
	const struct sqlite_keys *keys,
	const unsigned char octets[MESSAGE_KEY_SIZE]);

/** Know a key, change it, or forget it (until_ms 0).
 *  @param key  its until_ms is not below 0
 *  @param now_ms  what has expired by then may make room
 *  @return false: out of memory, nothing was changed */
MUST_USE bool sqlite_keys_set(struct sqlite_keys *keys,
			      const struct sqlite_key *key, int64_t now_ms);

/** What was set since the last one of these stays. */
void sqlite_keys_commit(struct sqlite_keys *keys);

/** What was set since then is taken back. */
void sqlite_keys_roll_back(struct sqlite_keys *keys);

#endif
