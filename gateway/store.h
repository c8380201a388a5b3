#ifndef IMGW_GATEWAY_STORE_H
#define IMGW_GATEWAY_STORE_H

/** The store: messages that we have answered for and not yet handed over, on
 *  disk. One interface, two engines (gateway/store: SQLite, PostgreSQL); the
 *  stories put tests/fake/store_fake.c in place.
 *
 *  A message is put in and *taken* by this node at once; the queue
 *  (gateway/queue.h) hands it over and says that it is done, that it failed,
 *  or that it is to be tried later. What a node had taken when it died comes
 *  back by itself. Order within a lane, one conversation, is the store's
 *  promise: see store_take.
 *
 *  Nothing here blocks. What is asked for is done in the order of asking; a
 *  `done` runs once, from the loop, never before the function that asked has
 *  returned, never after store_close. */

#include <stddef.h>
#include <stdint.h>

#include "enum/loop.h"
#include "gateway/message.h"

enum store_status {
	STORE_OK = 0,
	STORE_DUPLICATE,   /* a message with this key is known already */
	STORE_UNAVAILABLE, /* disk full, database away, too much waiting: it is
			    * not in the store, and may be tried again */
	STORE_NOT_FOUND,
	STORE_NO_MEMORY,
	STORE_STATUS_COUNT
};

/** For people: a sentence fragment. Never NULL, never empty. */
const char *store_status_text(enum store_status status);

/** Room for the reason of the last try, terminator included. */
#define STORE_REASON_SIZE 160

/** Where a message stands in the store. */
enum store_state {
	STORE_WAITING, /* for its time, or for an older one of its lane */
	STORE_TAKEN,   /* a node is about to hand it over */
	STORE_HELD,    /* an operator holds it back */
	STORE_STATE_COUNT
};

/** "waiting", "taken", "held". */
const char *store_state_word(enum store_state state);

/** A message in the store. Times are wall clock, milliseconds since 1970. */
struct store_item {
	struct message *message; /* message->seq: the order of arrival */
	enum store_state state;
	uint64_t lane;       /* one conversation: hash of from and to */
	enum protocol via;   /* the side that it waits for */
	unsigned tries;
	int64_t put_ms, due_ms, expires_ms;
	char node[64];       /* who has taken it, or "" */
	char reason[STORE_REASON_SIZE]; /* of the last try, or "" */
};

/** Called from the loop, never from inside a function below. */
struct store_events {
	/** Something may be due that was not: another node put it in, died,
	 *  or an operator changed it. */
	void (*work)(void *arg);
	/** Can messages be put in? Called when that changes. */
	void (*available)(bool yes, const char *reason, void *arg);
	/** Do we own the name of store_own? Called when that changes. */
	void (*owner)(bool yes, void *arg);
	void *arg;
};

/** Borrowed strings; must outlive the store. */
struct store_options {
	const char *url;     /* sqlite:/path or postgresql://... */
	const char *node;    /* our name among the nodes */
	int64_t seen_ms;     /* how long keys are kept */
	int64_t lease_ms;    /* a silent node is dead after that */
	size_t waiting_max;  /* asked for and not done; more: UNAVAILABLE */
	struct store_events events;
};

struct store;

/** Is it the URL of a store, as far as can be told without opening it?
 *  @param why  if not, a sentence fragment for people */
MUST_USE bool store_url_is_good(const char *url, char *why, size_t why_size);

/** Open or make it, and bring the schema to this version. Blocks: only at
 *  the start.
 *  @param why  on failure a sentence for people
 *  @return STORE_OK, STORE_NO_MEMORY, STORE_UNAVAILABLE (see `why`; for a
 *          PostgreSQL that is merely away: STORE_OK, and `available` follows) */
MUST_USE enum store_status store_open(struct loop *loop,
				      const struct store_options *options,
				      struct store **store_out, char *why,
				      size_t why_size);

/** What store_put came to. */
struct store_put_result {
	enum store_status status; /* OK, DUPLICATE, UNAVAILABLE, NO_MEMORY */
	uint64_t seq;  /* its place, with OK */
	bool behind;   /* with OK: an older message of the lane waits in the
			* store; this one has become WAITING too, and comes
			* by store_take when it is its turn */
	const char *reason; /* for people; never NULL; valid in the call */
};

typedef void store_put_fn(const struct store_put_result *result, void *arg);
struct store_put;

/** Put a message in, taken by us. It is on disk when `done` says OK. Its key
 *  (message->key, if it has one) is noted with it, in one transaction.
 *  @param item  copied before this returns: message, lane, via, due_ms,
 *               expires_ms count; message->seq is ignored
 *  @param put_out  the caller's until done or store_put_cancel
 *  @return STORE_OK; else `done` will not run: STORE_UNAVAILABLE too much
 *          waits, or `available` was said to be false; STORE_NO_MEMORY */
