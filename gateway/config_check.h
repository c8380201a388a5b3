#ifndef IMGW_GATEWAY_CONFIG_CHECK_H
#define IMGW_GATEWAY_CONFIG_CHECK_H

/** What no single option can be blamed for: values that do not go together,
 *  and what this version cannot do. */

#include "gateway/config.h"
#include "gateway/config_source.h"

/** Complain where values do not go together; note options that do nothing
 *  yet in config->later. A configuration with complaints may be checked. */
void config_check(struct config_source *source, struct config *config);

#endif
