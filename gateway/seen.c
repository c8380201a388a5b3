#include "gateway/seen.h"

#include <stdlib.h>

#include "gateway/key_table.h"

struct seen {
	struct key_table *keys;
};

enum gateway_status seen_create(struct loop *loop, int64_t window_ms,
				struct seen **seen_out)
{
	struct seen *seen = calloc(1, sizeof *seen);

	*seen_out = seen;
	if (seen && key_table_create(loop, SEEN_MAX, window_ms, &seen->keys) ==
			    GATEWAY_OK)
		return GATEWAY_OK;
	seen_destroy(seen_out);
	return GATEWAY_NO_MEMORY;
}

void seen_destroy(struct seen **seen)
{
	if (*seen)
		key_table_destroy(&(*seen)->keys);
	free(*seen);
	*seen = NULL;
}

bool seen_before(struct seen *seen, const struct message *message)
{
	if (!message->has_key)
		return false;
	if (key_table_find(seen->keys, message->key))
		return true;
	key_table_put(seen->keys, message->key, "");
	return false;
}

void seen_forget(struct seen *seen, const struct message *message)
{
	if (message->has_key)
		key_table_forget(seen->keys, message->key);
}
