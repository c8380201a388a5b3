#define _POSIX_C_SOURCE 200809L /* F_DUPFD_CLOEXEC */

#include "gateway/store/postgres_pipe.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "gateway/store/postgres_attempt.h"
#include "gateway/store/postgres_calls.h"

/** Room for a reason. */
#define REASON_SIZE 160

enum pipe_state { PIPE_DOWN, PIPE_CONNECTING, PIPE_UP, PIPE_FAILED };

struct postgres_pipe {
	struct loop *loop;
	const char *url, *name;
	struct postgres_pipe_events events;
	enum pipe_state state;
	struct postgres_attempt *attempt; /* under way, or hanging */
	PGconn *conn;
	struct loop_watch *watch;
	int socket; /* that is watched: a duplicate, since libpq closes its own
		     * when it likes; or -1 */
	unsigned watched;
	struct loop_timer *silence; /* the server owes an answer */
	struct loop_timer *end;	    /* says `down` from the loop */
	struct postgres_calls calls;
	char reason[REASON_SIZE];
};

static void on_ready(int fd, unsigned events, void *arg);

/* What libpq says has several lines; the first one tells. */
static void set_reason(struct postgres_pipe *pipe, const char *reason)
{
	struct span rest = span_of(reason), line = { NULL, 0 };
	struct text text;

	(void)span_cut(&rest, '\n', &line);
	text_init(&text, pipe->reason, sizeof pipe->reason);
	text_add_span(&text, line);
	if (!*pipe->reason)
		text_add(&text, "no reason given");
}

void postgres_pipe_fail(struct postgres_pipe *pipe, const char *reason)
{
	if (pipe->state == PIPE_DOWN || pipe->state == PIPE_FAILED)
		return;
	pipe->state = PIPE_FAILED;
	set_reason(pipe, reason);
	loop_timer_set(pipe->end, 0);
}

static void stop_watching(struct postgres_pipe *pipe)
{
	loop_watch_destroy(&pipe->watch);
	if (pipe->socket >= 0)
		(void)close(pipe->socket);
	pipe->socket = -1;
}

static void close_connection(struct postgres_pipe *pipe)
{
	loop_timer_clear(pipe->silence);
	loop_timer_clear(pipe->end);
	stop_watching(pipe);
	if (pipe->attempt)
		postgres_attempt_stop(pipe->attempt);
	PQfinish(pipe->conn);
	pipe->conn = NULL;
	postgres_calls_clear(&pipe->calls);
	pipe->state = PIPE_DOWN;
}

/* The only way down. */
static void end_failed(struct postgres_pipe *pipe)
{
	if (pipe->state != PIPE_FAILED)
		return;
	close_connection(pipe);
	pipe->events.down(pipe->reason, pipe->events.arg);
}

static void on_end(void *arg)
{
	end_failed(arg);
}

static void on_silence(void *arg)
{
	struct postgres_pipe *pipe = arg;

	postgres_pipe_fail(pipe, "the database does not answer");
}

bool postgres_pipe_create(struct loop *loop, const char *url, const char *name,
			  const struct postgres_pipe_events *events,
			  struct postgres_pipe **pipe_out)
{
	struct postgres_pipe *pipe = calloc(1, sizeof *pipe);

	*pipe_out = NULL;
	if (!pipe)
		return false;
	*pipe = (struct postgres_pipe){ .loop = loop,
					.url = url,
					.name = name,
					.events = *events,
					.socket = -1 };
	if (loop_timer_create(loop, on_silence, pipe, &pipe->silence) ||
	    loop_timer_create(loop, on_end, pipe, &pipe->end)) {
		postgres_pipe_destroy(&pipe);
		return false;
	}
	*pipe_out = pipe;
	return true;
}

void postgres_pipe_destroy(struct postgres_pipe **pipe)
{
	if (!*pipe)
		return;
	if ((*pipe)->conn || (*pipe)->attempt)
		close_connection(*pipe);
	postgres_attempt_leave(&(*pipe)->attempt);
	loop_timer_destroy(&(*pipe)->silence);
	loop_timer_destroy(&(*pipe)->end);
	free(*pipe);
	*pipe = NULL;
}

