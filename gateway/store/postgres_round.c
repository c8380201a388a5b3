#include "gateway/store/postgres_private.h"

#include <stdio.h>
#include <string.h>

#include "gateway/store/postgres_sql.h"
#include "gateway/store/store_crash.h"

/** Most jobs of one transaction; the next one after one that failed has a
 *  quarter of that, down to one, after one that did not four times as many. */
#define ROUND_MAX 256
#define CUT_BITS  2
#define CUT_MAX	  4

/** Most octets of bodies in it, about. */
#define ROUND_OCTETS (1024 * 1024)

/** Times that a job is tried alone when somebody else was in its way. */
#define AGAIN_MAX 5

void postgres_jobs_init(struct postgres_jobs *jobs)
{
	*jobs = (struct postgres_jobs){ .end = &jobs->first };
}

void postgres_jobs_add(struct postgres_jobs *jobs, struct store_job *job)
{
	job->next = NULL;
	*jobs->end = job;
	jobs->end = &job->next;
	jobs->count++;
}

struct store_job *postgres_jobs_take(struct postgres_jobs *jobs)
{
	struct store_job *job = jobs->first;

	if (!job)
		return NULL;
	jobs->first = job->next;
	if (!jobs->first)
		jobs->end = &jobs->first;
	jobs->count--;
	job->next = NULL;
	return job;
}

/* All of `from` in front of all of `to`. */
static void put_back(struct postgres_jobs *to, struct postgres_jobs *from)
{
	if (!from->first)
		return;
	*from->end = to->first;
	if (!to->first)
		to->end = from->end;
	to->first = from->first;
	to->count += from->count;
	postgres_jobs_init(from);
}

/* A group of jobs goes out */

static size_t octets_of(const struct store_job *job)
{
	return job->message ? job->message->body_len : 0;
}

static void collect(struct postgres *pg)
{
	size_t most = ROUND_MAX >> CUT_BITS * pg->cut, octets = 0;

	while (pg->waiting.first && pg->round.count < most &&
	       octets < ROUND_OCTETS) {
		struct store_job *job = postgres_jobs_take(&pg->waiting);

		octets += octets_of(job);
		postgres_jobs_add(&pg->round, job);
	}
}

static void got_begin(const PGresult *result, void *arg)
{
	struct postgres *pg = arg;

	postgres_note_failure(&pg->failure, result);
}

/* We were silent for too long and are dead for the others, or another process
 * has our name: what we had is theirs. Joining again tells which. */
static void got_fence(const PGresult *result, void *arg)
{
	struct postgres *pg = arg;
	bool was_well = !pg->failure.is_set;

	got_begin(result, pg);
	if (was_well && pg->failure.is_set && !postgres_may_pass(&pg->failure))
		pg->is_lapsed = true;
}

static void send_fence(struct postgres *pg)
{
	struct postgres_values values;

	postgres_values_init(&values);
	postgres_add_text(&values, pg->options->node);
	postgres_add_number(&values, pg->life);
	postgres_add_number(&values, pg->epoch);
	postgres_pipe_call(pg->pipe, postgres_sql_name(POSTGRES_FENCE), NULL,
			   &values, got_fence, pg);
}

static void got_commit(const PGresult *result, void *arg)
{
	struct postgres *pg = arg;

	postgres_note_failure(&pg->failure, result);
	/* COMMIT of a transaction that failed says ROLLBACK */
	pg->is_committed = !pg->failure.is_set && postgres_is_ok(result) &&
			   strcmp(PQcmdStatus((PGresult *)(uintptr_t)result),
				  "COMMIT") == 0;
}

static void end_round(const PGresult *result, void *arg);

void postgres_round_start(struct postgres *pg)
{
	int64_t tickets = pg->tickets;

	store_crash_point();
	pg->is_busy = true;
	pg->has_cared = false;
	pg->is_committed = false;
	pg->failure.is_set = false;
	collect(pg);
	pg->answering = pg->round.first;
	postgres_pipe_call(pg->pipe, NULL, "BEGIN", NULL, got_begin, pg);
	send_fence(pg);
	for (struct store_job *job = pg->round.first; job; job = job->next)
		postgres_job_send(pg, job);
	if (pg->wants_wake && pg->is_listening)
		postgres_pipe_call(pg->pipe, postgres_sql_name(POSTGRES_WAKE),
				   NULL, NULL, NULL, NULL);
	pg->wants_wake = false;
	postgres_pipe_call(pg->pipe, NULL, "COMMIT", NULL, got_commit, pg);
	postgres_pipe_sync(pg->pipe, end_round, pg);
	if (pg->unknown_from < 0)
		pg->unknown_from = tickets;
}

