#ifndef IMGW_ROUTING_URI_TEXT_H
#define IMGW_ROUTING_URI_TEXT_H

/** The characters of SIP URIs (RFC 3261, 25.1). What is outside of them is
 *  percent-encoded, so nothing can break out of a header (SEC-5). */

#include <stdbool.h>

#include "enum/text.h"

/** May the character stand for itself in some part of a URI? */
typedef bool uri_char_fn(char c);

/** Letters, digits and "-_.!~*'()". */
uri_char_fn uri_is_unreserved;

/** In a user part: unreserved, or "&=+$,;?/". */
uri_char_fn uri_is_user_char;

/** In the name or value of a parameter: unreserved, or "[]/:&+$". */
uri_char_fn uri_is_param_char;

/** Only such characters and whole percent-escapes? True for empty text. */
bool uri_is_text(struct span s, uri_char_fn *allowed);

/** Append with everything that is not allowed percent-encoded. */
void uri_encode(struct span s, uri_char_fn *allowed, struct text *out);

#endif
