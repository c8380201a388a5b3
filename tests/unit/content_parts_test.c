#include "gateway/body/mime_split.h"
#include "gateway/xmpp/content_show.h"

#include "tests/unit/content_unit.h"

#define MIXED		 "multipart/mixed;boundary=b"
#define ALTERNATIVE	 "multipart/alternative;boundary=b"
#define PART(head, body) "--b\r\n" head "\r\n" body "\r\n"
#define END		 "--b--\r\n"
#define TYPE(type)	 "Content-Type: " type "\r\n"
#define OPTIONAL	 "Content-Disposition: render;handling=optional\r\n"

struct parts_case {
	const char *body;
	const char *text; /* NULL: refused with `code` */
	int code;
};

static void check_all(const char *type, const struct parts_case *cases,
		      size_t count)
{
	for (size_t i = 0; i < count; i++)
		content_check_text(type, cases[i].body, cases[i].text,
				   cases[i].code);
}

static void s_16_sip_4_the_texts_of_a_mixed_body_are_shown(void **state)
{
	static const struct parts_case cases[] = {
		{ PART(TYPE("text/plain"), "Hi")
			  PART(TYPE("image/png") OPTIONAL, "\x89PNG") END,
		  "Hi", 0 },
		{ PART("", "Hi") END, "Hi", 0 },
		{ PART("", "one") PART("", "two") END, "one\ntwo", 0 },
		{ PART("", "one\r\n") PART("", "two") END, "one\ntwo", 0 },
		{ PART("", "") PART("", "two") END, "two", 0 },
		{ PART("", "one") PART(TYPE("text/html"), "<p>two") END,
		  "one\ntwo", 0 },
		{ PART(TYPE("text/plain;charset=latin1"), "caf\xe9")
			  PART("", "caf\xc3\xa9") END,
		  "caf\xc3\xa9\ncaf\xc3\xa9", 0 },
		{ PART("Content-Transfer-Encoding: base64\r\n", "SGk=") END,
		  "Hi", 0 },
		{ PART("Content-Transfer-Encoding: Quoted-Printable\r\n",
		       "caf=C3=A9") END,
		  "caf\xc3\xa9", 0 },
		{ PART("Content-Transfer-Encoding: binary\r\n", "Hi") END, "Hi",
		  0 },
		{ PART("Content-Disposition: inline\r\n", "Hi") END, "Hi", 0 },
		{ "before\r\n" PART("", "Hi") END "behind", "Hi", 0 },
	};

	(void)state;
	check_all(MIXED, cases, sizeof cases / sizeof cases[0]);
}

static void sip_4_a_part_that_has_to_be_shown_and_cannot_is_415(void **state)
{
	static const struct parts_case cases[] = {
		{ PART("", "Hi") PART(TYPE("image/png"), "x") END, NULL, 415 },
		{ PART("", "Hi")
			  PART(TYPE("image/png") "Content-Disposition: render;"
						 "handling=required\r\n",
			       "x") END,
		  NULL, 415 },
		{ PART("", "Hi")
			  PART("Content-Disposition: attachment\r\n", "x") END,
		  NULL, 415 },
		{ PART("", "Hi") PART("Content-Encoding: gzip\r\n", "x") END,
		  NULL, 415 },
		{ PART("", "Hi")
			  PART("Content-Transfer-Encoding: x-uu\r\n", "x") END,
		  NULL, 415 },
		{ PART(TYPE("text/plain;charset=klingon"), "x") END, NULL,
		  415 },
		{ PART(TYPE("image/png") OPTIONAL, "x") END, NULL, 415 },
		{ PART(TYPE("multipart/digest;boundary=c"), "x") END, NULL,
		  415 },
	};

	(void)state;
	check_all(MIXED, cases, sizeof cases / sizeof cases[0]);
}

