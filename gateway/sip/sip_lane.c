#include "gateway/sip/sip_lane.h"

#include <stdlib.h>
#include <string.h>

#define BUCKETS 1024 /* a power of two */

struct sipside_lane {
	struct sipside_lane *next; /* in the bucket */
	struct sipside_place *first, *last;
	size_t count;
	char uri[];
};

struct sipside_lanes {
	struct sipside_lane *buckets[BUCKETS];
};

struct sipside_lanes *sipside_lanes_create(void)
{
	return calloc(1, sizeof(struct sipside_lanes));
}

void sipside_lanes_destroy(struct sipside_lanes *lanes)
{
	free(lanes);
}

/* FNV-1a. The keys are numbers that a hostile sender could choose, but he
 * has only as many as there are relays in flight. */
static struct sipside_lane **bucket_of(struct sipside_lanes *lanes,
				       const char *uri)
{
	unsigned hash = 2166136261u;

	while (*uri)
		hash = (hash ^ (unsigned char)*uri++) * 16777619u;
	return &lanes->buckets[hash & (BUCKETS - 1)];
}

static struct sipside_lane *find_or_add(struct sipside_lanes *lanes,
					const char *uri)
{
	struct sipside_lane **bucket = bucket_of(lanes, uri);
	struct sipside_lane *lane;
	size_t len = strlen(uri);

	for (lane = *bucket; lane; lane = lane->next)
		if (strcmp(lane->uri, uri) == 0)
			return lane;
	lane = calloc(1, sizeof *lane + len + 1);
	if (!lane)
		return NULL;
	memcpy(lane->uri, uri, len + 1);
	lane->next = *bucket;
	*bucket = lane;
	return lane;
}

enum gateway_status sipside_lane_enter(struct sipside_lanes *lanes,
				       const char *uri,
				       struct sipside_place *place,
				       bool *first_out)
{
	struct sipside_lane *lane = find_or_add(lanes, uri);

	if (!lane)
		return GATEWAY_NO_MEMORY;
	if (lane->count >= SIPSIDE_LANE_MAX)
		return GATEWAY_TOO_LARGE;
	place->lane = lane;
	place->next = NULL;
	*first_out = lane->count++ == 0;
	if (*first_out)
		lane->first = place;
	else
		lane->last->next = place;
	lane->last = place;
	return GATEWAY_OK;
}

static void take_out(struct sipside_lane *lane, struct sipside_place *place)
{
	struct sipside_place **link = &lane->first, *before = NULL;

	while (*link != place) {
		before = *link;
		link = &before->next;
	}
	*link = place->next;
	if (lane->last == place)
		lane->last = before;
	lane->count--;
}

static void forget(struct sipside_lanes *lanes, struct sipside_lane *lane)
{
	struct sipside_lane **link = bucket_of(lanes, lane->uri);

	while (*link != lane)
		link = &(*link)->next;
	*link = lane->next;
	free(lane);
}

void *sipside_lane_leave(struct sipside_lanes *lanes,
			 struct sipside_place *place)
{
	struct sipside_lane *lane = place->lane;
	bool was_first;

	if (!lane)
		return NULL;
	place->lane = NULL;
	was_first = lane->first == place;
	take_out(lane, place);
	if (lane->count == 0) {
		forget(lanes, lane);
		return NULL;
	}
	return was_first ? lane->first->owner : NULL;
}
