#ifndef IMGW_ENUM_REGEX_H
#define IMGW_ENUM_REGEX_H

/** POSIX extended regular expressions from hostile hands: bounded in memory,
 *  linear in time (SEC-6). The engine is RE2; only regex.cc knows. */

#include "enum/status.h"
#include "enum/text.h"

#ifdef __cplusplus
extern "C" {
#endif

struct regex;

/** Groups 0 (the whole match) to 9. */
#define REGEX_GROUPS 10

/** Compile an ERE (ENUM-22). Refuses what POSIX does not have: \d, (?:, back
 *  references in the pattern, [.x.] and [=x=]; a backslash in a bracket
 *  expression is an ordinary character.
 *  @param pattern  at most 255 octets
 *  @param regex_out  the caller owns it: regex_destroy
 *  @return ENUM_OK, ENUM_BAD_REGEXP (also: too large), ENUM_NO_MEMORY */
MUST_USE enum enum_status regex_compile(struct span pattern,
					struct regex **regex_out);

/** How many groups the pattern has, 0 to 255. */
unsigned regex_group_count(const struct regex *regex);

/** Leftmost-longest match anywhere in the subject.
 *  @param groups_out  borrow from subject; unmatched groups have len 0
 *  @return ENUM_OK, ENUM_NO_MATCH, ENUM_NO_MEMORY */
MUST_USE enum enum_status regex_match(const struct regex *regex,
				      struct span subject,
				      struct span groups_out[REGEX_GROUPS]);

/** Free; clears the pointer; takes NULL. */
void regex_destroy(struct regex **regex);

#ifdef __cplusplus
}
#endif
#endif
