#include "gateway/sip/sip_report.h"

#include "gateway/sip/sip_private.h"
#include "gateway/sip/sip_refused.h"
#include "tests/fake/loop_fake.h"
#include "tests/unit/unit.h"

#define ID "id-of-twenty-letters"

static struct sipside side;
static struct message *message;
static struct attempt attempt;

static int open_side(void **state)
{
	(void)state;
	memset(&side, 0, sizeof side);
	side.loop = loop_fake_create();
	side.options.xmpp_domain = "gw.example.net";
	message = message_create();
	assert_non_null(message);
	attempt = (struct attempt){ .message = message };
	assert_true(span_copy(span_of("tel:+12025550199"),
			      attempt.hop.recipient,
			      sizeof attempt.hop.recipient));
	assert_int_equal(
		reports_create(side.loop, 16, 3600, &side.options.reports),
		GATEWAY_OK);
	assert_int_equal(sipside_refused_create(side.loop, &side.refused),
			 GATEWAY_OK);
	return 0;
}

static int close_side(void **state)
{
	(void)state;
	message_destroy(&message);
	key_table_destroy(&side.refused);
	reports_destroy(&side.options.reports);
	loop_fake_destroy(&side.loop);
	return 0;
}

/* Helpers answer whether there was memory. */
static bool fill(void)
{
	memcpy(message->id, ID, sizeof message->id);
	message->origin = PROTOCOL_XMPP;
	message->arrived_s = 1207329409;
	return message_set(&message->from, "alice@im.example/r1") == GATEWAY_OK;
}

static bool fill_text(void)
{
	message->purpose = MESSAGE_TEXT;
	message->wants = MESSAGE_DELIVERED;
	return fill() && message_set(&message->stanza_id, "m7") == GATEWAY_OK &&
	       message_set(&message->target, "+12025550199") == GATEWAY_OK &&
	       message_set_body(message, "Hi\n", 3) == GATEWAY_OK;
}

static bool fill_report(void)
{
	message->purpose = MESSAGE_REPORT;
	message->report = MESSAGE_DELIVERED;
	message->report_date_s = 1207329400;
	return fill() &&
	       message_set(&message->report_of, "34jk324j") == GATEWAY_OK &&
	       message_set(&message->report_to, "im:bob@example.com") ==
		       GATEWAY_OK;
}

#define IMDN(recipient)                                        \
	"Content-type: message/imdn+xml\r\n"                   \
	"Content-Disposition: notification\r\n\r\n"            \
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n"       \
	"<imdn xmlns=\"urn:ietf:params:xml:ns:imdn\">\r\n"     \
	"<message-id>34jk324j</message-id>\r\n"                \
	"<datetime>2008-04-04T17:16:40Z</datetime>\r\n"        \
	"<recipient-uri>" recipient "</recipient-uri>\r\n"     \
	"<delivery-notification><status><delivered/></status>" \
	"</delivery-notification>\r\n</imdn>\r\n"

static void assert_body(bool wrap, const char *type, const char *expected)
{
	struct sipside_body body;

	assert_true(sipside_body_write(&side, &attempt, wrap, &body));
	assert_string_equal(body.content_type, type);
	assert_int_equal(body.text.len, strlen(expected));
	assert_memory_equal(body.text.at, expected, body.text.len);
	sipside_body_clear(&body);
}

static void rcpt_2_a_report_is_written_in_message_cpim(void **state)
{
	(void)state;
	assert_true(fill_report());
	assert_body(false, "message/cpim",
		    "From: <sip:alice@im.example;gr=r1>\r\n"
		    "To: <im:bob@example.com>\r\n"
		    "DateTime: 2008-04-04T17:16:49Z\r\n"
		    "NS: imdn <urn:ietf:params:imdn>\r\n"
		    "imdn.Message-ID: " ID
		    "\r\n\r\n" IMDN("sip:alice@im.example;gr=r1"));
}