static void start_watching(struct postgres_pipe *pipe, int fd, unsigned events)
{
	pipe->watched = events;
	pipe->socket = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	if (pipe->socket < 0)
		postgres_pipe_fail(pipe, "too many open files");
	else if (loop_watch_create(pipe->loop, pipe->socket, pipe->watched,
				   on_ready, pipe, &pipe->watch))
		postgres_pipe_fail(pipe, "out of memory");
}

static void watch(struct postgres_pipe *pipe, unsigned events)
{
	if (!pipe->watch) {
		start_watching(pipe, PQsocket(pipe->conn), events);
	} else if (pipe->watched != events) {
		pipe->watched = events;
		loop_watch_set(pipe->watch, events);
	}
}

/* Connecting */

/* One that was given up while it looked a name up may hang in that still: there
 * is never a second one beside it. */
static bool is_hanging(struct postgres_pipe *pipe)
{
	if (!pipe->attempt)
		return false;
	if (!postgres_attempt_is_done(pipe->attempt))
		return true;
	postgres_attempt_leave(&pipe->attempt);
	return false;
}

void postgres_pipe_connect(struct postgres_pipe *pipe)
{
	pipe->state = PIPE_CONNECTING;
	if (is_hanging(pipe)) {
		postgres_pipe_fail(pipe, "the look-up of a name hangs");
		return;
	}
	pipe->attempt = postgres_attempt_start(pipe->url, pipe->name);
	if (!pipe->attempt) {
		postgres_pipe_fail(pipe, "out of memory");
		return;
	}
	loop_timer_set(pipe->silence, POSTGRES_CONNECT_MS);
	start_watching(pipe, postgres_attempt_fd(pipe->attempt), LOOP_READ);
}

static void go_up(struct postgres_pipe *pipe)
{
	loop_timer_clear(pipe->silence);
	if (PQsetnonblocking(pipe->conn, 1) != 0 ||
	    !PQenterPipelineMode(pipe->conn)) {
		postgres_pipe_fail(pipe, PQerrorMessage(pipe->conn));
		return;
	}
	pipe->state = PIPE_UP;
	watch(pipe, LOOP_READ);
	if (pipe->state == PIPE_UP)
		pipe->events.up(pipe->events.arg);
}

static void take_connection(struct postgres_pipe *pipe)
{
	if (!postgres_attempt_is_done(pipe->attempt))
		return;
	stop_watching(pipe);
	pipe->conn = postgres_attempt_take(&pipe->attempt);
	if (!pipe->conn)
		postgres_pipe_fail(pipe, "out of memory");
	else if (PQstatus(pipe->conn) != CONNECTION_OK)
		postgres_pipe_fail(pipe, PQerrorMessage(pipe->conn));
	else
		go_up(pipe);
}

/* Sending */

static void flush(struct postgres_pipe *pipe)
{
	int left = PQflush(pipe->conn);

	if (left < 0)
		postgres_pipe_fail(pipe, PQerrorMessage(pipe->conn));
	else
		watch(pipe, left ? LOOP_READ | LOOP_WRITE : LOOP_READ);
}

static void expect(struct postgres_pipe *pipe, int sent, bool is_sync,
		   postgres_got_fn *got, void *arg)
{
	if (!sent)
		postgres_pipe_fail(pipe, PQerrorMessage(pipe->conn));
	else if (!postgres_calls_add(&pipe->calls, got, arg, is_sync))
		postgres_pipe_fail(pipe, "out of memory");
}

void postgres_pipe_call(struct postgres_pipe *pipe, const char *name,
			const char *sql, const struct postgres_values *values,
			postgres_got_fn *got, void *arg)
{
	int count = values ? values->count : 0;
	const char *const *at = values ? values->at : NULL;
	const int *len = values ? values->len : NULL;
	const int *format = values ? values->format : NULL;
	int sent;

	if (pipe->state != PIPE_UP)
		return;
	sent = name ? PQsendQueryPrepared(pipe->conn, name, count, at, len,
					  format, 1)
		    : PQsendQueryParams(pipe->conn, sql, count, NULL, at, len,
					format, 1);
	expect(pipe, sent, false, got, arg);
}

void postgres_pipe_prepare(struct postgres_pipe *pipe, const char *name,
			   const char *sql, postgres_got_fn *got, void *arg)
{
	if (pipe->state == PIPE_UP)
		expect(pipe, PQsendPrepare(pipe->conn, name, sql, 0, NULL),
		       false, got, arg);
}

