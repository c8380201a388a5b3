#include "gateway/sip/sip_private.h"

#include <stdlib.h>

#include <sofia-sip/nta_stateless.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/sip_tag.h>
#include <sofia-sip/sip_util.h>

/** SIP-19, RFC 4320, 4.1: when a Timer E would reach T2; earlier a 100 is
 *  not allowed over UDP, later it is owed on any transport. */
#define TRYING_AFTER_MS 3500

/* What we can do; SIP-14, and SIP-4 for the XMPP path. */
#define ALLOW		"MESSAGE, OPTIONS"
#define ACCEPT		"text/plain, message/cpim, multipart/mixed"
#define ACCEPT_ENCODING "identity"
#define ACCEPT_LANGUAGE "*"

/** The headers that a final response must carry. */
struct extras {
	const char *allow;
	const char *accept, *accept_encoding, *accept_language;
	const char *supported, *unsupported;
	const char *warning;
	char retry_after[16]; /* "": none */
};

static void add_abilities(struct extras *extras)
{
	extras->accept = ACCEPT;
	extras->accept_encoding = ACCEPT_ENCODING;
	extras->accept_language = ACCEPT_LANGUAGE;
}

static struct extras extras_of(const struct sipside_final *final)
{
	struct extras extras = { .unsupported = final->unsupported };
	struct text retry;

	text_init(&retry, extras.retry_after, sizeof extras.retry_after);
	if (final->retry_after_s)
		text_addf(&retry, "%u", final->retry_after_s);
	if (final->no_sips) /* RFC 5630, 6.2 */
		extras.warning = "380 - \"SIPS Not Allowed\"";
	switch (final->code) {
	case 200:
		add_abilities(&extras);
		extras.allow = ALLOW;
		extras.supported = "";
		break;
	case 405:
	case 501: extras.allow = ALLOW; break;
	case 415: add_abilities(&extras); break;
	default: break;
	}
	return extras;
}

/* For the variadic functions of NTA: a tag without a value is left out. */
#define EXTRA_TAGS(extras)                                                    \
	SIPTAG_ALLOW_STR((extras).allow), SIPTAG_ACCEPT_STR((extras).accept), \
		SIPTAG_ACCEPT_ENCODING_STR((extras).accept_encoding),         \
		SIPTAG_ACCEPT_LANGUAGE_STR((extras).accept_language),         \
		SIPTAG_SUPPORTED_STR((extras).supported),                     \
		SIPTAG_UNSUPPORTED_STR((extras).unsupported),                 \
		SIPTAG_WARNING_STR((extras).warning),                         \
		TAG_IF((extras).retry_after[0],                               \
		       SIPTAG_RETRY_AFTER_STR((extras).retry_after)),         \
		TAG_END()

static const char *phrase_of(const struct sipside_final *final)
{
	return final->reason ? final->reason : outcome_phrase(final->code);
}

/* RFC 3261, 8.2.7: an answer without state has the same To tag each time. */
static sip_to_t *tagged_to(const struct sipside_request *request)
{
	const sip_t *sip = request->sip;
	su_home_t *home = msg_home(request->msg);
	const char *parts[] = { sip->sip_call_id->i_id, sip->sip_via->v_branch,
				sip->sip_cseq->cs_method_name };
	sip_to_t *to = sip_to_dup(home, sip->sip_to);
	char tag[SIPSIDE_TOKEN_SIZE];

	if (!to || to->a_tag)
		return to;
	sipside_keyed_token(request->side, parts,
			    sizeof parts / sizeof parts[0], tag);
	(void)sip_to_tag(home, to, tag);
	return to;
}

void sipside_refuse(struct sipside_request *request,
		    const struct sipside_final *final)
{
	const struct extras extras = extras_of(final);

	(void)nta_msg_treply(request->side->agent, request->msg, final->code,
			     phrase_of(final), SIPTAG_TO(tagged_to(request)),
			     EXTRA_TAGS(extras));
}

static void on_trying(void *arg)
{
	struct origin *origin = arg;

	/* from now on NTA repeats it to each retransmission */
	(void)nta_incoming_treply(origin->transaction, SIP_100_TRYING,
				  TAG_END());
}

struct origin *sipside_origin_create(struct sipside_request *request)
{
	struct sipside *side = request->side;
	struct origin *origin = calloc(1, sizeof *origin);
	char tag[SIPSIDE_TOKEN_SIZE];

	if (!origin)
		return NULL;
	if (loop_timer_create(side->loop, on_trying, origin, &origin->trying) !=
	    ENUM_OK)
		goto failed;
	/* takes its reference even when it fails */
	origin->transaction = nta_incoming_create(side->agent, NULL,
						  msg_ref_create(request->msg),
						  request->sip, TAG_END());
	if (!origin->transaction)
		goto failed;
	msg_destroy(request->msg);
	sipside_random_token(side, tag);
	(void)nta_incoming_tag(origin->transaction, tag);
	loop_timer_set(origin->trying, TRYING_AFTER_MS);
	return origin;
failed:
	loop_timer_destroy(&origin->trying);
	free(origin);
	return NULL;
}

/* The next hop's own answer, without our Via (RFC 3261, 16.7).
 * @return false: it has none but ours, so it cannot be passed on */
static bool pass_on(struct origin *origin, const struct outcome *outcome)
{
	msg_t *msg = msg_ref_create((msg_t *)(uintptr_t)outcome->wire);
	sip_t *sip = sip_object(msg);

	(void)sip_via_remove(msg, sip);
	if (sip->sip_via) {
		(void)nta_incoming_mreply(origin->transaction, msg);
		return true;
	}
	msg_destroy(msg);
	return false;
}

static bool is_unchanged(const struct outcome *outcome)
{
	const sip_t *sip;

	if (!outcome->wire)
		return false;
	sip = sip_object((msg_t *)(uintptr_t)outcome->wire);
	return sip->sip_status->st_status == outcome->code;
}

static void make_up(struct origin *origin, const struct message *message,
		    const struct outcome *outcome)
{
	const struct sipside_final final = {
		.code = outcome->code,
		.reason = outcome->reason,
		.unsupported = outcome->unsupported,
		.retry_after_s = outcome->retry_after_s,
		.no_sips = message->secure_only && outcome->code == 480,
	};
	struct extras extras = extras_of(&final);

	if (final.code < 300) /* SIP-1: a 2xx to MESSAGE says nothing more */
		extras = (struct extras){ 0 };
	(void)nta_incoming_treply(origin->transaction, final.code,
				  phrase_of(&final), EXTRA_TAGS(extras));
}

void sipside_answer(struct side *side, struct origin *origin,
		    const struct message *message,
		    const struct outcome *outcome)
{
	(void)side;
	if (!is_unchanged(outcome) || !pass_on(origin, outcome))
		make_up(origin, message, outcome);
	loop_timer_destroy(&origin->trying);
	nta_incoming_destroy(origin->transaction);
	free(origin);
}
