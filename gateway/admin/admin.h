#ifndef IMGW_GATEWAY_ADMIN_H
#define IMGW_GATEWAY_ADMIN_H

/** The admin interface of a running gateway: HTTP and JSON on a Unix socket,
 *  for `imgw queue`. See admin_route.h for what can be asked. */

#include "enum/loop.h"
#include "gateway/queue.h"

/** All borrowed; must outlive the interface. */
struct admin_options {
	struct loop *loop;
	struct queue *queue; /* NULL: there is none */
	const char *socket;  /* path */
	const char *node;
	bool mask_numbers; /* in everything that is shown */
};

struct admin;

/** Listen. A socket that cannot be had is logged, and is no failure: messages
 *  flow without it.
 *  @param admin_out  the caller's; NULL: not listening
 *  @return GATEWAY_OK, GATEWAY_NO_MEMORY */
MUST_USE enum gateway_status admin_create(const struct admin_options *options,
					  struct admin **admin_out);

/** Free; clears; takes NULL. The queue must be gone, so that nothing it was
 *  asked for is answered any more. */
void admin_destroy(struct admin **admin);

#endif
