#include "gateway/relay_memory.h"

#include "tests/fake/loop_fake.h"
#include "tests/unit/unit.h"

static const struct relay_memory_options options = {
	.pause_max_ms = 60000,
	.repeat_window_ms = 60000,
	.bindings = { .age_ms = 60000 },
};

static struct message of(enum protocol origin)
{
	return (struct message){ .origin = origin,
				 .from = (char *)(uintptr_t) "a@im.example",
				 .target = (char *)(uintptr_t) "+12025550199",
				 .has_key = true };
}

static void xmpp_25_only_a_message_from_xmpp_may_have_come_before(void **state)
{
	struct loop *loop = loop_fake_create();
	struct message xmpp = of(PROTOCOL_XMPP), sip = of(PROTOCOL_SIP);
	struct relay_memory memory;
	struct outcome no;

	(void)state;
	assert_int_equal(relay_memory_init(&memory, loop, &options),
			 GATEWAY_OK);
	assert_true(relay_memory_admits(&memory, &sip, &no));
	assert_true(relay_memory_admits(&memory, &sip, &no));
	assert_true(relay_memory_admits(&memory, &xmpp, &no));
	assert_false(relay_memory_admits(&memory, &xmpp, &no));
	assert_int_equal(no.kind, OUTCOME_ACCEPTED);
	relay_memory_clear(&memory);
	relay_memory_clear(&memory);
	loop_fake_destroy(&loop);
}

static const struct {
	int code;
	bool again;
} ends[] = { { 200, false }, { 202, false }, { 480, true }, { 404, true } };

static void xmpp_25_only_what_failed_may_come_again(void **state)
{
	struct loop *loop = loop_fake_create();
	struct message m = of(PROTOCOL_XMPP);
	struct relay_memory memory;
	struct outcome no;

	(void)state;
	assert_int_equal(relay_memory_init(&memory, loop, &options),
			 GATEWAY_OK);
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		const struct outcome end = outcome_of_sip(ends[i].code, NULL);

		m.key[0]++;
		assert_true(relay_memory_admits(&memory, &m, &no));
		relay_memory_note_end(&memory, &m, &end);
		assert_int_equal(relay_memory_admits(&memory, &m, &no),
				 ends[i].again);
	}
	relay_memory_clear(&memory);
	loop_fake_destroy(&loop);
}

static void exercise(void)
{
	struct loop *loop = loop_fake_create();
	struct relay_memory memory;

	if (relay_memory_init(&memory, loop, &options) == GATEWAY_OK)
		relay_memory_clear(&memory);
	loop_fake_destroy(&loop);
}

static void out_of_memory_is_a_status(void **state)
{
	(void)state;
	assert_true(unit_fail_allocations(exercise) >= 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			xmpp_25_only_a_message_from_xmpp_may_have_come_before),
		cmocka_unit_test(xmpp_25_only_what_failed_may_come_again),
		cmocka_unit_test(out_of_memory_is_a_status),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