MUST_USE enum store_status store_put(struct store *store,
				     const struct store_item *item,
				     store_put_fn *done, void *arg,
				     struct store_put **put_out);

/** The caller has lost interest: `done` will not run, and what was or will be
 *  put in is taken out again, with its key. Clears; takes NULL. */
void store_put_cancel(struct store_put **put);

/** It was handed over: remove it; its key stays for seen_ms.
 *
 *  This, store_forget and store_defer are never refused. While the store is
 *  not available they are kept, in their order, and done when it is; what is
 *  lost with the process comes again. */
void store_finish(struct store *store, uint64_t seq);

/** It failed for good and the sender knows, or will: remove it and forget its
 *  key, so that a new try of the sender is a new message. */
void store_forget(struct store *store, uint64_t seq);

/** Give it back, to be taken again at `due_ms`.
 *  @param tried  whether this was a try that counts
 *  @param reason  why, for the operator */
void store_defer(struct store *store, uint64_t seq, int64_t due_ms, bool tried,
		 const char *reason);

/** Bits of enum protocol for store_take. */
#define STORE_VIA(protocol) (1u << (protocol))

/** Most items of one store_take. */
#define STORE_TAKE_MAX 256

/** @param items  in the order of seq; their messages become the receiver's
 *                (message_destroy), the array is valid during the call. Their
 *                arrived_ms is of this process's clock
 *  @param next_due_ms  when something more will be due by the sides asked for,
 *                or expire; in the past when there was more than `max`; 0:
 *                nothing waits */
typedef void store_take_fn(enum store_status status, struct store_item *items,
			   size_t count, int64_t next_due_ms, void *arg);

/** Take what is due, the longest due first. A message is passed over while an
 *  older one of its lane waits for a later time or another side, is held, or
 *  is with another node; with those of its lane that we have taken already the
 *  caller keeps the order. One that waits and has expired comes whatever is
 *  before it and whatever side it waits for.
 *  @param via  which sides can be reached: STORE_VIA bits
 *  @param max  1 to STORE_TAKE_MAX; as many again that have expired */
MUST_USE enum store_status store_take(struct store *store, unsigned via,
				      size_t max, store_take_fn *done,
				      void *arg);

/** Numbers for the log and for operators. */
struct store_counts {
	uint64_t in_state[STORE_STATE_COUNT];
	int64_t oldest_put_ms; /* 0: empty */
};

typedef void store_counts_fn(enum store_status status,
			     const struct store_counts *counts, void *arg);
MUST_USE enum store_status store_count(struct store *store,
				       store_counts_fn *done, void *arg);

/** @param items  in the order of seq; borrowed during the call, messages too */
typedef void store_list_fn(enum store_status status,
			   const struct store_item *items, size_t count,
			   void *arg);

/** Look, for an operator: up to `max` items behind `after_seq`, or with `id`
 *  (message->id, or NULL) that one. */
MUST_USE enum store_status store_list(struct store *store, const char *id,
				      uint64_t after_seq, size_t max,
				      store_list_fn *done, void *arg);

enum store_change {
	STORE_RETRY, /* due now, held or not */
	STORE_HOLD,  /* not before STORE_RETRY */
	STORE_DROP   /* remove; the item comes with the answer, for a report */
};

/** An operator's change of the item with this message->id that is not taken;
 *  `done` gets the item as it was before, or STORE_NOT_FOUND. */
MUST_USE enum store_status store_change(struct store *store, const char *id,
					enum store_change change,
					store_list_fn *done, void *arg);

/** Notes: small values that outlive the process, found by a key, and gone at
 *  their time: who may report on what (gateway/reports.h), who wrote to whom
 *  (gateway/bindings.h). A second note with the same kind and key replaces the
 *  first. Lost when the store is not available.
 *  @param kind  one word, the same for all notes of a table */
void store_note(struct store *store, const char *kind, const char *key,
		struct span value, int64_t expires_ms);

/** @param value  valid during the call; length 0 with STORE_NOT_FOUND */
typedef void store_look_fn(enum store_status status, struct span value,
			   void *arg);

/** Look up a note; expired ones are not found. */
MUST_USE enum store_status store_look(struct store *store, const char *kind,
				      const char *key, store_look_fn *done,
				      void *arg);

/** Ask to be the only node that owns a name (the XMPP link of a domain); the
 *  event `owner` says when. SQLite: at once. PostgreSQL: an advisory lock, lost
 *  with the connection, and asked for again. One name a store. */
void store_own(struct store *store, const char *name);

/** Finish what was asked for, wait for it at most `patience_ms`, give back
 *  what this node has taken, close and free; clears; takes NULL. No `done`
 *  runs. Blocks: only at the end. Not from inside a `done` or an event. */
void store_close(struct store **store, int64_t patience_ms);

#endif
