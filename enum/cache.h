#ifndef IMGW_ENUM_CACHE_H
#define IMGW_ENUM_CACHE_H

/** Answers kept for their TTL, in front of one struct dns (ENUM-36).
 *  Negative answers for the TTL of RFC 2308; "cannot tell" is never kept;
 *  equal questions in flight are asked once. Bounded in entries, where a
 *  large answer counts as several, so that memory is bounded too; the oldest
 *  use leaves first. With entries_max 0 nothing is kept, questions in flight
 *  are still joined. */

#include <stddef.h>
#include <stdint.h>

#include "enum/dns.h"

struct cache;
struct cache_query;

/** No answer is kept longer than this, whatever its TTL says. */
#define CACHE_TTL_MAX_S 86400u

struct cache_stats {
	uint64_t hits, misses, joined;
	size_t entries;
};

/** @param dns  borrowed; must outlive the cache
 *  @param cache_out  the caller owns it: cache_destroy
 *  @return ENUM_OK, ENUM_NO_MEMORY */
MUST_USE enum enum_status cache_create(struct loop *loop, struct dns *dns,
				       size_t entries_max,
				       struct cache **cache_out);

/** Cancels what is in flight without calling back; clears; takes NULL. Not
 *  inside a callback of its own. */
void cache_destroy(struct cache **cache);

/** Ask through the cache. The contract is that of dns_query_start: `done`
 *  exactly once, never before this returns (a hit comes from a zero timer),
 *  never after the cancel. Names compare without case.
 *  @return ENUM_OK, ENUM_NO_MEMORY; then done will not run */
MUST_USE enum enum_status cache_ask_start(struct cache *cache, const char *name,
					  enum dns_type type,
					  dns_answer_fn *done, void *arg,
					  struct cache_query **query_out);

/** Forget the question; clears the pointer; takes NULL. */
void cache_ask_cancel(struct cache_query **query);

/** Counters since the start. */
struct cache_stats cache_stats(const struct cache *cache);

#endif
