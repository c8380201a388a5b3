#include "gateway/body/cpim_write.h"

#include "gateway/body/cpim.h"
#include "gateway/message.h"
#include "tests/unit/unit.h"

static struct cpim_envelope text(void)
{
	return (struct cpim_envelope){
		.from = span_of("sip:alice@im.example"),
		.to = span_of("tel:+12025550199"),
		.message_id = "34jk324j",
		.date_s = 1207329409,
		.wants = MESSAGE_DELIVERED | MESSAGE_FAILED,
		.content_type = "text/plain",
		.content = span_of("Hello World"),
	};
}

static void assert_written(const struct cpim_envelope *envelope,
			   const char *expected)
{
	char *body;
	size_t len;

	assert_true(cpim_write(envelope, &body, &len));
	assert_int_equal(len, strlen(expected));
	assert_memory_equal(body, expected, len);
	free(body);
}

static void rcpt_7_a_text_that_asks_for_reports(void **state)
{
	const struct cpim_envelope envelope = text();

	(void)state;
	assert_written(&envelope,
		       "From: <sip:alice@im.example>\r\n"
		       "To: <tel:+12025550199>\r\n"
		       "DateTime: 2008-04-04T17:16:49Z\r\n"
		       "NS: imdn <urn:ietf:params:imdn>\r\n"
		       "imdn.Message-ID: 34jk324j\r\n"
		       "imdn.Disposition-Notification: positive-delivery, "
		       "negative-delivery\r\n"
		       "\r\n"
		       "Content-type: text/plain\r\n"
		       "\r\n"
		       "Hello World");
}

static void rcpt_2_a_report_asks_for_none(void **state)
{
	struct cpim_envelope envelope = text();

	(void)state;
	envelope.wants = 0;
	envelope.routes = span_of("sip:b@b.example sip:a@a.example");
	envelope.content_type = "message/imdn+xml";
	envelope.disposition = "notification";
	envelope.content = span_of("<imdn/>");
	assert_written(&envelope, "From: <sip:alice@im.example>\r\n"
				  "To: <tel:+12025550199>\r\n"
				  "DateTime: 2008-04-04T17:16:49Z\r\n"
				  "NS: imdn <urn:ietf:params:imdn>\r\n"
				  "imdn.Message-ID: 34jk324j\r\n"
				  "imdn.IMDN-Route: <sip:b@b.example>\r\n"
				  "imdn.IMDN-Route: <sip:a@a.example>\r\n"
				  "\r\n"
				  "Content-type: message/imdn+xml\r\n"
				  "Content-Disposition: notification\r\n"
				  "\r\n"
				  "<imdn/>");
}

static void im_23_octets_of_the_content_are_kept(void **state)
{
	struct cpim_envelope envelope = text();
	struct cpim cpim;
	char *body;
	size_t len;

	(void)state;
	envelope.content = (struct span){ "a\0\r\n\r\nb", 7 };
	assert_true(cpim_write(&envelope, &body, &len));
	assert_true(cpim_read((struct span){ body, len }, &cpim));
	assert_int_equal(cpim.content.body.len, 7);
	assert_memory_equal(cpim.content.body.at, "a\0\r\n\r\nb", 7);
	assert_true(span_is(cpim.imdn.message_id, "34jk324j"));
	assert_true(span_is(cpim_uri(cpim.from), "sip:alice@im.example"));
	free(body);
}

static void everything_fits_however_long(void **state)
{
	static char uri[3000], routes[4 * 600];
	struct cpim_envelope envelope = text();
	struct cpim cpim;
	char *body;
	size_t len;

	(void)state;
	memset(uri, 'a', sizeof uri);
	memset(routes, 'r', sizeof routes);
	for (size_t i = 1; i < sizeof routes; i += 2)
		routes[i] = ' ';
	envelope.from = envelope.to = (struct span){ uri, sizeof uri };
	envelope.routes = (struct span){ routes, sizeof routes - 1 };
	envelope.wants |= MESSAGE_DISPLAYED;
	envelope.disposition = "notification";
	assert_true(cpim_write(&envelope, &body, &len));
	assert_true(cpim_read((struct span){ body, len }, &cpim));
	assert_true(span_is(cpim.content.body, "Hello World"));
	free(body);
}

static void exercise(void)
{
	const struct cpim_envelope envelope = text();
	char *body;
	size_t len;

	if (cpim_write(&envelope, &body, &len))
		free(body);
}

static void every_allocation_may_fail(void **state)
{
	(void)state;
	assert_true(unit_fail_allocations(exercise) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rcpt_7_a_text_that_asks_for_reports),
		cmocka_unit_test(rcpt_2_a_report_asks_for_none),
		cmocka_unit_test(im_23_octets_of_the_content_are_kept),
		cmocka_unit_test(everything_fits_however_long),
		cmocka_unit_test(every_allocation_may_fail),
	};

	return cmocka_run_group_tests_name("cpim_write", tests, NULL, NULL);
}
