#ifndef IMGW_GATEWAY_SIP_TLS_H
#define IMGW_GATEWAY_SIP_TLS_H

/** TLS of the SIP side. The SIP library makes the connections and shovels the
 *  octets; what is believed is decided here, because the library takes a
 *  common name for a name of any certificate, says nothing of why a handshake
 *  failed, lets a handshake last for ever and never frees a connection.
 *
 *  The library shows nobody its TLS context. We learn of it and of each
 *  connection from OpenSSL, which tells who asks (CRYPTO_get_ex_new_index),
 *  and then set both up by OpenSSL's own functions. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "enum/loop.h"
#include "enum/text.h"
#include "gateway/status.h"
#include "routing/hop.h"

/** Borrowed strings; must outlive the side. Files are PEM. */
struct sipside_tls_options {
	const char *cert_file; /* with the intermediate ones behind it */
	const char *key_file;
	const char *ca_file; /* or NULL: the system's authorities */
	bool verify;	     /* peers in both directions */
	int64_t handshake_ms;
};

struct sipside_tls;

/** @param tls_out  the caller's: sipside_tls_destroy, after the library's
 *                  last connection
 *  @return GATEWAY_OK, GATEWAY_NO_MEMORY */
MUST_USE enum gateway_status
sipside_tls_create(struct loop *loop, const struct sipside_tls_options *options,
		   struct sipside_tls **tls_out);

/** The TLS context that is made from now on is the library's. */
void sipside_tls_catch(struct sipside_tls *tls);

/** It has been made: set it up. What is wrong is logged.
 *  @return GATEWAY_OK, GATEWAY_BAD_CONFIG, GATEWAY_NO_MEMORY */
MUST_USE enum gateway_status sipside_tls_settle(struct sipside_tls *tls);

/** A connection that is made from now on leads to this hop: its certificate
 *  must be good for hop->identity (SIP-38, SEC-7), and for no other message
 *  is it used again. NULL: none is made. @param tls  may be NULL */
void sipside_tls_aim(struct sipside_tls *tls, const struct hop *hop);

/** Why the connection to a hop failed, "TLS handshake failed: ...".
 *  @param tls  may be NULL
 *  @return false: TLS is not to blame */
bool sipside_tls_fault(const struct sipside_tls *tls, const struct hop *hop,
		       struct text *why);

/** Connections that are not freed yet. */
size_t sipside_tls_count(const struct sipside_tls *tls);

/** Free; clears; takes NULL. */
void sipside_tls_destroy(struct sipside_tls **tls);

#endif
