#define _DEFAULT_SOURCE /* u_char in arpa/nameser.h */

#include "tests/fake/wire_fake.h"

#include <string.h>

#include <arpa/nameser.h>

#include "tests/fake/fake.h"

void wire_put(struct wire *w, const void *octets, size_t len)
{
	if (len > sizeof w->at - w->len)
		fake_abort("a message has at most %d octets", WIRE_MAX);
	memcpy(w->at + w->len, octets, len);
	w->len += len;
}

void wire_put_16(struct wire *w, unsigned value)
{
	unsigned char octets[2] = { (unsigned char)(value >> 8),
				    (unsigned char)value };

	wire_put(w, octets, sizeof octets);
}

void wire_put_32(struct wire *w, uint32_t value)
{
	wire_put_16(w, value >> 16);
	wire_put_16(w, value & 0xffff);
}

void wire_put_name(struct wire *w, const char *name)
{
	unsigned char wire[NS_MAXCDNAME];
	size_t len = 1;

	if (ns_name_pton(name, wire, sizeof wire) < 0)
		fake_abort("not a domain name: %s", name);
	for (size_t at = 0; wire[at]; at += wire[at] + 1u)
		len += wire[at] + 1u;
	wire_put(w, wire, len);
}

void wire_put_record(struct wire *w, const char *name, unsigned type,
		     uint32_t ttl_s, const void *data, size_t len)
{
	wire_put_name(w, name);
	wire_put_16(w, type);
	wire_put_16(w, ns_c_in);
	wire_put_32(w, ttl_s);
	wire_put_16(w, (unsigned)len);
	wire_put(w, data, len);
}
