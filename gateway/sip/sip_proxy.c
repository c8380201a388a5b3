#include "gateway/sip/sip_private.h"

#include <strings.h>

#include <sofia-sip/msg_header.h>
#include <sofia-sip/sip_tag.h>
#include <sofia-sip/sip_util.h>
#include <sofia-sip/url.h>

/* Private headers (RFC 3427, 4.1) are for elements that trust each other, and
 * for nobody else (SIP-36, CARR-3). */
static bool is_inside_only(const sip_unknown_t *header)
{
	return strncasecmp(header->un_name, "P-", 2) == 0;
}

static void strip_inside_headers(msg_t *msg, sip_t *sip)
{
	sip_unknown_t *header = sip->sip_unknown, *next;

	for (; header; header = next) {
		next = header->un_next;
		if (is_inside_only(header))
			(void)sip_header_remove(msg, sip,
						(sip_header_t *)header);
	}
}

bool sipside_stays_inside(const struct sipside *side,
			  const struct attempt *attempt)
{
	const struct admission *admission = side->options.admission;

	return admission_peer(admission, attempt->message->peer) ==
		       ADMISSION_TRUSTED &&
	       admission_peer(admission, attempt->hop.address) ==
		       ADMISSION_TRUSTED;
}

static bool set_request_uri(msg_t *msg, sip_t *sip, const char *recipient)
{
	url_t *url = url_make(msg_home(msg), recipient);

	if (!url)
		return false;
	*sip->sip_request->rq_url = *url;
	sip_fragment_clear(sip->sip_request->rq_common);
	return true;
}

/* SIP-8. A zero has been refused when it came in; what is above the range is
 * no value, as if there were none (RFC 4475, 3.1.2.4). */
static bool count_down(msg_t *msg, sip_t *sip)
{
	sip_max_forwards_t *left = sip->sip_max_forwards;

	if (!left)
		return sip_add_tl(msg, sip, SIPTAG_MAX_FORWARDS_STR("70"),
				  TAG_END()) >= 0;
	left->mf_count = left->mf_count > 255 ? 70 : left->mf_count - 1;
	sip_fragment_clear(left->mf_common);
	return true;
}

/* SIP-27, RFC 3261, 16.4. */
static void remove_own_routes(const struct sipside *side, msg_t *msg,
			      sip_t *sip)
{
	while (sip->sip_route && sipside_url_is_us(side, sip->sip_route->r_url))
		(void)sip_header_remove(msg, sip,
					(sip_header_t *)sip->sip_route);
}

/* RFC 3261, 16.6, step 6: a next hop of RFC 2543 looks at the Request-URI, so
 * its own URI stands there, and what stood there is the last Route.
 * @return false: out of memory */
static bool suit_strict_router(msg_t *msg, sip_t *sip)
{
	su_home_t *home = msg_home(msg);
	sip_route_t *next = sip->sip_route, *last;
	url_t *url;

	if (!next || sip_route_is_loose(next))
		return true;
	last = sip_route_create(home, sip->sip_request->rq_url, NULL);
	url = url_hdup(home, next->r_url);
	if (!last || !url ||
	    msg_header_add_dup(msg, (msg_pub_t *)sip, (msg_header_t *)last) < 0)
		return false;
	(void)sip_header_remove(msg, sip, (sip_header_t *)next);
	*sip->sip_request->rq_url = *url;
	sip_fragment_clear(sip->sip_request->rq_common);
	return true;
}

/* Where a Route leads, the Request-URI stays as it came, octet for octet. */
static bool aim(msg_t *msg, sip_t *sip, const struct attempt *attempt)
{
	return attempt->message->kind == PLAN_ROUTE
		       ? suit_strict_router(msg, sip)
		       : set_request_uri(msg, sip, attempt->hop.recipient);
}

msg_t *sipside_proxy_request(struct sipside *side,
			     const struct attempt *attempt)
{
	msg_t *msg = msg_copy(attempt->origin->request);
	sip_t *sip = sip_object(msg);

	if (!sip)
		return NULL;
	remove_own_routes(side, msg, sip);
	if (!aim(msg, sip, attempt) || !count_down(msg, sip)) {
		msg_destroy(msg);
		return NULL;
	}
	sipside_consume_credentials(side, msg, sip);
	if (!sipside_stays_inside(side, attempt))
		strip_inside_headers(msg, sip);
	return msg;
}
