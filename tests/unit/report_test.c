#include "gateway/xmpp/report.h"

#include "gateway/xmpp/receipt.h"
#include "tests/fake/loop_fake.h"
#include "tests/unit/stanza_unit.h"
#include "tests/unit/unit.h"

#define ALICE "alice@im.example"
#define US    "+12025550199@gw.example.net"
#define ID    "id-of-twenty-letters"

static struct {
	struct loop *loop;
	struct reports *reports;
	xmpp_ctx_t *ctx;
	struct compose_options options;
	struct message *message; /* from SIP */
} world;

static int open_world(void **state)
{
	(void)state;
	world.loop = loop_fake_create();
	world.ctx = xmpp_ctx_new(NULL, NULL);
	world.message = message_create();
	assert_int_equal(reports_create(world.loop, 16, 3600, &world.reports),
			 GATEWAY_OK);
	world.options = (struct compose_options){ .domain = "gw.example.net",
						  .reports = world.reports };
	return world.ctx && world.message ? 0 : -1;
}

static int close_world(void **state)
{
	(void)state;
	message_destroy(&world.message);
	xmpp_ctx_free(world.ctx);
	reports_destroy(&world.reports);
	loop_fake_destroy(&world.loop);
	return 0;
}

#define METADATA                                  \
	"From: Bob <im:bob@example.com>\r\n"      \
	"To: Alice <im:alice@im.example>\r\n"     \
	"DateTime: 2008-04-04T12:16:49-05:00\r\n" \
	"NS: imdn <urn:ietf:params:imdn>\r\n"

#define ASKS                                                          \
	"imdn.Message-ID: 34jk324j\r\n"                               \
	"imdn.Disposition-Notification: positive-delivery, display, " \
	"negative-delivery\r\n"
#define TEXT "\r\nContent-type: text/plain\r\n\r\nHello"

static struct message *from_sip(const char *type, const char *body)
{
	struct message *m = world.message;

	memcpy(m->id, ID, sizeof m->id);
	if (message_set(&m->from, "tel:+12025550199") != GATEWAY_OK ||
	    message_set(&m->content_type, type) != GATEWAY_OK ||
	    message_set_body(m, body, strlen(body)) != GATEWAY_OK)
		return NULL;
	return m;
}

/* What the stanza of a message asks for. */
static unsigned asked(const struct message *m)
{
	xmpp_stanza_t *stanza = stanza_parse(world.ctx, "<message id='1'/>");
	unsigned wants;

	assert_true(report_ask(world.reports, m, ALICE, stanza));
	wants = receipt_wants(stanza);
	xmpp_stanza_release(stanza);
	return wants;
}

static struct message *read_report(const char *from, enum message_report what,
				   const char *inner)
{
	char xml[512];
	xmpp_stanza_t *stanza;
	struct report_claim claim;
	struct message *m;

	snprintf(xml, sizeof xml, "<message from='%s' to='" US "'>%s</message>",
		 from, inner);
	stanza = stanza_parse(world.ctx, xml);
	m = report_read(stanza, what, &claim)
		    ? report_believe(world.reports, &claim)
		    : NULL;
	xmpp_stanza_release(stanza);
	return m;
}

#define RECEIVED "<received xmlns='urn:xmpp:receipts' id='" ID "'/>"

static void rcpt_1_what_a_message_cpim_asks_for_is_passed_on(void **state)
{
	struct message *m = from_sip("Message/CPIM", METADATA ASKS TEXT);

	(void)state;
	assert_non_null(m);
	assert_int_equal(asked(m), MESSAGE_DELIVERED | MESSAGE_DISPLAYED);
}

static void rcpt_1_what_cannot_be_reported_is_not_asked_for(void **state)
{
	static const struct {
		const char *type, *body;
	} cases[] = {
		{ "text/plain", METADATA ASKS TEXT },
		{ "message/cpim", "no header" },
		{ "message/cpim", METADATA TEXT },
		{ "message/cpim", METADATA "Require: MyExt.X\r\n" ASKS TEXT },
		{ "message/cpim",
		  METADATA "imdn.Disposition-Notification: display\r\n" TEXT },
		{ "message/cpim",
		  METADATA "imdn.Message-ID: a b\r\n"
			   "imdn.Disposition-Notification: display\r\n" TEXT },
		{ "message/cpim",
		  METADATA "imdn.Message-ID: 1\r\n"
			   "imdn.Disposition-Notification: processing"
			   "\r\n" TEXT },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct message *m = from_sip(cases[i].type, cases[i].body);

		assert_non_null(m);
		assert_int_equal(asked(m), 0);
	}
}

static void sec_13_rcpt_1_a_hidden_sender_is_not_reported_to(void **state)
{
	struct message *m = from_sip("message/cpim", METADATA ASKS TEXT);

	(void)state;
	assert_non_null(m);
	m->anonymous = true;
	assert_int_equal(asked(m), 0);
	m->anonymous = false;
	assert_int_equal(message_set(&m->from, "sips:bob@example.com"),
			 GATEWAY_OK);
	assert_int_equal(asked(m), 0);
}

