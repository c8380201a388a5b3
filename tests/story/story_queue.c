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

/* store holds COUNT, store takes TIME, store breaks, store works */
static void do_store(struct story *s)
{
	char count[24];

	if (story_is(s, 1, "holds")) {
		(void)snprintf(count, sizeof count, "%zu",
			       store_fake_rows(WORLD_STORE));
		story_expect(s, 2, count);
		return;
	}
	if (story_is(s, 1, "takes")) {
		store_fake_slow(WORLD_STORE,
				story_duration_ms(s, story_word(s, 2)));
		return;
	}
	store_fake_fail(WORLD_STORE,
			story_is(s, 1, "breaks") ? "no space left" : NULL);
	loop_fake_advance(s->world.loop, 0);
}

static void got_id(enum store_status status, const struct store_item *items,
		   size_t count, void *arg)
{
	char *id = arg;

	if (status == STORE_OK && count > 0)
		(void)snprintf(id, MESSAGE_ID_SIZE, "%s", items->message->id);
}

static void got_told(bool told, void *arg)
{
	(void)told;
	(void)arg;
}

/* Only what the store has changed is done. */
static void got_change(enum store_status status, const struct store_item *items,
		       size_t count, void *arg)
{
	struct story *s = arg;

	if (status != STORE_OK || count != 1)
		story_fail(s, "the store does not change it",
			   store_status_text(status));
	if (story_is(s, 1, "drops"))
		queue_dropped(s->world.queue, items->message, got_told, NULL);
}

/* operator holds NAME, operator retries NAME, operator drops NAME */
static void do_operator(struct story *s)
{
	struct store *store = queue_store(s->world.queue);
	uint64_t seq = world_find(&s->world, story_word(s, 2))->seq;
	enum store_change change = story_is(s, 1, "holds")     ? STORE_HOLD
				   : story_is(s, 1, "retries") ? STORE_RETRY
							       : STORE_DROP;
	char id[MESSAGE_ID_SIZE] = "";

	if (seq == 0 ||
	    store_list(store, NULL, seq - 1, 1, got_id, id) != STORE_OK)
		story_fail(s, "it is not in the store", s->words[2]);
	loop_fake_advance(s->world.loop, 0);
	if (store_change(store, id, change, got_change, s) != STORE_OK)
		story_fail(s, "the store takes no change", s->words[2]);
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
	else if (story_is(s, 0, "restart"))
		world_restart(&s->world);
	else if (story_is(s, 0, "store"))
		do_store(s);
	else if (story_is(s, 0, "operator"))
		do_operator(s);
	else
		return false;
	return true;
}
