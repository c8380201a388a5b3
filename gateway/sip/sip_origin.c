#include "gateway/sip/sip_private.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <sofia-sip/msg_addr.h>
#include <sofia-sip/msg_mclass.h>
#include <sofia-sip/nta_stateless.h>
#include <sofia-sip/nta_tag.h>
#include <sofia-sip/nta_tport.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/sip_tag.h>
#include <sofia-sip/sip_util.h>
#include <sofia-sip/tport_tag.h>

/** SIP-19, RFC 4320, 4.1: when a Timer E would reach T2; earlier a 100 is
 *  not allowed over UDP, later it is owed on any transport. */
#define TRYING_AFTER_MS 3500

/** Pieces that a serialised message may lie in; more are counted first. */
#define PIECES 16

static void origin_free(struct origin *origin)
{
	loop_timer_destroy(&origin->trying_timer);
	tport_unref(origin->tport);
	msg_destroy(origin->request);
	free(origin);
}

/* --- the 100 --- */

/* RFC 3261, 8.2.6.1: a 100 repeats Timestamp, and says how long we took. */
static const char *timestamp(msg_t *request)
{
	const sip_timestamp_t *asked = sip_object(request)->sip_timestamp;

	if (!asked || !asked->ts_stamp)
		return NULL;
	return su_sprintf(msg_home(request), "%s %d.%d", asked->ts_stamp,
			  TRYING_AFTER_MS / 1000, TRYING_AFTER_MS % 1000 / 100);
}

/* Takes `request`: the first one, or a copy of it. */
static void send_trying(struct sipside *side, msg_t *request, tport_t *tport)
{
	(void)nta_msg_treply(side->agent, request, SIP_100_TRYING,
			     SIPTAG_TIMESTAMP_STR(timestamp(request)),
			     NTATAG_TPORT(tport), TAG_END());
}

static void on_trying(void *arg)
{
	struct origin *origin = arg;

	origin->trying = true; /* from now on each copy gets it, too */
	send_trying(origin->side, msg_ref_create(origin->request),
		    origin->tport);
}

/* --- requests --- */

static tport_t *arrival_of(const struct sipside_request *request)
{
	return tport_delivered_by(nta_agent_tports(request->side->agent),
				  request->msg);
}

/* SIP-11, RFC 3261, 8.2.2.2: what has a To tag cannot have been forked.
 * @return false: out of memory */
static bool begin(struct origin *origin, const struct sipside_request *request)
{
	struct sipside *side = request->side;
	const bool is_first = !request->sip->sip_to->a_tag;
	struct sipside_key merge_key;

	if (is_first) {
		merge_key = sipside_key_of_merged(side, request->sip);
		origin->merged = sipside_transaction_is_merged(
			side->transactions, &merge_key);
	}
	origin->transaction =
		sipside_transaction_begin(side->transactions, &request->key,
					  is_first ? &merge_key : NULL, origin);
	return origin->transaction != NULL;
}

struct origin *sipside_origin_create(struct sipside_request *request)
{
	struct sipside *side = request->side;
	struct origin *origin = calloc(1, sizeof *origin);

	if (!origin)
		return NULL;
	if (loop_timer_create(side->loop, on_trying, origin,
			      &origin->trying_timer) != ENUM_OK ||
	    !begin(origin, request)) {
		loop_timer_destroy(&origin->trying_timer);
		free(origin);
		return NULL;
	}
	origin->side = side;
	origin->request = request->msg;
	origin->tport = tport_ref(arrival_of(request));
	sipside_key_tag(&request->key, origin->tag);
	memcpy(origin->loop, request->loop, sizeof origin->loop);
	loop_timer_set(origin->trying_timer, TRYING_AFTER_MS);
	return origin;
}

/* --- finals --- */

/* RFC 3261, 18.2.2; RFC 3581, 4. The Via is that of the request: what a next
 * hop has made of it in its response does not redirect ours. */
static tp_name_t destination(msg_t *request)
{
	const sip_via_t *via = sip_object(request)->sip_via;
	int with_rport = 0; /* over UDP only */

	return (tp_name_t){
		.tpn_proto = sip_via_transport(via),
		.tpn_canon = via->v_host,
		.tpn_host = via->v_received ? via->v_received : via->v_host,
		.tpn_port = sip_via_port(via, &with_rport),
	};
}

/* A connection that is gone is made again (SIP-44). */
static void transmit(msg_t *request, tport_t *tport, msg_t *reply)
{
	const tp_name_t to = destination(request);

	if (!tport_tsend(tport, reply, &to, TPTAG_MTU(INT_MAX), TAG_END()))
		(void)tport_tsend(tport_parent(tport), reply, &to,
				  TPTAG_MTU(INT_MAX), TAG_END());
}

static size_t size_of(const msg_iovec_t *pieces, size_t count)
{
	size_t size = 0;

	for (size_t i = 0; i < count; i++)
		size += pieces[i].mv_len;
	return size;
}

static void join(const msg_iovec_t *pieces, size_t count, char *out)
{
	for (size_t i = 0; out && i < count; i++) {
		memcpy(out, pieces[i].mv_base, pieces[i].mv_len);
		out += pieces[i].mv_len;
	}
}

/* Keep what has just been sent, octet for octet. */
static void remember(struct origin *origin, msg_t *reply)
{
	struct sipside_transactions *table = origin->side->transactions;
	msg_iovec_t few[PIECES], *pieces = few;
	size_t count = reply ? (size_t)msg_iovec(reply, NULL, 0) : 0;

	if (count > PIECES)
		pieces = su_alloc(msg_home(reply),
				  (isize_t)(count * sizeof *pieces));
	if (!pieces)
		count = 0;
	else if (count)
		(void)msg_iovec(reply, pieces, (isize_t)count);
	join(pieces, count,
	     sipside_transaction_complete(table, origin->transaction,
					  size_of(pieces, count)));
}

void sipside_origin_finish(struct origin *origin, msg_t *reply)
{
	if (reply)
		transmit(origin->request, origin->tport, reply);
	if (tport_is_reliable(origin->tport))
		sipside_transaction_end(origin->side->transactions,
					origin->transaction);
	else
		remember(origin, reply);
	if (reply)
		msg_destroy(reply);
	origin_free(origin);
}

/* --- copies of requests (SIP-17) --- */

static void send_again(const struct sipside_request *request,
		       struct span octets)
{
	msg_t *reply = msg_make(sip_default_mclass(), MSG_DO_EXTRACT_COPY,
				octets.at, (ssize_t)octets.len);

	if (!reply)
		return;
	transmit(request->msg, arrival_of(request), reply);
	msg_destroy(reply);
}

bool sipside_origin_takes_copy(struct sipside_request *request)
{
	const struct sipside_transaction *known = sipside_transaction_find(
		request->side->transactions, &request->key);
	struct origin *origin;

	if (!known ||
	    request->sip->sip_request->rq_method != sip_method_message)
		return false;
	origin = sipside_transaction_origin(known);
	if (origin && origin->trying) {
		send_trying(origin->side, request->msg, arrival_of(request));
		return true;
	}
	if (!origin)
		send_again(request, sipside_transaction_final(known));
	msg_destroy(request->msg);
	return true;
}
