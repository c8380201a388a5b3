#ifndef IMGW_GATEWAY_SQLITE_SEEN_H
#define IMGW_GATEWAY_SQLITE_SEEN_H

/** The table `seen` and its image in memory, as a whole; for single keys see
 *  sqlite_job.h. */

#include "gateway/store/sqlite_db.h"

/** Read what is known. @return a code of SQLite */
MUST_USE int sqlite_seen_load(struct sqlite_db *db, int64_t now_ms);

/** Keep the keys of what is taken as long as its messages may wait. Inside a
 *  transaction. @return a code of SQLite */
MUST_USE int sqlite_seen_keep_taken(struct sqlite_db *db, int64_t now_ms);

#endif
