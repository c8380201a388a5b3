#include "gateway/store/sqlite_seen.h"

#include <stdlib.h>
#include <string.h>

#include "gateway/store/sqlite_job.h"

/** Keys whose ends differ by no more share a row; until its end they are known
 *  after a restart. */
#define SHARE_MS 60000

/** Keys of a row for which there is room at first. */
#define FRESH_MIN 64

static int write_row(struct sqlite_db *db, const unsigned char *octets,
		     size_t count, int64_t until_ms, bool forgotten)
{
	const int64_t numbers[] = { until_ms, forgotten };
	sqlite3_stmt *statement = sqlite_bind(db, SQL_SEE, numbers, 2);

	if (statement)
		(void)sqlite3_bind_blob64(statement, 3, octets,
					  count * MESSAGE_KEY_SIZE,
					  SQLITE_STATIC);
	db->unswept++;
	return sqlite_run(db, statement);
}

static int write_fresh(struct sqlite_db *db, struct sqlite_fresh *fresh)
{
	const size_t count = fresh->count;

	fresh->count = 0;
	return count ? write_row(db, fresh->octets, count, fresh->until_ms,
				 false)
		     : SQLITE_OK;
}

int sqlite_seen_write(struct sqlite_db *db)
{
	int rc = write_fresh(db, &db->soon);

	return rc ? rc : write_fresh(db, &db->late);
}

void sqlite_seen_drop(struct sqlite_db *db)
{
	db->soon.count = db->late.count = 0;
}

static bool reserve(struct sqlite_fresh *fresh)
{
	const size_t room = fresh->room ? fresh->room * 2 : FRESH_MIN;
	unsigned char *octets;

	if (fresh->count < fresh->room)
		return true;
	octets = realloc(fresh->octets, room * MESSAGE_KEY_SIZE);
	if (!octets)
		return false;
	fresh->octets = octets;
	fresh->room = room;
	return true;
}

static bool may_share(const struct sqlite_fresh *fresh, int64_t until_ms)
{
	return fresh->count == 0 || (until_ms <= fresh->until_ms + SHARE_MS &&
				     until_ms >= fresh->until_ms - SHARE_MS);
}

static int add_fresh(struct sqlite_db *db, struct sqlite_fresh *fresh,
		     const struct sqlite_key *key)
{
	int rc = may_share(fresh, key->until_ms) ? SQLITE_OK
						 : write_fresh(db, fresh);

	if (rc != SQLITE_OK)
		return rc;
	if (!reserve(fresh))
		return SQLITE_NOMEM;
	if (fresh->count == 0 || fresh->until_ms < key->until_ms)
		fresh->until_ms = key->until_ms;
	memcpy(fresh->octets + fresh->count++ * MESSAGE_KEY_SIZE, key->octets,
	       MESSAGE_KEY_SIZE);
	return SQLITE_OK;
}

/* In memory now, in the file with the transaction. */
static int note_key(struct sqlite_db *db,
		    const unsigned char octets[MESSAGE_KEY_SIZE],
		    int64_t until_ms, int64_t now_ms)
{
	const bool soon = until_ms <= now_ms + db->options->seen_ms;
	struct sqlite_key key = { .until_ms = until_ms };

	memcpy(key.octets, octets, sizeof key.octets);
	if (!sqlite_keys_set(db->keys, &key, now_ms))
		return SQLITE_NOMEM;
	return add_fresh(db, soon ? &db->soon : &db->late, &key);
}

/* A key lives longer than the message that waits. */
static int64_t key_until(const struct sqlite_db *db,
			 const struct store_job *job)
{
	return (job->behind ? job->expires_ms : job->asked_ms) +
	       db->options->seen_ms;
}

int sqlite_see(struct sqlite_db *db, struct store_job *job)
{
	const struct sqlite_key *known;

	if (!job->message->has_key)
		return SQLITE_OK;
	known = sqlite_keys_find(db->keys, job->message->key);
	if (known && known->until_ms > job->asked_ms) {
		job->status = STORE_DUPLICATE;
		return SQLITE_OK;
	}
	return note_key(db, job->message->key, key_until(db, job),
			job->asked_ms);
}

int sqlite_see_longer(struct sqlite_db *db,
		      const unsigned char octets[MESSAGE_KEY_SIZE],
		      int64_t until_ms, int64_t now_ms)
{
	const struct sqlite_key *known = sqlite_keys_find(db->keys, octets);

	if (known && known->until_ms >= until_ms)
		return SQLITE_OK;
	return note_key(db, octets, until_ms, now_ms);
}

