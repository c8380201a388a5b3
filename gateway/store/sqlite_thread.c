#define _POSIX_C_SOURCE 200809L /* clock_gettime, pthread_condattr_setclock */

#include "gateway/store/sqlite_thread.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "enum/text.h"
#include "gateway/store/sqlite_batch.h"
#include "gateway/store/sqlite_file.h"
#include "gateway/store/sqlite_list.h"
#include "gateway/store/store_crash.h"

/** Time from one commit to the next, at least, so that under load those that
 *  come in between share it; a single message never waits for others. */
#define COMMIT_WAIT_MS 2

/** Time between two tries of a store that does not work. */
#define PROBE_MS 250

/** Time without work after which expired keys are looked for. */
#define IDLE_MS 5000

struct sqlite_thread {
	/* the thread's own, once it runs */
	struct sqlite_db db;
	struct sqlite_list kept; /* they settle, and must be done */
	bool failed;
	int64_t committed_ms, probed_ms;

	pthread_t id;
	pthread_mutex_t mutex; /* for what follows */
	pthread_cond_t asked_some;
	bool sleeping; /* nothing to do: wake it for any job */
	struct sqlite_list asked;
	size_t asked_count;
	struct sqlite_list done;
	bool stop, available;
	int64_t stop_ms;
	char why[STORE_REASON_SIZE];

	int fd, lock;
};

