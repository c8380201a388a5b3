#include "gateway/sip/sip_private.h"

#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

static void write_hex(const unsigned char *octets, char out[SIPSIDE_TOKEN_SIZE])
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < (SIPSIDE_TOKEN_SIZE - 1) / 2; i++) {
		out[2 * i] = digits[octets[i] >> 4];
		out[2 * i + 1] = digits[octets[i] & 15];
	}
	out[SIPSIDE_TOKEN_SIZE - 1] = '\0';
}

void sipside_random_token(struct sipside *side, char out[SIPSIDE_TOKEN_SIZE])
{
	unsigned char octets[(SIPSIDE_TOKEN_SIZE - 1) / 2];

	loop_random(side->loop, octets, sizeof octets);
	write_hex(octets, out);
}

/* HMAC by HMAC, the result of one part being the key of the next: no part can
 * be shifted into its neighbour. */
void sipside_keyed_token(const struct sipside *side, const char *const *parts,
			 size_t count, char out[SIPSIDE_TOKEN_SIZE])
{
	unsigned char key[EVP_MAX_MD_SIZE], next[EVP_MAX_MD_SIZE];

	memcpy(key, side->key, sizeof side->key);
	for (size_t i = 0; i < count; i++) {
		struct span part = span_of(parts[i]);

		/* fails without memory only: then a guess-proof token that
		 * does not repeat is the better one */
		if (!HMAC(EVP_sha256(), key, sizeof side->key,
			  (const unsigned char *)part.at, part.len, next, NULL))
			loop_random(side->loop, next, sizeof side->key);
		memcpy(key, next, sizeof side->key);
	}
	write_hex(key, out);
}
