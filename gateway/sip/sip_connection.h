#ifndef IMGW_GATEWAY_SIP_CONNECTION_H
#define IMGW_GATEWAY_SIP_CONNECTION_H

/** The TCP and TLS connections that others have made to us (SEC-17, SIP-42):
 *  how many there may be, and how long one may be silent or in the middle of
 *  a message. The SIP library accepts each one and lets an octet every now
 *  and then keep it; it tells nobody. So the functions by which it comes to
 *  and goes from the loop are replaced, and what is too much is shut down,
 *  which the library takes for the peer's own doing. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sofia-sip/tport.h>

#include "gateway/sip/sipside.h"

struct sipside_connections;

/** There is one for a loop, from here until the destroy.
 *  @param options  borrowed
 *  @return NULL: out of memory */
struct sipside_connections *
sipside_connections_create(struct loop *loop,
			   const struct sipside_options *options);

/** Free; clears; takes NULL. */
void sipside_connections_destroy(struct sipside_connections **connections);

/** A whole message has come by this transport. */
void sipside_connections_heard(struct sipside_connections *connections,
			       const tport_t *tport);

/** Those that are open now. */
size_t sipside_connections_count(const struct sipside_connections *connections);

#endif
