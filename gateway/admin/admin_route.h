#ifndef IMGW_GATEWAY_ADMIN_ROUTE_H
#define IMGW_GATEWAY_ADMIN_ROUTE_H

/** What a request of the admin interface asks for. Pure.
 *
 *	GET  /api/v1/status
 *	GET  /api/v1/queue?after=SEQ&limit=N
 *	GET  /api/v1/queue/ID?body=1
 *	POST /api/v1/queue/ID/retry, .../hold, .../drop */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/message.h"

enum admin_action {
	ADMIN_STATUS,
	ADMIN_LIST,
	ADMIN_SHOW,
	ADMIN_RETRY,
	ADMIN_HOLD,
	ADMIN_DROP
};

/** Messages of one page, at most and by default. */
#define ADMIN_PAGE_MAX 100

struct admin_route {
	enum admin_action action;
	char id[MESSAGE_ID_SIZE]; /* SHOW, RETRY, HOLD, DROP */
	uint64_t after;		  /* LIST: what is behind this one */
	size_t limit;		  /* LIST: 1 to ADMIN_PAGE_MAX */
	bool body;		  /* SHOW: with the message's body */
};

/** @return HTTP status: 200, 404 no such place, 405 not with this method */
unsigned admin_route_parse(const char *method, const char *path,
			   struct admin_route *route_out);

/** Heed one argument of the query.
 *  @param value  NULL: it has none
 *  @return false: it has no meaning here, or is out of range */
bool admin_route_argument(struct admin_route *route, const char *key,
			  const char *value);

#endif
