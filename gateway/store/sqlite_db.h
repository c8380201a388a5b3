#ifndef IMGW_GATEWAY_SQLITE_DB_H
#define IMGW_GATEWAY_SQLITE_DB_H

/** A SQLite connection with its statements. It belongs to one thread at a
 *  time. All functions that return int return a code of SQLite, SQLITE_OK when
 *  it went well. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sqlite3.h>

#include "gateway/store.h"
#include "gateway/store/sqlite_keys.h"

/** The statements; their texts are in sqlite_sql.c. */
enum sqlite_sql {
	SQL_BEGIN,
	SQL_COMMIT,
	SQL_INSERT,     /* sqlite_row.c: sqlite_row_bind */
	SQL_WAITS,      /* does anything wait, or is held? */
	SQL_IS_BEHIND,  /* lane */
	SQL_FINISH,     /* the first and last seq */
	SQL_PLACE,      /* seq -> state, lane, key */
	SQL_REMOVE,     /* seq */
	SQL_PROMOTE,    /* lane: nobody stands before its first any more */
	SQL_DEMOTE,     /* lane, seq: the one behind seq stands behind it */
	SQL_DEFER,      /* seq, due, tried, reason -> lane, key, expires */
	SQL_DUE,        /* via, now, max -> seq, lane */
	SQL_TAKE,       /* seq */
	SQL_NEXT_DUE,   /* via -> due */
	SQL_EXPIRED,    /* now, max -> seq, lane */
	SQL_NEXT_EXPIRY, /* -> when to look for them again */
	SQL_ROW,        /* seq -> sqlite_row_read */
	SQL_ROW_ID,     /* id -> the same */
	SQL_ROW_LOOSE,  /* id, not taken -> the same */
	SQL_ROWS,       /* seq, max -> the same */
	SQL_RETRY,      /* seq, now */
	SQL_HOLD,       /* seq */
	SQL_TOTAL,      /* -> count */
	SQL_COUNT,      /* -> state, count; without those taken */
	SQL_OLDEST,     /* -> put, seq */
	SQL_LAST,       /* -> seq */
	SQL_SEE,        /* until, forgotten, keys */
	SQL_SEEN,       /* now -> the same, in their order */
	SQL_SEEN_TAKEN, /* of those taken -> key, expires */
	SQL_SWEEP_TO,   /* row, n -> row */
	SQL_SWEEP,      /* from, to, now */
	SQL_SWEEP_NOTES,/* now, n */
	SQL_NOTE,       /* kind, key, value, until */
	SQL_LOOK,       /* kind, key, now -> value */
	SQL_RETURN,     /* now: those taken wait */
	SQL_REORDER,    /* who stands behind whom */
	SQL_PROBE,      /* something of some size */
	SQL_SIZE
};

/** Keys that are known in memory and not in the file yet: the row of `seen`
 *  that they will share. */
struct sqlite_fresh {
	unsigned char *octets; /* of the keys, one behind the other */
	size_t count, room;
	int64_t until_ms;      /* the last end of them */
};

struct sqlite_db {
	sqlite3 *handle;
	sqlite3_stmt *statements[SQL_SIZE];
	const struct store_options *options;
	uint64_t last_seq;
	int64_t rows;       /* of message; counting them would read them all */
	int64_t rows_added; /* in this transaction */
	bool none_waits;    /* no message waits or is held, surely */
	struct sqlite_keys *keys;
	struct sqlite_fresh soon, late; /* noted in this transaction */
	int64_t swept; /* rows of `seen` are swept up to here */
	int unswept;   /* of those and notes, since the last sweep */
};

enum sqlite_opened {
	SQLITE_OPENED,
	SQLITE_OPEN_LATER, /* the disk is full, say: it may pass by itself */
	SQLITE_OPEN_NEVER, /* not before somebody acts */
	SQLITE_OPEN_NO_MEMORY
};

/** Open, and bring the schema to this version.
 *  @param path      borrowed as long as it is open
 *  @param is_first  of this process: give back what was taken
 *  @param why  on failure a sentence for people; then it is closed */
MUST_USE enum sqlite_opened sqlite_db_open(struct sqlite_db *db,
					   const char *path,
					   const struct store_options *options,
					   bool is_first, int64_t now_ms,
					   char *why, size_t why_size);

/** Is it open? */
bool sqlite_db_is_open(const struct sqlite_db *db);

/** Takes a db that was never opened. */
void sqlite_db_close(struct sqlite_db *db);

/** What was taken waits, due now, and may have been handed over. */
MUST_USE int sqlite_db_give_back(struct sqlite_db *db, int64_t now_ms);

/** End a transaction; what sqlite_see noted is written before. */
MUST_USE int sqlite_commit(struct sqlite_db *db);

/** End a transaction without effect; some errors have done so already. */
void sqlite_roll_back(struct sqlite_db *db);

/** The text of a statement; of SQL_INSERT and those that yield rows it is
 *  made by sqlite_row.c. @return NULL: out of memory; free */
char *sqlite_sql_text(enum sqlite_sql which);

/** A statement, ready to be bound. @return NULL: sqlite3_errcode says why */
sqlite3_stmt *sqlite_statement(struct sqlite_db *db, enum sqlite_sql which);

/** A statement with its first parameters bound to `count` numbers; the further
 *  ones are the caller's. @return as sqlite_statement */
sqlite3_stmt *sqlite_bind(struct sqlite_db *db, enum sqlite_sql which,
			  const int64_t *numbers, size_t count);

/** Run a statement to its end and reset it. NULL: the error that it met. */
MUST_USE int sqlite_run(struct sqlite_db *db, sqlite3_stmt *statement);

/** sqlite_bind and sqlite_run. */
MUST_USE int sqlite_do(struct sqlite_db *db, enum sqlite_sql which,
		       const int64_t *numbers, size_t count);

/** Step to the next row. @return SQLITE_ROW, SQLITE_DONE or an error; with the
 *  last two the statement is reset */
MUST_USE int sqlite_next(struct sqlite_db *db, sqlite3_stmt *statement);

/** The first column of the first row as a number, `none` without a row. */
MUST_USE int sqlite_number(struct sqlite_db *db, sqlite3_stmt *statement,
			   int64_t none, int64_t *number_out);

#endif
