#include "gateway/sip/sip_private.h"

#include <sofia-sip/msg_addr.h>
#include <sofia-sip/url.h>

static bool is_our_port(const struct sipside *side, unsigned long port)
{
	if (port == 0)
		return true;
	for (size_t i = 0; i < side->options.listen_count; i++)
		if (side->options.listen[i].port == port)
			return true;
	return false;
}

static struct span without_brackets(struct span host)
{
	if (host.len >= 2 && host.at[0] == '[' &&
	    host.at[host.len - 1] == ']') {
		host.at++;
		host.len -= 2;
	}
	return host;
}

static bool is_our_host(const struct sipside *side, struct span host)
{
	const struct sipside_options *o = &side->options;

	for (size_t i = 0; i < o->domain_count; i++)
		if (span_is_nocase(host, o->domains[i]))
			return true;
	for (size_t i = 0; i < o->listen_count; i++)
		if (span_is_nocase(host, o->listen[i].address))
			return true;
	return false;
}

bool sipside_is_us(const struct sipside *side, struct span host,
		   unsigned long port)
{
	return is_our_host(side, without_brackets(host)) &&
	       is_our_port(side, port);
}

bool sipside_url_is_us(const struct sipside *side, const url_t *url)
{
	unsigned long port = 0;

	if (url->url_type != url_sip && url->url_type != url_sips)
		return false;
	if (url->url_port && *url->url_port &&
	    !span_number(span_of(url->url_port), 65535, &port))
		return false;
	return sipside_is_us(side, span_of(url->url_host), port);
}

const sip_route_t *sipside_route_beyond(const struct sipside *side,
					const sip_t *sip)
{
	const sip_route_t *route = sip->sip_route;

	while (route && sipside_url_is_us(side, route->r_url))
		route = route->r_next;
	return route;
}

void sipside_source(msg_t *msg, char out[DNS_ADDRESS_SIZE])
{
	su_sockaddr_t *from = msg_addr(msg);

	out[0] = '\0';
	if (from->su_family == AF_INET || from->su_family == AF_INET6)
		(void)su_inet_ntop(from->su_family, SU_ADDR(from), out,
				   DNS_ADDRESS_SIZE);
}

static void add_host(struct text *text, const char *host)
{
	const bool v6 = span_find(span_of(host), ':') >= 0 && host[0] != '[';

	text_addf(text, v6 ? "[%s]" : "%s", host);
}

void sipside_write_route(const struct hop *hop, enum transport transport,
			 char out[SIPSIDE_ROUTE_SIZE])
{
	const char *host =
		transport == TRANSPORT_TLS ? hop->identity : hop->host;
	struct text text;

	text_init(&text, out, SIPSIDE_ROUTE_SIZE);
	text_add(&text, "sip:");
	add_host(&text, *host ? host : hop->address);
	text_addf(&text, ":%u;transport=%s;maddr=", (unsigned)hop->port,
		  transport_word(transport));
	add_host(&text, hop->address);
}
