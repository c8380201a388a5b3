#ifndef IMGW_GATEWAY_SIP_PRIVATE_H
#define IMGW_GATEWAY_SIP_PRIVATE_H

/** What the files of gateway/sip share; nobody else includes it.
 *
 *  A request comes in through sip_in.c, is judged by sip_check.c, becomes a
 *  message in sip_message.c, waits as an origin in sip_origin.c and is
 *  answered by sip_answer.c. An attempt goes out through sip_out.c with a
 *  request that sip_proxy.c or sip_uac.c has built. Names begin with
 *  sipside_, since sofia-sip owns sip_. */

#define NTA_AGENT_MAGIC_T struct sipside
#define NTA_OUTGOING_MAGIC_T struct sipside_attempt

#include <sofia-sip/nta.h>
#include <sofia-sip/sip.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/tport.h>

#include "gateway/key_table.h"
#include "gateway/sip/sip_body.h"
#include "gateway/sip/sip_connection.h"
#include "gateway/sip/sip_judge.h"
#include "gateway/sip/sip_lane.h"
#include "gateway/sip/sip_nonce.h"
#include "gateway/sip/sip_transaction.h"
#include "gateway/sip/sip_tls.h"
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

/** A To tag of ours: 16 hexadecimal digits and the terminator. */
#define SIPSIDE_TAG_SIZE 17

/** A branch of ours: the cookie, a token and the mark of the request that it
 *  goes on with (SIP-9). */
#define SIPSIDE_BRANCH_SIZE (7 + SIPSIDE_TOKEN_SIZE + SIPSIDE_TAG_SIZE)

struct sipside {
	struct side face; /* first: the middle's pointer is also ours */
	struct sipside_options options;
	struct loop *loop;
	struct relay_table *relays;
	nta_agent_t *agent;
	struct sipside_tls *tls; /* NULL: no tls: listener */
	struct sipside_connections *connections;
	bool draining;
	unsigned char key[32]; /* of tags and Call-IDs; new at each start */
	uint32_t cseq;
	struct sipside_lanes *lanes;
	struct key_table *refused; /* see sip_refused.h */
	struct sipside_nonces *nonces; /* of our challenges */
	struct sipside_keys *keys;
	struct sipside_transactions *transactions;
	struct sipside_failure *failures; /* see sip_failed.c */
	/* attempts that had no memory to begin with, linked by `state` */
	struct attempt *failed;
	struct loop_timer *failed_timer;
};

/** A MESSAGE whose message is with the middle. */
struct origin {
	struct sipside *side;
	struct sipside_transaction *transaction;
	msg_t *request;
	tport_t *tport; /* it came by, and the answer goes (SIP-44) */
	char tag[SIPSIDE_TAG_SIZE];
	char loop[SIPSIDE_TAG_SIZE]; /* see struct sipside_request */
	struct loop_timer *trying_timer;
	bool trying; /* the 100 was sent (SIP-19) */
	bool merged; /* the same request is in progress already (SIP-11) */
};

