#include "gateway/sip/sip_private.h"

#include <strings.h>

#include "gateway/body/iscomposing.h"
#include "gateway/sip/sip_refused.h"

/** Challenges that are answered for one form: the second one only when the
 *  first nonce was too old. */
#define CHALLENGES_MAX 2

/* What has one form only goes in that one or not at all. */
static const char *only_type(const struct message *message)
{
	switch (message->purpose) {
	case MESSAGE_COMPOSING: return ISCOMPOSING_TYPE;
	case MESSAGE_REPORT:
		return message->report_of ? SIPSIDE_TYPE_WRAPPED : NULL;
	case MESSAGE_TEXT: break;
	}
	return NULL;
}

bool sipside_was_refused(const struct sipside *side,
			 const struct attempt *attempt)
{
	const char *type = only_type(attempt->message);

	return type && sipside_refused_holds(side->refused,
					     attempt->hop.recipient, type);
}

/* 415, and what says the same in fewer words (RFC 3261, 21.4.7, 21.4.26). */
static bool refuses_type(const sip_t *response)
{
	const int status = response->sip_status->st_status;

	return status == 415 || status == 406 || status == 488;
}

static const char *type_of(msg_t *request)
{
	const sip_content_type_t *type = sip_object(request)->sip_content_type;

	return type && type->c_type ? type->c_type : "text/plain";
}

/* @return NULL: there is none, or out of memory */
static msg_t *other_form(struct sipside *side, const struct attempt *attempt,
			 msg_t *request, const sip_t *response)
{
	const char *type = type_of(request);
	msg_t *again;

	if (!refuses_type(response))
		return NULL;
	sipside_refused_note(side->refused, attempt->hop.recipient, type,
			     response->sip_accept);
	if (attempt->message->purpose != MESSAGE_TEXT ||
	    strcasecmp(type, SIPSIDE_TYPE_WRAPPED) != 0 ||
	    !sipside_accepts(response->sip_accept, "text/plain"))
		return NULL;
	again = sipside_uac_request(side, attempt);
	if (!again || strcasecmp(type_of(again), type) != 0)
		return again;
	msg_destroy(again);
	return NULL;
}

msg_t *sipside_request_again(struct sipside *side,
			     const struct attempt *attempt, msg_t *request,
			     const sip_t *response, unsigned *challenges)
{
	msg_t *again = NULL;

	if (*challenges < CHALLENGES_MAX)
		again = sipside_authorized_request(side, request, response,
						   *challenges > 0);
	if (again) {
		++*challenges;
		return again;
	}
	*challenges = 0;
	return other_form(side, attempt, request, response);
}
