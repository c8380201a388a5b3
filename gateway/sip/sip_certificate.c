#include "gateway/sip/sip_certificate.h"

#include <openssl/objects.h>
#include <openssl/x509v3.h>

#include "routing/nexthop.h"
#include "routing/sip_uri.h"

/** id-kp-sipDomain (RFC 5924, 3). */
#define SIP_DOMAIN_PURPOSE "1.3.6.1.5.5.7.3.20"

/* Not terminated by anything, and a NUL in it is an octet like others. */
static struct span span_of_string(const ASN1_STRING *string)
{
	return (struct span){ (const char *)ASN1_STRING_get0_data(string),
			      (size_t)ASN1_STRING_length(string) };
}

static struct span without_brackets(struct span host)
{
	if (host.len >= 2 && host.at[0] == '[') {
		host.at++;
		host.len -= 2;
	}
	return host;
}

/* RFC 5922, 7.1: sips: is no identity, and neither is a user's URI. */
static bool is_domain_uri(const GENERAL_NAME *name, struct span *host_out)
{
	struct sip_uri uri;

	if (name->type != GEN_URI ||
	    sip_uri_parse(span_of_string(name->d.uniformResourceIdentifier),
			  &uri) != ROUTE_OK)
		return false;
	*host_out = without_brackets(uri.host);
	return !uri.secure && !uri.user.len;
}

static bool has_domain_uri(const GENERAL_NAMES *names)
{
	struct span host;

	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++)
		if (is_domain_uri(sk_GENERAL_NAME_value(names, i), &host))
			return true;
	return false;
}

static bool uri_names(const GENERAL_NAMES *names, const char *domain)
{
	struct span host;

	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++)
		if (is_domain_uri(sk_GENERAL_NAME_value(names, i), &host) &&
		    span_is_nocase(host, domain))
			return true;
	return false;
}

/* RFC 5922, 7.2: the whole name, and a '*' is only a '*'. */
static bool dns_names(const GENERAL_NAMES *names, const char *domain)
{
	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
		const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);

		if (name->type == GEN_DNS &&
		    span_is_nocase(span_of_string(name->d.dNSName), domain))
			return true;
	}
	return false;
}

/* The last one is the most specific. */
static bool common_name_is(const X509 *certificate, const char *domain)
{
	const X509_NAME *subject = X509_get_subject_name(certificate);
	const X509_NAME_ENTRY *entry;
	int at = -1, next;

	while ((next = X509_NAME_get_index_by_NID(subject, NID_commonName,
						  at)) >= 0)
		at = next;
	if (at < 0)
		return false;
	entry = X509_NAME_get_entry(subject, at);
	return span_is_nocase(span_of_string(X509_NAME_ENTRY_get_data(entry)),
			      domain);
}

bool sipside_certificate_names(X509 *certificate, const char *domain)
{
	GENERAL_NAMES *names;
	bool found;
	int found_as; /* -1: there are none; -2: twice; else they are broken */

	if (!*domain)
		return false;
	names = X509_get_ext_d2i(certificate, NID_subject_alt_name, &found_as,
				 NULL);
	if (!names)
		return found_as == -1 && !nexthop_is_address(domain) &&
		       common_name_is(certificate, domain);
	if (has_domain_uri(names))
		found = uri_names(names, domain);
	else if (nexthop_is_address(domain))
		found = X509_check_ip_asc(certificate, domain, 0) == 1;
	else
		found = dns_names(names, domain);
	GENERAL_NAMES_free(names);
	return found;
}

static bool is_sip_purpose(const ASN1_OBJECT *purpose)
{
	char oid[sizeof SIP_DOMAIN_PURPOSE + 1];

	switch (OBJ_obj2nid(purpose)) {
	case NID_server_auth:
	case NID_client_auth:
	case NID_anyExtendedKeyUsage: return true;
	default:
		return OBJ_obj2txt(oid, sizeof oid, purpose, 1) > 0 &&
		       span_is(span_of(oid), SIP_DOMAIN_PURPOSE);
	}
}

bool sipside_certificate_is_for_sip(X509 *certificate)
{
	EXTENDED_KEY_USAGE *purposes;
	bool found = false;
	int found_as;

	purposes = X509_get_ext_d2i(certificate, NID_ext_key_usage, &found_as,
				    NULL);
	if (!purposes)
		return found_as == -1;
	for (int i = 0; !found && i < sk_ASN1_OBJECT_num(purposes); i++)
		found = is_sip_purpose(sk_ASN1_OBJECT_value(purposes, i));
	EXTENDED_KEY_USAGE_free(purposes);
	return found;
}
