#ifndef IMGW_GATEWAY_SQLITE_WORK_H
#define IMGW_GATEWAY_SQLITE_WORK_H

/** What the thread does with jobs: batches while the store works; while it does
 *  not, what only reads, and a look from time to time whether it does again. */

#include "gateway/store/sqlite_db.h"
#include "gateway/store/sqlite_list.h"
#include "gateway/store/sqlite_place.h"

/** Time between two tries of a store that does not work. */
#define SQLITE_PROBE_MS 250

/** All zero but for the list: before sqlite_work_start. */
struct sqlite_work {
	struct sqlite_db db;
	const struct store_options *options;
	struct sqlite_place place;
	bool has_begun;          /* what was taken has been given back */
	uint64_t last_seq;       /* when it was closed */
	struct sqlite_list kept; /* they settle, and must be done */
	bool failed;
	const char *why;         /* if so */
	char why_not_open[STORE_REASON_SIZE];
	int64_t probed_ms;
};

/** Open the file, or fail with it for now.
 *  @param path, options  borrowed
 *  @param why  with STORE_UNAVAILABLE a sentence for people
 *  @return STORE_OK, STORE_NO_MEMORY; STORE_UNAVAILABLE: somebody must act */
MUST_USE enum store_status sqlite_work_start(struct sqlite_work *work,
					     const char *path,
					     const struct store_options *options,
					     int64_t wall_ms, char *why,
					     size_t why_size);

/** Give back what is taken and close: the end. A file that was removed is
 *  written again first, since it ends with this. */
void sqlite_work_stop(struct sqlite_work *work, int64_t wall_ms);

/** Is there something that could not be done yet? */
bool sqlite_work_owes(const struct sqlite_work *work);

/** Do what can be done.
 *  @param jobs  empty then; what settles and failed is kept for later
 *  @param done  at its end is put what is done, each job with its status
 *  @param now_ms  of a clock that is never set; wall_ms  of the wall clock */
void sqlite_work_do(struct sqlite_work *work, struct sqlite_list *jobs,
		    struct sqlite_list *done, int64_t now_ms, int64_t wall_ms);

/** Nobody asks: clear up. */
void sqlite_work_idle(struct sqlite_work *work, int64_t wall_ms);

#endif
