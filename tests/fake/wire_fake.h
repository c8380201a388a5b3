#ifndef IMGW_TESTS_WIRE_FAKE_H
#define IMGW_TESTS_WIRE_FAKE_H

/** DNS messages written octet by octet, without compression (RFC 1035, 4.1).
 *  What does not fit aborts the test. */

#include <stddef.h>
#include <stdint.h>

/** The largest DNS message. */
#define WIRE_MAX 65535

struct wire {
	unsigned char at[WIRE_MAX];
	size_t len;
};

void wire_put(struct wire *w, const void *octets, size_t len);
void wire_put_16(struct wire *w, unsigned value);
void wire_put_32(struct wire *w, uint32_t value);

/** @param name  in text, with or without the dot at the end; "" is the root */
void wire_put_name(struct wire *w, const char *name);

/** A whole resource record of class IN. */
void wire_put_record(struct wire *w, const char *name, unsigned type,
		     uint32_t ttl_s, const void *data, size_t len);

#endif