static void sip_4_an_optional_part_that_fails_leaves_nothing(void **state)
{
	static const struct parts_case cases[] = {
		{ PART("", "Hi")
			  PART("Content-Disposition: attachment; "
			       "filename=\"a;b\"; HANDLING = \"Optional\"\r\n",
			       "no") END,
		  "Hi", 0 },
		{ PART(TYPE("text/plain;charset=klingon") OPTIONAL, "no")
			  PART("", "Hi") END,
		  "Hi", 0 },
		{ PART(OPTIONAL, "\xff") PART("", "Hi") END, "Hi", 0 },
		{ PART(TYPE("multipart/mixed;boundary=c") OPTIONAL,
		       "--c\r\n\r\nno\r\n"
		       "--c\r\nContent-Type: image/png\r\n\r\nx\r\n--c--")
			  PART("", "Hi") END,
		  "Hi", 0 },
	};

	(void)state;
	check_all(MIXED, cases, sizeof cases / sizeof cases[0]);
}

static void sip_4_broken_parts_are_400(void **state)
{
	static const struct parts_case cases[] = {
		{ PART("", "Hi"), NULL, 400 },
		{ PART("no field\r\n", "Hi") END, NULL, 400 },
		{ PART("Content-Transfer-Encoding: base64\r\n", "SGk") END,
		  NULL, 400 },
		{ PART("Content-Transfer-Encoding: quoted-printable\r\n", "a=b")
			  END,
		  NULL, 400 },
		{ PART("", "\xff") END, NULL, 400 },
		{ PART("", "") END, NULL, 400 },
		{ "", NULL, 400 },
	};

	(void)state;
	check_all(MIXED, cases, sizeof cases / sizeof cases[0]);
	content_check_text("multipart/mixed", PART("", "Hi") END, NULL, 400);
}

static void sip_4_of_alternatives_the_best_is_shown(void **state)
{
	static const struct parts_case cases[] = {
		{ PART(TYPE("text/plain"), "plain")
			  PART(TYPE("text/html"), "<b>html") END,
		  "plain", 0 },
		{ PART(TYPE("text/html"), "<b>html")
			  PART(TYPE("text/plain"), "plain") END,
		  "plain", 0 },
		{ PART(TYPE("text/html"), "<b>html")
			  PART(TYPE("application/x"), "x") END,
		  "html", 0 },
		{ PART("", "first") PART("", "last") END, "last", 0 },
		{ PART("", "first")
			  PART(TYPE("text/plain;charset=klingon"), "last") END,
		  "first", 0 },
		{ PART("", "\xff") PART(TYPE("text/html"), "<b>html") END,
		  "html", 0 },
		{ PART(TYPE("image/png"), "x") PART(TYPE("text/html"), "h") END,
		  "h", 0 },
		{ PART(TYPE("image/png"), "x") END, NULL, 415 },
		{ PART("Content-Disposition: attachment\r\n", "x") END, NULL,
		  415 },
		{ PART("", "\xff") END, NULL, 400 },
		{ "x", NULL, 400 },
	};

	(void)state;
	check_all(ALTERNATIVE, cases, sizeof cases / sizeof cases[0]);
}

/* RFC 2387, 3.2, and the layout of its first example. */
static void sip_4_of_related_parts_the_root_is_shown(void **state)
{
	static const char body[] =
		PART(TYPE("image/gif") "Content-ID: <1@a.example>\r\n", "x")
			PART(TYPE("text/html") "Content-ID: <2@a.example>\r\n",
			     "<img src='cid:1@a.example'>root") END;

	(void)state;
	content_check_text("multipart/related;boundary=b;"
			   "start=\"<2@a.example>\";type=\"text/html\"",
			   body, "root", 0);
	content_check_text("multipart/related;boundary=b", body, NULL, 415);
	content_check_text("multipart/related;boundary=b;start=\"<3@c>\"", body,
			   NULL, 415);
	content_check_text("multipart/related;boundary=b", "x", NULL, 400);
}

