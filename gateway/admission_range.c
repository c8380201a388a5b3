#include "gateway/admission_range.h"

#include <arpa/inet.h>
#include <string.h>

#include "enum/text.h"

/* Both families in one form: IPv4 as ::ffff:a.b.c.d. */
static bool address_parse(const char *text, unsigned char out[16], bool *v4)
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };

	memcpy(out, mapped, sizeof mapped);
	*v4 = inet_pton(AF_INET, text, out + 12) == 1;
	return *v4 || inet_pton(AF_INET6, text, out) == 1;
}

bool admission_range_parse(const char *text, struct admission_range *out)
{
	struct span rest = span_of(text), address;
	unsigned long bits;
	char buffer[INET6_ADDRSTRLEN];
	bool v4;

	if (!span_cut(&rest, '/', &address) ||
	    !span_copy(address, buffer, sizeof buffer) ||
	    !address_parse(buffer, out->address, &v4))
		return false;
	bits = v4 ? 32 : 128;
	if (rest.at && !span_number(rest, bits, &bits))
		return false;
	out->prefix = (unsigned)bits + (v4 ? 96 : 0);
	return true;
}

static bool range_holds(const struct admission_range *range,
			const unsigned char address[16])
{
	unsigned whole = range->prefix / 8, rest = range->prefix % 8;

	if (memcmp(range->address, address, whole) != 0)
		return false;
	return rest == 0 ||
	       (range->address[whole] ^ address[whole]) >> (8 - rest) == 0;
}

bool admission_ranges_hold(const struct admission_range *ranges, size_t count,
			   const char *address)
{
	unsigned char octets[16];
	bool v4;

	if (!address_parse(address, octets, &v4))
		return false;
	for (size_t i = 0; i < count; i++)
		if (range_holds(&ranges[i], octets))
			return true;
	return false;
}
