#include "gateway/xmpp/conversation.h"

#include "tests/fake/loop_fake.h"
#include "tests/unit/unit.h"

#define ALICE  "alice@im.example"
#define NUMBER "+12025550199@gw.example.net"

static const struct iscomposing active = { .active = true, .refresh_s = 90 };
static const struct iscomposing idle = { .active = false, .refresh_s = 120 };

static struct {
	struct loop *loop;
	struct conversations *table;
	bool link_down;
	/* what was told */
	unsigned count;
	enum chatstate last;
	char from[64], to[64];
} test;

static bool tell(const char *from, const char *to, enum chatstate state,
		 void *arg)
{
	assert_ptr_equal(arg, &test);
	if (test.link_down)
		return false;
	test.count++;
	test.last = state;
	snprintf(test.from, sizeof test.from, "%s", from);
	snprintf(test.to, sizeof test.to, "%s", to);
	return true;
}

static int open_table(void **state)
{
	(void)state;
	memset(&test, 0, sizeof test);
	test.loop = loop_fake_create();
	assert_int_equal(
		conversations_create(test.loop, tell, &test, &test.table),
		GATEWAY_OK);
	return 0;
}

static int close_table(void **state)
{
	(void)state;
	conversations_destroy(&test.table);
	assert_null(test.table);
	conversations_destroy(&test.table);
	loop_fake_destroy(&test.loop);
	return 0;
}

/* Alice's client knows chat states. */
static void support(void)
{
	conversations_heard_text(test.table, ALICE "/r1", NUMBER,
				 CHATSTATE_ACTIVE);
}

static void show(const struct iscomposing *what)
{
	conversations_show(test.table, ALICE, NUMBER, what);
}

static bool hears(enum chatstate state)
{
	return conversations_heard_state(test.table, ALICE "/r1", NUMBER,
					 state);
}

static enum chatstate beside_text(void)
{
	return conversations_show_text(test.table, ALICE, NUMBER);
}

static void assert_told(unsigned count, enum chatstate last)
{
	assert_int_equal(test.count, count);
	assert_int_equal(test.last, last);
}

static void rcpt_12_nothing_is_told_before_the_peer_showed_support(void **state)
{
	(void)state;
	show(&active);
	show(&idle);
	assert_int_equal(beside_text(), CHATSTATE_NONE);
	conversations_heard_text(test.table, ALICE "/r1", NUMBER,
				 CHATSTATE_NONE);
	show(&active);
	assert_told(0, CHATSTATE_NONE);
	assert_int_equal(conversations_count(test.table), 0);
}

static void rcpt_10_active_is_composing_and_idle_is_active(void **state)
{
	(void)state;
	support();
	show(&active);
	assert_told(1, CHATSTATE_COMPOSING);
	assert_string_equal(test.from, NUMBER);
	assert_string_equal(test.to, ALICE);
	show(&idle);
	assert_told(2, CHATSTATE_ACTIVE);
}

static void rcpt_12_a_state_is_never_repeated(void **state)
{
	(void)state;
	support();
	show(&active);
	show(&active);
	assert_told(1, CHATSTATE_COMPOSING);
	show(&idle);
	show(&idle);
	assert_told(2, CHATSTATE_ACTIVE);
	assert_int_equal(beside_text(), CHATSTATE_ACTIVE);
	show(&idle); /* the text has said so */
	assert_told(2, CHATSTATE_ACTIVE);
}

static void rcpt_11_typing_ends_by_itself(void **state)
{
	(void)state;
	support();
	show(&active);
	loop_fake_advance(test.loop, 89999);
	assert_told(1, CHATSTATE_COMPOSING);
	loop_fake_advance(test.loop, 1);
	assert_told(2, CHATSTATE_ACTIVE);
	show(&idle);
	assert_told(2, CHATSTATE_ACTIVE);
}

static void rcpt_11_a_refresh_makes_typing_last(void **state)
{
	(void)state;
	support();
	show(&active);
	loop_fake_advance(test.loop, 60000);
	show(&active);
	loop_fake_advance(test.loop, 89999);
	assert_told(1, CHATSTATE_COMPOSING);
	loop_fake_advance(test.loop, 1);
	assert_told(2, CHATSTATE_ACTIVE);
}

static void rcpt_11_a_text_ends_the_typing(void **state)
{
	(void)state;
	support();
	show(&active);
	assert_int_equal(beside_text(), CHATSTATE_ACTIVE);
	loop_fake_advance(test.loop, 1000000);
	assert_told(1, CHATSTATE_COMPOSING);
	show(&active); /* and he types again */
	assert_told(2, CHATSTATE_COMPOSING);
}

static void rcpt_11_nothing_waits_for_the_link(void **state)
{
	(void)state;
	support();
	test.link_down = true;
	show(&active);
	assert_int_equal(loop_fake_next_ms(test.loop), -1);
	test.link_down = false;
	show(&active);
	assert_told(1, CHATSTATE_COMPOSING);
	test.link_down = true;
	loop_fake_advance(test.loop, 90000);
	assert_told(1, CHATSTATE_COMPOSING);
	test.link_down = false;
	show(&active); /* nobody knows what he was told */
	assert_told(2, CHATSTATE_COMPOSING);
}

