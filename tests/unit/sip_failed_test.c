#include "gateway/sip/sip_private.h"
#include "tests/fake/loop_fake.h"
#include "tests/fake/store_fake.h"
#include "tests/unit/unit.h"

#define URL "fake:failed"
#define ID  "id-of-twenty-letters"

/* What senders are told. */
static struct {
	struct message *last;
	unsigned asked, count;
	unsigned char key[MESSAGE_KEY_SIZE]; /* of the first one */
} told;

static void got_notice(enum gateway_status status, struct message *notice,
		       void *arg)
{
	assert_ptr_equal(arg, &told);
	told.asked--;
	if (status != GATEWAY_OK)
		assert_null(notice);
	if (!notice)
		return;
	assert_true(notice->has_key);
	if (told.count++ == 0)
		memcpy(told.key, notice->key, sizeof told.key);
	message_destroy(&told.last);
	told.last = notice;
}

static struct sipside side;
static struct store *store;
static struct notes *notes;
static struct message *message;

static const char *const domains[] = { "gw.example.net" };

/* As after a start. */
static void open_reports(void)
{
	assert_int_equal(notes_create(&notes), GATEWAY_OK);
	notes_open(notes, store);
	assert_int_equal(
		reports_create(side.loop, 16, 3600, &side.options.reports),
		GATEWAY_OK);
	assert_int_equal(reports_saved_create(side.options.reports, notes,
					      &side.options.saved),
			 GATEWAY_OK);
}

static void close_reports(void)
{
	sipside_failures_clear(&side);
	reports_saved_destroy(&side.options.saved);
	reports_destroy(&side.options.reports);
	notes_destroy(&notes);
}

static int open_side(void **state)
{
	const struct store_options options = { .url = URL,
					       .node = "gw1",
					       .seen_ms = 1000,
					       .lease_ms = 1000,
					       .waiting_max = 4096 };
	char why[128];

	(void)state;
	memset(&side, 0, sizeof side);
	memset(&told, 0, sizeof told);
	side.loop = loop_fake_create();
	side.options.domains = domains;
	side.options.domain_count = 1;
	assert_int_equal(
		store_open(side.loop, &options, &store, why, sizeof why),
		STORE_OK);
	open_reports();
	message = message_create();
	return message ? 0 : -1;
}

static int close_side(void **state)
{
	(void)state;
	message_destroy(&told.last);
	message_destroy(&message);
	close_reports();
	store_close(&store, 1000);
	store_fake_wipe();
	loop_fake_destroy(&side.loop);
	return 0;
}

#define ASKS                                                 \
	"From: <im:bob@example.com>\r\n"                     \
	"NS: imdn <urn:ietf:params:imdn>\r\n"                \
	"imdn.Message-ID: 34jk324j\r\n"                      \
	"imdn.Disposition-Notification: positive-delivery, " \
	"negative-delivery\r\n\r\nContent-type: text/plain\r\n\r\nHi"
#define IMDN_OF_HIS                                                \
	"From: <im:bob@example.com>\r\n\r\n"                       \
	"Content-type: "                                           \
	"message/imdn+xml\r\n\r\n<imdn><message-id>x</message-id>" \
	"</imdn>"

static bool fill(const char *type, const char *body)
{
	memcpy(message->id, ID, sizeof message->id);
	message->origin = PROTOCOL_SIP;
	message->kind = PLAN_NUMBER;
	message->answered = true;
	return message_set(&message->from, "tel:+12025550199") == GATEWAY_OK &&
	       message_set(&message->to, "tel:+1-202-555-0100") == GATEWAY_OK &&
	       message_set(&message->target, "+12025550100;npdi") ==
		       GATEWAY_OK &&
	       message_set(&message->content_type, type) == GATEWAY_OK &&
	       message_set_body(message, body, strlen(body)) == GATEWAY_OK;
}

/* @return how many were told */
static unsigned give_up(int code)
{
	const struct outcome outcome = outcome_of_sip(code, "no");
	unsigned before = told.count;

	told.asked++;
	sipside_failed(&side.face, message, &outcome, got_notice, &told);
	loop_fake_advance(side.loop, 0);
	assert_int_equal(told.asked, 0);
	return told.count - before;
}

/* What is told twice is stored once: it has the same key. */
static void assert_told_again(int code)
{
	assert_int_equal(give_up(code), 1);
	assert_memory_equal(told.last->key, told.key, sizeof told.key);
}

