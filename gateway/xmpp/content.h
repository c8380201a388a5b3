#ifndef IMGW_GATEWAY_XMPP_CONTENT_H
#define IMGW_GATEWAY_XMPP_CONTENT_H

/** The body of a message as the text of a <body/>: media types, encodings and
 *  charsets (MAP-9, SIP-4). Pure. */

#include "gateway/message.h"
#include "gateway/outcome.h"

/** Room for a language tag (RFC 5646, 4.4.1: 35) and the terminator. */
#define CONTENT_LANGUAGE_SIZE 36

/** What a body says. The strings are the caller's: content_clear. */
struct content {
	char *text;			      /* fit for XML, not empty */
	char language[CONTENT_LANGUAGE_SIZE]; /* written inside, or "" */
	char *subject;			      /* of message/cpim, or NULL */
	char subject_language[CONTENT_LANGUAGE_SIZE]; /* or "" */
};

/** Turn a body into text: text/plain in any charset that iconv knows (default
 *  UTF-8, RFC 3428, 8), text/html without its markup (CONF-14), message/cpim
 *  without its wrapping (IM-23), and the parts of a multipart that can be
 *  shown. A part that cannot, and has to be, is a no for the whole
 *  (RFC 3261, 20.11; RFC 5621).
 *  @param out     to be cleared by the caller whatever the answer
 *  @param no_out  filled when the answer is no: 415 another type, encoding or
 *                 charset, or nested too deep (SIP-4, CARR-2, SEC-1); 400
 *                 broken or empty (XMPP-5, XMPP-17); 500 out of memory
 *  @return whether it can be carried */
MUST_USE bool content_read(const struct message *message, struct content *out,
			   struct outcome *no_out);

/** Free what it holds; may be repeated. */
void content_clear(struct content *content);

#endif
