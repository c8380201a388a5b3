#include "gateway/store/sqlite_db.h"

#include <stdlib.h>

#include "enum/text.h"
#include "gateway/store/sqlite_place.h"
#include "gateway/store/sqlite_schema.h"
#include "gateway/store/sqlite_seen.h"

/** An operator's own transaction may keep us waiting that long. */
#define BUSY_MS 1000

/** The write-ahead log goes into the file every so many pages (8 MiB): more
 *  seldom saves nothing that can be measured, and as long as the log grows a
 *  commit costs nearly twice as much as one that writes over an older one. But
 *  it goes there while there is room for all of it: no disk is full of the log
 *  alone. */
#define LOG_PAGES     2000
#define LOG_PAGES_MIN 64
#define LOG_PAGE      4120 /* octets, its header included */

/* WAL and FULL: a commit is one fsync, and what is committed outlives the
 * power. */
static const char settings[] = "PRAGMA journal_mode = WAL;"
			       "PRAGMA synchronous = FULL;"
			       "PRAGMA journal_size_limit = 67108864;"
			       "PRAGMA cache_size = -16384;"
			       "PRAGMA temp_store = MEMORY;"
			       "PRAGMA secure_delete = FAST;";

sqlite3_stmt *sqlite_statement(struct sqlite_db *db, enum sqlite_sql which)
{
	char *sql;

	if (db->statements[which])
		return db->statements[which];
	sql = sqlite_sql_text(which);
	if (sql)
		(void)sqlite3_prepare_v3(db->handle, sql, -1,
					 SQLITE_PREPARE_PERSISTENT,
					 &db->statements[which], NULL);
	free(sql);
	return db->statements[which];
}

sqlite3_stmt *sqlite_bind(struct sqlite_db *db, enum sqlite_sql which,
			  const int64_t *numbers, size_t count)
{
	sqlite3_stmt *statement = sqlite_statement(db, which);

	for (size_t i = 0; statement && i < count; i++)
		(void)sqlite3_bind_int64(statement, (int)i + 1, numbers[i]);
	return statement;
}

/* Why there is no statement. The last code may be that of another one, which
 * stands on a row. */
static int missing(struct sqlite_db *db)
{
	int rc = sqlite3_errcode(db->handle);

	return rc == SQLITE_OK || rc == SQLITE_ROW || rc == SQLITE_DONE
		       ? SQLITE_NOMEM
		       : rc;
}

int sqlite_next(struct sqlite_db *db, sqlite3_stmt *statement)
{
	int rc;

	if (!statement)
		return missing(db);
	rc = sqlite3_step(statement);
	if (rc != SQLITE_ROW)
		(void)sqlite3_reset(statement);
	return rc;
}

