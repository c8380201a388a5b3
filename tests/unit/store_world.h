#ifndef IMGW_TESTS_STORE_WORLD_H
#define IMGW_TESTS_STORE_WORLD_H

/** A store under test, on any engine and either loop: asks, waits for the
 *  answer and keeps it. Who includes this says how time passes. */

#include "gateway/store.h"
#include "tests/unit/unit.h"

#define WORLD_ITEMS 512

#define LATER 3600000 /* ms: not in this test */
#define SOON 400      /* ms: longer than a few commits on a busy disk */
#define WORLD_EXPIRE (100 * LATER) /* what has no time of its own expires */

/** An item of an answer, without what the receiver must free. */
struct world_item {
	uint64_t seq;
	char id[MESSAGE_ID_SIZE];
	enum store_state state;
	unsigned tries;
	bool resent;
	int64_t put_ms, due_ms;
	char node[64];
	char reason[STORE_REASON_SIZE];
};

struct world {
	struct loop *loop;
	const char *url;
	struct store_options options;
	struct store *store;
	unsigned answers; /* of all kinds */
	bool asking;	  /* inside a function of the store */

	struct store_put_result put; /* the last one */
	struct store_put *handle;
	enum store_status status; /* of the other kinds */
	struct world_item items[WORLD_ITEMS];
	size_t count;
	struct message *message; /* the first of the last take */
	int64_t next_due_ms;
	struct store_counts counts;
	char value[64];
	size_t value_len;

	unsigned works, owned, changes;
	bool available, owner;
	unsigned serial; /* of message ids */
};

/** Said by who includes this. */

/** Turn the loop until world->answers is `answers` (or fail the test). */
static void world_wait(struct world *world, unsigned answers);

/** Let time pass, and all that fires in it. */
static void world_pass(struct world *world, int64_t ms);

static inline void world_work(void *arg)
{
	((struct world *)arg)->works++;
}

static inline void world_available(bool yes, const char *reason, void *arg)
{
	struct world *world = arg;

	assert_non_null(reason);
	world->available = yes;
	world->changes++;
}

static inline void world_owner(bool yes, void *arg)
{
	struct world *world = arg;

	world->owner = yes;
	world->owned++;
}

static inline enum store_status world_try_open(struct world *world)
{
	char why[256] = "";

	world->options.url = world->url;
	world->options.events = (struct store_events){
		world_work, world_available, world_owner, world
	};
	world->available = true;
	return store_open(world->loop, &world->options, &world->store, why,
			  sizeof why);
}

static inline void world_open(struct world *world)
{
	assert_int_equal(world_try_open(world), STORE_OK);
}

static inline void world_close(struct world *world)
{
	store_close(&world->store, 1000);
	assert_null(world->store);
	message_destroy(&world->message);
}

static inline void world_init(struct world *world, struct loop *loop,
			      const char *url)
{
	*world = (struct world){ .loop = loop, .url = url };
	world->options.node = "gw1";
	world->options.seen_ms = 60000;
	world->options.lease_ms = 1000;
	world->options.waiting_max = 1000;
}

static inline void world_restart(struct world *world)
{
	world_close(world);
	world_open(world);
}

/* Messages */

static inline struct message *world_message(struct world *world)
{
	struct message *message = message_create();

	assert_non_null(message);
	(void)snprintf(message->id, sizeof message->id, "message-%u",
		       ++world->serial);
	assert_int_equal(message_set(&message->from, "sip:a@example.net"), 0);
	assert_int_equal(message_set(&message->to, "tel:+12025550100"), 0);
	assert_int_equal(message_set_body(message, "hello", 5), 0);
	return message;
}

static inline void world_key(struct message *message, unsigned char key)
{
	memset(message->key, key, sizeof message->key);
	message->has_key = true;
}

/* Answers */

static inline void world_got_put(const struct store_put_result *result,
				 void *arg)
{
	struct world *world = arg;

	assert_false(world->asking);
	assert_non_null(result->reason);
	world->put = *result;
	world->put.reason = NULL;
	world->handle = NULL;
	world->answers++;
}

static inline void world_keep(struct world *world,
			      const struct store_item *items, size_t count)
{
	assert_in_range(count, 0, WORLD_ITEMS);
	world->count = count;
	for (size_t i = 0; i < count; i++) {
		struct world_item *kept = &world->items[i];

		kept->seq = items[i].message->seq;
		kept->state = items[i].state;
		kept->tries = items[i].tries;
		kept->resent = items[i].message->resent;
		kept->put_ms = items[i].put_ms;
		kept->due_ms = items[i].due_ms;
		memcpy(kept->id, items[i].message->id, sizeof kept->id);
		memcpy(kept->node, items[i].node, sizeof kept->node);
		memcpy(kept->reason, items[i].reason, sizeof kept->reason);
		if (i > 0)
			assert_true(kept->seq > world->items[i - 1].seq);
	}
}

