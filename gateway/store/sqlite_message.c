#include <stdlib.h>

#include "gateway/store/sqlite_job.h"
#include "gateway/store/sqlite_row.h"
#include "gateway/store/store_message.h"

static int insert(struct sqlite_db *db, struct store_job *job)
{
	sqlite3_stmt *statement = sqlite_statement(db, SQL_INSERT);
	char *more;
	int rc;

	if (!store_message_more(job->message, &more))
		return SQLITE_NOMEM;
	job->seq = db->last_seq + 1;
	rc = statement ? sqlite_row_bind(statement, job, more) : SQLITE_OK;
	if (rc == SQLITE_OK)
		rc = sqlite_run(db, statement);
	free(more);
	if (rc == SQLITE_OK) {
		db->last_seq++;
		db->rows_added++;
	}
	return rc;
}

static int find_place(struct sqlite_db *db, struct store_job *job)
{
	const int64_t lane = (int64_t)job->lane;
	int64_t behind = 0;
	int rc = SQLITE_OK;

	if (!db->none_waits)
		rc = sqlite_number(db, sqlite_bind(db, SQL_IS_BEHIND, &lane, 1),
				   0, &behind);
	job->behind = behind;
	return rc;
}

int sqlite_job_put(struct sqlite_db *db, struct store_job *job)
{
	int rc = find_place(db, job);

	if (rc == SQLITE_OK)
		rc = sqlite_see(db, job);
	if (rc != SQLITE_OK || job->status == STORE_DUPLICATE)
		return rc;
	return insert(db, job);
}

/* Those that are not TAKEN any more are looked at one by one. */
int sqlite_finish(struct sqlite_db *db, uint64_t first, uint64_t last)
{
	const int64_t numbers[] = { (int64_t)first, (int64_t)last };
	int rc = sqlite_do(db, SQL_FINISH, numbers, 2);
	uint64_t removed = 0;

	if (rc == SQLITE_OK)
		removed = (uint64_t)sqlite3_changes(db->handle);
	db->rows_added -= (int64_t)removed;
	if (removed == last - first + 1)
		return rc;
	for (; rc == SQLITE_OK && first <= last; first++)
		rc = sqlite_remove(db, first, false);
	return rc;
}

/* The key in a column; NULL without one, or out of memory. */
static const unsigned char *key_of(sqlite3_stmt *row, int column)
{
	const unsigned char *key = sqlite3_column_blob(row, column);

	return sqlite3_column_bytes(row, column) == MESSAGE_KEY_SIZE ? key
								     : NULL;
}

/* The row is gone: its key, and its place in the lane. */
static int after_removal(struct sqlite_db *db, sqlite3_stmt *row,
			 bool forget_key)
{
	const int64_t lane = sqlite3_column_int64(row, 1);
	const unsigned char *key = key_of(row, 2);
	int rc = forget_key && key ? sqlite_unsee(db, key) : SQLITE_OK;

	if (rc == SQLITE_OK && sqlite3_column_int(row, 0) != STORE_TAKEN)
		rc = sqlite_do(db, SQL_PROMOTE, &lane, 1);
	return rc;
}

int sqlite_remove(struct sqlite_db *db, uint64_t seq, bool forget_key)
{
	const int64_t number = (int64_t)seq;
	sqlite3_stmt *row = sqlite_bind(db, SQL_PLACE, &number, 1);
	int rc = sqlite_next(db, row);

	if (rc != SQLITE_ROW)
		return rc == SQLITE_DONE ? SQLITE_OK : rc;
	rc = sqlite_do(db, SQL_REMOVE, &number, 1);
	if (rc == SQLITE_OK)
		rc = after_removal(db, row, forget_key);
	(void)sqlite3_reset(row);
	db->rows_added--;
	return rc;
}

int sqlite_job_forget(struct sqlite_db *db, struct store_job *job)
{
	return sqlite_remove(db, job->seq, true);
}

int sqlite_job_cancel(struct sqlite_db *db, struct store_job *job)
{
	if (job->put->status != STORE_OK)
		return SQLITE_OK;
	return sqlite_remove(db, job->put->seq, true);
}

/* It stands before those of its lane that came later, and its key is known as
 * long as it may wait. */
static int after_defer(struct sqlite_db *db, sqlite3_stmt *row, uint64_t seq,
		       int64_t now_ms)
{
	const int64_t place[] = { sqlite3_column_int64(row, 0), (int64_t)seq };
	const int64_t until =
		sqlite3_column_int64(row, 2) + db->options->seen_ms;
	const unsigned char *key = key_of(row, 1);
	int rc = key ? sqlite_see_longer(db, key, until, now_ms) : SQLITE_OK;

	if (rc == SQLITE_OK)
		rc = sqlite_do(db, SQL_DEMOTE, place, 2);
	return rc;
}

int sqlite_job_defer(struct sqlite_db *db, struct store_job *job)
{
	const int64_t numbers[] = { (int64_t)job->seq, job->due_ms,
				    job->tried };
	sqlite3_stmt *row = sqlite_bind(db, SQL_DEFER, numbers, 3);
	int rc;

	db->none_waits = false;
	if (row)
		(void)sqlite3_bind_text(row, 4, job->reason, -1, SQLITE_STATIC);
	rc = sqlite_next(db, row);
	if (rc != SQLITE_ROW) /* it is not there, or not taken */
		return rc == SQLITE_DONE ? SQLITE_OK : rc;
	rc = after_defer(db, row, job->seq, job->asked_ms);
	(void)sqlite3_reset(row);
	return rc;
}
