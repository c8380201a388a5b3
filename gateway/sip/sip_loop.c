#include "gateway/sip/sip_private.h"

#include <strings.h>

#include <sofia-sip/sip_util.h>

/** In a branch of ours, in front of the mark. */
#define MARK_SEPARATOR '.'

void sipside_mark_loop(struct sipside_request *request)
{
	const struct sipside_key key = sipside_key_of_loop(request);

	sipside_key_tag(&key, request->loop);
}

const struct origin *sipside_forwarded(const struct attempt *attempt)
{
	return attempt->message->origin == PROTOCOL_SIP ? attempt->origin
							: NULL;
}

void sipside_write_branch(struct sipside *side, const struct attempt *attempt,
			  char out[SIPSIDE_BRANCH_SIZE])
{
	const struct origin *origin = sipside_forwarded(attempt);
	char token[SIPSIDE_TOKEN_SIZE];
	struct text text;

	sipside_random_token(side, token);
	text_init(&text, out, SIPSIDE_BRANCH_SIZE);
	text_addf(&text, "z9hG4bK%s", token);
	if (origin)
		text_addf(&text, "%c%s", MARK_SEPARATOR, origin->loop);
}

static bool is_ours(const struct sipside *side, const sip_via_t *via)
{
	const sip_via_t *own = nta_agent_via(side->agent);

	for (; own; own = own->v_next)
		if (strcasecmp(own->v_host, via->v_host) == 0 &&
		    strcmp(sip_via_port(own, NULL), sip_via_port(via, NULL)) ==
			    0)
			return true;
	return false;
}

/* @return empty: it is not of ours, or of a request that began with us */
static struct span mark_of(const struct sipside *side, const sip_via_t *via)
{
	struct span mark = span_of(via->v_branch), token;

	if (!is_ours(side, via) || !span_cut(&mark, MARK_SEPARATOR, &token))
		return (struct span){ "", 0 };
	return mark.at ? mark : (struct span){ "", 0 };
}

bool sipside_has_looped(const struct sipside_request *request)
{
	const sip_via_t *via = request->sip->sip_via;

	for (; via; via = via->v_next)
		if (span_is(mark_of(request->side, via), request->loop))
			return true;
	return false;
}

struct span sipside_last_mark(const struct sipside *side, const sip_t *sip)
{
	struct span mark = { "", 0 };

	for (const sip_via_t *via = sip->sip_via; via && !mark.len;
	     via = via->v_next)
		mark = mark_of(side, via);
	return mark;
}
