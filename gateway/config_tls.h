#ifndef IMGW_GATEWAY_CONFIG_TLS_H
#define IMGW_GATEWAY_CONFIG_TLS_H

/** The options of SIP over TLS, and the files that they name. */

#include "gateway/config.h"
#include "gateway/config_source.h"

/** Complain of what is missing or of no use; note in config->ends_soon a
 *  certificate that will not last. */
void config_check_tls(struct config_source *source, struct config *config);

#endif
