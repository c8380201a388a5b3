#ifndef IMGW_GATEWAY_SQLITE_SCHEMA_H
#define IMGW_GATEWAY_SQLITE_SCHEMA_H

/** The tables of a SQLite store, with a version (PRAGMA user_version). */

#include <stddef.h>

#include <sqlite3.h>

#include "gateway/store.h"

/** Bring the schema from whatever version to this one, in one transaction.
 *  @param why  with SQLITE_SCHEMA a sentence for people; else left alone
 *  @return SQLITE_OK; SQLITE_SCHEMA, it is newer than we are; or why it cannot
 *          be */
MUST_USE int sqlite_schema_update(sqlite3 *handle, char *why, size_t why_size);

#endif
