#ifndef IMGW_GATEWAY_STORE_POSTGRES_CALLS_H
#define IMGW_GATEWAY_STORE_POSTGRES_CALLS_H

/** What was sent and is not answered yet, in the order of sending. */

#include <stdbool.h>
#include <stddef.h>

#include <libpq-fe.h>

#include "enum/status.h"

struct postgres_call {
	void (*got)(const PGresult *result, void *arg); /* or NULL */
	void *arg;
	bool is_sync;
};

/** A ring that grows; all zero: empty. */
struct postgres_calls {
	struct postgres_call *at;
	size_t size, first, count;
};

/** @return false: out of memory */
MUST_USE bool postgres_calls_add(struct postgres_calls *calls,
				 void (*got)(const PGresult *result,
					     void *arg),
				 void *arg, bool is_sync);

/** Take off the oldest one.
 *  @return false: there is none, or it is of the other kind */
MUST_USE bool postgres_calls_next(struct postgres_calls *calls, bool is_sync,
				  struct postgres_call *call_out);

/** Forget them and free the room. */
void postgres_calls_clear(struct postgres_calls *calls);

#endif
