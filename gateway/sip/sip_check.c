#include "gateway/sip/sip_private.h"

#include <sofia-sip/nta_tag.h>

/** Another element's Max-Forwards when there is none (RFC 3261, 16.6). */
#define MAX_FORWARDS_DEFAULT 70

static const struct sipside_final go_on = { 0 };

static struct sipside_final no(int code, const char *reason)
{
	return (struct sipside_final){ .code = code, .reason = reason };
}

bool sipside_has_duplicates(const sip_t *sip)
{
	const sip_header_t *bad = (const sip_header_t *)sip->sip_error;

	while (bad && bad->sh_class == sip_error_class)
		bad = bad->sh_next;
	return bad != NULL;
}

unsigned long sipside_max_forwards(const sip_t *sip)
{
	return sip->sip_max_forwards ? sip->sip_max_forwards->mf_count
				     : MAX_FORWARDS_DEFAULT;
}

/* SEC-3: nothing at all is done for a stranger. */
static struct sipside_final check_peer(struct sipside_request *r,
				       su_home_t *home)
{
	(void)home;
	return r->trust == ADMISSION_NOBODY &&
			       !sipside_must_authenticate(r->side, r->peer)
		       ? no(403, NULL)
		       : go_on;
}

/* SIP-12: there is nothing to cancel in a MESSAGE (RFC 3261, 9.2). */
static struct sipside_final check_cancel(struct sipside_request *r,
					 su_home_t *home)
{
	(void)home;
	if (r->sip->sip_request->rq_method != sip_method_cancel)
		return go_on;
	return no(sipside_transaction_find(r->side->transactions, &r->key)
			  ? 200
			  : 481,
		  NULL);
}

/* CONF-16, SEC-17: the only 503 of ours, and before any work. */
static struct sipside_final check_load(struct sipside_request *r,
				       su_home_t *home)
{
	const struct sipside *side = r->side;
	struct sipside_final busy = no(503, NULL);

	(void)home;
	busy.retry_after_s = SIPSIDE_RETRY_AFTER_S;
	return side->draining ||
			       sipside_transactions_count(side->transactions) >=
				       side->options.transactions_max
		       ? busy
		       : go_on;
}

/* SIP-40: marked so by sip_stack.c. */
static struct sipside_final check_first_line(struct sipside_request *r,
					     su_home_t *home)
{
	(void)home;
	return r->sip->sip_request->rq_url->url_type == url_invalid
		       ? no(400, "Bad Request-Line")
		       : go_on;
}

/* SIP-12, SIP-14. */
static struct sipside_final check_method(struct sipside_request *r,
					 su_home_t *home)
{
	struct sipside_final ok = no(200, NULL);

	(void)home;
	ok.abilities = true;
	switch ((int)r->sip->sip_request->rq_method) {
	case sip_method_message: return go_on;
	case sip_method_options: return ok;
	case sip_method_unknown: return no(501, NULL);
	default: return no(405, NULL);
	}
}

/* SIP-8. */
static struct sipside_final check_max_forwards(struct sipside_request *r,
					       su_home_t *home)
{
	(void)home;
	return sipside_max_forwards(r->sip) == 0 ? no(483, NULL) : go_on;
}

/* SIP-40, RFC 4475, 3.3.8: two values where one may stand. */
static struct sipside_final check_duplicates(struct sipside_request *r,
					     su_home_t *home)
{
	(void)home;
	return sipside_has_duplicates(r->sip) ? no(400, "Duplicate Header")
					      : go_on;
}

/* SIP-13: we support no extension, so each tag is an unknown one. Require is
 * not a proxy's business; the middle heeds it when it needs to. */
static struct sipside_final check_proxy_require(struct sipside_request *r,
						su_home_t *home)
{
	struct sipside_final bad = no(420, NULL);

	if (!r->sip->sip_proxy_require)
		return go_on;
	bad.unsupported = sipside_list(home, r->sip->sip_proxy_require);
	return bad;
}

/* SIP-42. */
static struct sipside_final check_size(struct sipside_request *r,
				       su_home_t *home)
{
	(void)home;
	if (r->uri.len > SIPSIDE_URI_MAX)
		return no(414, NULL);
	if (r->sip->sip_payload &&
	    r->sip->sip_payload->pl_len > MESSAGE_BODY_MAX)
		return no(413, NULL);
	return go_on;
}

/* SIP-27, SEC-3: routes that lead through us are done. To follow one that
 * leads further is to be a relay to wherever a peer likes. */
static struct sipside_final check_route(struct sipside_request *r,
					su_home_t *home)
{
	(void)home;
	r->route = sipside_route_beyond(r->side, r->sip);
	return r->route && r->trust != ADMISSION_TRUSTED &&
			       !sipside_must_authenticate(r->side, r->peer)
		       ? no(403, "No Relay by Route")
		       : go_on;
}

static struct sipside_final check_target(struct sipside_request *r,
					 su_home_t *home)
{
	(void)home;
	return sipside_target(r);
}

/* SIP-9. */
static struct sipside_final check_loop(struct sipside_request *r,
				       su_home_t *home)
{
	(void)home;
	sipside_mark_loop(r);
	return sipside_has_looped(r) ? no(482, "Loop Detected") : go_on;
}

struct sipside_final sipside_check(struct sipside_request *request,
				   su_home_t *home)
{
	static struct sipside_final (*const checks[])(struct sipside_request *,
						      su_home_t *) = {
		check_peer,	      check_cancel,	   check_load,
		check_first_line,     check_method,	   check_duplicates,
		check_max_forwards,   check_proxy_require, check_size,
		check_route,	      check_target,	   check_loop,
		sipside_authenticate,
	};

	for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++) {
		struct sipside_final final = checks[i](request, home);

		if (final.code)
			return final;
	}
	return go_on;
}
