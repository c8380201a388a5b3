#include "gateway/sip/sip_private.h"

#include <sofia-sip/msg_header.h>
#include <sofia-sip/nta_tport.h>

#include "gateway/log.h"

/* The Request-URI as it stands on the wire: the parser's copy has lost its
 * escapes. */
static struct span request_uri(const sip_request_t *line)
{
	struct span rest = { line->rq_common->h_data, line->rq_common->h_len };
	struct span method, uri = { 0 };

	if (span_cut(&rest, ' ', &method))
		(void)span_cut(&rest, ' ', &uri);
	return uri;
}

/* SIP-16, RFC 3581, 4: who asks for rport gets received as well. And a maddr
 * is not obeyed: it would send our answer to a third party. */
static void tidy_via(msg_t *msg, sip_via_t *via, const char *peer)
{
	(void)msg_header_remove_param(via->v_common, "maddr");
	if (via->v_rport && !via->v_received)
		(void)msg_header_replace_param(
			msg_home(msg), via->v_common,
			su_sprintf(msg_home(msg), "received=%s", peer));
}

static void log_refusal(const struct sipside_request *request,
			const struct sipside_final *final)
{
	const sip_t *sip = request->sip;

	log_event(LOG_LEVEL_DEBUG, "sip-refused",
		  FIELD_TEXT("peer", request->peer),
		  FIELD_TEXT("method", sip->sip_request->rq_method_name),
		  FIELD_TEXT("call_id", sip->sip_call_id->i_id),
		  FIELD_INT("code", final->code),
		  FIELD_TEXT("reason", final->reason
					       ? final->reason
					       : outcome_phrase(final->code)));
}

static void take(struct sipside_request *request)
{
	const struct sipside_final failed = { .code = 500,
					      .retry_after_s =
						      SIPSIDE_RETRY_AFTER_S };
	struct message *message = sipside_message(request);
	struct origin *origin = message ? sipside_origin_create(request) : NULL;

	if (origin) {
		message->merged = origin->merged;
		relay_submit(request->side->relays, message, origin);
		return;
	}
	message_destroy(&message);
	sipside_refuse(request, &failed);
}

static void receive(struct sipside_request *request)
{
	const struct sipside_final final =
		sipside_check(request, msg_home(request->msg));

	if (final.code) {
		log_refusal(request, &final);
		sipside_refuse(request, &final);
	} else {
		take(request);
	}
}

/* SEC-3: who must not send learns nothing about what others have sent. */
static bool is_stranger(const struct sipside_request *request)
{
	return request->trust == ADMISSION_NOBODY &&
	       !sipside_must_authenticate(request->side, request->peer);
}

/* A CANCEL means the transaction of a MESSAGE; we have no others. */
static const char *meant_method(const sip_t *sip)
{
	return sip->sip_request->rq_method == sip_method_cancel
		       ? sip_method_name_message
		       : sip->sip_request->rq_method_name;
}

int sipside_in(struct sipside *side, nta_agent_t *agent, msg_t *msg, sip_t *sip)
{
	struct sipside_request request = { .side = side,
					   .msg = msg,
					   .sip = sip };

	sipside_connections_heard(
		side->connections,
		tport_delivered_by(nta_agent_tports(agent), msg));
	/* late responses (SIP-20), and what is never answered (SIP-12) */
	if (!sip->sip_request ||
	    sip->sip_request->rq_method == sip_method_ack) {
		msg_destroy(msg);
		return 0;
	}
	sipside_source(msg, request.peer);
	tidy_via(msg, sip->sip_via, request.peer);
	request.trust = admission_peer(side->options.admission, request.peer);
	request.uri = request_uri(sip->sip_request);
	request.key = sipside_key_of_request(side->keys, sip, request.uri,
					     meant_method(sip));
	if (is_stranger(&request) || !sipside_origin_takes_copy(&request))
		receive(&request);
	return 0;
}