static inline void world_got_take(enum store_status status,
				  struct store_item *items, size_t count,
				  int64_t next_due_ms, void *arg)
{
	struct world *world = arg;

	assert_false(world->asking);
	world->status = status;
	world_keep(world, items, count);
	/* that nothing happens until everything expires is nothing to tell */
	if (next_due_ms > loop_wall_ms(world->loop) + WORLD_EXPIRE / 2)
		next_due_ms = 0;
	world->next_due_ms = next_due_ms;
	message_destroy(&world->message);
	for (size_t i = 0; i < count; i++) {
		if (i == 0)
			world->message = items[i].message;
		else
			message_destroy(&items[i].message);
	}
	world->answers++;
}

static inline void world_got_list(enum store_status status,
				  const struct store_item *items, size_t count,
				  void *arg)
{
	struct world *world = arg;

	assert_false(world->asking);
	world->status = status;
	world_keep(world, items, count);
	world->answers++;
}

static inline void world_got_counts(enum store_status status,
				    const struct store_counts *counts,
				    void *arg)
{
	struct world *world = arg;

	assert_false(world->asking);
	world->status = status;
	world->counts = *counts;
	world->answers++;
}

static inline void world_got_look(enum store_status status, struct span value,
				  void *arg)
{
	struct world *world = arg;

	assert_false(world->asking);
	assert_in_range(value.len, 0, sizeof world->value);
	world->status = status;
	world->value_len = value.len;
	if (value.len)
		memcpy(world->value, value.at, value.len);
	world->answers++;
}

/* Asking: the world_ask_ functions return at once */

static inline enum store_status world_ask_put(struct world *world,
					      struct message *message,
					      struct store_item item)
{
	enum store_status status;

	item.message = message;
	if (!item.due_ms)
		item.due_ms = loop_wall_ms(world->loop);
	if (!item.expires_ms)
		item.expires_ms = loop_wall_ms(world->loop) + WORLD_EXPIRE;
	world->asking = true;
	status = store_put(world->store, &item, world_got_put, world,
			   &world->handle);
	world->asking = false;
	message_destroy(&message);
	return status;
}

/** Put and wait; @return its seq. */
static inline uint64_t world_put(struct world *world, uint64_t lane)
{
	const struct store_item item = { .lane = lane, .via = PROTOCOL_XMPP };

	assert_int_equal(world_ask_put(world, world_message(world), item), 0);
	world_wait(world, world->answers + 1);
	assert_int_equal(world->put.status, STORE_OK);
	return world->put.seq;
}

/** Put with a key and wait; @return the status. */
static inline enum store_status world_put_key(struct world *world,
					      unsigned char key)
{
	const struct store_item item = { .lane = key, .via = PROTOCOL_XMPP };
	struct message *message = world_message(world);

	world_key(message, key);
	assert_int_equal(world_ask_put(world, message, item), 0);
	world_wait(world, world->answers + 1);
	return world->put.status;
}

/** Put and defer: a message that waits until then. */
static inline uint64_t world_put_waiting(struct world *world, uint64_t lane,
					 int64_t due_ms)
{
	uint64_t seq = world_put(world, lane);

	store_defer(world->store, seq, due_ms, true, "no answer");
	return seq;
}

static inline void world_take_via(struct world *world, unsigned via, size_t max)
{
	world->asking = true;
	assert_int_equal(store_take(world->store, via, max, world_got_take,
				    world),
			 STORE_OK);
	world->asking = false;
	world_wait(world, world->answers + 1);
	assert_int_equal(world->status, STORE_OK);
}

/** Take all that is due, whatever its side; @return how many. */
static inline size_t world_take(struct world *world)
{
	world_take_via(world,
		       STORE_VIA(PROTOCOL_SIP) | STORE_VIA(PROTOCOL_XMPP),
		       STORE_TAKE_MAX);
	return world->count;
}

static inline enum store_status world_list(struct world *world, const char *id,
					   uint64_t after, size_t max)
{
	world->asking = true;
	assert_int_equal(store_list(world->store, id, after, max,
				    world_got_list, world),
			 STORE_OK);
	world->asking = false;
	world_wait(world, world->answers + 1);
	return world->status;
}

static inline enum store_status
world_change(struct world *world, const char *id, enum store_change change)
{
	world->asking = true;
	assert_int_equal(store_change(world->store, id, change, world_got_list,
				      world),
			 STORE_OK);
	world->asking = false;
	world_wait(world, world->answers + 1);
	return world->status;
}

/** @return how many messages there are in all */
static inline uint64_t world_count(struct world *world)
{
	uint64_t sum = 0;

	world->asking = true;
	assert_int_equal(store_count(world->store, world_got_counts, world), 0);
	world->asking = false;
	world_wait(world, world->answers + 1);
	assert_int_equal(world->status, STORE_OK);
	for (int state = 0; state < STORE_STATE_COUNT; state++)
		sum += world->counts.in_state[state];
	return sum;
}

static inline enum store_status world_look(struct world *world,
					   const char *kind, const char *key)
{
	world->asking = true;
	assert_int_equal(store_look(world->store, kind, key, world_got_look,
				    world),
			 STORE_OK);
	world->asking = false;
	world_wait(world, world->answers + 1);
	return world->status;
}

static inline int64_t world_now(const struct world *world)
{
	return loop_wall_ms(world->loop);
}

#endif