void postgres_round_advance(struct postgres *pg)
{
	pg->answering = pg->answering->next;
}

/* ... and comes back */

static void return_round(struct postgres *pg)
{
	struct store_job *job;

	while ((job = postgres_jobs_take(&pg->round)))
		store_job_return(pg->front, job);
}

static void clear_answer(struct store_job *job)
{
	store_job_clear_answer(job);
	if (job->kind == STORE_JOB_PUT) /* its CANCEL asks for it */
		job->seq = 0;
}

static void clear_answers(struct postgres_jobs *jobs)
{
	for (struct store_job *job = jobs->first; job; job = job->next)
		clear_answer(job);
}

static void fail_job(struct store_job *job, const char *reason)
{
	clear_answer(job);
	job->status = STORE_UNAVAILABLE;
	(void)snprintf(job->reason, sizeof job->reason, "%s", reason);
}

/* It is the message that the server does not like, nothing else: bad data, a
 * constraint, too long for an index; or somebody has locked its key for long.
 */
static bool is_its_own_fault(const struct postgres_failure *failure)
{
	static const char *const classes[] = { "22", "23", "40", "54", "55" };

	for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++)
		if (memcmp(failure->code, classes[i], 2) == 0)
			return true;
	return false;
}

/* A job that failed alone in its transaction.
 * @return false: the connection is given up, and `down` sorts the jobs */
static bool judge(struct postgres *pg)
{
	struct store_job *job = pg->round.first;

	if (postgres_may_pass(&pg->failure) && pg->again++ < AGAIN_MAX) {
		put_back(&pg->waiting, &pg->round);
		pg->cut = CUT_MAX;
		return true;
	}
	pg->again = 0;
	if (store_job_settles(job) || !is_its_own_fault(&pg->failure)) {
		postgres_pipe_fail(pg->pipe, pg->failure.reason);
		return false;
	}
	fail_job(job, pg->failure.reason);
	return_round(pg);
	return true;
}

static void go_on(struct postgres *pg)
{
	pg->unknown_from = -1;
	pg->is_busy = false;
	postgres_go_on(pg);
}

static void after_rollback(const PGresult *result, void *arg)
{
	struct postgres *pg = arg;

	(void)result;
	clear_answers(&pg->round);
	if (pg->is_lapsed) {
		put_back(&pg->waiting, &pg->round);
	} else if (pg->round.count > 1) {
		pg->cut += pg->cut < CUT_MAX;
		put_back(&pg->waiting, &pg->round);
	} else if (!judge(pg)) {
		return;
	}
	go_on(pg);
}

static void end_round(const PGresult *result, void *arg)
{
	struct postgres *pg = arg;

	(void)result;
	if (!pg->is_committed) {
		postgres_pipe_call(pg->pipe, NULL, "ROLLBACK", NULL, NULL,
				   NULL);
		postgres_pipe_sync(pg->pipe, after_rollback, pg);
		return;
	}
	store_crash_point();
	pg->again = 0;
	pg->cut -= pg->cut > 0;
	return_round(pg);
	if (pg->is_short_of_memory) /* what was taken comes back */
		postgres_pipe_fail(pg->pipe, "out of memory");
	else
		go_on(pg);
}

void postgres_round_break(struct postgres *pg, const char *reason)
{
	struct postgres_jobs kept;
	struct store_job *job;

	postgres_jobs_init(&kept);
	clear_answers(&pg->round);
	put_back(&pg->waiting, &pg->round);
	while ((job = postgres_jobs_take(&pg->waiting))) {
		if (store_job_settles(job)) {
			postgres_jobs_add(&kept, job);
			continue;
		}
		fail_job(job, reason);
		store_job_return(pg->front, job);
	}
	put_back(&pg->waiting, &kept);
	pg->cut = 0;
	pg->again = 0;
}
