#ifndef IMGW_ROUTING_PLAN_HOP_H
#define IMGW_ROUTING_PLAN_HOP_H

/** The parts of a hop that need no DNS: whom the message is for, as the
 *  hop's protocol writes it, and whom TLS has to find there. Pure. */

#include "enum/tel.h"
#include "routing/hop.h"
#include "routing/im_uri.h"
#include "routing/resolve.h"
#include "routing/sip_uri.h"
#include "routing/status.h"

/** To the bare JID of an im: URI; the server is the component's affair
 *  (IM-19).
 *  @return ROUTE_OK; ROUTE_BAD_URI, ROUTE_BAD_DOMAIN it cannot be a JID */
MUST_USE enum route_status plan_hop_xmpp(const struct im_uri *im,
					 struct hop *hop_out);

/** To "sip:" user "@" host of an im: URI (RFC 5509, 3; IM-12). What may not
 *  stand in the userinfo of a SIP URI is percent-encoded; what is encoded
 *  stays so. The identity is the im: domain in any case (SEC-7, CONF-5).
 *  @param ruri_host_is_target  the host is the SRV target, with its port when
 *                              that is not 5060; else the im: domain
 *  @return ROUTE_OK, ROUTE_BAD_URI it does not fit */
MUST_USE enum route_status plan_hop_sip(const struct im_uri *im,
					const struct resolve_service *service,
					bool ruri_host_is_target,
					struct hop *hop_out);

/** To a number behind the operator's server: the tel: URI with its parameters
 *  as sent (TEL-7); the identity is the host of the server's URI (SIP-38).
 *  @param enumdi  add it, once (TEL-14)
 *  @param as_sip  the sip: form at the server's host instead (TEL-10)
 *  @return ROUTE_OK, ROUTE_BAD_URI */
MUST_USE enum route_status plan_hop_number(const struct tel *tel, bool enumdi,
					   const struct sip_uri *server,
					   bool as_sip, struct hop *hop_out);

/** To a JID as it is.
 *  @return ROUTE_OK; ROUTE_BAD_URI it does not fit */
MUST_USE enum route_status plan_hop_jid(struct span jid, struct hop *hop_out);

/** To a sip: URI as it is, by the operator's server (CONF-26).
 *  @return ROUTE_OK, ROUTE_BAD_URI */
MUST_USE enum route_status plan_hop_by_server(struct span uri,
					      const struct sip_uri *server,
					      struct hop *hop_out);

/** By a URI that the sender chose (SIP-27); the recipient is left alone, the
 *  identity is the URI's host.
 *  @param server_out  what it says, borrowing from `uri`
 *  @return ROUTE_OK, ROUTE_BAD_URI */
MUST_USE enum route_status plan_hop_route(struct span uri,
					  struct sip_uri *server_out,
					  struct hop *hop);

/** Fill in where the server is, from nexthop. @param secure  AD until here */
void plan_hop_locate(struct hop *hop, const struct hop *server, bool secure);

#endif
