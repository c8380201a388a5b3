#include "routing/sip_uri.h"

#include <string.h>

#include <arpa/inet.h>

#include "routing/uri_text.h"

static bool is_header_char(char c)
{
	return c == '?' || c == '=' || uri_is_param_char(c);
}

static bool is_address(struct span s, int family)
{
	char text[DNS_ADDRESS_SIZE];
	unsigned char octets[sizeof(struct in6_addr)];

	return span_copy(s, text, sizeof text) &&
	       inet_pton(family, text, octets) == 1;
}

/* '_' is not in the grammar, but in names that machines are given. */
static bool is_host_label(struct span label)
{
	for (size_t i = 0; i < label.len; i++) {
		char c = label.at[i];

		if (!ascii_is_alpha(c) && !ascii_is_digit(c) && c != '-' &&
		    c != '_')
			return false;
	}
	return label.len > 0;
}

static bool is_digits(struct span s)
{
	while (s.len && ascii_is_digit(s.at[0]))
		s = span_skip(s, 1);
	return s.len == 0;
}

/* A name whose last label is a number would be a wrong IPv4 address. */
static bool is_host_name(struct span host)
{
	struct span rest = host, label = { NULL, 0 };

	if (host.len == 0 || host.len >= DNS_NAME_SIZE)
		return false;
	if (host.at[host.len - 1] == '.')
		rest.len--;
	while (span_cut(&rest, '.', &label))
		if (!is_host_label(label))
			return false;
	return !is_digits(label);
}

static bool cut_scheme(struct span *rest, struct sip_uri *sip_out)
{
	sip_out->secure = span_starts_nocase(*rest, "sips:");
	if (!sip_out->secure && !span_starts_nocase(*rest, "sip:"))
		return false;
	*rest = span_skip(*rest, strlen(sip_out->secure ? "sips:" : "sip:"));
	return true;
}

/* '@' delimits the userinfo wherever it stands: '?' and ';' may be part of a
 * user, '@' may not be part of anything. */
static bool cut_user(struct span *rest, struct sip_uri *sip_out)
{
	struct span userinfo;

	if (span_find(*rest, '@') < 0)
		return true;
	return span_cut(rest, '@', &userinfo) &&
	       span_cut(&userinfo, ':', &sip_out->user) &&
	       sip_out->user.len > 0 &&
	       uri_is_text(sip_out->user, uri_is_user_char) &&
	       uri_is_text(userinfo, uri_is_user_char); /* the password */
}

/* SIP-47: they are set apart, and nobody follows them. */
static bool cut_headers(struct span *rest, struct sip_uri *sip_out)
{
	struct span before;

	if (!span_cut(rest, '?', &before))
		return false;
	if (rest->at)
		sip_out->headers = *rest;
	*rest = before;
	return uri_is_text(sip_out->headers, is_header_char);
}

static bool read_transport(struct span value, struct sip_uri *sip_out)
{
	if (sip_out->has_transport)
		return false;
	sip_out->has_transport = true;
	for (int i = 0; i < TRANSPORT_COUNT; i++) {
		if (!span_is_nocase(value, transport_word((enum transport)i)))
			continue;
		sip_out->transport = (enum transport)i;
		sip_out->transport_known = true;
	}
	return true;
}

static bool read_once(struct span value, struct span *out)
{
	if (out->at)
		return false;
	*out = value;
	return true;
}

/* A parameter that routes must not stand there twice (RFC 3261, 19.1.1): one
 * element would follow the first, another one the second. */
static bool read_param(struct span param, struct sip_uri *sip_out)
{
	struct span name, value;

	if (!span_cut(&param, '=', &name))
		return false;
	value = param;
	if (name.len == 0 || (value.at && value.len == 0) ||
	    !uri_is_text(name, uri_is_param_char) ||
	    !uri_is_text(value, uri_is_param_char))
		return false;
	if (span_is_nocase(name, "transport"))
		return read_transport(value, sip_out);
	if (span_is_nocase(name, "gr"))
		return read_once(value, &sip_out->gr);
	if (span_is_nocase(name, "maddr"))
		return read_once(value, &sip_out->maddr);
	if (span_is_nocase(name, "user"))
		sip_out->user_phone = span_is_nocase(value, "phone");
	return true;
}

static bool cut_params(struct span *rest, struct sip_uri *sip_out)
{
	ptrdiff_t at = span_find(*rest, ';');
	struct span list, param;

	if (at < 0)
		return true;
	sip_out->params = span_skip(*rest, (size_t)at);
	rest->len = (size_t)at;
	list = span_skip(sip_out->params, 1);
	while (span_cut(&list, ';', &param))
		if (!read_param(param, sip_out))
			return false;
	return true;
}

static bool cut_ipv6(struct span *rest, struct sip_uri *sip_out)
{
	ptrdiff_t end = span_find(*rest, ']');

	if (end < 0)
		return false;
	sip_out->host = (struct span){ rest->at, (size_t)end + 1 };
	*rest = span_skip(*rest, sip_out->host.len);
	return is_address(
		(struct span){ sip_out->host.at + 1, (size_t)end - 1 },
		AF_INET6);
}

static bool cut_host(struct span *rest, struct sip_uri *sip_out)
{
	ptrdiff_t colon = span_find(*rest, ':');

	if (rest->len && rest->at[0] == '[')
		return cut_ipv6(rest, sip_out);
	sip_out->host = *rest;
	if (colon >= 0)
		sip_out->host.len = (size_t)colon;
	*rest = span_skip(*rest, sip_out->host.len);
	return is_address(sip_out->host, AF_INET) ||
	       is_host_name(sip_out->host);
}

static bool read_port(struct span rest, struct sip_uri *sip_out)
{
	unsigned long port;

	if (rest.len == 0)
		return true;
	if (rest.at[0] != ':' ||
	    !span_number(span_skip(rest, 1), UINT16_MAX, &port) || port == 0)
		return false;
	sip_out->port = (uint16_t)port;
	return true;
}

enum route_status sip_uri_parse(struct span uri, struct sip_uri *sip_out)
{
	*sip_out = (struct sip_uri){ .secure = false };
	if (cut_scheme(&uri, sip_out) && cut_user(&uri, sip_out) &&
	    cut_headers(&uri, sip_out) && cut_params(&uri, sip_out) &&
	    cut_host(&uri, sip_out) && read_port(uri, sip_out))
		return ROUTE_OK;
	return ROUTE_BAD_URI;
}

bool sip_uri_host_is_address(const struct sip_uri *uri)
{
	return (uri->host.len && uri->host.at[0] == '[') ||
	       is_address(uri->host, AF_INET);
}
