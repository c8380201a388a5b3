#ifndef IMGW_GATEWAY_XMPP_STANZA_KEY_H
#define IMGW_GATEWAY_XMPP_STANZA_KEY_H

/** What a stanza has in common with itself when a client sends it again
 *  (XMPP-25). Pure. */

#include <strophe.h>

#include "gateway/message.h"

/** Fill the message's key: its sender, whatever device he uses, its
 *  recipient, its id and its text; an id alone is not enough, since there are
 *  clients that count from 1 after each start. The id is the <origin-id/>, if
 *  there is one (XEP-0359, 3.2); a <stanza-id/> is somebody else's claim and
 *  counts for nothing. Without an id there is no key.
 *  @param message  with its addresses and its body */
void stanza_set_key(struct message *message, xmpp_stanza_t *stanza);

#endif
