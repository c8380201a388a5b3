#define _POSIX_C_SOURCE 200809L /* strdup */

#include "gateway/store/postgres_attempt.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct postgres_attempt {
	/* the thread's own until it is done */
	char *url, *name;
	PGconn *conn;

	pthread_t id;
	int done_fd, stop_fd;  /* events */
	pthread_mutex_t mutex; /* for what follows */
	bool is_done, is_left; /* left: the thread frees it */
};

static void ring(int fd)
{
	const uint64_t one = 1;

	/* it cannot fail but by being full, and then it rings already */
	if (write(fd, &one, sizeof one) < 0)
		return;
}

static void destroy(struct postgres_attempt *attempt)
{
	PQfinish(attempt->conn);
	if (attempt->done_fd >= 0)
		(void)close(attempt->done_fd);
	if (attempt->stop_fd >= 0)
		(void)close(attempt->stop_fd);
	(void)pthread_mutex_destroy(&attempt->mutex);
	free(attempt->url);
	free(attempt->name);
	free(attempt);
}

/* The thread */

/* Else libpq writes them to stderr. */
static void ignore_notice(void *arg, const char *text)
{
	(void)arg;
	(void)text;
}

static PGconn *begin(const struct postgres_attempt *attempt)
{
	/* What stands before dbname is a default, what stands behind counts
	 * whatever the URL says. A dead server shows within the seconds of
	 * POSTGRES_SILENCE_MS, also while connecting, so that the next host
	 * of the URL gets its turn. */
	const char *const keys[] = {
		"keepalives_idle",	     "keepalives_interval",
		"keepalives_count",	     "tcp_user_timeout",
		"fallback_application_name", "dbname",
		"client_encoding",	     NULL
	};
	const char *const values[] = { "5",    "2",	      "2",
				       "5000", attempt->name, attempt->url,
				       "UTF8", NULL };

	return PQconnectStartParams(keys, values, 1);
}

/* @return false: it has been stopped */
static bool wait_for(const struct postgres_attempt *attempt, short events)
{
	struct pollfd ready[] = {
		{ .fd = PQsocket(attempt->conn), .events = events },
		{ .fd = attempt->stop_fd, .events = POLLIN },
	};

	while (poll(ready, 2, -1) < 0)
		if (errno != EINTR)
			return false;
	return ready[1].revents == 0;
}

static void go_on(struct postgres_attempt *attempt)
{
	PostgresPollingStatusType next = PGRES_POLLING_WRITING;

	if (!attempt->conn || PQstatus(attempt->conn) == CONNECTION_BAD)
		return;
	(void)PQsetNoticeProcessor(attempt->conn, ignore_notice, NULL);
	while (next == PGRES_POLLING_READING || next == PGRES_POLLING_WRITING) {
		bool reads = next == PGRES_POLLING_READING;

		if (!wait_for(attempt, reads ? POLLIN : POLLOUT))
			return;
		next = PQconnectPoll(attempt->conn);
	}
}

static void *run(void *arg)
{
	struct postgres_attempt *attempt = arg;
	bool is_left;

	attempt->conn = begin(attempt);
	go_on(attempt);
	(void)pthread_mutex_lock(&attempt->mutex);
	attempt->is_done = true;
	is_left = attempt->is_left;
	ring(attempt->done_fd);
	(void)pthread_mutex_unlock(&attempt->mutex);
	if (is_left)
		destroy(attempt);
	return NULL;
}

/* The loop */

struct postgres_attempt *postgres_attempt_start(const char *url,
						const char *name)
{
	struct postgres_attempt *attempt = calloc(1, sizeof *attempt);

	if (!attempt)
		return NULL;
	attempt->url = strdup(url);
	attempt->name = strdup(name);
	attempt->done_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	attempt->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (!pthread_mutex_init(&attempt->mutex, NULL) && attempt->url &&
	    attempt->name && attempt->done_fd >= 0 && attempt->stop_fd >= 0 &&
	    pthread_create(&attempt->id, NULL, run, attempt) == 0)
		return attempt;
	destroy(attempt);
	return NULL;
}

int postgres_attempt_fd(const struct postgres_attempt *attempt)
{
	return attempt->done_fd;
}

bool postgres_attempt_is_done(struct postgres_attempt *attempt)
{
	bool is_done;

	(void)pthread_mutex_lock(&attempt->mutex);
	is_done = attempt->is_done;
	(void)pthread_mutex_unlock(&attempt->mutex);
	return is_done;
}

void postgres_attempt_stop(struct postgres_attempt *attempt)
{
	ring(attempt->stop_fd);
}

PGconn *postgres_attempt_take(struct postgres_attempt **attempt)
{
	PGconn *conn;

	(void)pthread_join((*attempt)->id, NULL);
	conn = (*attempt)->conn;
	(*attempt)->conn = NULL;
	destroy(*attempt);
	*attempt = NULL;
	return conn;
}

void postgres_attempt_leave(struct postgres_attempt **attempt)
{
	struct postgres_attempt *left = *attempt;
	bool is_done;

	*attempt = NULL;
	if (!left)
		return;
	postgres_attempt_stop(left);
	(void)pthread_mutex_lock(&left->mutex);
	is_done = left->is_done;
	left->is_left = true;
	if (!is_done)
		(void)pthread_detach(left->id);
	(void)pthread_mutex_unlock(&left->mutex);
	if (!is_done)
		return;
	(void)pthread_join(left->id, NULL);
	destroy(left);
}
