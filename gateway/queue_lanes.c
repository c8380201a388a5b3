#include "gateway/queue_lanes.h"

#include <stdlib.h>
#include <string.h>

#include "enum/text.h"

/** Chains of the table; messages in it are bounded by the queue. */
#define CHAINS 512

struct waiting {
	struct waiting *next;
	struct message *message;
};

struct lane {
	struct lane *next_in_chain;
	struct lane *next_ready; /* of those that are ready */
	uint64_t key;
	struct waiting *first, *last;
	bool running, ready; /* ready: in the list, none runs */
	bool counted;	     /* the one that runs */
};

struct queue_lanes {
	struct lane *chains[CHAINS];
	struct lane *ready_first, *ready_last;
	size_t count;
};

/* FNV-1a: a lane that two conversations share costs them only time. */
static uint64_t add_text(uint64_t hash, const char *text, const char *end_chars)
{
	for (; text && *text && !strchr(end_chars, *text); text++)
		hash = (hash ^ (unsigned char)ascii_lower(*text)) *
		       1099511628211u;
	return (hash ^ 0x1f) * 1099511628211u;
}

uint64_t queue_lane_of(const struct message *message)
{
	const char *end_chars = message->origin == PROTOCOL_XMPP ? "/" : ";?";
	uint64_t hash = 14695981039346656037u;

	hash = add_text(hash,
			message->asserted ? message->asserted : message->from,
			end_chars);
	return add_text(hash, message->target, ";?");
}

struct queue_lanes *queue_lanes_create(void)
{
	return calloc(1, sizeof(struct queue_lanes));
}

static struct lane **place_of(struct queue_lanes *lanes, uint64_t key)
{
	struct lane **at = &lanes->chains[key % CHAINS];

	while (*at && (*at)->key != key)
		at = &(*at)->next_in_chain;
	return at;
}

static void make_ready(struct queue_lanes *lanes, struct lane *lane)
{
	if (lane->ready || lane->running || !lane->first)
		return;
	lane->ready = true;
	lane->next_ready = NULL;
	if (lanes->ready_last)
		lanes->ready_last->next_ready = lane;
	else
		lanes->ready_first = lane;
	lanes->ready_last = lane;
}

static void drop_if_idle(struct queue_lanes *lanes, struct lane *lane)
{
	struct lane **at;

	if (lane->running || lane->ready || lane->first)
		return;
	at = place_of(lanes, lane->key);
	*at = lane->next_in_chain;
	free(lane);
}

static struct lane *find_or_add(struct queue_lanes *lanes, uint64_t key)
{
	struct lane **at = place_of(lanes, key);

	if (!*at) {
		*at = calloc(1, sizeof **at);
		if (*at)
			(*at)->key = key;
	}
	return *at;
}

bool queue_lanes_add(struct queue_lanes *lanes, struct message *message)
{
	struct waiting *w = calloc(1, sizeof *w);
	struct lane *lane =
		w ? find_or_add(lanes, queue_lane_of(message)) : NULL;

	if (!lane) {
		free(w);
		return false;
	}
	w->message = message;
	if (lane->last)
		lane->last->next = w;
	else
		lane->first = w;
	lane->last = w;
	lanes->count++;
	make_ready(lanes, lane);
	return true;
}

static struct message *pop(struct lane *lane)
{
	struct waiting *w = lane->first;
	struct message *message = w->message;

	lane->first = w->next;
	if (!lane->first)
		lane->last = NULL;
	free(w);
	return message;
}

static struct lane *pop_ready(struct queue_lanes *lanes)
{
	struct lane *lane = lanes->ready_first;

	if (!lane)
		return NULL;
	lanes->ready_first = lane->next_ready;
	if (!lanes->ready_first)
		lanes->ready_last = NULL;
	lane->ready = false;
	return lane;
}

struct message *queue_lanes_next(struct queue_lanes *lanes)
{
	struct lane *lane;

	while ((lane = pop_ready(lanes))) {
		if (lane->first) {
			lane->running = lane->counted = true;
			return pop(lane);
		}
		drop_if_idle(lanes, lane);
	}
	return NULL;
}

/* Without memory two of them may run; they were sent in their order. */
void queue_lanes_begin(struct queue_lanes *lanes, uint64_t key)
{
	struct lane *lane = find_or_add(lanes, key);

	if (!lane)
		return;
	lane->running = true;
	lane->counted = false;
}

void queue_lanes_ended(struct queue_lanes *lanes, uint64_t key)
{
	struct lane *lane = *place_of(lanes, key);

	if (!lane || !lane->running)
		return;
	lane->running = false;
	if (lane->counted)
		lanes->count--;
	make_ready(lanes, lane);
	drop_if_idle(lanes, lane);
}

struct message *queue_lanes_take(struct queue_lanes *lanes, uint64_t key)
{
	struct lane *lane = *place_of(lanes, key);
	struct message *message;

	if (!lane || !lane->first)
		return NULL;
	message = pop(lane);
	lanes->count--;
	drop_if_idle(lanes, lane);
	return message;
}

bool queue_lanes_busy(const struct queue_lanes *lanes, uint64_t key)
{
	const struct lane *lane = lanes->chains[key % CHAINS];

	while (lane && lane->key != key)
		lane = lane->next_in_chain;
	return lane && (lane->running || lane->first);
}

size_t queue_lanes_count(const struct queue_lanes *lanes)
{
	return lanes->count;
}

static void free_lane(struct lane *lane)
{
	while (lane->first) {
		struct message *message = pop(lane);

		message_destroy(&message);
	}
	free(lane);
}

void queue_lanes_destroy(struct queue_lanes **lanes)
{
	if (!*lanes)
		return;
	for (size_t i = 0; i < CHAINS; i++) {
		struct lane *lane = (*lanes)->chains[i];

		while (lane) {
			struct lane *next = lane->next_in_chain;

			free_lane(lane);
			lane = next;
		}
	}
	free(*lanes);
	*lanes = NULL;
}
