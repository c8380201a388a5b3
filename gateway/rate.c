#include "gateway/rate.h"

#include <stdlib.h>

/** A key may stand in any bucket of its set. */
#define SET_SIZE 8

struct bucket {
	uint64_t key; /* hash, 0: free */
	double tokens;
	int64_t at_ms;
};

struct rate {
	struct loop *loop;
	double per_second, burst;
	uint64_t seed;
	struct bucket buckets[RATE_BUCKETS];
};

enum enum_status rate_create(struct loop *loop, double per_second, double burst,
			     struct rate **rate_out)
{
	struct rate *rate = calloc(1, sizeof *rate);

	*rate_out = rate;
	if (!rate)
		return ENUM_NO_MEMORY;
	rate->loop = loop;
	rate->per_second = per_second;
	rate->burst = burst < 1 ? 1 : burst;
	loop_random(loop, &rate->seed, sizeof rate->seed);
	return ENUM_OK;
}

void rate_destroy(struct rate **rate)
{
	free(*rate);
	*rate = NULL;
}

uint64_t rate_key_add(uint64_t key, struct span part)
{
	uint64_t h = 14695981039346656037u ^ key; /* FNV-1a */

	for (size_t i = 0; i < part.len; i++)
		h = (h ^ (unsigned char)part.at[i]) * 1099511628211u;
	return h;
}

/* Mixed with the seed, so that nobody can aim at a bucket; 0 is kept for
 * free ones. */
static uint64_t mix(uint64_t seed, uint64_t key)
{
	key = (key ^ seed) * 0x9e3779b97f4a7c15u;
	key ^= key >> 32;
	return key ? key : 1;
}

static struct bucket *find(struct rate *rate, uint64_t key, int64_t now)
{
	struct bucket *set =
		&rate->buckets[key % (RATE_BUCKETS / SET_SIZE) * SET_SIZE];
	struct bucket *oldest = &set[0];

	for (size_t i = 0; i < SET_SIZE; i++) {
		if (set[i].key == key)
			return &set[i];
		if (set[i].at_ms < oldest->at_ms)
			oldest = &set[i];
	}
	*oldest = (struct bucket){ key, rate->burst, now };
	return oldest;
}

bool rate_take(struct rate *rate, uint64_t key)
{
	int64_t now = loop_now_ms(rate->loop);
	struct bucket *bucket = find(rate, mix(rate->seed, key), now);

	bucket->tokens +=
		(double)(now - bucket->at_ms) / 1000 * rate->per_second;
	if (bucket->tokens > rate->burst)
		bucket->tokens = rate->burst;
	bucket->at_ms = now;
	if (bucket->tokens < 1)
		return false;
	bucket->tokens -= 1;
	return true;
}