static int64_t read_ms(clockid_t clock)
{
	struct timespec now = { 0, 0 };

	(void)clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void wait_until(struct sqlite_thread *t, int64_t until_ms)
{
	const struct timespec until = {
		.tv_sec = (time_t)(until_ms / 1000),
		.tv_nsec = (long)(until_ms % 1000) * 1000000,
	};

	(void)pthread_cond_timedwait(&t->asked_some, &t->mutex, &until);
}

/* Is there something that could not be done yet? */
static bool owes(const struct sqlite_thread *t)
{
	return t->failed || t->kept.first;
}

/* When to look even if nobody asks. */
static int64_t next_look(const struct sqlite_thread *t)
{
	int64_t next_ms =
		read_ms(CLOCK_MONOTONIC) + (owes(t) ? PROBE_MS : IDLE_MS);

	return t->stop && t->stop_ms < next_ms ? t->stop_ms : next_ms;
}

/* Wait for work, and under load for more of it. Locked. */
static void wait_for_jobs(struct sqlite_thread *t)
{
	int64_t next_ms = t->committed_ms + COMMIT_WAIT_MS;

	if (!t->asked.first && (!t->stop || owes(t))) {
		t->sleeping = true;
		wait_until(t, next_look(t));
		t->sleeping = false;
	}
	while (t->asked.first && t->asked_count < SQLITE_BATCH_MAX &&
	       !t->stop && read_ms(CLOCK_MONOTONIC) < next_ms)
		wait_until(t, next_ms);
}

static void ring(int fd)
{
	const uint64_t one = 1;

	/* it cannot fail but by being full, and then it rings already */
	if (write(fd, &one, sizeof one) < 0)
		return;
}

/* Give back what is done; say whether we work. */
static void give_back(struct sqlite_thread *t, struct sqlite_list *done,
		      const char *why)
{
	struct text text;
	bool rings;

	store_crash_point();
	(void)pthread_mutex_lock(&t->mutex);
	rings = (done->first && !t->done.first) || t->available == t->failed;
	sqlite_list_move(&t->done, done);
	t->available = !t->failed;
	text_init(&text, t->why, sizeof t->why);
	text_add(&text, why);
	(void)pthread_mutex_unlock(&t->mutex);
	if (rings)
		ring(t->fd);
}

/* Those that settle stay with us until they are done. */
static void sort_out(struct sqlite_thread *t, struct sqlite_list *jobs,
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
	sqlite_list_move(&kept, &t->kept);
	sqlite_list_init(&t->kept);
	sqlite_list_move(&t->kept, &kept);
	sqlite_list_init(jobs);
}

/* While the store does not work: what only reads may still do. */
static void do_reading(struct sqlite_thread *t, struct sqlite_list *jobs,
		       struct sqlite_list *done, const char *why)
{
	struct store_job *job, *next;
	const char *own;

	for (job = jobs->first; job; job = next) {
		struct text text;

		next = job->next;
		job->next = NULL;
		if (store_job_settles(job)) {
			sqlite_list_add(&t->kept, job);
			continue;
		}
		text_init(&text, job->reason, sizeof job->reason);
		text_add(&text, why);
		job->status = STORE_UNAVAILABLE;
		if (job->kind == STORE_JOB_LIST ||
		    job->kind == STORE_JOB_COUNT || job->kind == STORE_JOB_LOOK)
			(void)!sqlite_batch(&t->db, job, &own);
		sqlite_list_add(done, job);
	}
	sqlite_list_init(jobs);
}

/* Does it work again? Then what must be done comes first. */
static bool recover(struct sqlite_thread *t, struct sqlite_list *done,
		    const char **why)
{
	struct sqlite_list batch;
	bool ok = sqlite_probe(&t->db);

	t->probed_ms = read_ms(CLOCK_MONOTONIC);
	sqlite_list_init(&batch);
	while (ok && t->kept.first) {
		(void)sqlite_list_cut(&batch, &t->kept, SQLITE_BATCH_MAX);
		ok = sqlite_batch(&t->db, batch.first, why);
		sort_out(t, &batch, done);
		if (ok && t->kept.first && t->kept.first->status != STORE_OK)
			break; /* it failed alone: later */
	}
	return ok;
}

static void work(struct sqlite_thread *t, struct sqlite_list *jobs)
{
	struct sqlite_list done;
	const char *why = "it works again";

	sqlite_list_init(&done);
	if (owes(t) && read_ms(CLOCK_MONOTONIC) >= t->probed_ms + PROBE_MS)
		t->failed = !recover(t, &done, &why);
	if (t->failed) {
		do_reading(t, jobs, &done, t->why);
	} else if (jobs->first) {
		t->failed = !sqlite_batch(&t->db, jobs->first, &why);
		sort_out(t, jobs, &done);
	} else if (!done.first) {
		sqlite_batch_sweep(&t->db, read_ms(CLOCK_REALTIME));
	}
	t->committed_ms = read_ms(CLOCK_MONOTONIC);
	give_back(t, &done, why);
}

/* Is there a reason to go on? Locked. */
static bool goes_on(const struct sqlite_thread *t)
{
	if (!t->stop)
		return true;
	return (t->asked.first || t->kept.first) &&
	       read_ms(CLOCK_MONOTONIC) < t->stop_ms;
}

static void *run(void *arg)
{
	struct sqlite_thread *t = arg;
	struct sqlite_list jobs;

	sqlite_list_init(&jobs);
	(void)pthread_mutex_lock(&t->mutex);
	while (goes_on(t)) {
		wait_for_jobs(t);
		t->asked_count -=
			sqlite_list_cut(&jobs, &t->asked, SQLITE_BATCH_MAX);
		(void)pthread_mutex_unlock(&t->mutex);
		work(t, &jobs);
		(void)pthread_mutex_lock(&t->mutex);
	}
	(void)pthread_mutex_unlock(&t->mutex);
	(void)!sqlite_db_give_back(&t->db, read_ms(CLOCK_REALTIME));
	return NULL;
}

static bool start(struct sqlite_thread *t)
{
	pthread_condattr_t attributes;
	bool ok = pthread_condattr_init(&attributes) == 0;

	ok = ok &&
	     pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0 &&
	     pthread_cond_init(&t->asked_some, &attributes) == 0 &&
	     pthread_mutex_init(&t->mutex, NULL) == 0 &&
	     pthread_create(&t->id, NULL, run, t) == 0;
	(void)pthread_condattr_destroy(&attributes);
	return ok;
}

static void destroy(struct sqlite_thread *t)
{
	sqlite_db_close(&t->db);
	if (t->fd >= 0)
		(void)close(t->fd);
	if (t->lock >= 0)
		(void)close(t->lock);
	free(t);
}

static struct sqlite_thread *create(void)
{
	struct sqlite_thread *t = calloc(1, sizeof *t);

	if (!t)
		return NULL;
	sqlite_list_init(&t->kept);
	sqlite_list_init(&t->asked);
	sqlite_list_init(&t->done);
	t->available = true;
	t->lock = -1;
	t->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return t;
}

enum store_status sqlite_thread_start(const char *path,
				      const struct store_options *options,
				      int64_t now_ms,
				      struct sqlite_thread **thread_out,
				      char *why, size_t why_size)
{
	struct sqlite_thread *t = create();
	enum store_status status = STORE_UNAVAILABLE;

	*thread_out = NULL;
	if (!t)
		return STORE_NO_MEMORY;
	if (sqlite_file_prepare(path, &t->lock, why, why_size))
		status = sqlite_db_open(&t->db, path, options, now_ms, why,
					why_size);
	if (status == STORE_OK && (t->fd < 0 || !start(t)))
		status = STORE_NO_MEMORY;
	if (status == STORE_OK)
		*thread_out = t;
	else
		destroy(t);
	return status;
}

int sqlite_thread_fd(const struct sqlite_thread *thread)
{
	return thread->fd;
}

void sqlite_thread_ring(struct sqlite_thread *thread)
{
	ring(thread->fd);
}

void sqlite_thread_submit(struct sqlite_thread *t, struct store_job *job)
{
	bool wakes;

	(void)pthread_mutex_lock(&t->mutex);
	sqlite_list_add(&t->asked, job);
	t->asked_count++;
	wakes = t->sleeping || t->asked_count == SQLITE_BATCH_MAX;
	t->sleeping = false;
	(void)pthread_mutex_unlock(&t->mutex);
	if (wakes)
		(void)pthread_cond_signal(&t->asked_some);
}

void sqlite_thread_fetch(struct sqlite_thread *t, struct sqlite_news *news_out)
{
	struct text why;
	uint64_t count;

	if (read(t->fd, &count, sizeof count) < 0)
		count = 0; /* nobody has rung: look all the same */
	(void)pthread_mutex_lock(&t->mutex);
	news_out->done = t->done.first;
	sqlite_list_init(&t->done);
	news_out->available = t->available;
	text_init(&why, news_out->why, sizeof news_out->why);
	text_add(&why, t->why);
	(void)pthread_mutex_unlock(&t->mutex);
}

struct store_job *sqlite_thread_stop(struct sqlite_thread **thread,
				     int64_t patience_ms)
{
	struct sqlite_thread *t = *thread;
	struct store_job *jobs;

	(void)pthread_mutex_lock(&t->mutex);
	t->stop = true;
	t->stop_ms = read_ms(CLOCK_MONOTONIC) + patience_ms;
	(void)pthread_cond_signal(&t->asked_some);
	(void)pthread_mutex_unlock(&t->mutex);
	(void)pthread_join(t->id, NULL);
	sqlite_list_move(&t->done, &t->kept);
	sqlite_list_move(&t->done, &t->asked);
	jobs = t->done.first;
	(void)pthread_cond_destroy(&t->asked_some);
	(void)pthread_mutex_destroy(&t->mutex);
	destroy(t);
	*thread = NULL;
	return jobs;
}
