#ifndef IMGW_ENUM_LOOKUP_H
#define IMGW_ENUM_LOOKUP_H

/** (3) A number to im: URIs, one at a time, in the order of RFC 6116.
 *
 *  The apexes are asked in the order given; the next one only when the one
 *  before has no usable rule (NXDOMAIN, NODATA, nothing that yields im:).
 *  Rules are followed lazily (ENUM-15): lookup_start works up to the first
 *  URI, each lookup_next up to one more. Non-terminal rules are followed with
 *  a loop guard (ENUM-29..32). "Cannot tell" at the first name of an apex
 *  ends the lookup (never the next apex, never enumdi); inside a referred
 *  domain it only ends that branch (ENUM-31), but then the end of the lookup
 *  is that "cannot tell", and the next apex is not asked. */

#include <stdbool.h>
#include <stddef.h>

#include "enum/cache.h"
#include "enum/naptr.h"
#include "enum/status.h"

/** Non-terminal rules in a row (ENUM-30). */
#define LOOKUP_DEPTH_MAX 5

/** Questions of one lookup over all apexes; past it the lookup ends as if
 *  there was nothing more. */
#define LOOKUP_QUESTIONS_MAX 24

enum lookup_dnssec {
	LOOKUP_DNSSEC_OFF,
	LOOKUP_DNSSEC_PREFER,
	LOOKUP_DNSSEC_REQUIRE
};

/** One tree to ask. Borrowed by lookups; must outlive them. */
struct lookup_apex {
	const char *name;	  /* the operator's name for it */
	const char *apex;	  /* "e164.arpa" */
	const char *const *match; /* number prefixes such as "+1", or "+" */
	size_t match_count;
	enum lookup_dnssec dnssec;
	struct cache *cache;
};

struct lookup_config {
	const struct lookup_apex *apexes;
	size_t apex_count;
};

/** Who watches a lookup (imgw resolve, debug log). Any member may be NULL;
 *  they are called in the order of events; the arguments are valid during
 *  the call. */
struct lookup_trace {
	/** A name was asked below `apex` and answered after ms. */
	void (*asked)(const struct lookup_apex *apex, const char *name,
		      const struct dns_answer *answer, double ms, void *arg);
	/** A rule was looked at: ENUM_OK with the URI of a terminal or the
	 *  next name of a non-terminal, or why it is not used. */
	void (*rule)(const struct naptr *rule, enum enum_status status,
		     const char *result, void *arg);
	void *arg;
};

/** ENUM_OK: one more URI. Anything else is the end:
 *  ENUM_NXDOMAIN  every apex asked said so (this alone sets enumdi, TEL-14)
 *  ENUM_NODATA    no apex matched, no records, or nothing (more) usable
 *  ENUM_TEMPORARY, ENUM_INSECURE, ENUM_NO_MEMORY  cannot tell */
struct lookup_result {
	enum enum_status status;
	const char *uri; /* with ENUM_OK; valid during the call */
	const struct lookup_apex *apex; /* where, or the last one asked */
	bool secure;			/* every answer so far had AD */
};

struct lookup;
typedef void lookup_fn(const struct lookup_result *result, void *arg);

/** Start. `done` runs once for this call and once for each lookup_next,
 *  never before they return, never after lookup_cancel.
 *  @param aus    '+' and 1 to 15 digits, see e164_is_number
 *  @param trace  borrowed, or NULL
 *  @param lookup_out  the caller owns it until lookup_cancel, which it calls
 *                     in any case, also after the end
 *  @return ENUM_OK, ENUM_NO_MEMORY; then done will not run */
MUST_USE enum enum_status
lookup_start(struct loop *loop, const struct lookup_config *config,
	     const char *aus, const struct lookup_trace *trace, lookup_fn *done,
	     void *arg, struct lookup **lookup_out);

/** Ask for one more URI. Only after `done` with ENUM_OK. */
void lookup_next(struct lookup *lookup);

/** Stop and free; clears the pointer; takes NULL; allowed inside `done`. */
void lookup_cancel(struct lookup **lookup);

#endif
