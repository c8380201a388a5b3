#include "routing/plan_hop.h"

#include <string.h>

#include "routing/jid.h"
#include "routing/number_uri.h"

enum route_status plan_hop_xmpp(const struct im_uri *im, struct hop *hop_out)
{
	struct jid jid;
	struct text recipient;
	enum route_status status = jid_from_im(im, &jid);

	*hop_out = (struct hop){ .protocol = PROTOCOL_XMPP };
	if (status != ROUTE_OK)
		return status;
	text_init(&recipient, hop_out->recipient, sizeof hop_out->recipient);
	jid_write(&jid, false, &recipient);
	return recipient.cut ? ROUTE_BAD_URI : ROUTE_OK;
}

enum route_status plan_hop_jid(struct span jid, struct hop *hop_out)
{
	*hop_out = (struct hop){ .protocol = PROTOCOL_XMPP };
	return jid.len && span_copy(jid, hop_out->recipient,
				    sizeof hop_out->recipient)
		       ? ROUTE_OK
		       : ROUTE_BAD_URI;
}

/* RFC 3261, 25.1: unreserved and user-unreserved, and '%', which begins an
 * escape that im_uri_parse has checked. */
static bool may_stand(char c)
{
	return ascii_is_alpha(c) || ascii_is_digit(c) ||
	       (c != '\0' && strchr("-_.!~*'()&=+$,;?/%", c));
}

static void add_user(struct text *out, const char *user)
{
	for (; *user; user++)
		if (may_stand(*user))
			text_add_char(out, *user);
		else
			text_addf(out, "%%%02X", (unsigned char)*user);
}

enum route_status plan_hop_sip(const struct im_uri *im,
			       const struct resolve_service *service,
			       bool ruri_host_is_target, struct hop *hop_out)
{
	bool target = ruri_host_is_target && service->host_is_target;
	struct text uri;

	*hop_out =
		(struct hop){ .protocol = PROTOCOL_SIP, .port = service->port };
	memcpy(hop_out->host, service->host, sizeof hop_out->host);
	memcpy(hop_out->identity, im->domain, sizeof im->domain);
	text_init(&uri, hop_out->recipient, sizeof hop_out->recipient);
	text_add(&uri, "sip:");
	add_user(&uri, im->user);
	text_addf(&uri, "@%s", target ? service->host : im->domain);
	if (target && service->port != 5060)
		text_addf(&uri, ":%u", (unsigned)service->port);
	return uri.cut ? ROUTE_BAD_URI : ROUTE_OK;
}

enum route_status plan_hop_number(const struct tel *tel, bool enumdi,
				  const struct sip_uri *server, bool as_sip,
				  struct hop *hop_out)
{
	struct text uri;

	*hop_out = (struct hop){ .protocol = PROTOCOL_SIP };
	text_init(&uri, hop_out->recipient, sizeof hop_out->recipient);
	if (as_sip)
		number_uri_sip(tel, enumdi, server, &uri);
	else
		tel_write(tel, enumdi, &uri);
	return nexthop_copy_host(server->host, hop_out->identity) && !uri.cut
		       ? ROUTE_OK
		       : ROUTE_BAD_URI;
}

enum route_status plan_hop_by_server(struct span uri,
				     const struct sip_uri *server,
				     struct hop *hop_out)
{
	struct sip_uri recipient;
	enum route_status status = sip_uri_parse(uri, &recipient);

	*hop_out = (struct hop){ .protocol = PROTOCOL_SIP };
	if (status != ROUTE_OK)
		return status;
	if (recipient.secure || recipient.headers.len ||
	    !span_copy(uri, hop_out->recipient, sizeof hop_out->recipient) ||
	    !nexthop_copy_host(server->host, hop_out->identity))
		return ROUTE_BAD_URI;
	return ROUTE_OK;
}

enum route_status plan_hop_route(struct span uri, struct sip_uri *server_out,
				 struct hop *hop)
{
	enum route_status status = sip_uri_parse(uri, server_out);

	if (status != ROUTE_OK)
		return status;
	return nexthop_copy_host(server_out->host, hop->identity)
		       ? ROUTE_OK
		       : ROUTE_BAD_URI;
}

void plan_hop_locate(struct hop *hop, const struct hop *server, bool secure)
{
	memcpy(hop->host, server->host, sizeof hop->host);
	memcpy(hop->address, server->address, sizeof hop->address);
	hop->port = server->port;
	hop->transport = server->transport;
	hop->transport_advertised = server->transport_advertised;
	hop->secure = secure && server->secure;
}

_Static_assert(IM_DOMAIN_SIZE <= DNS_NAME_SIZE, "an identity fits");
