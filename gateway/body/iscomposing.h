#ifndef IMGW_GATEWAY_BODY_ISCOMPOSING_H
#define IMGW_GATEWAY_BODY_ISCOMPOSING_H

/** "Is composing" documents (RFC 3994; RCPT-11): somebody types, or stopped.
 *  Pure. */

#include <stdbool.h>

#include "enum/status.h"
#include "enum/text.h"

#define ISCOMPOSING_TYPE "application/im-iscomposing+xml"

/** What we write as refresh: the least that is allowed (RFC 3994, 3.2). */
#define ISCOMPOSING_REFRESH_S 60

/** How long "active" holds that names no refresh (RFC 3994, 3.3). */
#define ISCOMPOSING_HOLDS_S 120

/** A longer refresh counts as this. */
#define ISCOMPOSING_REFRESH_MAX_S 3600

/** Room for what iscomposing_write writes. */
#define ISCOMPOSING_SIZE 512

struct iscomposing {
	bool active;        /* any other state is "idle" (RFC 3994, 4) */
	unsigned refresh_s; /* how long it holds without word; never 0 */
};

/** Is this the media type? @param content_type  with parameters, or NULL */
bool iscomposing_is(const char *content_type);

/** @return false: not such a document, or out of memory */
MUST_USE bool iscomposing_read(struct span body, struct iscomposing *out);

/** Append the document; "idle" goes without refresh. */
void iscomposing_write(bool active, struct text *out);

#endif
