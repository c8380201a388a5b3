#include "gateway/backoff.h"

#include <stdlib.h>
#include <string.h>

struct server {
	char address[DNS_ADDRESS_SIZE];
	bool asked;		    /* for the pause; else it is silent */
	char domain[DNS_NAME_SIZE]; /* towards this domain */
	uint16_t port;
	enum transport transport;
	int64_t until_ms;  /* 0, or in the past: a free place, if need be */
	unsigned silent;   /* messages in vain, in a row */
	int64_t dead_ms;   /* its pause while it is dead; 0: it is not */
	bool probed;	   /* dead, and a message is under way to see */
	unsigned urgent;   /* messages sent there all the same ... */
	int64_t urgent_ms; /* ... since */
};

struct backoff {
	struct loop *loop;
	int64_t max_ms, dead_max_ms;
	struct server servers[BACKOFF_SERVERS];
};

enum gateway_status backoff_create(struct loop *loop, int64_t max_ms,
				   int64_t dead_max_ms,
				   struct backoff **backoff_out)
{
	struct backoff *backoff = calloc(1, sizeof *backoff);

	*backoff_out = backoff;
	if (!backoff)
		return GATEWAY_NO_MEMORY;
	backoff->loop = loop;
	backoff->max_ms = max_ms;
	backoff->dead_max_ms = dead_max_ms < BACKOFF_DEAD_MAX_MS
				       ? dead_max_ms
				       : BACKOFF_DEAD_MAX_MS;
	return GATEWAY_OK;
}

void backoff_destroy(struct backoff **backoff)
{
	free(*backoff);
	*backoff = NULL;
}

static bool is_of(const struct server *server, const struct hop *hop,
		  bool asked)
{
	return server->port == hop->port &&
	       server->transport == hop->transport && server->asked == asked &&
	       strcmp(server->address, hop->address) == 0 &&
	       (asked || strcmp(server->domain, hop->identity) == 0);
}

/* NULL: nothing is known of it. */
static struct server *find(struct backoff *backoff, const struct hop *hop,
			   bool asked)
{
	for (size_t i = 0; i < BACKOFF_SERVERS; i++)
		if (is_of(&backoff->servers[i], hop, asked))
			return &backoff->servers[i];
	return NULL;
}

static struct server *find_or_add(struct backoff *backoff,
				  const struct hop *hop, bool asked)
{
	struct server *server = find(backoff, hop, asked);
	struct server *first = &backoff->servers[0];

	if (server)
		return server;
	for (size_t i = 1; i < BACKOFF_SERVERS; i++)
		if (backoff->servers[i].until_ms < first->until_ms)
			first = &backoff->servers[i];
	*first = (struct server){ .port = hop->port,
				  .transport = hop->transport,
				  .asked = asked };
	memcpy(first->address, hop->address, sizeof first->address);
	memcpy(first->domain, hop->identity, sizeof first->domain);
	return first;
}

static unsigned left_s(const struct server *server, int64_t now_ms)
{
	int64_t left_ms = server ? server->until_ms - now_ms : 0;

	return left_ms > 0 ? (unsigned)((left_ms + 999) / 1000) : 0;
}

/* The next one has to wait for what this one finds. */
static void probe(struct server *server, int64_t now_ms)
{
	server->probed = true;
	server->until_ms = now_ms + (server->dead_ms < BACKOFF_PROBE_MS
					     ? server->dead_ms
					     : BACKOFF_PROBE_MS);
}

enum backoff_verdict backoff_ask(struct backoff *backoff, const struct hop *hop,
				 unsigned *left_s_out)
{
	struct server *dead = find(backoff, hop, false);
	int64_t now_ms = loop_now_ms(backoff->loop);

	*left_s_out = left_s(find(backoff, hop, true), now_ms);
	if (*left_s_out)
		return BACKOFF_PAUSED;
	if (!dead || !dead->dead_ms)
		return BACKOFF_GO;
	*left_s_out = left_s(dead, now_ms);
	if (*left_s_out)
		return BACKOFF_DEAD;
	probe(dead, now_ms);
	return BACKOFF_GO;
}

bool backoff_insist(struct backoff *backoff, const struct hop *hop)
{
	struct server *server = find(backoff, hop, false);
	int64_t now_ms = loop_now_ms(backoff->loop);

	if (!server)
		return true;
	if (now_ms >= server->urgent_ms + BACKOFF_URGENT_MS) {
		server->urgent_ms = now_ms;
		server->urgent = 0;
	}
	return server->urgent++ < BACKOFF_URGENT;
}

void backoff_note(struct backoff *backoff, const struct hop *hop,
		  unsigned pause_s)
{
	int64_t pause_ms = (int64_t)pause_s * 1000;

	if (pause_ms > backoff->max_ms)
		pause_ms = backoff->max_ms;
	find_or_add(backoff, hop, true)->until_ms =
		loop_now_ms(backoff->loop) + pause_ms;
}

static int64_t next_pause_ms(const struct backoff *backoff,
			     const struct server *server)
{
	int64_t next_ms = 2 * server->dead_ms;

	if (next_ms > backoff->dead_max_ms)
		next_ms = backoff->dead_max_ms;
	return next_ms > BACKOFF_DEAD_MS ? next_ms : BACKOFF_DEAD_MS;
}

/* Those that were under way when it died tell nothing new. */
static bool is_known(const struct server *server, int64_t now_ms)
{
	return server->dead_ms && !server->probed && server->until_ms > now_ms;
}

bool backoff_silent(struct backoff *backoff, const struct hop *hop)
{
	struct server *server = find_or_add(backoff, hop, false);
	int64_t now_ms = loop_now_ms(backoff->loop);
	bool was_dead = server->dead_ms > 0;

	if (is_known(server, now_ms))
		return false;
	server->until_ms = now_ms;
	if (!was_dead && ++server->silent < BACKOFF_SILENT)
		return false;
	server->dead_ms = next_pause_ms(backoff, server);
	server->until_ms += server->dead_ms;
	server->probed = false;
	return !was_dead;
}

bool backoff_answered(struct backoff *backoff, const struct hop *hop)
{
	struct server *server = find(backoff, hop, false);
	bool was_dead = server && server->dead_ms > 0;

	if (server)
		*server = (struct server){ .until_ms = 0 };
	return was_dead;
}