static void rcpt_4_who_asked_hears_once_that_it_failed(void **state)
{
	(void)state;
	assert_true(fill("message/cpim", ASKS));
	assert_int_equal(give_up(500), 1);
	assert_int_equal(told.last->report, MESSAGE_FAILED);
	assert_string_equal(told.last->report_of, "34jk324j");
	assert_string_equal(told.last->target, "+12025550199");
	assert_string_equal(told.last->from, "+12025550100@gw.example.net");
	assert_told_again(500);
}

static void rcpt_4_a_refusal_is_called_so(void **state)
{
	(void)state;
	assert_true(fill("message/cpim", ASKS));
	assert_int_equal(give_up(403), 1);
	assert_int_equal(told.last->report, MESSAGE_FORBIDDEN);
}

static void
rcpt_3_what_was_told_before_a_restart_is_known_by_its_key(void **state)
{
	(void)state;
	assert_true(fill("message/cpim", ASKS));
	assert_int_equal(give_up(500), 1);
	close_reports();
	open_reports();
	assert_told_again(500);
	assert_null(side.failures);
}

static void rcpt_4_who_did_not_ask_is_told_in_a_text_if_that_is_on(void **state)
{
	(void)state;
	assert_true(fill(NULL, "Hi"));
	assert_int_equal(give_up(500), 0);
	reports_set_texts(side.options.reports, true);
	assert_int_equal(give_up(500), 1);
	assert_null(told.last->report_of);
	assert_string_equal(told.last->body,
			    "Your message to +1-202-555-0100 was not "
			    "delivered: the recipient cannot be reached.");
	assert_told_again(500);
}

static void the_text_comes_from_where_the_message_went(void **state)
{
	static const struct {
		enum plan_kind kind;
		const char *target, *from;
	} cases[] = {
		{ PLAN_IM, "im:alice@im.example", "alice@im.example" },
		{ PLAN_JID, "alice@im.example", "alice@im.example" },
	};

	(void)state;
	reports_set_texts(side.options.reports, true);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_true(fill(NULL, "Hi"));
		message->id[0] = (char)('0' + i);
		message->kind = cases[i].kind;
		assert_int_equal(message_set(&message->target, cases[i].target),
				 GATEWAY_OK);
		assert_int_equal(give_up(500), 1);
		assert_string_equal(told.last->from, cases[i].from);
	}
}

static void rcpt_4_a_report_that_failed_is_told_to_nobody(void **state)
{
	(void)state;
	reports_set_texts(side.options.reports, true);
	assert_true(fill("message/cpim", IMDN_OF_HIS));
	assert_int_equal(give_up(500), 0);
	assert_true(fill("message/imdn+xml", "<imdn/>"));
	assert_int_equal(give_up(500), 0);
}

static void sec_13_who_hides_is_told_nothing(void **state)
{
	(void)state;
	reports_set_texts(side.options.reports, true);
	assert_true(fill(NULL, "Hi"));
	message->anonymous = true;
	assert_int_equal(give_up(500), 0);
	assert_true(fill("message/cpim", ASKS));
	assert_int_equal(give_up(500), 0);
}

static void what_waits_at_the_end_is_forgotten(void **state)
{
	const struct outcome outcome = outcome_of_sip(500, "no");

	(void)state;
	assert_true(fill("message/cpim", ASKS));
	sipside_failed(&side.face, message, &outcome, got_notice, &told);
	assert_non_null(side.failures);
	sipside_failures_clear(&side);
	loop_fake_advance(side.loop, 0);
	assert_int_equal(told.count, 0);
}

static void exercise(void)
{
	if (fill("message/cpim", ASKS))
		(void)give_up(500);
	reports_drop_all(side.options.reports);
}

static void every_allocation_may_fail(void **state)
{
	(void)state;
	assert_true(unit_fail_allocations(exercise) > 0);
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, open_side, close_side)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH(rcpt_4_who_asked_hears_once_that_it_failed),
		WITH(rcpt_4_a_refusal_is_called_so),
		WITH(rcpt_3_what_was_told_before_a_restart_is_known_by_its_key),
		WITH(rcpt_4_who_did_not_ask_is_told_in_a_text_if_that_is_on),
		WITH(the_text_comes_from_where_the_message_went),
		WITH(rcpt_4_a_report_that_failed_is_told_to_nobody),
		WITH(sec_13_who_hides_is_told_nothing),
		WITH(what_waits_at_the_end_is_forgotten),
		WITH(every_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
