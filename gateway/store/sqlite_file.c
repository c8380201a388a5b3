#define _DEFAULT_SOURCE /* flock */

#include "gateway/store/sqlite_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "enum/text.h"

static bool say(char *why, size_t why_size, const char *what, const char *path)
{
	(void)snprintf(why, why_size, "cannot %s %s: %s", what, path,
		       strerror(errno));
	return false;
}

static bool make_folder(const char *path, char *why, size_t why_size)
{
	const char *slash = strrchr(path, '/');
	char folder[PATH_MAX];
	struct text text;

	if (!slash || slash == path)
		return true;
	text_init(&text, folder, sizeof folder);
	text_add_span(&text, (struct span){ path, (size_t)(slash - path) });
	if (!text.cut && (mkdir(folder, 0750) == 0 || errno == EEXIST))
		return true;
	return say(why, why_size, "make the folder", folder);
}

/* SQLite would make it readable for all. */
static bool make_file(const char *path, char *why, size_t why_size)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0 && errno == EEXIST)
		return true;
	if (fd < 0)
		return say(why, why_size, "make", path);
	(void)close(fd);
	return true;
}

static bool say_locked(int fd, const char *path, char *why, size_t why_size)
{
	char pid[16] = "";
	ssize_t len = read(fd, pid, sizeof pid - 1);

	pid[len > 0 ? len : 0] = '\0';
	(void)snprintf(why, why_size,
		       "another gateway has %s (process %s); each wants a "
		       "file of its own, several share a PostgreSQL",
		       path, pid[0] ? pid : "unknown");
	return false;
}

static bool write_pid(int fd)
{
	char pid[16];
	struct text text;

	text_init(&text, pid, sizeof pid);
	text_addf(&text, "%ld", (long)getpid());
	return ftruncate(fd, 0) == 0 &&
	       pwrite(fd, pid, text.len, 0) == (ssize_t)text.len;
}

static bool take_lock(const char *path, int *lock_out, char *why,
		      size_t why_size)
{
	char name[PATH_MAX];
	struct text text;
	int fd;

	text_init(&text, name, sizeof name);
	text_addf(&text, "%s-lock", path);
	fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || text.cut)
		return say(why, why_size, "open", name);
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		(void)say_locked(fd, path, why, why_size);
		(void)close(fd);
		return false;
	}
	(void)write_pid(fd); /* for people; a full disk is no reason */
	*lock_out = fd;
	return true;
}

bool sqlite_file_prepare(const char *path, int *lock_out, char *why,
			 size_t why_size)
{
	*lock_out = -1;
	if (!path[0]) {
		(void)snprintf(why, why_size, "sqlite: without a path");
		return false;
	}
	return make_folder(path, why, why_size) &&
	       take_lock(path, lock_out, why, why_size) &&
	       make_file(path, why, why_size);
}