void postgres_pipe_sync(struct postgres_pipe *pipe, postgres_got_fn *synced,
			void *arg)
{
	if (pipe->state != PIPE_UP)
		return;
	expect(pipe, PQpipelineSync(pipe->conn), true, synced, arg);
	loop_timer_set(pipe->silence, POSTGRES_SILENCE_MS);
	if (pipe->state == PIPE_UP)
		flush(pipe);
}

/* Receiving */

/* One result to the one who waits for it. After each statement's result comes
 * a NULL, after that of a sync none. */
static void give(struct postgres_pipe *pipe, const PGresult *result)
{
	bool is_sync = PQresultStatus(result) == PGRES_PIPELINE_SYNC;
	struct postgres_call call;

	if (!postgres_calls_next(&pipe->calls, is_sync, &call)) {
		postgres_pipe_fail(pipe, "an answer without a question");
		return;
	}
	if (pipe->calls.count == 0)
		loop_timer_clear(pipe->silence);
	else if (is_sync)
		loop_timer_set(pipe->silence, POSTGRES_SILENCE_MS);
	if (call.got)
		call.got(result, call.arg);
}

static void read_results(struct postgres_pipe *pipe)
{
	int nothing = 0; /* twice in a row: the connection is broken */

	while (pipe->state == PIPE_UP && pipe->calls.count > 0 && nothing < 2 &&
	       !PQisBusy(pipe->conn)) {
		PGresult *result = PQgetResult(pipe->conn);

		nothing = result ? 0 : nothing + 1;
		if (result)
			give(pipe, result);
		PQclear(result);
	}
}

static void read_notices(struct postgres_pipe *pipe)
{
	int own = PQbackendPID(pipe->conn);
	bool is_told = false;
	PGnotify *notice;

	while ((notice = PQnotifies(pipe->conn))) {
		is_told |= notice->be_pid != own;
		PQfreemem(notice);
	}
	if (is_told)
		pipe->events.notified(pipe->events.arg);
}

static void work(struct postgres_pipe *pipe, unsigned events)
{
	if (events & LOOP_READ && !PQconsumeInput(pipe->conn)) {
		/* what came before the end still counts */
		read_results(pipe);
		postgres_pipe_fail(pipe, PQerrorMessage(pipe->conn));
		return;
	}
	if (events & LOOP_WRITE)
		flush(pipe);
	read_results(pipe);
	if (pipe->state == PIPE_UP)
		read_notices(pipe);
	if (pipe->state == PIPE_UP && PQstatus(pipe->conn) == CONNECTION_BAD)
		postgres_pipe_fail(pipe, PQerrorMessage(pipe->conn));
}

static void turn(struct postgres_pipe *pipe, unsigned events)
{
	if (pipe->state == PIPE_CONNECTING)
		take_connection(pipe);
	else if (pipe->state == PIPE_UP)
		work(pipe, events);
	end_failed(pipe);
}

static void on_ready(int fd, unsigned events, void *arg)
{
	(void)fd;
	turn(arg, events);
}

/* Without the loop */

static void wait_once(struct postgres_pipe *pipe, int64_t patience_ms)
{
	struct pollfd ready = { .fd = pipe->socket };
	unsigned events = 0;

	if (pipe->watched & LOOP_READ)
		ready.events |= POLLIN;
	if (pipe->watched & LOOP_WRITE)
		ready.events |= POLLOUT;
	if (poll(&ready, 1, (int)patience_ms) <= 0)
		return;
	if (ready.revents & (POLLIN | POLLERR | POLLHUP))
		events |= LOOP_READ;
	if (ready.revents & POLLOUT)
		events |= LOOP_WRITE;
	turn(pipe, events);
}

bool postgres_pipe_drive(struct postgres_pipe *pipe, int64_t patience_ms,
			 bool (*until)(void *arg), void *arg)
{
	int64_t end_ms = loop_now_ms(pipe->loop) + patience_ms;

	while (!until(arg)) {
		int64_t left_ms = end_ms - loop_now_ms(pipe->loop);

		end_failed(pipe);
		if (left_ms <= 0 || pipe->state == PIPE_DOWN)
			return false;
		wait_once(pipe, left_ms < 100 ? left_ms : 100);
	}
	return true;
}
