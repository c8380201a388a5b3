#ifndef IMGW_TESTS_SIP_OUT_LIVE_H
#define IMGW_TESTS_SIP_OUT_LIVE_H

/** Attempts of the SIP side at a next hop that the test plays: 127.0.0.3. */

#include "tests/unit/sip_live.h"

static struct {
	int udp, tcp; /* the next hop; tcp is -1 where nobody listens */
	struct attempt attempt;
} hop;

static inline void hop_done(struct attempt *attempt,
			    const struct outcome *outcome)
{
	struct side *side = sipside_side(live.side);

	live.done_count++;
	live.outcome = *outcome;
	live.outcome.wire = NULL;
	if (attempt->origin && !outcome->try_next) {
		side->answer(side, attempt->origin, attempt->message, outcome);
		live.origins[0] = NULL;
	}
}

static inline int hop_open(void **state)
{
	live_open(state);
	memset(&hop, 0, sizeof hop);
	hop.udp = live_socket(SOCK_DGRAM, "127.0.0.3", 0);
	hop.tcp = -1;
	return 0;
}

static inline int hop_close(void **state)
{
	if (hop.attempt.state)
		sipside_side(live.side)->cancel(sipside_side(live.side),
						&hop.attempt);
	if (hop.tcp >= 0)
		close(hop.tcp);
	close(hop.udp);
	return live_close(state);
}

static inline struct attempt hop_attempt(const struct message *message,
					 struct origin *origin,
					 const char *recipient)
{
	struct attempt attempt = { .message = message,
				   .origin = origin,
				   .timeout_ms = 25000,
				   .done = hop_done };

	attempt.hop.protocol = PROTOCOL_SIP;
	attempt.hop.transport = TRANSPORT_UDP;
	attempt.hop.port = (uint16_t)live_port_of(hop.udp);
	snprintf(attempt.hop.recipient, sizeof attempt.hop.recipient, "%s",
		 recipient);
	snprintf(attempt.hop.host, sizeof attempt.hop.host,
		 "no.such.host.example");
	snprintf(attempt.hop.address, sizeof attempt.hop.address, "127.0.0.3");
	return attempt;
}

static inline void hop_send(struct attempt *attempt)
{
	struct side *side = sipside_side(live.side);
	unsigned before = live.done_count;

	side->send(side, attempt);
	assert_int_equal(live.done_count, before); /* never before it returns */
	live_run(30);
}

/** A request has come in; send it on. */
static inline void hop_forward(const struct live_request *request)
{
	live_send(request);
	assert_int_equal(live.count, 1);
	hop.attempt = hop_attempt(live.messages[0], live.origins[0],
				  "sip:alice@simple.im.example:5070");
	hop_send(&hop.attempt);
}

/** The lines of a request that a response repeats, status line first. */
static inline void hop_answer_text(const char *request, const char *status,
				   const char *more, char *out, size_t size)
{
	static const char *const repeated[] = { "Via", "From", "To", "Call-ID",
						"CSeq" };
	const char *at = strstr(request, "\r\n") + 2;
	struct text text;

	text_init(&text, out, size);
	text_addf(&text, "SIP/2.0 %s\r\n", status);
	for (; *at != '\r'; at = strstr(at, "\r\n") + 2)
		for (size_t i = 0; i < 5; i++) {
			size_t len = strlen(repeated[i]);

			if (strncmp(at, repeated[i], len) == 0 &&
			    at[len] == ':')
				text_addf(&text, "%.*s\r\n",
					  (int)strcspn(at, "\r"), at);
		}
	text_addf(&text, "%sContent-Length: 0\r\n\r\n", more);
	assert_false(text.cut);
}

static inline void hop_answer(const char *request, const char *status,
			      const char *more)
{
	char text[4096];

	hop_answer_text(request, status, more, text, sizeof text);
	live_send_text(hop.udp, text, strlen(text));
}

#endif