static void sec_1_of_a_signed_body_the_text_is_shown(void **state)
{
	static const char body[] = PART("", "signed")
		PART(TYPE("application/pkcs7-signature"), "x") END;

	(void)state;
	content_check_text("multipart/signed;boundary=b;micalg=sha-256;"
			   "protocol=\"application/pkcs7-signature\"",
			   body, "signed", 0);
	content_check_text("multipart/signed;boundary=b", "x", NULL, 400);
	content_check_text("application/pkcs7-mime;smime-type=enveloped-data",
			   "x", NULL, 415);
	content_check_text("multipart/encrypted;boundary=b",
			   PART(TYPE("application/pgp-encrypted"), "Version: 1")
				   PART(TYPE("application/octet-stream"), "x")
					   END,
			   NULL, 415);
}

/* multipart/mixed around multipart/mixed ... around "Hi". */
static void build_nested(struct text *out, unsigned depth)
{
	for (unsigned i = 1; i < depth; i++)
		text_addf(out,
			  "--b%u\r\nContent-Type: multipart/mixed;"
			  "boundary=b%u\r\n\r\n",
			  i, i + 1);
	text_addf(out, "--b%u\r\n\r\nHi\r\n", depth);
	for (unsigned i = depth; i > 0; i--)
		text_addf(out, "--b%u--\r\n", i);
}

static void sip_4_entities_are_nested_to_a_bound(void **state)
{
	char body[2048];
	struct text text;

	(void)state;
	text_init(&text, body, sizeof body);
	build_nested(&text, CONTENT_DEPTH_MAX - 1); /* the text is one too */
	content_check_text("multipart/mixed;boundary=b1", body, "Hi", 0);
	text_init(&text, body, sizeof body);
	build_nested(&text, CONTENT_DEPTH_MAX);
	content_check_text("multipart/mixed;boundary=b1", body, NULL, 415);
	assert_false(text.cut);
}

/* Multipart in multipart: many parts each, more than 64 in all. */
static void sip_4_entities_have_a_bound_in_all(void **state)
{
	char body[8192];
	struct text text;

	(void)state;
	text_init(&text, body, sizeof body);
	for (unsigned i = 0; i < 3; i++) {
		text_add(&text, "--b\r\nContent-Type: multipart/mixed;"
				"boundary=c\r\n\r\n");
		for (unsigned j = 0; j < MIME_PARTS_MAX - 1; j++)
			text_add(&text, "--c\r\n\r\nx\r\n");
		text_add(&text, "--c--\r\n");
	}
	text_add(&text, END);
	assert_false(text.cut);
	content_check_text(MIXED, body, NULL, 415);
}

#define CPIM "From: <im:a@a.example>\r\nTo: <im:b@b.example>\r\n"

static void im_23_message_cpim_is_unwrapped(void **state)
{
	static const struct parts_case cases[] = {
		{ CPIM "\r\nContent-Type: text/plain\r\n\r\nInside", "Inside",
		  0 },
		{ CPIM "\r\n\r\nInside", "Inside", 0 },
		{ CPIM "\r\nContent-Type: text/html\r\n\r\n<b>Inside", "Inside",
		  0 },
		{ CPIM "\r\nContent-Type: text/plain\r\n"
		       "Content-Transfer-Encoding: base64\r\n\r\nSGk=",
		  "Hi", 0 },
		{ CPIM "NS: imdn <urn:ietf:params:imdn>\r\n"
		       "imdn.Message-ID: 34jk324j\r\n"
		       "imdn.Disposition-Notification: positive-delivery\r\n"
		       "\r\nContent-Type: text/plain\r\n\r\nInside",
		  "Inside", 0 },
		{ CPIM "\r\nContent-Type: " MIXED "\r\n\r\n" PART("", "Hi") END,
		  "Hi", 0 },
		{ CPIM "\r\nContent-Type: message/cpim\r\n\r\n" CPIM
		       "\r\n\r\nInside",
		  "Inside", 0 },
		{ CPIM "Require: MyExt.X\r\n\r\n\r\nInside", NULL, 415 },
		{ CPIM "\r\nContent-Type: image/png\r\n\r\nx", NULL, 415 },
		{ CPIM "\r\nContent-Type: message/imdn+xml\r\n"
		       "Content-Disposition: notification\r\n\r\n<imdn/>",
		  NULL, 415 },
		{ CPIM "\r\nContent-Type: image/png\r\n" OPTIONAL "\r\nx", NULL,
		  415 },
		{ CPIM "\r\n\r\n\xff", NULL, 400 },
		{ CPIM "\r\n\r\n", NULL, 400 },
		{ CPIM, NULL, 400 },
		{ "Hi\r\n\r\n\r\nInside", NULL, 400 },
	};

	(void)state;
	check_all("message/cpim", cases, sizeof cases / sizeof cases[0]);
	content_check_text("Message/CPIM; charset=x", cases[0].body, "Inside",
			   0);
	content_check_text(
		MIXED, PART(TYPE("message/cpim"), CPIM "\r\n\r\nInside") END,
		"Inside", 0);
}

