#include "gateway/reports.h"

#include "tests/fake/loop_fake.h"
#include "tests/unit/unit.h"

#define MAX   8
#define AGE_S 3600

#define ALICE "alice@im.example"

static struct loop *loop;
static struct reports *reports;

static int open_reports(void **state)
{
	(void)state;
	loop = loop_fake_create();
	assert_int_equal(reports_create(loop, MAX, AGE_S, &reports),
			 GATEWAY_OK);
	return 0;
}

static int close_reports(void **state)
{
	(void)state;
	reports_destroy(&reports);
	assert_null(reports);
	reports_destroy(&reports);
	loop_fake_destroy(&loop);
	return 0;
}

/* Of a message from SIP. */
static struct report from_sip(const char *id, unsigned wants)
{
	return (struct report){ .id = id,
				.origin = PROTOCOL_SIP,
				.wants = wants,
				.date_s = 1207329409,
				.original_id = "34jk324j",
				.sender = "tel:+12025550199",
				.recipient = ALICE,
				.cpim_from = "im:bob@example.com",
				.cpim_to = "im:alice@im.example" };
}

static void note(const char *id, unsigned wants)
{
	const struct report report = from_sip(id, wants);

	assert_int_equal(reports_note(reports, &report), GATEWAY_OK);
}

static const struct report *take(const char *id, enum message_report what)
{
	return reports_take(reports, id, PROTOCOL_SIP, ALICE, what, NULL);
}

static void rcpt_3_each_type_is_reported_once(void **state)
{
	(void)state;
	note("1", MESSAGE_DELIVERED | MESSAGE_DISPLAYED | MESSAGE_FAILED);
	assert_non_null(take("1", MESSAGE_DELIVERED));
	assert_null(take("1", MESSAGE_DELIVERED));
	assert_null(take("1", MESSAGE_FAILED));
	assert_null(take("1", MESSAGE_FORBIDDEN));
	assert_non_null(take("1", MESSAGE_DISPLAYED));
	assert_null(take("1", MESSAGE_DISPLAYED));
}

