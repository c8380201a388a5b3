#include "gateway/xmpp/link_state.h"

#include <assert.h>

static const struct {
	bool allowed;
	enum link_state next;
} table[LINK_STATE_COUNT][LINK_EVENT_COUNT] = {
	[LINK_DOWN] = {
		[LINK_EVENT_START] = { true, LINK_CONNECTING },
	},
	[LINK_CONNECTING] = {
		[LINK_EVENT_STOP] = { true, LINK_DOWN },
		[LINK_EVENT_TIMER] = { true, LINK_BACKOFF },
		[LINK_EVENT_ACCEPTED] = { true, LINK_UP },
		[LINK_EVENT_LOST] = { true, LINK_BACKOFF },
	},
	[LINK_UP] = {
		[LINK_EVENT_STOP] = { true, LINK_DOWN },
		[LINK_EVENT_LOST] = { true, LINK_BACKOFF },
	},
	[LINK_BACKOFF] = {
		[LINK_EVENT_STOP] = { true, LINK_DOWN },
		[LINK_EVENT_TIMER] = { true, LINK_CONNECTING },
	},
};

bool link_state_next(enum link_state state, enum link_event event,
		     enum link_state *next_out)
{
	if (state >= LINK_STATE_COUNT || event >= LINK_EVENT_COUNT ||
	    !table[state][event].allowed)
		return false;
	*next_out = table[state][event].next;
	return true;
}

const char *link_state_word(enum link_state state)
{
	static const char *const words[] = { "down", "connecting", "up",
					     "backoff" };

	static_assert(sizeof words / sizeof words[0] == LINK_STATE_COUNT,
		      "a word for each state");
	return state < LINK_STATE_COUNT ? words[state] : "unknown";
}

const char *link_event_word(enum link_event event)
{
	static const char *const words[] = { "start", "stop", "timer",
					     "accepted", "lost" };

	static_assert(sizeof words / sizeof words[0] == LINK_EVENT_COUNT,
		      "a word for each event");
	return event < LINK_EVENT_COUNT ? words[event] : "unknown";
}
