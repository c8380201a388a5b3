#include "gateway/bindings.h"

#include "tests/fake/loop_fake.h"
#include "tests/fake/store_fake.h"
#include "tests/unit/unit.h"

#define URL    "fake:bindings"
#define AGE_MS 3600000
#define JID    "alice@im.example"

static struct loop *loop;
static struct store *store;
static struct notes *notes;
static struct bindings *bindings;
static bool by_number;
static unsigned answers;

static const struct hop to_alice = { .protocol = PROTOCOL_XMPP,
				     .recipient = JID };
static const struct hop to_number = { .protocol = PROTOCOL_SIP,
				      .recipient = "tel:+12025550199" };

static void open_node(void)
{
	const struct store_options options = { .url = URL,
					       .node = "gw1",
					       .seen_ms = 1000,
					       .lease_ms = 1000,
					       .waiting_max = 4096 };
	char why[128];

	assert_int_equal(store_open(loop, &options, &store, why, sizeof why),
			 STORE_OK);
	assert_int_equal(notes_create(&notes), GATEWAY_OK);
	notes_open(notes, store);

	const struct bindings_options wish = { .age_ms = AGE_MS,
					       .by_number = by_number,
					       .notes = notes };

	assert_int_equal(bindings_create(loop, &wish, &bindings), GATEWAY_OK);
}

static void close_node(void)
{
	bindings_destroy(&bindings);
	notes_destroy(&notes);
	store_close(&store, 1000);
}

static void restart(void)
{
	close_node();
	open_node();
}

static int open_world(void **state)
{
	(void)state;
	loop = loop_fake_create();
	by_number = true;
	answers = 0;
	open_node();
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	close_node();
	store_fake_wipe();
	loop_fake_destroy(&loop);
	return 0;
}

/* Messages as values that borrow what they hold; strings are never freed. */
#define TEXT(literal) ((char *)(uintptr_t)(literal))

static struct message from_alice(void)
{
	return (struct message){ .origin = PROTOCOL_XMPP,
				 .kind = PLAN_REPLY,
				 .from = TEXT("Alice@im.example/r1"),
				 .target = TEXT("+12025550199"),
				 .thread = TEXT("c1@127.0.0.11") };
}

static struct message to_jid(const char *from)
{
	return (struct message){ .origin = PROTOCOL_SIP,
				 .kind = PLAN_JID,
				 .from = TEXT(from),
				 .target = TEXT(JID) };
}

static void note_sip(const char *used)
{
	const struct message m = { .origin = PROTOCOL_SIP,
				   .kind = PLAN_NUMBER,
				   .from = TEXT("tel:+12025550199"),
				   .target = TEXT(used),
				   .call_id = TEXT("c1@127.0.0.11") };

	bindings_note(bindings, &m, &to_alice);
}

static void note_alice(void)
{
	const struct message m = from_alice();

	bindings_note(bindings, &m, &to_number);
}

static void on_answer(void *arg)
{
	assert_ptr_equal(arg, &answers);
	answers++;
}

/* @return whether the store had to be asked */
static bool ask(const struct message *m)
{
	struct bindings_look *look;
	bool asked = bindings_ask(bindings, m, on_answer, &answers, &look);
	unsigned before = answers;

	assert_int_equal(look != NULL, asked);
	loop_fake_advance(loop, 0);
	assert_int_equal(answers, before + asked);
	return asked;
}

static void expect_number(const char *number, bool asked)
{
	struct message m = from_alice();

	assert_int_equal(ask(&m), asked);
	bindings_recall(bindings, &m);
	assert_string_equal(m.from_number, number);
}

static void expect_permit(const char *from, bool permitted, bool asked)
{
	const struct message m = to_jid(from);

	assert_int_equal(ask(&m), asked);
	assert_int_equal(bindings_permit(bindings, &m), permitted);
}

static void conf_13_the_number_shown_is_known_after_a_restart(void **state)
{
	(void)state;
	note_sip("+12025550100");
	expect_number("+12025550100", false);
	restart();
	expect_number("+12025550100", true);
	expect_number("+12025550100", false);
	note_sip("+12025550101");
	expect_number("+12025550101", false);
	restart();
	expect_number("+12025550101", true);
}

