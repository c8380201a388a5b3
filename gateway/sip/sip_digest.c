#include "gateway/sip/sip_digest.h"

#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

static const struct {
	const char *word;
	size_t len;
	const EVP_MD *(*hash)(void);
} algorithms[] = {
	[SIPSIDE_DIGEST_SHA256] = { "SHA-256", 64, EVP_sha256 },
	[SIPSIDE_DIGEST_MD5] = { "MD5", 32, EVP_md5 },
};

_Static_assert(sizeof algorithms / sizeof algorithms[0] == SIPSIDE_DIGEST_COUNT,
	       "a row for each algorithm");

const char *sipside_digest_word(enum sipside_digest_algorithm algorithm)
{
	return algorithms[algorithm].word;
}

size_t sipside_digest_len(enum sipside_digest_algorithm algorithm)
{
	return algorithms[algorithm].len;
}

/* reading */

static struct span trim(struct span s)
{
	while (s.len > 0 && (s.at[0] == ' ' || s.at[0] == '\t'))
		s = span_skip(s, 1);
	while (s.len > 0 && (s.at[s.len - 1] == ' ' || s.at[s.len - 1] == '\t'))
		s.len--;
	return s;
}

static struct span unquote(struct span s)
{
	if (s.len >= 2 && s.at[0] == '"' && s.at[s.len - 1] == '"')
		return (struct span){ s.at + 1, s.len - 2 };
	return s;
}

static bool read_algorithm(struct span word, struct sipside_digest *out)
{
	for (unsigned i = 0; i < SIPSIDE_DIGEST_COUNT; i++) {
		if (span_is_nocase(word, algorithms[i].word)) {
			out->algorithm = (enum sipside_digest_algorithm)i;
			return true;
		}
	}
	return false;
}

/* A line break within quotes would end up in what we send. */
static bool has_control(struct span value)
{
	for (size_t i = 0; i < value.len; i++)
		if ((unsigned char)value.at[i] < 0x20 || value.at[i] == 0x7f)
			return true;
	return false;
}

/* @return false: it stood there already */
static bool put(struct span *member, struct span value)
{
	if (member->at)
		return false;
	*member = value;
	return true;
}

/* What is not known is ignored (RFC 7616, 3.3). */
static bool read_param(struct span name, struct span value,
		       struct sipside_digest *out)
{
	const struct {
		const char *name;
		struct span *member;
	} members[] = {
		{ "realm", &out->realm },	{ "nonce", &out->nonce },
		{ "opaque", &out->opaque },	{ "qop", &out->qop },
		{ "username", &out->username }, { "uri", &out->uri },
		{ "response", &out->response }, { "cnonce", &out->cnonce },
		{ "nc", &out->count },
	};

	for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
		if (span_is_nocase(name, members[i].name))
			return put(members[i].member, value);
	if (span_is_nocase(name, "stale"))
		out->stale = span_is_nocase(value, "true");
	if (span_is_nocase(name, "algorithm"))
		return read_algorithm(value, out);
	return true;
}

bool sipside_digest_read(const char *scheme, const char *const *params,
			 struct sipside_digest *out)
{
	*out = (struct sipside_digest){ .algorithm = SIPSIDE_DIGEST_MD5 };
	if (!span_is_nocase(span_of(scheme), "Digest"))
		return false;
	for (; params && *params; params++) {
		struct span value = span_of(*params), name;

		if (has_control(value) || !span_cut(&value, '=', &name) ||
		    !value.at ||
		    !read_param(trim(name), unquote(trim(value)), out))
			return false;
	}
	return out->realm.at && out->nonce.at;
}

bool sipside_digest_offers(const struct sipside_digest *challenge,
			   const char *qop)
{
	struct span rest = challenge->qop, option;

	while (span_cut(&rest, ',', &option))
		if (span_is_nocase(trim(option), qop))
			return true;
	return false;
}

/* arithmetic */

static void write_hex(const unsigned char *octets, size_t digits, char *out)
{
	static const char hex[] = "0123456789abcdef";

	for (size_t i = 0; i < digits; i++)
		out[i] = hex[i % 2 ? octets[i / 2] & 15 : octets[i / 2] >> 4];
	out[digits] = '\0';
}

static bool add_parts(EVP_MD_CTX *context, const struct span *parts,
		      size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (i > 0 && !EVP_DigestUpdate(context, ":", 1))
			return false;
		if (parts[i].len &&
		    !EVP_DigestUpdate(context, parts[i].at, parts[i].len))
			return false;
	}
	return true;
}

/* H(part:part:...) as hexadecimal. */
static bool hash(enum sipside_digest_algorithm algorithm,
		 const struct span *parts, size_t count,
		 char out[SIPSIDE_DIGEST_SIZE])
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	unsigned char octets[EVP_MAX_MD_SIZE];
	bool done = context &&
		    EVP_DigestInit_ex(context, algorithms[algorithm].hash(),
				      NULL) &&
		    add_parts(context, parts, count) &&
		    EVP_DigestFinal_ex(context, octets, NULL);

	out[0] = '\0';
	if (done)
		write_hex(octets, algorithms[algorithm].len, out);
	EVP_MD_CTX_free(context);
	return done;
}

bool sipside_digest_secret(enum sipside_digest_algorithm algorithm,
			   struct span user, struct span realm,
			   const char *password, char out[SIPSIDE_DIGEST_SIZE])
{
	const struct span parts[] = { user, realm, span_of(password) };

	return hash(algorithm, parts, 3, out);
}

bool sipside_digest_respond(const struct sipside_digest *c, const char *secret,
			    const char *method, char out[SIPSIDE_DIGEST_SIZE])
{
	const struct span request[] = { span_of(method), c->uri };
	char what[SIPSIDE_DIGEST_SIZE];

	out[0] = '\0';
	if (!hash(c->algorithm, request, 2, what))
		return false;
	if (c->qop.len) {
		const struct span parts[] = { span_of(secret), c->nonce,
					      c->count,	       c->cnonce,
					      c->qop,	       span_of(what) };

		return hash(c->algorithm, parts, 6, out);
	}

	const struct span parts[] = { span_of(secret), c->nonce,
				      span_of(what) };

	return hash(c->algorithm, parts, 3, out);
}

bool sipside_digest_matches(const struct sipside_digest *c, const char *secret,
			    const char *method)
{
	char right[SIPSIDE_DIGEST_SIZE];

	return sipside_digest_respond(c, secret, method, right) &&
	       c->response.len == strlen(right) &&
	       CRYPTO_memcmp(c->response.at, right, c->response.len) == 0;
}
