#define _POSIX_C_SOURCE 200809L /* O_CLOEXEC */

#include "gateway/store/sqlite_place.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "enum/text.h"
#include "gateway/store/sqlite_db.h"

static bool name_beside(const char *path, const char *ending,
			char name[PATH_MAX])
{
	struct text text;

	text_init(&text, name, PATH_MAX);
	text_addf(&text, "%s%s", path, ending);
	return !text.cut;
}

static struct sqlite_inode inode_of(const char *path)
{
	struct stat status;

	if (stat(path, &status) != 0)
		return (struct sqlite_inode){ 0, 0 };
	return (struct sqlite_inode){ status.st_dev, status.st_ino };
}

static struct sqlite_inode log_of(const char *path)
{
	char name[PATH_MAX];

	if (!name_beside(path, "-wal", name))
		return (struct sqlite_inode){ 0, 0 };
	return inode_of(name);
}

static bool is_same(struct sqlite_inode a, struct sqlite_inode b)
{
	return a.device == b.device && a.number == b.number;
}

void sqlite_place_note(struct sqlite_place *place, const char *path)
{
	*place = (struct sqlite_place){ .path = path,
					.file = inode_of(path),
					.log = log_of(path) };
}

enum sqlite_place_state sqlite_place_look(const struct sqlite_place *place)
{
	struct sqlite_inode file = inode_of(place->path);

	if (file.number == 0)
		return SQLITE_FILE_GONE;
	if (!is_same(file, place->file))
		return SQLITE_FILE_OTHER;
	return is_same(log_of(place->path), place->log) ? SQLITE_IN_PLACE
							: SQLITE_LOG_GONE;
}

static int run_with(struct sqlite_db *db, const char *sql, const char *name)
{
	sqlite3_stmt *statement = NULL;
	int rc = sqlite3_prepare_v2(db->handle, sql, -1, &statement, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(statement);
	(void)sqlite3_finalize(statement);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* Others must not read it: SQLite takes a file that is there and empty. */
static bool make_empty(const char *name)
{
	int fd = open(name, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	return fd >= 0 && close(fd) == 0;
}

static bool sync_file(const char *name)
{
	int fd = open(name, O_RDONLY | O_CLOEXEC);
	bool done = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		(void)close(fd);
	return done;
}

/* Logs that are left beside it would be taken for those of the new one. */
static void remove_logs(const char *path)
{
	static const char *const endings[] = { "-wal", "-shm" };
	char name[PATH_MAX];

	for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
		if (name_beside(path, endings[i], name))
			(void)unlink(name);
}

/* A copy in one step: it is there whole, or not at all. */
static int write_anew(struct sqlite_db *db, const char *path)
{
	char name[PATH_MAX];
	int rc;

	if (!name_beside(path, "-new", name))
		return SQLITE_CANTOPEN;
	remove_logs(path);
	remove_logs(name);
	if (!make_empty(name))
		return SQLITE_CANTOPEN;
	rc = run_with(db, "VACUUM INTO ?1", name);
	if (rc == SQLITE_OK && (!sync_file(name) || rename(name, path) != 0))
		rc = SQLITE_IOERR;
	if (rc != SQLITE_OK)
		(void)unlink(name);
	return rc;
}

int sqlite_place_restore(struct sqlite_db *db, const struct sqlite_place *place,
			 enum sqlite_place_state state)
{
	if (state == SQLITE_FILE_GONE)
		return write_anew(db, place->path);
	return sqlite3_wal_checkpoint_v2(
		db->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
}

int64_t sqlite_place_room(const char *path)
{
	struct statvfs disk;

	if (statvfs(path, &disk) != 0)
		return 0;
	return (int64_t)disk.f_bavail * (int64_t)disk.f_frsize;
}
