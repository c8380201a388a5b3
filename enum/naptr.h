#ifndef IMGW_ENUM_NAPTR_H
#define IMGW_ENUM_NAPTR_H

/** One NAPTR record as an ENUM rule (RFC 3402, 3403, 6116). Pure: no DNS. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "enum/status.h"
#include "enum/text.h"

/** A URI that a rule yields is at most this long, terminator not counted;
 *  a rule that yields more is skipped (ENUM-24). */
#define NAPTR_URI_MAX 1023

/** A record as it came. The spans borrow from the answer that holds it and
 *  may contain any octet, NUL included (ENUM-28). */
struct naptr {
	uint16_t order;
	uint16_t preference;
	struct span flags;
	struct span services;
	struct span regexp;
	const char *replacement; /* absolute name, no dot at the end; "" root */
};

enum naptr_kind {
	NAPTR_TERMINAL,    /* flag "u": yields a URI */
	NAPTR_NON_TERMINAL /* no flags: leads to `replacement` (ENUM-29) */
};

/** Sort pointers by ORDER, then PREFERENCE, ascending; equal ones keep the
 *  sequence of the wire (ENUM-13). Compares field by field. */
void naptr_sort(const struct naptr **rules, size_t count);

/** What kind of rule is it, judged by flags, services and fields alone
 *  (ENUM-7..12, 17, 29, 33, 34)? Both service orders are understood:
 *  "E2U+pres+im" and the obsolete "im+E2U".
 *  @return ENUM_OK, ENUM_UNKNOWN_FLAG, ENUM_NOT_ENUM, ENUM_SERVICE_NOT_IM,
 *          ENUM_BOTH_FIELDS, ENUM_BAD_REGEXP (terminal, empty regexp),
 *          ENUM_BAD_REPLACEMENT (non-terminal with the root, or with a
 *          name that has odd octets) */
MUST_USE enum enum_status naptr_classify(const struct naptr *rule,
					 enum naptr_kind *kind_out);

/** Apply a terminal rule to the original AUS (ENUM-18..27). The result is a
 *  valid absolute URI without fragment, of scheme im: (case ignored).
 *  @param aus   '+' and digits
 *  @param size  octets of uri_out, at least NAPTR_URI_MAX + 1
 *  @return ENUM_OK, ENUM_BAD_REGEXP, ENUM_NO_MATCH, ENUM_BAD_RESULT,
 *          ENUM_WRONG_SCHEME (ENUM-6), ENUM_NO_MEMORY */
MUST_USE enum enum_status naptr_apply(const struct naptr *rule,
				      const char *aus, char *uri_out,
				      size_t size);

#endif
