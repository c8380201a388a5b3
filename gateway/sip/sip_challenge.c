#include "gateway/sip/sip_private.h"

#include <sofia-sip/su_string.h>

#include "gateway/log.h"
#include "gateway/sip/sip_digest.h"
#include "gateway/users.h"

/* What credentials are worth. */
enum worth {
	WORTH_NOTHING, /* none for our realm */
	WORTH_WRONG,
	WORTH_STALE, /* right, with a nonce that may not be used (any more) */
	WORTH_GOOD
};

static const struct sipside_final go_on = { 0 };

bool sipside_must_authenticate(const struct sipside *side, const char *peer)
{
	const struct sipside_auth *auth = &side->options.auth;

	return admission_ranges_hold(auth->require, auth->require_count, peer);
}

static bool is_ours(const struct sipside *side, const sip_auth_t *header,
		    struct sipside_digest *out)
{
	const char *realm = side->options.auth.realm;

	return realm &&
	       sipside_digest_read(header->au_scheme, header->au_params, out) &&
	       span_is(out->realm, realm);
}

/* The hash of a user takes the place of his password. What was offered is
 * asked for: a response without qop has no count against a replay. The uri
 * need not be the Request-URI, which others may have rewritten on the way
 * (RFC 7616, 3.4.6), and which many devices get wrong. */
static bool is_right(const struct sipside *side, const char *method,
		     const struct sipside_digest *credentials)
{
	char hash[USERS_HASH_SIZE];

	return span_is_nocase(credentials->qop, "auth") &&
	       users_find(side->options.auth.users, credentials->username,
			  credentials->realm,
			  sipside_digest_len(credentials->algorithm), hash) &&
	       sipside_digest_matches(credentials, hash, method);
}

static void log_wrong(const struct sipside_request *r, struct span user)
{
	char name[64];

	log_event(LOG_LEVEL_WARNING, "sip-auth-failed",
		  FIELD_TEXT("peer", r->peer),
		  FIELD_TEXT("user",
			     span_copy(user, name, sizeof name) ? name : NULL),
		  FIELD_TEXT("call_id", r->sip->sip_call_id->i_id));
}

/* The table of nonces is touched only by who knows a password. */
static enum worth worth_of(const struct sipside_request *r,
			   const struct sipside_digest *credentials)
{
	const char *method = r->sip->sip_request->rq_method_name;

	if (!is_right(r->side, method, credentials)) {
		log_wrong(r, credentials->username);
		return WORTH_WRONG;
	}
	return sipside_nonce_use(r->side->nonces, credentials->nonce,
				 credentials->count)
		       ? WORTH_GOOD
		       : WORTH_STALE;
}

/* The first credentials for our realm count (RFC 3261, 22.3). */
static enum worth judge(const struct sipside_request *r)
{
	const sip_auth_t *header = r->sip->sip_proxy_authorization;
	struct sipside_digest credentials;

	for (; header; header = header->au_next)
		if (is_ours(r->side, header, &credentials))
			return worth_of(r, &credentials);
	return WORTH_NOTHING;
}

/* One challenge for each kind of hash that we can check, the best first
 * (RFC 8760, 2.3). */
static struct sipside_final challenge(const struct sipside_request *r,
				      bool stale, su_home_t *home)
{
	const struct sipside_auth *auth = &r->side->options.auth;
	struct sipside_final final = { .code = 407 };
	char nonce[SIPSIDE_NONCE_SIZE];
	size_t count = 0;

	sipside_nonce_make(r->side->nonces, nonce);
	for (unsigned i = 0; i < SIPSIDE_DIGEST_COUNT; i++) {
		const enum sipside_digest_algorithm algorithm =
			(enum sipside_digest_algorithm)i;

		if (users_have(auth->users, span_of(auth->realm),
			       sipside_digest_len(algorithm)))
			final.challenges[count++] =
				su_sprintf(home,
					   "Digest realm=\"%s\", nonce=\"%s\", "
					   "algorithm=%s, qop=\"auth\"%s",
					   auth->realm, nonce,
					   sipside_digest_word(algorithm),
					   stale ? ", stale=true" : "");
	}
	return final;
}

struct sipside_final sipside_authenticate(struct sipside_request *request,
					  su_home_t *home)
{
	enum worth worth;

	if (!sipside_must_authenticate(request->side, request->peer))
		return go_on;
	worth = judge(request);
	if (worth != WORTH_GOOD)
		return challenge(request, worth == WORTH_STALE, home);
	if (request->trust == ADMISSION_NOBODY)
		request->trust = ADMISSION_ADMITTED;
	return go_on;
}

void sipside_consume_credentials(const struct sipside *side, msg_t *msg,
				 sip_t *sip)
{
	sip_auth_t *header = sip->sip_proxy_authorization, *next;
	struct sipside_digest credentials;

	for (; header; header = next) {
		next = header->au_next;
		if (is_ours(side, header, &credentials))
			(void)sip_header_remove(msg, sip,
						(sip_header_t *)header);
	}
}
