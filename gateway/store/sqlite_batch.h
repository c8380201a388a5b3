#ifndef IMGW_GATEWAY_SQLITE_BATCH_H
#define IMGW_GATEWAY_SQLITE_BATCH_H

/** Group commit: many jobs, one transaction. */

#include "gateway/store/sqlite_db.h"
#include "gateway/store/store_engine.h"

/** Most jobs of one transaction: enough to share its cost, and few enough for
 *  an answer within milliseconds. */
#define SQLITE_BATCH_MAX 512

/** Do all jobs of a list, each with its status; behind the call what is OK is
 *  on disk. One that fails by itself (out of memory, too large) fails alone.
 *  @param why_out  on false, the reason
 *  @return false: the store as a whole does not work (disk full, locked by
 *          somebody, broken); nothing was done, all jobs are UNAVAILABLE */
MUST_USE bool sqlite_batch(struct sqlite_db *db, struct store_job *first,
			   const char **why_out);

/** Can something be written again? @param why_out  on false, the reason */
MUST_USE bool sqlite_probe(struct sqlite_db *db, const char **why_out);

/** Remove some expired keys and notes, when there is nothing else to do. */
void sqlite_batch_sweep(struct sqlite_db *db, int64_t now_ms);

#endif
