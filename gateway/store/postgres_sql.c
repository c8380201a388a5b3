#include "gateway/store/postgres_sql.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "enum/text.h"
#include "gateway/store/store_message.h"

/** Longest text of a statement. */
#define SQL_SIZE 8192

/** The first of each lane of those that nobody has taken. From lane to lane by
 *  the index: it does not matter how long they are. */
#define HEADS                                                           \
	"(WITH RECURSIVE lanes AS ((SELECT seq, lane, state, via, due " \
	"FROM message WHERE state <> 'taken' ORDER BY lane, seq "       \
	"LIMIT 1) UNION ALL SELECT following.* FROM lanes "             \
	"CROSS JOIN LATERAL (SELECT seq, lane, state, via, due "        \
	"FROM message m WHERE m.state <> 'taken' "                      \
	"AND m.lane > lanes.lane ORDER BY m.lane, m.seq LIMIT 1) "      \
	"following) SELECT * FROM lanes) h"

/** Has another node none of its lane that is older? ($1: our life) */
#define HEAD_IS_FREE                                                   \
	"NOT EXISTS (SELECT 1 FROM message o WHERE o.state = 'taken' " \
	"AND o.lane = h.lane AND o.seq < h.seq AND o.life <> $1::bigint)"

#define VIA "= ANY (string_to_array($2::text, ','))"

/** Somebody has to look whether it is due now that this one is gone. */
#define FOLLOWED                                                         \
	"SELECT EXISTS (SELECT 1 FROM message m JOIN gone USING (lane) " \
	"WHERE m.state <> 'taken')"

#define GIVEN_BACK                                                          \
	"state = 'waiting', due = least(due, now()), node = '', life = 0, " \
	"ticket = 0"

/* In the texts "@names" stands for the columns of a message, "@values" for
 * their parameters, "@key" for that of the column "key", "@item" for what
 * postgres_item.c reads. */
