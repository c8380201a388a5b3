#include "gateway/admin/admin_route.h"

#include "tests/unit/unit.h"

#define ID  "AbCdEfGhIjKlMnOpQ-_9"
#define API "/api/v1/"

static const struct {
	const char *method, *path;
	unsigned code;
	enum admin_action action;
	const char *id;
} routes[] = {
	{ "GET", API "status", 200, ADMIN_STATUS, "" },
	{ "GET", API "queue", 200, ADMIN_LIST, "" },
	{ "GET", API "queue/" ID, 200, ADMIN_SHOW, ID },
	{ "POST", API "queue/" ID "/retry", 200, ADMIN_RETRY, ID },
	{ "POST", API "queue/" ID "/hold", 200, ADMIN_HOLD, ID },
	{ "POST", API "queue/" ID "/drop", 200, ADMIN_DROP, ID },
};

static void every_place_has_its_action(void **state)
{
	struct admin_route route;

	(void)state;
	for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++) {
		assert_int_equal(admin_route_parse(routes[i].method,
						   routes[i].path, &route),
				 routes[i].code);
		assert_int_equal(route.action, routes[i].action);
		assert_string_equal(route.id, routes[i].id);
		assert_int_equal(route.limit, ADMIN_PAGE_MAX);
		assert_int_equal(route.after, 0);
		assert_false(route.body);
	}
}

static const struct {
	const char *method, *path;
	unsigned code;
} wrong[] = {
	{ "GET", "", 404 },
	{ "GET", "/", 404 },
	{ "GET", "api/v1/queue", 404 },
	{ "GET", "/api/v2/queue", 404 },
	{ "GET", "/api/v1", 404 },
	{ "GET", API, 404 },
	{ "GET", API "queues", 404 },
	{ "GET", API "status/a", 404 },
	{ "GET", API "queue//drop", 404 },
	{ "GET", API "queue/" ID "x", 404 },
	{ "POST", API "queue/" ID "/droop", 404 },
	{ "POST", API "queue/" ID "/drop/x", 404 },
	{ "POST", API "queue", 405 },
	{ "POST", API "status", 405 },
	{ "POST", API "queue/" ID, 405 },
	{ "get", API "queue", 405 },
	{ "HEAD", API "queue/" ID "/drop", 405 },
	{ "GET", API "queue/" ID "/drop", 405 },
};

static void what_is_not_there_changes_nothing(void **state)
{
	struct admin_route route;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_int_equal(admin_route_parse(wrong[i].method,
						   wrong[i].path, &route),
				 wrong[i].code);
}

static const struct {
	enum admin_action action;
	const char *key, *value;
	bool good;
} arguments[] = {
	{ ADMIN_LIST, "after", "0", true },
	{ ADMIN_LIST, "after", "9223372036854775807", true },
	{ ADMIN_LIST, "after", "9223372036854775808", false },
	{ ADMIN_LIST, "after", "-1", false },
	{ ADMIN_LIST, "after", "", false },
	{ ADMIN_LIST, "after", NULL, false },
	{ ADMIN_LIST, "limit", "1", true },
	{ ADMIN_LIST, "limit", "100", true },
	{ ADMIN_LIST, "limit", "101", false },
	{ ADMIN_LIST, "limit", "0", false },
	{ ADMIN_LIST, "body", "1", false },
	{ ADMIN_LIST, "nonsense", "1", false },
	{ ADMIN_SHOW, "body", "1", true },
	{ ADMIN_SHOW, "body", "0", false },
	{ ADMIN_SHOW, "body", NULL, false },
	{ ADMIN_SHOW, "after", "1", false },
	{ ADMIN_DROP, "body", "1", false },
	{ ADMIN_STATUS, "limit", "1", false },
};

static void an_argument_counts_only_where_it_belongs(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof arguments / sizeof arguments[0]; i++) {
		struct admin_route route = { .action = arguments[i].action };

		assert_int_equal(admin_route_argument(&route, arguments[i].key,
						      arguments[i].value),
				 arguments[i].good);
		if (!arguments[i].good)
			assert_true(!route.after && !route.limit &&
				    !route.body);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_place_has_its_action),
		cmocka_unit_test(what_is_not_there_changes_nothing),
		cmocka_unit_test(an_argument_counts_only_where_it_belongs),
	};

	return cmocka_run_group_tests_name("admin_route", tests, NULL, NULL);
}