int sqlite_run(struct sqlite_db *db, sqlite3_stmt *statement)
{
	int rc;

	do
		rc = sqlite_next(db, statement);
	while (rc == SQLITE_ROW);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

int sqlite_do(struct sqlite_db *db, enum sqlite_sql which,
	      const int64_t *numbers, size_t count)
{
	return sqlite_run(db, sqlite_bind(db, which, numbers, count));
}

int sqlite_number(struct sqlite_db *db, sqlite3_stmt *statement, int64_t none,
		  int64_t *number_out)
{
	int rc = sqlite_next(db, statement);

	*number_out = none;
	if (rc == SQLITE_DONE)
		return SQLITE_OK;
	if (rc != SQLITE_ROW)
		return rc;
	if (sqlite3_column_type(statement, 0) != SQLITE_NULL)
		*number_out = sqlite3_column_int64(statement, 0);
	(void)sqlite3_reset(statement);
	return SQLITE_OK;
}

int sqlite_commit(struct sqlite_db *db)
{
	int rc = sqlite_seen_write(db);

	if (rc == SQLITE_OK)
		rc = sqlite_do(db, SQL_COMMIT, NULL, 0);
	if (rc == SQLITE_OK)
		sqlite_keys_commit(db->keys);
	return rc;
}

void sqlite_roll_back(struct sqlite_db *db)
{
	sqlite_keys_roll_back(db->keys);
	sqlite_seen_drop(db);
	if (!sqlite3_get_autocommit(db->handle))
		(void)sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
	db->rows_added = 0;
}

int sqlite_db_give_back(struct sqlite_db *db, int64_t now_ms)
{
	int rc = sqlite_do(db, SQL_BEGIN, NULL, 0);

	if (rc == SQLITE_OK)
		rc = sqlite_seen_keep_taken(db, now_ms);
	if (rc == SQLITE_OK)
		rc = sqlite_do(db, SQL_RETURN, &now_ms, 1);
	if (rc == SQLITE_OK && sqlite3_changes(db->handle) > 0)
		rc = sqlite_do(db, SQL_REORDER, NULL, 0);
	if (rc == SQLITE_OK)
		rc = sqlite_commit(db);
	if (rc != SQLITE_OK)
		sqlite_roll_back(db);
	return rc;
}

static int read_counters(struct sqlite_db *db)
{
	int64_t last = 0;
	int rc = sqlite_number(db, sqlite_statement(db, SQL_LAST), 0, &last);

	db->last_seq = (uint64_t)last;
	return rc ? rc
		  : sqlite_number(db, sqlite_statement(db, SQL_TOTAL), 0,
				  &db->rows);
}

/* Begin where the last process has ended. */
static int load(struct sqlite_db *db, bool is_first, int64_t now_ms)
{
	int rc;

	db->keys = sqlite_keys_create(SQLITE_KEYS_MAX);
	if (!db->keys)
		return SQLITE_NOMEM;
	rc = sqlite_seen_load(db, now_ms);
	if (rc == SQLITE_OK && is_first)
		rc = sqlite_db_give_back(db, now_ms);
	return rc ? rc : read_counters(db);
}

/* After each commit. What goes wrong here is tried again after the next. */
static int on_log(void *arg, sqlite3 *handle, const char *name, int pages)
{
	const char *path = arg;

	if (pages >= LOG_PAGES ||
	    (pages >= LOG_PAGES_MIN &&
	     (int64_t)pages * LOG_PAGE > sqlite_place_room(path)))
		(void)sqlite3_wal_checkpoint_v2(
			handle, name, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
	return SQLITE_OK;
}

static int open_handle(struct sqlite_db *db, const char *path)
{
	int rc;

	/* statistics that nobody reads cost a lock for each allocation; it is
	 * too late for this when the library is in use already, and no harm */
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	rc = sqlite3_open_v2(path, &db->handle,
			     SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_busy_timeout(db->handle, BUSY_MS);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db->handle, settings, NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		(void)sqlite3_wal_hook(db->handle, on_log,
				       (void *)(uintptr_t)path);
	return rc;
}

/* Nobody has to act but who fills the disk, or has a transaction open. */
static bool may_pass(int rc)
{
	switch (rc & 0xff) {
	case SQLITE_FULL:
	case SQLITE_IOERR:
	case SQLITE_BUSY:
	case SQLITE_LOCKED: return true;
	default: return false;
	}
}

static int open_all(struct sqlite_db *db, const char *path, bool is_first,
		    int64_t now_ms, struct text *why)
{
	char reason[STORE_REASON_SIZE] = "";
	int rc = open_handle(db, path);

	if (rc == SQLITE_OK)
		rc = sqlite_schema_update(db->handle, reason, sizeof reason);
	if (rc == SQLITE_OK)
		rc = load(db, is_first, now_ms);
	if (rc != SQLITE_OK)
		text_addf(why, "%s: %s", path,
			  reason[0]    ? reason
			  : db->handle ? sqlite3_errmsg(db->handle)
				       : sqlite3_errstr(rc));
	return rc;
}

enum sqlite_opened sqlite_db_open(struct sqlite_db *db, const char *path,
				  const struct store_options *options,
				  bool is_first, int64_t now_ms, char *why,
				  size_t why_size)
{
	struct text text;
	int rc;

	*db = (struct sqlite_db){ .options = options };
	text_init(&text, why, why_size);
	rc = open_all(db, path, is_first, now_ms, &text);
	if (rc == SQLITE_OK)
		return SQLITE_OPENED;
	sqlite_db_close(db);
	if ((rc & 0xff) == SQLITE_NOMEM)
		return SQLITE_OPEN_NO_MEMORY;
	return may_pass(rc) ? SQLITE_OPEN_LATER : SQLITE_OPEN_NEVER;
}

bool sqlite_db_is_open(const struct sqlite_db *db)
{
	return db->handle != NULL;
}

void sqlite_db_close(struct sqlite_db *db)
{
	for (size_t i = 0; i < SQL_SIZE; i++)
		(void)sqlite3_finalize(db->statements[i]);
	(void)sqlite3_close(db->handle);
	sqlite_keys_destroy(db->keys);
	free(db->soon.octets);
	free(db->late.octets);
	*db = (struct sqlite_db){ .handle = NULL };
}
