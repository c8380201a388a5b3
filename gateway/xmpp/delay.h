#ifndef IMGW_GATEWAY_XMPP_DELAY_H
#define IMGW_GATEWAY_XMPP_DELAY_H

/** When a message was sent, in case it was on its way for long (XEP-0203;
 *  XMPP-26, SIP-22). Pure. */

#include <stdbool.h>
#include <stdint.h>

#include <strophe.h>

#include "gateway/message.h"

/** A message whose Date is older than this, seconds, when it goes on is said
 *  to be late; clocks of neighbours differ by less. */
#define DELAY_OLD_S 60

/** Append to the stanza of a text when it was sent, if it is late: held, or of
 *  an old Date.
 *  @param domain  ours: who says so
 *  @param now_s   wall clock
 *  @param held    it waits from now on
 *  @return false: out of memory */
MUST_USE bool delay_mark(xmpp_stanza_t *stanza, const char *domain,
			 const struct message *message, int64_t now_s,
			 bool held);

/** When a stanza was sent, as the server of its sender says.
 *  @param from  its sender's JID
 *  @return seconds since 1970; 0: it does not say */
int64_t delay_read(xmpp_stanza_t *stanza, const char *from);

#endif
