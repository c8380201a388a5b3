#ifndef IMGW_TESTS_WORLD_H
#define IMGW_TESTS_WORLD_H

/** Everything between the sides and the DNS, for real, on a fake clock: the
 *  configuration, admission, the relay table, the plan, ENUM, the cache. */

#include "enum/loop.h"
#include "gateway/message.h"
#include "tests/fake/dns_fake.h"
#include "tests/fake/side_fake.h"

#define WORLD_MESSAGES_MAX 32

struct world_message {
	char name[64];
	uint64_t seq; /* its place in the store, when it was last tried */
	struct side_fake_answer answer;
};

struct world {
	struct loop *loop;
	struct dns_fake *dns;
	struct side_fake *sides[PROTOCOL_COUNT];
	struct config *config;
	struct routes *routes;
	struct admission *admission;
	struct queue *queue; /* NULL: the story does not configure one */
	struct notes *notes;
	struct relay_table *relays;
	struct world_message messages[WORLD_MESSAGES_MAX];
	size_t message_count;
	bool drained;
};

/** The store of a story that has a section `queue`. */
#define WORLD_STORE "fake:story"

/** Make a world. @param yaml  more options, or ""; a mistake aborts */
void world_open(struct world *world, const char *yaml);

/** A restart: what was remembered is gone, what is stored is not. Nothing may
 *  be in flight. */
void world_restart(struct world *world);

/** Submit a message under a name. It becomes the relay's. */
void world_submit(struct world *world, const char *name,
		  struct message *message);

/** The message of this name; aborts when there is none. */
struct world_message *world_find(struct world *world, const char *name);

/** Abort unless every message was answered exactly once and nothing is left
 *  over: relay, attempt, timer, question. */
void world_close(struct world *world);

#endif
