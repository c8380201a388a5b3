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
#include "gateway/store/sqlite_work.h"
#include "gateway/store/store_crash.h"

/** From one commit to the next there is at least so much time for each job of
 *  the first, up to the maximum: under load those that come in between share
 *  it, and a single message hardly waits, after a pause not at all. */
#define COMMIT_WAIT_MS	   1
#define COMMIT_WAIT_MAX_MS 10

/** Time in which a job that nobody waits for may go with others. */
#define RIDE_MS 20

/** Time without work after which expired keys are looked for. */
#define IDLE_MS 5000

/** What the thread sleeps through. */
enum sleep {
	AWAKE,
	UNTIL_ENOUGH, /* all, but a full batch */
	UNTIL_URGENT, /* jobs that nobody waits for */
	UNTIL_ANY,
};

struct sqlite_thread {
	/* the thread's own, once it runs */
	struct sqlite_work work;
	int64_t committed_ms, wait_ms;

	pthread_t id;
	pthread_mutex_t mutex; /* for what follows */
	pthread_cond_t asked_some;
	enum sleep sleep;
	bool urgent; /* one of those asked */
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

/* When to look even if nobody asks. */
static int64_t next_look(const struct sqlite_thread *t)
{
	int64_t next_ms =
		read_ms(CLOCK_MONOTONIC) +
		(sqlite_work_owes(&t->work) ? SQLITE_PROBE_MS : IDLE_MS);

	return t->stop && t->stop_ms < next_ms ? t->stop_ms : next_ms;
}

/* What ends a sleep of that kind? */
static bool is_roused(const struct sqlite_thread *t, enum sleep sleep)
{
	if (t->asked_count >= SQLITE_BATCH_MAX)
		return true;
	return (sleep == UNTIL_URGENT && t->urgent) ||
	       (sleep == UNTIL_ANY && t->asked.first);
}

/* Locked, but while it sleeps. A stop ends it too. */
static void sleep_until(struct sqlite_thread *t, enum sleep sleep,
			int64_t until_ms)
{
	while (!is_roused(t, sleep) && !t->stop &&
	       read_ms(CLOCK_MONOTONIC) < until_ms) {
		t->sleep = sleep;
		wait_until(t, until_ms);
	}
	t->sleep = AWAKE;
}

/* Wait for work, and under load for more of it. Locked. */
static void wait_for_jobs(struct sqlite_thread *t)
{
	sleep_until(t, UNTIL_ENOUGH, t->committed_ms + t->wait_ms);
	sleep_until(t, UNTIL_URGENT, read_ms(CLOCK_MONOTONIC) + RIDE_MS);
	sleep_until(t, UNTIL_ANY, next_look(t));
	if (t->stop && !t->asked.first && sqlite_work_owes(&t->work))
		wait_until(t, next_look(t));
}

static void ring(int fd)
{
	const uint64_t one = 1;

	/* it cannot fail but by being full, and then it rings already */
	if (write(fd, &one, sizeof one) < 0)
		return;
}

/* Give back what is done; say whether we work. */
static void give_back(struct sqlite_thread *t, struct sqlite_list *done)
{
	const bool works = !t->work.failed;
	struct text text;
	bool rings;

	store_crash_point();
	(void)pthread_mutex_lock(&t->mutex);
	rings = (done->first && !t->done.first) || t->available != works;
	sqlite_list_move(&t->done, done);
	t->available = works;
	text_init(&text, t->why, sizeof t->why);
	text_add(&text, works ? "it works again" : t->work.why);
	(void)pthread_mutex_unlock(&t->mutex);
	if (rings)
		ring(t->fd);
}

static void work(struct sqlite_thread *t, struct sqlite_list *jobs,
		 size_t count)
{
	struct sqlite_list done;

	sqlite_list_init(&done);
	if (count == 0)
		sqlite_work_idle(&t->work, read_ms(CLOCK_REALTIME));
	sqlite_work_do(&t->work, jobs, &done, read_ms(CLOCK_MONOTONIC),
		       read_ms(CLOCK_REALTIME));
	t->committed_ms = read_ms(CLOCK_MONOTONIC);
	t->wait_ms = (int64_t)count * COMMIT_WAIT_MS;
	if (t->wait_ms > COMMIT_WAIT_MAX_MS)
		t->wait_ms = COMMIT_WAIT_MAX_MS;
	give_back(t, &done);
}

/* All that is asked, or a full batch. @return how many. Locked */
static size_t take_jobs(struct sqlite_thread *t, struct sqlite_list *jobs)
{
	size_t count = sqlite_list_cut(jobs, &t->asked, SQLITE_BATCH_MAX);

	t->asked_count -= count;
	t->urgent = t->urgent && t->asked_count > 0;
	return count;
}

/* Is there a reason to go on? Locked. */
static bool goes_on(const struct sqlite_thread *t)
{
	if (!t->stop)
		return true;
	return (t->asked.first || t->work.kept.first) &&
	       read_ms(CLOCK_MONOTONIC) < t->stop_ms;
}

static void *run(void *arg)
{
	struct sqlite_thread *t = arg;
	struct sqlite_list jobs;
	size_t count;

	sqlite_list_init(&jobs);
	(void)pthread_mutex_lock(&t->mutex);
	while (goes_on(t)) {
		wait_for_jobs(t);
		count = take_jobs(t, &jobs);
		(void)pthread_mutex_unlock(&t->mutex);
		work(t, &jobs, count);
		(void)pthread_mutex_lock(&t->mutex);
	}
	(void)pthread_mutex_unlock(&t->mutex);
	sqlite_work_stop(&t->work, read_ms(CLOCK_REALTIME));
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
	sqlite_db_close(&t->work.db); /* the thread did, if it ran */
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
	sqlite_list_init(&t->work.kept);
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
		status = sqlite_work_start(&t->work, path, options, now_ms, why,
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

/* Does somebody wait for the answer? */
static bool is_urgent(const struct store_job *job)
{
	return !store_job_settles(job) && job->kind != STORE_JOB_NOTE;
}

void sqlite_thread_submit(struct sqlite_thread *t, struct store_job *job)
{
	bool wakes;

	(void)pthread_mutex_lock(&t->mutex);
	t->urgent |= is_urgent(job);
	sqlite_list_add(&t->asked, job);
	t->asked_count++;
	wakes = t->sleep != AWAKE && is_roused(t, t->sleep);
	if (wakes)
		t->sleep = AWAKE;
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
	sqlite_list_move(&t->done, &t->work.kept);
	sqlite_list_move(&t->done, &t->asked);
	jobs = t->done.first;
	(void)pthread_cond_destroy(&t->asked_some);
	(void)pthread_mutex_destroy(&t->mutex);
	destroy(t);
	*thread = NULL;
	return jobs;
}
