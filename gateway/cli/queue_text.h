#ifndef IMGW_GATEWAY_CLI_QUEUE_TEXT_H
#define IMGW_GATEWAY_CLI_QUEUE_TEXT_H

/** What `imgw queue` prints for people. Pure. Text from outside is escaped as
 *  in the log, so that it can do nothing to a terminal. */

#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

#include "enum/text.h"

/** Append a time as "9s", "4m12s", "1h48m", "2d03h". */
void queue_text_duration(struct text *t, int64_t seconds);

/** The line above the table. */
void queue_text_head(FILE *out);

/** One line of the table. @param message  as gateway/admin/admin_item.h */
void queue_text_row(json_t *message, FILE *out);

/** The line below it. @param counts  as gateway/admin/admin_item.h */
void queue_text_foot(json_t *counts, FILE *out);

/** All that is known of one message, a line each. */
void queue_text_message(json_t *message, FILE *out);

#endif