static void rcpt_3_only_what_was_asked_for_is_reported(void **state)
{
	static const enum message_report all[] = { MESSAGE_DELIVERED,
						   MESSAGE_DISPLAYED,
						   MESSAGE_FAILED,
						   MESSAGE_FORBIDDEN };
	static const struct {
		unsigned wants;
		bool taken[4];
	} cases[] = {
		{ 0, { false, false, false, false } },
		{ MESSAGE_DELIVERED, { true, false, false, false } },
		{ MESSAGE_DISPLAYED, { false, true, false, false } },
		{ MESSAGE_FAILED, { false, false, true, true } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		for (size_t j = 0; j < 4; j++) {
			note("1", cases[i].wants);
			assert_int_equal(take("1", all[j]) != NULL,
					 cases[i].taken[j]);
			reports_forget(reports, "1");
		}
}

static void rcpt_9_only_the_recipient_is_believed(void **state)
{
	(void)state;
	note("1", MESSAGE_DELIVERED);
	assert_null(reports_take(reports, "2", PROTOCOL_SIP, ALICE,
				 MESSAGE_DELIVERED, NULL));
	assert_null(reports_take(reports, "1", PROTOCOL_XMPP, ALICE,
				 MESSAGE_DELIVERED, NULL));
	assert_null(reports_take(reports, "1", PROTOCOL_SIP, "mallory@x",
				 MESSAGE_DELIVERED, NULL));
	assert_null(reports_take(reports, "1", PROTOCOL_SIP, ALICE "/r1",
				 MESSAGE_DELIVERED, NULL));
	assert_non_null(reports_take(reports, "1", PROTOCOL_SIP, ALICE,
				     MESSAGE_DELIVERED, NULL));
}

/* NULL: none is wanted. */
static struct message *failure(struct reports *table, const char *id,
			       enum message_report what)
{
	struct message *m;
	enum gateway_status status = reports_failure(table, id, what, &m);

	if (status != GATEWAY_OK)
		assert_null(m);
	return m;
}

static void rcpt_4_after_a_refusal_there_is_no_report(void **state)
{
	(void)state;
	note("1", MESSAGE_DELIVERED | MESSAGE_FAILED);
	reports_forget(reports, "1");
	reports_forget(reports, "1");
	assert_null(take("1", MESSAGE_DELIVERED));
	assert_null(failure(reports, "1", MESSAGE_FAILED));
}

static void rcpt_3_a_message_that_is_tried_again_is_the_same(void **state)
{
	(void)state;
	note("1", MESSAGE_DELIVERED);
	assert_non_null(take("1", MESSAGE_DELIVERED));
	note("1", MESSAGE_DELIVERED);
	assert_null(take("1", MESSAGE_DELIVERED));
}

static void rcpt_3_a_report_that_is_tried_again_is_the_same(void **state)
{
	static const char *const ids[] = { "one", "one", "two", NULL };

	(void)state;
	note("1", MESSAGE_DELIVERED | MESSAGE_DISPLAYED);
	for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++)
		assert_int_equal(reports_take(reports, "1", PROTOCOL_SIP, ALICE,
					      MESSAGE_DELIVERED,
					      ids[i]) != NULL,
				 i < 2);
	assert_null(reports_take(reports, "1", PROTOCOL_SIP, "mallory@x",
				 MESSAGE_DELIVERED, "one"));
	assert_non_null(reports_take(reports, "1", PROTOCOL_SIP, ALICE,
				     MESSAGE_DISPLAYED, "two"));
}

static void sec_17_reports_have_an_age_and_a_number(void **state)
{
	char id[2] = "a";

	(void)state;
	note("old", MESSAGE_DELIVERED);
	loop_fake_advance(loop, (AGE_S - 1) * 1000);
	note("young", MESSAGE_DELIVERED);
	assert_non_null(take("old", MESSAGE_DELIVERED));
	loop_fake_advance(loop, 1000);
	assert_null(take("old", MESSAGE_DELIVERED));
	for (int i = 0; i < MAX; i++, id[0]++)
		note(id, MESSAGE_DELIVERED);
	assert_null(take("young", MESSAGE_DELIVERED));
	assert_non_null(take("a", MESSAGE_DELIVERED));
}

static void conf_26_a_report_goes_where_the_message_says(void **state)
{
	static const struct {
		const char *sender, *route, *to, *target;
	} cases[] = {
		{ "tel:+12025550199;ext=7", NULL, "tel:+12025550199;ext=7",
		  "+12025550199;ext=7" },
		{ "sip:bob@example.com", NULL, "sip:bob@example.com",
		  "sip:bob@example.com" },
		{ "tel:+12025550199", "sip:b@b.example sip:a@a.example",
		  "sip:b@b.example", "sip:b@b.example" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct report report = from_sip("1", MESSAGE_DELIVERED);
		struct message *m;

		report.sender = cases[i].sender;
		report.route = cases[i].route;
		assert_int_equal(reports_message(&report, MESSAGE_DELIVERED,
						 ALICE "/r1", &m),
				 GATEWAY_OK);
		assert_string_equal(m->to, cases[i].to);
		assert_string_equal(m->target, cases[i].target);
		if (cases[i].route)
			assert_string_equal(m->report_route, cases[i].route);
		else
			assert_null(m->report_route);
		message_destroy(&m);
	}
}

static void rcpt_2_a_report_becomes_a_message(void **state)
{
	struct report report = from_sip("1", MESSAGE_DELIVERED);
	struct message *m;

	(void)state;
	assert_int_equal(
		reports_message(&report, MESSAGE_DELIVERED, ALICE "/r1", &m),
		GATEWAY_OK);
	assert_int_equal(m->origin, PROTOCOL_XMPP);
	assert_int_equal(m->purpose, MESSAGE_REPORT);
	assert_int_equal(m->kind, PLAN_REPLY);
	assert_int_equal(m->report, MESSAGE_DELIVERED);
	assert_int_equal(m->report_date_s, 1207329409);
	assert_int_equal(m->wants, 0);
	assert_string_equal(m->from, ALICE "/r1");
	assert_string_equal(m->report_of, "34jk324j");
	assert_string_equal(m->report_from, "im:alice@im.example");
	assert_string_equal(m->report_to, "im:bob@example.com");
	message_destroy(&m);
	report.cpim_from = report.cpim_to = NULL;
	assert_int_equal(reports_message(&report, MESSAGE_DELIVERED, ALICE, &m),
			 GATEWAY_OK);
	assert_null(m->report_from);
	assert_string_equal(m->report_to, "tel:+12025550199");
	message_destroy(&m);
}

/* What is asked for again has the same key: it is stored once. */
static void rcpt_4_a_message_that_died_is_reported_once(void **state)
{
	struct message *m, *again;

	(void)state;
	note("1", MESSAGE_FAILED);
	m = failure(reports, "1", MESSAGE_FORBIDDEN);
	assert_non_null(m);
	assert_int_equal(m->report, MESSAGE_FORBIDDEN);
	assert_string_equal(m->from, ALICE);
	again = failure(reports, "1", MESSAGE_FORBIDDEN);
	assert_non_null(again);
	assert_true(m->has_key && again->has_key);
	assert_memory_equal(m->key, again->key, sizeof m->key);
	message_destroy(&m);
	message_destroy(&again);
	note("2", MESSAGE_DELIVERED);
	assert_null(failure(reports, "2", MESSAGE_FAILED));
}

/* What was written down, as after a restart. */

static struct {
	struct reports *copy;
	unsigned noted, sent, forgotten;
} watched;

static void on_noted(const struct report *report, void *arg)
{
	assert_null(arg);
	watched.noted++;
	assert_int_equal(reports_restore(watched.copy, report), GATEWAY_OK);
}

static void on_sent(const struct report *report, void *arg)
{
	assert_null(arg);
	watched.sent++;
	assert_int_equal(reports_restore(watched.copy, report), GATEWAY_OK);
}

static void on_forgotten(const char *id, void *arg)
{
	assert_null(arg);
	watched.forgotten++;
	reports_forget(watched.copy, id);
}

static void watch(void)
{
	static const struct reports_watch all = { .noted = on_noted,
						  .sent = on_sent,
						  .forgotten = on_forgotten };

	memset(&watched, 0, sizeof watched);
	assert_int_equal(reports_create(loop, MAX, 2 * AGE_S, &watched.copy),
			 GATEWAY_OK);
	reports_set_watch(reports, &all);
}

static void what_is_kept_can_be_saved_and_put_back(void **state)
{
	const struct report *report;

	(void)state;
	watch();
	note("1", MESSAGE_DELIVERED | MESSAGE_DISPLAYED);
	note("2", MESSAGE_DELIVERED);
	assert_non_null(take("1", MESSAGE_DELIVERED));
	assert_null(reports_take(watched.copy, "1", PROTOCOL_SIP, ALICE,
				 MESSAGE_DELIVERED, NULL));
	report = reports_take(watched.copy, "1", PROTOCOL_SIP, ALICE,
			      MESSAGE_DISPLAYED, NULL);
	assert_non_null(report);
	assert_string_equal(report->original_id, "34jk324j");
	assert_null(report->route);
	assert_string_equal(report->cpim_to, "im:alice@im.example");
	loop_fake_advance(loop, AGE_S * 1000);
	assert_null(reports_find(watched.copy, "2"));
	reports_destroy(&watched.copy);
}

static void each_change_is_heard_of_once(void **state)
{
	(void)state;
	watch();
	note("1", MESSAGE_DELIVERED);
	note("1", MESSAGE_DELIVERED);
	assert_int_equal(watched.noted, 1);
	assert_null(take("1", MESSAGE_DISPLAYED));
	assert_non_null(take("1", MESSAGE_DELIVERED));
	assert_null(take("1", MESSAGE_DELIVERED));
	assert_int_equal(watched.sent, 1);
	reports_forget(reports, "1");
	reports_forget(reports, "1");
	assert_int_equal(watched.forgotten, 1);
	assert_null(reports_find(watched.copy, "1"));
	reports_destroy(&watched.copy);
}

static void rcpt_3_what_another_life_has_sent_counts_as_sent(void **state)
{
	struct report saved = from_sip("1", MESSAGE_DELIVERED);

	(void)state;
	note("1", MESSAGE_DELIVERED | MESSAGE_DISPLAYED);
	assert_non_null(reports_take(reports, "1", PROTOCOL_SIP, ALICE,
				     MESSAGE_DISPLAYED, "by one"));
	saved.sent = MESSAGE_DELIVERED;
	memcpy(saved.delivery_by, "by two", sizeof "by two");
	assert_int_equal(reports_restore(reports, &saved), GATEWAY_OK);
	assert_null(take("1", MESSAGE_DELIVERED));
	assert_null(take("1", MESSAGE_DISPLAYED));
	assert_non_null(reports_take(reports, "1", PROTOCOL_SIP, ALICE,
				     MESSAGE_DELIVERED, "by two"));
	assert_non_null(reports_take(reports, "1", PROTOCOL_SIP, ALICE,
				     MESSAGE_DISPLAYED, "by one"));
}

/* It stands behind younger ones, and is older all the same. */
static void what_was_put_back_ends_at_its_own_time(void **state)
{
	struct report old = from_sip("1", MESSAGE_DELIVERED);

	(void)state;
	note("2", MESSAGE_DELIVERED);
	old.until_s = loop_wall_s(loop) + 60;
	assert_int_equal(reports_restore(reports, &old), GATEWAY_OK);
	assert_non_null(reports_find(reports, "1"));
	loop_fake_advance(loop, 60000);
	assert_null(reports_find(reports, "1"));
	assert_non_null(reports_find(reports, "2"));
	reports_drop_all(reports);
	assert_null(reports_find(reports, "2"));
}

static void rcpt_4_who_calls_his_message_nothing_is_told_in_a_text(void **state)
{
	static const struct {
		enum message_report what;
		const char *to, *text;
	} cases[] = {
		{ MESSAGE_FAILED, "tel:+12025550100",
		  "Your message to +12025550100 was not delivered: "
		  "the recipient cannot be reached." },
		{ MESSAGE_FORBIDDEN, "sip:bob@gw.example.net;transport=tcp?a=b",
		  "Your message to bob@gw.example.net was not delivered: "
		  "it is not allowed." },
		{ MESSAGE_FAILED, "",
		  "Your message to  was not delivered: "
		  "the recipient cannot be reached." },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct report report = from_sip("1", MESSAGE_FAILED);
		struct message *m;

		report.original_id = report.cpim_from = NULL;
		report.cpim_to = cases[i].to;
		assert_int_equal(reports_note(reports, &report), GATEWAY_OK);
		m = failure(reports, "1", cases[i].what);
		assert_non_null(m);
		assert_int_equal(m->purpose, MESSAGE_REPORT);
		assert_null(m->report_of);
		assert_string_equal(m->body, cases[i].text);
		assert_string_equal(m->target, "+12025550199");
		assert_string_equal(m->from, ALICE);
		message_destroy(&m);
		reports_forget(reports, "1");
	}
}

static void without_a_table_there_are_no_reports(void **state)
{
	const struct report report = from_sip("1", MESSAGE_DELIVERED);

	(void)state;
	assert_int_equal(reports_note(NULL, &report), GATEWAY_OK);
	assert_null(reports_take(NULL, "1", PROTOCOL_SIP, ALICE,
				 MESSAGE_DELIVERED, NULL));
	reports_forget(NULL, "1");
	assert_int_equal(reports_restore(NULL, &report), GATEWAY_OK);
	assert_null(reports_find(NULL, "1"));
	assert_false(reports_write_texts(NULL));
	reports_drop_all(NULL);
	assert_null(failure(NULL, "1", MESSAGE_FAILED));
}

static void exercise(void)
{
	struct loop *own = loop_fake_create();
	struct report report = from_sip("1", MESSAGE_FAILED);
	struct reports *table;
	struct message *m;

	report.route = "sip:a@a.example";
	if (reports_create(own, 1, AGE_S, &table) == GATEWAY_OK) {
		(void)reports_note(table, &report);
		m = failure(table, "1", MESSAGE_FAILED);
		message_destroy(&m);
		report.id = "2";
		report.original_id = NULL;
		(void)reports_restore(table, &report);
		m = failure(table, "2", MESSAGE_FAILED);
		message_destroy(&m);
	}
	reports_destroy(&table);
	loop_fake_destroy(&own);
}

static void every_allocation_may_fail(void **state)
{
	(void)state;
	assert_true(unit_fail_allocations(exercise) > 0);
}

#define WITH(test) \
	cmocka_unit_test_setup_teardown(test, open_reports, close_reports)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH(rcpt_3_each_type_is_reported_once),
		WITH(rcpt_3_only_what_was_asked_for_is_reported),
		WITH(rcpt_9_only_the_recipient_is_believed),
		WITH(rcpt_4_after_a_refusal_there_is_no_report),
		WITH(rcpt_3_a_message_that_is_tried_again_is_the_same),
		WITH(rcpt_3_a_report_that_is_tried_again_is_the_same),
		WITH(sec_17_reports_have_an_age_and_a_number),
		WITH(conf_26_a_report_goes_where_the_message_says),
		WITH(rcpt_2_a_report_becomes_a_message),
		WITH(rcpt_4_a_message_that_died_is_reported_once),
		WITH(what_is_kept_can_be_saved_and_put_back),
		WITH(each_change_is_heard_of_once),
		WITH(rcpt_3_what_another_life_has_sent_counts_as_sent),
		WITH(what_was_put_back_ends_at_its_own_time),
		WITH(rcpt_4_who_calls_his_message_nothing_is_told_in_a_text),
		WITH(without_a_table_there_are_no_reports),
		cmocka_unit_test(every_allocation_may_fail),
	};

	return cmocka_run_group_tests_name("reports", tests, NULL, NULL);
}
