#include "gateway/store/sqlite_work.h"

#include "enum/text.h"
#include "gateway/store/sqlite_batch.h"

/* The places of messages that have gone are not given to others. */
static enum sqlite_opened open_db(struct sqlite_work *w, int64_t wall_ms)
{
	const char *path = w->place.path;
	enum sqlite_opened opened =
		sqlite_db_open(&w->db, path, w->options, !w->has_begun, wall_ms,
			       w->why_not_open, sizeof w->why_not_open);

	if (w->db.last_seq < w->last_seq)
		w->db.last_seq = w->last_seq;
	w->failed = opened != SQLITE_OPENED;
	w->why = w->why_not_open;
	if (w->failed)
		return opened;
	sqlite_place_note(&w->place, path);
	w->has_begun = true;
	return opened;
}

enum store_status sqlite_work_start(struct sqlite_work *w, const char *path,
				    const struct store_options *options,
				    int64_t wall_ms, char *why, size_t why_size)
{
	struct text text;

	w->place.path = path;
	w->options = options;
	switch (open_db(w, wall_ms)) {
	case SQLITE_OPENED:
	case SQLITE_OPEN_LATER: return STORE_OK;
	case SQLITE_OPEN_NO_MEMORY: return STORE_NO_MEMORY;
	case SQLITE_OPEN_NEVER: break;
	}
	text_init(&text, why, why_size);
	text_add(&text, w->why_not_open);
	return STORE_UNAVAILABLE;
}

/* Somebody has deleted it while we have it open. */
static bool restore(struct sqlite_work *w, enum sqlite_place_state state)
{
	int rc = sqlite_place_restore(&w->db, &w->place, state);

	if (rc != SQLITE_OK) {
		w->why = sqlite3_errstr(rc);
		return false;
	}
	w->last_seq = w->db.last_seq;
	sqlite_db_close(&w->db);
	return true;
}

/* Is it open, and where it was? */
static bool mend(struct sqlite_work *w, int64_t wall_ms)
{
	enum sqlite_place_state state;

	if (!sqlite_db_is_open(&w->db))
		return open_db(w, wall_ms) == SQLITE_OPENED;
	state = sqlite_place_look(&w->place);
	if (state == SQLITE_IN_PLACE)
		return true;
	w->why = "another file is in the place of the queue's: take it away";
	return state != SQLITE_FILE_OTHER && restore(w, state) &&
	       open_db(w, wall_ms) == SQLITE_OPENED;
}

void sqlite_work_stop(struct sqlite_work *w, int64_t wall_ms)
{
	if (sqlite_db_is_open(&w->db) && mend(w, wall_ms))
		(void)!sqlite_db_give_back(&w->db, wall_ms);
	sqlite_db_close(&w->db);
}

static void look_for_file(struct sqlite_work *w, int64_t now_ms)
{
	if (w->failed || sqlite_place_look(&w->place) == SQLITE_IN_PLACE)
		return;
	w->failed = true;
	w->why = "the file of the queue, or its log, was removed while it is "
		 "in use: it is written again";
	w->probed_ms = now_ms;
}

bool sqlite_work_owes(const struct sqlite_work *w)
{
	return w->failed || w->kept.first;
}

/* Those that settle stay with us until they are done. */
static void sort_out(struct sqlite_work *w, struct sqlite_list *jobs,
		     struct sqlite_list *done)
{
	struct sqlite_list kept;
	struct store_job *job, *next;

	sqlite_list_init(&kept);
	for (job = jobs->first; job; job = next) {
		next = job->next;
		if (job->status != STORE_OK && store_job_settles(job))
			sqlite_list_add(&kept, job);
		else
			sqlite_list_add(done, job);
	}
	sqlite_list_move(&kept, &w->kept);
	sqlite_list_init(&w->kept);
	sqlite_list_move(&w->kept, &kept);
	sqlite_list_init(jobs);
}

static bool only_reads(const struct store_job *job)
{
	return job->kind == STORE_JOB_LIST || job->kind == STORE_JOB_COUNT ||
	       job->kind == STORE_JOB_LOOK;
}

static void refuse(struct store_job *job, const char *why)
{
	struct text text;

	text_init(&text, job->reason, sizeof job->reason);
	text_add(&text, why);
	job->status = STORE_UNAVAILABLE;
}

/* While the store does not work: what only reads may still do. */
static void do_reading(struct sqlite_work *w, struct sqlite_list *jobs,
		       struct sqlite_list *done)
{
	struct store_job *job, *next;
	const char *own;

	for (job = jobs->first; job; job = next) {
		next = job->next;
		job->next = NULL;
		if (store_job_settles(job)) {
			sqlite_list_add(&w->kept, job);
			continue;
		}
		refuse(job, w->why);
		if (only_reads(job) && sqlite_db_is_open(&w->db))
			(void)!sqlite_batch(&w->db, job, &own);
		sqlite_list_add(done, job);
	}
	sqlite_list_init(jobs);
}

/* Does it work again? Then what must be done comes first. */
static bool recover(struct sqlite_work *w, struct sqlite_list *done,
		    int64_t wall_ms)
{
	struct sqlite_list batch;
	bool ok = mend(w, wall_ms) && sqlite_probe(&w->db, &w->why);

	sqlite_list_init(&batch);
	while (ok && w->kept.first) {
		(void)sqlite_list_cut(&batch, &w->kept, SQLITE_BATCH_MAX);
		ok = sqlite_batch(&w->db, batch.first, &w->why);
		sort_out(w, &batch, done);
		if (ok && w->kept.first && w->kept.first->status != STORE_OK)
			break; /* it failed alone: later */
	}
	return ok;
}

void sqlite_work_do(struct sqlite_work *w, struct sqlite_list *jobs,
		    struct sqlite_list *done, int64_t now_ms, int64_t wall_ms)
{
	look_for_file(w, now_ms);
	if (sqlite_work_owes(w) && now_ms >= w->probed_ms + SQLITE_PROBE_MS) {
		w->failed = !recover(w, done, wall_ms);
		w->probed_ms = now_ms;
	}
	if (w->failed) {
		do_reading(w, jobs, done);
	} else if (jobs->first) {
		w->failed = !sqlite_batch(&w->db, jobs->first, &w->why);
		sort_out(w, jobs, done);
	}
}

void sqlite_work_idle(struct sqlite_work *w, int64_t wall_ms)
{
	if (!sqlite_work_owes(w))
		sqlite_batch_sweep(&w->db, wall_ms);
}
