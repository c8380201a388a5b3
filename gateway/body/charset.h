#ifndef IMGW_GATEWAY_BODY_CHARSET_H
#define IMGW_GATEWAY_BODY_CHARSET_H

/** Text in any charset as UTF-8 (RFC 3261, 7.4.1; SIP-30). Pure. */

#include <stdint.h>

#include "enum/text.h"
#include "gateway/outcome.h"

/** Convert a whole text; UTF-8 and US-ASCII are only checked.
 *  @param charset   name that iconv knows; "": UTF-8
 *  @param utf8_out  the caller's: free(); `len_out` octets, NUL allowed
 *  @param no_out    filled when the answer is no: 415 unknown charset, 400
 *                   text that is not in it (XMPP-5), 500 out of memory
 *  @return whether there is a text */
MUST_USE bool charset_to_utf8(struct span text, const char *charset,
			      char **utf8_out, size_t *len_out,
			      struct outcome *no_out);

/** Append a character in UTF-8; NUL and what is no character become U+FFFD.
 *  Never more than 4 octets. */
void charset_add_char(struct text *text, uint32_t character);

#endif
