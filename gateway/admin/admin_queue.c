#include "gateway/admin/admin_queue.h"

#include "gateway/admin/admin_item.h"
#include "gateway/log.h"

static const struct admin_world *world_of(const struct admin_request *request)
{
	return request->arg;
}

static int64_t now_ms(const struct admin_request *request)
{
	return loop_wall_ms(world_of(request)->loop);
}

static json_t *item_json(const struct admin_request *request,
			 const struct store_item *item)
{
	const struct admin_view view = {
		.now_ms = now_ms(request),
		.mask = world_of(request)->mask_numbers,
		.body = request->route.body,
	};

	return admin_item_json(item, &view);
}

static void answer_failure(struct admin_request *request,
			   enum store_status status)
{
	if (status == STORE_NOT_FOUND)
		admin_answer_error(request, 404,
				   "no message has this id: it may have been"
				   " delivered, expired or dropped");
	else
		admin_answer_error(request, 503, store_status_text(status));
}

/* GET /api/v1/status */

static void got_counts(enum store_status status,
		       const struct store_counts *counts, void *arg)
{
	struct admin_request *request = arg;

	if (status != STORE_OK) {
		answer_failure(request, status);
		return;
	}
	admin_answer(request, 200,
		     json_pack("{s:s, s:s, s:o}", "node",
			       world_of(request)->node, "version", IMGW_VERSION,
			       "queue",
			       admin_counts_json(counts, now_ms(request))));
}

static void ask_counts(struct admin_request *request, struct store *store)
{
	enum store_status status = store_count(store, got_counts, request);

	if (status != STORE_OK)
		answer_failure(request, status);
}

/* GET /api/v1/queue, /api/v1/queue/ID */

static json_t *items_json(const struct admin_request *request,
			  const struct store_item *items, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; list && i < count; i++) {
		if (json_array_append_new(list,
					  item_json(request, &items[i])) == 0)
			continue;
		json_decref(list);
		list = NULL;
	}
	return list;
}

/* next: where the following page begins, or null. */
static json_t *page_json(const struct admin_request *request,
			 const struct store_item *items, size_t count)
{
	json_t *next =
		count > 0 && count == request->route.limit
			? json_integer(
				  (json_int_t)items[count - 1].message->seq)
			: json_null();

	return json_pack("{s:o, s:o}", "messages",
			 items_json(request, items, count), "next", next);
}

static void got_items(enum store_status status, const struct store_item *items,
		      size_t count, void *arg)
{
	struct admin_request *request = arg;

	if (status != STORE_OK)
		answer_failure(request, status);
	else if (request->route.action == ADMIN_LIST)
		admin_answer(request, 200, page_json(request, items, count));
	else if (count > 0)
		admin_answer(request, 200, item_json(request, &items[0]));
	else
		answer_failure(request, STORE_NOT_FOUND);
}

static void ask_items(struct admin_request *request, struct store *store)
{
	const struct admin_route *route = &request->route;
	enum store_status status = store_list(
		store, route->action == ADMIN_LIST ? NULL : route->id,
		route->after, route->limit, got_items, request);

	if (status != STORE_OK)
		answer_failure(request, status);
}

/* POST /api/v1/queue/ID/retry, hold, drop */

static const struct {
	enum store_change change;
	const char *word, *done;
} changes[] = {
	[ADMIN_RETRY] = { STORE_RETRY, "retry", "due now" },
	[ADMIN_HOLD] = { STORE_HOLD, "hold", "held" },
	[ADMIN_DROP] = { STORE_DROP, "drop", "dropped" },
};

static void log_change(const struct admin_request *request,
		       const struct store_item *item)
{
	log_event(LOG_LEVEL_INFO, "queue-change",
		  FIELD_TEXT("id", item->message->id),
		  FIELD_TEXT("change", changes[request->route.action].word),
		  FIELD_INT("uid", request->uid),
		  FIELD_INT("pid", request->pid),
		  FIELD_TEXT("was", store_state_word(item->state)),
		  FIELD_TEXT("from", item->message->from),
		  FIELD_TEXT("to", item->message->to));
}

/* Was it there, but taken? */
static void got_taken(enum store_status status, const struct store_item *items,
		      size_t count, void *arg)
{
	(void)items;
	if (status == STORE_OK && count > 0)
		admin_answer_error(arg, 409, "it is on its way just now");
	else
		answer_failure(arg, status ? status : STORE_NOT_FOUND);
}

static void ask_taken(struct admin_request *request)
{
	const struct admin_world *world = world_of(request);

	if (store_list(queue_store(world->queue), request->route.id, 0, 1,
		       got_taken, request) != STORE_OK)
		answer_failure(request, STORE_NOT_FOUND);
}

static json_t *change_json(const struct admin_request *request)
{
	return json_pack("{s:s, s:s}", "id", request->route.id, "state",
			 changes[request->route.action].done);
}

static void got_told(bool told, void *arg)
{
	struct admin_request *request = arg;
	json_t *body = change_json(request);

	/* without memory it is no object, and is refused there */
	(void)json_object_set_new(body, "sender_told", json_boolean(told));
	admin_answer(request, 200, body);
}

static void got_change(enum store_status status, const struct store_item *items,
		       size_t count, void *arg)
{
	struct admin_request *request = arg;

	if (status == STORE_NOT_FOUND || (status == STORE_OK && count == 0)) {
		ask_taken(request);
		return;
	}
	if (status != STORE_OK) {
		answer_failure(request, status);
		return;
	}
	log_change(request, &items[0]);
	if (request->route.action == ADMIN_DROP)
		queue_dropped(world_of(request)->queue, items[0].message,
			      got_told, request);
	else
		admin_answer(request, 200, change_json(request));
}

static void ask_change(struct admin_request *request, struct store *store)
{
	const struct admin_route *route = &request->route;
	enum store_status status =
		store_change(store, route->id, changes[route->action].change,
			     got_change, request);

	if (status != STORE_OK)
		answer_failure(request, status);
}

/* Any */

static void answer_without_queue(struct admin_request *request)
{
	if (request->route.action == ADMIN_STATUS)
		admin_answer(request, 200,
			     json_pack("{s:s, s:s, s:n}", "node",
				       world_of(request)->node, "version",
				       IMGW_VERSION, "queue"));
	else
		admin_answer_error(request, 501,
				   "this gateway keeps no queue: queue.store is"
				   " off, or nothing needs it");
}

void admin_queue_handle(struct admin_request *request)
{
	struct queue *queue = world_of(request)->queue;

	if (!queue) {
		answer_without_queue(request);
		return;
	}
	switch (request->route.action) {
	case ADMIN_STATUS: ask_counts(request, queue_store(queue)); return;
	case ADMIN_LIST:
	case ADMIN_SHOW: ask_items(request, queue_store(queue)); return;
	case ADMIN_RETRY:
	case ADMIN_HOLD:
	case ADMIN_DROP: ask_change(request, queue_store(queue)); return;
	}
}
