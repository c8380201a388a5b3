#include "gateway/relay.h"

#include "gateway/admission.h"
#include "tests/fake/loop_fake.h"
#include "tests/fake/side_fake.h"
#include "tests/unit/unit.h"

static const struct policy policy;

static void on_drained(void *arg)
{
	bool *drained = arg;

	*drained = true;
}

/* The store keeps messages; the operator took the XMPP side away since. */
static void a_message_for_a_side_that_is_gone_ends(void **state)
{
	struct loop *loop = loop_fake_create();
	struct side_fake *sip = side_fake_create("sip");
	struct message *message = message_create();
	const struct plan_config plan = { .loop = loop, .policy = &policy };
	const struct admission_options everybody = { .trust_count = 0 };
	struct admission *admission;
	struct relay_table *table;
	bool drained = false;
	struct relay_options options = {
		.loop = loop,
		.plan = &plan,
		.sides = { [PROTOCOL_SIP] = side_fake_side(sip) },
		.deadline_ms = 25000,
		.in_flight_max = 1,
		.drained = on_drained,
		.drained_arg = &drained,
	};

	(void)state;
	message->kind = PLAN_JID;
	message->answered = true;
	assert_int_equal(message_set(&message->target, "alice@im.example"),
			 GATEWAY_OK);
	assert_int_equal(admission_create(loop, &everybody, &admission),
			 GATEWAY_OK);
	options.admission = admission;
	assert_int_equal(relay_create(&options, &table), GATEWAY_OK);
	relay_resume(table, message);
	relay_drain(table);
	loop_fake_advance(loop, 0);
	assert_int_equal(relay_count(table), 0);
	assert_true(drained);
	relay_destroy(&table);
	admission_destroy(&admission);
	side_fake_destroy(&sip);
	loop_fake_destroy(&loop);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_for_a_side_that_is_gone_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
