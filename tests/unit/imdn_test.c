#include "gateway/body/imdn.h"

#include "tests/unit/unit.h"

#define ROOT "<imdn xmlns='urn:ietf:params:xml:ns:imdn'>"
#define ID   "<message-id>34jk324j</message-id>"
#define DELIVERY(word)                                       \
	ROOT ID "<delivery-notification><status><" word "/>" \
		"</status></delivery-notification></imdn>"
#define DISPLAY(word)                                       \
	ROOT ID "<display-notification><status><" word "/>" \
		"</status></display-notification></imdn>"

static void rcpt_7_what_a_report_says_is_read(void **state)
{
	static const struct {
		const char *xml;
		enum message_report report;
	} cases[] = {
		/* RFC 5438, 7.2.1.1 */
		{ "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n"
		  "<imdn xmlns=\"urn:ietf:params:xml:ns:imdn\">\r\n"
		  "<message-id>34jk324j</message-id>\r\n"
		  "<datetime>2008-04-04T12:16:49-05:00</datetime>\r\n"
		  "<recipient-uri>im:bob@example.com</recipient-uri>\r\n"
		  "<original-recipient-uri>im:bob@example.com"
		  "</original-recipient-uri>\r\n"
		  "<delivery-notification>\r\n<status>\r\n<delivered/>\r\n"
		  "</status>\r\n</delivery-notification>\r\n</imdn>\r\n",
		  MESSAGE_DELIVERED },
		{ DELIVERY("failed"), MESSAGE_FAILED },
		{ DELIVERY("error"), MESSAGE_FAILED },
		{ DELIVERY("forbidden"), MESSAGE_FORBIDDEN },
		{ DISPLAY("displayed"), MESSAGE_DISPLAYED },
		{ DISPLAY("error"), 0 },
		{ DELIVERY("displayed"), 0 },
		{ ROOT ID "<processing-notification><status><stored/></status>"
			  "</processing-notification></imdn>",
		  0 },
		{ ROOT "<message-id> 34jk324j\n</message-id><x xmlns='y'/>"
		       "</imdn>",
		  0 },
		{ "<i:imdn xmlns:i='urn:ietf:params:xml:ns:imdn'>"
		  "<i:message-id>34jk324j</i:message-id>"
		  "<i:delivery-notification><i:status><i:delivered/>"
		  "</i:status></i:delivery-notification></i:imdn>",
		  MESSAGE_DELIVERED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct imdn imdn;

		assert_true(imdn_read(span_of(cases[i].xml), &imdn));
		assert_string_equal(imdn.message_id, "34jk324j");
		assert_int_equal(imdn.report, cases[i].report);
	}
}

static void rcpt_9_what_is_no_report_is_refused(void **state)
{
	static const char *const cases[] = {
		"",
		"Hello",
		"<imdn/>",
		"<imdn xmlns='urn:other'>" ID "</imdn>",
		ROOT "</imdn>",
		ROOT "<message-id/></imdn>",
		ROOT "<message-id>a b</message-id></imdn>",
		ROOT "<message-id>caf\xc3\xa9</message-id></imdn>",
		ROOT "<message-id><b>1</b></message-id></imdn>",
		ROOT "<message-id xmlns='x'>1</message-id></imdn>",
		ROOT ID,
		ROOT ID "</imdn><imdn/>",
		"<!DOCTYPE imdn [<!ENTITY a 'b'>]>" ROOT
		"<message-id>&a;</message-id></imdn>",
		ROOT "<message-id>&a;</message-id></imdn>",
		ROOT "<message-id>12345678901234567890123456789012345678901234"
		     "56789012345678901234567890123456789012345678901234567890"
		     "123456789012345678901234567890</message-id></imdn>",
	};
	struct imdn imdn;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		if (imdn_read(span_of(cases[i]), &imdn))
			fail_msg("read: %s", cases[i]);
}

static void rcpt_2_a_report_is_written_as_it_is_read(void **state)
{
	static const struct {
		enum message_report report;
		const char *notification;
	} cases[] = {
		{ MESSAGE_DELIVERED,
		  "<delivery-notification><status><delivered/></status>"
		  "</delivery-notification>" },
		{ MESSAGE_FAILED,
		  "<delivery-notification><status><failed/></status>"
		  "</delivery-notification>" },
		{ MESSAGE_FORBIDDEN,
		  "<delivery-notification><status><forbidden/></status>"
		  "</delivery-notification>" },
		{ MESSAGE_DISPLAYED,
		  "<display-notification><status><displayed/></status>"
		  "</display-notification>" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct imdn_content content = {
			.message_id = "a<b&c>d",
			.date_s = 1207329409,
			.recipient = span_of("im:o&o@im.example"),
			.report = cases[i].report,
		};
		struct imdn imdn;
		char *xml;

		assert_true(imdn_write(&content, &xml));
		assert_non_null(strstr(xml, cases[i].notification));
		assert_non_null(strstr(xml, "<datetime>2008-04-04T17:16:49Z<"));
		assert_non_null(
			strstr(xml, "<recipient-uri>im:o&amp;o@im.example<"));
		assert_true(imdn_read(span_of(xml), &imdn));
		assert_string_equal(imdn.message_id, "a<b&c>d");
		assert_int_equal(imdn.report, cases[i].report);
		free(xml);
	}
}

static void rcpt_2_the_largest_values_fit(void **state)
{
	char uri[4096];
	struct imdn_content content = { .message_id = "1",
					.report = MESSAGE_DELIVERED };
	char *xml;

	(void)state;
	memset(uri, '&', sizeof uri);
	content.recipient = (struct span){ uri, sizeof uri };
	assert_true(imdn_write(&content, &xml));
	assert_string_equal(xml + strlen(xml) - 9, "</imdn>\r\n");
	free(xml);
}

static void rcpt_1_dispositions_are_words_in_a_list(void **state)
{
	static const struct {
		const char *value;
		unsigned wants;
		const char *written;
	} cases[] = {
		{ "positive-delivery", MESSAGE_DELIVERED, "positive-delivery" },
		{ " display ,Negative-Delivery",
		  MESSAGE_DISPLAYED | MESSAGE_FAILED,
		  "negative-delivery, display" },
		{ "positive-delivery;x=y, processing", MESSAGE_DELIVERED,
		  "positive-delivery" },
		{ "processing", 0, "" },
		{ "", 0, "" },
		{ ",,", 0, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char out[64];
		struct text text;

		text_init(&text, out, sizeof out);
		assert_int_equal(imdn_dispositions(span_of(cases[i].value)),
				 cases[i].wants);
		imdn_dispositions_write(cases[i].wants, &text);
		assert_string_equal(out, cases[i].written);
	}
}

static void exercise(void)
{
	const struct imdn_content content = { .message_id = "1",
					      .recipient = span_of("im:a@b"),
					      .report = MESSAGE_DELIVERED };
	struct imdn imdn;
	char *xml;

	if (!imdn_write(&content, &xml))
		return;
	assert_true(imdn_read(span_of(xml), &imdn));
	free(xml);
}

static void every_allocation_may_fail(void **state)
{
	(void)state;
	assert_true(unit_fail_allocations(exercise) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rcpt_7_what_a_report_says_is_read),
		cmocka_unit_test(rcpt_9_what_is_no_report_is_refused),
		cmocka_unit_test(rcpt_2_a_report_is_written_as_it_is_read),
		cmocka_unit_test(rcpt_2_the_largest_values_fit),
		cmocka_unit_test(rcpt_1_dispositions_are_words_in_a_list),
		cmocka_unit_test(every_allocation_may_fail),
	};

	return cmocka_run_group_tests_name("imdn", tests, NULL, NULL);
}
