#include "gateway/reports_saved.h"

#include "gateway/reports_json.h"
#include "tests/fake/loop_fake.h"
#include "tests/fake/store_fake.h"
#include "tests/unit/unit.h"

#define URL   "fake:reports"
#define AGE_S 3600
#define ID    "id-of-twenty-letters"
#define OTHER "another-of-as-many-l"
#define ALICE "alice@im.example"

/* A node, or one life of it: all lie on the same disk. */
struct node {
	struct store *store;
	struct notes *notes;
	struct reports *reports;
	struct reports_saved *saved;
	unsigned done;
};

static struct loop *loop;
static struct node node;

static void open_node(void)
{
	const struct store_options options = { .url = URL,
					       .node = "gw1",
					       .seen_ms = 1000,
					       .lease_ms = 1000,
					       .waiting_max = 4096 };
	char why[128];

	node = (struct node){ .done = 0 };
	assert_int_equal(
		store_open(loop, &options, &node.store, why, sizeof why),
		STORE_OK);
	assert_int_equal(notes_create(&node.notes), GATEWAY_OK);
	notes_open(node.notes, node.store);
	assert_int_equal(reports_create(loop, 16, AGE_S, &node.reports),
			 GATEWAY_OK);
	assert_int_equal(
		reports_saved_create(node.reports, node.notes, &node.saved),
		GATEWAY_OK);
}

static void close_node(void)
{
	reports_saved_destroy(&node.saved);
	reports_destroy(&node.reports);
	notes_destroy(&node.notes);
	store_close(&node.store, 1000);
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

static struct report of_sip(void)
{
	return (struct report){ .id = ID,
				.origin = PROTOCOL_SIP,
				.wants = MESSAGE_DELIVERED | MESSAGE_DISPLAYED,
				.date_s = 1207329409,
				.original_id = "34jk324j",
				.sender = "tel:+12025550199",
				.recipient = ALICE,
				.route = "sip:a@a.example sip:b@b.example",
				.cpim_from = "im:bob@example.com" };
}

static void note(bool again)
{
	struct report report = of_sip();

	report.again = again;
	assert_int_equal(reports_note(node.reports, &report), GATEWAY_OK);
}

static const struct report *take(enum message_report what)
{
	return reports_take(node.reports, ID, PROTOCOL_SIP, ALICE, what, NULL);
}

static void on_done(void *arg)
{
	((struct node *)arg)->done++;
}

/* @return whether it had to be asked */
static bool ask(const char *id)
{
	struct reports_look *look;
	bool asked = reports_saved_ask(node.saved, id, on_done, &node, &look);
	unsigned before = node.done;

	assert_int_equal(look != NULL, asked);
	loop_fake_advance(loop, 0);
	assert_int_equal(node.done, before + asked);
	return asked;
}

static void rcpt_9_a_report_is_believed_after_a_restart(void **state)
{
	const struct report *report;

	(void)state;
	note(false);
	assert_false(ask(ID));
	restart();
	assert_null(take(MESSAGE_DELIVERED));
	assert_true(ask(ID));
	assert_false(ask(ID));
	assert_null(reports_take(node.reports, ID, PROTOCOL_SIP, "mallory@x",
				 MESSAGE_DELIVERED, NULL));
	report = take(MESSAGE_DELIVERED);
	assert_non_null(report);
	assert_string_equal(report->original_id, "34jk324j");
	assert_string_equal(report->sender, "tel:+12025550199");
	assert_string_equal(report->route, "sip:a@a.example sip:b@b.example");
	assert_string_equal(report->cpim_from, "im:bob@example.com");
	assert_null(report->cpim_to);
	assert_int_equal(report->date_s, 1207329409);
}

static void
rcpt_3_what_was_sent_before_a_restart_is_not_sent_again(void **state)
{
	(void)state;
	note(false);
	assert_non_null(reports_take(node.reports, ID, PROTOCOL_SIP, ALICE,
				     MESSAGE_DELIVERED, OTHER));
	restart();
	assert_true(ask(ID));
	assert_null(take(MESSAGE_DELIVERED));
	assert_non_null(reports_take(node.reports, ID, PROTOCOL_SIP, ALICE,
				     MESSAGE_DELIVERED, OTHER));
	assert_non_null(take(MESSAGE_DISPLAYED));
}

static void rcpt_3_a_message_tried_again_forgets_nothing(void **state)
{
	(void)state;
	note(false);
	assert_non_null(take(MESSAGE_DELIVERED));
	restart();
	note(true);
	loop_fake_advance(loop, 0);
	assert_null(take(MESSAGE_DELIVERED));
	restart();
	assert_true(ask(ID));
	assert_null(take(MESSAGE_DELIVERED));
	assert_non_null(take(MESSAGE_DISPLAYED));
}

static void a_message_tried_again_is_written_if_it_was_not(void **state)
{
	(void)state;
	note(true);
	loop_fake_advance(loop, 0);
	restart();
	assert_true(ask(ID));
	assert_non_null(take(MESSAGE_DELIVERED));
}

static void rcpt_4_what_was_refused_is_not_found(void **state)
{
	(void)state;
	note(false);
	reports_forget(node.reports, ID);
	restart();
	assert_true(ask(ID));
	assert_null(take(MESSAGE_DELIVERED));
}

static void sec_17_what_is_too_old_is_not_found(void **state)
{
	(void)state;
	note(false);
	loop_fake_advance(loop, AGE_S * 1000);
	restart();
	assert_true(ask(ID));
	assert_null(take(MESSAGE_DELIVERED));
}

static void rcpt_9_only_an_id_like_ours_is_asked_for(void **state)
{
	static const char *const ids[] = { "", "short", ID "and-more-of-it" };

	(void)state;
	for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++)
		assert_false(ask(ids[i]));
	assert_true(ask(OTHER));
	assert_null(reports_find(node.reports, OTHER));
}

