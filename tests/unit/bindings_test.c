#include "gateway/bindings.h"

#include "tests/fake/loop_fake.h"
#include "tests/unit/unit.h"

#define AGE_MS 3600000
#define JID    "alice@im.example"

static struct loop *loop;
static struct bindings *bindings;

static const struct hop to_alice = { .protocol = PROTOCOL_XMPP,
				     .recipient = JID };
static const struct hop to_number = { .protocol = PROTOCOL_SIP,
				      .recipient = "tel:+12025550199" };

static const struct bindings_options by_number = { .age_ms = AGE_MS,
						   .by_number = true };

static int open_bindings(void **state)
{
	(void)state;
	loop = loop_fake_create();
	assert_int_equal(bindings_create(loop, &by_number, &bindings),
			 GATEWAY_OK);
	return 0;
}

static int close_bindings(void **state)
{
	(void)state;
	bindings_destroy(&bindings);
	assert_null(bindings);
	bindings_destroy(&bindings);
	loop_fake_destroy(&loop);
	return 0;
}

/* Messages as values that borrow what they hold; strings are never freed. */
#define TEXT(literal) ((char *)(uintptr_t)(literal))

static struct message from_sip(const char *from, const char *target)
{
	return (struct message){ .origin = PROTOCOL_SIP,
				 .kind = PLAN_NUMBER,
				 .from = TEXT(from),
				 .target = TEXT(target),
				 .call_id = TEXT("c1@127.0.0.11") };
}

static struct message from_alice(const char *thread)
{
	return (struct message){ .origin = PROTOCOL_XMPP,
				 .kind = PLAN_REPLY,
				 .from = TEXT("Alice@im.example/r1"),
				 .target = TEXT("+12025550199"),
				 .thread = TEXT(thread) };
}

static struct message to_jid(const char *from)
{
	return (struct message){ .origin = PROTOCOL_SIP,
				 .kind = PLAN_JID,
				 .from = TEXT(from),
				 .target = TEXT(JID) };
}

static void expect_recall(const char *thread, const char *number, bool own)
{
	struct message m = from_alice(thread);

	bindings_recall(bindings, &m);
	assert_string_equal(m.from_number, number);
	assert_int_equal(m.own_thread, own);
}

static void note_sip(const char *from, const char *target)
{
	const struct message m = from_sip(from, target);

	bindings_note(bindings, &m, &to_alice);
}

static void conf_13_an_answer_shows_the_number_that_was_written_to(void **state)
{
	(void)state;
	expect_recall(NULL, "", false);
	note_sip("sip:+1-202-555-0199@carrier.example;user=phone",
		 "+1-202-555-0100;npdi");
	expect_recall(NULL, "+12025550100", false);
	note_sip("tel:+12025550199", "+12025550101");
	expect_recall(NULL, "+12025550101", false);
	note_sip("tel:+12025550198", "+12025550102");
	expect_recall(NULL, "+12025550101", false);
	loop_fake_advance(loop, AGE_MS);
	expect_recall(NULL, "", false);
}

static void
conf_13_after_an_address_without_a_number_it_is_the_jid(void **state)
{
	struct message m = from_sip("tel:+12025550199", "im:" JID);

	(void)state;
	note_sip("tel:+12025550199", "+12025550100");
	m.kind = PLAN_IM;
	bindings_note(bindings, &m, &to_alice);
	expect_recall(NULL, "", false);
}

static void conf_13_by_jid_no_number_is_shown(void **state)
{
	struct message sent = from_sip("tel:+12025550199", "+12025550100");
	struct message m = from_alice("c1@127.0.0.11");
	const struct bindings_options options = { .age_ms = AGE_MS };
	struct bindings *by_jid;

	(void)state;
	assert_int_equal(bindings_create(loop, &options, &by_jid), GATEWAY_OK);
	bindings_note(by_jid, &sent, &to_alice);
	bindings_recall(by_jid, &m);
	assert_string_equal(m.from_number, "");
	assert_true(m.own_thread);
	bindings_destroy(&by_jid);
}