static const struct {
	const char *name, *text;
} statements[] = {
	/* $1 lane, $2 via, $3 now, $4 due, $5 expires, $6 node, $7 life,
	 * $8 ticket, $9 until when the key is known; the message */
	[POSTGRES_PUT] = { "imgw_put",
			   "WITH known AS (INSERT INTO seen AS s (key, "
			   "until) "
			   "SELECT @key, $9::timestamptz WHERE @key IS NOT "
			   "NULL "
			   "ON CONFLICT (key) DO UPDATE SET until = "
			   "excluded.until "
			   "WHERE s.until <= $3::timestamptz AND NOT EXISTS "
			   "(SELECT 1 FROM message m WHERE m.key = s.key) "
			   "RETURNING 1), "
			   "turn AS (SELECT EXISTS (SELECT 1 FROM message "
			   "WHERE state <> 'taken' AND lane = $1::bigint) OR "
			   "EXISTS (SELECT 1 FROM message WHERE state = "
			   "'taken' "
			   "AND lane = $1::bigint AND life <> $7::bigint) AS "
			   "is_busy) "
			   "INSERT INTO message (lane, via, put, due, "
			   "expires, "
			   "ticket, state, node, life, @names, more) "
			   "SELECT $1::bigint, $2::text, $3::timestamptz, "
			   "$4::timestamptz, $5::timestamptz, $8::bigint, "
			   "CASE WHEN is_busy THEN 'waiting' ELSE 'taken' END, "
			   "CASE WHEN is_busy THEN '' ELSE $6::text END, "
			   "CASE WHEN is_busy THEN 0 ELSE $7::bigint END, "
			   "@values "
			   "FROM turn WHERE @key IS NULL OR EXISTS (SELECT 1 "
			   "FROM known) "
			   "RETURNING seq, state = 'waiting'" },
	/* $1 id */
	[POSTGRES_CANCEL_ID] = { "imgw_cancel", "WITH gone AS (DELETE FROM "
						"message WHERE id = $1::text "
						"RETURNING lane, key), unknown "
						"AS (DELETE FROM seen "
						"USING gone WHERE seen.key = "
						"gone.key) " FOLLOWED },
	/* $1 seq */
	[POSTGRES_FINISH] = { "imgw_finish", "WITH gone AS (DELETE FROM "
					     "message WHERE seq = $1::bigint "
					     "RETURNING lane) " FOLLOWED },
	/* $1 seq */
	[POSTGRES_FORGET] = { "imgw_forget", "WITH gone AS (DELETE FROM "
					     "message WHERE seq = $1::bigint "
					     "RETURNING lane, key), unknown AS "
					     "(DELETE FROM seen "
					     "USING gone WHERE seen.key = "
					     "gone.key) " FOLLOWED },
	/* $1 seq, $2 due, $3 tries, $4 reason, $5 life, $6 now */
	[POSTGRES_DEFER] = { "imgw_defer",
			     "WITH back AS (UPDATE message SET state = "
			     "'waiting', "
			     "due = $2::timestamptz, tries = tries + "
			     "$3::bigint, "
			     "reason = $4::text, node = '', life = 0, ticket = "
			     "0 "
			     "WHERE seq = $1::bigint AND state = 'taken' "
			     "AND life = $5::bigint RETURNING due) "
			     "SELECT EXISTS (SELECT 1 FROM back "
			     "WHERE due <= $6::timestamptz)" },
	/* $1 life, $2 sides, $3 now, $4 node, $5 ticket, $6 most.
	 * Whoever has the lock of a lane's first one has the lane: what is
	 * behind it is taken with it, up to the first one that cannot be. */
	[POSTGRES_TAKE] = { "imgw_take",
			    "WITH head AS (SELECT h.seq FROM " HEADS " "
			    "WHERE EXISTS (SELECT 1 FROM message WHERE state = "
			    "'waiting' "
			    "AND due <= $3::timestamptz) AND h.state = "
			    "'waiting' "
			    "AND h.due <= $3::timestamptz AND h.via " VIA " "
			    "AND " HEAD_IS_FREE
			    " ORDER BY h.seq LIMIT $6::bigint), "
			    "first AS (SELECT seq, lane FROM message "
			    "WHERE seq IN (SELECT seq FROM head) AND state = "
			    "'waiting' "
			    "AND due <= $3::timestamptz "
			    "ORDER BY seq FOR UPDATE SKIP LOCKED), "
			    "open AS (SELECT run.seq FROM first CROSS JOIN "
			    "LATERAL "
			    "(SELECT m.seq, bool_and(m.state = 'waiting' "
			    "AND m.due <= $3::timestamptz AND m.via " VIA ") "
			    "OVER (ORDER BY m.seq) AS is_open FROM message m "
			    "WHERE m.state <> 'taken' AND m.lane = first.lane "
			    "AND m.seq >= first.seq ORDER BY m.seq LIMIT "
			    "$6::bigint) run "
			    "WHERE run.is_open ORDER BY run.seq LIMIT "
			    "$6::bigint), "
			    "late AS (SELECT seq FROM message "
			    "WHERE state = 'waiting' "
			    "AND expires <= $3::timestamptz "
			    "AND due <= $3::timestamptz ORDER BY expires "
			    "LIMIT $6::bigint FOR UPDATE SKIP LOCKED), "
			    "all_of_them AS (SELECT seq FROM open "
			    "UNION SELECT seq FROM late), "
			    "took AS (UPDATE message SET state = 'taken', "
			    "node = $4::text, life = $1::bigint, ticket = "
			    "$5::bigint "
			    "FROM all_of_them a WHERE message.seq = a.seq "
			    "AND message.state = 'waiting' RETURNING "
			    "message.*) "
			    "SELECT @item FROM took ORDER BY seq" },
	/* $1 life, $2 sides */
	[POSTGRES_NEXT] = { "imgw_next",
			    "SELECT min(h.due), (SELECT greatest(expires, due) "
			    "FROM message WHERE state = 'waiting' "
			    "ORDER BY expires LIMIT 1) FROM " HEADS " "
			    "WHERE h.state = 'waiting' AND h.via " VIA " "
			    "AND " HEAD_IS_FREE },
	[POSTGRES_COUNT] = { "imgw_count",
			     "SELECT count(*) FILTER (WHERE state = "
			     "'waiting'), "
			     "count(*) FILTER (WHERE state = 'taken'), "
			     "count(*) FILTER (WHERE state = 'held'), "
			     "min(put) FROM message" },
	/* $1 seq, $2 most */
	[POSTGRES_LIST_AFTER] = { "imgw_list",
				  "SELECT @item FROM message WHERE seq > "
				  "$1::bigint "
				  "ORDER BY seq LIMIT $2::bigint" },
	/* $1 id */
	[POSTGRES_LIST_ID] = { "imgw_show", "SELECT @item FROM message WHERE "
					    "id = $1::text LIMIT 1" },
	/* $1 id, $2 now */
	[POSTGRES_RETRY] = { "imgw_retry", "WITH old AS (SELECT * FROM message "
					   "WHERE id = $1::text "
					   "AND state <> 'taken' FOR UPDATE), "
					   "new AS (UPDATE message "
					   "SET state = 'waiting', due = "
					   "$2::timestamptz FROM old "
					   "WHERE message.seq = old.seq) "
					   "SELECT @item FROM old" },
	/* $1 id */
	[POSTGRES_HOLD] = { "imgw_hold", "WITH old AS (SELECT * FROM message "
					 "WHERE id = $1::text "
					 "AND state <> 'taken' FOR UPDATE), "
					 "new AS (UPDATE message "
					 "SET state = 'held' FROM old WHERE "
					 "message.seq = old.seq) "
					 "SELECT @item FROM old" },
	/* $1 id */
	[POSTGRES_DROP] = { "imgw_drop", "WITH old AS (DELETE FROM message "
					 "WHERE id = $1::text "
					 "AND state <> 'taken' RETURNING *) "
					 "SELECT @item FROM old" },
	/* $1 kind, $2 key, $3 value, $4 expires */
	[POSTGRES_NOTE] = { "imgw_note",
			    "INSERT INTO note (kind, key, value, until) "
			    "VALUES ($1::text, $2::text, $3::bytea, "
			    "$4::timestamptz) "
			    "ON CONFLICT (kind, key) DO UPDATE SET "
			    "value = excluded.value, until = "
			    "excluded.until" },
	/* $1 kind, $2 key, $3 now */
	[POSTGRES_LOOK] = { "imgw_look",
			    "SELECT value FROM note WHERE kind = $1::text "
			    "AND key = $2::text AND until > "
			    "$3::timestamptz" },

	/* $1 name, $2 life, $3 lease in ms, $4 whatever life has the name
	 * now, $5 least epoch: our row may be gone, an earlier round of ours
	 * may not. No row: another process has it. */
	[POSTGRES_JOIN] = { "imgw_join",
			    "INSERT INTO node AS n (name, life, epoch, "
			    "lease_until) "
			    "VALUES ($1::text, $2::bigint, $5::bigint, "
			    "now() + $3::bigint * interval '1 millisecond') "
			    "ON CONFLICT (name) DO UPDATE SET life = "
			    "excluded.life, "
			    "epoch = greatest(n.epoch + 1, excluded.epoch), "
			    "lease_until = excluded.lease_until "
			    "WHERE n.life = excluded.life OR n.lease_until < "
			    "now() "
			    "OR $4::bigint <> 0 RETURNING epoch" },
	/* $1 name, $2 life, $3 epoch: divides by zero when we are no more
	 * who we think we are */
	[POSTGRES_FENCE] = { "imgw_fence",
			     "SELECT 1 / count(*) FROM (SELECT 1 FROM node "
			     "WHERE name = $1::text AND life = $2::bigint "
			     "AND epoch = $3::bigint FOR SHARE) us" },
	/* $1 name, $2 life, $3 lease in ms */
	[POSTGRES_BEAT] = { "imgw_beat",
			    "UPDATE node SET lease_until = "
			    "now() + $3::bigint * interval '1 millisecond' "
			    "WHERE name = $1::text AND life = $2::bigint" },
	/* $1 name, $2 life */
	[POSTGRES_RETURN_EARLIER] = { "imgw_return_earlier",
				      "UPDATE message SET " GIVEN_BACK
				      ", resent = 1 "
				      "WHERE state = 'taken' AND node = "
				      "$1::text "
				      "AND life <> $2::bigint" },
	/* $1 life, $2 first ticket, $3 last: never given to anybody */
	[POSTGRES_RETURN_UNKNOWN] = { "imgw_return_unknown",
				      "UPDATE message SET " GIVEN_BACK
				      " WHERE state = 'taken' "
				      "AND life = $1::bigint "
				      "AND ticket BETWEEN $2::bigint AND "
				      "$3::bigint" },
	/* $1 life */
	[POSTGRES_RETURN_ALL] = { "imgw_return_all",
				  "UPDATE message SET " GIVEN_BACK
				  ", resent = 1 "
				  "WHERE state = 'taken' AND life = "
				  "$1::bigint" },
	/* $1 life */
	[POSTGRES_LEAVE] = { "imgw_leave",
			     "DELETE FROM node WHERE life = $1::bigint" },
	/* $1 life: what those had who are silent. Who is in a round has a
	 * share of its row, and is not. The look for messages is older than
	 * that for rows of nodes: who was in a round between them may have one
	 * that the look misses, so all that belongs to nobody comes back. */
	[POSTGRES_REAP] = { "imgw_reap",
			    "WITH silent AS (SELECT name FROM node "
			    "WHERE lease_until < now() AND life <> $1::bigint "
			    "FOR UPDATE SKIP LOCKED), "
			    "dead AS (DELETE FROM node WHERE name IN "
			    "(SELECT name FROM silent)) "
			    "UPDATE message SET " GIVEN_BACK ", resent = 1 "
			    "WHERE state = 'taken' AND life <> $1::bigint "
			    "AND life NOT IN (SELECT life FROM node "
			    "WHERE name NOT IN (SELECT name FROM silent))" },
	/* $1 most; the key of a message that still waits is kept */
	[POSTGRES_PURGE_SEEN] = { "imgw_purge_seen",
				  "DELETE FROM seen WHERE key IN (SELECT key "
				  "FROM seen "
				  "WHERE until < now() AND NOT EXISTS (SELECT "
				  "1 FROM message m WHERE m.key = seen.key) "
				  "ORDER BY until LIMIT $1::bigint "
				  "FOR UPDATE SKIP LOCKED)" },
	/* $1 most */
	[POSTGRES_PURGE_NOTES] = { "imgw_purge_notes",
				   "DELETE FROM note WHERE (kind, key) IN "
				   "(SELECT kind, key "
				   "FROM note WHERE until < now() ORDER "
				   "BY until "
				   "LIMIT $1::bigint FOR UPDATE SKIP LOCKED)" },
	[POSTGRES_WAKE] = { "imgw_wake", "SELECT pg_notify('imgw', '')" },
	/* $1 hash of the name */
	[POSTGRES_OWN] = { "imgw_own",
			   "SELECT pg_try_advisory_lock($1::bigint)" },
};

