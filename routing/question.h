#ifndef IMGW_ROUTING_QUESTION_H
#define IMGW_ROUTING_QUESTION_H

/** One question at a time to the cache: counted, timed and traced. What
 *  resolve and nexthop share; nobody else needs it. */

#include "enum/cache.h"
#include "routing/srv.h"
#include "routing/status.h"
#include "routing/trace.h"

struct question {
	/* The owner fills these, once. */
	struct loop *loop;
	struct cache *cache;
	const struct route_trace *trace; /* or NULL */
	unsigned left;                   /* questions that may yet be asked */
	void *arg;                       /* of `got` */
	/* The question in flight. */
	dns_answer_fn *got;
	struct cache_query *query;
	int64_t asked_ms;
	char name[DNS_NAME_SIZE];
};

/** Ask; `got` runs once with the owner's arg, never before this returns. It
 *  may free the owner. Only when no question is in flight.
 *  @param name  shorter than DNS_NAME_SIZE
 *  @return ROUTE_OK, ROUTE_NO_MEMORY, ROUTE_NOT_FOUND no question is left;
 *          unless ROUTE_OK, `got` will not run */
MUST_USE enum route_status question_ask(struct question *question,
					const char *name, enum dns_type type,
					dns_answer_fn *got);

/** Forget the question in flight, if there is one. */
void question_cancel(struct question *question);

/** srv_order with the randomness of the loop. */
size_t question_srv_order(const struct question *question,
			  const struct dns_answer *answer,
			  const struct dns_srv *order_out[SRV_TARGETS_MAX]);

#endif
