#ifndef IMGW_TESTS_STORE_SQLITE_PLACE_H
#define IMGW_TESTS_STORE_SQLITE_PLACE_H

/** A world whose store is a file of SQLite; setup and teardown of its cases.
 *  Who includes it defines _XOPEN_SOURCE 700 before, for mkdtemp. */

#include <unistd.h>

#include <sqlite3.h>

#include "tests/unit/store_live.h"
#include "tests/unit/store_world.h"

/** A file in a folder of its own; the name is for SQL as well. */
struct place {
	struct world world; /* first: the state of the cases */
	char folder[32], path[64], url[80];
};

static inline int setup(void **state)
{
	struct place *p = calloc(1, sizeof *p);

	assert_non_null(p);
	(void)snprintf(p->folder, sizeof p->folder, "/tmp/imgw-store-XXXXXX");
	assert_non_null(mkdtemp(p->folder));
	(void)snprintf(p->path, sizeof p->path, "%s/queue.db", p->folder);
	(void)snprintf(p->url, sizeof p->url, "sqlite:%s", p->path);
	world_init(&p->world, live_loop(), p->url);
	world_open(&p->world);
	*state = p;
	return 0;
}

static inline void remove_file(const struct place *p, const char *tail)
{
	char name[160];

	(void)snprintf(name, sizeof name, "%s%s", p->path, tail);
	(void)unlink(name);
}

static inline int teardown(void **state)
{
	struct place *p = *state;

	world_close(&p->world);
	loop_destroy(&p->world.loop);
	remove_file(p, "");
	remove_file(p, "-wal");
	remove_file(p, "-shm");
	remove_file(p, "-lock");
	assert_int_equal(rmdir(p->folder), 0);
	free(p);
	return 0;
}

/** Plain SQL from beside, as an operator or another program. */
static inline sqlite3 *open_beside(const struct place *p)
{
	sqlite3 *handle = NULL;

	assert_int_equal(sqlite3_open(p->path, &handle), SQLITE_OK);
	return handle;
}

static inline void do_sql(sqlite3 *handle, const char *sql)
{
	assert_int_equal(sqlite3_exec(handle, sql, NULL, NULL, NULL),
			 SQLITE_OK);
}

/** The first column of the first row is that text. */
static inline void assert_sql(const struct place *p, const char *sql,
			      const char *text)
{
	sqlite3 *handle = open_beside(p);
	sqlite3_stmt *statement = NULL;

	assert_int_equal(sqlite3_prepare_v2(handle, sql, -1, &statement, NULL),
			 SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	assert_string_equal(sqlite3_column_text(statement, 0), text);
	assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
	assert_int_equal(sqlite3_close(handle), SQLITE_OK);
}

#endif
