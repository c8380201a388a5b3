#include "gateway/store/sqlite_row.h"

#include <stdlib.h>

#include "enum/text.h"
#include "gateway/store/store_message.h"

#define SQL_TEXT_SIZE 1024

/* the columns in front of the message's; in INSERT the first eight */
static const char item_columns[] =
	"seq, state, lane, via, put, due, expires, behind";

enum {
	COLUMN_SEQ,
	COLUMN_STATE,
	COLUMN_LANE,
	COLUMN_VIA,
	COLUMN_PUT,
	COLUMN_DUE,
	COLUMN_EXPIRES,
	COLUMN_BEHIND,
	COLUMN_TRIES, /* where INSERT has the message's first */
	COLUMN_REASON,
	COLUMN_MESSAGE
};

static void add_message_columns(struct text *text)
{
	for (size_t i = 0; i < STORE_MESSAGE_COLUMNS; i++)
		text_addf(text, ", \"%s\"", store_message_column(i));
	text_add(text, ", more");
}

char *sqlite_row_insert_text(void)
{
	char *sql = malloc(SQL_TEXT_SIZE);
	struct text text;

	if (!sql)
		return NULL;
	text_init(&text, sql, SQL_TEXT_SIZE);
	text_addf(&text, "INSERT INTO message (%s", item_columns);
	add_message_columns(&text);
	text_add(&text, ") VALUES (?");
	for (size_t i = 1; i < COLUMN_TRIES + STORE_MESSAGE_COLUMNS + 1; i++)
		text_add(&text, ", ?");
	text_add(&text, ")");
	return sql;
}

char *sqlite_row_select_text(const char *rest)
{
	char *sql = malloc(SQL_TEXT_SIZE);
	struct text text;

	if (!sql)
		return NULL;
	text_init(&text, sql, SQL_TEXT_SIZE);
	text_addf(&text, "SELECT %s, tries, reason", item_columns);
	add_message_columns(&text);
	text_addf(&text, " FROM message %s", rest);
	return sql;
}

static int bind_value(sqlite3_stmt *statement, int at,
		      const struct store_value *value)
{
	int len = (int)value->octets.len;

	switch (value->type) {
	case STORE_NULL: break;
	case STORE_NUMBER:
		return sqlite3_bind_int64(statement, at, value->number);
	case STORE_TEXT:
		return sqlite3_bind_text(statement, at, value->octets.at, len,
					 SQLITE_STATIC);
	case STORE_OCTETS:
		return sqlite3_bind_blob(statement, at, value->octets.at, len,
					 SQLITE_STATIC);
	}
	return sqlite3_bind_null(statement, at);
}

int sqlite_row_bind(sqlite3_stmt *statement, const struct store_job *job,
		    const char *more)
{
	const int64_t numbers[] = {
		[COLUMN_SEQ] = (int64_t)job->seq,
		[COLUMN_STATE] = job->behind ? STORE_WAITING : STORE_TAKEN,
		[COLUMN_LANE] = (int64_t)job->lane,
		[COLUMN_VIA] = job->via_one,
		[COLUMN_PUT] = job->asked_ms,
		[COLUMN_DUE] = job->due_ms,
		[COLUMN_EXPIRES] = job->expires_ms,
		[COLUMN_BEHIND] = job->behind,
	};
	int at = 1, rc = SQLITE_OK;

	for (size_t i = 0; i < COLUMN_TRIES; i++)
		rc |= sqlite3_bind_int64(statement, at++, numbers[i]);
	for (size_t i = 0; i < STORE_MESSAGE_COLUMNS; i++) {
		struct store_value value = store_message_get(job->message, i);

		rc |= bind_value(statement, at++, &value);
	}
	rc |= sqlite3_bind_text(statement, at, more, -1, SQLITE_STATIC);
	return rc ? SQLITE_NOMEM : SQLITE_OK; /* nothing else can go wrong */
}

static struct store_value column_value(sqlite3_stmt *statement, int at)
{
	struct store_value value = { STORE_NULL, 0, { NULL, 0 } };
	int type = sqlite3_column_type(statement, at);

	if (type == SQLITE_INTEGER) {
		value.type = STORE_NUMBER;
		value.number = sqlite3_column_int64(statement, at);
	} else if (type != SQLITE_NULL) {
		value.type = type == SQLITE_TEXT ? STORE_TEXT : STORE_OCTETS;
		value.octets.at = sqlite3_column_blob(statement, at);
		value.octets.len = (size_t)sqlite3_column_bytes(statement, at);
		if (!value.octets.at) /* of length 0 */
			value.octets.at = "";
	}
	return value;
}

static bool read_message(sqlite3_stmt *statement, struct message *message)
{
	int at = COLUMN_MESSAGE;
	bool ok = true;

	for (size_t i = 0; ok && i < STORE_MESSAGE_COLUMNS; i++) {
		struct store_value value = column_value(statement, at++);

		ok = store_message_set(message, i, &value);
	}
	return ok && store_message_set_more(
			     message,
			     (const char *)sqlite3_column_text(statement, at));
}

static int64_t number(sqlite3_stmt *statement, int at)
{
	return sqlite3_column_int64(statement, at);
}

int sqlite_row_read(sqlite3_stmt *statement, const char *node,
		    struct store_item *item_out)
{
	struct store_item *item = item_out;
	struct text text;

	*item = (struct store_item){
		.message = message_create(),
		.state = (enum store_state)number(statement, COLUMN_STATE),
		.lane = (uint64_t)number(statement, COLUMN_LANE),
		.via = (enum protocol)number(statement, COLUMN_VIA),
		.tries = (unsigned)number(statement, COLUMN_TRIES),
		.put_ms = number(statement, COLUMN_PUT),
		.due_ms = number(statement, COLUMN_DUE),
		.expires_ms = number(statement, COLUMN_EXPIRES),
	};
	if (!item->message || !read_message(statement, item->message)) {
		message_destroy(&item->message);
		return SQLITE_NOMEM;
	}
	item->message->seq = (uint64_t)number(statement, COLUMN_SEQ);
	text_init(&text, item->reason, sizeof item->reason);
	text_add_span(&text, column_value(statement, COLUMN_REASON).octets);
	text_init(&text, item->node, sizeof item->node);
	text_add(&text, item->state == STORE_TAKEN ? node : "");
	return SQLITE_OK;
}