static_assert(sizeof statements / sizeof statements[0] ==
		      POSTGRES_STATEMENT_COUNT,
	      "a text for each statement");

const char *postgres_sql_name(enum postgres_statement statement)
{
	return statements[statement].name;
}

static const char *type_word(size_t column)
{
	switch (store_message_type(column)) {
	case STORE_NUMBER: return "bigint";
	case STORE_OCTETS: return "bytea";
	case STORE_TEXT:
	case STORE_NULL: break;
	}
	return "text";
}

static void add_names(struct text *sql)
{
	for (size_t i = 0; i < STORE_MESSAGE_COLUMNS; i++)
		text_addf(sql, "%s\"%s\"", i ? ", " : "",
			  store_message_column(i));
}

static void add_values(struct text *sql)
{
	size_t i;

	for (i = 0; i < STORE_MESSAGE_COLUMNS; i++)
		text_addf(sql, "$%zu::%s, ", POSTGRES_PUT_COLUMNS + i,
			  type_word(i));
	text_addf(sql, "$%zu::text", POSTGRES_PUT_COLUMNS + i);
}

static void add_key(struct text *sql)
{
	for (size_t i = 0; i < STORE_MESSAGE_COLUMNS; i++)
		if (strcmp(store_message_column(i), "key") == 0)
			text_addf(sql, "$%zu::bytea", POSTGRES_PUT_COLUMNS + i);
}

static void add_item(struct text *sql)
{
	text_add(sql, "seq, state, lane, via, tries, put, due, "
		      "expires, node, reason, ");
	add_names(sql);
	text_add(sql, ", more");
}

static const struct {
	const char *mark;
	void (*add)(struct text *sql);
} marks[] = {
	{ "@names", add_names },
	{ "@values", add_values },
	{ "@key", add_key },
	{ "@item", add_item },
};

static size_t add_mark(struct text *sql, struct span rest)
{
	for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
		if (span_starts_nocase(rest, marks[i].mark)) {
			marks[i].add(sql);
			return strlen(marks[i].mark);
		}
	text_add_char(sql, '@');
	return 1;
}

bool postgres_sql_text(enum postgres_statement statement, char **text_out)
{
	const char *marked = statements[statement].text;
	char *room = malloc(SQL_SIZE);
	struct text sql;

	*text_out = room;
	if (!room)
		return false;
	text_init(&sql, room, SQL_SIZE);
	while (*marked) {
		size_t plain = strcspn(marked, "@");

		text_add_span(&sql, (struct span){ marked, plain });
		marked += plain;
		if (*marked)
			marked += add_mark(&sql, span_of(marked));
	}
	return true;
}
