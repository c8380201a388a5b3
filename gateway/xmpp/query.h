#ifndef IMGW_GATEWAY_XMPP_QUERY_H
#define IMGW_GATEWAY_XMPP_QUERY_H

/** What we answer to iq and presence stanzas (XMPP-10, -11, -13, -18). Pure. */

#include <strophe.h>

/** The answer to a stanza, if it gets one.
 *  @param stanza  an iq or presence
 *  @param domain  ours
 *  @return the caller's: xmpp_stanza_release; NULL: none, or out of memory */
xmpp_stanza_t *query_answer(xmpp_stanza_t *stanza, const char *domain);

#endif
