#ifndef IMGW_GATEWAY_STORE_POSTGRES_VALUES_H
#define IMGW_GATEWAY_STORE_POSTGRES_VALUES_H

/** Parameters and results of PostgreSQL in its binary format: integers of 8
 *  octets, big-endian; times as microseconds since 2000. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libpq-fe.h>

#include "enum/status.h"
#include "enum/text.h"

/** Most parameters of a statement. */
#define POSTGRES_VALUES_MAX 48

/** The parameters $1, $2, ... of a statement, in the order of adding. */
struct postgres_values {
	int count;
	const char *at[POSTGRES_VALUES_MAX];
	int len[POSTGRES_VALUES_MAX];
	int format[POSTGRES_VALUES_MAX];
	char integers[POSTGRES_VALUES_MAX][8];
};

void postgres_values_init(struct postgres_values *values);

/** bigint */
void postgres_add_number(struct postgres_values *values, int64_t number);

/** timestamptz, from milliseconds since 1970 */
void postgres_add_time(struct postgres_values *values, int64_t time_ms);

/** text or bytea; borrowed. A text must be valid for the server, see
 *  postgres_text_is_fit. */
void postgres_add_span(struct postgres_values *values, struct span octets);
void postgres_add_text(struct postgres_values *values, const char *text);
void postgres_add_null(struct postgres_values *values);

/** Does the server take it as text, and would it come back the same? It takes
 *  UTF-8 only; everything else makes it refuse the statement, and the
 *  transaction that it stands in. */
bool postgres_text_is_fit(struct span text);

/** A text that is fit instead: each octet from 0x80 on is written as the
 *  character U+10FF00 + octet, of the last private plane.
 *  @return NULL: out of memory; the caller's: free */
char *postgres_text_wrap(struct span text);

/** The way back, in place. Text that was not wrapped stays as it is.
 *  @return the new length */
size_t postgres_text_unwrap(char *text, size_t len);

/** What stands in a result; NULL counts as 0, empty, false. */
int64_t postgres_number(const PGresult *result, int row, int column);
int64_t postgres_time_ms(const PGresult *result, int row, int column);
bool postgres_bool(const PGresult *result, int row, int column);
struct span postgres_span(const PGresult *result, int row, int column);

/** Did the statement succeed? */
bool postgres_is_ok(const PGresult *result);

/** How many rows an INSERT, UPDATE or DELETE changed. */
unsigned long postgres_changed(const PGresult *result);

#endif