static void rcpt_10_only_a_change_goes_on_to_sip(void **state)
{
	static const struct {
		enum chatstate state;
		bool goes_on;
	} steps[] = {
		{ CHATSTATE_ACTIVE, false }, /* nobody was told of typing */
		{ CHATSTATE_COMPOSING, true }, { CHATSTATE_COMPOSING, false },
		{ CHATSTATE_PAUSED, true },    { CHATSTATE_PAUSED, false },
		{ CHATSTATE_INACTIVE, false }, { CHATSTATE_NONE, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
		if (hears(steps[i].state) != steps[i].goes_on)
			fail_msg("step %zu", i);
}

static void rcpt_13_typing_is_told_once_in_a_refresh(void **state)
{
	(void)state;
	assert_true(hears(CHATSTATE_COMPOSING));
	assert_true(hears(CHATSTATE_PAUSED));
	assert_false(hears(CHATSTATE_COMPOSING));
	assert_false(hears(CHATSTATE_PAUSED)); /* it was not told either */
	loop_fake_advance(test.loop, ISCOMPOSING_REFRESH_S * 1000 - 1);
	assert_false(hears(CHATSTATE_COMPOSING));
	loop_fake_advance(test.loop, 1);
	assert_true(hears(CHATSTATE_COMPOSING));
	assert_true(hears(CHATSTATE_INACTIVE));
}

static void rcpt_13_a_text_ends_typing_without_a_word(void **state)
{
	(void)state;
	assert_true(hears(CHATSTATE_COMPOSING));
	support();
	assert_false(hears(CHATSTATE_ACTIVE));
	assert_true(hears(CHATSTATE_COMPOSING)); /* of the next text */
}

static void rcpt_12_who_is_gone_or_knows_no_states_is_told_none(void **state)
{
	static const enum chatstate ends[] = { CHATSTATE_NONE, CHATSTATE_GONE };

	(void)state;
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		support();
		show(&active);
		conversations_heard_text(test.table, ALICE, NUMBER, ends[i]);
		assert_int_equal(conversations_count(test.table), 0);
		assert_int_equal(loop_fake_next_ms(test.loop), -1);
	}
	support();
	assert_false(hears(CHATSTATE_GONE));
	assert_int_equal(beside_text(), CHATSTATE_NONE);
}

static void rcpt_12_a_conversation_is_of_two_people(void **state)
{
	(void)state;
	support();
	conversations_show(test.table, "bob@im.example", NUMBER, &active);
	conversations_show(test.table, ALICE, "+1@gw.example.net", &active);
	assert_told(0, CHATSTATE_NONE);
	conversations_show(test.table, "Alice@IM.example", NUMBER, &active);
	assert_told(1, CHATSTATE_COMPOSING);
	conversations_show(test.table, "", NUMBER, &idle);
	assert_told(1, CHATSTATE_COMPOSING);
	assert_false(conversations_heard_state(test.table, "a b@", NUMBER,
					       CHATSTATE_COMPOSING));
}

static void sec_4_conversations_are_bounded_and_have_an_age(void **state)
{
	char user[32];

	(void)state;
	for (int i = 0; i < CONVERSATION_MAX + 2; i++) {
		snprintf(user, sizeof user, "u%d@im.example", i);
		conversations_heard_text(test.table, user, NUMBER,
					 CHATSTATE_ACTIVE);
		if (i == 0)
			support();
		if (i == CONVERSATION_MAX / 2) /* Alice says something */
			support();
	}
	assert_int_equal(conversations_count(test.table), CONVERSATION_MAX);
	assert_int_equal(beside_text(), CHATSTATE_ACTIVE);
	assert_int_equal(
		conversations_show_text(test.table, "u0@im.example", NUMBER),
		CHATSTATE_NONE);
	loop_fake_advance(test.loop, CONVERSATION_AGE_MS);
	assert_int_equal(beside_text(), CHATSTATE_NONE);
	assert_int_equal(conversations_count(test.table), 0);
}

static void exercise(void)
{
	struct loop *loop = loop_fake_create();

	if (conversations_create(loop, tell, &test, &test.table) ==
	    GATEWAY_OK) {
		support();
		show(&active);
		(void)hears(CHATSTATE_COMPOSING);
	}
	conversations_destroy(&test.table);
	loop_fake_destroy(&loop);
}

static void every_failed_allocation_costs_a_state_only(void **state)
{
	(void)state;
	assert_true(unit_fail_allocations(exercise) >= 3);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, open_table, close_table)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(rcpt_12_nothing_is_told_before_the_peer_showed_support),
		TEST(rcpt_10_active_is_composing_and_idle_is_active),
		TEST(rcpt_12_a_state_is_never_repeated),
		TEST(rcpt_11_typing_ends_by_itself),
		TEST(rcpt_11_a_refresh_makes_typing_last),
		TEST(rcpt_11_a_text_ends_the_typing),
		TEST(rcpt_11_nothing_waits_for_the_link),
		TEST(rcpt_10_only_a_change_goes_on_to_sip),
		TEST(rcpt_13_typing_is_told_once_in_a_refresh),
		TEST(rcpt_13_a_text_ends_typing_without_a_word),
		TEST(rcpt_12_who_is_gone_or_knows_no_states_is_told_none),
		TEST(rcpt_12_a_conversation_is_of_two_people),
		TEST(sec_4_conversations_are_bounded_and_have_an_age),
		cmocka_unit_test(every_failed_allocation_costs_a_state_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
