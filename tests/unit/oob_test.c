#include "gateway/xmpp/oob.h"

#include "tests/unit/stanza_unit.h"
#include "tests/unit/unit.h"

#define URL	  "https://a.example/cat.jpg"
#define LINK(url) "<x xmlns='jabber:x:oob'><url>" url "</url></x>"

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

static struct message *message_with(const char *body, size_t len)
{
	struct message *m = message_create();

	if (m && message_set_body(m, body, len) != GATEWAY_OK)
		message_destroy(&m);
	return m;
}

/* What stands in a stanza beside a body. */
static enum gateway_status append(xmpp_ctx_t *ctx, const char *inner,
				  struct message *m)
{
	char xml[1024];
	struct text text;
	xmpp_stanza_t *stanza;
	enum gateway_status status;

	text_init(&text, xml, sizeof xml);
	text_addf(&text, "<message>%s</message>", inner);
	stanza = stanza_parse(ctx, xml);
	status = oob_append(m, stanza);
	xmpp_stanza_release(stanza);
	return status;
}

static void xmpp_27_a_link_is_appended_unless_it_is_the_body(void **state)
{
	static const struct {
		const char *body, *inner, *result;
	} cases[] = {
		{ "a cat", LINK(URL), "a cat\n" URL },
		{ URL, LINK(URL), URL },
		{ " " URL "\n", LINK(URL), " " URL "\n" },
		{ "look: " URL, LINK(URL), "look: " URL "\n" URL },
		{ "two", LINK("a:1") LINK("a:2"), "two\na:1\na:2" },
		{ "x",
		  "<x xmlns='jabber:x:oob'><desc>d</desc><url>a:1</url></x>",
		  "x\na:1" },
		{ "x", LINK("a?b&amp;c"), "x\na?b&c" },
		{ "x", LINK(""), "x" },
		{ "x", "<x xmlns='jabber:x:oob'/>", "x" },
		{ "x", "<x xmlns='jabber:x:conference'><url>a:1</url></x>",
		  "x" },
		{ "x", "<url xmlns='jabber:x:oob'>a:1</url>", "x" },
		{ "x", "<body>x</body>", "x" },
		{ "x", "text", "x" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct message *m =
			message_with(cases[i].body, strlen(cases[i].body));

		assert_non_null(m);
		assert_int_equal(append(*state, cases[i].inner, m), GATEWAY_OK);
		assert_string_equal(m->body, cases[i].result);
		assert_int_equal(m->body_len, strlen(cases[i].result));
		message_destroy(&m);
	}
}

static void xmpp_27_links_have_a_bound(void **state)
{
	struct message *m = message_with("x", 1);
	char inner[900];
	struct text text;

	assert_non_null(m);
	text_init(&text, inner, sizeof inner);
	for (unsigned i = 0; i < OOB_LINKS_MAX + 2; i++)
		text_add(&text, LINK("a:1"));
	assert_false(text.cut);
	assert_int_equal(append(*state, inner, m), GATEWAY_OK);
	assert_int_equal(m->body_len, 1 + OOB_LINKS_MAX * strlen("\na:1"));
	message_destroy(&m);
}

static void xmpp_27_29_a_body_has_its_bound_with_links_too(void **state)
{
	char *full = calloc(1, MESSAGE_BODY_MAX);
	struct message *m;

	assert_non_null(full);
	m = message_with(full, MESSAGE_BODY_MAX - 4);
	assert_non_null(m);
	assert_int_equal(append(*state, LINK("a:1"), m), GATEWAY_OK);
	assert_int_equal(append(*state, LINK("a:1"), m), GATEWAY_TOO_LARGE);
	assert_int_equal(m->body_len, MESSAGE_BODY_MAX);
	message_destroy(&m);
	free(full);
}

static void exercise(void)
{
	xmpp_ctx_t *ctx = xmpp_ctx_new(NULL, NULL);
	struct message *m = message_with("x", 1);
	enum gateway_status status = GATEWAY_NO_MEMORY;

	if (m)
		status = append(ctx, LINK("a:1"), m);
	assert_true(status == GATEWAY_OK || status == GATEWAY_NO_MEMORY);
	message_destroy(&m);
	xmpp_ctx_free(ctx);
}

static void every_failed_allocation_is_a_status(void **state)
{
	(void)state;
	assert_true(unit_fail_allocations(exercise) > 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			xmpp_27_a_link_is_appended_unless_it_is_the_body),
		cmocka_unit_test(xmpp_27_links_have_a_bound),
		cmocka_unit_test(
			xmpp_27_29_a_body_has_its_bound_with_links_too),
		cmocka_unit_test(every_failed_allocation_is_a_status),
	};

	return cmocka_run_group_tests(tests, make_context, free_context);
}
