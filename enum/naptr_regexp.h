#ifndef IMGW_ENUM_NAPTR_REGEXP_H
#define IMGW_ENUM_NAPTR_REGEXP_H

/** The regexp field of a NAPTR record: a substitution expression (RFC 3402,
 *  3.2). Private to naptr.c. */

#include "enum/status.h"
#include "enum/text.h"

/** Longest field: one character-string of DNS. */
#define NAPTR_REGEXP_MAX 255

/** Run the substitution. What does not match is not copied: the replacement
 *  part is the result (ENUM-26, CONF-19).
 *  @param field   delim ERE delim repl delim ["i"]
 *  @param result  the result is appended; may end up cut
 *  @return ENUM_OK; ENUM_BAD_REGEXP (ENUM-18..23); ENUM_NO_MATCH;
 *          ENUM_NO_MEMORY */
MUST_USE enum enum_status
naptr_regexp_apply(struct span field, struct span subject, struct text *result);

#endif
