#ifndef IMGW_GATEWAY_XMPP_OOB_H
#define IMGW_GATEWAY_XMPP_OOB_H

/** Links beside the text of a stanza (XEP-0066; XMPP-27): what XMPP clients
 *  send instead of a file (XEP-0363). Pure. */

#include <strophe.h>

#include "gateway/message.h"

/** Links taken over from one stanza. */
#define OOB_LINKS_MAX 8

/** Is there a link that is not empty? */
bool oob_has_link(xmpp_stanza_t *stanza);

/** Append each link to the body on a line of its own, unless the body is that
 *  link; an empty body becomes the link. Nothing is fetched.
 *  @return GATEWAY_OK, GATEWAY_NO_MEMORY, GATEWAY_TOO_LARGE */
MUST_USE enum gateway_status oob_append(struct message *message,
					xmpp_stanza_t *stanza);

#endif
