#ifndef IMGW_GATEWAY_CONFIG_FILL_H
#define IMGW_GATEWAY_CONFIG_FILL_H

/** From YAML to values, by the option table: unknown and repeated keys, wrong
 *  types and ranges and missing options are complained of, all in one go. */

#include "gateway/config.h"
#include "gateway/config_source.h"

/** Fill in what the document says, then the defaults.
 *  @param folder  in which relative paths start: "/etc/imgw/", or ""
 *  @param config  all zero; afterwards to be cleared in any case
 *  @return GATEWAY_OK, also with complaints; GATEWAY_NO_MEMORY */
MUST_USE enum gateway_status config_fill(struct config_source *source,
					 const char *folder,
					 struct config *config);

#endif
