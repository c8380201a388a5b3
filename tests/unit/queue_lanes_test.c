#include "gateway/queue_lanes.h"

#include <string.h>

#include "tests/unit/unit.h"

static struct message *message_of(const char *from, const char *target)
{
	struct message *m = message_create();

	if (!m)
		return NULL;
	if (message_set(&m->from, from) != GATEWAY_OK ||
	    message_set(&m->target, target) != GATEWAY_OK)
		message_destroy(&m);
	return m;
}

static uint64_t lane(enum protocol origin, const char *from, const char *target)
{
	struct message *m = message_of(from, target);
	uint64_t key;

	m->origin = origin;
	key = queue_lane_of(m);
	message_destroy(&m);
	return key;
}

static void a_lane_is_who_writes_to_whom(void **state)
{
	const uint64_t key =
		lane(PROTOCOL_XMPP, "alice@im.example/r1", "+12025550199");

	(void)state;
	assert_true(key ==
		    lane(PROTOCOL_XMPP, "Alice@im.example/r2", "+12025550199"));
	assert_true(key !=
		    lane(PROTOCOL_XMPP, "alice@im.example", "+12025550198"));
	assert_true(key !=
		    lane(PROTOCOL_XMPP, "bob@im.example", "+12025550199"));
	assert_true(lane(PROTOCOL_SIP, "tel:+1;isub=2", "+12025550100;ext=1") ==
		    lane(PROTOCOL_SIP, "tel:+1", "+12025550100"));
}

static void expect_next(struct queue_lanes *lanes, const char *from)
{
	struct message *m = queue_lanes_next(lanes);

	if (!from) {
		assert_null(m);
		return;
	}
	assert_non_null(m);
	assert_string_equal(m->from, from);
	message_destroy(&m);
}

static void one_message_of_a_lane_runs_at_a_time(void **state)
{
	struct queue_lanes *lanes = queue_lanes_create();
	struct message *a = message_of("a", "+1");
	const uint64_t key = queue_lane_of(a);

	(void)state;
	assert_true(queue_lanes_add(lanes, a));
	assert_true(queue_lanes_add(lanes, message_of("a", "+1")));
	assert_true(queue_lanes_add(lanes, message_of("b", "+1")));
	expect_next(lanes, "a");
	expect_next(lanes, "b");
	expect_next(lanes, NULL);
	assert_true(queue_lanes_busy(lanes, key));
	assert_int_equal(queue_lanes_count(lanes), 3);
	queue_lanes_ended(lanes, key);
	expect_next(lanes, "a");
	queue_lanes_ended(lanes, key);
	assert_false(queue_lanes_busy(lanes, key));
	queue_lanes_ended(lanes, key); /* nobody runs: nothing happens */
	assert_int_equal(queue_lanes_count(lanes), 1);
	queue_lanes_destroy(&lanes);
}

static void what_waits_can_be_taken_out(void **state)
{
	struct queue_lanes *lanes = queue_lanes_create();
	struct message *a = message_of("a", "+1");
	const uint64_t key = queue_lane_of(a);

	(void)state;
	assert_null(queue_lanes_take(lanes, key));
	assert_true(queue_lanes_add(lanes, a));
	a = queue_lanes_take(lanes, key);
	assert_non_null(a);
	message_destroy(&a);
	expect_next(lanes, NULL);
	assert_int_equal(queue_lanes_count(lanes), 0);
	/* one that waits behind one that runs */
	assert_true(queue_lanes_add(lanes, message_of("a", "+1")));
	assert_true(queue_lanes_add(lanes, message_of("a", "+1")));
	expect_next(lanes, "a");
	a = queue_lanes_take(lanes, key);
	message_destroy(&a);
	assert_true(queue_lanes_busy(lanes, key));
	queue_lanes_ended(lanes, key);
	assert_false(queue_lanes_busy(lanes, key));
	queue_lanes_destroy(&lanes);
}

static void exercise(void)
{
	struct queue_lanes *lanes = queue_lanes_create();

	for (unsigned i = 0; lanes && i < 3; i++) {
		struct message *m = message_of("a", "+1");

		if (m && !queue_lanes_add(lanes, m))
			message_destroy(&m);
	}
	queue_lanes_destroy(&lanes);
}

static void running_out_of_memory_loses_nothing(void **state)
{
	(void)state;
	assert_true(unit_fail_allocations(exercise) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_lane_is_who_writes_to_whom),
		cmocka_unit_test(one_message_of_a_lane_runs_at_a_time),
		cmocka_unit_test(what_waits_can_be_taken_out),
		cmocka_unit_test(running_out_of_memory_loses_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
