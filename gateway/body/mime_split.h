#ifndef IMGW_GATEWAY_BODY_MIME_SPLIT_H
#define IMGW_GATEWAY_BODY_MIME_SPLIT_H

/** The parts of a multipart body (RFC 2046, 5.1). Pure. */

#include "gateway/body/mime.h"

/** Parts of one multipart body; more are refused. */
#define MIME_PARTS_MAX 32

struct mime_parts {
	struct mime at[MIME_PARTS_MAX];
	size_t count;
};

/** Split a multipart body at the boundary that its type names. What stands
 *  before the first and after the last boundary is dropped. A line is one
 *  only when nothing but white space follows the boundary, so that one
 *  boundary may begin like another.
 *  @return false: no usable boundary in the type, no part, no end, a broken
 *          header of a part, or more than MIME_PARTS_MAX */
MUST_USE bool mime_split(const struct mime *multipart, struct mime_parts *out);

#endif
