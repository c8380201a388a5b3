#ifndef IMGW_GATEWAY_STORE_MESSAGE_H
#define IMGW_GATEWAY_STORE_MESSAGE_H

/** A message as columns of a table: one mapping for all engines. What most
 *  messages have is a column of the member's name; the rest stands in one
 *  column `more`, a JSON object of the members that are not empty, or NULL.
 *
 *  Not mapped: `seq`, the primary key; `body_len`, the length of `body`;
 *  `has_key`, whether `key` is NULL; `arrived_ms`, which the front reckons
 *  anew, since each process has a clock of its own; `tries` and `answered`,
 *  which the queue sets. A test compares the tables with gateway/message.h, so
 *  a new member cannot be forgotten: it goes into store_more.c, where it needs
 *  no migration. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "enum/text.h"
#include "gateway/message.h"

enum store_value_type {
	STORE_NULL,
	STORE_NUMBER, /* also yes and no, and words of an enum */
	STORE_TEXT,   /* a terminator stands behind its octets */
	STORE_OCTETS
};

/** What stands in a column; borrowed. */
struct store_value {
	enum store_value_type type;
	int64_t number;
	struct span octets;
};

/** How many columns a message has besides `more`. */
#define STORE_MESSAGE_COLUMNS 21

/** The columns, 0 to STORE_MESSAGE_COLUMNS - 1, always in the same order.
 *  Their names want quotation marks in SQL ("from"). */
const char *store_message_column(size_t column);

/** What it may hold, besides NULL: for the table's definition. */
enum store_value_type store_message_type(size_t column);

/** @return what the message has there; borrowed from it */
struct store_value store_message_get(const struct message *message,
				     size_t column);

/** Set what came from the store. A value of another type than the column's
 *  counts as NULL, and NULL as empty; what is too long is cut.
 *  @return false: out of memory */
MUST_USE bool store_message_set(struct message *message, size_t column,
				const struct store_value *value);

/** The members without a column that are not empty, as a JSON object.
 *  @param more_out  NULL when there is none; the caller's: free
 *  @return false: out of memory */
MUST_USE bool store_message_more(const struct message *message,
				 char **more_out);

/** The way back. What is not known is passed over.
 *  @param more  may be NULL
 *  @return false: out of memory, or not JSON */
MUST_USE bool store_message_set_more(struct message *message,
				     const char *more);

/** A copy in one piece of memory, to look at only: freed by free.
 *  @return NULL: out of memory */
struct message *store_message_pack(const struct message *message);

#endif
