#include "gateway/timer_heap.h"

#include <stdlib.h>

enum enum_status timer_heap_reserve(struct timer_heap *heap, size_t nodes)
{
	size_t room = heap->room ? heap->room : 64;
	struct timer_node **grown;

	while (room <= nodes) /* [0] is not used */
		room *= 2;
	if (room == heap->room)
		return ENUM_OK;
	grown = realloc(heap->nodes, room * sizeof(*grown));
	if (!grown)
		return ENUM_NO_MEMORY;
	heap->nodes = grown;
	heap->room = room;
	return ENUM_OK;
}

static bool is_before(const struct timer_node *a, const struct timer_node *b)
{
	if (a->due_ms != b->due_ms)
		return a->due_ms < b->due_ms;
	return a->turn < b->turn;
}

static void put(struct timer_heap *heap, struct timer_node *node, size_t place)
{
	heap->nodes[place] = node;
	node->place = place;
}

static void rise(struct timer_heap *heap, struct timer_node *node)
{
	size_t at = node->place;

	for (; at > 1 && is_before(node, heap->nodes[at / 2]); at /= 2)
		put(heap, heap->nodes[at / 2], at);
	put(heap, node, at);
}

static void sink(struct timer_heap *heap, struct timer_node *node)
{
	size_t at = node->place;

	for (;;) {
		size_t child = 2 * at;

		if (child < heap->count &&
		    is_before(heap->nodes[child + 1], heap->nodes[child]))
			child++;
		if (child > heap->count || !is_before(heap->nodes[child], node))
			break;
		put(heap, heap->nodes[child], at);
		at = child;
	}
	put(heap, node, at);
}

void timer_heap_set(struct timer_heap *heap, struct timer_node *node,
		    int64_t due_ms)
{
	timer_heap_remove(heap, node);
	node->due_ms = due_ms;
	node->turn = heap->turns++;
	put(heap, node, ++heap->count);
	rise(heap, node);
}

void timer_heap_remove(struct timer_heap *heap, struct timer_node *node)
{
	struct timer_node *last;

	if (node->place == 0)
		return;
	last = heap->nodes[heap->count--];
	if (last != node) {
		put(heap, last, node->place);
		sink(heap, last);
		rise(heap, last);
	}
	node->place = 0;
}

struct timer_node *timer_heap_first(const struct timer_heap *heap)
{
	return heap->count ? heap->nodes[1] : NULL;
}

void timer_heap_clear(struct timer_heap *heap)
{
	free(heap->nodes);
	*heap = (struct timer_heap){ NULL, 0, 0, 0 };
}
