#include "tests/story/story.h"

#include <stdio.h>

#include "gateway/queue.h"
#include "tests/fake/loop_fake.h"
#include "tests/fake/store_fake.h"

/* SIDE hears of a failure CODE */
static void do_hears(struct story *s)
{
	char code[8];
	int got;

	if (side_fake_failed(s->world.sides[story_protocol(s, s->words[0])],
			     &got) != 1)
		story_fail(s, "nobody, or more than one, was told of a failure",
			   NULL);
	(void)snprintf(code, sizeof code, "%d", got);
	story_expect(s, 5, code);
}

/* SIDE is up, SIDE is down */
static void do_link(struct story *s)
{
	queue_reachable(s->world.queue, story_protocol(s, s->words[0]),
			story_is(s, 2, "up"));
	loop_fake_advance(s->world.loop, 0);
}

/* SIDE confirms NAME, SIDE loses NAME: what was accepted */
static void do_confirm(struct story *s, bool arrived)
{
	uint64_t seq = world_find(&s->world, story_word(s, 2))->seq;

	if (seq == 0)
		story_fail(s, "it is not in the store", s->words[2]);
	if (arrived)
		queue_acknowledged(s->world.queue, seq);
	else
		queue_lost(s->world.queue, seq);
	loop_fake_advance(s->world.loop, 0);
}

/* store holds COUNT, store breaks, store works */
static void do_store(struct story *s)
{
	char count[24];

	if (story_is(s, 1, "holds")) {
		(void)snprintf(count, sizeof count, "%zu",
			       store_fake_rows(WORLD_STORE));
		story_expect(s, 2, count);
		return;
	}
	store_fake_fail(WORLD_STORE,
			story_is(s, 1, "breaks") ? "no space left" : NULL);
	loop_fake_advance(s->world.loop, 0);
}

bool story_queue_line(struct story *s)
{
	if (story_is(s, 1, "hears"))
		do_hears(s);
	else if (story_is(s, 1, "is"))
		do_link(s);
	else if (story_is(s, 1, "confirms") || story_is(s, 1, "loses"))
		do_confirm(s, story_is(s, 1, "confirms"));
	else if (story_is(s, 0, "store"))
		do_store(s);
	else
		return false;
	return true;
}
