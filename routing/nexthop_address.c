#include "routing/nexthop.h"

#include <string.h>

#include <arpa/inet.h>

/* The first `bits` bits of an address. */
struct prefix {
	unsigned char octets[16];
	unsigned bits;
};

/* What the IANA registry of special-purpose IPv4 addresses (RFC 6890) calls
 * not globally reachable, multicast and class E. */
static const struct prefix ipv4_special[] = {
	{ { 0 }, 8 },
	{ { 10 }, 8 },
	{ { 100, 64 }, 10 },
	{ { 127 }, 8 },
	{ { 169, 254 }, 16 },
	{ { 172, 16 }, 12 },
	{ { 192, 0, 0 }, 24 },
	{ { 192, 0, 2 }, 24 },
	{ { 192, 168 }, 16 },
	{ { 198, 18 }, 15 },
	{ { 198, 51, 100 }, 24 },
	{ { 203, 0, 113 }, 24 },
	{ { 224 }, 3 },
};

/* Only 2000::/3 is global unicast; these stand inside it. */
static const struct prefix ipv6_global = { { 0x20 }, 3 };
static const struct prefix ipv6_special[] = {
	{ { 0x20, 0x01 }, 23 },		    /* protocol assignments */
	{ { 0x20, 0x01, 0x0d, 0xb8 }, 32 }, /* documentation */
	{ { 0x3f, 0xff }, 20 },		    /* documentation */
};

/* IPv6 addresses that stand for an IPv4 address at this octet. */
static const struct {
	struct prefix prefix;
	size_t at;
} embedding[] = {
	{ { { [10] = 0xff, [11] = 0xff }, 96 }, 12 }, /* mapped */
	{ { { 0x00, 0x64, 0xff, 0x9b }, 96 }, 12 },   /* NAT64, RFC 6052 */
	{ { { 0x20, 0x02 }, 16 }, 2 },		      /* 6to4, RFC 3056 */
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static bool has_prefix(const unsigned char *octets, const struct prefix *prefix)
{
	size_t whole = prefix->bits / 8;
	unsigned mask = 0xff00u >> (prefix->bits % 8) & 0xffu;

	return memcmp(octets, prefix->octets, whole) == 0 &&
	       (mask == 0 ||
		((octets[whole] ^ prefix->octets[whole]) & mask) == 0);
}

static bool has_any(const unsigned char *octets, const struct prefix *list,
		    size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (has_prefix(octets, &list[i]))
			return true;
	return false;
}

static bool ipv4_is_private(const unsigned char *octets)
{
	return has_any(octets, ipv4_special, COUNT(ipv4_special));
}

static bool ipv6_is_private(const unsigned char *octets)
{
	for (size_t i = 0; i < COUNT(embedding); i++)
		if (has_prefix(octets, &embedding[i].prefix))
			return ipv4_is_private(octets + embedding[i].at);
	return !has_prefix(octets, &ipv6_global) ||
	       has_any(octets, ipv6_special, COUNT(ipv6_special));
}

bool nexthop_address_is_private(const char *address)
{
	unsigned char octets[16];

	if (inet_pton(AF_INET, address, octets) == 1)
		return ipv4_is_private(octets);
	if (inet_pton(AF_INET6, address, octets) == 1)
		return ipv6_is_private(octets);
	return true; /* not an address: nothing that may be reached */
}

bool nexthop_is_address(const char *host)
{
	unsigned char octets[16];

	return inet_pton(AF_INET, host, octets) == 1 ||
	       inet_pton(AF_INET6, host, octets) == 1;
}

bool nexthop_is_name(const char *host)
{
	const char *c = host;

	while (ascii_is_digit(*c) || ascii_is_alpha(*c) || *c == '-' ||
	       *c == '_' || *c == '.')
		c++;
	return *c == '\0' && host[0] != '\0' && strlen(host) < DNS_NAME_SIZE;
}

bool nexthop_copy_host(struct span host, char out[DNS_NAME_SIZE])
{
	if (host.len > 2 && host.at[0] == '[')
		host = (struct span){ host.at + 1, host.len - 2 };
	if (host.len > 1 && host.at[host.len - 1] == '.')
		host.len--;
	return span_copy(host, out, DNS_NAME_SIZE) &&
	       (nexthop_is_address(out) || nexthop_is_name(out));
}
