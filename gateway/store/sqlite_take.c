#include <stdlib.h>

#include "gateway/store/sqlite_job.h"

/* Messages that are due, first ones of their lanes. */
struct heads {
	int64_t seq[STORE_TAKE_MAX], lane[STORE_TAKE_MAX];
	size_t count;
};

static int find_heads(struct sqlite_db *db, const struct store_job *job,
		      struct heads *heads)
{
	const int64_t numbers[] = { job->via, job->asked_ms,
				    (int64_t)(job->max - job->count) };
	sqlite3_stmt *row = sqlite_bind(db, SQL_DUE, numbers, 3);
	int rc;

	heads->count = 0;
	while ((rc = sqlite_next(db, row)) == SQLITE_ROW) {
		heads->seq[heads->count] = sqlite3_column_int64(row, 0);
		heads->lane[heads->count++] = sqlite3_column_int64(row, 1);
	}
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static int take_one(struct sqlite_db *db, struct store_job *job, int64_t seq,
		    int64_t lane)
{
	sqlite3_stmt *row;
	int rc = sqlite_do(db, SQL_TAKE, &seq, 1);

	if (rc == SQLITE_OK)
		rc = sqlite_do(db, SQL_PROMOTE, &lane, 1);
	if (rc != SQLITE_OK)
		return rc;
	row = sqlite_bind(db, SQL_ROW, &seq, 1);
	rc = sqlite_next(db, row);
	if (rc != SQLITE_ROW)
		return rc == SQLITE_DONE ? SQLITE_CORRUPT : rc;
	rc = sqlite_items_add(db, job, row);
	(void)sqlite3_reset(row);
	return rc;
}

static int by_seq(const void *a, const void *b)
{
	uint64_t x = ((const struct store_item *)a)->message->seq;
	uint64_t y = ((const struct store_item *)b)->message->seq;

	return x < y ? -1 : x > y;
}

/* With the first of a lane the next becomes the first: round by round, until
 * nothing is due or it is enough. */
int sqlite_job_take(struct sqlite_db *db, struct store_job *job)
{
	const int64_t via = job->via;
	struct heads heads;
	int rc = sqlite_items_reserve(job, job->max);

	heads.count = 0;
	do {
		if (rc == SQLITE_OK)
			rc = find_heads(db, job, &heads);
		for (size_t i = 0; rc == SQLITE_OK && i < heads.count; i++)
			rc = take_one(db, job, heads.seq[i], heads.lane[i]);
	} while (rc == SQLITE_OK && heads.count > 0 && job->count < job->max);
	if (rc != SQLITE_OK)
		return rc;
	if (job->count > 1)
		qsort(job->items, job->count, sizeof *job->items, by_seq);
	return sqlite_number(db, sqlite_bind(db, SQL_NEXT_DUE, &via, 1), 0,
			     &job->next_due_ms);
}
