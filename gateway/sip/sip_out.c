#include "gateway/sip/sip_private.h"

#include <stdlib.h>

#include <sofia-sip/nta_stateless.h>
#include <sofia-sip/nta_tag.h>
#include <sofia-sip/nta_tport.h>
#include <sofia-sip/tport.h>

/** Timer E of RFC 3261, 17.1.2.2 (SIP-18). */
#define T1_MS 500
#define T2_MS 4000

/** sip:HOST:PORT;transport=tcp;maddr=ADDRESS */
#define ROUTE_SIZE (DNS_NAME_SIZE + DNS_ADDRESS_SIZE + 64)

struct sipside_attempt {
	struct sipside *side;
	struct attempt *attempt;
	struct sipside_place place;  /* as UAC: in front of the destination */
	msg_t *request;		     /* built and not sent yet, or NULL */
	nta_outgoing_t *transaction; /* NULL: not begun */
	struct loop_timer *timer;
	enum transport transport;
	bool may_fall_back; /* TCP for its size only (SIP-7) */
	bool heard;	    /* a provisional response came */
	int64_t began_ms;
	int64_t interval_ms, resend_ms; /* resend_ms after began_ms */
	bool has_failed;		/* `failure` is reported next */
	struct outcome failure;
};

/* In the order of time. */
static void begin(struct sipside_attempt *a);
static void transmit(struct sipside_attempt *a);
static int on_response(struct sipside_attempt *a, nta_outgoing_t *transaction,
		       const sip_t *sip);
static void on_timer(void *arg);
static void report(struct sipside_attempt *a, const struct outcome *outcome);

/* The relay must not hear of it before sipside_send has returned. */
static void fail_soon(struct sipside_attempt *a, struct outcome outcome)
{
	a->failure = outcome;
	a->has_failed = true;
	loop_timer_set(a->timer, 0);
}

static struct outcome use_next(const char *reason)
{
	struct outcome outcome = outcome_of_sip(504, reason);

	outcome.try_next = true;
	return outcome;
}

static struct outcome no_memory(void)
{
	return outcome_of_route(ROUTE_NO_MEMORY, "out of memory");
}

static bool is_proxy(const struct sipside_attempt *a)
{
	return a->attempt->message->origin == PROTOCOL_SIP;
}

static void add_host(struct text *text, const char *host)
{
	const bool v6 = span_find(span_of(host), ':') >= 0 && host[0] != '[';

	text_addf(text, v6 ? "[%s]" : "%s", host);
}

/* With the address in maddr the library asks no DNS; the host is what a
 * certificate must be good for (SIP-38). */
static void write_route(const struct sipside_attempt *a, char out[ROUTE_SIZE])
{
	const struct hop *hop = &a->attempt->hop;
	const char *host =
		a->transport == TRANSPORT_TLS ? hop->identity : hop->host;
	struct text text;

	text_init(&text, out, ROUTE_SIZE);
	text_add(&text, "sip:");
	add_host(&text, *host ? host : hop->address);
	text_addf(&text, ":%u;transport=%s;maddr=", (unsigned)hop->port,
		  transport_word(a->transport));
	add_host(&text, hop->address);
}

static struct sipside_attempt *attempt_create(struct sipside *side,
					      struct attempt *attempt)
{
	struct sipside_attempt *a = calloc(1, sizeof *a);

	if (!a)
		return NULL;
	if (loop_timer_create(side->loop, on_timer, a, &a->timer) != ENUM_OK) {
		free(a);
		return NULL;
	}
	a->side = side;
	a->attempt = attempt;
	a->place.owner = a;
	attempt->state = a;
	return a;
}

static void end_transaction(struct sipside_attempt *a)
{
	if (a->transaction)
		nta_outgoing_destroy(a->transaction);
	a->transaction = NULL;
}

static void attempt_destroy(struct sipside_attempt *a)
{
	struct sipside_attempt *next =
		sipside_lane_leave(a->side->lanes, &a->place);

	end_transaction(a);
	if (a->request)
		msg_destroy(a->request);
	loop_timer_destroy(&a->timer);
	a->attempt->state = NULL;
	free(a);
	if (next)
		begin(next);
}

/* CONF-22 */
static struct outcome lane_full(void)
{
	struct outcome outcome =
		outcome_of_sip(480, "too many messages are waiting");

	outcome.condition = CONDITION_RESOURCE_CONSTRAINT;
	return outcome;
}