/** One request while it is looked at. */
struct sipside_request {
	struct sipside *side;
	msg_t *msg;
	sip_t *sip;
	char peer[DNS_ADDRESS_SIZE];
	enum admission_trust trust;
	struct span uri; /* Request-URI, octet for octet */
	struct sipside_key key; /* of its transaction; a CANCEL has that of
				 * the MESSAGE that it means */
	const sip_route_t *route; /* the first that is not us, or NULL */
	/* the same for what would be decided in the same way (SIP-9) */
	char loop[SIPSIDE_TAG_SIZE];
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
	const char *challenges[2]; /* of a 407, NULL behind the last */
	bool no_sips;            /* Warning 380 (MAP-12) */
	bool abilities;          /* say what we can (SIP-14) */
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

/** The first Route that does not mean us, or NULL (SIP-27). */
const sip_route_t *sipside_route_beyond(const struct sipside *side,
					const sip_t *sip);

/** sip:HOST:PORT;transport=tcp;maddr=ADDRESS */
#define SIPSIDE_ROUTE_SIZE (DNS_NAME_SIZE + DNS_ADDRESS_SIZE + 64)

/** Where the library sends a request to. With the address in maddr it asks no
 *  DNS; the host is what a certificate must be good for (SIP-38).
 *  @param transport  may differ from the hop's (SIP-7) */
void sipside_write_route(const struct hop *hop, enum transport transport,
			 char out[SIPSIDE_ROUTE_SIZE]);

/** Numeric source address of a message. */
void sipside_source(msg_t *msg, char out[DNS_ADDRESS_SIZE]);

/* sip_token.c */

/** Something that nobody can guess. */
void sipside_random_token(struct sipside *side, char out[SIPSIDE_TOKEN_SIZE]);

/** The same token for the same parts, and a different one after each start.
 *  Without our key nobody can compute it. */
void sipside_keyed_token(const struct sipside *side, const char *const *parts,
			 size_t count, char out[SIPSIDE_TOKEN_SIZE]);

/* sip_key.c */

/** @return NULL: out of memory */
struct sipside_keys *sipside_keys_create(struct loop *loop);

/** Free; takes NULL. */
void sipside_keys_destroy(struct sipside_keys *keys);

/** The key of a request's server transaction (SIP-17, RFC 3261, 17.2.3): its
 *  top Via and its method. What else two copies of a request have in common
 *  goes in as well: a client whose branches repeat loses no message. A branch
 *  that does not claim to be unique is compared as in RFC 2543.
 *  @param uri  the Request-URI
 *  @param method  for a CANCEL: that of the request that it means */
struct sipside_key sipside_key_of_request(struct sipside_keys *keys,
					  const sip_t *sip, struct span uri,
					  const char *method);

/** The key that requests share which have come by different ways (SIP-11,
 *  RFC 3261, 8.2.2.2). One that has been through us and comes back with
 *  another Request-URI is no copy of itself: sipside_last_mark goes in. */
struct sipside_key sipside_key_of_merged(const struct sipside *side,
					 const sip_t *sip);

/** The key of all that decides where a request goes (SIP-9, RFC 5393, 4.2):
 *  Request-URI, the Routes behind ours, whether enumdi is believed; and which
 *  request it is. */
struct sipside_key sipside_key_of_loop(const struct sipside_request *request);

/** Our To tag in a transaction: always the same (SIP-15). */
void sipside_key_tag(const struct sipside_key *key,
		     char out[SIPSIDE_TAG_SIZE]);

/* sip_loop.c: SIP-9 */

/** Fill request->loop; sipside_target has succeeded. */
void sipside_mark_loop(struct sipside_request *request);

/** Has the request been here, and would it take the same way again? Then it
 *  would for ever. With another Request-URI or Route it spirals, which is
 *  allowed (RFC 3261, 16.3). */
bool sipside_has_looped(const struct sipside_request *request);

/** What our branch says in the last Via that is ours; empty: none. */
struct span sipside_last_mark(const struct sipside *side, const sip_t *sip);

/** The request that goes on, as proxy; NULL: the attempt is a UAC's, also
 *  when the message comes out of a store. */
const struct origin *sipside_forwarded(const struct attempt *attempt);

/** A branch for the next request of an attempt (SIP-31). */
void sipside_write_branch(struct sipside *side, const struct attempt *attempt,
			  char out[SIPSIDE_BRANCH_SIZE]);

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

/** Does a header stand twice that may stand once only? The library must not
 *  be asked to send such a message: an assertion of its serialiser fails. */
bool sipside_has_duplicates(const sip_t *sip);

/** The Max-Forwards of a request, or 70 without one. */
unsigned long sipside_max_forwards(const sip_t *sip);

/* sip_challenge.c: SIP-35 */

/** Is it a peer that must authenticate itself? It may then be one that is
 *  not admitted by its address. */
bool sipside_must_authenticate(const struct sipside *side, const char *peer);

/** Look at the credentials of a request, if it needs any. Good ones work
 *  once, so nothing may be refused afterwards; a peer that has them is
 *  admitted.
 *  @param home  keeps texts of the answer
 *  @return code 0: it may go on; else a 407 with challenges */
struct sipside_final sipside_authenticate(struct sipside_request *request,
					  su_home_t *home);

/** Remove the credentials for our realm from a request that goes on; others
 *  stay (RFC 3261, 22.3). */
void sipside_consume_credentials(const struct sipside *side, msg_t *msg,
				 sip_t *sip);

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

/* sip_origin.c */

/** Take a request into a server transaction, which then owns msg.
 *  @return NULL: out of memory; msg is still the caller's */
struct origin *sipside_origin_create(struct sipside_request *request);

/** Is it a copy of a request that we have (SIP-17)? Then it gets what is due,
 *  and msg is taken. */
bool sipside_origin_takes_copy(struct sipside_request *request);

/** Send a final and free the origin. Over UDP copies of the request get the
 *  same octets for 32 s.
 *  @param reply  serialised; taken. NULL: out of memory, nothing is sent */
void sipside_origin_finish(struct origin *origin, msg_t *reply);

/* sip_answer.c */

/** Answer a request without a transaction: costs no memory, and a
 *  retransmission gets the same answer again (RFC 3261, 8.2.7).
 *  Takes msg. */
void sipside_refuse(struct sipside_request *request,
		    const struct sipside_final *final);

/** side.answer: the final response; frees the origin. */
void sipside_answer(struct side *side, struct origin *origin,
		    const struct message *message,
		    const struct outcome *outcome);

/* sip_failed.c */

/** side.failed: a report, if one was asked for, or a text. */
void sipside_failed(struct side *side, const struct message *message,
		    const struct outcome *outcome, side_notice_fn *done,
		    void *arg);

/** Forget those that nobody was told of yet. */
void sipside_failures_clear(struct sipside *side);

/* sip_out.c */

/** side.send and side.cancel. */
void sipside_send(struct side *side, struct attempt *attempt);
void sipside_cancel(struct side *side, struct attempt *attempt);

/* sipside.c: attempts that had no memory to begin with */

/** Report them all. */
void sipside_report_failed(void *arg);

/** Take one out. @return whether it was among them */
bool sipside_forget_failed(struct sipside *side, struct attempt *attempt);

/* sip_size.c */

/** Octets of a request on the wire, with the Via that it does not have yet.
 *  0 plus the Via when there is no memory to find out. */
size_t sipside_request_size(struct sipside *side, msg_t *request,
			    const struct attempt *attempt);

/* sip_credentials.c: SIP-34 */

/** A request of ours once more, with credentials for the challenge in a 401
 *  or 407.
 *  @param again  it had some: another try makes sense only when the challenge
 *                says that merely the nonce was too old
 *  @return NULL: the challenge cannot be answered, or out of memory */
msg_t *sipside_authorized_request(struct sipside *side, msg_t *request,
				  const sip_t *response, bool again);

/* sip_again.c: SIP-34, RCPT-7, RCPT-13 */

/** Has the peer refused before what cannot be said in another form? */
bool sipside_was_refused(const struct sipside *side,
			 const struct attempt *attempt);

/** A request of our own once more, after a final response: with credentials,
 *  or in a form that the peer takes. What it refused is remembered.
 *  @param request  that was answered
 *  @param challenges  that were answered for this form; changed
 *  @return NULL: it would not help, or out of memory */
msg_t *sipside_request_again(struct sipside *side,
			     const struct attempt *attempt, msg_t *request,
			     const sip_t *response, unsigned *challenges);

/* sip_proxy.c, sip_uac.c */

/** Do both the neighbour that it came from and the hop belong to those who trust
 *  each other (SIP-36)? */
bool sipside_stays_inside(const struct sipside *side,
			  const struct attempt *attempt);

/** The request of an origin, as a proxy sends it to a hop.
 *  @return NULL: out of memory */
msg_t *sipside_proxy_request(struct sipside *side,
			     const struct attempt *attempt);

/** The domain by which we are known. */
const char *sipside_own_name(const struct sipside_options *options);

/** Append the URI of a sender from XMPP (CONF-13).
 *  @return false: his JID cannot be written */
MUST_USE bool sipside_write_sender(const struct message *message,
				   struct text *out);

/** A request of our own.
 *  @return NULL: out of memory, or the sender's JID cannot be written */
msg_t *sipside_uac_request(struct sipside *side,
			   const struct attempt *attempt);

#endif
