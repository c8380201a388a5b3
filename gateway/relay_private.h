#ifndef IMGW_GATEWAY_RELAY_PRIVATE_H
#define IMGW_GATEWAY_RELAY_PRIVATE_H

/** What the files of the relay share; nobody else includes it. */

#include "gateway/queue.h"
#include "gateway/record.h"
#include "gateway/relay.h"

struct relay {
	struct relay *next, *previous; /* in the table */
	struct relay_table *table;
	struct message *message;
	struct origin *origin;
	struct plan *plan;
	struct attempt attempt; /* one at a time */
	bool attempting;
	struct loop_timer *deadline;
	int64_t deadline_at_ms;
	/* what the last attempt came to; decides when no hop is left */
	struct outcome last;
	bool has_last;
	struct hop *spare; /* not tried, since its server is dead; or NULL */
	bool admitted;
	struct bindings_look *look; /* while the store is asked about it */
	struct queue_put *put; /* while the store works on it */
	struct record record;
};

struct relay_table {
	struct relay_options options;
	struct relay *first;
	size_t count;
	bool draining;
	struct loop_timer *drain_timer;
	struct relay_memory memory;
};

/** relay_admit.c (2): judge a relay that is new; ends with relay_admitted. */
void relay_admit(struct relay *r);

/** It was judged; frees it when the answer is no. @param no  NULL: go on */
void relay_admitted(struct relay *r, const struct outcome *no);

enum relay_hop_verdict {
	RELAY_HOP_GO,
	RELAY_HOP_SKIP, /* not this one, another may be */
	RELAY_HOP_OVER	/* none */
};

/** relay_hop.c (5): may the hop of r->attempt be tried?
 *  @param no_out  filled when the answer is no */
enum relay_hop_verdict relay_hop_judge(struct relay *r, struct outcome *no_out);

/** No hop is left: one that was left out because its server is dead becomes
 *  the hop of r->attempt. @return false: there is none, or too many insist */
bool relay_hop_take_spare(struct relay *r);

/** What an attempt has told about the server of its hop. */
void relay_hop_note(struct relay *r, const struct outcome *outcome);

/** A relay in the table, its deadline running.
 *  @param message, origin  become its own
 *  @return NULL: out of memory; both are still the caller's */
struct relay *relay_new(struct relay_table *table, struct message *message,
			struct origin *origin, loop_timer_fn *on_deadline);

/** Take it out; the last one of a table that drains ends the draining. */
void relay_table_remove(struct relay_table *table, struct relay *r);

#endif
