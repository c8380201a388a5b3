#include <stdlib.h>
#include <string.h>

#include "gateway/store/sqlite_job.h"

static void bind_name(sqlite3_stmt *statement, const struct store_job *job)
{
	(void)sqlite3_bind_text(statement, 2, job->note_kind, -1,
				SQLITE_STATIC);
	(void)sqlite3_bind_text(statement, 3, job->note_key, -1, SQLITE_STATIC);
}

int sqlite_job_note(struct sqlite_db *db, struct store_job *job)
{
	sqlite3_stmt *statement =
		sqlite_bind(db, SQL_NOTE, &job->expires_ms, 1);

	if (statement) {
		bind_name(statement, job);
		(void)sqlite3_bind_blob64(statement, 4, job->note_value.at,
					  job->note_value.len, SQLITE_STATIC);
	}
	return sqlite_run(db, statement);
}

static int keep_value(struct store_job *job, sqlite3_stmt *row)
{
	const void *value = sqlite3_column_blob(row, 0);
	size_t len = (size_t)sqlite3_column_bytes(row, 0);

	job->value = malloc(len + 1);
	if (!job->value)
		return SQLITE_NOMEM;
	if (len)
		memcpy(job->value, value, len);
	job->value_len = len;
	return SQLITE_OK;
}

int sqlite_job_look(struct sqlite_db *db, struct store_job *job)
{
	sqlite3_stmt *row = sqlite_bind(db, SQL_LOOK, &job->asked_ms, 1);
	int rc;

	if (row)
		bind_name(row, job);
	rc = sqlite_next(db, row);
	if (rc == SQLITE_DONE)
		job->status = STORE_NOT_FOUND;
	if (rc != SQLITE_ROW)
		return rc == SQLITE_DONE ? SQLITE_OK : rc;
	rc = keep_value(job, row);
	(void)sqlite3_reset(row);
	return rc;
}

/* Where the range ends that begins behind db->swept; length 0: at the end. */
static int find_end(struct sqlite_db *db, int count, unsigned char *end,
		    int *len_out)
{
	sqlite3_stmt *row = sqlite_statement(db, SQL_SWEEP_TO);
	int rc;

	*len_out = 0;
	if (row) {
		(void)sqlite3_bind_blob(row, 1, db->swept, sizeof db->swept,
					SQLITE_STATIC);
		(void)sqlite3_bind_int(row, 2, count);
	}
	rc = sqlite_next(db, row);
	if (rc != SQLITE_ROW)
		return rc == SQLITE_DONE ? SQLITE_OK : rc;
	if (sqlite3_column_bytes(row, 0) == MESSAGE_KEY_SIZE) {
		memcpy(end, sqlite3_column_blob(row, 0), MESSAGE_KEY_SIZE);
		*len_out = MESSAGE_KEY_SIZE;
	}
	(void)sqlite3_reset(row);
	return SQLITE_OK;
}

/* Keys have no index of their times, which every message would have to pay
 * for: the sweep goes through them in their own order, round and round. */
static int sweep_keys(struct sqlite_db *db, int64_t now_ms, int count)
{
	unsigned char end[MESSAGE_KEY_SIZE + 1];
	sqlite3_stmt *statement = sqlite_statement(db, SQL_SWEEP);
	int len, rc = find_end(db, count, end, &len);

	if (rc != SQLITE_OK)
		return rc;
	if (len == 0) { /* longer than any key, and behind them all */
		memset(end, 0xff, sizeof end);
		len = sizeof end;
	}
	if (statement) {
		(void)sqlite3_bind_blob(statement, 1, db->swept,
					sizeof db->swept, SQLITE_STATIC);
		(void)sqlite3_bind_blob(statement, 2, end, len, SQLITE_STATIC);
		(void)sqlite3_bind_int64(statement, 3, now_ms);
	}
	rc = sqlite_run(db, statement);
	if (len == MESSAGE_KEY_SIZE)
		memcpy(db->swept, end, sizeof db->swept);
	else
		memset(db->swept, 0, sizeof db->swept);
	return rc;
}

int sqlite_sweep(struct sqlite_db *db, int64_t now_ms, int count)
{
	const int64_t numbers[] = { now_ms, count };
	int rc = sweep_keys(db, now_ms, count);

	return rc ? rc : sqlite_do(db, SQL_SWEEP_NOTES, numbers, 2);
}
