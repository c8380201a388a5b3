#include "gateway/sip/sip_lane.h"

#include <stdlib.h>
#include <string.h>

#include "enum/tel.h"
#include "routing/number_uri.h"

#define BUCKETS 1024 /* a power of two */

struct sipside_lane {
	struct sipside_lane *next; /* in the bucket */
	struct sipside_place *first, *last;
	size_t count;
	char key[];
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

/* An '@' can only stand behind the user. */
static void write_sip_key(const char *uri, struct text *out)
{
	const char *host = strchr(uri, '@');

	for (const char *at = uri; *at; at++)
		text_add_char(out, host && at < host ? *at : ascii_lower(*at));
}

void sipside_lane_key(const char *uri, char out[SIPSIDE_LANE_KEY_SIZE])
{
	const struct span whole = span_of(uri);
	struct text text;
	struct tel tel;

	text_init(&text, out, SIPSIDE_LANE_KEY_SIZE);
	if (span_starts_nocase(whole, "tel:") &&
	    tel_parse(span_skip(whole, strlen("tel:")), &tel) == ENUM_OK)
		number_uri_canonical(&tel, false, &text);
	else
		write_sip_key(uri, &text);
}

/* FNV-1a. The keys are numbers that a hostile sender could choose, but he
 * has only as many as there are relays in flight. */
static struct sipside_lane **bucket_of(struct sipside_lanes *lanes,
				       const char *key)
{
	unsigned hash = 2166136261u;

	while (*key)
		hash = (hash ^ (unsigned char)*key++) * 16777619u;
	return &lanes->buckets[hash & (BUCKETS - 1)];
}

static struct sipside_lane *find_or_add(struct sipside_lanes *lanes,
					const char *uri)
{
	char key[SIPSIDE_LANE_KEY_SIZE];
	struct sipside_lane **bucket;
	struct sipside_lane *lane;
	size_t size;

	sipside_lane_key(uri, key);
	bucket = bucket_of(lanes, key);
	for (lane = *bucket; lane; lane = lane->next)
		if (strcmp(lane->key, key) == 0)
			return lane;
	size = strlen(key) + 1;
	lane = calloc(1, sizeof *lane + size);
	if (!lane)
		return NULL;
	memcpy(lane->key, key, size);
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
	struct sipside_lane **link = bucket_of(lanes, lane->key);

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
