#ifndef IMGW_GATEWAY_XMPP_XMPP_OUT_H
#define IMGW_GATEWAY_XMPP_XMPP_OUT_H

/** (6) Attempts to stanzas. While the link is down they are held in order
 *  (XMPP-3). A stanza that was written and brought no error within error_wait
 *  is accepted (CONF-6). */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "enum/loop.h"
#include "gateway/outcome.h"
#include "gateway/reports_saved.h"
#include "gateway/side.h"
#include "gateway/status.h"
#include "gateway/xmpp/compose.h"
#include "gateway/xmpp/conversation.h"
#include "gateway/xmpp/link.h"
#include "gateway/xmpp/xmpp_unacked.h"

struct xmppside_out_options {
	struct compose_options compose;
	int64_t error_wait_ms;
	size_t held_max; /* attempts held while the link is down */
	struct outcome_profile profile;
	struct conversations *conversations; /* borrowed; outlive it */
	struct xmppside_unacked *unacked;    /* the same */
	struct reports_saved *saved; /* the same; NULL: nothing to ask */
};

struct xmppside_out;

/** @param link  borrowed; must outlive it; its events up, down and written
 *  must be passed on
 *  @return GATEWAY_OK, GATEWAY_NO_MEMORY */
MUST_USE enum gateway_status
xmppside_out_create(struct loop *loop, struct link *link,
		    const struct xmppside_out_options *options,
		    struct xmppside_out **out_out);

/** The side's send and cancel (side.h). */
void xmppside_out_send(struct xmppside_out *out, struct attempt *attempt);
void xmppside_out_cancel(struct xmppside_out *out, struct attempt *attempt);

/** A stanza of type error has come in: it decides the attempt that it
 *  answers, if that still waits.
 *  @return whether there was one */
bool xmppside_out_error(struct xmppside_out *out, xmpp_stanza_t *stanza);

/** The events of the link. */
void xmppside_out_up(struct xmppside_out *out);
void xmppside_out_down(struct xmppside_out *out);
void xmppside_out_written(struct xmppside_out *out);

/** Free; clears; takes NULL. No attempt may be in flight. */
void xmppside_out_destroy(struct xmppside_out **out);

#endif
