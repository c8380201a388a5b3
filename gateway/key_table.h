#ifndef IMGW_GATEWAY_KEY_TABLE_H
#define IMGW_GATEWAY_KEY_TABLE_H

/** Keys that are known for a time, each with a number, in fixed memory. When
 *  the table is full, the key that was put in longest ago gives way, so that a
 *  flood of new keys can make it forget sooner and nothing else. Where a key
 *  falls depends on a secret. */

#include <stddef.h>
#include <stdint.h>

#include "enum/e164.h"
#include "enum/loop.h"
#include "gateway/message_key.h"
#include "gateway/status.h"

struct key_table;

/** @param keys  at once; rounded up to a multiple of 8
 *  @param age_ms  how long a key is known; 0: not at all
 *  @param table_out  the caller's: key_table_destroy
 *  @return GATEWAY_OK, GATEWAY_NO_MEMORY */
MUST_USE enum gateway_status key_table_create(struct loop *loop, size_t keys,
					      int64_t age_ms,
					      struct key_table **table_out);

/** Free; clears; takes NULL. */
void key_table_destroy(struct key_table **table);

/** Know the key from now on. @param number  '+' and digits, or "" */
void key_table_put(struct key_table *table,
		   const unsigned char key[MESSAGE_KEY_SIZE],
		   const char *number);

/** The number that was put with the key; borrowed until the next call.
 *  @return NULL: not known, or no more */
const char *key_table_find(const struct key_table *table,
			   const unsigned char key[MESSAGE_KEY_SIZE]);

/** Know it no more. */
void key_table_forget(struct key_table *table,
		      const unsigned char key[MESSAGE_KEY_SIZE]);

#endif
