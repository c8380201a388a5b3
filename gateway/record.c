#include "gateway/record.h"

#include "gateway/log.h"

static const char *direction(const struct record *r)
{
	static const char *const words[PROTOCOL_COUNT][PROTOCOL_COUNT] = {
		[PROTOCOL_SIP] = { "sip-sip", "sip-xmpp" },
		[PROTOCOL_XMPP] = { "xmpp-sip", "xmpp-xmpp" },
	};

	if (!r->hop) /* it ended before anybody knew where to */
		return r->message->origin == PROTOCOL_SIP ? "sip" : "xmpp";
	return words[r->message->origin][r->hop->protocol];
}

static double stop_ms(int64_t from_ms, int64_t to_ms)
{
	return from_ms < 0 || to_ms < 0 ? 0 : (double)(to_ms - from_ms);
}

void record_write(const struct record *r)
{
	const struct message *m = r->message;
	const struct hop *hop = r->hop;
	bool sip = hop && hop->protocol == PROTOCOL_SIP;
	int64_t planned = r->planned_ms < 0 ? r->finished_ms : r->planned_ms;

	log_event(LOG_LEVEL_INFO, "relay", FIELD_TEXT("id", m->id),
		  FIELD_TEXT("call_id", m->call_id),
		  FIELD_TEXT("stanza_id", m->stanza_id),
		  FIELD_TEXT("direction", direction(r)),
		  FIELD_TEXT("from", m->from), FIELD_TEXT("to", m->to),
		  FIELD_TEXT("route", hop ? hop->recipient : NULL),
		  FIELD_TEXT("host", sip ? hop->host : NULL),
		  FIELD_TEXT("address", sip ? hop->address : NULL),
		  FIELD_INT("port", sip ? hop->port : 0),
		  FIELD_TEXT("transport",
			     sip ? transport_word(hop->transport) : NULL),
		  FIELD_TEXT("outcome", outcome_kind_word(r->outcome->kind)),
		  FIELD_INT("code", r->outcome->code),
		  FIELD_TEXT("reason", r->outcome->reason),
		  FIELD_INT("hops", r->hops_tried),
		  FIELD_MS("plan_ms", stop_ms(r->arrived_ms, planned)),
		  FIELD_MS("send_ms", stop_ms(r->sent_ms, r->finished_ms)),
		  FIELD_MS("total_ms", stop_ms(r->arrived_ms, r->finished_ms)));
}
