#ifndef IMGW_GATEWAY_ADMISSION_H
#define IMGW_GATEWAY_ADMISSION_H

/** (2) May a message come in? Default deny (SEC-3), then expiry (SIP-22),
 *  rates (SEC-4) and loops between gateways (SEC-12). */

#include <stdbool.h>
#include <stddef.h>

#include "enum/loop.h"
#include "gateway/admission_range.h"
#include "gateway/message.h"
#include "gateway/outcome.h"

enum admission_trust {
	ADMISSION_NOBODY,  /* 403, before any work */
	ADMISSION_ADMITTED,/* may send, is not believed */
	ADMISSION_TRUSTED  /* may send, and its assertions are believed */
};

struct admission_options {
	const struct admission_range *trust, *admit;
	size_t trust_count, admit_count;
	/** Messages a second; 0: no limit. per_peer counts for trusted peers,
	 *  per_admitted_peer for those that are not believed. */
	double per_admitted_peer, per_peer, per_sender, per_recipient;
	/** The same text from the same sender to the same recipient more
	 *  often than this within the window is a loop (SEC-12); 0: off. */
	unsigned loop_count;
	int64_t loop_window_ms;
	bool drop_expired; /* SIP-22: 480 for what has expired */
};

struct admission;

/** @param options  copied, ranges borrowed
 *  @return GATEWAY_OK, GATEWAY_NO_MEMORY */
MUST_USE enum gateway_status
admission_create(struct loop *loop, const struct admission_options *options,
		 struct admission **admission_out);
void admission_destroy(struct admission **admission);

/** What is a neighbour's address worth? @param address  numeric, either
 *  family, without brackets */
enum admission_trust admission_peer(const struct admission *admission,
				    const char *address);

/** Judge one message whose peer is admitted already.
 *  @param no_out  filled when the answer is no: 480, with Retry-After and
 *                 CONDITION_OVER_RATE, for a rate; 482 for a loop
 *  @return whether it may go on */
bool admission_judge(struct admission *admission,
		     const struct message *message, struct outcome *no_out);

/** Has its time ended by now (SIP-22)? It may while its way is looked for.
 *  @param no_out  filled when it has: 480 */
bool admission_has_expired(const struct admission *admission,
			   const struct message *message,
			   struct outcome *no_out);

/** May a message leave the protocol that it came by? A proxy would have
 *  passed on what speaks against it.
 *  @param no_out  filled when the answer is no: 482, 420, 481 or 480
 *  @return whether it may */
bool admission_may_cross(const struct message *message,
			 struct outcome *no_out);

#endif
