#include "gateway/store/sqlite_schema.h"

#include <stdio.h>

#include "enum/text.h"

/* States are those of enum store_state: 0 waits, 1 is taken, 2 is held; sides
 * those of enum protocol: 0 SIP, 1 XMPP. Times are milliseconds since 1970.
 *
 * `behind`: an older one of the lane stands in the store and is not taken.
 * The indices know only what waits or is held: a message that is put in,
 * handed over and removed touches none of them. */
static const char version_1[] =
	"CREATE TABLE message ("
	" seq INTEGER PRIMARY KEY,"
	" state INTEGER NOT NULL,"
	" lane INTEGER NOT NULL,"
	" via INTEGER NOT NULL,"
	" behind INTEGER NOT NULL DEFAULT 0,"
	" tries INTEGER NOT NULL DEFAULT 0,"
	" put INTEGER NOT NULL,"
	" due INTEGER NOT NULL,"
	" expires INTEGER NOT NULL,"
	" reason TEXT,"
	" id TEXT, origin INTEGER, purpose INTEGER, resent INTEGER,"
	" \"from\" TEXT, \"to\" TEXT, to_header TEXT,"
	" kind INTEGER, target TEXT, peer TEXT,"
	" call_id TEXT, thread TEXT, stanza_id TEXT, key BLOB,"
	" wants INTEGER, subject TEXT, content_type TEXT, body BLOB,"
	" arrived_s INTEGER, date_s INTEGER, expires_s INTEGER,"
	" more TEXT CHECK (more IS NULL OR json_valid(more)));"

	"CREATE INDEX message_lane ON message (lane, seq, state)"
	" WHERE state <> 1;"
	"CREATE INDEX message_due ON message (via, due, seq)"
	" WHERE state = 0 AND behind = 0;"
	"CREATE INDEX message_id ON message (id) WHERE state <> 1;"

	"CREATE TABLE seen ("
	" key BLOB PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID;"

	"CREATE TABLE note ("
	" kind TEXT NOT NULL, key TEXT NOT NULL, value BLOB,"
	" until INTEGER NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID;"
	"CREATE INDEX note_until ON note (until);"

	"CREATE VIEW queue AS SELECT seq, id,"
	" CASE state WHEN 0 THEN 'waiting' WHEN 1 THEN 'taken'"
	"  ELSE 'held' END AS state,"
	" CASE via WHEN 0 THEN 'sip' ELSE 'xmpp' END AS via,"
	" tries,"
	" strftime('%Y-%m-%d %H:%M:%f', put / 1000.0, 'unixepoch') AS put,"
	" strftime('%Y-%m-%d %H:%M:%f', due / 1000.0, 'unixepoch') AS due,"
	" strftime('%Y-%m-%d %H:%M:%f', expires / 1000.0, 'unixepoch')"
	"  AS expires,"
	" \"from\", \"to\", target, reason, call_id, stanza_id,"
	" subject, content_type, CAST(body AS TEXT) AS body"
	" FROM message ORDER BY seq;";

/* Keys are looked for in memory (sqlite_keys.h): the table is only appended to,
 * so that those of a commit share a page. */
static const char version_2[] =
	"ALTER TABLE seen RENAME TO seen_1;"
	"CREATE TABLE seen (n INTEGER PRIMARY KEY,"
	" until INTEGER NOT NULL, key BLOB NOT NULL);"
	"INSERT INTO seen (until, key) SELECT until, key FROM seen_1"
	" ORDER BY until;"
	"DROP TABLE seen_1;";

/* The keys of a commit that end together are one row: their octets, one behind
 * the other. */
static const char version_3[] =
	"ALTER TABLE seen RENAME COLUMN key TO keys;"
	"ALTER TABLE seen ADD COLUMN forgotten INTEGER NOT NULL DEFAULT 0;";

/* What expires is looked for whatever it waits for. */
static const char version_4[] =
	"CREATE INDEX IF NOT EXISTS message_expires ON message (expires)"
	" WHERE state = 0;";

/* The n-th leads from version n - 1 to n. What is here was in use somewhere
 * and is never changed; a change is a further one. */
static const char *const migrations[] = { version_1, version_2, version_3,
					  version_4 };

#define VERSION ((int)(sizeof migrations / sizeof migrations[0]))

static int get_version(sqlite3 *handle, int *version_out)
{
	sqlite3_stmt *statement = NULL;
	int rc = sqlite3_prepare_v2(handle, "PRAGMA user_version", -1,
				    &statement, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(statement);
	if (rc == SQLITE_ROW)
		*version_out = sqlite3_column_int(statement, 0);
	(void)sqlite3_finalize(statement);
	return rc == SQLITE_ROW ? SQLITE_OK : rc;
}

static int set_version(sqlite3 *handle)
{
	char sql[40];

	(void)snprintf(sql, sizeof sql, "PRAGMA user_version = %d", VERSION);
	return sqlite3_exec(handle, sql, NULL, NULL, NULL);
}

static int migrate(sqlite3 *handle, int version)
{
	int rc = sqlite3_exec(handle, "BEGIN IMMEDIATE", NULL, NULL, NULL);

	for (; rc == SQLITE_OK && version < VERSION; version++)
		rc = sqlite3_exec(handle, migrations[version], NULL, NULL,
				  NULL);
	if (rc == SQLITE_OK)
		rc = set_version(handle);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(handle, "COMMIT", NULL, NULL, NULL);
	return rc;
}

int sqlite_schema_update(sqlite3 *handle, char *why, size_t why_size)
{
	int version = 0;
	int rc = get_version(handle, &version);

	if (rc == SQLITE_OK && version > VERSION) {
		(void)snprintf(why, why_size,
			       "its schema has version %d, this program knows "
			       "%d: a newer one has used it",
			       version, VERSION);
		return SQLITE_SCHEMA;
	}
	if (rc == SQLITE_OK && version < VERSION)
		rc = migrate(handle, version);
	return rc;
}
