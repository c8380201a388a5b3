#ifndef IMGW_TESTS_POSTGRES_SERVER_H
#define IMGW_TESTS_POSTGRES_SERVER_H

/** A PostgreSQL of its own for a test program, which defines _GNU_SOURCE: in
 *  a folder under /tmp, on a Unix socket in there, with no network. As root
 *  it runs as `postgres` or `nobody`, since it refuses to be root. It dies
 *  with the program. */

#include <ftw.h>
#include <glob.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <libpq-fe.h>

#include "tests/unit/unit.h"

#define PROGRAMS "/usr/lib/postgresql/*/bin/initdb"

/** Set by postgres_server_create. */
struct postgres_server {
	char folder[64], programs[128];
	pid_t pid; /* 0: it does not run */
	char url[256], answer[256];
};

static inline const char *postgres_server_url(struct postgres_server *server,
					      const char *schema);
static inline const char *postgres_server_ask(struct postgres_server *server,
					      const char *sql);
static inline void postgres_server_start(struct postgres_server *server);

static inline void become_nobody(void)
{
	const struct passwd *user;

	if (geteuid() != 0)
		return;
	user = getpwnam("postgres");
	if (!user)
		user = getpwnam("nobody");
	if (!user || setgroups(0, NULL) || setgid(user->pw_gid) ||
	    setuid(user->pw_uid))
		_exit(126);
}

static inline void own_folder(const char *folder)
{
	const struct passwd *user = getpwnam("postgres");

	if (!user)
		user = getpwnam("nobody");
	if (geteuid() == 0)
		assert_int_equal(chown(folder, user->pw_uid, user->pw_gid), 0);
}

/* A program of the server's, silent. */
static inline pid_t run(const struct postgres_server *server,
			const char *program, char *const arguments[])
{
	char path[256];
	pid_t parent = getpid(), pid = fork();

	if (pid != 0)
		return pid;
	become_nobody();
	(void)prctl(PR_SET_PDEATHSIG, SIGQUIT);
	if (getppid() != parent)
		_exit(125);
	/* where we stand may be closed to whom we have become */
	if (chdir(server->folder) != 0)
		_exit(123);
	(void)snprintf(path, sizeof path, "%s/log", server->folder);
	(void)setenv("LC_ALL", "C.UTF-8", 1);
	(void)setenv("PATH", server->programs, 1); /* they look for each other */
	if (!freopen(path, "a", stdout) || !freopen(path, "a", stderr))
		_exit(124);
	(void)snprintf(path, sizeof path, "%s/%s", server->programs, program);
	(void)execv(path, arguments);
	_exit(127);
}

static inline void find_programs(struct postgres_server *server)
{
	glob_t found;

	assert_int_equal(glob(PROGRAMS, 0, NULL, &found), 0);
	(void)snprintf(server->programs, sizeof server->programs, "%s",
		       found.gl_pathv[found.gl_pathc - 1]);
	*strrchr(server->programs, '/') = '\0';
	globfree(&found);
}

static inline void make_cluster(struct postgres_server *server)
{
	char data[100];
	char *const arguments[] = { "initdb", "-D", data,	  "-U",
				    "imgw",   "-A", "trust",	  "-E",
				    "UTF8",   "-N", "--locale=C", NULL };
	int status;

	(void)snprintf(data, sizeof data, "%s/data", server->folder);
	assert_int_equal(
		waitpid(run(server, "initdb", arguments), &status, 0) > 0, 1);
	assert_int_equal(status, 0);
}

/** Make a cluster and start it. Fails the test when that does not work. */
static inline struct postgres_server *postgres_server_create(void)
{
	struct postgres_server *server = calloc(1, sizeof *server);

	assert_non_null(server);
	(void)snprintf(server->folder, sizeof server->folder,
		       "/tmp/imgw-postgres-XXXXXX");
	assert_non_null(mkdtemp(server->folder));
	own_folder(server->folder);
	find_programs(server);
	make_cluster(server);
	(void)postgres_server_url(server, "public");
	postgres_server_start(server);
	return server;
}

static inline void nap(void)
{
	const struct timespec time = { .tv_nsec = 20000000 };

	(void)nanosleep(&time, NULL);
}

static inline void postgres_server_start(struct postgres_server *server)
{
	char data[100];
	char *const arguments[] = { "postgres",
				    "-D",
				    data,
				    "-k",
				    server->folder,
				    "-c",
				    "listen_addresses=",
				    "-c",
				    "max_connections=20",
				    "-c",
				    "shared_buffers=32MB",
				    "-c",
				    "fsync=off",
				    NULL };

	(void)snprintf(data, sizeof data, "%s/data", server->folder);
	server->pid = run(server, "postgres", arguments);
	for (int i = 0; i < 500 && PQping(server->url) != PQPING_OK; i++)
		nap();
	assert_int_equal(PQping(server->url), PQPING_OK);
}

/** As a crash: no goodbye to anybody, recovery at the next start. */
static inline void postgres_server_crash(struct postgres_server *server)
{
	assert_int_equal(kill(server->pid, SIGQUIT), 0);
	assert_true(waitpid(server->pid, NULL, 0) == server->pid);
	server->pid = 0;
}

static inline int remove_one(const char *path, const struct stat *stat,
			     int kind, struct FTW *walk)
{
	(void)stat;
	(void)kind;
	(void)walk;
	return remove(path);
}

/** Stop and remove it; clears; takes NULL. */
static inline void postgres_server_destroy(struct postgres_server **server)
{
	if (!*server)
		return;
	if ((*server)->pid)
		postgres_server_crash(*server);
	(void)nftw((*server)->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(*server);
	*server = NULL;
}

/** @return a URL with tables in a schema of this name, made if missing; valid
 *          until the next call */
static inline const char *postgres_server_url(struct postgres_server *server,
					      const char *schema)
{
	char sql[200];

	(void)snprintf(server->url, sizeof server->url,
		       "postgresql://imgw@/postgres?host=%s"
		       "&options=-csearch_path%%3D%s"
		       "%%20-cclient_min_messages%%3Dwarning",
		       server->folder, schema);
	if (server->pid) {
		(void)snprintf(sql, sizeof sql,
			       "CREATE SCHEMA IF NOT EXISTS %s", schema);
		(void)postgres_server_ask(server, sql);
	}
	return server->url;
}

/** Run SQL in the schema of the last URL.
 *  @return the first value of the first row, "" for none; valid until the
 *          next call */
static inline const char *postgres_server_ask(struct postgres_server *server,
					      const char *sql)
{
	PGconn *conn = PQconnectdb(server->url);
	PGresult *result = PQexec(conn, sql);
	ExecStatusType status = PQresultStatus(result);

	if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
		print_error("%s: %s\n", sql, PQerrorMessage(conn));
	assert_true(status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK);
	(void)snprintf(server->answer, sizeof server->answer, "%s",
		       PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : "");
	PQclear(result);
	PQfinish(conn);
	return server->answer;
}

#endif
