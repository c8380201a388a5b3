#ifndef IMGW_GATEWAY_CONFIG_SECRET_H
#define IMGW_GATEWAY_CONFIG_SECRET_H

/** Option values that name files; see struct config_type for the contract of
 *  parse. */

#include "gateway/config_types.h"

/** A path, made relative to the folder of the configuration. */
MUST_USE enum gateway_status
config_path_parse(const struct config_scalar *scalar, void *value_out,
		  struct text *why);

/** The URL of a store: sqlite: and a path, made relative in the same way,
 *  postgresql: or postgres: and what libpq takes, or the word off. */
MUST_USE enum gateway_status
config_store_parse(const struct config_scalar *scalar, void *value_out,
		   struct text *why);

/** The same, with (set) in place of a password. */
void config_store_write(const struct config_row *row, const void *value,
			FILE *out);

/** The content of the file named, without the line end (SEC-15). Refused:
 *  missing, empty, too long, several lines, readable by group or others. */
MUST_USE enum gateway_status
config_secret_parse(const struct config_scalar *scalar, void *value_out,
		    struct text *why);

/** The content of the users file named (gateway/users.h). Refused: missing,
 *  too long, readable by group or others, a line that is none. */
MUST_USE enum gateway_status
config_users_parse(const struct config_scalar *scalar, void *value_out,
		   struct text *why);

#endif
