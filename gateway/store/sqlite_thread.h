#ifndef IMGW_GATEWAY_SQLITE_THREAD_H
#define IMGW_GATEWAY_SQLITE_THREAD_H

/** The thread that owns the connection: an fsync takes as long as it takes.
 *
 *  Jobs go to it and come back through lists behind a mutex, whole: who has a
 *  job is the only one who looks at it. The thread knows nothing of the loop;
 *  it makes a descriptor readable when there is something to fetch. */

#include <stdbool.h>
#include <stdint.h>

#include "gateway/store/store_engine.h"

struct sqlite_thread;

/** What is fetched from the thread. */
struct sqlite_news {
	struct store_job *done;       /* in the order in which they were done */
	bool available;
	char why[STORE_REASON_SIZE];  /* if not */
};

/** Open the file and start the thread.
 *  @param path  of the file; borrowed
 *  @param why  on failure a sentence for people
 *  @return STORE_OK, STORE_NO_MEMORY, STORE_UNAVAILABLE */
MUST_USE enum store_status
sqlite_thread_start(const char *path, const struct store_options *options,
		    int64_t now_ms, struct sqlite_thread **thread_out,
		    char *why, size_t why_size);

/** Readable when there is news; the thread's. */
int sqlite_thread_fd(const struct sqlite_thread *thread);

/** Make the descriptor readable. */
void sqlite_thread_ring(struct sqlite_thread *thread);

/** Hand a job over. */
void sqlite_thread_submit(struct sqlite_thread *thread, struct store_job *job);

/** All that there is; never blocks. */
void sqlite_thread_fetch(struct sqlite_thread *thread,
			 struct sqlite_news *news_out);

/** Let it finish what it has, at most for `patience_ms`, and end it; clears.
 *  @return the jobs that it had, done or not */
struct store_job *sqlite_thread_stop(struct sqlite_thread **thread,
				     int64_t patience_ms);

#endif