static void conf_12_a_thread_of_ours_is_known_between_these_two(void **state)
{
	(void)state;
	expect_recall("c1@127.0.0.11", "", false);
	note_sip("tel:+12025550198", "+12025550100");
	expect_recall("c1@127.0.0.11", "", false);
	note_sip("tel:+12025550199", "+12025550100");
	expect_recall("c1@127.0.0.11", "+12025550100", true);
	expect_recall("c2@127.0.0.11", "+12025550100", false);
	loop_fake_advance(loop, AGE_MS);
	expect_recall("c1@127.0.0.11", "", false);
}

static void sec_13_an_anonymous_sender_is_not_bound(void **state)
{
	struct message m = from_sip("tel:+12025550199", "+12025550100");

	(void)state;
	m.anonymous = true;
	bindings_note(bindings, &m, &to_alice);
	note_sip("sip:bob@carrier.example", "+12025550100");
	note_sip("mailto:x", "+12025550100");
	expect_recall("c1@127.0.0.11", "", false);
}

static void conf_13_the_asserted_sender_counts(void **state)
{
	struct message m = from_sip("sip:x@carrier.example", "+12025550100");

	(void)state;
	m.asserted = TEXT("tel:+12025550199");
	bindings_note(bindings, &m, &to_alice);
	expect_recall(NULL, "+12025550100", false);
}

static void what_stays_in_sip_binds_nobody(void **state)
{
	const struct message m = from_sip("tel:+12025550199", "+12025550100");

	(void)state;
	bindings_note(bindings, &m, &to_number);
	expect_recall("c1@127.0.0.11", "", false);
}

static bool permits(const char *from)
{
	const struct message m = to_jid(from);

	return bindings_permit(bindings, &m);
}

static void sec_3_only_a_number_that_was_written_to_may_answer(void **state)
{
	struct message m = from_alice(NULL);

	(void)state;
	assert_false(permits("tel:+12025550199"));
	bindings_note(bindings, &m, &to_number);
	assert_true(permits("tel:+12025550199"));
	assert_true(permits("sip:+12025550199@carrier.example"));
	assert_false(permits("tel:+12025550198"));
	assert_false(permits("sip:alice@im.example"));
	loop_fake_advance(loop, AGE_MS);
	assert_false(permits("tel:+12025550199"));
}

static void sec_3_having_written_oneself_is_no_permission(void **state)
{
	(void)state;
	note_sip("tel:+12025550199", "+12025550100");
	assert_false(permits("tel:+12025550199"));
}

static void a_sender_that_is_no_jid_is_bound_to_nobody(void **state)
{
	struct message m = from_alice(NULL);

	(void)state;
	m.from = TEXT("@@");
	bindings_note(bindings, &m, &to_number);
	bindings_recall(bindings, &m);
	assert_string_equal(m.from_number, "");
	assert_false(permits("tel:+12025550199"));
}

static void exercise(void)
{
	struct loop *own = loop_fake_create();
	struct bindings *made;

	if (bindings_create(own, &by_number, &made) == GATEWAY_OK)
		bindings_destroy(&made);
	assert_null(made);
	loop_fake_destroy(&own);
}

static void out_of_memory_is_a_status(void **state)
{
	(void)state;
	assert_true(unit_fail_allocations(exercise) > 0);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, open_bindings, close_bindings)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(conf_13_an_answer_shows_the_number_that_was_written_to),
		TEST(conf_13_after_an_address_without_a_number_it_is_the_jid),
		TEST(conf_13_by_jid_no_number_is_shown),
		TEST(conf_12_a_thread_of_ours_is_known_between_these_two),
		TEST(sec_13_an_anonymous_sender_is_not_bound),
		TEST(conf_13_the_asserted_sender_counts),
		TEST(what_stays_in_sip_binds_nobody),
		TEST(sec_3_only_a_number_that_was_written_to_may_answer),
		TEST(sec_3_having_written_oneself_is_no_permission),
		TEST(a_sender_that_is_no_jid_is_bound_to_nobody),
		TEST(out_of_memory_is_a_status),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
