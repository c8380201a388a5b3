#include "gateway/config_address.h"

#include <arpa/inet.h>
#include <string.h>

#include "gateway/config.h"

/** Of a tls: listener without one (RFC 3261, 19.1.2). */
#define SIPS_PORT 5061

static bool is_ip(const char *text)
{
	unsigned char octets[sizeof(struct in6_addr)];

	return inet_pton(AF_INET, text, octets) == 1 ||
	       inet_pton(AF_INET6, text, octets) == 1;
}

/* Cut the address, without brackets, off the front of "address:port". */
static bool cut_host(struct span *rest, struct span *host_out)
{
	ptrdiff_t end;

	if (rest->len && rest->at[0] == '[') {
		end = span_find(*rest, ']');
		if (end < 0)
			return false;
		*host_out = (struct span){ rest->at + 1, (size_t)end - 1 };
		*rest = span_skip(*rest, (size_t)end + 1);
		return span_find(*host_out, ':') >= 0;
	}
	end = span_find(*rest, ':');
	*host_out = *rest;
	if (end >= 0)
		host_out->len = (size_t)end;
	*rest = span_skip(*rest, host_out->len);
	return true;
}

/* @param initial  without one; 0: there has to be one */
static enum gateway_status parse_port(uint16_t initial, struct span rest,
				      uint16_t *port_out, struct text *why)
{
	unsigned long port;

	if (rest.len == 0 && initial) {
		*port_out = initial;
		return GATEWAY_OK;
	}
	if (rest.len && rest.at[0] == ':' &&
	    span_number(span_skip(rest, 1), 65535, &port) && port > 0) {
		*port_out = (uint16_t)port;
		return GATEWAY_OK;
	}
	config_quote(why, span_skip(rest, 1));
	text_add(why, " is not a port (1-65535)");
	return GATEWAY_BAD_CONFIG;
}

static enum gateway_status parse_text(uint16_t initial, struct span text,
				      struct config_address *out,
				      struct text *why)
{
	struct span host, rest = text;

	if (!cut_host(&rest, &host) ||
	    !span_copy(host, out->address, sizeof out->address) ||
	    !is_ip(out->address)) {
		config_quote(why, text);
		text_add(why, " does not begin with an IP address");
		return GATEWAY_BAD_CONFIG;
	}
	return parse_port(initial, rest, &out->port, why);
}

enum gateway_status config_address_parse(const struct config_scalar *scalar,
					 void *value_out, struct text *why)
{
	struct config_address address = { "", 0 };
	enum gateway_status status =
		parse_text(scalar->row->port, scalar->text, &address, why);

	if (status == GATEWAY_OK)
		memcpy(value_out, &address, sizeof address);
	return status;
}

static void write_address(const char *address, unsigned port, FILE *out)
{
	bool six = strchr(address, ':') != NULL;

	fprintf(out, six ? "[%s]:%u" : "%s:%u", address, port);
}

void config_address_write(const struct config_row *row, const void *value,
			  FILE *out)
{
	const struct config_address *address = value;

	(void)row;
	fputc('"', out);
	write_address(address->address, address->port, out);
	fputc('"', out);
}

enum gateway_status config_listener_parse(const struct config_scalar *scalar,
					  void *value_out, struct text *why)
{
	struct listen_address *listen = value_out;
	struct config_address address = { "", 0 };
	enum gateway_status status;

	for (unsigned i = 0; i < TRANSPORT_COUNT; i++) {
		struct span rest = scalar->text, word;

		if (!span_cut(&rest, ':', &word) ||
		    !span_is_nocase(word, transport_word((enum transport)i)))
			continue;
		status = parse_text(i == TRANSPORT_TLS ? SIPS_PORT
						       : scalar->row->port,
				    rest, &address, why);
		if (status != GATEWAY_OK)
			return status;
		listen->transport = (enum transport)i;
		listen->port = address.port;
		memcpy(listen->address, address.address,
		       sizeof listen->address);
		return GATEWAY_OK;
	}
	config_quote(why, scalar->text);
	text_add(why, " does not begin with udp:, tcp: or tls:");
	return GATEWAY_BAD_CONFIG;
}

void config_listener_write(const struct config_row *row, const void *value,
			   FILE *out)
{
	const struct listen_address *listen = value;

	(void)row;
	fprintf(out, "\"%s:", transport_word(listen->transport));
	write_address(listen->address, listen->port, out);
	fputc('"', out);
}

enum gateway_status config_range_parse(const struct config_scalar *scalar,
				       void *value_out, struct text *why)
{
	char text[DNS_ADDRESS_SIZE + sizeof "/128"];

	if (span_copy(scalar->text, text, sizeof text) &&
	    admission_range_parse(text, value_out))
		return GATEWAY_OK;
	config_quote(why, scalar->text);
	text_add(why, " is not an address range");
	return GATEWAY_BAD_CONFIG;
}

void config_range_write(const struct config_row *row, const void *value,
			FILE *out)
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };
	const struct admission_range *range = value;
	bool four = memcmp(range->address, mapped, sizeof mapped) == 0 &&
		    range->prefix >= 96;
	char text[INET6_ADDRSTRLEN];

	(void)row;
	if (!inet_ntop(four ? AF_INET : AF_INET6,
		       range->address + (four ? sizeof mapped : 0), text,
		       sizeof text))
		return;
	fprintf(out, "\"%s/%u\"", text, range->prefix - (four ? 96 : 0));
}
