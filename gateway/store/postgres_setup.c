#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/store/postgres_private.h"
#include "gateway/store/postgres_schema.h"
#include "gateway/store/postgres_sql.h"

/* A new connection, in the order of time. */
static void ask_server(struct postgres *pg); /* 1 */
static void got_server(const PGresult *result, void *arg);
static void ask_version(struct postgres *pg); /* 2 */
static void got_version(const PGresult *result, void *arg);
static void migrate(struct postgres *pg); /* 3: only an older schema */
static void migrated(const PGresult *result, void *arg);
static void prepare(struct postgres *pg); /* 4 */
static void prepared(const PGresult *result, void *arg);
static void join(struct postgres *pg); /* 5: as a node */
static void joined(const PGresult *result, void *arg);

/** Advisory lock of those that bring the schema up to date. */
#define SCHEMA_LOCK "7596551837124322048"

/* Settings of the session. A row that somebody else has locked is not waited
 * for: two nodes that put the same keys in the opposite order would stop each
 * other for a second, the server's deadlock_timeout. Plans are made once,
 * perhaps while the tables are empty: they must not rest on that. Nothing is
 * worth compiling (some engines cannot), but a plan that reads a table through
 * all the same counts as endless, and would be compiled each time. */
#define SETTINGS                                               \
	"(SELECT set_config(name, 'off', false) "              \
	"FROM pg_settings WHERE name = 'jit'), "               \
	"set_config('statement_timeout', '4000', false), "     \
	"set_config('idle_in_transaction_session_timeout', "   \
	"'10000', false), "                                    \
	"set_config('enable_seqscan', 'off', false), "         \
	"set_config('plan_cache_mode', 'force_generic_plan', " \
	"false), "                                             \
	"set_config('synchronous_commit', "                    \
	"CASE current_setting('synchronous_commit') "          \
	"WHEN 'off' THEN 'on' "                                \
	"ELSE current_setting('synchronous_commit') END, false)"

static void ask(struct postgres *pg, const char *sql, postgres_got_fn *got)
{
	postgres_pipe_call(pg->pipe, NULL, sql, NULL, got, pg);
}

static void got_any(const PGresult *result, void *arg)
{
	struct postgres *pg = arg;

	postgres_note_failure(&pg->failure, result);
}

/* Did everything since the last sync succeed? */
static bool went_well(struct postgres *pg)
{
	if (!pg->failure.is_set)
		return true;
	if (postgres_may_pass(&pg->failure))
		postgres_pipe_fail(pg->pipe, pg->failure.reason);
	else
		postgres_refuse(pg, pg->failure.reason);
	return false;
}

void postgres_setup_start(struct postgres *pg)
{
	pg->failure.is_set = false;
	ask_server(pg);
}

void postgres_setup_again(struct postgres *pg)
{
	pg->failure.is_set = false;
	pg->is_lapsed = false;
	pg->is_busy = true;
	join(pg);
}

static void ask_server(struct postgres *pg)
{
	ask(pg,
	    "SELECT current_setting('server_encoding'), "
	    "to_regclass('schema_version') IS NOT NULL, " SETTINGS,
	    got_server);
	postgres_pipe_sync(pg->pipe, NULL, NULL);
}

static void got_server(const PGresult *result, void *arg)
{
	struct postgres *pg = arg;

	got_any(result, pg);
	if (!went_well(pg))
		return;
	if (!span_is(postgres_span(result, 0, 0), "UTF8")) {
		postgres_refuse(pg, "the database must have encoding UTF8");
		return;
	}
	pg->version = 0;
	if (postgres_bool(result, 0, 1))
		ask_version(pg);
	else
		migrate(pg);
}

static void ask_version(struct postgres *pg)
{
	ask(pg, "SELECT max(number)::bigint FROM schema_version", got_version);
	postgres_pipe_sync(pg->pipe, NULL, NULL);
}

static void refuse_newer(struct postgres *pg)
{
	char reason[STORE_REASON_SIZE];

	(void)snprintf(reason, sizeof reason,
		       "the database has schema version %lld, this program "
		       "knows %lld: it is older than what wrote it",
		       (long long)pg->version, (long long)POSTGRES_VERSION);
	postgres_refuse(pg, reason);
}

static void got_version(const PGresult *result, void *arg)
{
	struct postgres *pg = arg;

	got_any(result, pg);
	if (!went_well(pg))
		return;
	pg->version = postgres_number(result, 0, 0);
	if (pg->version > POSTGRES_VERSION)
		refuse_newer(pg);
	else if (pg->version < POSTGRES_VERSION)
		migrate(pg);
	else
		prepare(pg);
}

/* Migrations: several nodes may start at once; who comes second finds that
 * there is nothing left to do. */

