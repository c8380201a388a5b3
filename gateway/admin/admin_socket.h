#ifndef IMGW_GATEWAY_ADMIN_SOCKET_H
#define IMGW_GATEWAY_ADMIN_SOCKET_H

/** The Unix socket of the admin interface. Who may connect is said by its
 *  mode, 0660, and by its folder; nobody else is asked for anything. */

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "enum/status.h"

/** A value; the descriptor in it is non-blocking, or -1. */
struct admin_socket {
	const char *path; /* borrowed */
	int fd;
	dev_t device; /* of the file that is ours */
	ino_t inode;
};

/** Listen. The folder is made when only it is missing; a socket that nobody
 *  listens to any more is replaced, one of a living process is not, nor is
 *  anything that is no socket.
 *  @param path  must outlive the socket
 *  @param why  on failure a sentence for people
 *  @return false: it cannot be had */
MUST_USE bool admin_socket_open(const char *path,
				struct admin_socket *socket_out, char *why,
				size_t why_size);

/** Take its name away, unless it is somebody else's by now. The descriptor is
 *  left to who has it. */
void admin_socket_remove(struct admin_socket *socket);

#endif
