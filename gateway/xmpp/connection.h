#ifndef IMGW_GATEWAY_XMPP_CONNECTION_H
#define IMGW_GATEWAY_XMPP_CONNECTION_H

/** One connection as component (XEP-0114), by libstrophe, run from our loop.
 *  What it does about failures is link.h's matter.
 *
 *  libstrophe renders what it reads by recursion and joins text in quadratic
 *  time, and lets nobody bound either. It is the server's stanza limit that
 *  protects us: keep it at 512 KiB (Prosody's for s2s) or below. Stanzas nested
 *  100,000 deep would use up a stack of 8 MiB. A DTD cannot be refused when
 *  the server sends it in front of its own stream header (expat bounds what
 *  it may grow to); later it is not well-formed and ends the connection
 *  (XMPP-4). */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <strophe.h>

#include "enum/loop.h"
#include "gateway/status.h"

/** Strings are borrowed and must outlive the connection. */
struct connection_target {
	const char *domain;  /* the component's name */
	const char *address; /* of the server, numeric: a name would block */
	uint16_t port;
	const char *secret;
};

struct connection_events {
	/** The server has accepted the handshake. Do not close in here. */
	void (*accepted)(void *arg);
	/** A stanza, borrowed during the call. Do not close in here. */
	void (*stanza)(xmpp_stanza_t *stanza, void *arg);
	/** Something was written: connection_written may have moved. Do not
	 *  close in here. */
	void (*written)(void *arg);
	/** It is of no use any more; close it in here. */
	void (*lost)(const char *reason, void *arg);
	void *arg;
};

struct connection;

/** Make a closed connection. @param target  copied, @param events  copied
 *  @return GATEWAY_OK, GATEWAY_NO_MEMORY, GATEWAY_BAD_CONFIG (the address is
 *          not numeric) */
MUST_USE enum gateway_status
connection_create(struct loop *loop, const struct connection_target *target,
		  const struct connection_events *events,
		  struct connection **connection_out);

/** Start to connect; no event runs before this returns.
 *  @return false: it could not even start; close it */
bool connection_open(struct connection *connection);

/** Drop it at once, with all that is queued. No event runs. */
void connection_close(struct connection *connection);

/** For building stanzas. */
xmpp_ctx_t *connection_context(struct connection *connection);

/** Stanzas that are queued but not yet written. */
size_t connection_waiting(const struct connection *connection);

/** Queue a stanza; it is written when the loop turns, in order.
 *  @return its serial number, from 1; 0: out of memory, or not accepted */
uint64_t connection_send(struct connection *connection, xmpp_stanza_t *stanza);

/** Stanzas up to this serial number have left the process. */
uint64_t connection_written(const struct connection *connection);

/** Close the stream if there is one, and free; clears; takes NULL. No event
 *  runs. */
void connection_destroy(struct connection **connection);

#endif
