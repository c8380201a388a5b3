#ifndef IMGW_GATEWAY_TIMER_HEAP_H
#define IMGW_GATEWAY_TIMER_HEAP_H

/** Timers in the order in which they are due: a binary heap of nodes that
 *  stand inside their owners. Pure; the loop feeds it the time. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "enum/status.h"

/** Part of a timer. Zero before the first use. */
struct timer_node {
	int64_t due_ms;
	uint64_t turn; /* equal times: first set, first due */
	size_t place;  /* in the heap, from 1; 0: not in it */
};

struct timer_heap {
	struct timer_node **nodes; /* [1] is due first */
	size_t count, room;
	uint64_t turns;
};

/** Make room for one more node that may be set; to be called once for each
 *  node that exists, so that setting never fails.
 *  @return ENUM_OK, ENUM_NO_MEMORY */
MUST_USE enum enum_status timer_heap_reserve(struct timer_heap *heap,
					     size_t nodes);

/** Put in, or move. */
void timer_heap_set(struct timer_heap *heap, struct timer_node *node,
		    int64_t due_ms);

/** Take out; nothing happens when it is not in. */
void timer_heap_remove(struct timer_heap *heap, struct timer_node *node);

/** Who is due first, or NULL. */
struct timer_node *timer_heap_first(const struct timer_heap *heap);

/** Free the heap's own memory, not the nodes. */
void timer_heap_clear(struct timer_heap *heap);

#endif
