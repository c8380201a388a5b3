#include "gateway/relay_memory.h"

enum gateway_status relay_memory_init(struct relay_memory *memory,
				      struct loop *loop,
				      const struct relay_memory_options *o)
{
	*memory = (struct relay_memory){ .backoff = NULL };
	if (backoff_create(loop, o->pause_max_ms, o->dead_max_ms,
			   &memory->backoff) == GATEWAY_OK &&
	    seen_create(loop, o->repeat_window_ms, &memory->seen) ==
		    GATEWAY_OK &&
	    bindings_create(loop, &o->bindings, &memory->bindings) ==
		    GATEWAY_OK)
		return GATEWAY_OK;
	relay_memory_clear(memory);
	return GATEWAY_NO_MEMORY;
}

void relay_memory_clear(struct relay_memory *memory)
{
	backoff_destroy(&memory->backoff);
	seen_destroy(&memory->seen);
	bindings_destroy(&memory->bindings);
}

/* SIP has transactions for what is sent again (SIP-17). */
static bool may_repeat(const struct message *message)
{
	return message->origin == PROTOCOL_XMPP;
}

bool relay_memory_admits(struct relay_memory *memory, struct message *message,
			 struct outcome *no_out)
{
	if (message->kind == PLAN_JID &&
	    !bindings_permit(memory->bindings, message)) {
		*no_out = outcome_of_sip(403, "Not Our Domain");
		return false;
	}
	if (may_repeat(message) && seen_before(memory->seen, message)) {
		*no_out = outcome_of_sip(202, "it came before");
		return false;
	}
	bindings_recall(memory->bindings, message);
	return true;
}

void relay_memory_note_end(struct relay_memory *memory,
			   const struct message *message,
			   const struct outcome *outcome)
{
	if (may_repeat(message) && (outcome->kind == OUTCOME_TEMPORARY ||
				    outcome->kind == OUTCOME_PERMANENT))
		seen_forget(memory->seen, message);
}