static void rcpt_2_conf_26_addresses_are_those_of_the_message(void **state)
{
	(void)state;
	assert_true(fill_report());
	assert_int_equal(
		message_set(&message->report_from, "im:alice@im.example"),
		GATEWAY_OK);
	assert_int_equal(message_set(&message->report_route,
				     "sip:b@b.example sip:a@a.example"),
			 GATEWAY_OK);
	assert_body(false, "message/cpim",
		    "From: <im:alice@im.example>\r\n"
		    "To: <im:bob@example.com>\r\n"
		    "DateTime: 2008-04-04T17:16:49Z\r\n"
		    "NS: imdn <urn:ietf:params:imdn>\r\n"
		    "imdn.Message-ID: " ID "\r\n"
		    "imdn.IMDN-Route: <sip:b@b.example>\r\n"
		    "imdn.IMDN-Route: <sip:a@a.example>\r\n\r\n" IMDN(
			    "im:alice@im.example"));
}

static void rcpt_7_a_text_is_wrapped_or_not(void **state)
{
	(void)state;
	assert_true(fill_text());
	assert_body(false, "text/plain", "Hi\r\n");
	assert_body(true, "message/cpim",
		    "From: <sip:alice@im.example;gr=r1>\r\n"
		    "To: <tel:+12025550199>\r\n"
		    "DateTime: 2008-04-04T17:16:49Z\r\n"
		    "NS: imdn <urn:ietf:params:imdn>\r\n"
		    "imdn.Message-ID: " ID "\r\n"
		    "imdn.Disposition-Notification: positive-delivery, "
		    "negative-delivery\r\n\r\n"
		    "Content-type: text/plain\r\n\r\nHi\r\n");
}

static void rcpt_7_only_who_may_answer_is_asked(void **state)
{
	struct reports *reports = side.options.reports;

	(void)state;
	assert_true(fill_text());
	assert_true(sipside_report_is_wanted(&side, &attempt));
	message->wants = 0;
	assert_false(sipside_report_is_wanted(&side, &attempt));
	message->wants = MESSAGE_DISPLAYED;
	side.options.reports = NULL;
	assert_false(sipside_report_is_wanted(&side, &attempt));
	side.options.reports = reports;
	sipside_refused_note(side.refused, attempt.hop.recipient,
			     "message/cpim", NULL);
	assert_false(sipside_report_is_wanted(&side, &attempt));
}

static void rcpt_8_a_text_without_an_id_asks_for_nothing(void **state)
{
	(void)state;
	assert_true(fill_text());
	assert_int_equal(message_set(&message->stanza_id, NULL), GATEWAY_OK);
	assert_false(sipside_report_is_wanted(&side, &attempt));
}

static void rcpt_9_the_number_alone_may_report(void **state)
{
	const struct report *report;

	(void)state;
	assert_true(fill_text());
	sipside_report_note(&side, &attempt);
	assert_null(reports_take(side.options.reports, ID, PROTOCOL_XMPP,
				 "+12025550198@gw.example.net",
				 MESSAGE_DELIVERED, NULL));
	report = reports_take(side.options.reports, ID, PROTOCOL_XMPP,
			      "+12025550199@gw.example.net", MESSAGE_DELIVERED,
			      NULL);
	assert_non_null(report);
	assert_string_equal(report->original_id, "m7");
	assert_string_equal(report->sender, "alice@im.example/r1");
}

static void write_body(bool wrap)
{
	struct sipside_body body;

	const bool done = sipside_body_write(&side, &attempt, wrap, &body);

	assert_true(!done || body.text.at == body.own);
	sipside_body_clear(&body); /* whatever the answer */
}

static void exercise(void)
{
	if (fill_text()) {
		write_body(true);
		sipside_report_note(&side, &attempt);
		reports_forget(side.options.reports, ID);
	}
	if (fill_report())
		write_body(false);
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
		WITH(rcpt_2_a_report_is_written_in_message_cpim),
		WITH(rcpt_2_conf_26_addresses_are_those_of_the_message),
		WITH(rcpt_7_a_text_is_wrapped_or_not),
		WITH(rcpt_7_only_who_may_answer_is_asked),
		WITH(rcpt_8_a_text_without_an_id_asks_for_nothing),
		WITH(rcpt_9_the_number_alone_may_report),
		WITH(every_allocation_may_fail),
	};

	return cmocka_run_group_tests_name("sip_report", tests, NULL, NULL);
}
