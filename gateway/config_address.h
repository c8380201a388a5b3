#ifndef IMGW_GATEWAY_CONFIG_ADDRESS_H
#define IMGW_GATEWAY_CONFIG_ADDRESS_H

/** Option values that are addresses; see struct config_type for the
 *  contract of parse and write. */

#include <stdio.h>

#include "gateway/config_types.h"

/** "127.0.0.1:53", "[::1]:53"; the port may be left out where the row names
 *  one. Into a struct config_address. */
MUST_USE enum gateway_status
config_address_parse(const struct config_scalar *scalar, void *value_out,
		     struct text *why);
void config_address_write(const struct config_row *row, const void *value,
			  FILE *out);

/** "udp:127.0.0.1:5060". Into a struct listen_address. */
MUST_USE enum gateway_status
config_listener_parse(const struct config_scalar *scalar, void *value_out,
		      struct text *why);
void config_listener_write(const struct config_row *row, const void *value,
			   FILE *out);

/** "192.0.2.0/28". Into a struct admission_range. */
MUST_USE enum gateway_status
config_range_parse(const struct config_scalar *scalar, void *value_out,
		   struct text *why);
void config_range_write(const struct config_row *row, const void *value,
			FILE *out);

#endif
