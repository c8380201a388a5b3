#ifndef IMGW_GATEWAY_CONFIG_SOURCE_H
#define IMGW_GATEWAY_CONFIG_SOURCE_H

/** The YAML of a configuration, and complaints about it: FILE:LINE:COL:
 *  error: what is wrong, the line, a caret, what to do. */

#include <stdio.h>

#include <libfyaml.h>

#include "enum/text.h"
#include "gateway/status.h"

/** A file may have this many octets. */
#define CONFIG_FILE_MAX (1u << 20)

/** So many complaints are written, the rest is not looked for. */
#define CONFIG_ERRORS_MAX 20u

struct config_source;

/** Parse. What is not UTF-8, not YAML or not one document is complained of.
 *  @param file    its name, for messages; borrowed
 *  @param yaml    borrowed; must outlive the source
 *  @param errors  where complaints go; borrowed
 *  @param source_out  the caller's: config_source_close; also after
 *                     GATEWAY_BAD_CONFIG
 *  @return GATEWAY_OK, GATEWAY_BAD_CONFIG, GATEWAY_NO_MEMORY */
MUST_USE enum gateway_status
config_source_open(const char *file, struct span yaml, FILE *errors,
		   struct config_source **source_out);

/** Free; clears; takes NULL. */
void config_source_close(struct config_source **source);

/** The top of the document; NULL when the file is empty. */
struct fy_node *config_source_root(const struct config_source *source);

/** Where an option such as "sip.listen" stands: itself, else the section
 *  that it would stand in, else NULL. */
struct fy_node *config_source_find(const struct config_source *source,
				   const char *option);

/** Line and column of a node, from 1; 1:1 for NULL. */
void config_source_place(struct fy_node *node, int *line_out, int *column_out);

/** Complain about a node (NULL: the file).
 *  @param help  what to do, or "" */
void config_complain(struct config_source *source, struct fy_node *node,
		     const char *help, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/** Complaints so far. */
unsigned config_complaints(const struct config_source *source);

#endif
