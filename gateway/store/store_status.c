#include <assert.h>

#include "gateway/store.h"

static const char *const texts[] = {
	[STORE_OK] = "it is done",
	[STORE_DUPLICATE] = "the message is known already",
	[STORE_UNAVAILABLE] = "the store is not available",
	[STORE_NOT_FOUND] = "it is not in the store",
	[STORE_NO_MEMORY] = "out of memory",
};

static_assert(sizeof texts / sizeof texts[0] == STORE_STATUS_COUNT,
	      "each status has a text");

static const char *const words[] = {
	[STORE_WAITING] = "waiting",
	[STORE_TAKEN] = "taken",
	[STORE_HELD] = "held",
};

static_assert(sizeof words / sizeof words[0] == STORE_STATE_COUNT,
	      "each state has a word");

const char *store_status_text(enum store_status status)
{
	return texts[status];
}

const char *store_state_word(enum store_state state)
{
	return words[state];
}
