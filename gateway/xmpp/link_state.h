#ifndef IMGW_GATEWAY_XMPP_LINK_STATE_H
#define IMGW_GATEWAY_XMPP_LINK_STATE_H

/** The states of the link and the events allowed in each. Pure.
 *
 *      DOWN --start--> CONNECTING --accepted--> UP
 *                       |      ^                 |
 *                 lost, timer  | timer         lost
 *                       v      |                 |
 *                       BACKOFF <----------------+
 *
 *  From everywhere --stop--> DOWN. */

#include <stdbool.h>

enum link_state {
	LINK_DOWN,       /* not started, or another node has the link */
	LINK_CONNECTING, /* TCP connect, stream header, handshake */
	LINK_UP,         /* the server has accepted the handshake */
	LINK_BACKOFF,    /* waiting before the next attempt */
	LINK_STATE_COUNT
};

enum link_event {
	LINK_EVENT_START,    /* the link is ours */
	LINK_EVENT_STOP,     /* it is not, any more */
	LINK_EVENT_TIMER,    /* the timer of the state has fired */
	LINK_EVENT_ACCEPTED, /* handshake accepted */
	LINK_EVENT_LOST,     /* refused, closed, stream error, silent */
	LINK_EVENT_COUNT
};

/** What an event does to a state.
 *  @param next_out  unchanged when the answer is no
 *  @return false: the event is not allowed in this state */
bool link_state_next(enum link_state state, enum link_event event,
		     enum link_state *next_out);

/** "down", "connecting", "up", "backoff". */
const char *link_state_word(enum link_state state);

/** "start", "stop", "timer", "accepted", "lost". */
const char *link_event_word(enum link_event event);

#endif