static void got_locked_version(const PGresult *result, void *arg)
{
	struct postgres *pg = arg;
	const struct postgres_migration *steps;
	size_t count;

	got_any(result, pg);
	if (!went_well(pg))
		return;
	pg->version = postgres_number(result, 0, 0);
	if (pg->version > POSTGRES_VERSION) {
		refuse_newer(pg);
		return;
	}
	steps = postgres_migrations(&count);
	for (size_t i = 0; i < count; i++)
		if (steps[i].version > pg->version)
			ask(pg, steps[i].sql, got_any);
	for (int64_t v = pg->version; v < POSTGRES_VERSION; v++)
		ask(pg,
		    "INSERT INTO schema_version (number) "
		    "SELECT max(number) + 1 FROM schema_version",
		    got_any);
	ask(pg, "COMMIT", got_any);
	postgres_pipe_sync(pg->pipe, migrated, pg);
}

static void migrate(struct postgres *pg)
{
	ask(pg, "BEGIN", got_any);
	ask(pg, "SELECT pg_advisory_xact_lock(" SCHEMA_LOCK ")", got_any);
	ask(pg,
	    "CREATE TABLE IF NOT EXISTS schema_version ("
	    "number bigint PRIMARY KEY, "
	    "since timestamptz NOT NULL DEFAULT now())",
	    got_any);
	ask(pg,
	    "INSERT INTO schema_version (number) VALUES (0) "
	    "ON CONFLICT DO NOTHING",
	    got_any);
	ask(pg, "SELECT max(number)::bigint FROM schema_version",
	    got_locked_version);
	postgres_pipe_sync(pg->pipe, NULL, NULL);
}

static void migrated(const PGresult *result, void *arg)
{
	struct postgres *pg = arg;

	(void)result;
	if (went_well(pg))
		prepare(pg);
}

static void prepare(struct postgres *pg)
{
	for (int i = 0; i < POSTGRES_STATEMENT_COUNT; i++) {
		enum postgres_statement statement = (enum postgres_statement)i;
		char *sql;

		if (!postgres_sql_text(statement, &sql)) {
			postgres_pipe_fail(pg->pipe, "out of memory");
			return;
		}
		postgres_pipe_prepare(pg->pipe, postgres_sql_name(statement),
				      sql, got_any, pg);
		free(sql);
	}
	ask(pg, "SELECT set_config('lock_timeout', '250', false)", got_any);
	postgres_pipe_sync(pg->pipe, prepared, pg);
}

static void prepared(const PGresult *result, void *arg)
{
	struct postgres *pg = arg;

	(void)result;
	if (went_well(pg))
		join(pg);
}

/* Some engines have no LISTEN: then the tables are looked at more often. */
static void got_listen(const PGresult *result, void *arg)
{
	struct postgres *pg = arg;

	pg->is_listening = postgres_is_ok(result);
}

static void got_join(const PGresult *result, void *arg)
{
	struct postgres *pg = arg;

	got_any(result, pg);
	if (!postgres_is_ok(result))
		return;
	if (PQntuples(result) == 0) {
		postgres_pipe_fail(pg->pipe, "another gateway has our name, "
					     "see option node");
		return;
	}
	pg->epoch = postgres_number(result, 0, 0);
	pg->has_joined = true;
}

static void join(struct postgres *pg)
{
	struct postgres_values values;

	ask(pg, "LISTEN imgw", got_listen);
	postgres_pipe_sync(pg->pipe, NULL, NULL);

	/* for an earlier round of ours, or for who makes us dead */
	ask(pg, "SELECT set_config('lock_timeout', '2000', true)", got_any);
	postgres_values_init(&values);
	postgres_add_text(&values, pg->options->node);
	postgres_add_number(&values, pg->life);
	postgres_add_number(&values, pg->options->lease_ms);
	postgres_add_number(&values, !pg->has_joined);
	postgres_add_number(&values, pg->epoch + 1);
	postgres_pipe_call(pg->pipe, postgres_sql_name(POSTGRES_JOIN), NULL,
			   &values, got_join, pg);
	values.count = 2;
	postgres_pipe_call(pg->pipe, postgres_sql_name(POSTGRES_RETURN_EARLIER),
			   NULL, &values, got_any, pg);

	postgres_values_init(&values);
	postgres_add_number(&values, pg->life);
	postgres_add_number(&values, pg->unknown_from + 1);
	postgres_add_number(&values, pg->unknown_from < 0 ? -1 : pg->tickets);
	postgres_pipe_call(pg->pipe, postgres_sql_name(POSTGRES_RETURN_UNKNOWN),
			   NULL, &values, got_any, pg);
	postgres_pipe_sync(pg->pipe, joined, pg);
}

static void joined(const PGresult *result, void *arg)
{
	struct postgres *pg = arg;

	(void)result;
	if (!went_well(pg))
		return;
	pg->unknown_from = -1;
	postgres_ready(pg);
}
