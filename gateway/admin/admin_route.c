#include "gateway/admin/admin_route.h"

#include <string.h>

#include "enum/text.h"

#define ROOT "/api/v1/"

static const struct {
	const char *word;
	enum admin_action action;
} changes[] = {
	{ "retry", ADMIN_RETRY },
	{ "hold", ADMIN_HOLD },
	{ "drop", ADMIN_DROP },
};

static bool is_get(const char *method)
{
	return strcmp(method, "GET") == 0;
}

static unsigned parse_change(const char *method, struct span word,
			     struct admin_route *route)
{
	for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
		if (!span_is(word, changes[i].word))
			continue;
		route->action = changes[i].action;
		return strcmp(method, "POST") == 0 ? 200 : 405;
	}
	return 404;
}

/* What stands behind "queue/". */
static unsigned parse_message(const char *method, struct span rest,
			      struct admin_route *route)
{
	struct span id;

	if (!span_cut(&rest, '/', &id) || id.len == 0 ||
	    !span_copy(id, route->id, sizeof route->id))
		return 404;
	if (rest.len > 0)
		return parse_change(method, rest, route);
	route->action = ADMIN_SHOW;
	return is_get(method) ? 200 : 405;
}

unsigned admin_route_parse(const char *method, const char *path,
			   struct admin_route *route_out)
{
	struct span rest = span_of(path), word;

	*route_out = (struct admin_route){ .limit = ADMIN_PAGE_MAX };
	if (strncmp(path, ROOT, strlen(ROOT)) != 0)
		return 404;
	rest = span_skip(rest, strlen(ROOT));
	if (!span_cut(&rest, '/', &word))
		return 404;
	if (span_is(word, "queue") && rest.len > 0)
		return parse_message(method, rest, route_out);
	if (rest.len > 0 ||
	    (!span_is(word, "queue") && !span_is(word, "status")))
		return 404;
	route_out->action = span_is(word, "queue") ? ADMIN_LIST : ADMIN_STATUS;
	return is_get(method) ? 200 : 405;
}

bool admin_route_argument(struct admin_route *route, const char *key,
			  const char *value)
{
	struct span text = span_of(value);
	unsigned long number;

	if (route->action == ADMIN_LIST && strcmp(key, "after") == 0) {
		if (!span_number(text, INT64_MAX, &number))
			return false;
		route->after = number;
		return true;
	}
	if (route->action == ADMIN_LIST && strcmp(key, "limit") == 0) {
		if (!span_number(text, ADMIN_PAGE_MAX, &number) || number == 0)
			return false;
		route->limit = number;
		return true;
	}
	route->body = route->action == ADMIN_SHOW && strcmp(key, "body") == 0 &&
		      span_is(text, "1");
	return route->body;
}
