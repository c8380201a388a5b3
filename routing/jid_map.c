#include "routing/jid.h"

#include <string.h>

#include "enum/e164.h"
#include "enum/tel.h"
#include "routing/domain.h"
#include "routing/jid_prep.h"
#include "routing/sip_uri.h"
#include "routing/uri_text.h"

enum route_status jid_from_im(const struct im_uri *im, struct jid *jid_out)
{
	enum route_status status;

	jid_out->resource[0] = '\0';
	status = jid_escape_prepared(im->local, jid_out->local);
	if (status != ROUTE_OK)
		return status;
	return jid_prep_domain(span_of(im->domain), jid_out->domain);
}

/* MAP-4: digits only, parameters dropped. */
static bool read_number(struct span subscriber, char *out, size_t size)
{
	struct tel tel;

	return tel_parse(subscriber, &tel) == ENUM_OK &&
	       e164_is_number(tel.number) &&
	       span_copy(span_of(tel.number), out, size);
}

static bool local_from_number(struct span subscriber, struct jid *jid_out)
{
	return read_number(subscriber, jid_out->local, JID_PART_SIZE);
}

enum route_status jid_sender_number(struct span from_uri, char *out,
				    size_t size)
{
	struct span subscriber = span_skip(from_uri, strlen("tel:"));
	struct sip_uri uri;

	if (!span_starts_nocase(from_uri, "tel:")) {
		if (sip_uri_parse(from_uri, &uri) != ROUTE_OK)
			return ROUTE_BAD_URI;
		subscriber = uri.user;
	}
	return read_number(subscriber, out, size) ? ROUTE_OK : ROUTE_BAD_URI;
}

/* SEC-13: RFC 3323, 4.1.1.3 hides the domain too, RFC 4474, 12 only the
 * user; without a user nobody is named at all. All of them look the same. */
static bool is_anonymous(const struct sip_uri *uri)
{
	return uri->user.len == 0 || span_is_nocase(uri->user, "anonymous") ||
	       span_is_nocase(uri->host, "anonymous.invalid");
}

/* CONF-13: we may only speak for our own domain; in it a@b is a name. */
static enum route_status local_from_address(const struct sip_uri *uri,
					    struct jid *jid_out)
{
	char user[JID_PART_SIZE], address[JID_PART_SIZE];
	struct text t;

	if (is_anonymous(uri) ||
	    !span_percent_decode(uri->user, user, sizeof user))
		return ROUTE_BAD_URI;
	text_init(&t, address, sizeof address);
	text_add(&t, user);
	text_add_char(&t, '@');
	text_add_span(&t, uri->host);
	if (t.cut)
		return ROUTE_BAD_URI;
	return jid_escape_prepared(address, jid_out->local);
}

/* MAP-5: the value names an instance. ";gr" alone is a temporary GRUU: then,
 * and when it cannot be a resource, the JID stays bare. */
static enum route_status resource_from_gr(struct span gr, struct jid *jid_out)
{
	char decoded[JID_PART_SIZE];
	enum route_status status = ROUTE_BAD_URI;

	if (span_percent_decode(gr, decoded, sizeof decoded))
		status = jid_prep_resource(span_of(decoded), jid_out->resource);
	if (status != ROUTE_OK)
		jid_out->resource[0] = '\0';
	return status == ROUTE_NO_MEMORY ? status : ROUTE_OK;
}

/* TEL-11: a user part that is a global number is one, with user=phone or
 * without it. */
static enum route_status from_sip(struct span from_uri, struct jid *jid_out)
{
	struct sip_uri uri;
	enum route_status status = sip_uri_parse(from_uri, &uri);

	if (status != ROUTE_OK || local_from_number(uri.user, jid_out))
		return status;
	status = local_from_address(&uri, jid_out);
	if (status != ROUTE_OK)
		return status;
	return resource_from_gr(uri.gr, jid_out);
}

enum route_status jid_from_sip(struct span uri, struct jid *jid_out)
{
	char user[JID_PART_SIZE];
	enum route_status status = ROUTE_OK;
	struct sip_uri sip;

