#include "gateway/store/postgres_calls.h"

#include <stdlib.h>
#include <string.h>

/** Room at first. */
#define CALLS_SIZE 64

static bool grow(struct postgres_calls *calls)
{
	size_t size = calls->size ? 2 * calls->size : CALLS_SIZE;
	struct postgres_call *at = calloc(size, sizeof *at);

	if (!at)
		return false;
	for (size_t i = 0; i < calls->count; i++)
		at[i] = calls->at[(calls->first + i) % calls->size];
	free(calls->at);
	calls->at = at;
	calls->size = size;
	calls->first = 0;
	return true;
}

bool postgres_calls_add(struct postgres_calls *calls,
			void (*got)(const PGresult *result, void *arg),
			void *arg, bool is_sync)
{
	size_t last;

	if (calls->count == calls->size && !grow(calls))
		return false;
	last = (calls->first + calls->count++) % calls->size;
	calls->at[last] = (struct postgres_call){ got, arg, is_sync };
	return true;
}

bool postgres_calls_next(struct postgres_calls *calls, bool is_sync,
			 struct postgres_call *call_out)
{
	if (calls->count == 0)
		return false;
	*call_out = calls->at[calls->first];
	if (call_out->is_sync != is_sync)
		return false;
	calls->first = (calls->first + 1) % calls->size;
	calls->count--;
	return true;
}

void postgres_calls_clear(struct postgres_calls *calls)
{
	free(calls->at);
	*calls = (struct postgres_calls){ 0 };
}
