#include "routing/status.h"

#include <assert.h>

static const struct {
	const char *word, *text;
} table[] = {
	[ROUTE_OK] = { "ok", "ok" },
	[ROUTE_NO_MEMORY] = { "no-memory", "out of memory" },
	[ROUTE_BAD_URI] = { "bad-uri", "the address is malformed" },
	[ROUTE_BAD_DOMAIN] = { "bad-domain",
			       "the domain is no fully qualified name" },
	[ROUTE_OWN_DOMAIN] = { "own-domain",
			       "the address leads back to this gateway" },
	[ROUTE_PRIVATE] = { "private", "the host has only private addresses" },
	[ROUTE_NO_SERVICE] = { "no-service",
			       "the domain offers no common protocol" },
	[ROUTE_NO_ADDRESS] = { "no-address", "the host has no usable address" },
	[ROUTE_NXDOMAIN] = { "nxdomain", "the number is not in ENUM" },
	[ROUTE_NOT_FOUND] = { "not-found",
			      "the number has no usable IM address" },
	[ROUTE_TEMPORARY] = { "temporary", "temporary DNS failure" },
};

static_assert(sizeof table / sizeof table[0] == ROUTE_STATUS_COUNT,
	      "a text for each status");

const char *route_status_text(enum route_status status)
{
	return status < ROUTE_STATUS_COUNT ? table[status].text : "unknown";
}

const char *route_status_word(enum route_status status)
{
	return status < ROUTE_STATUS_COUNT ? table[status].word : "unknown";
}
