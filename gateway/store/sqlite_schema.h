#ifndef IMGW_GATEWAY_SQLITE_SCHEMA_H
#define IMGW_GATEWAY_SQLITE_SCHEMA_H

/** The tables of a SQLite store, with a version (PRAGMA user_version). */

#include <stddef.h>

#include <sqlite3.h>

#include "gateway/store.h"

/** Bring the schema from whatever version to this one, in one transaction.
 *  @param why  on failure a sentence for people
 *  @return STORE_OK, STORE_NO_MEMORY, STORE_UNAVAILABLE; the latter for a
 *          schema that is newer than we are, too */
MUST_USE enum store_status sqlite_schema_update(sqlite3 *handle, char *why,
						size_t why_size);

#endif
