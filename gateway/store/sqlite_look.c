#include <stdlib.h>

#include "gateway/store/sqlite_job.h"
#include "gateway/store/sqlite_row.h"

int sqlite_items_reserve(struct store_job *job, size_t max)
{
	job->items = calloc(max ? max : 1, sizeof *job->items);
	return job->items ? SQLITE_OK : SQLITE_NOMEM;
}

int sqlite_items_add(struct sqlite_db *db, struct store_job *job,
		     sqlite3_stmt *statement)
{
	int rc = sqlite_row_read(statement, db->options->node,
				 &job->items[job->count]);

	if (rc == SQLITE_OK)
		job->count++;
	return rc;
}

static int count_states(struct sqlite_db *db, struct store_counts *counts)
{
	sqlite3_stmt *row = sqlite_statement(db, SQL_COUNT);
	uint64_t loose = 0;
	int rc;

	while ((rc = sqlite_next(db, row)) == SQLITE_ROW) {
		uint64_t count = (uint64_t)sqlite3_column_int64(row, 1);

		counts->in_state[sqlite3_column_int(row, 0)] = count;
		loose += count;
	}
	counts->in_state[STORE_TAKEN] =
		(uint64_t)(db->rows + db->rows_added) - loose;
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

int sqlite_job_count(struct sqlite_db *db, struct store_job *job)
{
	int rc;

	job->counts = (struct store_counts){ { 0 }, 0 };
	rc = count_states(db, &job->counts);
	if (rc != SQLITE_OK)
		return rc;
	return sqlite_number(db, sqlite_statement(db, SQL_OLDEST), 0,
			     &job->counts.oldest_put_ms);
}

/* The row of an id; NOT_FOUND without. */
static int find_id(struct sqlite_db *db, struct store_job *job,
		   enum sqlite_sql which)
{
	sqlite3_stmt *row = sqlite_statement(db, which);
	int rc = sqlite_items_reserve(job, 1);

	if (rc != SQLITE_OK)
		return rc;
	if (row)
		(void)sqlite3_bind_text(row, 1, job->id, -1, SQLITE_STATIC);
	rc = sqlite_next(db, row);
	if (rc == SQLITE_DONE) {
		job->status = STORE_NOT_FOUND;
		return SQLITE_OK;
	}
	if (rc != SQLITE_ROW)
		return rc;
	rc = sqlite_items_add(db, job, row);
	(void)sqlite3_reset(row);
	return rc;
}

/* Those that are not taken have an index. */
static int list_id(struct sqlite_db *db, struct store_job *job)
{
	int rc = find_id(db, job, SQL_ROW_LOOSE);

	if (rc != SQLITE_OK || job->status != STORE_NOT_FOUND)
		return rc;
	store_job_clear_answer(job);
	return find_id(db, job, SQL_ROW_ID);
}

int sqlite_job_list(struct sqlite_db *db, struct store_job *job)
{
	const int64_t numbers[] = { (int64_t)job->seq, (int64_t)job->max };
	sqlite3_stmt *row;
	int rc;

	if (job->id[0])
		return list_id(db, job);
	rc = sqlite_items_reserve(job, job->max);
	if (rc != SQLITE_OK)
		return rc;
	row = sqlite_bind(db, SQL_ROWS, numbers, 2);
	while ((rc = sqlite_next(db, row)) == SQLITE_ROW) {
		rc = sqlite_items_add(db, job, row);
		if (rc != SQLITE_OK) {
			(void)sqlite3_reset(row);
			return rc;
		}
	}
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

int sqlite_job_change(struct sqlite_db *db, struct store_job *job)
{
	int rc = find_id(db, job, SQL_ROW_LOOSE);
	int64_t numbers[] = { 0, job->asked_ms };

	if (rc != SQLITE_OK || job->status == STORE_NOT_FOUND ||
	    job->count == 0 || !job->items[0].message)
		return rc;
	numbers[0] = (int64_t)job->items[0].message->seq;
	switch (job->change) {
	case STORE_RETRY: return sqlite_do(db, SQL_RETRY, numbers, 2);
	case STORE_HOLD: return sqlite_do(db, SQL_HOLD, numbers, 1);
	case STORE_DROP: break;
	}
	return sqlite_remove(db, job->items[0].message->seq, false);
}
