#ifndef IMGW_GATEWAY_XMPP_XMPP_STARVED_H
#define IMGW_GATEWAY_XMPP_XMPP_STARVED_H

/** Attempts for which there was no memory, not even for a timer: a list
 *  without nodes and one timer made at the start still keep the promise of
 *  gateway/side.h. */

#include <stdbool.h>

#include "enum/loop.h"
#include "gateway/side.h"
#include "gateway/status.h"

struct xmppside_starved {
	struct attempt *first; /* linked by their `state` */
	struct loop_timer *timer;
};

/** @return GATEWAY_OK, GATEWAY_NO_MEMORY */
MUST_USE enum gateway_status
xmppside_starved_init(struct xmppside_starved *starved, struct loop *loop);

/** Free the timer; no attempt is left. */
void xmppside_starved_clear(struct xmppside_starved *starved);

/** It ends for want of memory when the loop turns. */
void xmppside_starved_add(struct xmppside_starved *starved,
			  struct attempt *attempt);

/** Take one out. @return whether it was in there */
bool xmppside_starved_remove(struct xmppside_starved *starved,
			     struct attempt *attempt);

#endif
