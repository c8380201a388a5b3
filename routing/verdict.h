#ifndef IMGW_ROUTING_VERDICT_H
#define IMGW_ROUTING_VERDICT_H

/** What the candidates of a plan came to, and so how it ends without a
 *  (further) hop: "cannot tell" outweighs every "no" (table 0.5). Pure. */

#include <stdbool.h>

#include "routing/status.h"

struct verdict {
	bool unsure;               /* some candidate: "cannot tell" */
	enum route_status refusal; /* the last one that was the URI's own
				    * fault, or ROUTE_OK */
	const char *reason;        /* of the first, the best candidate, or of
				    * the first "cannot tell" */
};

/** A candidate led nowhere. @param reason  static storage */
void verdict_note(struct verdict *verdict, enum route_status status,
		  const char *reason);

/** How the plan ends: ROUTE_TEMPORARY; or what is wrong with the URI if there
 *  was but that one; or ROUTE_NOT_FOUND.
 *  @param only_uri  the target was an im: URI, and gave no hop */
enum route_status verdict_status(const struct verdict *verdict, bool only_uri);

/** A sentence for people that fits the end. Never NULL, never empty. */
const char *verdict_reason(const struct verdict *verdict,
			   enum route_status end);

#endif
