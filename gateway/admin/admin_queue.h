#ifndef IMGW_GATEWAY_ADMIN_QUEUE_H
#define IMGW_GATEWAY_ADMIN_QUEUE_H

/** Requests about the queue. */

#include "gateway/admin/admin_http.h"
#include "gateway/queue.h"

/** What requests are answered from; `arg` of each. Borrowed. */
struct admin_world {
	struct loop *loop;
	struct queue *queue; /* NULL: there is none */
	const char *node;
	bool mask_numbers;
};

/** Answer a request; its arg is a struct admin_world. */
void admin_queue_handle(struct admin_request *request);

#endif
