#ifndef IMGW_GATEWAY_SIPHASH_H
#define IMGW_GATEWAY_SIPHASH_H

/** SipHash-2-4 (Aumasson and Bernstein, 2012): where a key falls in a table
 *  depends on a secret, so that nobody can aim at one place of it. */

#include <stddef.h>
#include <stdint.h>

/** The secret, octets. */
#define SIPHASH_KEY_SIZE 16

/** @param data  `len` octets */
uint64_t siphash(const unsigned char key[SIPHASH_KEY_SIZE], const void *data,
		 size_t len);

#endif
