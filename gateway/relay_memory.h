#ifndef IMGW_GATEWAY_RELAY_MEMORY_H
#define IMGW_GATEWAY_RELAY_MEMORY_H

/** What the relay table remembers from one message to the next, each with an
 *  age and a bound of its own. */

#include <stdbool.h>
#include <stdint.h>

#include "enum/loop.h"
#include "gateway/backoff.h"
#include "gateway/bindings.h"
#include "gateway/message.h"
#include "gateway/outcome.h"
#include "gateway/seen.h"

struct relay_memory_options {
	int64_t pause_max_ms, dead_max_ms; /* see backoff_create */
	int64_t repeat_window_ms; /* see seen_create; XMPP only (XMPP-25) */
	struct bindings_options bindings;
};

struct relay_memory {
	struct backoff *backoff;   /* next hops that asked for a pause */
	struct seen *seen;         /* messages */
	struct bindings *bindings; /* who wrote to whom */
};

/** @return GATEWAY_OK; GATEWAY_NO_MEMORY: there is nothing to clear */
MUST_USE enum gateway_status
relay_memory_init(struct relay_memory *memory, struct loop *loop,
		  const struct relay_memory_options *options);

/** Free what it holds; may be called again. */
void relay_memory_clear(struct relay_memory *memory);

/** May the message go on, as far as earlier ones have a say? If so it is
 *  noted, and what they tell about it is filled in.
 *  @param no_out  403: an answer to somebody who did not write (SEC-3); 202:
 *                 it came before, and is delivered or on its way (XMPP-25) */
MUST_USE bool relay_memory_admits(struct relay_memory *memory,
				  struct message *message,
				  struct outcome *no_out);

/** What became of an admitted message: one that failed may come again. */
void relay_memory_note_end(struct relay_memory *memory,
			   const struct message *message,
			   const struct outcome *outcome);

#endif
