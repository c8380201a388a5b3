#ifndef IMGW_GATEWAY_BODY_MIME_DECODE_H
#define IMGW_GATEWAY_BODY_MIME_DECODE_H

/** The transfer encodings of MIME (RFC 2045, 6.7 and 6.8). Pure. */

#include "enum/status.h"
#include "enum/text.h"

/** Undo base64. White space is passed over.
 *  @param out  room for as many octets as are read; not terminated
 *  @return false: another character, or the end comes too early */
MUST_USE bool mime_decode_base64(struct span in, char *out, size_t *len_out);

/** Undo quoted-printable.
 *  @param out  room for as many octets as are read; not terminated
 *  @return false: an escape that is none */
MUST_USE bool mime_decode_quoted(struct span in, char *out, size_t *len_out);

#endif
