#ifndef IMGW_TESTS_STORE_LIVE_H
#define IMGW_TESTS_STORE_LIVE_H

/** Time for tests/unit/store_world.h on the real loop. */

#include "gateway/loop.h"
#include "tests/unit/store_world.h"

/** An answer that takes longer is none. */
#define LIVE_PATIENCE_MS 10000

static inline struct loop *live_loop(void)
{
	struct loop *loop = NULL;

	assert_int_equal(loop_create(&loop), GATEWAY_OK);
	return loop;
}

static inline void live_stop(void *arg)
{
	loop_stop(arg);
}

static void world_pass(struct world *world, int64_t ms)
{
	struct loop_timer *timer = NULL;

	assert_int_equal(
		loop_timer_create(world->loop, live_stop, world->loop, &timer),
		ENUM_OK);
	loop_timer_set(timer, ms);
	loop_run(world->loop);
	loop_timer_destroy(&timer);
}

static void world_wait(struct world *world, unsigned answers)
{
	int64_t until_ms = loop_now_ms(world->loop) + LIVE_PATIENCE_MS;

	while (world->answers < answers && loop_now_ms(world->loop) < until_ms)
		world_pass(world, 1);
	assert_int_equal(world->answers, answers);
}

#endif
