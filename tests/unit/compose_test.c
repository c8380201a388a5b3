#include "gateway/xmpp/compose.h"

#include "tests/unit/stanza_unit.h"
#include "tests/unit/unit.h"

static const struct compose_options options = { .domain = "gw.example.net" };

static int make_context(void **state)
{
	*state = xmpp_ctx_new(NULL, NULL);
	return *state ? 0 : -1;
}

static int free_context(void **state)
{
	xmpp_ctx_free(*state);
	return 0;
}

/* The base request of the golden example. */
static bool fill(struct message *m)
{
	memcpy(m->id, "id-of-twenty-letters", sizeof m->id);
	return message_set(&m->from, "tel:+12025550199") == GATEWAY_OK &&
	       message_set(&m->call_id, "c1@127.0.0.11") == GATEWAY_OK &&
	       message_set(&m->content_type, "text/plain") == GATEWAY_OK &&
	       message_set_body(m, "Hello", 5) == GATEWAY_OK;
}

static struct message *base(void)
{
	struct message *m = message_create();

	if (m && !fill(m))
		message_destroy(&m);
	return m;
}

static xmpp_stanza_t *compose(void *ctx, const struct compose_options *how,
			      const struct message *m)
{
	xmpp_stanza_t *stanza;
	struct outcome no;

	assert_true(
		compose_stanza(ctx, how, m, "alice@im.example", &stanza, &no));
	return stanza;
}

#define ORIGIN "<origin-id xmlns='urn:xmpp:sid:0' id='id-of-twenty-letters'/>"

static void map_7_the_golden_stanza(void **state)
{
	struct message *m = base();
	xmpp_stanza_t *stanza;

	assert_non_null(m);
	assert_int_equal(message_set(&m->subject, "Test"), GATEWAY_OK);
	assert_int_equal(message_set(&m->language, "en"), GATEWAY_OK);
	stanza = compose(*state, &options, m);
	assert_stanza(stanza,
		      "<message from='+12025550199@gw.example.net' "
		      "to='alice@im.example' id='id-of-twenty-letters' "
		      "xml:lang='en'><subject>Test</subject>"
		      "<body>Hello</body><thread>c1@127.0.0.11</thread>" ORIGIN
		      "</message>");
	xmpp_stanza_release(stanza);
	message_destroy(&m);
}

static void conf_11_the_type_is_chat_by_option(void **state)
{
	const struct compose_options chat = { .domain = "gw.example.net",
					      .chat = true };
	struct message *m = base();
	xmpp_stanza_t *stanza;

	assert_non_null(m);
	stanza = compose(*state, &chat, m);
	assert_string_equal(xmpp_stanza_get_type(stanza), "chat");
	xmpp_stanza_release(stanza);
	stanza = compose(*state, &options, m);
	assert_null(xmpp_stanza_get_type(stanza)); /* MAP-8 */
	xmpp_stanza_release(stanza);
	message_destroy(&m);
}