/* SIP-21: one at a time to one URI, when the requests are our own. */
static void queue_up(struct sipside_attempt *a)
{
	bool is_first;
	enum gateway_status status =
		sipside_lane_enter(a->side->lanes, a->attempt->hop.recipient,
				   &a->place, &is_first);

	if (status == GATEWAY_TOO_LARGE)
		fail_soon(a, lane_full());
	else if (status != GATEWAY_OK)
		fail_soon(a, no_memory());
	else if (is_first)
		begin(a);
}

static struct outcome too_long(void)
{
	struct outcome outcome =
		outcome_of_sip(513, "too long for a SIP MESSAGE");

	outcome.condition = CONDITION_POLICY_VIOLATION;
	return outcome;
}

static void send_own(struct sipside_attempt *a)
{
	a->request = sipside_uac_request(a->side, a->attempt);
	if (!a->request)
		fail_soon(a, no_memory());
	else if (sipside_request_size(a->side, a->request, &a->attempt->hop) >
		 SIPSIDE_UDP_MAX) /* SIP-6, MAP-10 */
		fail_soon(a, too_long());
	else
		queue_up(a);
}

static void forward(struct sipside_attempt *a)
{
	a->request = sipside_proxy_request(a->side, a->attempt);
	if (a->request)
		begin(a);
	else
		fail_soon(a, no_memory());
}

void sipside_send(struct side *face, struct attempt *attempt)
{
	struct sipside *side = (struct sipside *)face;
	struct sipside_attempt *a = attempt_create(side, attempt);

	if (!a) {
		attempt->state = side->failed;
		side->failed = attempt;
		loop_timer_set(side->failed_timer, 0);
	} else if (is_proxy(a)) {
		forward(a);
	} else {
		send_own(a);
	}
}

static void begin(struct sipside_attempt *a)
{
	const struct hop *hop = &a->attempt->hop;

	a->transport = hop->transport;
	if (!hop->transport_advertised && hop->transport == TRANSPORT_UDP &&
	    sipside_request_size(a->side, a->request, hop) > SIPSIDE_UDP_MAX) {
		a->transport = TRANSPORT_TCP; /* SIP-7 */
		a->may_fall_back = true;
	}
	transmit(a);
}

/* The connection that is not made yet, with a reference; or NULL. */
static tport_t *unconnected(const struct sipside_attempt *a)
{
	tport_t *connection;

	if (a->transport == TRANSPORT_UDP)
		return NULL;
	connection = nta_outgoing_transport(a->transaction);
	if (connection && !tport_is_connected(connection))
		return connection;
	tport_unref(connection);
	return NULL;
}

/* When there is nothing more to wait for, after began_ms. */
static int64_t give_up_ms(const struct sipside_attempt *a)
{
	const struct sipside_options *o = &a->side->options;
	tport_t *connecting;

	if (a->heard)
		return INT64_MAX; /* the relay's deadline ends it */
	connecting = unconnected(a);
	if (!connecting)
		return o->attempt_timeout_ms;
	tport_unref(connecting);
	return o->connect_timeout_ms;
}

static int64_t elapsed_ms(const struct sipside_attempt *a)
{
	return loop_now_ms(a->side->loop) - a->began_ms;
}

static void arm(struct sipside_attempt *a)
{
	int64_t next_ms = give_up_ms(a);

	if (a->transport == TRANSPORT_UDP && a->resend_ms < next_ms)
		next_ms = a->resend_ms;
	if (next_ms < INT64_MAX)
		loop_timer_set(a->timer, next_ms - elapsed_ms(a));
}

/* SIP-31: each attempt has a branch of its own. */
static void transmit(struct sipside_attempt *a)
{
	char token[SIPSIDE_TOKEN_SIZE], branch[SIPSIDE_TOKEN_SIZE + 8];
	char route[ROUTE_SIZE];
	struct text text;

	write_route(a, route);
	sipside_random_token(a->side, token);
	text_init(&text, branch, sizeof branch);
	text_addf(&text, "z9hG4bK%s", token);
	a->transaction = nta_outgoing_mcreate(
		a->side->agent, on_response, a, URL_STRING_MAKE(route),
		a->request, NTATAG_BRANCH_KEY(branch), TAG_END());
	if (!a->transaction) { /* the request is still ours */
		fail_soon(a, use_next("the next hop cannot be reached"));
		return;
	}
	a->request = NULL;
	a->began_ms = loop_now_ms(a->side->loop);
	a->interval_ms = a->resend_ms = T1_MS;
	arm(a);
}

