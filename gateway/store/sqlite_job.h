#ifndef IMGW_GATEWAY_SQLITE_JOB_H
#define IMGW_GATEWAY_SQLITE_JOB_H

/** Jobs (store_engine.h) done inside a transaction of SQLite. Each returns
 *  SQLITE_OK, and then has filled the job's answer, or the error for which the
 *  transaction must be rolled back. */

#include "gateway/store/sqlite_db.h"
#include "gateway/store/store_engine.h"

/** Any of them. */
MUST_USE int sqlite_job(struct sqlite_db *db, struct store_job *job);

/** sqlite_message.c: PUT, CANCEL, FORGET, DEFER. */
MUST_USE int sqlite_job_put(struct sqlite_db *db, struct store_job *job);
MUST_USE int sqlite_job_cancel(struct sqlite_db *db, struct store_job *job);
MUST_USE int sqlite_job_forget(struct sqlite_db *db, struct store_job *job);
MUST_USE int sqlite_job_defer(struct sqlite_db *db, struct store_job *job);

/** FINISH, of all from `first` to `last` at once. */
MUST_USE int sqlite_finish(struct sqlite_db *db, uint64_t first, uint64_t last);

/** Remove a row in whatever state, and let its lane move up. */
MUST_USE int sqlite_remove(struct sqlite_db *db, uint64_t seq, bool forget_key);

/** sqlite_take.c: TAKE. */
MUST_USE int sqlite_job_take(struct sqlite_db *db, struct store_job *job);

/** sqlite_look.c: COUNT, LIST, CHANGE. */
MUST_USE int sqlite_job_count(struct sqlite_db *db, struct store_job *job);
MUST_USE int sqlite_job_list(struct sqlite_db *db, struct store_job *job);
MUST_USE int sqlite_job_change(struct sqlite_db *db, struct store_job *job);

/** sqlite_note.c: NOTE, LOOK. */
MUST_USE int sqlite_job_note(struct sqlite_db *db, struct store_job *job);
MUST_USE int sqlite_job_look(struct sqlite_db *db, struct store_job *job);

/** Room for `max` items of an answer. */
MUST_USE int sqlite_items_reserve(struct store_job *job, size_t max);

/** Add the row that a statement stands on to the answer. */
MUST_USE int sqlite_items_add(struct sqlite_db *db, struct store_job *job,
			      sqlite3_stmt *statement);

/** sqlite_seen.c: the key of a PUT; DUPLICATE when it is known. */
MUST_USE int sqlite_see(struct sqlite_db *db, struct store_job *job);

/** Let a key be known until then at least. */
MUST_USE int sqlite_see_longer(struct sqlite_db *db,
			       const unsigned char key[MESSAGE_KEY_SIZE],
			       int64_t until_ms, int64_t now_ms);

/** Forget a key. */
MUST_USE int sqlite_unsee(struct sqlite_db *db,
			  const unsigned char key[MESSAGE_KEY_SIZE]);

/** Remove expired keys and notes: look at about `count`, go on there the next
 *  time. */
MUST_USE int sqlite_sweep(struct sqlite_db *db, int64_t now_ms, int count);

#endif
