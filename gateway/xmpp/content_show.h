#ifndef IMGW_GATEWAY_XMPP_CONTENT_SHOW_H
#define IMGW_GATEWAY_XMPP_CONTENT_SHOW_H

/** Inside of content_read: the entities of a body one after the other, each
 *  appended to the text when it can be shown. Entities hold entities, to a
 *  bounded depth. */

#include "gateway/xmpp/content.h"
#include "gateway/body/mime.h"

/** Entities within each other: cpim in a mixed in a signed one is 4. */
#define CONTENT_DEPTH_MAX 6

/** Entities looked at for one message. */
#define CONTENT_ENTITIES_MAX 64

/** The best that content_rank answers. */
#define CONTENT_RANK_MAX 3

/** One body being read; all zero at first but for `out` and `no`. */
struct content_reading {
	struct content *out; /* language and subject are filled here */
	struct outcome *no;
	char *text; /* UTF-8 so far, not terminated; free() */
	size_t len;
	unsigned shown; /* texts in it */
	unsigned depth, entities;
};

/** Append what an entity says.
 *  @return false: it cannot be shown, and `no` says why */
MUST_USE bool content_show(struct content_reading *r,
			   const struct mime *entity);

/** How well an entity can be shown, by its type: 0 not at all, else up to
 *  CONTENT_RANK_MAX, which is plain text. */
unsigned content_rank(const struct mime *entity);

#endif
