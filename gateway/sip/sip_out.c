#include "gateway/sip/sip_private.h"

#include <stdlib.h>

#include <sofia-sip/nta_stateless.h>
#include <sofia-sip/nta_tag.h>
#include <sofia-sip/nta_tport.h>
#include <sofia-sip/tport.h>

/** Timer E of RFC 3261, 17.1.2.2 (SIP-18). */
#define T1_MS 500
#define T2_MS 4000

struct sipside_attempt {
	struct sipside *side;
	struct attempt *attempt;
	struct sipside_place place;  /* as UAC: in front of the destination */
	msg_t *request;		     /* built and not sent yet, or NULL */
	nta_outgoing_t *transaction; /* NULL: not begun */
	struct loop_timer *timer;
	enum transport transport;
	bool may_fall_back;  /* TCP for its size only (SIP-7) */
	bool heard;	     /* a provisional response came */
	unsigned challenges; /* that were answered (SIP-34) */
	int64_t began_ms;
	int64_t interval_ms, resend_ms; /* resend_ms after began_ms */
	bool has_failed;		/* `failure` is reported next */
	bool is_turn;			/* first in its lane, begins next */
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

static bool is_proxy(const struct sipside_attempt *a)
{
	return sipside_forwarded(a->attempt) != NULL;
}

static size_t size_of(const struct sipside_attempt *a)
{
	return sipside_request_size(a->side, a->request, a->attempt);
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
	if (!next)
		return;
	/* not at once: the relay hears first what became of the one before,
	 * and may take this one back */
	next->is_turn = true;
	loop_timer_set(next->timer, 0);
}

/* RCPT-13: it is worth nothing when its turn comes. */
static void drop_from_lane(struct sipside_attempt *a)
{
	(void)sipside_lane_leave(a->side->lanes, &a->place);
	fail_soon(a, sipside_not_waiting());
}

/* SIP-21: one at a time to one URI, when the requests are our own. */
static void queue_up(struct sipside_attempt *a)
{
	bool is_first;
	enum gateway_status status =
		sipside_lane_enter(a->side->lanes, a->attempt->hop.recipient,
				   &a->place, &is_first);

	if (status == GATEWAY_TOO_LARGE)
		fail_soon(a, sipside_lane_full());
	else if (status != GATEWAY_OK)
		fail_soon(a, sipside_no_memory());
	else if (is_first)
		begin(a);
	else if (a->attempt->message->purpose == MESSAGE_COMPOSING)
		drop_from_lane(a);
}

static void send_own(struct sipside_attempt *a)
{
	if (sipside_was_refused(a->side, a->attempt)) {
		fail_soon(a, sipside_not_taken());
		return;
	}
	a->request = sipside_uac_request(a->side, a->attempt);
	if (!a->request)
		fail_soon(a, sipside_no_memory());
	else if (size_of(a) > SIPSIDE_UDP_MAX) /* SIP-6, MAP-10 */
		fail_soon(a, sipside_too_long());
	else
		queue_up(a);
}

static void forward(struct sipside_attempt *a)
{
	const struct hop *hop = &a->attempt->hop;

	if (sipside_is_us(a->side, span_of(hop->address), hop->port)) {
		fail_soon(a, sipside_leads_back()); /* SIP-9 */
		return;
	}
	a->request = sipside_proxy_request(a->side, a->attempt);
	if (a->request)
		begin(a);
	else
		fail_soon(a, sipside_no_memory());
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
	    size_of(a) > SIPSIDE_UDP_MAX) {
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
	char branch[SIPSIDE_BRANCH_SIZE];
	char route[SIPSIDE_ROUTE_SIZE];

	sipside_write_route(&a->attempt->hop, a->transport, route);
	sipside_write_branch(a->side, a->attempt, branch);
	sipside_tls_aim(a->side->tls, &a->attempt->hop);
	a->transaction = nta_outgoing_mcreate(
		a->side->agent, on_response, a, URL_STRING_MAKE(route),
		a->request, NTATAG_BRANCH_KEY(branch), TAG_END());
	sipside_tls_aim(a->side->tls, NULL);
	if (!a->transaction) { /* the request is still ours */
		fail_soon(a, sipside_unreachable(a->side, &a->attempt->hop));
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
	char route[SIPSIDE_ROUTE_SIZE];

	sipside_write_route(&a->attempt->hop, a->transport, route);
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
		fail_soon(a, sipside_no_memory());
}

static void give_up(struct sipside_attempt *a)
{
	tport_t *connecting = unconnected(a);
	const struct outcome silence =
		sipside_silent(a->transport, connecting != NULL);

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
	} else if (a->is_turn) {
		a->is_turn = false;
		begin(a);
	} else if (now_ms >= give_up_ms(a)) {
		give_up(a);
	} else {
		if (a->transport == TRANSPORT_UDP && now_ms >= a->resend_ms)
			resend(a);
		arm(a);
	}
}

/* Made by NTA itself: nothing could be sent, or ICMP came back. */
static bool is_local(const msg_t *response)
{
	return !response || nta_msg_is_internal(response);
}

/* The same message once more. It keeps its place in the lane. */
static bool try_again(struct sipside_attempt *a, const sip_t *sip)
{
	msg_t *request;

	if (is_proxy(a))
		return false;
	request = nta_outgoing_getrequest(a->transaction);
	a->request = sipside_request_again(a->side, a->attempt, request, sip,
					   &a->challenges);
	msg_destroy(request);
	if (!a->request)
		return false;
	end_transaction(a);
	a->heard = false;
	if (size_of(a) > SIPSIDE_UDP_MAX) /* SIP-6 */
		fail_soon(a, sipside_too_long());
	else
		transmit(a);
	return true;
}

static void take_final(struct sipside_attempt *a, const sip_t *sip,
		       msg_t *response)
{
	struct outcome outcome;

	if (!is_local(response)) {
		if (try_again(a, sip))
			return;
		outcome = sipside_judge(a->side, sip, response);
		report(a, &outcome);
	} else if (a->may_fall_back) {
		fall_back(a);
	} else {
		outcome = sipside_unreachable(a->side, &a->attempt->hop);
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

void sipside_cancel(struct side *face, struct attempt *attempt)
{
	if (!sipside_forget_failed((struct sipside *)face, attempt) &&
	    attempt->state)
		attempt_destroy(attempt->state);
}
