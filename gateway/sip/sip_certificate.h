#ifndef IMGW_GATEWAY_SIP_CERTIFICATE_H
#define IMGW_GATEWAY_SIP_CERTIFICATE_H

/** Whose certificate is it? The rules of SIP (RFC 5922, 7), which are not
 *  those of the web and of XMPP: no wildcards, URIs first (CONF-25). Pure;
 *  that the certificate is valid is for OpenSSL to say. */

#include <stdbool.h>

#include <openssl/x509.h>

/** Is it good for a SIP domain (SIP-38)? The host of each `sip:` URI without
 *  user among its alternative names counts; only without such a URI its DNS
 *  names; only without any alternative names its common name. An address is
 *  compared with such URIs, else with its IP addresses.
 *  @param domain  A-labels, or an address without brackets; "": never good */
bool sipside_certificate_names(X509 *certificate, const char *domain);

/** May it be used for SIP (RFC 5924, 4)? When it lists its purposes, one has
 *  to be the SIP domain, a TLS server, a TLS client, or any. */
bool sipside_certificate_is_for_sip(X509 *certificate);

#endif
