#include "gateway/store/sqlite_work.h"

#include "enum/text.h"
#include "gateway/store/sqlite_batch.h"

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
		if (only_reads(job))
			(void)!sqlite_batch(&w->db, job, &own);
		sqlite_list_add(done, job);
	}
	sqlite_list_init(jobs);
}

/* Does it work again? Then what must be done comes first. */
static bool recover(struct sqlite_work *w, struct sqlite_list *done)
{
	struct sqlite_list batch;
	bool ok = sqlite_probe(&w->db, &w->why);

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
		    struct sqlite_list *done, int64_t now_ms)
{
	if (sqlite_work_owes(w) && now_ms >= w->probed_ms + SQLITE_PROBE_MS) {
		w->failed = !recover(w, done);
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
