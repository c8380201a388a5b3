#ifndef IMGW_GATEWAY_STORE_POSTGRES_ATTEMPT_H
#define IMGW_GATEWAY_STORE_POSTGRES_ATTEMPT_H

/** Making a connection, in a thread that lives as long as that takes: libpq
 *  looks names up, and reads its files, in a way that blocks. The thread has
 *  the connection until it is done, then who takes it has. */

#include <stdbool.h>

#include <libpq-fe.h>

#include "enum/status.h"

struct postgres_attempt;

/** Begin.
 *  @param url   copied
 *  @param name  how the server shows us (application_name); copied
 *  @return NULL: no memory, no thread, or no descriptor; else the caller's,
 *          until postgres_attempt_take or postgres_attempt_leave */
struct postgres_attempt *postgres_attempt_start(const char *url,
						const char *name);

/** @return becomes readable when it is done; the attempt's */
int postgres_attempt_fd(const struct postgres_attempt *attempt);

MUST_USE bool postgres_attempt_is_done(struct postgres_attempt *attempt);

/** It need not succeed any more: be done soon, but for a look-up of a name,
 *  which cannot be ended. */
void postgres_attempt_stop(struct postgres_attempt *attempt);

/** Only when it is done: free it; clears.
 *  @return the connection, which may have failed, or NULL: out of memory; the
 *          caller's: PQfinish */
MUST_USE PGconn *postgres_attempt_take(struct postgres_attempt **attempt);

/** Stop, and never mind: frees it now, or its thread does later; clears; takes
 *  NULL. */
void postgres_attempt_leave(struct postgres_attempt **attempt);

#endif
