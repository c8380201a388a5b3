#include "gateway/sip/sip_private.h"

#include <strings.h>

#include <sofia-sip/msg_header.h>
#include <sofia-sip/sip_tag.h>
#include <sofia-sip/url.h>

/* What is said among elements that trust each other, and to nobody else
 * (SIP-36, RFC 3325, 5; CARR-3). */
static const char *const inside_only[] = {
	"P-Asserted-Identity",
	"P-Access-Network-Info",
	"P-Charging-Vector",
	"P-Charging-Function-Addresses",
};

static bool is_inside_only(const sip_unknown_t *header)
{
	for (size_t i = 0; i < sizeof inside_only / sizeof inside_only[0]; i++)
		if (strcasecmp(header->un_name, inside_only[i]) == 0)
			return true;
	return false;
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

static bool stays_inside(const struct sipside *side,
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

/* SIP-8. A zero has been refused when it came in. */
static bool count_down(msg_t *msg, sip_t *sip)
{
	if (!sip->sip_max_forwards)
		return sip_add_tl(msg, sip, SIPTAG_MAX_FORWARDS_STR("70"),
				  TAG_END()) >= 0;
	sip->sip_max_forwards->mf_count--;
	sip_fragment_clear(sip->sip_max_forwards->mf_common);
	return true;
}

/* SIP-27: sip_check.c has made sure that no other Route is left. */
static void remove_routes(msg_t *msg, sip_t *sip)
{
	while (sip->sip_route)
		(void)sip_header_remove(msg, sip,
					(sip_header_t *)sip->sip_route);
}

msg_t *sipside_proxy_request(struct sipside *side,
			     const struct attempt *attempt)
{
	msg_t *msg = msg_copy(attempt->origin->request);
	sip_t *sip = sip_object(msg);

	if (!sip)
		return NULL;
	if (!set_request_uri(msg, sip, attempt->hop.recipient) ||
	    !count_down(msg, sip)) {
		msg_destroy(msg);
		return NULL;
	}
	remove_routes(msg, sip);
	sipside_consume_credentials(side, msg, sip);
	if (!stays_inside(side, attempt))
		strip_inside_headers(msg, sip);
	return msg;
}
