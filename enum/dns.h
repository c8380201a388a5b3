#ifndef IMGW_ENUM_DNS_H
#define IMGW_ENUM_DNS_H

/** One question to one set of resolvers, one classified answer. c-ares lives
 *  behind this header only (in dns_channel.c); stories replace it by
 *  tests/fake/dns_fake.c.
 *
 *  A server that fails (SERVFAIL, REFUSED) or does not answer is not the last
 *  word while there is another one; the answer is DNS_SERVFAIL or DNS_TIMEOUT
 *  when none is left. */

#include <stdbool.h>
#include <stddef.h>

#include "enum/dns_answer.h"
#include "enum/loop.h"
#include "enum/status.h"

struct dns;
struct dns_query;

struct dns_options {
	/** "127.0.0.1:53,[::1]:5353"; NULL or "": those of resolv.conf */
	const char *servers;
	int timeout_ms;	      /* of the first try; later ones double */
	int tries;	      /* per server, 1 or more */
	bool dnssec;	      /* ask for AD, and believe it from loopback */
	size_t in_flight_max; /* more questions wait, at most twice as many;
			       * the rest is answered DNS_OVERLOAD */
};

/** Open a channel: EDNS0 with 1232 octets, TCP on truncation, again without
 *  OPT on FORMERR (ENUM-35), no search list (ENUM-2).
 *  @param dns_out  the caller owns it: dns_destroy
 *  @return ENUM_OK, ENUM_NO_MEMORY, ENUM_BAD_SERVERS */
MUST_USE enum enum_status dns_create(struct loop *loop,
				     const struct dns_options *options,
				     struct dns **dns_out);

/** Drop all questions without calling back, close; clears; takes NULL. Not
 *  inside a callback of its own. */
void dns_destroy(struct dns **dns);

/** The answer is valid during the call; dns_answer_keep to hold it. */
typedef void dns_answer_fn(struct dns_answer *answer, void *arg);

/** Ask. `done` is called exactly once, never before this returns, and never
 *  after dns_query_cancel.
 *  @param name  absolute, without the dot at the end; one that no question can
 *               hold (an empty label, over 63 octets) is DNS_NXDOMAIN
 *  @param query_out  valid until `done` begins or the query is cancelled
 *  @return ENUM_OK, ENUM_NO_MEMORY; then done will not run */
MUST_USE enum enum_status dns_query_start(struct dns *dns, const char *name,
					  enum dns_type type,
					  dns_answer_fn *done, void *arg,
					  struct dns_query **query_out);

/** Forget the question; clears the pointer; takes NULL. */
void dns_query_cancel(struct dns_query **query);

#endif
