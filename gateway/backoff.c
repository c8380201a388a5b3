#include "gateway/backoff.h"

#include <stdlib.h>
#include <string.h>

struct pause {
	char address[DNS_ADDRESS_SIZE];
	uint16_t port;
	enum transport transport;
	int64_t until_ms; /* 0, or in the past: a free place */
};

struct backoff {
	struct loop *loop;
	int64_t max_ms;
	struct pause pauses[BACKOFF_SERVERS];
};

enum gateway_status backoff_create(struct loop *loop, int64_t max_ms,
				   struct backoff **backoff_out)
{
	struct backoff *backoff = calloc(1, sizeof *backoff);

	*backoff_out = backoff;
	if (!backoff)
		return GATEWAY_NO_MEMORY;
	backoff->loop = loop;
	backoff->max_ms = max_ms;
	return GATEWAY_OK;
}

void backoff_destroy(struct backoff **backoff)
{
	free(*backoff);
	*backoff = NULL;
}

static bool is_of(const struct pause *pause, const struct hop *hop)
{
	return pause->port == hop->port && pause->transport == hop->transport &&
	       strcmp(pause->address, hop->address) == 0;
}

/* The place of a server, or else the one that ends first. */
static size_t find(const struct backoff *backoff, const struct hop *hop)
{
	size_t first = 0;

	for (size_t i = 0; i < BACKOFF_SERVERS; i++) {
		const struct pause *pause = &backoff->pauses[i];

		if (is_of(pause, hop))
			return i;
		if (pause->until_ms < backoff->pauses[first].until_ms)
			first = i;
	}
	return first;
}

void backoff_note(struct backoff *backoff, const struct hop *hop,
		  unsigned pause_s)
{
	struct pause *pause = &backoff->pauses[find(backoff, hop)];
	int64_t pause_ms = (int64_t)pause_s * 1000;

	if (pause_ms > backoff->max_ms)
		pause_ms = backoff->max_ms;
	pause->port = hop->port;
	pause->transport = hop->transport;
	memcpy(pause->address, hop->address, sizeof pause->address);
	pause->until_ms = loop_now_ms(backoff->loop) + pause_ms;
}

unsigned backoff_left_s(const struct backoff *backoff, const struct hop *hop)
{
	const struct pause *pause = &backoff->pauses[find(backoff, hop)];
	int64_t left_ms = pause->until_ms - loop_now_ms(backoff->loop);

	return left_ms > 0 && is_of(pause, hop)
		       ? (unsigned)((left_ms + 999) / 1000)
		       : 0;
}