static void conf_13_so_is_that_none_is_shown(void **state)
{
	const struct message im = { .origin = PROTOCOL_SIP,
				    .kind = PLAN_IM,
				    .from = TEXT("tel:+12025550199"),
				    .target = TEXT("im:" JID) };

	(void)state;
	note_sip("+12025550100");
	bindings_note(bindings, &im, &to_alice);
	restart();
	expect_number("", true);
	expect_number("", false);
}

static void conf_13_by_jid_nothing_is_asked(void **state)
{
	(void)state;
	by_number = false;
	restart();
	note_sip("+12025550100");
	restart();
	expect_number("", false);
}

static void sec_3_who_was_written_to_may_answer_after_a_restart(void **state)
{
	(void)state;
	note_alice();
	restart();
	expect_permit("tel:+12025550198", false, true);
	expect_permit("tel:+12025550199", true, true);
	expect_permit("sip:+12025550199@carrier.example", true, false);
	expect_permit("sip:alice@im.example", false, false);
}

static void sec_3_what_was_found_does_not_outlive_its_age(void **state)
{
	(void)state;
	note_alice();
	loop_fake_advance(loop, AGE_MS - 30000);
	restart();
	expect_permit("tel:+12025550199", true, true);
	loop_fake_advance(loop, 60001);
	expect_permit("tel:+12025550199", false, true);
}

/* What a restart finds tells when it was last written. */
static void a_fact_is_written_when_it_is_new_and_now_and_then(void **state)
{
	(void)state;
	note_alice();
	loop_fake_advance(loop, AGE_MS / 4 - 1);
	note_alice(); /* not written */
	restart();
	loop_fake_advance(loop, AGE_MS * 3 / 4 + 1);
	expect_permit("tel:+12025550199", false, true);
	note_alice();
	loop_fake_advance(loop, AGE_MS / 4);
	note_alice(); /* written */
	restart();
	loop_fake_advance(loop, AGE_MS - 1);
	expect_permit("tel:+12025550199", true, true);
}

static void sec_3_a_failure_that_we_tell_is_no_permission(void **state)
{
	struct message m = from_alice();

	(void)state;
	m.purpose = MESSAGE_REPORT;
	bindings_note(bindings, &m, &to_number);
	expect_permit("tel:+12025550199", false, true);
	m.report_of = TEXT("34jk324j");
	bindings_note(bindings, &m, &to_number);
	expect_permit("tel:+12025550199", true, false);
}

static void a_store_that_is_away_knows_no_number(void **state)
{
	(void)state;
	note_sip("+12025550100");
	restart();
	store_fake_fail(URL, "away");
	loop_fake_advance(loop, 0);
	expect_number("", true);
	store_fake_fail(URL, NULL);
	loop_fake_advance(loop, 0);
	expect_number("+12025550100", true);
}

static void who_has_lost_interest_hears_nothing(void **state)
{
	const struct message m = from_alice();
	struct bindings_look *look;

	(void)state;
	assert_true(bindings_ask(bindings, &m, on_answer, &answers, &look));
	bindings_cancel(&look);
	assert_null(look);
	bindings_cancel(&look);
	loop_fake_advance(loop, 0);
	assert_int_equal(answers, 0);
}

static void exercise(void)
{
	const struct bindings_options wish = { .age_ms = AGE_MS,
					       .by_number = true,
					       .notes = notes };
	const struct message m = from_alice();
	struct bindings_look *look;
	struct bindings *own;

	if (bindings_create(loop, &wish, &own) == GATEWAY_OK) {
		bindings_note(own, &m, &to_number);
		if (bindings_ask(own, &m, on_answer, &answers, &look))
			loop_fake_advance(loop, 0);
	}
	bindings_destroy(&own);
}

static void every_allocation_may_fail(void **state)
{
	(void)state;
	assert_true(unit_fail_allocations(exercise) > 0);
}

#define WITH(test) \
	cmocka_unit_test_setup_teardown(test, open_world, close_world)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH(conf_13_the_number_shown_is_known_after_a_restart),
		WITH(conf_13_so_is_that_none_is_shown),
		WITH(conf_13_by_jid_nothing_is_asked),
		WITH(sec_3_who_was_written_to_may_answer_after_a_restart),
		WITH(sec_3_what_was_found_does_not_outlive_its_age),
		WITH(a_fact_is_written_when_it_is_new_and_now_and_then),
		WITH(sec_3_a_failure_that_we_tell_is_no_permission),
		WITH(a_store_that_is_away_knows_no_number),
		WITH(who_has_lost_interest_hears_nothing),
		WITH(every_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
