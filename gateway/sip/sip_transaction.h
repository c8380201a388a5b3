#ifndef IMGW_GATEWAY_SIP_TRANSACTION_H
#define IMGW_GATEWAY_SIP_TRANSACTION_H

/** Server transactions (RFC 3261, 17.2.2) of MESSAGE, as data: which requests
 *  have been seen, and what copies of them get. No sofia-sip: its own
 *  transactions keep 9 KiB each for 32 s, these keep the octets of the final
 *  and about 90 more.
 *
 *	            request
 *	               |
 *	          in progress        has an origin; copies are absorbed, or
 *	               |             get the 100 again (SIP-19)
 *	      final    |    final
 *	    +--- UDP --+-- TCP, TLS --+
 *	    |                         |
 *	completed  -- Timer J, 32 s --> gone
 *	copies get the same octets again (SIP-17)
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "enum/loop.h"
#include "enum/text.h"
#include "gateway/side.h"

/** Timer J: 64 times T1 (RFC 3261, 17.2.2). */
#define SIPSIDE_TIMER_J_MS 32000

/** How a request is named in a table: 128 bits that nobody can predict, so
 *  that nobody can fill one bucket, nor make two requests look like one. */
struct sipside_key {
	uint64_t part[2];
};

struct sipside_transaction;
struct sipside_transactions;

/** @param max  of transactions that will be kept at once; see _count
 *  @return NULL: out of memory */
struct sipside_transactions *sipside_transactions_create(struct loop *loop,
							 size_t max);

/** Free, with those that are completed; takes NULL. None may be in progress. */
void sipside_transactions_destroy(struct sipside_transactions *table);

/** How many there are, in progress and completed. */
size_t sipside_transactions_count(const struct sipside_transactions *table);

/** @return the transaction that a request belongs to, or NULL */
struct sipside_transaction *
sipside_transaction_find(const struct sipside_transactions *table,
			 const struct sipside_key *key);

/** Is there one in progress that began with this `merge_key`? Then the same
 *  request has come by another way (SIP-11, RFC 3261, 8.2.2.2). */
bool sipside_transaction_is_merged(const struct sipside_transactions *table,
				   const struct sipside_key *merge_key);

/** A new request; no transaction with this key may be there.
 *  @param merge_key  NULL: it can have no copies on other ways
 *  @param origin  kept until the transaction is completed or ended
 *  @return NULL: out of memory */
struct sipside_transaction *
sipside_transaction_begin(struct sipside_transactions *table,
			  const struct sipside_key *key,
			  const struct sipside_key *merge_key,
			  struct origin *origin);

/** @return the origin while it is in progress, then NULL */
struct origin *
sipside_transaction_origin(const struct sipside_transaction *transaction);

/** @return the octets of the final when it is completed; borrowed */
struct span
sipside_transaction_final(const struct sipside_transaction *transaction);

/** The final was sent over UDP: keep `len` octets of it until Timer J. The
 *  transaction may move: find it again.
 *  @return where the octets belong; fill them in at once. NULL: out of memory,
 *          copies will be absorbed without an answer */
char *sipside_transaction_complete(struct sipside_transactions *table,
				   struct sipside_transaction *transaction,
				   size_t len);

/** Forget one that is in progress: its final was sent where nothing is lost
 *  on the way, or it cannot be answered at all. */
void sipside_transaction_end(struct sipside_transactions *table,
			     struct sipside_transaction *transaction);

#endif
