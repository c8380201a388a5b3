#ifndef IMGW_GATEWAY_STORE_POSTGRES_PIPE_H
#define IMGW_GATEWAY_STORE_POSTGRES_PIPE_H

/** One connection to PostgreSQL on our loop, in libpq's pipeline mode:
 *  statements are sent without waiting, their results come in the same order.
 *  Knows nothing of the store.
 *
 *  Life: connect, then `up`, or `down` with the reason; once up, `down` when
 *  it breaks, when the server is silent for too long, or after
 *  postgres_pipe_fail. Then the calls that were not answered are forgotten,
 *  and it may be connected again. All callbacks run from the loop, or from
 *  postgres_pipe_drive. */

#include <stdbool.h>
#include <stddef.h>

#include <libpq-fe.h>

#include "enum/loop.h"
#include "gateway/store/postgres_values.h"

/** A server that owes an answer and is silent for so long is dead. */
#define POSTGRES_SILENCE_MS 5000

/** Connecting, with names, TLS, log in and all hosts of the URL. */
#define POSTGRES_CONNECT_MS 30000

struct postgres_pipe;

struct postgres_pipe_events {
	void (*up)(void *arg);
	/** @param reason  one line for people, without the password */
	void (*down)(const char *reason, void *arg);
	void (*notified)(void *arg); /* another connection said NOTIFY */
	void *arg;
};

/** @param url  borrowed, must outlive the pipe
 *  @param name  how the server shows us (application_name); borrowed
 *  @param pipe_out  the caller's: postgres_pipe_destroy
 *  @return false: out of memory */
MUST_USE bool postgres_pipe_create(struct loop *loop, const char *url,
				   const char *name,
				   const struct postgres_pipe_events *events,
				   struct postgres_pipe **pipe_out);

/** Close and free; no callback runs; clears; takes NULL. */
void postgres_pipe_destroy(struct postgres_pipe **pipe);

/** Start; it is not connected nor connecting. */
void postgres_pipe_connect(struct postgres_pipe *pipe);

/** @param result  of any status, also PGRES_PIPELINE_ABORTED; valid during
 *                 the call */
typedef void postgres_got_fn(const PGresult *result, void *arg);

/** Send a statement that was prepared, or with `sql`, a text.
 *  @param name  of the prepared statement, or NULL
 *  @param sql  or NULL
 *  @param got  once, unless the pipe goes down before; NULL: never mind */
void postgres_pipe_call(struct postgres_pipe *pipe, const char *name,
			const char *sql, const struct postgres_values *values,
			postgres_got_fn *got, void *arg);

/** Prepare a statement. */
void postgres_pipe_prepare(struct postgres_pipe *pipe, const char *name,
			   const char *sql, postgres_got_fn *got, void *arg);

/** End a group of statements: what fails in it skips the rest of it. Sends.
 *  @param synced  everything of it is answered; result is not looked at */
void postgres_pipe_sync(struct postgres_pipe *pipe, postgres_got_fn *synced,
			void *arg);

/** Give the connection up; `down` comes soon. No other callback runs. */
void postgres_pipe_fail(struct postgres_pipe *pipe, const char *reason);

/** Work without the loop, at the start and at the end.
 *  @param until  returns true when it is enough
 *  @return false: the time was over, or the pipe is down */
bool postgres_pipe_drive(struct postgres_pipe *pipe, int64_t patience_ms,
			 bool (*until)(void *arg), void *arg);

#endif
