#ifndef IMGW_GATEWAY_XMPP_RECEIPT_H
#define IMGW_GATEWAY_XMPP_RECEIPT_H

/** Receipts (XEP-0184) and chat markers (XEP-0333) in stanzas. Pure. */

#include <stdbool.h>

#include <strophe.h>

#include "gateway/message.h"
#include "gateway/xmpp/stanza.h"

#define RECEIPT_NS "urn:xmpp:receipts"
#define RECEIPT_MARKERS_NS "urn:xmpp:chat-markers:0"

/** Which reports the sender of a stanza asks for, as bits: none without an id
 *  that they could name, and none about an acknowledgement (RCPT-8). */
unsigned receipt_wants(xmpp_stanza_t *stanza);

/** Ask for reports. @param wants  MESSAGE_DELIVERED, MESSAGE_DISPLAYED
 *  @return false: out of memory, or the stanza is NULL */
MUST_USE bool receipt_ask(xmpp_stanza_t *stanza, unsigned wants);

/** The id of the message that a stanza reports on.
 *  @param what  MESSAGE_DELIVERED or MESSAGE_DISPLAYED
 *  @return borrowed; NULL: it does not */
const char *receipt_read(xmpp_stanza_t *stanza, enum message_report what);

/** A message stanza that says that much and asks for nothing.
 *  @param address  of this stanza itself, id included
 *  @param what  as above
 *  @param original_id  of the message reported
 *  @return the caller's: xmpp_stanza_release; NULL: out of memory */
xmpp_stanza_t *receipt_stanza(xmpp_ctx_t *ctx,
			      const struct stanza_address *address,
			      enum message_report what,
			      const char *original_id);

#endif
