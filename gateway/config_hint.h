#ifndef IMGW_GATEWAY_CONFIG_HINT_H
#define IMGW_GATEWAY_CONFIG_HINT_H

/** What may have been meant by a mistyped option. */

#include "enum/text.h"
#include "gateway/config_table.h"

/** The nearest known key beside a mistyped one.
 *  @param section  "sip.", or "" at the top
 *  @return borrows from the table; empty when nothing is near */
struct span config_hint(const struct config_table *table, const char *section,
			struct span key);

#endif
