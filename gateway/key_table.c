#include "gateway/key_table.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "enum/text.h"
#include "gateway/siphash.h"

/** A key may stand at any place of its set. */
#define SET_SIZE 8

struct place {
	unsigned char key[MESSAGE_KEY_SIZE];
	int64_t until_ms; /* 0: free */
	char number[E164_SIZE];
};

struct key_table {
	struct loop *loop;
	int64_t age_ms;
	unsigned char secret[SIPHASH_KEY_SIZE];
	size_t sets;
	struct place places[];
};

enum gateway_status key_table_create(struct loop *loop, size_t keys,
				     int64_t age_ms,
				     struct key_table **table_out)
{
	const size_t sets = (keys + SET_SIZE - 1) / SET_SIZE;
	struct key_table *table = calloc(
		1, sizeof *table + sets * SET_SIZE * sizeof table->places[0]);

	*table_out = table;
	if (!table)
		return GATEWAY_NO_MEMORY;
	table->loop = loop;
	table->age_ms = age_ms;
	table->sets = sets;
	loop_random(loop, table->secret, sizeof table->secret);
	return GATEWAY_OK;
}

void key_table_destroy(struct key_table **table)
{
	free(*table);
	*table = NULL;
}

static size_t set_of(const struct key_table *table,
		     const unsigned char key[MESSAGE_KEY_SIZE])
{
	return (size_t)(siphash(table->secret, key, MESSAGE_KEY_SIZE) %
			table->sets) *
	       SET_SIZE;
}

/* The place of the key in its set, or else the one that ends first. */
static size_t find(const struct key_table *table,
		   const unsigned char key[MESSAGE_KEY_SIZE], bool *found_out)
{
	const size_t set = set_of(table, key);
	size_t first = set;

	*found_out = false;
	for (size_t i = set; i < set + SET_SIZE; i++) {
		const struct place *place = &table->places[i];

		if (place->until_ms &&
		    memcmp(place->key, key, MESSAGE_KEY_SIZE) == 0) {
			*found_out = place->until_ms > loop_now_ms(table->loop);
			return i;
		}
		if (place->until_ms < table->places[first].until_ms)
			first = i;
	}
	return first;
}

void key_table_put(struct key_table *table,
		   const unsigned char key[MESSAGE_KEY_SIZE],
		   const char *number)
{
	bool found;
	struct place *place = &table->places[find(table, key, &found)];

	memcpy(place->key, key, MESSAGE_KEY_SIZE);
	place->until_ms = loop_now_ms(table->loop) + table->age_ms;
	(void)span_copy(span_of(number), place->number, sizeof place->number);
}

const char *key_table_find(const struct key_table *table,
			   const unsigned char key[MESSAGE_KEY_SIZE])
{
	bool found;
	const struct place *place = &table->places[find(table, key, &found)];

	return found ? place->number : NULL;
}

void key_table_forget(struct key_table *table,
		      const unsigned char key[MESSAGE_KEY_SIZE])
{
	bool found;
	size_t at = find(table, key, &found);

	if (found)
		table->places[at].until_ms = 0;
}
