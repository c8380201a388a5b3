#ifndef IMGW_GATEWAY_ADMIN_HTTP_H
#define IMGW_GATEWAY_ADMIN_HTTP_H

/** HTTP on our loop by libmicrohttpd: no threads, nothing that waits. One
 *  request a connection, none with a body, all bounded in number, size and
 *  time. */

#include <jansson.h>

#include "enum/loop.h"
#include "gateway/admin/admin_route.h"
#include "gateway/status.h"

struct admin_http;
struct MHD_Connection;

/** A request on its way; freed by admin_http.c when it is over. */
struct admin_request {
	struct admin_route route; /* what it asks for */
	long uid, pid;		  /* who asks, -1: not known */
	void *arg;		  /* of admin_http_create */

	/* for admin_http.c only */
	struct admin_http *http;
	struct MHD_Connection *connection;
	struct admin_request *next; /* of those that wait for an answer */
	bool asked, waits;
	unsigned code; /* 0: no answer yet */
	json_t *body;
};

/** Ends with one admin_answer, before it returns or later. */
typedef void admin_handle_fn(struct admin_request *request);

/** @param listener  a socket that listens; ours, unless this fails
 *  @return GATEWAY_OK, GATEWAY_NO_MEMORY */
MUST_USE enum gateway_status admin_http_create(struct loop *loop, int listener,
					       admin_handle_fn *handle,
					       void *arg,
					       struct admin_http **http_out);

/** End all connections and free; clears; takes NULL. Who was asked by a
 *  handler must not answer any more. */
void admin_http_destroy(struct admin_http **http);

/** Answer a request.
 *  @param code  HTTP status
 *  @param body  becomes ours; NULL: memory ran out, which is answered 500 */
void admin_answer(struct admin_request *request, unsigned code, json_t *body);

/** Answer {"error": text}. */
void admin_answer_error(struct admin_request *request, unsigned code,
			const char *text);

#endif
