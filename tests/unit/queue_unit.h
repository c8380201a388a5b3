#ifndef IMGW_TESTS_QUEUE_UNIT_H
#define IMGW_TESTS_QUEUE_UNIT_H

/** In place of gateway/queue.c, for the tests of a side: what it was told. */

#include "gateway/queue.h"

/** Acknowledged or lost messages that are kept. */
#define QUEUE_UNIT_MAX 2048

struct queue {
	uint64_t acknowledged[QUEUE_UNIT_MAX], lost[QUEUE_UNIT_MAX];
	size_t acknowledged_count, lost_count;
	bool reachable[PROTOCOL_COUNT];
};

void queue_acknowledged(struct queue *queue, uint64_t seq)
{
	queue->acknowledged[queue->acknowledged_count++] = seq;
}

void queue_lost(struct queue *queue, uint64_t seq)
{
	queue->lost[queue->lost_count++] = seq;
}

void queue_reachable(struct queue *queue, enum protocol protocol, bool yes)
{
	queue->reachable[protocol] = yes;
}

#endif
