#ifndef IMGW_GATEWAY_XMPP_XMPP_UNACKED_H
#define IMGW_GATEWAY_XMPP_XMPP_UNACKED_H

/** Did the server take it? XEP-0114 has no acknowledgements, but a stream is
 *  in order: a ping that comes back proves that everything before it was
 *  taken. Stored messages that were written and accepted wait here for such a
 *  proof; what still waits when the link breaks is sent again.
 *
 *  The less is on its way without a proof, the less comes twice after a break:
 *  pings follow soon and do not wait for each other, and the proof may be there
 *  before the time for an error (xmpp.error_wait) is over. */

#include <stdbool.h>
#include <stdint.h>

#include <strophe.h>

#include "enum/loop.h"
#include "gateway/queue.h"
#include "gateway/status.h"
#include "gateway/xmpp/link.h"

/** Stanzas on their way without a proof. A server gets no more before it has
 *  proved that it took half of them: the others wait in the store, as if the
 *  link were down. So a slow one answers a ping in time. */
#define XMPPSIDE_UNACKED_MAX 256

struct xmppside_unacked;

/** @param domain  ours; borrowed
 *  @return GATEWAY_OK, GATEWAY_NO_MEMORY */
MUST_USE enum gateway_status
xmppside_unacked_create(struct loop *loop, const char *domain,
			struct xmppside_unacked **unacked_out);

/** What pings go by, and who is told; both borrowed. */
void xmppside_unacked_connect(struct xmppside_unacked *unacked,
			      struct link *link, struct queue *queue);

/** May one more be written? */
bool xmppside_unacked_has_room(const struct xmppside_unacked *unacked);

/** The stanza of a stored message has been given to the link: a ping follows.
 *  @param serial  its place in the link */
void xmppside_unacked_wrote(struct xmppside_unacked *unacked, uint64_t serial);

/** Has the server taken what stood at this place of the link? */
bool xmppside_unacked_is_proven(const struct xmppside_unacked *unacked,
				uint64_t serial);

/** A stored message was accepted: it has arrived when that is proved.
 *  @param seq  its place in the store
 *  @param serial  its place in the link; 0: there was nothing to send, so it
 *                 has arrived */
void xmppside_unacked_add(struct xmppside_unacked *unacked, uint64_t seq,
			  uint64_t serial);

/** Is the stanza our own ping? Then what stood before it has arrived. */
bool xmppside_unacked_take(struct xmppside_unacked *unacked,
			   xmpp_stanza_t *stanza);

/** The link is down: what waits is lost, in its order. */
void xmppside_unacked_down(struct xmppside_unacked *unacked);

/** Ask now, and call back when nothing waits any more, the link is down, or
 *  two seconds have passed; once, from the loop. */
void xmppside_unacked_flush(struct xmppside_unacked *unacked,
			    void (*done)(void *arg), void *arg);

/** Free; clears; takes NULL. What waits stays in the store. */
void xmppside_unacked_destroy(struct xmppside_unacked **unacked);

#endif