static void rcpt_2_a_receipt_names_what_the_sender_knows(void **state)
{
	struct message *m =
		from_sip("message/cpim", METADATA ASKS
			 "imdn.IMDN-Record-Route: <sip:b@b.example>\r\n"
			 "imdn.IMDN-Record-Route: <sip:a@a.example>\r\n" TEXT);
	struct message *report;

	(void)state;
	assert_non_null(m);
	assert_int_equal(asked(m), MESSAGE_DELIVERED | MESSAGE_DISPLAYED);
	report =
		read_report("Alice@IM.example/r1", MESSAGE_DELIVERED, RECEIVED);
	assert_non_null(report);
	assert_string_equal(report->report_of, "34jk324j");
	assert_string_equal(report->report_from, "im:alice@im.example");
	assert_string_equal(report->report_to, "im:bob@example.com");
	assert_string_equal(report->report_route,
			    "sip:b@b.example sip:a@a.example");
	assert_string_equal(report->target, "sip:b@b.example");
	assert_int_equal(report->report_date_s, 1207329409);
	message_destroy(&report);
	/* RCPT-3 */
	assert_null(read_report(ALICE "/r2", MESSAGE_DELIVERED, RECEIVED));
}

static void conf_26_a_route_that_no_message_can_take_is_none(void **state)
{
	struct message *m =
		from_sip("message/cpim", METADATA ASKS
			 "imdn.IMDN-Record-Route: <im:b@b>\r\n" TEXT);
	struct message *report;

	(void)state;
	assert_non_null(m);
	assert_int_equal(asked(m), MESSAGE_DELIVERED | MESSAGE_DISPLAYED);
	report = read_report(ALICE, MESSAGE_DELIVERED, RECEIVED);
	assert_non_null(report);
	assert_null(report->report_route);
	assert_string_equal(report->target, "+12025550199");
	message_destroy(&report);
}

static void rcpt_9_others_are_not_believed(void **state)
{
	static const char *const senders[] = { "mallory@im.example/r1",
					       "alice@evil.example",
					       "im.example", "@", "" };
	struct message *m = from_sip("message/cpim", METADATA ASKS TEXT);

	(void)state;
	assert_non_null(m);
	assert_int_equal(asked(m), MESSAGE_DELIVERED | MESSAGE_DISPLAYED);
	for (size_t i = 0; i < sizeof senders / sizeof senders[0]; i++)
		assert_null(
			read_report(senders[i], MESSAGE_DELIVERED, RECEIVED));
	assert_null(read_report(ALICE, MESSAGE_DELIVERED, ""));
	assert_null(read_report(
		ALICE, MESSAGE_DELIVERED,
		"<received xmlns='urn:xmpp:receipts' id='34jk324j'/>"));
}

