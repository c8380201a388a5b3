#include "gateway/sip/sip_refused.h"

#include <sofia-sip/sip_header.h>

#include "gateway/body/iscomposing.h"
#include "tests/fake/loop_fake.h"
#include "tests/unit/unit.h"

#define NUMBER "tel:+12025550199"

static su_home_t home[1] = { SU_HOME_INIT(home) };
static struct loop *loop;
static struct key_table *refused;

static int open_table(void **state)
{
	(void)state;
	loop = loop_fake_create();
	assert_int_equal(sipside_refused_create(loop, &refused), GATEWAY_OK);
	return 0;
}

static int close_table(void **state)
{
	(void)state;
	key_table_destroy(&refused);
	loop_fake_destroy(&loop);
	su_home_deinit(home);
	return 0;
}

static const sip_accept_t *accept_of(const char *value)
{
	const sip_accept_t *accept = sip_accept_make(home, value);

	assert_non_null(accept);
	return accept;
}

static void rcpt_7_an_accept_header_is_read(void **state)
{
	static const struct {
		const char *accept, *type;
		bool accepts;
	} cases[] = {
		{ "text/plain", "text/plain", true },
		{ "text/plain", "message/cpim", false },
		{ "TEXT/Plain;charset=utf-8", "text/plain", true },
		{ "text/*", "text/plain", true },
		{ "text/*", "textual/plain", false },
		{ "*/*", "message/cpim", true },
		{ "application/sdp, message/cpim;q=0.5", "message/cpim", true },
		{ "text/plain, message/cpim;q=0", "message/cpim", false },
		{ "text/plain, */*;q=0.0", "message/cpim", false },
		{ "", "text/plain", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		if (sipside_accepts(accept_of(cases[i].accept),
				    cases[i].type) != cases[i].accepts)
			fail_msg("%s: %s", cases[i].accept, cases[i].type);
	assert_true(sipside_accepts(NULL, "text/plain"));
}

static void rcpt_7_a_refusal_is_of_a_peer_and_a_type(void **state)
{
	(void)state;
	assert_false(
		sipside_refused_holds(refused, NUMBER, SIPSIDE_TYPE_WRAPPED));
	sipside_refused_note(refused, NUMBER, "Message/CPIM", NULL);
	assert_true(
		sipside_refused_holds(refused, NUMBER, SIPSIDE_TYPE_WRAPPED));
	assert_true(sipside_refused_holds(refused, "tel:+1-202-555-0199",
					  SIPSIDE_TYPE_WRAPPED));
	assert_false(sipside_refused_holds(refused, NUMBER, ISCOMPOSING_TYPE));
	assert_false(sipside_refused_holds(refused, "tel:+12025550198",
					   SIPSIDE_TYPE_WRAPPED));
}

static void rcpt_7_what_a_peer_does_not_list_is_refused_too(void **state)
{
	(void)state;
	sipside_refused_note(refused, NUMBER, "message/cpim",
			     accept_of("text/plain"));
	assert_true(sipside_refused_holds(refused, NUMBER, ISCOMPOSING_TYPE));
	sipside_refused_note(refused, "tel:+1", "message/cpim",
			     accept_of("text/plain, " ISCOMPOSING_TYPE));
	assert_false(
		sipside_refused_holds(refused, "tel:+1", ISCOMPOSING_TYPE));
}

static void rcpt_7_plain_text_is_tried_again(void **state)
{
	(void)state;
	sipside_refused_note(refused, NUMBER, "text/plain", NULL);
	assert_false(sipside_refused_holds(refused, NUMBER, "text/plain"));
}

static void rcpt_7_a_refusal_is_forgotten_in_time(void **state)
{
	(void)state;
	sipside_refused_note(refused, NUMBER, SIPSIDE_TYPE_WRAPPED, NULL);
	loop_fake_advance(loop, SIPSIDE_REFUSED_AGE_MS - 1);
	assert_true(
		sipside_refused_holds(refused, NUMBER, SIPSIDE_TYPE_WRAPPED));
	loop_fake_advance(loop, 1);
	assert_false(
		sipside_refused_holds(refused, NUMBER, SIPSIDE_TYPE_WRAPPED));
}

static void exercise(void)
{
	struct loop *own = loop_fake_create();
	struct key_table *table;

	if (sipside_refused_create(own, &table) == GATEWAY_OK) {
		sipside_refused_note(table, NUMBER, SIPSIDE_TYPE_WRAPPED, NULL);
		(void)sipside_refused_holds(table, NUMBER,
					    SIPSIDE_TYPE_WRAPPED);
	}
	key_table_destroy(&table);
	loop_fake_destroy(&own);
}

static void every_failed_allocation_forgets_and_no_more(void **state)
{
	(void)state;
	assert_true(unit_fail_allocations(exercise) >= 1);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, open_table, close_table)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(rcpt_7_an_accept_header_is_read),
		TEST(rcpt_7_a_refusal_is_of_a_peer_and_a_type),
		TEST(rcpt_7_what_a_peer_does_not_list_is_refused_too),
		TEST(rcpt_7_plain_text_is_tried_again),
		TEST(rcpt_7_a_refusal_is_forgotten_in_time),
		cmocka_unit_test(every_failed_allocation_forgets_and_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