/* A row of its own, behind those that have the key, for as long as they. */
int sqlite_unsee(struct sqlite_db *db,
		 const unsigned char octets[MESSAGE_KEY_SIZE])
{
	const struct sqlite_key *known = sqlite_keys_find(db->keys, octets);
	struct sqlite_key key;
	int rc;

	if (!known)
		return SQLITE_OK;
	key = *known;
	rc = sqlite_seen_write(db);
	if (rc == SQLITE_OK)
		rc = write_row(db, key.octets, 1, key.until_ms + SHARE_MS,
			       true);
	key.until_ms = 0;
	if (rc == SQLITE_OK && !sqlite_keys_set(db->keys, &key, 0))
		rc = SQLITE_NOMEM;
	return rc;
}

/* @return false: there is no key in that column */
static bool read_key(sqlite3_stmt *row, int column,
		     unsigned char octets_out[MESSAGE_KEY_SIZE])
{
	const void *octets = sqlite3_column_blob(row, column);

	if (sqlite3_column_bytes(row, column) != MESSAGE_KEY_SIZE || !octets)
		return false;
	memcpy(octets_out, octets, MESSAGE_KEY_SIZE);
	return true;
}

static int load_key(struct sqlite_db *db, const unsigned char *octets,
		    int64_t until_ms, int64_t now_ms)
{
	const struct sqlite_key *known = sqlite_keys_find(db->keys, octets);
	struct sqlite_key key = { .until_ms = until_ms };

	if (until_ms ? known && known->until_ms >= until_ms : !known)
		return SQLITE_OK;
	memcpy(key.octets, octets, sizeof key.octets);
	if (!sqlite_keys_set(db->keys, &key, now_ms))
		return SQLITE_NOMEM;
	sqlite_keys_commit(db->keys);
	return SQLITE_OK;
}

static int load_row(struct sqlite_db *db, sqlite3_stmt *row, int64_t now_ms)
{
	const bool forgotten = sqlite3_column_int(row, 1);
	const int64_t until_ms = sqlite3_column_int64(row, 0);
	const unsigned char *octets = sqlite3_column_blob(row, 2);
	size_t left = (size_t)sqlite3_column_bytes(row, 2);
	int rc = SQLITE_OK;

	for (; !rc && left >= MESSAGE_KEY_SIZE; left -= MESSAGE_KEY_SIZE) {
		rc = load_key(db, octets, forgotten ? 0 : until_ms, now_ms);
		octets += MESSAGE_KEY_SIZE;
	}
	return rc;
}

int sqlite_seen_load(struct sqlite_db *db, int64_t now_ms)
{
	sqlite3_stmt *row = sqlite_bind(db, SQL_SEEN, &now_ms, 1);
	int rc;

	while ((rc = sqlite_next(db, row)) == SQLITE_ROW) {
		rc = load_row(db, row, now_ms);
		if (rc != SQLITE_OK) {
			(void)sqlite3_reset(row);
			return rc;
		}
	}
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

int sqlite_seen_keep_taken(struct sqlite_db *db, int64_t now_ms)
{
	sqlite3_stmt *row = sqlite_statement(db, SQL_SEEN_TAKEN);
	unsigned char octets[MESSAGE_KEY_SIZE];
	int rc;

	while ((rc = sqlite_next(db, row)) == SQLITE_ROW) {
		if (!read_key(row, 0, octets))
			continue;
		rc = sqlite_see_longer(db, octets,
				       sqlite3_column_int64(row, 1) +
					       db->options->seen_ms,
				       now_ms);
		if (rc != SQLITE_OK) {
			(void)sqlite3_reset(row);
			return rc;
		}
	}
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* Rows have no index of their times, which every message would have to pay
 * for: the sweep goes through them in their own order, round and round. */
static int sweep_keys(struct sqlite_db *db, int64_t now_ms, int count)
{
	const int64_t from[] = { db->swept, count };
	int64_t range[] = { db->swept, 0, now_ms };
	int rc = sqlite_number(db, sqlite_bind(db, SQL_SWEEP_TO, from, 2), 0,
			       &db->swept);

	if (rc != SQLITE_OK)
		return rc;
	range[1] = db->swept ? db->swept : INT64_MAX;
	return sqlite_do(db, SQL_SWEEP, range, 3);
}

int sqlite_sweep(struct sqlite_db *db, int64_t now_ms, int count)
{
	const int64_t numbers[] = { now_ms, count };
	int rc = sweep_keys(db, now_ms, count);

	return rc ? rc : sqlite_do(db, SQL_SWEEP_NOTES, numbers, 2);
}
