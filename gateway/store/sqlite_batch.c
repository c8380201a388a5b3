#include "gateway/store/sqlite_batch.h"

#include "enum/text.h"
#include "gateway/store/sqlite_job.h"
#include "gateway/store/store_crash.h"

/** Rows of keys and notes between two sweeps: their pages are written once for
 * all. */
#define SWEEP_EVERY 64

/** Rows of keys looked at for each one that is written: the sweep is faster
 *  than what it follows. */
#define SWEEP_PER_ROW 2

/** Rows looked at in a pause. */
#define SWEEP_IDLE 1000

int sqlite_job(struct sqlite_db *db, struct store_job *job)
{
	store_job_clear_answer(job);
	switch (job->kind) {
	case STORE_JOB_PUT: return sqlite_job_put(db, job);
	case STORE_JOB_CANCEL: return sqlite_job_cancel(db, job);
	case STORE_JOB_FINISH: return sqlite_finish(db, job->seq, job->seq);
	case STORE_JOB_FORGET: return sqlite_job_forget(db, job);
	case STORE_JOB_DEFER: return sqlite_job_defer(db, job);
	case STORE_JOB_TAKE: return sqlite_job_take(db, job);
	case STORE_JOB_COUNT: return sqlite_job_count(db, job);
	case STORE_JOB_LIST: return sqlite_job_list(db, job);
	case STORE_JOB_CHANGE: return sqlite_job_change(db, job);
	case STORE_JOB_NOTE: return sqlite_job_note(db, job);
	case STORE_JOB_LOOK: return sqlite_job_look(db, job);
	case STORE_JOB_KIND_COUNT: break;
	}
	return SQLITE_OK;
}

static int begin(struct sqlite_db *db)
{
	store_crash_point();
	db->rows_added = 0;
	return sqlite_do(db, SQL_BEGIN, NULL, 0);
}

static int commit(struct sqlite_db *db)
{
	int rc;

	store_crash_point();
	rc = sqlite_commit(db);
	store_crash_point();
	if (rc == SQLITE_OK)
		db->rows += db->rows_added;
	return rc;
}

/* Now and then, some of the expired keys and notes. */
static int sweep(struct sqlite_db *db, int64_t now_ms)
{
	int count = db->unswept * SWEEP_PER_ROW;

	if (db->unswept < SWEEP_EVERY)
		return SQLITE_OK;
	db->unswept = 0;
	return sqlite_sweep(db, now_ms, count);
}

/* As long as nothing waits, no message need be asked whether it is behind. */
static int look_for_waiting(struct sqlite_db *db)
{
	int64_t waits = 1;
	int rc = SQLITE_OK;

	if (db->none_waits)
		return SQLITE_OK;
	rc = sqlite_number(db, sqlite_statement(db, SQL_WAITS), 0, &waits);
	db->none_waits = rc == SQLITE_OK && waits == 0;
	return rc;
}

/* What is handed over together was mostly put in together, and one statement
 * removes it. @return the last job of the row that begins with this one */
static struct store_job *last_of_run(struct store_job *job)
{
	if (job->kind != STORE_JOB_FINISH)
		return job;
	job->status = STORE_OK;
	while (job->next && job->next->kind == STORE_JOB_FINISH &&
	       job->next->seq == job->seq + 1) {
		job = job->next;
		job->status = STORE_OK;
	}
	return job;
}

static int do_all(struct sqlite_db *db, struct store_job *first)
{
	int rc = look_for_waiting(db);

	for (struct store_job *job = first, *last; job && !rc;
	     job = last->next) {
		last = last_of_run(job);
		rc = last == job ? sqlite_job(db, job)
				 : sqlite_finish(db, job->seq, last->seq);
		db->unswept += job->kind == STORE_JOB_NOTE;
	}
	return rc || !first ? rc : sweep(db, first->asked_ms);
}

static int transaction(struct sqlite_db *db, struct store_job *first)
{
	const uint64_t last_seq = db->last_seq;
	int rc = begin(db);

	if (rc == SQLITE_OK)
		rc = do_all(db, first);
	if (rc == SQLITE_OK)
		rc = commit(db);
	if (rc != SQLITE_OK) {
		sqlite_roll_back(db);
		db->last_seq = last_seq;
	}
	return rc;
}

/* Is it the job's own fault, or bad luck? */
static bool is_own(int rc)
{
	switch (rc & 0xff) {
	case SQLITE_NOMEM:
	case SQLITE_TOOBIG:
	case SQLITE_CONSTRAINT:
	case SQLITE_MISMATCH:
	case SQLITE_RANGE: return true;
	default: return false;
	}
}

static void fail(struct store_job *job, int rc, const char *why)
{
	struct text reason;

	store_job_clear_answer(job);
	job->status = (rc & 0xff) == SQLITE_NOMEM ? STORE_NO_MEMORY
						  : STORE_UNAVAILABLE;
	if (store_job_settles(job)) /* its reason says something else */
		return;
	text_init(&reason, job->reason, sizeof job->reason);
	text_add(&reason, why);
}

static void fail_all(struct store_job *first, int rc, const char *why)
{
	for (struct store_job *job = first; job; job = job->next)
		fail(job, rc, why);
}

/* @return SQLITE_OK, or what concerns them all */
static int one_by_one(struct sqlite_db *db, struct store_job *first)
{
	for (struct store_job *job = first, *next; job; job = next) {
		int rc;

		next = job->next;
		job->next = NULL;
		rc = transaction(db, job);
		job->next = next;
		if (rc != SQLITE_OK)
			fail(job, rc, sqlite3_errstr(rc));
		if (rc != SQLITE_OK && !is_own(rc)) {
			fail_all(next, rc, sqlite3_errstr(rc));
			return rc;
		}
	}
	return SQLITE_OK;
}

bool sqlite_batch(struct sqlite_db *db, struct store_job *first,
		  const char **why_out)
{
	int rc = transaction(db, first);

	if (rc != SQLITE_OK && is_own(rc))
		rc = one_by_one(db, first);
	else if (rc != SQLITE_OK)
		fail_all(first, rc, sqlite3_errstr(rc));
	*why_out = sqlite3_errstr(rc);
	return rc == SQLITE_OK;
}

bool sqlite_probe(struct sqlite_db *db, const char **why_out)
{
	int rc;

	/* what the log holds may have room in the file */
	(void)sqlite3_wal_checkpoint_v2(db->handle, NULL,
					SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	rc = begin(db);
	if (rc == SQLITE_OK)
		rc = sqlite_do(db, SQL_PROBE, NULL, 0);
	if (rc == SQLITE_OK)
		rc = commit(db);
	if (rc != SQLITE_OK)
		sqlite_roll_back(db);
	*why_out = sqlite3_errstr(rc);
	return rc == SQLITE_OK;
}

void sqlite_batch_sweep(struct sqlite_db *db, int64_t now_ms)
{
	int rc = begin(db);

	if (rc == SQLITE_OK)
		rc = sqlite_sweep(db, now_ms, SWEEP_IDLE);
	if (rc == SQLITE_OK)
		rc = commit(db);
	if (rc != SQLITE_OK)
		sqlite_roll_back(db);
}
