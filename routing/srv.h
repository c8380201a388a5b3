#ifndef IMGW_ROUTING_SRV_H
#define IMGW_ROUTING_SRV_H

/** The order of SRV targets (RFC 2782; IM-9, IM-10). Pure. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "enum/dns_answer.h"

/** More targets than this of one RRset are left out, the last in the order. */
#define SRV_TARGETS_MAX 32

/** Random number below `bound` (1 or more), for the weighted choice. */
typedef uint32_t srv_random_fn(uint32_t bound, void *arg);

/** Put records into the order of trial: priority ascending, within one
 *  priority by weighted random choice, weight 0 first in the running sum. A
 *  target "." beside others is passed over.
 *  @param order_out  pointers into the answer
 *  @return how many were written; 0 when the service is "." */
size_t srv_order(const struct dns_answer *answer, srv_random_fn *pick,
		 void *arg, const struct dns_srv *order_out[SRV_TARGETS_MAX]);

/** Is "." all there is (IM-10: the service is not offered)? */
bool srv_is_absent(const struct dns_answer *answer);

#endif
