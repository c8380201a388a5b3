#ifndef IMGW_GATEWAY_SQLITE_WORK_H
#define IMGW_GATEWAY_SQLITE_WORK_H

/** What the thread does with jobs: batches while the store works; while it does
 *  not, what only reads, and a look from time to time whether it does again. */

#include "gateway/store/sqlite_db.h"
#include "gateway/store/sqlite_list.h"

/** Time between two tries of a store that does not work. */
#define SQLITE_PROBE_MS 250

/** All zero but for `db` and the list: it works. */
struct sqlite_work {
	struct sqlite_db db;
	struct sqlite_list kept; /* they settle, and must be done */
	bool failed;
	const char *why;         /* if so; a constant */
	int64_t probed_ms;
};

/** Is there something that could not be done yet? */
bool sqlite_work_owes(const struct sqlite_work *work);

/** Do what can be done.
 *  @param jobs  empty then; what settles and failed is kept for later
 *  @param done  at its end is put what is done, each job with its status
 *  @param now_ms  of a clock that is never set */
void sqlite_work_do(struct sqlite_work *work, struct sqlite_list *jobs,
		    struct sqlite_list *done, int64_t now_ms);

/** Nobody asks: clear up. */
void sqlite_work_idle(struct sqlite_work *work, int64_t wall_ms);

#endif
