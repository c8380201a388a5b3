#define _POSIX_C_SOURCE 200809L /* lstat, fchmod */
#define _DEFAULT_SOURCE		/* S_ISSOCK */

#include "gateway/admin/admin_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "enum/text.h"

/** Connections that wait to be taken. */
#define BACKLOG	    128

#define SOCKET_MODE 0660
#define FOLDER_MODE 0755

static bool fail(struct text *why, const char *what)
{
	text_addf(why, "%s: %s", what, strerror(errno));
	return false;
}

static int new_socket(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (fd >= 0) {
		(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
		(void)fcntl(fd, F_SETFL, O_NONBLOCK);
	}
	return fd;
}

/* Only the last folder: a path whose beginning is missing is a mistake. */
static void make_folder(const char *path)
{
	struct sockaddr_un address;
	char folder[sizeof address.sun_path];
	struct text text;
	const char *slash = strrchr(path, '/');

	if (!slash || slash == path)
		return;
	text_init(&text, folder, sizeof folder);
	text_add_span(&text, (struct span){ path, (size_t)(slash - path) });
	(void)mkdir(folder, FOLDER_MODE);
}

static bool is_alive(const struct sockaddr_un *address)
{
	int fd = new_socket();
	bool alive;

	if (fd < 0)
		return true;
	alive = connect(fd, (const struct sockaddr *)address,
			sizeof *address) == 0 ||
		errno != ECONNREFUSED;
	(void)close(fd);
	return alive;
}

/* Make way: what a process that has died left behind goes. */
static bool clear_path(const struct sockaddr_un *address, struct text *why)
{
	struct stat file;

	if (lstat(address->sun_path, &file) != 0)
		return errno == ENOENT || fail(why, "cannot look at it");
	if (!S_ISSOCK(file.st_mode)) {
		text_add(why, "something else has this name");
		return false;
	}
	if (is_alive(address)) {
		text_add(why, "another process listens there");
		return false;
	}
	return unlink(address->sun_path) == 0 || fail(why, "cannot remove it");
}

static bool bind_to(struct admin_socket *s, const struct sockaddr_un *address,
		    struct text *why)
{
	struct stat file;

	/* Linux makes the file with the socket's own mode, less the umask: so
	 * at no time may more do more */
	if (fchmod(s->fd, SOCKET_MODE) != 0 ||
	    bind(s->fd, (const struct sockaddr *)address, sizeof *address) != 0)
		return fail(why, "cannot bind");
	if (chmod(s->path, SOCKET_MODE) != 0 || lstat(s->path, &file) != 0 ||
	    listen(s->fd, BACKLOG) != 0)
		return fail(why, "cannot listen");
	s->device = file.st_dev;
	s->inode = file.st_ino;
	return true;
}

bool admin_socket_open(const char *path, struct admin_socket *socket_out,
		       char *why, size_t why_size)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct text reason;

	*socket_out = (struct admin_socket){ .path = path, .fd = -1 };
	text_init(&reason, why, why_size);
	if (!span_copy(span_of(path), address.sun_path,
		       sizeof address.sun_path)) {
		text_addf(&reason, "a path of more than %zu octets",
			  sizeof address.sun_path - 1);
		return false;
	}
	make_folder(path);
	if (!clear_path(&address, &reason))
		return false;
	socket_out->fd = new_socket();
	if (socket_out->fd < 0)
		return fail(&reason, "no socket");
	if (bind_to(socket_out, &address, &reason))
		return true;
	(void)close(socket_out->fd);
	socket_out->fd = -1;
	return false;
}

void admin_socket_remove(struct admin_socket *socket)
{
	struct stat file;

	if (socket->inode && lstat(socket->path, &file) == 0 &&
	    file.st_dev == socket->device && file.st_ino == socket->inode)
		(void)unlink(socket->path);
	socket->inode = 0;
}
