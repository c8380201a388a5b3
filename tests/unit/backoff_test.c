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
	assert_int_equal(backoff_create(loop, MAX_MS, MAX_MS, &backoff),
			 GATEWAY_OK);
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

static unsigned left_s(const struct hop *hop)
{
	unsigned left;

	(void)backoff_ask(backoff, hop, &left);
	return left;
}

static void carr_5_a_server_is_left_alone_for_its_time(void **state)
{
	struct hop hop = server("192.0.2.1", 5060, TRANSPORT_UDP);

	(void)state;
	assert_int_equal(left_s(&hop), 0);
	backoff_note(backoff, &hop, 30);
	assert_int_equal(left_s(&hop), 30);
	loop_fake_advance(loop, 1);
	assert_int_equal(left_s(&hop), 30);
	loop_fake_advance(loop, 29998);
	assert_int_equal(left_s(&hop), 1);
	loop_fake_advance(loop, 1);
	assert_int_equal(left_s(&hop), 0);
}

static void carr_5_the_latest_word_counts(void **state)
{
	struct hop hop = server("192.0.2.1", 5060, TRANSPORT_UDP);

	(void)state;
	backoff_note(backoff, &hop, 30);
	backoff_note(backoff, &hop, 5);
	assert_int_equal(left_s(&hop), 5);
}

static void carr_5_no_pause_is_longer_than_allowed(void **state)
{
	struct hop hop = server("192.0.2.1", 5060, TRANSPORT_UDP);

	(void)state;
	backoff_note(backoff, &hop, UINT32_MAX);
	assert_int_equal(left_s(&hop), MAX_MS / 1000);
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
		assert_int_equal(left_s(&others[i]), 0);
}

static void sec_17_carr_5_the_pause_that_ends_first_gives_way(void **state)
{
	struct hop hop = server("192.0.2.1", 0, TRANSPORT_UDP);

	(void)state;
	for (hop.port = 1; hop.port <= BACKOFF_SERVERS; hop.port++)
		backoff_note(backoff, &hop, 100u + hop.port);
	backoff_note(backoff, &hop, 10);
	assert_int_equal(left_s(&hop), 10);
	hop.port = 1;
	assert_int_equal(left_s(&hop), 0);
	hop.port = 2;
	assert_int_equal(left_s(&hop), 102);
}

static void expect(const struct hop *hop, enum backoff_verdict verdict,
		   unsigned left_s)
{
	unsigned left;

	assert_int_equal(backoff_ask(backoff, hop, &left), verdict);
	assert_int_equal(left, left_s);
}

/* Messages in vain until the server is dead. */
static void kill_server(const struct hop *hop)
{
	for (unsigned i = 1; i < BACKOFF_SILENT; i++)
		assert_false(backoff_silent(backoff, hop));
	assert_true(backoff_silent(backoff, hop));
}

static void issue_5_who_is_silent_in_a_row_is_dead(void **state)
{
	struct hop hop = server("192.0.2.1", 5060, TRANSPORT_UDP);

	(void)state;
	for (unsigned i = 1; i < BACKOFF_SILENT; i++) {
		assert_false(backoff_silent(backoff, &hop));
		expect(&hop, BACKOFF_GO, 0);
	}
	assert_false(backoff_answered(backoff, &hop));
	kill_server(&hop);
	expect(&hop, BACKOFF_DEAD, 1);
	assert_true(backoff_answered(backoff, &hop));
	expect(&hop, BACKOFF_GO, 0);
}

#define PROBE_S (BACKOFF_PROBE_MS / 1000)

static void issue_5_the_dead_are_probed_by_one_ever_less_often(void **state)
{
	struct hop hop = server("192.0.2.1", 5060, TRANSPORT_UDP);
	int64_t pause_ms = BACKOFF_DEAD_MS;

	(void)state;
	kill_server(&hop);
	for (int i = 0; i < 10; i++) {
		unsigned pause_s = (unsigned)(pause_ms / 1000);

		expect(&hop, BACKOFF_DEAD, pause_s);
		loop_fake_advance(loop, pause_ms);
		expect(&hop, BACKOFF_GO, 0);
		expect(&hop, BACKOFF_DEAD,
		       pause_s < PROBE_S ? pause_s : PROBE_S);
		assert_false(backoff_silent(backoff, &hop));
		pause_ms = 2 * pause_ms < BACKOFF_DEAD_MAX_MS
				   ? 2 * pause_ms
				   : BACKOFF_DEAD_MAX_MS;
	}
	loop_fake_advance(loop, pause_ms);
	expect(&hop, BACKOFF_GO, 0);
	assert_true(backoff_answered(backoff, &hop));
	kill_server(&hop);
	expect(&hop, BACKOFF_DEAD, BACKOFF_DEAD_MS / 1000);
}

