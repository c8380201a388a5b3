#ifndef IMGW_GATEWAY_CONFIG_NUMBER_H
#define IMGW_GATEWAY_CONFIG_NUMBER_H

/** Option values that are numbers with a range; see struct config_type for
 *  the contract of parse and write. */

#include <stdio.h>

#include "gateway/config_types.h"

/** "500ms", "2s", "1m", "1h", "1d", "0". Into an int64_t, milliseconds. */
MUST_USE enum gateway_status
config_duration_parse(const struct config_scalar *scalar, void *value_out,
		      struct text *why);
void config_duration_write(const struct config_row *row, const void *value,
			   FILE *out);

/** Decimal digits, or the row's word for 0. Into a uint64_t. */
MUST_USE enum gateway_status
config_integer_parse(const struct config_scalar *scalar, void *value_out,
		     struct text *why);
void config_integer_write(const struct config_row *row, const void *value,
			  FILE *out);

/** "20/s", "30/m", or the row's word for 0. Into a double, a second. */
MUST_USE enum gateway_status
config_rate_parse(const struct config_scalar *scalar, void *value_out,
		  struct text *why);
void config_rate_write(const struct config_row *row, const void *value,
		       FILE *out);

#endif
