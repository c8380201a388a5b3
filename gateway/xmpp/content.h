#ifndef IMGW_GATEWAY_XMPP_CONTENT_H
#define IMGW_GATEWAY_XMPP_CONTENT_H

/** The body of a message as the text of a <body/>: media type, encoding and
 *  charset (MAP-9, SIP-4). Pure. */

#include "gateway/message.h"
#include "gateway/outcome.h"

/** Turn a body into clean UTF-8: only text/plain, unencoded, in any charset
 *  that iconv knows (default UTF-8, RFC 3428, 8).
 *  @param text_out  the caller's: free()
 *  @param no_out    filled when the answer is no: 415 another type, encoding
 *                   or charset; 400 broken or empty text (XMPP-5, XMPP-17);
 *                   500 out of memory
 *  @return whether it can be carried */
MUST_USE bool content_read(const struct message *message, char **text_out,
			   struct outcome *no_out);

#endif
