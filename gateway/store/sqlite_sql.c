#define _POSIX_C_SOURCE 200809L /* strdup */

#include <string.h>

#include "gateway/store/sqlite_db.h"
#include "gateway/store/sqlite_row.h"

/* of a lane, the first that nobody has taken */
#define FIRST "(SELECT min(seq) FROM message WHERE lane = ?1 AND state <> 1)"

/* does an older one of the lane stand in the store? */
#define IS_BEHIND                                                     \
	"EXISTS (SELECT 1 FROM message o WHERE o.lane = message.lane" \
	" AND o.seq < message.seq AND o.state <> 1)"

/* the first ones of their lanes that go by a side, ?1 says which may */
#define READY(side, bit)                                               \
	" FROM message WHERE state = 0 AND behind = 0 AND via = " side \
	" AND ?1 & " bit

#define DUE(side, bit)                                \
	"SELECT * FROM (SELECT seq, lane, due" READY( \
		side, bit) " AND due <= ?2 ORDER BY due, seq LIMIT ?3)"

static const char *const texts[] = {
	[SQL_BEGIN] = "BEGIN IMMEDIATE",
	[SQL_COMMIT] = "COMMIT",
	[SQL_WAITS] = "SELECT 1 FROM message INDEXED BY message_lane"
		      " WHERE state <> 1 LIMIT 1",
	[SQL_IS_BEHIND] = "SELECT 1 FROM message"
			  " WHERE lane = ?1 AND state <> 1 LIMIT 1",
	[SQL_FINISH] = "DELETE FROM message WHERE seq BETWEEN ?1 AND ?2"
		       " AND state = 1",
	[SQL_PLACE] = "SELECT state, lane, key FROM message WHERE seq = ?1",
	[SQL_REMOVE] = "DELETE FROM message WHERE seq = ?1",
	[SQL_PROMOTE] = "UPDATE message SET behind = 0 WHERE seq = " FIRST,
	[SQL_DEMOTE] = "UPDATE message SET behind = 1 WHERE seq = (SELECT"
		       " min(seq) FROM message WHERE lane = ?1 AND seq > ?2"
		       " AND state <> 1)",
	[SQL_DEFER] = "UPDATE message SET state = 0, due = ?2,"
		      " tries = tries + ?3, reason = ?4, behind = " IS_BEHIND
		      " WHERE seq = ?1 AND state = 1"
		      " RETURNING lane, key, expires",
	[SQL_DUE] = DUE("0", "1") " UNION ALL " DUE(
		"1", "2") " ORDER BY due, seq LIMIT ?3",
	[SQL_EXPIRED] = "SELECT seq, lane FROM message WHERE state = 0"
			" AND expires <= ?1 AND due <= ?1"
			" ORDER BY expires LIMIT ?2",
	[SQL_NEXT_EXPIRY] = "SELECT max(expires, due) FROM message"
			    " WHERE state = 0 ORDER BY expires LIMIT 1",
	[SQL_TAKE] = "UPDATE message SET state = 1 WHERE seq = ?1",
	[SQL_NEXT_DUE] = "SELECT min(due) FROM (SELECT min(due) AS due" READY(
		"0", "1") " UNION ALL SELECT min(due)" READY("1", "2") ")",
	[SQL_RETRY] = "UPDATE message SET state = 0, due = ?2"
		      " WHERE seq = ?1",
	[SQL_HOLD] = "UPDATE message SET state = 2 WHERE seq = ?1",
	[SQL_TOTAL] = "SELECT count(*) FROM message",
	[SQL_COUNT] = "SELECT state, count(*) FROM message"
		      " INDEXED BY message_lane WHERE state <> 1"
		      " GROUP BY state",
	[SQL_OLDEST] = "SELECT put FROM message ORDER BY seq LIMIT 1",
	[SQL_LAST] = "SELECT max(seq) FROM message",
	[SQL_SEE] = "INSERT INTO seen (until, forgotten, keys)"
		    " VALUES (?1, ?2, ?3)",
	[SQL_SEEN] = "SELECT until, forgotten, keys FROM seen"
		     " WHERE until > ?1 ORDER BY n",
	[SQL_SEEN_TAKEN] = "SELECT key, expires FROM message"
			   " WHERE state = 1 AND key IS NOT NULL",
	[SQL_SWEEP_TO] = "SELECT n FROM seen WHERE n > ?1"
			 " ORDER BY n LIMIT 1 OFFSET ?2",
	[SQL_SWEEP] = "DELETE FROM seen WHERE n > ?1 AND n <= ?2"
		      " AND until <= ?3",
	[SQL_SWEEP_NOTES] = "DELETE FROM note WHERE (kind, key) IN (SELECT"
			    " kind, key FROM note WHERE until <= ?1"
			    " ORDER BY until LIMIT ?2)",
	[SQL_NOTE] = "INSERT OR REPLACE INTO note (until, kind, key, value)"
		     " VALUES (?1, ?2, ?3, ?4)",
	[SQL_LOOK] = "SELECT value FROM note WHERE until > ?1"
		     " AND kind = ?2 AND key = ?3",
	[SQL_RETURN] = "UPDATE message SET state = 0, due = ?1, resent = 1"
		       " WHERE state = 1",
	[SQL_REORDER] =
		"UPDATE message SET behind = " IS_BEHIND " WHERE state <> 1",
	[SQL_PROBE] = "INSERT OR REPLACE INTO note (until, kind, key, value)"
		      " VALUES (0, 'probe', '', zeroblob(65536))",
};

char *sqlite_sql_text(enum sqlite_sql which)
{
	switch ((int)which) {
	case SQL_INSERT: return sqlite_row_insert_text();
	case SQL_ROW: return sqlite_row_select_text("WHERE seq = ?1");
	case SQL_ROW_ID: return sqlite_row_select_text("WHERE id = ?1 LIMIT 1");
	case SQL_ROW_LOOSE:
		return sqlite_row_select_text(
			"WHERE id = ?1 AND state <> 1 LIMIT 1");
	case SQL_ROWS:
		return sqlite_row_select_text(
			"WHERE seq > ?1 ORDER BY seq LIMIT ?2");
	default: return strdup(texts[which]);
	}
}
