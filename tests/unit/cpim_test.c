#include "gateway/body/cpim.h"

#include "tests/unit/unit.h"

static void assert_span(struct span got, const char *expected)
{
	if (!expected)
		assert_null(got.at);
	else if (!got.at || !span_is(got, expected))
		fail_msg("\"%.*s\" instead of \"%s\"", (int)got.len,
			 got.at ? got.at : "", expected);
}

#define ADDRESSES                                              \
	"From: MR SANDERS <im:piglet@100akerwood.com>\r\n"     \
	"To: Depressed Donkey <im:eeyore@100akerwood.com>\r\n" \
	"DateTime: 2000-12-13T13:40:00-08:00\r\n"
#define VITAL                                                       \
	"NS: MyFeatures <mid:MessageFeatures@id.foo.com>\r\n"       \
	"Require: MyFeatures.VitalMessageOption\r\n"                \
	"MyFeatures.VitalMessageOption: Confirmation-requested\r\n" \
	"MyFeatures.WackyMessageOption: Use-silly-font\r\n"
#define CONTENT                                     \
	"\r\n"                                      \
	"Content-type: text/xml; charset=utf-8\r\n" \
	"Content-ID: <1234567890@foo.com>\r\n"      \
	"\r\n"                                      \
	"<body>\r\nHere is the text of my message.\r\n</body>\r\n"

/* RFC 3862, 5.1, with and without what it requires. */
static void im_23_the_example_of_rfc_3862_is_unwrapped(void **state)
{
	struct cpim cpim;

	(void)state;
	assert_true(cpim_read(
		span_of(ADDRESSES
			"Subject: the weather will be fine today\r\n"
			"Subject:;lang=fr beau temps prevu pour aujourd'hui\r\n"
			"NS: MyFeatures <mid:MessageFeatures@id.foo.com>\r\n"
			"MyFeatures.WackyMessageOption: "
			"Use-silly-font\r\n" CONTENT),
		&cpim));
	assert_false(cpim.required);
	assert_span(cpim.subject, "the weather will be fine today");
	assert_span(cpim.subject_language, NULL);
	assert_span(mime_value(cpim.content.type), "text/xml");
	assert_span(cpim.content.body,
		    "<body>\r\nHere is the text of my message.\r\n</body>\r\n");
}

