#ifndef IMGW_GATEWAY_SIP_PRIVATE_H
#define IMGW_GATEWAY_SIP_PRIVATE_H

/** What the files of gateway/sip share; nobody else includes it.
 *
 *  A request comes in through sip_in.c, is judged by sip_check.c, becomes a
 *  message in sip_message.c and is answered by sip_answer.c. An attempt goes
 *  out through sip_out.c with a request that sip_proxy.c or sip_uac.c has
 *  built. Names begin with sipside_, since sofia-sip owns sip_. */

#define NTA_AGENT_MAGIC_T struct sipside
#define NTA_OUTGOING_MAGIC_T struct sipside_attempt

#include <sofia-sip/nta.h>
#include <sofia-sip/sip.h>
#include <sofia-sip/sip_header.h>

#include "gateway/sip/sip_lane.h"
#include "gateway/sip/sipside.h"

/** A longer Request-URI is answered 414 (SIP-42). */
#define SIPSIDE_URI_MAX 2048

/** A UAC's request with all of its headers (SIP-6, RFC 3428, 8); above it
 *  any request prefers TCP (SIP-7, RFC 3261, 18.1.1). */
#define SIPSIDE_UDP_MAX 1300

/** What we tell a sender that we cannot serve now, seconds. */
#define SIPSIDE_RETRY_AFTER_S 5

/** A token of 24 hexadecimal digits, terminator included. */
#define SIPSIDE_TOKEN_SIZE 25

struct sipside {
	struct side face; /* first: the middle's pointer is also ours */
	struct sipside_options options;
	struct loop *loop;
	struct relay_table *relays;
	nta_agent_t *agent;
	bool draining;
	unsigned char key[32]; /* of tags and Call-IDs; new at each start */
	uint32_t cseq;
	struct sipside_lanes *lanes;
	/* attempts that had no memory to begin with, linked by `state` */
	struct attempt *failed;
	struct loop_timer *failed_timer;
};

/** A server transaction whose message is with the middle. */
struct origin {
	nta_incoming_t *transaction;
	struct loop_timer *trying; /* SIP-19: the 100 */
};

/** One request while it is looked at. */
struct sipside_request {
	struct sipside *side;
	msg_t *msg;
	sip_t *sip;
	char peer[DNS_ADDRESS_SIZE];
	enum admission_trust trust;
	struct span uri; /* Request-URI, octet for octet */
	/* filled by sipside_target */
	enum plan_kind kind;
	char target[SIPSIDE_URI_MAX + 1];
	bool skip_enum;
};

/** A final response of our own. */
struct sipside_final {
	int code;                /* 0: none, go on */
	const char *reason;      /* NULL: the standard phrase */
	const char *unsupported; /* option tags for a 420, or NULL */
	unsigned retry_after_s;  /* 0: no Retry-After */
	bool no_sips;            /* Warning 380 (MAP-12) */
};

/* sip_stack.c */

/** Make the library silent where it would act by itself: names in a Via are
 *  not resolved, STUN is not answered, diagnostics go to the log. */
void sipside_stack_tame(void);

/* sip_agent.c */

/** Make the agent and open all listeners; failures are logged by name.
 *  @return GATEWAY_OK, GATEWAY_NO_MEMORY, GATEWAY_CANNOT_BIND */
MUST_USE enum gateway_status sipside_agent_open(struct sipside *side);

/* sip_address.c */

/** Does host[:port] mean us? @param port  0: none given */
bool sipside_is_us(const struct sipside *side, struct span host,
		   unsigned long port);

/** The same for a parsed URL. */
bool sipside_url_is_us(const struct sipside *side, const url_t *url);

/** Numeric source address of a message. */
void sipside_source(msg_t *msg, char out[DNS_ADDRESS_SIZE]);

/* sip_token.c */

/** Something that nobody can guess. */
void sipside_random_token(struct sipside *side, char out[SIPSIDE_TOKEN_SIZE]);

/** The same token for the same parts, and a different one after each start.
 *  Without our key nobody can compute it. */
void sipside_keyed_token(const struct sipside *side, const char *const *parts,
			 size_t count, char out[SIPSIDE_TOKEN_SIZE]);

/* sip_in.c */

/** NTA's callback for what belongs to no transaction. Takes msg. */
int sipside_in(struct sipside *side, nta_agent_t *agent, msg_t *msg,
	       sip_t *sip);

/* sip_check.c */

/** Look at everything that can be said without DNS.
 *  @param home  keeps texts of the answer
 *  @return code 0: a MESSAGE that may go on; else how to answer */
struct sipside_final sipside_check(struct sipside_request *request,
				   su_home_t *home);

/** The Max-Forwards of a request, or 70 without one. */
unsigned long sipside_max_forwards(const sip_t *sip);

/* sip_target.c */

/** What is to be resolved: fills kind, target and skip_enum.
 *  @return code 0, or why the Request-URI leads nowhere */
struct sipside_final sipside_target(struct sipside_request *request);

/* sip_message.c */

/** The request as a message; sipside_target has succeeded.
 *  @return NULL: out of memory */
struct message *sipside_message(const struct sipside_request *request);

/** Items of a list header, "a,b", in `home`. @return NULL: out of memory */
char *sipside_list(su_home_t *home, const msg_list_t *list);

/* sip_answer.c */

/** Answer a request without a transaction: costs no memory, and a
 *  retransmission gets the same answer again (RFC 3261, 8.2.7).
 *  Takes msg. */
void sipside_refuse(struct sipside_request *request,
		    const struct sipside_final *final);

/** Take a request into a server transaction, which then owns msg.
 *  @return NULL: out of memory; msg is still the caller's */
struct origin *sipside_origin_create(struct sipside_request *request);

/** side.answer: the final response; frees the origin. */
void sipside_answer(struct side *side, struct origin *origin,
		    const struct message *message,
		    const struct outcome *outcome);

/* sip_out.c */

/** side.send and side.cancel. */
void sipside_send(struct side *side, struct attempt *attempt);
void sipside_cancel(struct side *side, struct attempt *attempt);

/** Report the attempts that had no memory. */
void sipside_report_failed(void *arg);

/* sip_size.c */

/** Octets of a request on the wire, with the Via that it does not have yet.
 *  0 plus the Via when there is no memory to find out. */
size_t sipside_request_size(const struct sipside *side, msg_t *request,
			    const struct hop *hop);

/* sip_proxy.c, sip_uac.c */

/** The request of an origin, as a proxy sends it to a hop.
 *  @return NULL: out of memory */
msg_t *sipside_proxy_request(struct sipside *side,
			     const struct attempt *attempt);

/** A request of our own.
 *  @return NULL: out of memory, or the sender's JID cannot be written */
msg_t *sipside_uac_request(struct sipside *side,
			   const struct attempt *attempt);

#endif
