#ifndef IMGW_GATEWAY_XMPP_NEW_ADDRESS_H
#define IMGW_GATEWAY_XMPP_NEW_ADDRESS_H

/** The new address in the errors gone and redirect (RFC 6120, 8.3.3.5 and
 *  8.3.3.14), and in the Contact of 301 and 302 (RFC 7247, 7; MAP-15). Pure. */

#include <stdbool.h>

#include <strophe.h>

#include "enum/status.h"
#include "enum/text.h"

/** Write it into an error that says gone or redirect; any other one is left
 *  alone. A number becomes "xmpp:+digits@domain", where we deliver to it;
 *  another URI stays as it is.
 *  @param uri  of the Contact: tel: or sip:
 *  @return false: out of memory */
MUST_USE bool new_address_add(xmpp_stanza_t *error, const char *uri,
			      const char *domain);

/** Append the address of a stanza of type error as a Contact wants it: a JID
 *  or xmpp: URI becomes a sip: URI, or a tel: URI when it is a number of ours;
 *  sip:, tel: and im: URIs stay.
 *  @return false: there is none, or it cannot be written so */
bool new_address_read(xmpp_stanza_t *error, const char *domain,
		      struct text *out);

#endif