static void rcpt_4_an_error_that_is_late_is_a_report(void **state)
{
	static const struct {
		const char *condition;
		enum message_report report;
	} cases[] = {
		{ "service-unavailable", MESSAGE_FAILED },
		{ "forbidden", MESSAGE_FORBIDDEN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct message *m =
			from_sip("message/cpim", METADATA ASKS TEXT);
		char xml[512];
		xmpp_stanza_t *stanza;
		struct report_claim claim;
		struct message *report;

		assert_non_null(m);
		assert_int_not_equal(asked(m), 0);
		snprintf(xml, sizeof xml,
			 "<message type='error' id='" ID "' from='" ALICE
			 "'><error type='cancel'><%s xmlns='urn:ietf:params:"
			 "xml:ns:xmpp-stanzas'/></error></message>",
			 cases[i].condition);
		stanza = stanza_parse(world.ctx, xml);
		assert_true(report_read_error(stanza, &claim));
		report = report_believe(world.reports, &claim);
		assert_non_null(report);
		assert_int_equal(report->report, cases[i].report);
		message_destroy(&report);
		assert_null(report_believe(world.reports, &claim));
		xmpp_stanza_release(stanza);
		reports_forget(world.reports, ID);
	}
}

/* The other way. */

#define IMDN(status)                                          \
	METADATA "imdn.Message-ID: 1\r\n\r\n"                 \
		 "Content-type: message/imdn+xml\r\n"         \
		 "Content-Disposition: notification\r\n\r\n"  \
		 "<imdn xmlns='urn:ietf:params:xml:ns:imdn'>" \
		 "<message-id>m1</message-id>" status "</imdn>"
#define DELIVERY(word)                                        \
	"<delivery-notification><status><" word "/></status>" \
	"</delivery-notification>"

static void note_text(void)
{
	const struct report report = {
		.id = "m1",
		.origin = PROTOCOL_XMPP,
		.wants = MESSAGE_DELIVERED | MESSAGE_DISPLAYED | MESSAGE_FAILED,
		.original_id = "stanza7",
		.sender = ALICE "/r1",
		.recipient = US,
	};

	reports_forget(world.reports, "m1");
	assert_int_equal(reports_note(world.reports, &report), GATEWAY_OK);
}

static void rcpt_7_a_report_becomes_a_stanza(void **state)
{
#define HEAD  "<message from='" US "' to='" ALICE "/r1' id='" ID "' "
#define STORE "<store xmlns='urn:xmpp:hints'/></message>"
	static const struct {
		const char *body, *xml;
	} cases[] = {
		{ IMDN(DELIVERY("delivered")),
		  HEAD "type='chat'><received xmlns='urn:xmpp:receipts' "
		       "id='stanza7'/>" STORE },
		{ IMDN("<display-notification><status><displayed/></status>"
		       "</display-notification>"),
		  HEAD "type='chat'><displayed xmlns='urn:xmpp:chat-markers:0' "
		       "id='stanza7'/>" STORE },
		{ IMDN(DELIVERY("failed")),
		  "<message from='" US "' to='" ALICE
		  "/r1' id='stanza7' type='error'><error type='wait'>"
		  "<recipient-unavailable xmlns="
		  "'urn:ietf:params:xml:ns:xmpp-stanzas'/>"
		  "<text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>"
		  "reported as not delivered</text></error></message>" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct message *m = from_sip("message/cpim", cases[i].body);
		xmpp_stanza_t *stanza;
		struct outcome no;

		assert_non_null(m);
		note_text();
		assert_true(report_is_one(m));
		assert_true(report_stanza(world.ctx, &world.options, m, &stanza,
					  &no));
		assert_stanza(stanza, cases[i].xml);
		xmpp_stanza_release(stanza);
		/* RCPT-3 */
		m->id[0] = 'I';
		assert_false(report_stanza(world.ctx, &world.options, m,
					   &stanza, &no));
		assert_null(stanza);
		assert_int_equal(no.code, 202);
	}
}

static void rcpt_9_a_report_that_may_not_go_on_is_accepted(void **state)
{
	static const struct {
		const char *from, *body;
		int code;
	} cases[] = {
		{ "tel:+12025550198", IMDN(DELIVERY("delivered")), 202 },
		{ "sip:mallory@example.com", IMDN(DELIVERY("delivered")), 202 },
		{ "tel:+12025550199", IMDN(""), 202 },
		{ "tel:+12025550199", IMDN("<"), 400 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct message *m = from_sip("message/cpim", cases[i].body);
		xmpp_stanza_t *stanza;
		struct outcome no;

		assert_non_null(m);
		assert_int_equal(message_set(&m->from, cases[i].from),
				 GATEWAY_OK);
		note_text();
		assert_false(report_stanza(world.ctx, &world.options, m,
					   &stanza, &no));
		assert_int_equal(no.code, cases[i].code);
	}
}

static void rcpt_7_a_bare_report_is_understood_too(void **state)
{
	struct message *m = from_sip("message/imdn+xml", "<imdn/>");

	(void)state;
	assert_non_null(m);
	assert_true(report_is_one(m));
	assert_true(report_is_one(from_sip("message/imdn+xml;a=b", "")));
	assert_false(report_is_one(from_sip("text/plain", "")));
	assert_false(
		report_is_one(from_sip("message/cpim", METADATA ASKS TEXT)));
	m->origin = PROTOCOL_XMPP;
	assert_false(report_is_one(from_sip("message/imdn+xml", "")));
}

static void exercise(void)
{
	struct message *m = from_sip("message/cpim", METADATA ASKS TEXT);
	xmpp_stanza_t *stanza = stanza_new(world.ctx, "message", NULL);
	struct message *report;
	struct outcome no;

	if (m && stanza && report_ask(world.reports, m, ALICE, stanza)) {
		report = read_report(ALICE, MESSAGE_DELIVERED, RECEIVED);
		message_destroy(&report);
	}
	if (stanza)
		xmpp_stanza_release(stanza);
	stanza = NULL;
	m = from_sip("message/cpim", IMDN(DELIVERY("delivered")));
	if (m && report_stanza(world.ctx, &world.options, m, &stanza, &no))
		xmpp_stanza_release(stanza);
	reports_forget(world.reports, ID);
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
		WITH(rcpt_1_what_a_message_cpim_asks_for_is_passed_on),
		WITH(rcpt_1_what_cannot_be_reported_is_not_asked_for),
		WITH(sec_13_rcpt_1_a_hidden_sender_is_not_reported_to),
		WITH(rcpt_2_a_receipt_names_what_the_sender_knows),
		WITH(conf_26_a_route_that_no_message_can_take_is_none),
		WITH(rcpt_9_others_are_not_believed),
		WITH(rcpt_4_an_error_that_is_late_is_a_report),
		WITH(rcpt_7_a_report_becomes_a_stanza),
		WITH(rcpt_9_a_report_that_may_not_go_on_is_accepted),
		WITH(rcpt_7_a_bare_report_is_understood_too),
		WITH(every_allocation_may_fail),
	};

	return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
