#ifndef IMGW_GATEWAY_CONFIG_TYPES_H
#define IMGW_GATEWAY_CONFIG_TYPES_H

/** The types of option values: one value from text, and back to text. */

#include <stdbool.h>
#include <stdio.h>

#include "enum/text.h"
#include "gateway/config_table.h"
#include "gateway/status.h"

/** One scalar of the file. */
struct config_scalar {
	const struct config_row *row;
	struct span text;
	const char *folder; /* in which relative paths start, or "" */
};

struct config_type {
	const char *name; /* for the manual: "duration" */
	const char *help; /* what to write, after an error */
	size_t size;	  /* of a value; 0: row->size */
	bool owned;	  /* a char * that is freed with the configuration */
	/** @param why  with GATEWAY_BAD_CONFIG: what is wrong
	 *  @return GATEWAY_OK, GATEWAY_BAD_CONFIG, GATEWAY_NO_MEMORY */
	enum gateway_status (*parse)(const struct config_scalar *scalar,
				     void *value_out, struct text *why);
	/** As YAML. */
	void (*write)(const struct config_row *row, const void *value,
		      FILE *out);
};

/** The type of a kind; for CONFIG_MAP and CONFIG_ABSENT without functions. */
const struct config_type *config_type(enum config_kind kind);

/** Octets of one value of a row (of one item, when it is a list). */
size_t config_value_size(const struct config_row *row);

/** Is there anything to write? Strings and addresses may be unset. */
bool config_value_is_set(const struct config_row *row, const void *value);

/** Start of a message: the text as it stands in the file, cut and without
 *  control characters. */
void config_quote(struct text *why, struct span text);

/** Say that the text is not `what`, "a duration".
 *  @return GATEWAY_BAD_CONFIG */
MUST_USE enum gateway_status config_not_a(const struct config_scalar *scalar,
					  const char *what, struct text *why);

/** Keep a copy of a text. @param value_out  a char *
 *  @return GATEWAY_OK, GATEWAY_NO_MEMORY */
MUST_USE enum gateway_status config_keep(const char *text, void *value_out);

#endif
