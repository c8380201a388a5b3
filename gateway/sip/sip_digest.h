#ifndef IMGW_GATEWAY_SIP_DIGEST_H
#define IMGW_GATEWAY_SIP_DIGEST_H

/** Digest access authentication (RFC 7616; in SIP: RFC 3261, 22.4, and RFC
 *  8760): what a challenge or credentials say, and the arithmetic. No clock,
 *  no state, no sofia-sip. */

#include <stdbool.h>

#include "enum/text.h"
#include "gateway/status.h"

/** In the order of preference (RFC 8760, 2.3). */
enum sipside_digest_algorithm {
	SIPSIDE_DIGEST_SHA256,
	SIPSIDE_DIGEST_MD5,
	SIPSIDE_DIGEST_COUNT
};

/** The longest hash as lower-case hexadecimal, with terminator. */
#define SIPSIDE_DIGEST_SIZE 65

/** The parameters of one header. All spans borrow from it, stand without
 *  quotes but with the backslashes as sent, and are empty when absent. */
struct sipside_digest {
	enum sipside_digest_algorithm algorithm;
	struct span realm, nonce, opaque;
	struct span qop; /* a challenge: the whole list */
	bool stale;	 /* of a challenge */
	/* of credentials */
	struct span username, uri, response, cnonce, count;
};

/** "SHA-256", "MD5": the name on the wire. */
const char *sipside_digest_word(enum sipside_digest_algorithm algorithm);

/** Hexadecimal digits of a hash: 64 or 32. */
size_t sipside_digest_len(enum sipside_digest_algorithm algorithm);

/** Read a challenge or credentials.
 *  @param scheme  "Digest"; may be NULL
 *  @param params  "name=value" or "name=\"value\"", NULL behind the last; may
 *                 be NULL
 *  @return false: another scheme, an algorithm that we lack, no realm or no
 *          nonce, a parameter that is none, stands twice or holds a control
 *          character */
MUST_USE bool sipside_digest_read(const char *scheme, const char *const *params,
				  struct sipside_digest *out);

/** Does a challenge offer this quality of protection? */
bool sipside_digest_offers(const struct sipside_digest *challenge,
			   const char *qop);

/** H(user:realm:password), what stands in for a password (RFC 7616, 3.4.2).
 *  @return false: out of memory; out is then "" */
MUST_USE bool sipside_digest_secret(enum sipside_digest_algorithm algorithm,
				    struct span user, struct span realm,
				    const char *password,
				    char out[SIPSIDE_DIGEST_SIZE]);

/** The response for credentials whose other parameters are filled in; without
 *  qop as RFC 2069 had it.
 *  @param secret  of sipside_digest_secret, with the same algorithm
 *  @return false: out of memory; out is then "" */
MUST_USE bool sipside_digest_respond(const struct sipside_digest *credentials,
				     const char *secret, const char *method,
				     char out[SIPSIDE_DIGEST_SIZE]);

/** Is the response of credentials the right one? The time that it takes does
 *  not tell how near it was. */
MUST_USE bool sipside_digest_matches(const struct sipside_digest *credentials,
				     const char *secret, const char *method);

#endif