/* Timer E: the same octets with the same branch. */
static void resend(struct sipside_attempt *a)
{
	char route[ROUTE_SIZE];

	write_route(a, route);
	(void)nta_msg_tsend(
		a->side->agent, nta_outgoing_getrequest(a->transaction),
		URL_STRING_MAKE(route), NTATAG_USER_VIA(1), TAG_END());
	a->interval_ms = a->heard || 2 * a->interval_ms > T2_MS
				 ? T2_MS
				 : 2 * a->interval_ms;
	a->resend_ms += a->interval_ms;
}

/* SIP-7: too large for UDP, but TCP is not to be had. */
static void fall_back(struct sipside_attempt *a)
{
	end_transaction(a);
	a->may_fall_back = false;
	a->transport = TRANSPORT_UDP;
	a->request = sipside_proxy_request(a->side, a->attempt);
	if (a->request)
		transmit(a);
	else
		fail_soon(a, no_memory());
}

static void give_up(struct sipside_attempt *a)
{
	const struct outcome silence = use_next("no answer from the next hop");
	tport_t *connecting = unconnected(a);

	end_transaction(a);
	if (connecting) /* or what waits in it is sent when it connects */
		(void)tport_shutdown(connecting, 2);
	tport_unref(connecting);
	if (a->may_fall_back)
		fall_back(a);
	else
		report(a, &silence);
}

static void on_timer(void *arg)
{
	struct sipside_attempt *a = arg;
	int64_t now_ms = elapsed_ms(a);

	if (a->has_failed) {
		report(a, &a->failure);
	} else if (now_ms >= give_up_ms(a)) {
		give_up(a);
	} else {
		if (a->transport == TRANSPORT_UDP && now_ms >= a->resend_ms)
			resend(a);
		arm(a);
	}
}

/* SIP-32, IM-15: a 503 sends us on; any other final is the answer. */
static struct outcome judge(const struct sipside *side, const sip_t *sip,
			    const msg_t *response)
{
	const sip_status_t *status = sip->sip_status;
	struct outcome outcome;

	if (status->st_status == 408) /* SIP-20: never passed on */
		return outcome_of_sip(504, "the next hop timed out");
	outcome = outcome_of_sip(status->st_status, status->st_phrase);
	outcome.code = outcome_code_upstream(status->st_status,
					     &side->options.profile);
	outcome.try_next = status->st_status == 503;
	outcome.wire = response;
	if (sip->sip_retry_after && status->st_status != 503)
		outcome.retry_after_s =
			(unsigned)sip->sip_retry_after->af_delta;
	return outcome;
}

/* Made by NTA itself: nothing could be sent, or ICMP came back. */
static bool is_local(const msg_t *response)
{
	return !response || nta_msg_is_internal(response);
}

static void take_final(struct sipside_attempt *a, const sip_t *sip,
		       msg_t *response)
{
	struct outcome outcome;

	if (!is_local(response)) {
		outcome = judge(a->side, sip, response);
		report(a, &outcome);
	} else if (a->may_fall_back) {
		fall_back(a);
	} else {
		outcome = use_next("the next hop cannot be reached");
		report(a, &outcome);
	}
}

static int on_response(struct sipside_attempt *a, nta_outgoing_t *transaction,
		       const sip_t *sip)
{
	msg_t *response;

	if (nta_outgoing_status(transaction) < 200) {
		a->heard = true;
		arm(a);
		return 0;
	}
	response = nta_outgoing_getresponse(transaction);
	take_final(a, sip, response);
	if (response)
		msg_destroy(response);
	return 0;
}

static void report(struct sipside_attempt *a, const struct outcome *outcome)
{
	struct attempt *attempt = a->attempt;
	const struct outcome copy = *outcome; /* may lie in what is freed */

	attempt_destroy(a);
	attempt->done(attempt, &copy);
}

/* @return whether it was among those without memory */
static bool forget_failed(struct sipside *side, struct attempt *attempt)
{
	struct attempt **link = &side->failed;

	while (*link && *link != attempt)
		link = (struct attempt **)&(*link)->state;
	if (!*link)
		return false;
	*link = attempt->state;
	attempt->state = NULL;
	return true;
}

void sipside_cancel(struct side *face, struct attempt *attempt)
{
	if (!forget_failed((struct sipside *)face, attempt) && attempt->state)
		attempt_destroy(attempt->state);
}

void sipside_report_failed(void *arg)
{
	const struct outcome outcome = no_memory();
	struct sipside *side = arg;

	while (side->failed) {
		struct attempt *attempt = side->failed;

		(void)forget_failed(side, attempt);
		attempt->done(attempt, &outcome);
	}
}
