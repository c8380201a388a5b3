#ifndef IMGW_GATEWAY_ADMIN_ITEM_H
#define IMGW_GATEWAY_ADMIN_ITEM_H

/** The queue as the JSON objects that `imgw queue --json` prints. Pure. What
 *  is not UTF-8 is written with \xNN in place of its octets. */

#include <jansson.h>

#include "gateway/store.h"

struct admin_view {
	int64_t now_ms; /* wall clock */
	bool mask;	/* hide the end of phone numbers */
	bool body;	/* show what is written, not only its size */
};

/** One message: id, seq, state, ...
 *  @return the caller's; NULL: out of memory */
json_t *admin_item_json(const struct store_item *item,
			const struct admin_view *view);

/** How many in which state, and oldest_s: seconds since the oldest came.
 *  @return the caller's; NULL: out of memory */
json_t *admin_counts_json(const struct store_counts *counts, int64_t now_ms);

#endif
