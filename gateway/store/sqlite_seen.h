#ifndef IMGW_GATEWAY_SQLITE_SEEN_H
#define IMGW_GATEWAY_SQLITE_SEEN_H

/** The table `seen` and its image in memory, as a whole; for single keys see
 *  sqlite_job.h. */

#include "gateway/store/sqlite_db.h"

/** Write what was noted since the last one of these, at the end of its
 *  transaction. @return a code of SQLite */
MUST_USE int sqlite_seen_write(struct sqlite_db *db);

/** The transaction was rolled back: what was noted in it is not written. */
void sqlite_seen_drop(struct sqlite_db *db);

/** Read what is known. @return a code of SQLite */
MUST_USE int sqlite_seen_load(struct sqlite_db *db, int64_t now_ms);

/** Keep the keys of what is taken as long as its messages may wait. Inside a
 *  transaction. @return a code of SQLite */
MUST_USE int sqlite_seen_keep_taken(struct sqlite_db *db, int64_t now_ms);

#endif
