/** Any octets as a digest challenge or credentials: the scheme, and behind it
 *  a parameter a line. */

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "gateway/sip/sip_digest.h"

#define PARAMS_MAX 32
#define INPUT_MAX  4096

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_span(struct span s, const char *start, size_t size)
{
	assert(!s.at || (s.at >= start && s.at + s.len <= start + size));
}

/* What can be read can be computed, and what was computed is right. */
static void check_answer(struct sipside_digest *digest)
{
	char secret[SIPSIDE_DIGEST_SIZE], response[SIPSIDE_DIGEST_SIZE];

	assert(sipside_digest_secret(digest->algorithm, digest->username,
				     digest->realm, "password", secret));
	assert(strlen(secret) == sipside_digest_len(digest->algorithm));
	assert(sipside_digest_respond(digest, secret, "MESSAGE", response));
	assert(sipside_digest_matches(digest, secret, "MESSAGE") ==
	       span_is(digest->response, response));
	digest->response = span_of(response);
	assert(sipside_digest_matches(digest, secret, "MESSAGE"));
	assert(!sipside_digest_matches(digest, secret, "OPTIONS"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *params[PARAMS_MAX + 1] = { NULL };
	char text[INPUT_MAX + 1];
	struct sipside_digest digest;
	size_t count = 0;

	if (size > INPUT_MAX)
		return 0;
	if (size)
		memcpy(text, data, size);
	text[size] = '\0';
	for (size_t i = 0; i < size; i++) {
		if (text[i] != '\n' || count == PARAMS_MAX)
			continue;
		text[i] = '\0';
		params[count++] = text + i + 1;
	}
	if (!sipside_digest_read(text, params, &digest))
		return 0;
	check_span(digest.realm, text, size);
	check_span(digest.nonce, text, size);
	check_span(digest.opaque, text, size);
	check_span(digest.qop, text, size);
	check_span(digest.uri, text, size);
	(void)sipside_digest_offers(&digest, "auth");
	check_answer(&digest);
	return 0;
}
