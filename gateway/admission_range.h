#ifndef IMGW_GATEWAY_ADMISSION_RANGE_H
#define IMGW_GATEWAY_ADMISSION_RANGE_H

/** Address ranges, by which neighbours are known. */

#include <stdbool.h>
#include <stddef.h>

/** An address range such as 127.0.0.11/32 or 2001:db8::/64. */
struct admission_range {
	unsigned char address[16]; /* IPv4 as ::ffff:a.b.c.d */
	unsigned prefix;           /* 0 to 128, of the 16 octets */
};

/** Parse "192.0.2.0/28", "2001:db8::1" (whole address without a slash).
 *  @return whether it is one */
bool admission_range_parse(const char *text, struct admission_range *out);

/** Is an address in one of the ranges? @param address  numeric, either
 *  family, without brackets */
bool admission_ranges_hold(const struct admission_range *ranges, size_t count,
			   const char *address);

#endif
