#ifndef IMGW_GATEWAY_RATE_H
#define IMGW_GATEWAY_RATE_H

/** Rates per key in fixed memory (SEC-4): token buckets in a table that does
 *  not grow. When it is full, the bucket least in use gives way, so that a
 *  flood of new keys can only make the limit more lenient. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "enum/loop.h"
#include "enum/text.h"

/** Buckets of one table. */
#define RATE_BUCKETS 4096

struct rate;

/** @param per_second  tokens a second, above 0
 *  @param burst       tokens of a key that was idle; less than 1 counts as 1
 *  @param rate_out    the caller's: rate_destroy
 *  @return ENUM_OK, ENUM_NO_MEMORY */
MUST_USE enum enum_status rate_create(struct loop *loop, double per_second,
				      double burst, struct rate **rate_out);
void rate_destroy(struct rate **rate);

/** A key made of several parts: start with 0, then add each part. */
uint64_t rate_key_add(uint64_t key, struct span part);

/** Take one token of this key. @return false: none left */
bool rate_take(struct rate *rate, uint64_t key);

#endif
