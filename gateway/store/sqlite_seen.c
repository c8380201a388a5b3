#include "gateway/store/sqlite_seen.h"

#include <string.h>

#include "gateway/store/sqlite_job.h"

/* In the file and in memory. */
static int note_key(struct sqlite_db *db, const struct sqlite_key *key,
		    int64_t now_ms)
{
	const int64_t numbers[] = { key->row, key->until_ms };
	sqlite3_stmt *statement = sqlite_bind(db, SQL_SEE, numbers, 2);
	int rc;

	if (statement)
		(void)sqlite3_bind_blob(statement, 3, key->octets,
					MESSAGE_KEY_SIZE, SQLITE_STATIC);
	rc = sqlite_run(db, statement);
	if (rc == SQLITE_OK && !sqlite_keys_set(db->keys, key, now_ms))
		rc = SQLITE_NOMEM;
	return rc;
}

static int add_key(struct sqlite_db *db,
		   const unsigned char octets[MESSAGE_KEY_SIZE],
		   int64_t until_ms, int64_t now_ms)
{
	struct sqlite_key key = { .until_ms = until_ms, .row = ++db->last_key };

	memcpy(key.octets, octets, sizeof key.octets);
	return note_key(db, &key, now_ms);
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
	return add_key(db, job->message->key, key_until(db, job),
		       job->asked_ms);
}

int sqlite_see_longer(struct sqlite_db *db,
		      const unsigned char octets[MESSAGE_KEY_SIZE],
		      int64_t until_ms, int64_t now_ms)
{
	const struct sqlite_key *known = sqlite_keys_find(db->keys, octets);
	struct sqlite_key key;

	if (!known)
		return add_key(db, octets, until_ms, now_ms);
	if (known->until_ms >= until_ms)
		return SQLITE_OK;
	key = *known;
	key.until_ms = until_ms;
	return note_key(db, &key, now_ms);
}

int sqlite_unsee(struct sqlite_db *db,
		 const unsigned char octets[MESSAGE_KEY_SIZE])
{
	const struct sqlite_key *known = sqlite_keys_find(db->keys, octets);
	struct sqlite_key key;
	int rc;

	if (!known)
		return SQLITE_OK;
	key = *known;
	key.until_ms = 0;
	rc = sqlite_do(db, SQL_UNSEE, &key.row, 1);
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

static int load_key(struct sqlite_db *db, sqlite3_stmt *row, int64_t now_ms)
{
	struct sqlite_key key = { .row = sqlite3_column_int64(row, 0),
				  .until_ms = sqlite3_column_int64(row, 1) };

	if (!read_key(row, 2, key.octets))
		return SQLITE_OK;
	if (!sqlite_keys_set(db->keys, &key, now_ms))
		return SQLITE_NOMEM;
	sqlite_keys_commit(db->keys);
	return SQLITE_OK;
}

int sqlite_seen_load(struct sqlite_db *db, int64_t now_ms)
{
	sqlite3_stmt *row = sqlite_bind(db, SQL_SEEN, &now_ms, 1);
	int rc;

	while ((rc = sqlite_next(db, row)) == SQLITE_ROW) {
		rc = load_key(db, row, now_ms);
		if (rc != SQLITE_OK) {
			(void)sqlite3_reset(row);
			return rc;
		}
	}
	if (rc != SQLITE_DONE)
		return rc;
	return sqlite_number(db, sqlite_statement(db, SQL_SEEN_LAST), 0,
			     &db->last_key);
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
