#ifndef IMGW_ENUM_E164_H
#define IMGW_ENUM_E164_H

/** E.164 numbers as ENUM sees them: the Application Unique String and the
 *  owner name (RFC 6116, 3.1 and 3.2). */

#include <stdbool.h>
#include <stddef.h>

#include "enum/status.h"

/** Most digits of an E.164 number (CONF-23). */
#define E164_DIGITS_MAX 15

/** '+' and the digits, terminated. */
#define E164_SIZE (1 + E164_DIGITS_MAX + 1)

/** Is it '+' and 1 to 15 digits, nothing else (XMPP-16)? */
bool e164_is_number(const char *text);

/** The owner name of a number below an apex, First Well Known Rule
 *  (ENUM-2): "+12025550100", "e164.arpa" -> "0.0.1.0.5.5.5.2.0.2.1.e164.arpa",
 *  no dot at the end.
 *  @param aus   '+' and digits
 *  @param size  octets of name_out
 *  @return ENUM_OK, ENUM_BAD_SYNTAX not '+' and digits, ENUM_TOO_LONG over 15
 *          digits or a name over 253 characters (ENUM-42) */
MUST_USE enum enum_status e164_owner_name(const char *aus, const char *apex,
					  char *name_out, size_t size);

#endif
