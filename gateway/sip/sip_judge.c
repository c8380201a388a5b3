#include "gateway/sip/sip_judge.h"

#include <limits.h>

#include <sofia-sip/url.h>

#include "gateway/sip/sip_private.h"

/** When too many wait for one recipient. */
#define LANE_PAUSE_S 5

struct outcome sipside_leads_back(void)
{
	struct outcome outcome =
		outcome_of_sip(482, "the route leads back to us");

	outcome.try_next = true;
	return outcome;
}

struct outcome sipside_use_next(const char *reason)
{
	struct outcome outcome = outcome_of_sip(504, reason);

	outcome.try_next = true;
	outcome.silent = true;
	return outcome;
}

struct outcome sipside_unreachable(const struct sipside *side,
				   const struct hop *hop)
{
	char reason[OUTCOME_REASON_SIZE];
	struct text text;

	text_init(&text, reason, sizeof reason);
	if (hop->transport != TRANSPORT_TLS ||
	    !sipside_tls_fault(side->tls, hop, &text))
		text_add(&text, "the next hop cannot be reached");
	return sipside_use_next(reason);
}

struct outcome sipside_silent(enum transport transport, bool connecting)
{
	if (transport == TRANSPORT_TLS && connecting)
		return sipside_use_next("TLS handshake failed: no answer");
	return sipside_use_next("no answer from the next hop");
}

struct outcome sipside_no_memory(void)
{
	return outcome_of_route(ROUTE_NO_MEMORY, "out of memory");
}

struct outcome sipside_lane_full(void)
{
	struct outcome outcome =
		outcome_of_sip(480, "too many messages are waiting");

	outcome.condition = CONDITION_RESOURCE_CONSTRAINT;
	outcome.untried = true;
	outcome.retry_after_s = LANE_PAUSE_S;
	return outcome;
}

struct outcome sipside_not_taken(void)
{
	return outcome_of_sip(415, "the peer refused it before");
}

struct outcome sipside_not_waiting(void)
{
	return outcome_of_sip(480, "another message is under way");
}

struct outcome sipside_too_long(void)
{
	struct outcome outcome =
		outcome_of_sip(513, "too long for a SIP MESSAGE");

	outcome.condition = CONDITION_POLICY_VIOLATION;
	return outcome;
}

/* MAP-15: the first new address of a 301 or 302. */
static void read_contact(const sip_t *sip, struct outcome *outcome)
{
	const int code = sip->sip_status->st_status;
	const sip_contact_t *contact = sip->sip_contact;

	if ((code != 301 && code != 302) || !contact)
		return;
	if (url_e(outcome->address, OUTCOME_ADDRESS_SIZE, contact->m_url) >=
	    OUTCOME_ADDRESS_SIZE)
		outcome->address[0] = '\0'; /* cut, so it is no address */
}

/* Of a 503: for the hop alone (CARR-5). */
static unsigned retry_after(const sip_t *sip)
{
	const sip_time_t delta =
		sip->sip_retry_after ? sip->sip_retry_after->af_delta : 0;

	return delta < UINT_MAX ? (unsigned)delta : UINT_MAX;
}

struct outcome sipside_judge(const struct sipside *side, const sip_t *sip,
			     const msg_t *response)
{
	const sip_status_t *status = sip->sip_status;
	struct outcome outcome;

	if (status->st_status == 408) { /* SIP-20: never passed on */
		outcome = outcome_of_sip(504, "the next hop timed out");
		outcome.remote = true;
		return outcome;
	}
	outcome = outcome_of_sip(status->st_status, status->st_phrase);
	outcome.remote = true;
	outcome.code = outcome_code_upstream(status->st_status,
					     &side->options.profile);
	outcome.try_next = status->st_status == 503;
	/* what the library could not send again is said in our own words */
	outcome.wire = sipside_has_duplicates(sip) ? NULL : response;
	read_contact(sip, &outcome);
	outcome.retry_after_s = retry_after(sip);
	return outcome;
}
