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
