#include <stdlib.h>

#include "gateway/store/sqlite_job.h"

/* Messages to be taken. */
struct heads {
	int64_t seq[STORE_TAKE_MAX], lane[STORE_TAKE_MAX];
	size_t count;
};

static int find(struct sqlite_db *db, sqlite3_stmt *row, struct heads *heads)
{
	int rc;

	heads->count = 0;
	while ((rc = sqlite_next(db, row)) == SQLITE_ROW) {
		heads->seq[heads->count] = sqlite3_column_int64(row, 0);
		heads->lane[heads->count++] = sqlite3_column_int64(row, 1);
	}
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static int find_expired(struct sqlite_db *db, const struct store_job *job,
			struct heads *heads)
{
	const int64_t numbers[] = { job->asked_ms, (int64_t)job->max };

	return find(db, sqlite_bind(db, SQL_EXPIRED, numbers, 2), heads);
}

/* @param left  at most so many */
static int find_due(struct sqlite_db *db, const struct store_job *job,
		    size_t left, struct heads *heads)
{
	const int64_t numbers[] = { job->via, job->asked_ms, (int64_t)left };

	return find(db, sqlite_bind(db, SQL_DUE, numbers, 3), heads);
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

static int take_all(struct sqlite_db *db, struct store_job *job,
		    const struct heads *heads)
{
	int rc = SQLITE_OK;

	for (size_t i = 0; rc == SQLITE_OK && i < heads->count; i++)
		rc = take_one(db, job, heads->seq[i], heads->lane[i]);
	return rc;
}

/* With the first of a lane the next becomes the first: round by round, until
 * nothing is due or it is enough. */
static int take_due(struct sqlite_db *db, struct store_job *job)
{
	struct heads heads;
	size_t left = job->max;
	int rc;

	do {
		rc = find_due(db, job, left, &heads);
		if (rc == SQLITE_OK)
			rc = take_all(db, job, &heads);
		left -= heads.count;
	} while (rc == SQLITE_OK && heads.count > 0 && left > 0);
	return rc;
}

static int take_expired(struct sqlite_db *db, struct store_job *job)
{
	struct heads heads;
	int rc = find_expired(db, job, &heads);

	return rc == SQLITE_OK ? take_all(db, job, &heads) : rc;
}

/* When to ask again. */
static int find_next(struct sqlite_db *db, struct store_job *job)
{
	const int64_t via = job->via;
	int rc = sqlite_number(db, sqlite_bind(db, SQL_NEXT_DUE, &via, 1), 0,
			       &job->next_due_ms);

	if (rc == SQLITE_OK)
		rc = sqlite_number(db, sqlite_statement(db, SQL_NEXT_EXPIRY), 0,
				   &job->next_expiry_ms);
	return rc;
}

int sqlite_job_take(struct sqlite_db *db, struct store_job *job)
{
	int rc = sqlite_items_reserve(job, 2 * job->max);

	if (rc == SQLITE_OK)
		rc = take_expired(db, job);
	if (rc == SQLITE_OK)
		rc = take_due(db, job);
	if (rc != SQLITE_OK)
		return rc;
	if (job->count > 1)
		qsort(job->items, job->count, sizeof *job->items, by_seq);
	return find_next(db, job);
}
