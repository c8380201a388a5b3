#ifndef IMGW_TESTS_STORE_POSTGRES_WORLD_H
#define IMGW_TESTS_STORE_POSTGRES_WORLD_H

/** Stores on a PostgreSQL of their own: one or two nodes on the real loop,
 *  each case in an empty schema. Who includes this defines _GNU_SOURCE. */

#include "tests/unit/postgres_server.h"
#include "tests/unit/store_live.h"

/** How long an answer may take, ms. */
#define PATIENCE 15000

/** The state of a case; its first node comes first, for the shared cases. */
struct postgres_world {
	struct world one, two; /* two: opened by who needs it */
	struct postgres_server *server;
	char url[256];
};

/** Turn until it is so; @return false: it did not become so in time */
static inline bool turn_until(struct world *world, int64_t patience_ms,
			      bool (*until)(void *arg), void *arg)
{
	int64_t end_ms = loop_now_ms(world->loop) + patience_ms;

	while (!until(arg) && loop_now_ms(world->loop) < end_ms)
		world_pass(world, 1);
	return until(arg);
}

static int make_server(void **state)
{
	*state = postgres_server_create();
	return 0;
}

static int end_server(void **state)
{
	struct postgres_server *server = *state;

	postgres_server_destroy(&server);
	return 0;
}

/* The state was the server, of make_server. */
static int setup(void **state)
{
	struct postgres_world *world = calloc(1, sizeof *world);
	struct loop *loop = live_loop();

	assert_non_null(world);
	world->server = *state;
	(void)postgres_server_url(world->server, "imgw");
	(void)postgres_server_ask(world->server, "DROP SCHEMA imgw CASCADE");
	(void)snprintf(world->url, sizeof world->url, "%s",
		       postgres_server_url(world->server, "imgw"));
	world_init(&world->one, loop, world->url);
	world_init(&world->two, loop, world->url);
	world->two.options.node = "gw2";
	world_open(&world->one);
	*state = world;
	return 0;
}

static int teardown(void **state)
{
	struct postgres_world *world = *state;

	world_close(&world->one);
	if (world->two.store)
		world_close(&world->two);
	loop_destroy(&world->one.loop);
	*state = world->server;
	free(world);
	return 0;
}

#endif
