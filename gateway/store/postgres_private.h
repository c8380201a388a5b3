#ifndef IMGW_GATEWAY_STORE_POSTGRES_PRIVATE_H
#define IMGW_GATEWAY_STORE_POSTGRES_PRIVATE_H

/** Shared by the files of the PostgreSQL engine.
 *
 *  postgres.c        open, submit, close; away and back
 *  postgres_setup.c  a new connection: schema, statements, our place as a node
 *  postgres_round.c  jobs, many in one transaction
 *  postgres_job.c    what each job asks and how its answer is read
 *  postgres_care.c   heartbeat, dead nodes, old keys, the name, polling
 *  postgres_pipe.c   the connection
 *  postgres_attempt.c  making one, in a thread
 *
 *  Rounds, set-up and care take turns on the one connection. After care that
 *  was due the next turn is a round's, so that a server for which a lease is
 *  short costs time, and stops nothing.
 *
 *  What happens to what was in flight when the connection breaks: nobody can
 *  tell whether its COMMIT was done; and a server that stood still may yet do
 *  it. So each round holds a share of our row in `node` and looks whether
 *  `epoch` is still its own; a new connection counts it up, for which it waits
 *  for a round that is under way, and ends those that are not. Then it is
 *  certain, and:
 *  - A put is returned as UNAVAILABLE. If it was done after all, the message
 *    is there, taken by nobody that knows of it: after the reconnect it is
 *    made WAITING (see `unknown`) and will be delivered. It is not removed:
 *    its sender may have tried again meanwhile, by another node, and heard
 *    that it is known. So the worst is a message that arrives although its
 *    sender was told to try later; his next try is a DUPLICATE.
 *  - What a take took is made WAITING in the same way; nobody saw it.
 *  - Finish, forget, defer and cancel are kept, and done again: the first two
 *    and the last find nothing, and a message that was given back is no longer
 *    TAKEN, so that its tries are not counted twice. */

#include <stdbool.h>
#include <stdint.h>

#include "gateway/store/postgres_pipe.h"
#include "gateway/store/store_engine.h"

/** Jobs in the order of submission. */
struct postgres_jobs {
	struct store_job *first, **end; /* end: &first or the last's `next` */
	size_t count;
};

enum postgres_state {
	POSTGRES_AWAY,    /* until `retry` fires */
	POSTGRES_SET_UP,  /* connecting, or what postgres_setup.c does */
	POSTGRES_READY
};

/** Why a group of statements failed: of the first error in it. */
struct postgres_failure {
	bool is_set;
	char code[6]; /* SQLSTATE */
	char reason[STORE_REASON_SIZE];
};

struct postgres {
	struct loop *loop;
	struct store *front;
	const struct store_options *options;
	char name[64];              /* that the server shows */
	struct postgres_pipe *pipe;
	enum postgres_state state;
	bool is_open;               /* the front can be called */
	bool is_busy;               /* a round or care is on its way */
	struct loop_timer *retry, *begin, *tick;
	unsigned attempts;          /* to connect, in vain */
	char reason[STORE_REASON_SIZE]; /* why it is away */
	bool is_refused;            /* set-up failed: connecting again is of no
				     * use until somebody acts */

	/* rounds */
	struct postgres_jobs waiting, round;
	struct store_job *answering; /* whose result comes next */
	struct postgres_failure failure;
	bool is_committed;
	unsigned cut;               /* rounds are smaller since one failed */
	unsigned again;             /* times the first one was tried singly */
	int64_t tickets;            /* given out; each take and put has one */
	int64_t unknown_from;       /* tickets after this one were not heard of
				     * when the connection broke; -1: none */
	bool wants_wake;            /* NOTIFY with the next round */
	bool is_short_of_memory;    /* an answer could not be read */

	/* the node */
	int64_t life;               /* random: this process among those of the
				     * same name */
	int64_t epoch;              /* counts its connections */
	bool has_joined;            /* once at least */
	int64_t ready_ms;           /* since when, loop clock */
	bool is_lapsed;             /* it is over for the others: join again */
	/* when due, loop clock */
	int64_t beat_ms, purge_ms, poll_ms, own_ms;
	unsigned cares;             /* on their way */
	bool has_cared;             /* since the last round */
	bool is_listening;
	bool wants_name, is_owner;
	int64_t name_lock;          /* what stands for the name */
	int64_t version;            /* of the schema, while setting up */
};

/* postgres.c */

/** Give the connection up; open says so. */
void postgres_refuse(struct postgres *pg, const char *reason);

/** Set-up is done. */
void postgres_ready(struct postgres *pg);

/** A round or care has ended: whose turn is it? */
void postgres_go_on(struct postgres *pg);

/** Note why a statement failed, unless an earlier one did. */
void postgres_note_failure(struct postgres_failure *failure,
			   const PGresult *result);

/** Was something in the way that will not be there the next time: another
 *  transaction, a server that starts or stops? */
bool postgres_may_pass(const struct postgres_failure *failure);

/* postgres_setup.c */

/** The connection is up: prepare everything, then postgres_ready, or
 *  postgres_refuse. */
void postgres_setup_start(struct postgres *pg);

/** The connection is well, but others took us for dead: join again, then
 *  postgres_ready. Nothing is lost by it but what they have taken over. */
void postgres_setup_again(struct postgres *pg);

/* postgres_round.c */

void postgres_jobs_init(struct postgres_jobs *jobs);
void postgres_jobs_add(struct postgres_jobs *jobs, struct store_job *job);
/** @return NULL: there is none */
struct store_job *postgres_jobs_take(struct postgres_jobs *jobs);

/** Send what waits, as much as fits in one transaction. */
void postgres_round_start(struct postgres *pg);

/** The connection is gone: return what can be returned, keep what settles. */
void postgres_round_break(struct postgres *pg, const char *reason);

/** The next result is that of the next job. */
void postgres_round_advance(struct postgres *pg);

/* postgres_job.c */

/** Send the statements of a job. The last result calls
 *  postgres_round_advance. */
void postgres_job_send(struct postgres *pg, struct store_job *job);

/* postgres_care.c */

/** The connection is ready: begin to tick. */
void postgres_care_start(struct postgres *pg);

/** The timer `tick` fired. */
void postgres_care_tick(struct postgres *pg);

/** Must our lease be renewed? */
bool postgres_care_is_pressing(const struct postgres *pg);

/** Do what is due. @return false: nothing is */
bool postgres_care_turn(struct postgres *pg);

/** Give back what we have taken and leave: the end. */
void postgres_care_leave(struct postgres *pg);

#endif
