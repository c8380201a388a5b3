#ifndef IMGW_GATEWAY_STORE_JOB_H
#define IMGW_GATEWAY_STORE_JOB_H

/** The front's side of jobs (store_engine.h): made, and freed. */

#include "gateway/store/store_engine.h"

/** Handle of store_put: what is needed to take the message out again is there
 *  from the start, so that a cancel never lacks memory. */
struct store_put {
	struct store_job job;    /* first: a job of this kind is a store_put */
	struct store_job cancel;
	struct store *store;
	unsigned pending;        /* of the two, not destroyed yet */
};

/** @return NULL: out of memory */
struct store_job *store_job_create(enum store_job_kind kind);

/** A NOTE or LOOK with copies of its strings behind it. */
struct store_job *store_job_create_note(enum store_job_kind kind,
					const char *note_kind,
					const char *note_key,
					struct span value);

/** A PUT with a packed copy of item->message. */
struct store_put *store_put_create(const struct store_item *item);

/** Free it with its answer; of a store_put when both of its jobs are. */
void store_job_destroy(struct store_job *job);

#endif
