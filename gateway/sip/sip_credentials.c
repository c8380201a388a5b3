#include "gateway/sip/sip_private.h"

#include <sofia-sip/msg_header.h>
#include <sofia-sip/sip_tag.h>
#include <sofia-sip/sip_util.h>
#include <sofia-sip/url.h>

#include "gateway/sip/sip_digest.h"

/** Octets of an Authorization header; a longer one would not leave room for
 *  a message anyway (SIP-6). */
#define CREDENTIALS_SIZE 1024

/* The header of a 401 or 407 that asks. */
static const sip_auth_t *challenges_of(const sip_t *response)
{
	switch (response->sip_status->st_status) {
	case 401: return response->sip_www_authenticate;
	case 407: return response->sip_proxy_authenticate;
	default: return NULL;
	}
}

/* Without qop it is one of RFC 2069, as some proxies still make them. */
static bool can_answer(const struct sipside_credentials *own,
		       const struct sipside_digest *challenge)
{
	return (!own->realm || span_is(challenge->realm, own->realm)) &&
	       (!challenge->qop.len ||
		sipside_digest_offers(challenge, "auth"));
}

/* The first that can be answered: the server puts the best first (RFC 8760,
 * 2.4). */
static bool choose(const struct sipside_credentials *own,
		   const sip_auth_t *header, struct sipside_digest *out)
{
	for (; header; header = header->au_next)
		if (sipside_digest_read(header->au_scheme, header->au_params,
					out) &&
		    can_answer(own, out))
			return true;
	return false;
}

static bool fill_response(const struct sipside_credentials *own,
			  const struct sipside_digest *digest,
			  const char *method, char out[SIPSIDE_DIGEST_SIZE])
{
	char secret[SIPSIDE_DIGEST_SIZE];

	return sipside_digest_secret(digest->algorithm, span_of(own->user),
				     digest->realm, own->password, secret) &&
	       sipside_digest_respond(digest, secret, method, out);
}

static void add_quoted(struct text *out, const char *name, struct span value)
{
	text_addf(out, ", %s=\"", name);
	text_add_span(out, value);
	text_add_char(out, '"');
}

static void write_credentials(const struct sipside_digest *d, struct text *out)
{
	text_addf(out, "Digest algorithm=%s",
		  sipside_digest_word(d->algorithm));
	add_quoted(out, "username", d->username);
	add_quoted(out, "realm", d->realm);
	add_quoted(out, "nonce", d->nonce);
	add_quoted(out, "uri", d->uri);
	add_quoted(out, "response", d->response);
	if (d->opaque.at)
		add_quoted(out, "opaque", d->opaque);
	if (!d->qop.len)
		return;
	add_quoted(out, "cnonce", d->cnonce);
	text_add(out, ", qop=auth, nc=");
	text_add_span(out, d->count);
}

/* What was a challenge becomes the credentials for it.
 * @return false: out of memory, or they would be too long */
static bool answer(struct sipside *side, struct sipside_digest *digest,
		   const char *method, const char *uri, struct text *out)
{
	char cnonce[SIPSIDE_TOKEN_SIZE], response[SIPSIDE_DIGEST_SIZE];

	sipside_random_token(side, cnonce);
	digest->username = span_of(side->options.credentials.user);
	digest->uri = span_of(uri);
	if (digest->qop.len) {
		digest->qop = span_of("auth");
		digest->count = span_of("00000001");
		digest->cnonce = span_of(cnonce);
	}
	if (!fill_response(&side->options.credentials, digest, method,
			   response))
		return false;
	digest->response = span_of(response);
	write_credentials(digest, out);
	return !out->cut;
}

/* RFC 3261, 22.2 and 8.1.3.5: the same request with the next CSeq. */
static bool change(msg_t *msg, sip_t *sip, int status, const char *credentials)
{
	while (sip->sip_via)
		(void)sip_via_remove(msg, sip);
	while (sip->sip_authorization)
		(void)sip_header_remove(msg, sip,
					(sip_header_t *)sip->sip_authorization);
	while (sip->sip_proxy_authorization)
		(void)sip_header_remove(
			msg, sip, (sip_header_t *)sip->sip_proxy_authorization);
	sip->sip_cseq->cs_seq++;
	sip_fragment_clear(sip->sip_cseq->cs_common);
	return sip_add_tl(msg, sip,
			  TAG_IF(status == 401,
				 SIPTAG_AUTHORIZATION_STR(credentials)),
			  TAG_IF(status == 407,
				 SIPTAG_PROXY_AUTHORIZATION_STR(credentials)),
			  TAG_END()) >= 0;
}

static msg_t *authorized(msg_t *request, int status, const char *credentials)
{
	msg_t *msg = msg_copy(request);
	sip_t *sip = sip_object(msg);

	if (!sip || change(msg, sip, status, credentials))
		return msg;
	msg_destroy(msg);
	return NULL;
}

msg_t *sipside_authorized_request(struct sipside *side, msg_t *request,
				  const sip_t *response, bool again)
{
	const sip_request_t *line = sip_object(request)->sip_request;
	char buffer[CREDENTIALS_SIZE];
	struct sipside_digest digest;
	struct text text;
	char *uri;

	text_init(&text, buffer, sizeof buffer);
	if (!side->options.credentials.user ||
	    !choose(&side->options.credentials, challenges_of(response),
		    &digest) ||
	    (again && !digest.stale))
		return NULL;
	uri = url_as_string(msg_home(request), line->rq_url);
	if (!uri || !answer(side, &digest, line->rq_method_name, uri, &text))
		return NULL;
	return authorized(request, response->sip_status->st_status, buffer);
}
