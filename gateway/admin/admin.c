#include "gateway/admin/admin.h"

#include <stdlib.h>
#include <unistd.h>

#include "gateway/admin/admin_queue.h"
#include "gateway/admin/admin_socket.h"
#include "gateway/log.h"

struct admin {
	struct admin_world world;
	struct admin_socket socket;
	struct admin_http *http;
};

static bool open_socket(struct admin *admin, const char *path)
{
	char why[160];
	bool open = admin_socket_open(path, &admin->socket, why, sizeof why);

	if (open)
		log_event(LOG_LEVEL_INFO, "admin", FIELD_TEXT("socket", path),
			  FIELD_TEXT("state", "listening"));
	else
		log_event(LOG_LEVEL_WARNING, "admin",
			  FIELD_TEXT("socket", path),
			  FIELD_TEXT("state", "unavailable"),
			  FIELD_TEXT("reason", why));
	return open;
}

enum gateway_status admin_create(const struct admin_options *options,
				 struct admin **admin_out)
{
	struct admin *admin = calloc(1, sizeof *admin);

	*admin_out = NULL;
	if (!admin)
		return GATEWAY_NO_MEMORY;
	admin->world =
		(struct admin_world){ .loop = options->loop,
				      .queue = options->queue,
				      .node = options->node,
				      .mask_numbers = options->mask_numbers };
	if (!open_socket(admin, options->socket)) {
		free(admin);
		return GATEWAY_OK;
	}
	if (admin_http_create(options->loop, admin->socket.fd,
			      admin_queue_handle, &admin->world,
			      &admin->http) == GATEWAY_OK) {
		*admin_out = admin;
		return GATEWAY_OK;
	}
	(void)close(admin->socket.fd);
	admin_destroy(&admin);
	return GATEWAY_NO_MEMORY;
}

void admin_destroy(struct admin **admin)
{
	if (!*admin)
		return;
	admin_socket_remove(&(*admin)->socket);
	admin_http_destroy(&(*admin)->http);
	free(*admin);
	*admin = NULL;
}
