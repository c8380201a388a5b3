#ifndef IMGW_GATEWAY_XMPP_LINK_H
#define IMGW_GATEWAY_XMPP_LINK_H

/** The link: our standing connection as component (XEP-0114) to a trusted
 *  server. It connects by itself, and again with a randomised back-off
 *  (XMPP-3), and notices a server that has fallen silent (XMPP-13). The states
 *  are in link_state.h. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <strophe.h>

#include "enum/loop.h"
#include "gateway/status.h"
#include "gateway/xmpp/connection.h"

struct link_options {
	struct connection_target target;
	size_t queue_max;       /* stanzas not yet written */
	int64_t connect_ms;     /* for connect and handshake together */
	int64_t backoff_min_ms, backoff_max_ms;
	int64_t idle_ms;        /* nothing heard for so long: ping */
	int64_t ping_ms;        /* and still nothing: lost */
};

/** Called from the loop, never from inside a function below. Do not destroy
 *  the link in here. */
struct link_events {
	void (*up)(void *arg);
	void (*down)(void *arg); /* from up only */
	/** A stanza, borrowed during the call. */
	void (*stanza)(xmpp_stanza_t *stanza, void *arg);
	/** Something was written: link_written may have moved. */
	void (*written)(void *arg);
	void *arg;
};

struct link;

/** Make the link; it is down until link_enable.
 *  @param options, events  copied
 *  @return GATEWAY_OK, GATEWAY_NO_MEMORY, GATEWAY_BAD_CONFIG (the address is
 *          not numeric) */
MUST_USE enum gateway_status link_create(struct loop *loop,
					 const struct link_options *options,
					 const struct link_events *events,
					 struct link **link_out);

/** Let it connect, again and again, or be down. A server allows one connection
 *  for a component: of several gateways one has it. Not from inside an event.
 */
void link_enable(struct link *link, bool yes);

/** Has the server accepted the handshake? */
bool link_is_up(const struct link *link);

/** For building stanzas. */
xmpp_ctx_t *link_context(struct link *link);

enum link_sent {
	LINK_QUEUED,
	LINK_NOT_UP,
	LINK_FULL, /* the server is slower than we */
	LINK_NO_MEMORY
};

/** Queue a stanza; it is written when the loop turns. Order is kept
 *  (XMPP-30). What is queued when the link goes down is lost.
 *  @param stanza  released in any case; NULL: LINK_NO_MEMORY
 *  @param serial_out  its place, to be compared with link_written, or NULL */
enum link_sent link_send(struct link *link, xmpp_stanza_t *stanza,
			 uint64_t *serial_out);

/** Stanzas up to this place have left the process. */
uint64_t link_written(const struct link *link);

/** Close the stream and free; clears; takes NULL. No event runs. */
void link_destroy(struct link **link);

#endif