	if (sip_uri_parse(uri, &sip) != ROUTE_OK || sip.port ||
	    sip_uri_host_is_address(&sip) ||
	    !span_percent_decode(sip.user, user, sizeof user))
		return ROUTE_BAD_URI;
	jid_out->local[0] = jid_out->resource[0] = '\0';
	if (sip.user.len)
		status = jid_escape_prepared(user, jid_out->local);
	if (status == ROUTE_OK)
		status = jid_prep_domain(sip.host, jid_out->domain);
	return status == ROUTE_OK ? resource_from_gr(sip.gr, jid_out) : status;
}

static enum route_status from_tel(struct span subscriber, struct jid *jid_out)
{
	return local_from_number(subscriber, jid_out) ? ROUTE_OK
						      : ROUTE_BAD_URI;
}

enum route_status jid_from_sender(struct span from_uri,
				  const char *gateway_domain,
				  struct jid *jid_out)
{
	enum route_status status;

	if (from_uri.len > JID_SENDER_MAX)
		return ROUTE_BAD_URI;
	jid_out->resource[0] = '\0';
	if (span_starts_nocase(from_uri, "tel:"))
		status = from_tel(span_skip(from_uri, strlen("tel:")), jid_out);
	else
		status = from_sip(from_uri, jid_out);
	if (status == ROUTE_NO_MEMORY)
		return status;
	if (status != ROUTE_OK)
		span_copy(span_of("anonymous"), jid_out->local, JID_PART_SIZE);
	return jid_prep_domain(span_of(gateway_domain), jid_out->domain);
}

enum route_status jid_to_number(const struct jid *jid, char *out, size_t size)
{
	if (!e164_is_number(jid->local) ||
	    !span_copy(span_of(jid->local), out, size))
		return ROUTE_BAD_URI;
	return ROUTE_OK;
}

/* A name of the DNS in A-labels; an IPv6 literal as it is. */
static enum route_status write_host(const struct jid *jid, struct text *out)
{
	char ascii[IM_DOMAIN_SIZE];
	enum route_status status;

	if (jid->domain[0] == '[') {
		text_add(out, jid->domain);
		return ROUTE_OK;
	}
	status = domain_to_ascii(span_of(jid->domain), ascii, sizeof ascii);
	if (status == ROUTE_OK)
		text_add(out, ascii);
	return status;
}

static enum route_status write_sip(const struct jid *jid, const char *user,
				   struct text *out)
{
	enum route_status status;

	text_add(out, "sip:");
	uri_encode(span_of(user), uri_is_user_char, out);
	if (user[0])
		text_add_char(out, '@');
	status = write_host(jid, out);
	if (jid->resource[0])
		text_add(out, ";gr=");
	uri_encode(span_of(jid->resource), uri_is_param_char, out);
	return status;
}

/* Not every domain of a JID is a host of a URI: "a.1" is none. */
enum route_status jid_to_sip(const struct jid *jid, struct text *out)
{
	char user[JID_PART_SIZE];
	size_t start = out->len;
	struct sip_uri uri;
	enum route_status status = jid_unescape(jid->local, user, sizeof user);

	if (status == ROUTE_OK)
		status = write_sip(jid, user, out);
	if (status != ROUTE_OK)
		return status;
	if (out->cut)
		return ROUTE_BAD_URI;
	return sip_uri_parse((struct span){ out->at + start, out->len - start },
			     &uri);
}

enum route_status jid_to_sender(const struct jid *jid, struct text *out)
{
	char address[JID_PART_SIZE], *at;
	struct jid sender;
	enum route_status status =
		jid_unescape(jid->local, address, sizeof address);

	if (status != ROUTE_OK)
		return status;
	at = strrchr(address, '@');
	if (!at || at == address)
		return ROUTE_BAD_URI;
	*at = '\0';
	status = jid_escape_prepared(address, sender.local);
	if (status == ROUTE_OK)
		status = jid_prep_domain(span_of(at + 1), sender.domain);
	if (status != ROUTE_OK)
		return status;
	memcpy(sender.resource, jid->resource, sizeof sender.resource);
	return jid_to_sip(&sender, out);
}