/* queue.retry may ask for more. */
static void issue_5_its_pause_has_the_bound_of_the_operator(void **state)
{
	struct hop hop = server("192.0.2.1", 5060, TRANSPORT_UDP);

	(void)state;
	backoff_destroy(&backoff);
	assert_int_equal(backoff_create(loop, MAX_MS, 2000, &backoff),
			 GATEWAY_OK);
	kill_server(&hop);
	for (int i = 0; i < 5; i++) {
		loop_fake_advance(loop, 2000);
		expect(&hop, BACKOFF_GO, 0);
		assert_false(backoff_silent(backoff, &hop));
		expect(&hop, BACKOFF_DEAD, 2);
	}
}

static void issue_5_those_under_way_at_its_death_count_once(void **state)
{
	struct hop hop = server("192.0.2.1", 5060, TRANSPORT_UDP);

	(void)state;
	kill_server(&hop);
	for (int i = 0; i < 100; i++)
		assert_false(backoff_silent(backoff, &hop));
	expect(&hop, BACKOFF_DEAD, BACKOFF_DEAD_MS / 1000);
}

/* A probe that nobody hears of again does not keep it dead. */
static void issue_5_a_lost_probe_is_followed_by_another(void **state)
{
	struct hop hop = server("192.0.2.1", 5060, TRANSPORT_UDP);

	(void)state;
	kill_server(&hop);
	loop_fake_advance(loop, BACKOFF_DEAD_MS);
	expect(&hop, BACKOFF_GO, 0);
	loop_fake_advance(loop, BACKOFF_DEAD_MS);
	expect(&hop, BACKOFF_GO, 0);
}

static void sec_17_a_server_is_dead_for_one_domain_only(void **state)
{
	struct hop hop = server("192.0.2.1", 5061, TRANSPORT_TLS);
	struct hop other = hop;

	(void)state;
	(void)strcpy(hop.identity, "evil.example");
	(void)strcpy(other.identity, "im.example");
	kill_server(&hop);
	expect(&hop, BACKOFF_DEAD, 1);
	expect(&other, BACKOFF_GO, 0);
	assert_false(backoff_answered(backoff, &other));
	expect(&hop, BACKOFF_DEAD, 1);
	backoff_note(backoff, &other, 30); /* the server says so: to all */
	expect(&hop, BACKOFF_PAUSED, 30);
	assert_true(backoff_answered(backoff, &hop));
	expect(&hop, BACKOFF_PAUSED, 30);
}

static void sec_17_only_some_insist_on_a_dead_server(void **state)
{
	struct hop hop = server("192.0.2.1", 5060, TRANSPORT_UDP);

	(void)state;
	kill_server(&hop);
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < BACKOFF_URGENT; i++)
			assert_true(backoff_insist(backoff, &hop));
		for (int i = 0; i < 100; i++)
			assert_false(backoff_insist(backoff, &hop));
		loop_fake_advance(loop, BACKOFF_URGENT_MS);
	}
}

static void exercise(void)
{
	struct backoff *made;

	if (backoff_create(loop, MAX_MS, MAX_MS, &made) == GATEWAY_OK)
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
		WITH(issue_5_who_is_silent_in_a_row_is_dead),
		WITH(issue_5_the_dead_are_probed_by_one_ever_less_often),
		WITH(issue_5_its_pause_has_the_bound_of_the_operator),
		WITH(issue_5_those_under_way_at_its_death_count_once),
		WITH(issue_5_a_lost_probe_is_followed_by_another),
		WITH(sec_17_a_server_is_dead_for_one_domain_only),
		WITH(sec_17_only_some_insist_on_a_dead_server),
		WITH(every_allocation_may_fail),
	};

	return cmocka_run_group_tests_name("backoff", tests, NULL, NULL);
}
