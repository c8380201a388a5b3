#include "gateway/status.h"

#include <assert.h>

static const char *const texts[] = {
	[GATEWAY_OK] = "ok",
	[GATEWAY_NO_MEMORY] = "out of memory",
	[GATEWAY_BAD_CONFIG] = "the configuration has errors",
	[GATEWAY_CANNOT_BIND] = "a listen address cannot be opened",
	[GATEWAY_CANNOT_READ] = "a file cannot be read",
	[GATEWAY_BAD_CONTENT] = "the content cannot be carried over",
	[GATEWAY_TOO_LARGE] = "too large",
};

static_assert(sizeof texts / sizeof texts[0] == GATEWAY_STATUS_COUNT,
	      "a text for each status");

const char *gateway_status_text(enum gateway_status status)
{
	return status < GATEWAY_STATUS_COUNT ? texts[status] : "unknown";
}
