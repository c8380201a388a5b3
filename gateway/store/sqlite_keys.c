#include "gateway/store/sqlite_keys.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "gateway/siphash.h"

/** Slots of an empty table; a power of two, like all sizes. */
#define SLOTS_MIN 64

/** Changes of a transaction for which there is room at first. */
#define CHANGES_MIN 64

/** until_ms of a slot whose key was forgotten, or taken back: those behind it
 *  are still found. It is left out of the next table. */
#define FORGOTTEN (-1)

struct sqlite_keys {
	struct sqlite_key *slots; /* free: until_ms 0. A key stands at its
				   * place or behind it, with no free one in
				   * between */
	size_t size, used, max;
	struct sqlite_key *before; /* each change: what was there */
	size_t changes, changes_size;
	unsigned char secret[SIPHASH_KEY_SIZE];
};

struct sqlite_keys *sqlite_keys_create(size_t keys_max)
{
	struct sqlite_keys *keys = calloc(1, sizeof *keys);

	if (!keys)
		return NULL;
	keys->max = keys_max;
	keys->size = SLOTS_MIN;
	keys->slots = calloc(keys->size, sizeof *keys->slots);
	if (!keys->slots) {
		free(keys);
		return NULL;
	}
	sqlite3_randomness(sizeof keys->secret, keys->secret);
	return keys;
}

void sqlite_keys_destroy(struct sqlite_keys *keys)
{
	if (!keys)
		return;
	free(keys->slots);
	free(keys->before);
	free(keys);
}

/* The slot of a key, or the free one where it would stand. */
static struct sqlite_key *slot_of(const struct sqlite_keys *keys,
				  const unsigned char octets[MESSAGE_KEY_SIZE])
{
	size_t at = siphash(keys->secret, octets, MESSAGE_KEY_SIZE);

	for (;; at++) {
		struct sqlite_key *slot = &keys->slots[at & (keys->size - 1)];

		if (!slot->until_ms ||
		    memcmp(slot->octets, octets, MESSAGE_KEY_SIZE) == 0)
			return slot;
	}
}

const struct sqlite_key *
sqlite_keys_find(const struct sqlite_keys *keys,
		 const unsigned char octets[MESSAGE_KEY_SIZE])
{
	const struct sqlite_key *slot = slot_of(keys, octets);

	return slot->until_ms > 0 ? slot : NULL;
}

static size_t count_after(const struct sqlite_keys *keys, int64_t ms)
{
	size_t count = 0;

	for (size_t i = 0; i < keys->size; i++)
		count += keys->slots[i].until_ms > ms;
	return count;
}

static int64_t latest_end(const struct sqlite_keys *keys)
{
	int64_t latest_ms = 0;

	for (size_t i = 0; i < keys->size; i++)
		if (keys->slots[i].until_ms > latest_ms)
			latest_ms = keys->slots[i].until_ms;
	return latest_ms;
}

/* What ends by then is left out of the next table: it has expired or, to a
 * second, must make room for what ends later. */
static int64_t find_end(const struct sqlite_keys *keys, int64_t now_ms)
{
	int64_t low_ms = now_ms, high_ms;

	if (count_after(keys, now_ms) < keys->max)
		return now_ms;
	high_ms = latest_end(keys);
	while (high_ms - low_ms > 1000) {
		int64_t middle_ms = low_ms + (high_ms - low_ms) / 2;

		if (count_after(keys, middle_ms) < keys->max)
			high_ms = middle_ms;
		else
			low_ms = middle_ms;
	}
	return high_ms;
}

/* A table for what is known, with room for as much again. */
static bool rebuild(struct sqlite_keys *keys, int64_t now_ms)
{
	struct sqlite_key *old = keys->slots, *slots;
	const size_t old_size = keys->size;
	const int64_t end_ms = find_end(keys, now_ms);
	const size_t left = count_after(keys, end_ms);
	size_t size = SLOTS_MIN;

	while (size / 2 <= left + keys->changes)
		size *= 2;
	slots = calloc(size, sizeof *slots);
	if (!slots)
		return false;
	keys->slots = slots;
	keys->size = size;
	keys->used = left;
	for (size_t i = 0; i < old_size; i++)
		if (old[i].until_ms > end_ms)
			*slot_of(keys, old[i].octets) = old[i];
	free(old);
	return true;
}

/* Room for one more change and one more key; free slots are left, even when
 * all changes are taken back. */
static bool reserve(struct sqlite_keys *keys, int64_t now_ms)
{
	if (keys->changes == keys->changes_size) {
		size_t size = keys->changes ? keys->changes * 2 : CHANGES_MIN;
		struct sqlite_key *before =
			realloc(keys->before, size * sizeof *before);

		if (!before)
			return false;
		keys->before = before;
		keys->changes_size = size;
	}
	return keys->used + keys->changes < keys->size / 4 * 3 ||
	       rebuild(keys, now_ms);
}

bool sqlite_keys_set(struct sqlite_keys *keys, const struct sqlite_key *key,
		     int64_t now_ms)
{
	struct sqlite_key *slot, *before;

	if (!reserve(keys, now_ms))
		return false;
	slot = slot_of(keys, key->octets);
	before = &keys->before[keys->changes++];
	*before = *slot;
	memcpy(before->octets, key->octets, MESSAGE_KEY_SIZE);
	keys->used += !slot->until_ms;
	*slot = *key;
	if (!slot->until_ms)
		slot->until_ms = FORGOTTEN;
	return true;
}

void sqlite_keys_commit(struct sqlite_keys *keys)
{
	keys->changes = 0;
}

void sqlite_keys_roll_back(struct sqlite_keys *keys)
{
	while (keys->changes > 0) {
		const struct sqlite_key *before =
			&keys->before[--keys->changes];
		struct sqlite_key *slot = slot_of(keys, before->octets);

		if (before->until_ms) {
			keys->used += !slot->until_ms;
			*slot = *before;
		} else if (slot->until_ms) {
			slot->until_ms = FORGOTTEN;
		}
	}
}
