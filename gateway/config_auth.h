#ifndef IMGW_GATEWAY_CONFIG_AUTH_H
#define IMGW_GATEWAY_CONFIG_AUTH_H

/** The options of digest authentication, of senders and of ourselves. */

#include "gateway/config.h"
#include "gateway/config_source.h"

/** Complain of what is missing or of no use. */
void config_check_auth(struct config_source *source,
		       const struct config *config);

#endif
