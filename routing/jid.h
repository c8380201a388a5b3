#ifndef IMGW_ROUTING_JID_H
#define IMGW_ROUTING_JID_H

/** JIDs, and addresses of the one world written in the other (RFC 7247, 6;
 *  RFC 7622; XEP-0106; MAP-1..5, XMPP-9, XMPP-16). Pure. */

#include <stdbool.h>
#include <stddef.h>

#include "enum/text.h"
#include "routing/im_uri.h"
#include "routing/status.h"

/** Octets of a localpart, a domain or a resource, terminator included. */
#define JID_PART_SIZE 1024

/** A whole JID in text, terminator included. */
#define JID_SIZE (3 * JID_PART_SIZE + 2)

/** Octets of a SIP sender's URI; a longer one is refused. */
#define JID_SENDER_MAX JID_SIZE

/** All parts prepared; local and resource may be "". */
struct jid {
	char local[JID_PART_SIZE];
	char domain[JID_PART_SIZE];
	char resource[JID_PART_SIZE];
};

/** Parse and prepare "local@domain/resource". The domain may be a single
 *  label or an IP literal; it is kept in U-labels.
 *  @param jid_out  usable only after ROUTE_OK, here and below
 *  @return ROUTE_OK, ROUTE_BAD_URI (empty or over-long part, forbidden
 *          characters), ROUTE_BAD_DOMAIN, ROUTE_NO_MEMORY */
MUST_USE enum route_status jid_parse(struct span text, struct jid *jid_out);

/** Append local@domain, or with `full` also /resource when there is one. */
void jid_write(const struct jid *jid, bool full, struct text *out);

/** XEP-0106 in full (CONF-17): a decoded local part to a localpart and back.
 *  A backslash becomes \5c only in front of what would read as an escape; a
 *  space may be neither first nor last. Nothing is prepared here; unescape
 *  only what is.
 *  @return ROUTE_OK, ROUTE_BAD_URI (does not fit, or forbidden) */
MUST_USE enum route_status jid_escape(const char *text, char *out,
				      size_t size);
MUST_USE enum route_status jid_unescape(const char *localpart, char *out,
					size_t size);

/** jid_escape and the preparation of a localpart in one. Where the second
 *  makes or breaks an escape of the first it is refused: a fullwidth
 *  backslash in front of "40" would read as an '@' that the address does not
 *  have, and a '/' with a dot above it as none.
 *  @return ROUTE_OK, ROUTE_BAD_URI, ROUTE_NO_MEMORY */
MUST_USE enum route_status jid_escape_prepared(const char *text,
					       char out[JID_PART_SIZE]);

/** im: URI to bare JID (MAP-1, MAP-2; XMPP-8: without scheme).
 *  @return ROUTE_OK, ROUTE_BAD_URI, ROUTE_BAD_DOMAIN, ROUTE_NO_MEMORY */
MUST_USE enum route_status jid_from_im(const struct im_uri *im,
				       struct jid *jid_out);

/** The address of a SIP sender under our domain (MAP-4, CONF-13): a number,
 *  in a tel: URI or as the user of a sip: URI (TEL-11), becomes
 *  "+digits@gateway"; sip:a@b becomes "a\40b@gateway", with ";gr=r" also "/r"
 *  (MAP-5); anything that cannot be written so, and "anonymous", becomes
 *  "anonymous@gateway" (SEC-13).
 *  @param from_uri  tel:, sip: or sips: URI as received
 *  @param gateway_domain  xmpp.domain
 *  @return ROUTE_OK, ROUTE_BAD_URI (longer than JID_SENDER_MAX),
 *          ROUTE_BAD_DOMAIN (the gateway's), ROUTE_NO_MEMORY */
MUST_USE enum route_status jid_from_sender(struct span from_uri,
					   const char *gateway_domain,
					   struct jid *jid_out);

/** The number behind a SIP sender's URI, tel: or sip: (MAP-4, TEL-11), as it
 *  stands in his JID.
 *  @param size  octets of out; E164_SIZE is enough
 *  @return ROUTE_OK; ROUTE_BAD_URI: there is none */
MUST_USE enum route_status jid_sender_number(struct span from_uri, char *out,
					     size_t size);

/** A sip: or sips: URI as JID (RFC 7247, 6.4; MAP-1), the way back from
 *  jid_to_sip; ";gr=r" becomes the resource.
 *  @return ROUTE_OK, ROUTE_BAD_URI (also with a port or a bare address: that
 *          names a machine), ROUTE_BAD_DOMAIN, ROUTE_NO_MEMORY */
MUST_USE enum route_status jid_from_sip(struct span uri, struct jid *jid_out);

/** "+digits" of a JID at our domain (XMPP-16): '+' and 1 to 15 digits.
 *  @param size  octets of out; E164_SIZE is enough
 *  @return ROUTE_OK; ROUTE_BAD_URI otherwise */
MUST_USE enum route_status jid_to_number(const struct jid *jid, char *out,
					 size_t size);

/** The sip: URI of a sender behind his JID at our domain, the way back from
 *  jid_from_sender: "a\40b@gateway/r" -> "sip:a@b;gr=r" (XMPP-16).
 *  @return as jid_to_sip; ROUTE_BAD_URI also when it is no such address */
MUST_USE enum route_status jid_to_sender(const struct jid *jid,
					 struct text *out);

/** Append a JID as sip: URI (MAP-3): unescaped, then percent-encoded; the
 *  domain in A-labels; a resource becomes ";gr=". Only after ROUTE_OK is
 *  what was appended of use.
 *  "alice@im.example/r1" -> "sip:alice@im.example;gr=r1".
 *  @return ROUTE_OK, ROUTE_BAD_URI (does not fit, a space first or last, a
 *          domain that is no host), ROUTE_BAD_DOMAIN, ROUTE_NO_MEMORY */
MUST_USE enum route_status jid_to_sip(const struct jid *jid,
				      struct text *out);

#endif