static void im_24_a_header_that_must_be_known_is_noticed(void **state)
{
	static const struct {
		const char *metadata;
		bool required;
	} cases[] = {
		{ ADDRESSES VITAL, true },
		{ "Require: MyExt.X\r\n", true },
		{ "Require:MyExt.X\r\n", true },
		{ "Require: Subject\r\n", false },
		{ "Require: From, To,cc,DateTime,NS,Require\r\n", false },
		{ "Require: Subject,MyExt.X\r\n", true },
		{ "Require: subject\r\n", true },
		{ "Require: imdn.Message-ID\r\n", true },
		{ "require: MyExt.X\r\n", false }, /* somebody else's header */
		{ "Require: \r\n", false },
		{ "NS: <urn:x>\r\nRequire: Subject\r\n", true },
		{ "NS: P <urn:x>\r\nRequire: Subject\r\n", false },
		{ "NS: <urn:x>\r\nNS: <urn:ietf:params:cpim-headers:>\r\n"
		  "Require: Subject\r\n",
		  false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char body[1024];
		struct text text;
		struct cpim cpim;

		text_init(&text, body, sizeof body);
		text_addf(&text, "%s\r\n\r\nHi", cases[i].metadata);
		assert_true(cpim_read(span_of(body), &cpim));
		if (cpim.required != cases[i].required)
			fail_msg("%s", cases[i].metadata);
		assert_span(cpim.content.body, "Hi");
	}
}

static void im_23_of_several_subjects_one_is_taken(void **state)
{
	static const struct {
		const char *metadata, *subject, *language;
	} cases[] = {
		{ "Subject: Hi\r\n", "Hi", NULL },
		{ "Subject:Hi\r\n", "Hi", NULL },
		{ "Subject:  Hi : you\r\n", " Hi : you", NULL },
		{ "Subject:;lang=fr Objet\r\n", "Objet", "fr" },
		{ "Subject: ;lang=fr Objet\r\n", "Objet", "fr" },
		{ "Subject:;lang=fr;x=\"a b\" Objet\r\n", "Objet", "fr" },
		{ "Subject:;x=\"\\\" \";lang=fr Objet\r\n", "Objet", "fr" },
		{ "Subject:;lang=fr\r\n", "", "fr" },
		{ "Subject:;\r\n", "", NULL },
		{ "Subject:;x=\"open\\\r\n", "", NULL },
		{ "Subject:;lang=fr Un\r\nSubject: One\r\n", "One", NULL },
		{ "Subject:;lang=fr Un\r\nSubject:;lang=de Eins\r\n", "Un",
		  "fr" },
		{ "Subject: One\r\nSubject: Two\r\n", "One", NULL },
		{ "subject: Hi\r\n", NULL, NULL },
		{ "P.Subject: Hi\r\n", NULL, NULL },
		{ "NS: <urn:x>\r\nSubject: Hi\r\n", NULL, NULL },
		{ "from: <im:a@b>\r\n", NULL, NULL },
		{ "NS: imdn <urn:ietf:params:imdn>\r\nimdn.Message-ID: 1\r\n",
		  NULL, NULL },
		{ "", NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char body[256];
		struct text text;
		struct cpim cpim;

		text_init(&text, body, sizeof body);
		text_addf(&text, "%s\r\nContent-Type: a/b\r\n\r\nHi",
			  cases[i].metadata);
		assert_true(cpim_read(span_of(body), &cpim));
		assert_span(cpim.subject, cases[i].subject);
		assert_span(cpim.subject_language, cases[i].language);
		assert_span(mime_value(cpim.content.type), "a/b");
	}
}

static void im_23_what_is_not_cpim_is_refused(void **state)
{
	static const char *const cases[] = {
		"",
		"From: <im:a@b>\r\n",
		"Hello\r\n\r\n\r\nHi",
		": x\r\n\r\n\r\nHi",
		"Sub ject: x\r\n\r\n\r\nHi",
		"Subject: x\r\n folded\r\n\r\n\r\nHi",
		"Subject: x\r\n folded: y\r\n\r\n\r\nHi",
		"From: <im:a@b>\r\n\r\nno field\r\n\r\nHi",
	};
	struct cpim cpim;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		if (cpim_read(span_of(cases[i]), &cpim))
			fail_msg("%s", cases[i]);
}

static void im_23_escapes_become_characters(void **state)
{
	static const struct {
		const char *value, *text;
	} cases[] = {
		{ "plain", "plain" },
		{ "caf\\u00e9 \\u20AC", "caf\xc3\xa9 \xe2\x82\xac" },
		{ "\\\\ \\\" \\' \\t\\n\\r\\b", "\\ \" ' \t\n\r\b" },
		{ "\\u0000\\ud800", "\xef\xbf\xbd\xef\xbf\xbd" },
		{ "\\u00e \\x \\", "\\u00e \\x \\" },
		{ "\\u", "\\u" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char out[64];
		struct text text;

		text_init(&text, out, strlen(cases[i].value) + 1);
		cpim_unescape(span_of(cases[i].value), &text);
		assert_false(text.cut);
		assert_string_equal(out, cases[i].text);
	}
}

#define IMDN "NS: imdn <urn:ietf:params:imdn>\r\n"

static void rcpt_1_headers_of_imdn_are_found_by_their_name_space(void **state)
{
	static const struct {
		const char *metadata, *id, *wants;
	} cases[] = {
		{ IMDN "imdn.Message-ID: 34jk324j\r\n"
		       "imdn.Disposition-Notification: positive-delivery, "
		       "negative-delivery\r\n",
		  "34jk324j", "positive-delivery, negative-delivery" },
		{ "NS: x <urn:ietf:params:imdn>\r\nx.Message-ID: 1\r\n"
		  "imdn.Message-ID: 2\r\n",
		  "1", NULL },
		{ "NS: <urn:ietf:params:imdn>\r\nMessage-ID: 1\r\n", "1",
		  NULL },
		{ "NS:imdn <urn:ietf:params:imdn> \r\n"
		  "imdn.Message-ID:  1 \r\nimdn.Message-ID: 2\r\n",
		  "1", NULL },
		{ "imdn.Message-ID: 1\r\n" IMDN, NULL, NULL },
		{ "NS: imdn <urn:other>\r\nimdn.Message-ID: 1\r\n", NULL,
		  NULL },
		{ IMDN "NS: imdn <urn:other>\r\nimdn.Message-ID: 1\r\n", NULL,
		  NULL },
		{ IMDN "IMDN.Message-ID: 1\r\nimdn.message-id: 1\r\n", NULL,
		  NULL },
		{ IMDN "imdn.x.Message-ID: 1\r\n.Message-ID: 1\r\n", NULL,
		  NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char body[512];
		struct cpim cpim;

		snprintf(body, sizeof body, "%s\r\n\r\nHi", cases[i].metadata);
		assert_true(cpim_read(span_of(body), &cpim));
		assert_span(cpim.imdn.message_id, cases[i].id);
		assert_span(cpim.imdn.dispositions, cases[i].wants);
	}
}

static void rcpt_2_addresses_and_routes_are_kept_in_order(void **state)
{
	struct cpim cpim;

	(void)state;
	assert_true(cpim_read(
		span_of(ADDRESSES IMDN
			"imdn.IMDN-Record-Route: <sip:b@b.example>\r\n"
			"imdn.IMDN-Record-Route: <sip:a@a.example>\r\n"
			"imdn.Original-To: <im:list@im.example>\r\n"
			"Require: imdn.Message-ID,From\r\n" CONTENT),
		&cpim));
	assert_false(cpim.required);
	assert_span(cpim.from, "MR SANDERS <im:piglet@100akerwood.com>");
	assert_span(cpim.to, "Depressed Donkey <im:eeyore@100akerwood.com>");
	assert_span(cpim.date, "2000-12-13T13:40:00-08:00");
	assert_span(cpim.imdn.original_to, "<im:list@im.example>");
	assert_int_equal(cpim.imdn.route_count, 2);
	assert_span(cpim_uri(cpim.imdn.routes[0]), "sip:b@b.example");
	assert_span(cpim_uri(cpim.imdn.routes[1]), "sip:a@a.example");
}

static void sec_6_routes_have_an_end(void **state)
{
	char body[2048] = IMDN;
	struct cpim cpim;

	(void)state;
	for (int i = 0; i < 2 * CPIM_ROUTES_MAX; i++)
		strcat(body, "imdn.IMDN-Record-Route: <sip:a@b>\r\n");
	strcat(body, "\r\n\r\n");
	assert_true(cpim_read(span_of(body), &cpim));
	assert_int_equal(cpim.imdn.route_count, CPIM_ROUTES_MAX);
}

static void sec_5_only_what_can_be_written_again_is_a_uri(void **state)
{
	static const struct {
		const char *address, *uri;
	} cases[] = {
		{ "Alice <im:alice@im.example>", "im:alice@im.example" },
		{ "<tel:+1>", "tel:+1" },
		{ "im:alice@im.example", "" },
		{ "<sip:a b>", "" },
		{ "<sip:a\"b>", "" },
		{ "<<sip:a>", "" },
		{ "<sip:a\\nb>", "" },
		{ "<sip:caf\xc3\xa9@b>", "" },
		{ "<", "" },
		{ "<>", "" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_true(span_is(cpim_uri(span_of(cases[i].address)),
				    cases[i].uri));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(im_23_the_example_of_rfc_3862_is_unwrapped),
		cmocka_unit_test(im_24_a_header_that_must_be_known_is_noticed),
		cmocka_unit_test(im_23_of_several_subjects_one_is_taken),
		cmocka_unit_test(im_23_what_is_not_cpim_is_refused),
		cmocka_unit_test(im_23_escapes_become_characters),
		cmocka_unit_test(
			rcpt_1_headers_of_imdn_are_found_by_their_name_space),
		cmocka_unit_test(rcpt_2_addresses_and_routes_are_kept_in_order),
		cmocka_unit_test(sec_6_routes_have_an_end),
		cmocka_unit_test(sec_5_only_what_can_be_written_again_is_a_uri),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
