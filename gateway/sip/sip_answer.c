#include "gateway/sip/sip_private.h"

#include <stdlib.h>

#include <sofia-sip/nta_stateless.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/sip_tag.h>
#include <sofia-sip/sip_util.h>

/* What we can do; SIP-14, and SIP-4 for the XMPP path. */
#define ALLOW "MESSAGE, OPTIONS"
#define ACCEPT                                                         \
	"text/plain, text/html, message/cpim, multipart/alternative, " \
	"multipart/mixed, multipart/related, multipart/signed, "       \
	"application/im-iscomposing+xml, message/imdn+xml"
#define ACCEPT_ENCODING "identity"
#define ACCEPT_LANGUAGE "*"

/** The headers that a final response must carry. */
struct extras {
	const char *allow;
	const char *accept, *accept_encoding, *accept_language;
	const char *supported, *unsupported;
	const char *warning;
	const char *challenges[2];
	char contact[OUTCOME_ADDRESS_SIZE + 2]; /* "": none */
	char retry_after[16];			/* "": none */
};

static void add_abilities(struct extras *extras)
{
	extras->accept = ACCEPT;
	extras->accept_encoding = ACCEPT_ENCODING;
	extras->accept_language = ACCEPT_LANGUAGE;
}

/* RFC 3261, 20.33. */
static bool may_say_when(int code)
{
	return code == 404 || code == 413 || code == 480 || code == 486 ||
	       code == 500 || code == 503 || code == 600 || code == 603;
}

static struct extras extras_of(const struct sipside_final *final)
{
	struct extras extras = {
		.unsupported = final->unsupported,
		.challenges = { final->challenges[0], final->challenges[1] },
	};
	struct text retry;

	text_init(&retry, extras.retry_after, sizeof extras.retry_after);
	if (final->retry_after_s && may_say_when(final->code))
		text_addf(&retry, "%u", final->retry_after_s);
	if (final->no_sips) /* RFC 5630, 6.2 */
		extras.warning = "380 - \"SIPS Not Allowed\"";
	if (final->abilities) {
		add_abilities(&extras);
		extras.allow = ALLOW;
		extras.supported = "";
	}
	switch (final->code) {
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
		SIPTAG_PROXY_AUTHENTICATE_STR((extras).challenges[0]),        \
		SIPTAG_PROXY_AUTHENTICATE_STR((extras).challenges[1]),        \
		TAG_IF((extras).contact[0],                                   \
		       SIPTAG_CONTACT_STR((extras).contact)),                 \
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
	su_home_t *home = msg_home(request->msg);
	sip_to_t *to = sip_to_dup(home, request->sip->sip_to);
	char tag[SIPSIDE_TAG_SIZE];

	sipside_key_tag(&request->key, tag);
	if (to && !to->a_tag)
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

/* The next hop's own answer, without our Via (RFC 3261, 16.7).
 * @return NULL: it has no Via but ours, so it cannot be passed on */
static msg_t *passed_on(const struct outcome *outcome)
{
	msg_t *msg = msg_ref_create((msg_t *)(uintptr_t)outcome->wire);
	sip_t *sip = sip_object(msg);

	(void)sip_via_remove(msg, sip);
	if (sip->sip_via && nta_msg_complete(msg) >= 0 &&
	    msg_serialize(msg, (msg_pub_t *)sip) >= 0)
		return msg;
	msg_destroy(msg);
	return NULL;
}

static bool is_unchanged(const struct outcome *outcome)
{
	const sip_t *sip;

	if (!outcome->wire)
		return false;
	sip = sip_object((msg_t *)(uintptr_t)outcome->wire);
	return sip->sip_status->st_status == outcome->code;
}

/* SIP-15. @return false: out of memory */
static bool copy_headers(const struct origin *origin, msg_t *reply)
{
	const sip_t *request = sip_object(origin->request);
	sip_t *sip = sip_object(reply);

	return sip_add_tl(reply, sip, SIPTAG_VIA(request->sip_via),
			  SIPTAG_RECORD_ROUTE(request->sip_record_route),
			  SIPTAG_FROM(request->sip_from),
			  SIPTAG_TO(request->sip_to),
			  SIPTAG_CALL_ID(request->sip_call_id),
			  SIPTAG_CSEQ(request->sip_cseq), TAG_END()) >= 0 &&
	       sip->sip_to &&
	       (sip->sip_to->a_tag ||
		sip_to_tag(msg_home(reply), sip->sip_to, origin->tag) >= 0);
}

/* @return NULL: out of memory */
static msg_t *written(const struct origin *origin,
		      const struct sipside_final *final,
		      const struct extras *extras)
{
	msg_t *reply = nta_msg_create(origin->side->agent, 0);
	sip_t *sip = sip_object(reply);

	if (!reply)
		return NULL;
	sip->sip_status =
		sip_status_create(msg_home(reply), (unsigned) final->code,
				  phrase_of(final), NULL);
	if (sip->sip_status && copy_headers(origin, reply) &&
	    sip_add_tl(reply, sip, EXTRA_TAGS(*extras)) >= 0 &&
	    nta_msg_complete(reply) >= 0 &&
	    msg_serialize(reply, (msg_pub_t *)sip) >= 0)
		return reply;
	msg_destroy(reply);
	return NULL;
}

/* MAP-15: in brackets, since a URI may hold parameters. */
static void add_contact(struct extras *extras, const struct outcome *outcome)
{
	struct text text;

	text_init(&text, extras->contact, sizeof extras->contact);
	if (outcome->address[0])
		text_addf(&text, "<%s>", outcome->address);
}

static msg_t *made_up(const struct origin *origin,
		      const struct message *message,
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

	add_contact(&extras, outcome);
	if (final.code < 300) /* SIP-1: a 2xx to MESSAGE says nothing more */
		extras = (struct extras){ 0 };
	return written(origin, &final, &extras);
}

void sipside_answer(struct side *side, struct origin *origin,
		    const struct message *message,
		    const struct outcome *outcome)
{
	msg_t *reply = is_unchanged(outcome) ? passed_on(outcome) : NULL;

	if (outcome->code >= 300) /* RCPT-4 */
		reports_forget(origin->side->options.reports, message->id);
	(void)side;
	sipside_origin_finish(
		origin, reply ? reply : made_up(origin, message, outcome));
}