static void im_23_map_11_subject_and_language_come_from_inside(void **state)
{
	static const char body[] =
		CPIM "Subject:;lang=fr caf\\u00e9\r\n\r\n"
		     "Content-Type: text/plain\r\n"
		     "Content-Language: de , en\r\n\r\nInside";
	struct message *m =
		content_message("message/cpim", NULL, body, sizeof body - 1);
	struct content content;
	struct outcome no;

	(void)state;
	assert_non_null(m);
	assert_true(content_read(m, &content, &no));
	assert_string_equal(content.subject, "caf\xc3\xa9");
	assert_string_equal(content.subject_language, "fr");
	assert_string_equal(content.language, "de");
	content_clear(&content);
	message_destroy(&m);
}

static void map_11_texts_in_several_languages_have_none(void **state)
{
	static const char body[] = PART("Content-Language: de\r\n", "eins")
		PART("Content-Language: en\r\n", "two") END;
	struct message *m = content_message(MIXED, NULL, body, sizeof body - 1);
	struct content content;
	struct outcome no;

	(void)state;
	assert_non_null(m);
	assert_true(content_read(m, &content, &no));
	assert_string_equal(content.language, "");
	content_clear(&content);
	message_destroy(&m);
}

static void exercise(void)
{
	static const char mixed[] =
		PART("Content-Transfer-Encoding: base64\r\n" OPTIONAL, "SGk=")
			PART(TYPE("text/html"), "<p>Hi") END;
	static const char alternative[] =
		PART(TYPE("text/html"), "<p>Hi") PART("", "Hi") END;
	static const char cpim[] = CPIM "Subject: Hi\r\n\r\n\r\nInside";

	content_exercise(MIXED, mixed, sizeof mixed - 1);
	content_exercise(ALTERNATIVE, alternative, sizeof alternative - 1);
	content_exercise("message/cpim", cpim, sizeof cpim - 1);
}

static void every_failed_allocation_is_500(void **state)
{
	(void)state;
	assert_true(unit_fail_allocations(exercise) > 12);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			s_16_sip_4_the_texts_of_a_mixed_body_are_shown),
		cmocka_unit_test(
			sip_4_a_part_that_has_to_be_shown_and_cannot_is_415),
		cmocka_unit_test(
			sip_4_an_optional_part_that_fails_leaves_nothing),
		cmocka_unit_test(sip_4_broken_parts_are_400),
		cmocka_unit_test(sip_4_of_alternatives_the_best_is_shown),
		cmocka_unit_test(sip_4_of_related_parts_the_root_is_shown),
		cmocka_unit_test(sec_1_of_a_signed_body_the_text_is_shown),
		cmocka_unit_test(sip_4_entities_are_nested_to_a_bound),
		cmocka_unit_test(sip_4_entities_have_a_bound_in_all),
		cmocka_unit_test(im_23_message_cpim_is_unwrapped),
		cmocka_unit_test(
			im_23_map_11_subject_and_language_come_from_inside),
		cmocka_unit_test(map_11_texts_in_several_languages_have_none),
		cmocka_unit_test(every_failed_allocation_is_500),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
