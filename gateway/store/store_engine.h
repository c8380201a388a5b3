#ifndef IMGW_GATEWAY_STORE_ENGINE_H
#define IMGW_GATEWAY_STORE_ENGINE_H

/** Between the front (store.c) and the engines (sqlite.c, postgres.c; in the
 *  stories tests/fake/store_fake.c).
 *
 *  What is asked of the store becomes a *job*, a value. The front makes it,
 *  copies into it what it needs, and submits it. From then on it is the
 *  engine's, which may carry it to another thread, until it gives it back by
 *  store_job_return, exactly once, with the answer. The front calls whoever
 *  asked and frees the job. So an engine never sees a callback of the store's
 *  users, and the front never sees SQL.
 *
 *  Jobs are done in the order of submission; a later one sees what an earlier
 *  one did. Each is atomic; many may share a transaction, and then none of
 *  them is returned before its commit. */

#include "gateway/store.h"

/** What a job asks for; in brackets what of the job counts, and what the
 *  answer fills besides `status`. Where nothing else is said a seq that is not
 *  there is OK for the settling jobs. */
enum store_job_kind {
	STORE_JOB_PUT,    /* [message, lane, via, due_ms, expires_ms, asked_ms
			   * is put_ms; seq, behind] OK, DUPLICATE,
			   * UNAVAILABLE, NO_MEMORY */
	STORE_JOB_CANCEL, /* [put] take out what that job put in, whatever its
			   * state is by now, with its key. It settles */
	STORE_JOB_FINISH, /* [seq] remove, the key stays. It settles */
	STORE_JOB_FORGET, /* [seq] remove, with the key. It settles */
	STORE_JOB_DEFER,  /* [seq, due_ms, tried, reason] TAKEN to WAITING. It
			   * settles */
	STORE_JOB_TAKE,   /* [via, max; items, count, next_due_ms,
			   * next_expiry_ms] due at asked_ms, and up to `max`
			   * WAITING ones that are due and have expired then,
			   * whatever their lane and side; next_due_ms: the
			   * earliest due of the first ones of their lanes that
			   * go `via` and are still WAITING; may lie in the past
			   * when more than `max` are due; those behind others
			   * do not count. 0: none. next_expiry_ms: of what is
			   * still WAITING that which expires first, but not
			   * before it is due. 0: none */
	STORE_JOB_COUNT,  /* [; counts] */
	STORE_JOB_LIST,   /* [id or "", seq: after that one, max; items,
			   * count]; an id that is not there: NOT_FOUND */
	STORE_JOB_CHANGE, /* [id, change; items: 1, as before] not TAKEN, else
			   * NOT_FOUND. HOLD of a held one is OK. DROP leaves
			   * the key */
	STORE_JOB_NOTE,   /* [kind_of, key, value, expires_ms] */
	STORE_JOB_LOOK,   /* [kind_of, key; value] NOT_FOUND when expired at
			   * asked_ms */
	STORE_JOB_KIND_COUNT
};

struct store_job {
	struct store_job *next; /* for the list of whoever has the job */
	enum store_job_kind kind;
	int64_t asked_ms;       /* wall clock at submission: "now" for the job */

	/* in. The engine reads, and owns nothing of it */
	const struct message *message; /* PUT: a packed copy */
	uint64_t lane;
	enum protocol via_one;         /* PUT: the side it waits for */
	unsigned via;                  /* TAKE: STORE_VIA bits */
	int64_t due_ms, expires_ms;
	bool tried;
	enum store_change change;
	size_t max;
	char id[MESSAGE_ID_SIZE];
	const char *note_kind, *note_key;
	struct span note_value;
	const struct store_job *put;   /* CANCEL: given back already, or to be
					* before this one; kept by the front
					* till this one is back */

	/* out, and where said above in */
	enum store_status status;
	uint64_t seq;
	bool behind;
	struct store_item *items;      /* malloc'ed with their messages; the
					* front frees both. Messages are full:
					* seq, resent */
	size_t count;
	int64_t next_due_ms, next_expiry_ms;
	struct store_counts counts;
	char *value;                   /* LOOK: malloc'ed; the front frees */
	size_t value_len;
	char reason[STORE_REASON_SIZE]; /* DEFER: in. Else, with UNAVAILABLE:
					 * why, for people; "" is filled by the
					 * front */

	/* the front's own; the engine does not look */
	union {
		store_put_fn *put;
		store_take_fn *take;
		store_counts_fn *counts;
		store_list_fn *list;
		store_look_fn *look;
	} done; /* all NULL: nobody waits */
	void *arg;
};

/** Does it settle what became of a message? Such a job has nobody who would
 *  ask again, so it is never returned as UNAVAILABLE: the engine keeps it, in
 *  the order of submission, until it can be done (or the store is closed).
 *  There are at most as many as messages are taken. */
bool store_job_settles(const struct store_job *job);

/** Drop what an answer holds (items, value) and set it back, for a job that
 *  must be done again after a rollback. Any thread. */
void store_job_clear_answer(struct store_job *job);

/** An engine. All functions are called from the loop's thread. */
struct store_engine {
	/** See store_url_is_good; NULL: all are. */
	bool (*is_url)(const char *url, char *why, size_t why_size);

	/** See store_open. `front` is for the calls below, `options` lives as
	 *  long as the engine. May block. What this node (SQLite: any) had
	 *  TAKEN becomes WAITING, due now, its messages `resent`. */
	enum store_status (*open)(struct loop *loop, struct store *front,
				  const struct store_options *options,
				  void **engine_out, char *why,
				  size_t why_size);

	/** Take over a job. Does not block and does not return jobs before it
	 *  returns itself. A job that cannot be done now comes back as
	 *  UNAVAILABLE soon (within seconds), unless it settles. */
	void (*submit)(void *engine, struct store_job *job);

	/** See store_own; `name` is copied. The answer: store_say_owner. */
	void (*own)(void *engine, const char *name);

	/** Do what was submitted, for at most `patience_ms`, make what this
	 *  node has taken WAITING, due now and `resent`, return all jobs (with
	 *  any status: they are only freed), free the engine. */
	void (*close)(void *engine, int64_t patience_ms);
};

/** The engine for a URL (the engine reads the whole of options->url itself);
 *  links the front to the engines that there are: store_engines.c, in the
 *  stories store_fake.c.
 *  @return NULL: no such scheme, `why` says which there are */
const struct store_engine *store_engine_find(const char *url, char *why,
					     size_t why_size);

/** How an engine calls the front; from the loop's thread only, never from
 *  inside submit or own. */

/** A job is done; it is the front's again. */
void store_job_return(struct store *front, struct store_job *job);

/** See struct store_events. Available is what the front assumes after open;
 *  it passes changes on, once each. */
void store_say_work(struct store *front);
void store_say_available(struct store *front, bool yes, const char *reason);
void store_say_owner(struct store *front, bool yes);

/** The tables of the engines, for store_engines.c. */
extern const struct store_engine sqlite_engine;
extern const struct store_engine postgres_engine;

#endif
