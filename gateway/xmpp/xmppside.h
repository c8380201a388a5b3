#ifndef IMGW_GATEWAY_XMPP_XMPPSIDE_H
#define IMGW_GATEWAY_XMPP_XMPPSIDE_H

/** The XMPP side: the component link (XEP-0114, link.c), stanzas in
 *  (xmpp_in.c) and out (xmpp_out.c). libstrophe lives here only. */

#include <stdbool.h>
#include <stdint.h>

#include "enum/loop.h"
#include "gateway/relay.h"
#include "gateway/reports.h"
#include "gateway/reports_saved.h"
#include "gateway/side.h"
#include "gateway/status.h"

/** Borrowed strings; must outlive the side. */
struct xmppside_options {
	const char *domain;         /* ours: the component's name */
	const char *address;        /* of the server, numeric */
	uint16_t port;
	const char *secret;
	bool sip_addresses;         /* replies.sip_addresses (XMPP-16) */
	bool type_chat;             /* xmpp.type (CONF-11) */
	int64_t error_wait_ms;      /* 0: 202 at once (CONF-6) */
	size_t queue_max;           /* stanzas waiting in the link's send
				     * queue; beyond: temporary */
	struct outcome_profile profile;
	struct reports *reports;    /* NULL: there are none */
	struct reports_saved *saved; /* NULL: they end with the process */
};

struct xmppside;

/** Make the side; once it is enabled, the link connects by itself and
 *  reconnects with a randomised back-off (XMPP-3).
 *  @return GATEWAY_OK, GATEWAY_NO_MEMORY, GATEWAY_BAD_CONFIG (the address is
 *          not numeric) */
MUST_USE enum gateway_status
xmppside_create(struct loop *loop, const struct xmppside_options *options,
		struct xmppside **xmppside_out);

/** Where messages go; must be set before the loop runs.
 *  @param queue  hears what arrived and what got lost; NULL: nothing is
 *                stored */
void xmppside_connect(struct xmppside *xmppside, struct relay_table *relays,
		      struct queue *queue);

/** Is the link ours? Not before that is said; without a queue it is. */
void xmppside_enable(struct xmppside *xmppside, bool yes);

/** The face that the middle sees; lives as long as the side. */
struct side *xmppside_side(struct xmppside *xmppside);

/** Is the link up (handshake accepted)? */
bool xmppside_is_up(const struct xmppside *xmppside);

/** Take no more messages from now on: resource-constraint. */
void xmppside_drain(struct xmppside *xmppside);

/** Wait until the server has taken what was written, or for two seconds.
 *  @param done  once, from the loop, never before this returns */
void xmppside_flush(struct xmppside *xmppside, void (*done)(void *arg),
		    void *arg);

/** Close the stream and free; clears; takes NULL. No relay in flight. */
void xmppside_destroy(struct xmppside **xmppside);

#endif
