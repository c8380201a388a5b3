#include "tests/unit/unit.h"

#include "gateway/backoff.h"
#include "tests/fake/loop_fake.h"

#define MAX_MS 600000

static struct loop *loop;
static struct backoff *backoff;

static int open_backoff(void **state)
{
	(void)state;
	loop = loop_fake_create();
	assert_int_equal(backoff_create(loop, MAX_MS, &backoff), GATEWAY_OK);
	return 0;
}

static int close_backoff(void **state)
{
	(void)state;
	backoff_destroy(&backoff);
	assert_null(backoff);
	backoff_destroy(&backoff);
	loop_fake_destroy(&loop);
	return 0;
}

static struct hop server(const char *address, uint16_t port,
			 enum transport transport)
{
	struct hop hop = { .port = port, .transport = transport };

	assert_true(
		span_copy(span_of(address), hop.address, sizeof hop.address));
	return hop;
}

static void carr_5_a_server_is_left_alone_for_its_time(void **state)
{
	struct hop hop = server("192.0.2.1", 5060, TRANSPORT_UDP);

	(void)state;
	assert_int_equal(backoff_left_s(backoff, &hop), 0);
	backoff_note(backoff, &hop, 30);
	assert_int_equal(backoff_left_s(backoff, &hop), 30);
	loop_fake_advance(loop, 1);
	assert_int_equal(backoff_left_s(backoff, &hop), 30);
	loop_fake_advance(loop, 29998);
	assert_int_equal(backoff_left_s(backoff, &hop), 1);
	loop_fake_advance(loop, 1);
	assert_int_equal(backoff_left_s(backoff, &hop), 0);
}

static void carr_5_the_latest_word_counts(void **state)
{
	struct hop hop = server("192.0.2.1", 5060, TRANSPORT_UDP);

	(void)state;
	backoff_note(backoff, &hop, 30);
	backoff_note(backoff, &hop, 5);
	assert_int_equal(backoff_left_s(backoff, &hop), 5);
}

static void carr_5_no_pause_is_longer_than_allowed(void **state)
{
	struct hop hop = server("192.0.2.1", 5060, TRANSPORT_UDP);

	(void)state;
	backoff_note(backoff, &hop, UINT32_MAX);
	assert_int_equal(backoff_left_s(backoff, &hop), MAX_MS / 1000);
}

static void carr_5_a_server_is_address_port_and_transport(void **state)
{
	struct hop hop = server("192.0.2.1", 5060, TRANSPORT_UDP);
	const struct hop others[] = {
		server("192.0.2.2", 5060, TRANSPORT_UDP),
		server("192.0.2.1", 5061, TRANSPORT_UDP),
		server("192.0.2.1", 5060, TRANSPORT_TCP),
		server("2001:db8::1", 5060, TRANSPORT_UDP),
	};

	(void)state;
	backoff_note(backoff, &hop, 30);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(backoff_left_s(backoff, &others[i]), 0);
}

static void sec_17_carr_5_the_pause_that_ends_first_gives_way(void **state)
{
	struct hop hop = server("192.0.2.1", 0, TRANSPORT_UDP);

	(void)state;
	for (hop.port = 1; hop.port <= BACKOFF_SERVERS; hop.port++)
		backoff_note(backoff, &hop, 100u + hop.port);
	backoff_note(backoff, &hop, 10);
	assert_int_equal(backoff_left_s(backoff, &hop), 10);
	hop.port = 1;
	assert_int_equal(backoff_left_s(backoff, &hop), 0);
	hop.port = 2;
	assert_int_equal(backoff_left_s(backoff, &hop), 102);
}

static void exercise(void)
{
	struct backoff *made;

	if (backoff_create(loop, MAX_MS, &made) == GATEWAY_OK)
		backoff_destroy(&made);
}

static void every_allocation_may_fail(void **state)
{
	(void)state;
	assert_true(unit_fail_allocations(exercise) > 0);
}

#define WITH(test) \
	cmocka_unit_test_setup_teardown(test, open_backoff, close_backoff)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH(carr_5_a_server_is_left_alone_for_its_time),
		WITH(carr_5_the_latest_word_counts),
		WITH(carr_5_no_pause_is_longer_than_allowed),
		WITH(carr_5_a_server_is_address_port_and_transport),
		WITH(sec_17_carr_5_the_pause_that_ends_first_gives_way),
		WITH(every_allocation_may_fail),
	};

	return cmocka_run_group_tests_name("backoff", tests, NULL, NULL);
}