static void rcpt_3_the_new_owner_of_the_link_asks_what_was_sent(void **state)
{
	struct report sent = of_sip();
	char *json;

	(void)state;
	note(false);
	sent.sent = MESSAGE_DELIVERED;
	sent.until_s = loop_wall_s(loop) + AGE_S;
	json = reports_json_write(&sent);
	store_note(node.store, "report", ID, span_of(json),
		   sent.until_s * 1000); /* another node has */
	free(json);
	reports_saved_renew(node.saved);
	assert_true(ask(ID));
	assert_null(take(MESSAGE_DELIVERED));
}

static void a_cancelled_question_is_not_answered(void **state)
{
	struct reports_look *look;

	(void)state;
	assert_true(reports_saved_ask(node.saved, ID, on_done, &node, &look));
	reports_saved_cancel(&look);
	assert_null(look);
	reports_saved_cancel(&look);
	loop_fake_advance(loop, 0);
	assert_int_equal(node.done, 0);
}

static void questions_may_be_open_at_the_end(void **state)
{
	struct reports_look *look;

	(void)state;
	assert_true(reports_saved_ask(node.saved, ID, on_done, &node, &look));
	note(true);
	assert_true(
		reports_saved_ask(node.saved, OTHER, on_done, &node, &look));
}

static void without_a_store_nothing_is_asked(void **state)
{
	struct reports_look *look;

	(void)state;
	assert_false(reports_saved_ask(NULL, ID, on_done, NULL, &look));
	reports_saved_renew(NULL);
	notes_open(node.notes, NULL);
	note(true);
	assert_false(ask(OTHER));
	reports_saved_renew(node.saved);
	assert_non_null(take(MESSAGE_DELIVERED));
	notes_open(node.notes, node.store);
}

static void a_store_that_is_away_knows_nothing(void **state)
{
	(void)state;
	store_fake_fail(URL, "no space left");
	loop_fake_advance(loop, 0);
	note(false);
	assert_true(ask(OTHER));
	assert_non_null(take(MESSAGE_DELIVERED));
}

static void what_is_no_report_of_ours_is_not_put_back(void **state)
{
	static const char *const values[] = { "", "{", "[]",
					      "{\"sender\":\"tel:+1\"}",
					      "{\"recipient\":\"" ALICE
					      "\",\"sender\":1}" };

	(void)state;
	for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
		store_note(node.store, "report", ID, span_of(values[i]),
			   INT64_MAX);
		assert_true(ask(ID));
		assert_null(reports_find(node.reports, ID));
	}
}

static void exercise(void)
{
	struct report report = of_sip();
	struct reports_saved *saved = NULL;
	struct reports_look *look;

	reports_saved_destroy(&node.saved);
	if (reports_saved_create(node.reports, node.notes, &saved) ==
	    GATEWAY_OK) {
		(void)reports_note(node.reports, &report);
		(void)take(MESSAGE_DELIVERED);
		reports_drop_all(node.reports);
		if (reports_saved_ask(saved, ID, on_done, &node, &look))
			loop_fake_advance(loop, 0);
		reports_drop_all(node.reports);
		report.again = true;
		(void)reports_note(node.reports, &report);
		loop_fake_advance(loop, 0);
		reports_drop_all(node.reports);
	}
	reports_saved_destroy(&saved);
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
		WITH(rcpt_9_a_report_is_believed_after_a_restart),
		WITH(rcpt_3_what_was_sent_before_a_restart_is_not_sent_again),
		WITH(rcpt_3_a_message_tried_again_forgets_nothing),
		WITH(a_message_tried_again_is_written_if_it_was_not),
		WITH(rcpt_4_what_was_refused_is_not_found),
		WITH(sec_17_what_is_too_old_is_not_found),
		WITH(rcpt_9_only_an_id_like_ours_is_asked_for),
		WITH(rcpt_3_the_new_owner_of_the_link_asks_what_was_sent),
		WITH(a_cancelled_question_is_not_answered),
		WITH(questions_may_be_open_at_the_end),
		WITH(without_a_store_nothing_is_asked),
		WITH(a_store_that_is_away_knows_nothing),
		WITH(what_is_no_report_of_ours_is_not_put_back),
		WITH(every_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
