#ifndef IMGW_GATEWAY_XMPP_PROMPT_H
#define IMGW_GATEWAY_XMPP_PROMPT_H

/** jabber:iq:gateway: a client asks what to ask its user for, and then for the
 *  JID of what he typed (XEP-0100, 6.3; XMPP-15). Pure. */

#include <strophe.h>

#include "gateway/outcome.h"

#define PROMPT_NS "jabber:iq:gateway"

/** Say what to ask for. @param query  of the result, empty yet
 *  @return CONDITION_NONE, CONDITION_RESOURCE_CONSTRAINT out of memory */
enum condition prompt_ask(xmpp_stanza_t *query);

/** Turn what was typed into a JID of ours: "+1 (202) 555-0199" becomes
 *  "+12025550199@gw.example.net".
 *  @param asked  the query of the set
 *  @param domain  ours
 *  @return CONDITION_NONE; CONDITION_BAD_REQUEST nothing was typed,
 *          CONDITION_ITEM_NOT_FOUND it is no number (XMPP-14),
 *          CONDITION_RESOURCE_CONSTRAINT out of memory */
enum condition prompt_answer(xmpp_stanza_t *asked, const char *domain,
			     xmpp_stanza_t *query);

#endif
