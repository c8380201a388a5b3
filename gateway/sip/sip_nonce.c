#include "gateway/sip/sip_nonce.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

/* A nonce: TIME SERIAL PROOF, all hexadecimal. */
#define TIME_LEN   16
#define SERIAL_LEN 8
#define NAME_LEN   (TIME_LEN + SERIAL_LEN)
#define PROOF_LEN  24

_Static_assert(NAME_LEN + PROOF_LEN + 1 == SIPSIDE_NONCE_SIZE,
	       "a nonce has its size");

/** Counts that are remembered below the highest. */
#define WINDOW 64

struct nonce {
	int64_t made_ms;
	uint32_t serial;  /* tells apart what was made at the same time */
	uint32_t highest; /* count; 0: a free place */
	uint64_t seen;	  /* bit n: highest - n was used */
};

struct sipside_nonces {
	struct loop *loop;
	int64_t life_ms;
	uint32_t serial;
	unsigned char key[32];
	/* of the youngest nonce that gave way: up to it, what does not stand
	 * in the table may have been used */
	int64_t forgotten_ms;
	struct nonce used[SIPSIDE_NONCES];
};

struct sipside_nonces *sipside_nonces_create(struct loop *loop, int64_t life_ms)
{
	struct sipside_nonces *nonces = calloc(1, sizeof *nonces);

	if (!nonces)
		return NULL;
	nonces->loop = loop;
	nonces->life_ms = life_ms;
	nonces->forgotten_ms = INT64_MIN;
	loop_random(loop, nonces->key, sizeof nonces->key);
	return nonces;
}

void sipside_nonces_destroy(struct sipside_nonces **nonces)
{
	free(*nonces);
	*nonces = NULL;
}

/* @return false: out of memory */
static bool write_proof(const struct sipside_nonces *nonces, const char *name,
			char out[PROOF_LEN + 1])
{
	unsigned char octets[EVP_MAX_MD_SIZE];
	struct text text;

	text_init(&text, out, PROOF_LEN + 1);
	if (!HMAC(EVP_sha256(), nonces->key, sizeof nonces->key,
		  (const unsigned char *)name, NAME_LEN, octets, NULL))
		return false;
	for (size_t i = 0; i < PROOF_LEN / 2; i++)
		text_addf(&text, "%02x", octets[i]);
	return true;
}

void sipside_nonce_make(struct sipside_nonces *nonces,
			char out[SIPSIDE_NONCE_SIZE])
{
	char proof[PROOF_LEN + 1];
	struct text text;

	text_init(&text, out, SIPSIDE_NONCE_SIZE);
	text_addf(&text, "%016" PRIx64 "%08" PRIx32,
		  (uint64_t)loop_now_ms(nonces->loop), ++nonces->serial);
	if (write_proof(nonces, out, proof)) /* else it will not be taken */
		text_add(&text, proof);
}

static bool read_hex(const char *digits, size_t len, uint64_t *out)
{
	*out = 0;
	for (size_t i = 0; i < len; i++) {
		char c = ascii_lower(digits[i]);

		if (!ascii_is_digit(c) && (c < 'a' || c > 'f'))
			return false;
		*out = *out << 4 |
		       (uint64_t)(ascii_is_digit(c) ? c - '0' : c - 'a' + 10);
	}
	return true;
}

/* Is it one of ours, and which? */
static bool read_nonce(const struct sipside_nonces *nonces, struct span text,
		       struct nonce *out)
{
	char proof[PROOF_LEN + 1];
	uint64_t made, serial;

	if (text.len != NAME_LEN + PROOF_LEN ||
	    !write_proof(nonces, text.at, proof) ||
	    CRYPTO_memcmp(text.at + NAME_LEN, proof, PROOF_LEN) != 0 ||
	    !read_hex(text.at, TIME_LEN, &made) ||
	    !read_hex(text.at + TIME_LEN, SERIAL_LEN, &serial))
		return false;
	*out = (struct nonce){ .made_ms = (int64_t)made,
			       .serial = (uint32_t)serial };
	return true;
}

/* The place of a nonce; for a new one the free or the oldest place.
 * @return NULL: it may have been used and forgotten */
static struct nonce *find(struct sipside_nonces *nonces,
			  const struct nonce *wanted)
{
	struct nonce *place = &nonces->used[0];

	for (size_t i = 0; i < SIPSIDE_NONCES; i++) {
		struct nonce *n = &nonces->used[i];

		if (n->highest && n->made_ms == wanted->made_ms &&
		    n->serial == wanted->serial)
			return n;
		if (place->highest &&
		    (!n->highest || n->made_ms < place->made_ms))
			place = n;
	}
	if (wanted->made_ms <= nonces->forgotten_ms)
		return NULL;
	if (place->highest && place->made_ms > nonces->forgotten_ms)
		nonces->forgotten_ms = place->made_ms;
	*place = *wanted;
	return place;
}

static bool take_count(struct nonce *nonce, uint32_t count)
{
	uint32_t behind;

	if (count > nonce->highest) {
		uint32_t ahead = count - nonce->highest;

		nonce->seen = ahead < WINDOW ? nonce->seen << ahead | 1 : 1;
		nonce->highest = count;
		return true;
	}
	behind = nonce->highest - count;
	if (behind >= WINDOW || nonce->seen >> behind & 1)
		return false;
	nonce->seen |= UINT64_C(1) << behind;
	return true;
}

bool sipside_nonce_use(struct sipside_nonces *nonces, struct span nonce,
		       struct span count)
{
	struct nonce wanted, *place;
	uint64_t number;

	if (count.len != 8 || !read_hex(count.at, count.len, &number) ||
	    number == 0 || !read_nonce(nonces, nonce, &wanted) ||
	    loop_now_ms(nonces->loop) - wanted.made_ms > nonces->life_ms)
		return false;
	place = find(nonces, &wanted);
	return place && take_count(place, (uint32_t)number);
}