static void sec_13_the_sender_is_who_may_be_shown(void **state)
{
	static const struct {
		const char *from, *asserted;
		bool anonymous;
		const char *jid;
	} cases[] = {
		{ "tel:+12025550199", NULL, false,
		  "+12025550199@gw.example.net" },
		{ "sip:bob@example.com", NULL, false,
		  "bob\\40example.com@gw.example.net" },
		{ "sip:bob@example.com", "tel:+12025550199", false,
		  "+12025550199@gw.example.net" },
		{ "sip:bob@example.com", "tel:+12025550199", true,
		  "anonymous@gw.example.net" },
		{ "sip:anonymous@anonymous.invalid", NULL, false,
		  "anonymous@gw.example.net" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct message *m = base();
		xmpp_stanza_t *stanza;

		assert_non_null(m);
		assert_int_equal(message_set(&m->from, cases[i].from),
				 GATEWAY_OK);
		assert_int_equal(message_set(&m->asserted, cases[i].asserted),
				 GATEWAY_OK);
		m->anonymous = cases[i].anonymous;
		stanza = compose(*state, &options, m);
		assert_string_equal(xmpp_stanza_get_from(stanza), cases[i].jid);
		xmpp_stanza_release(stanza);
		message_destroy(&m);
	}
}

static void map_11_only_a_language_tag_is_taken_over(void **state)
{
	static const struct {
		const char *language, *lang;
	} cases[] = {
		{ "de-CH-1996", "de-CH-1996" },
		{ "", NULL },
		{ "en, fr", NULL },
		{ "x\xff", NULL },
		{ "a-0123456789-0123456789-0123456789-0", NULL },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct message *m = base();
		xmpp_stanza_t *stanza;
		const char *lang;

		assert_non_null(m);
		assert_int_equal(message_set(&m->language, cases[i].language),
				 GATEWAY_OK);
		stanza = compose(*state, &options, m);
		lang = xmpp_stanza_get_attribute(stanza, "xml:lang");
		if (cases[i].lang)
			assert_string_equal(lang, cases[i].lang);
		else
			assert_null(lang);
		xmpp_stanza_release(stanza);
		message_destroy(&m);
	}
}

static void xmpp_5_a_broken_subject_does_not_cost_the_message(void **state)
{
	struct message *m = base();
	xmpp_stanza_t *stanza;

	assert_non_null(m);
	assert_int_equal(message_set(&m->subject, "a\xff\x02]]>&"), GATEWAY_OK);
	stanza = compose(*state, &options, m);
	assert_stanza(stanza,
		      "<message from='+12025550199@gw.example.net' "
		      "to='alice@im.example' "
		      "id='id-of-twenty-letters'>"
		      "<subject>a\xef\xbf\xbd\xef\xbf\xbd]]&gt;&amp;"
		      "</subject><body>Hello</body>"
		      "<thread>c1@127.0.0.11</thread>" ORIGIN "</message>");
	xmpp_stanza_release(stanza);
	message_destroy(&m);
}

/* As if it had come as message/cpim. */
static struct message *wrapped(void)
{
	static const char body[] = "Subject:;lang=fr Objet\r\n\r\n"
				   "Content-Type: text/plain\r\n"
				   "Content-Language: de\r\n\r\nHallo";
	struct message *m = base();

	if (m && (message_set(&m->content_type, "message/cpim") != GATEWAY_OK ||
		  message_set_body(m, body, sizeof body - 1) != GATEWAY_OK))
		message_destroy(&m);
	return m;
}

static void im_23_map_11_what_is_wrapped_speaks_for_itself(void **state)
{
	struct message *m = wrapped();
	xmpp_stanza_t *stanza;

	assert_non_null(m);
	stanza = compose(*state, &options, m);
	assert_stanza(stanza,
		      "<message from='+12025550199@gw.example.net' "
		      "to='alice@im.example' id='id-of-twenty-letters' "
		      "xml:lang='de'><subject xml:lang='fr'>Objet</subject>"
		      "<body>Hallo</body><thread>c1@127.0.0.11</thread>" ORIGIN
		      "</message>");
	xmpp_stanza_release(stanza);
	message_destroy(&m);
}

static void im_23_the_headers_of_sip_come_first(void **state)
{
	struct message *m = wrapped();
	xmpp_stanza_t *stanza;

	assert_non_null(m);
	assert_int_equal(message_set(&m->subject, "Test"), GATEWAY_OK);
	assert_int_equal(message_set(&m->language, "en"), GATEWAY_OK);
	stanza = compose(*state, &options, m);
	assert_stanza(stanza,
		      "<message from='+12025550199@gw.example.net' "
		      "to='alice@im.example' id='id-of-twenty-letters' "
		      "xml:lang='en'><subject>Test</subject>"
		      "<body>Hallo</body><thread>c1@127.0.0.11</thread>" ORIGIN
		      "</message>");
	xmpp_stanza_release(stanza);
	message_destroy(&m);
}

static void a_message_that_cannot_be_carried_makes_no_stanza(void **state)
{
	struct message *m = base();
	xmpp_stanza_t *stanza;
	struct outcome no;

	assert_non_null(m);
	assert_int_equal(message_set(&m->content_type, "image/png"),
			 GATEWAY_OK);
	assert_false(compose_stanza(*state, &options, m, "alice@im.example",
				    &stanza, &no));
	assert_null(stanza);
	assert_int_equal(no.code, 415);
	message_destroy(&m);
}

static void exercise(void)
{
	xmpp_ctx_t *ctx = xmpp_ctx_new(NULL, NULL);
	struct message *m = wrapped();
	xmpp_stanza_t *stanza = NULL;
	struct outcome no;

	if (m && !compose_stanza(ctx, &options, m, "a@b", &stanza, &no))
		assert_int_equal(no.code, 500);
	if (stanza)
		xmpp_stanza_release(stanza);
	message_destroy(&m);
	xmpp_ctx_free(ctx);
}

static void every_failed_allocation_is_500(void **state)
{
	(void)state;
	assert_true(unit_fail_allocations(exercise) > 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(map_7_the_golden_stanza),
		cmocka_unit_test(conf_11_the_type_is_chat_by_option),
		cmocka_unit_test(sec_13_the_sender_is_who_may_be_shown),
		cmocka_unit_test(map_11_only_a_language_tag_is_taken_over),
		cmocka_unit_test(
			xmpp_5_a_broken_subject_does_not_cost_the_message),
		cmocka_unit_test(
			im_23_map_11_what_is_wrapped_speaks_for_itself),
		cmocka_unit_test(im_23_the_headers_of_sip_come_first),
		cmocka_unit_test(
			a_message_that_cannot_be_carried_makes_no_stanza),
		cmocka_unit_test(every_failed_allocation_is_500),
	};

	return cmocka_run_group_tests(tests, make_context, free_context);
}
