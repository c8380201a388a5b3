/** JIDs: their three parts, prepared. */

#include "tests/unit/unit.h"

#include "routing/jid.h"

static void expect(const char *text, const char *local, const char *domain,
		   const char *resource)
{
	struct jid jid;

	if (jid_parse(span_of(text), &jid) != ROUTE_OK)
		fail_msg("%s: refused", text);
	assert_string_equal(jid.local, local);
	assert_string_equal(jid.domain, domain);
	assert_string_equal(jid.resource, resource);
}

static void refuse(const char *text, enum route_status expected)
{
	struct jid jid;
	enum route_status status = jid_parse(span_of(text), &jid);

	if (status != expected)
		fail_msg("%s: %s, not %s", text, route_status_word(status),
			 route_status_word(expected));
}

/* The examples of RFC 7622, 3.5, table 1. */
static void rfc_7622_3_5_examples_are_jids(void **state)
{
	(void)state;
	expect("juliet@example.com", "juliet", "example.com", "");
	expect("juliet@example.com/foo", "juliet", "example.com", "foo");
	expect("juliet@example.com/foo bar", "juliet", "example.com",
	       "foo bar");
	expect("juliet@example.com/foo@bar", "juliet", "example.com",
	       "foo@bar");
	expect("foo\\20bar@example.com", "foo\\20bar", "example.com", "");
	expect("fussball@example.com", "fussball", "example.com", "");
	expect("\u03c0@example.com", "\u03c0", "example.com", "");
	expect("\u03a3@example.com/foo", "\u03c3", "example.com", "foo");
	expect("king@example.com/\u265a", "king", "example.com", "\u265a");
	expect("example.com", "", "example.com", "");
	expect("example.com/foobar", "", "example.com", "foobar");
	expect("a.example.com/b@example.net", "", "a.example.com",
	       "b@example.net");
}

/* The examples of RFC 7622, 3.5, table 2. */
static void rfc_7622_3_5_counterexamples_are_none(void **state)
{
	(void)state;
	refuse("\"juliet\"@example.com", ROUTE_BAD_URI);
	refuse("foo bar@example.com", ROUTE_BAD_URI);
	refuse("juliet@example.com/", ROUTE_BAD_URI);
	refuse("@example.com/", ROUTE_BAD_URI);
	refuse("@example.com", ROUTE_BAD_URI);
	refuse("juliet@", ROUTE_BAD_DOMAIN);
	refuse("/foobar", ROUTE_BAD_DOMAIN);
	refuse("", ROUTE_BAD_DOMAIN);
}

static void xmpp_9_case_is_folded_but_not_in_a_resource(void **state)
{
	(void)state;
	expect("ALICE@IM.Example/Phone", "alice", "im.example", "Phone");
	expect("\u00c4RGER@\u00c4.example", "\u00e4rger", "\u00e4.example", "");
}

static void xmpp_9_forbidden_characters_are_refused(void **state)
{
	static const char *const rows[] = {
		"a\"b@d.example",  "a&b@d.example",	  "a'b@d.example",
		"a:b@d.example",   "a<b@d.example",	  "a>b@d.example",
		"a b@d.example",   "a\u00a0b@d.example",  "a\tb@d.example",
		"a\x7f@d.example", "a\xc2\x85@d.example", "\u00ad@d.example",
		"a\xff@d.example", "\xc3@d.example",
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		refuse(rows[i], ROUTE_BAD_URI);
	refuse("a@b@d.example", ROUTE_BAD_DOMAIN);
}

static void map_18_no_control_gets_into_a_resource(void **state)
{
	(void)state;
	refuse("a@d.example/x\r\nRoute: y", ROUTE_BAD_URI);
	refuse("a@d.example/\x01", ROUTE_BAD_URI);
	refuse("a@d.example/\x7f", ROUTE_BAD_URI);
	refuse("a@d.example/\xc2\x85", ROUTE_BAD_URI);
	refuse("a@d.example/\xff", ROUTE_BAD_URI);
	expect("a@d.example/x/y@z", "a", "d.example", "x/y@z");
}

static void sip_41_a_nul_never_cuts_a_part_short(void **state)
{
	static const struct {
		const char *text;
		size_t len;
		enum route_status status;
	} rows[] = {
		{ "a\0b@d.example", 13, ROUTE_BAD_URI },
		{ "a@d.exa\0mple", 12, ROUTE_BAD_DOMAIN },
		{ "a@d.example/r\0", 14, ROUTE_BAD_URI },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct jid jid;

		assert_int_equal(
			jid_parse((struct span){ rows[i].text, rows[i].len },
				  &jid),
			rows[i].status);
	}
}

static void xmpp_9_a_domain_is_kept_in_u_labels(void **state)
{
	(void)state;
	expect("a@m\u00fcnchen.example", "a", "m\u00fcnchen.example", "");
	expect("a@XN--MNCHEN-3YA.example", "a", "m\u00fcnchen.example", "");
	expect("a@d.example.", "a", "d.example", "");
}

static void a_domain_may_be_one_label_or_an_address(void **state)
{
	(void)state;
	expect("a@localhost", "a", "localhost", "");
	expect("a@127.0.0.1", "a", "127.0.0.1", "");
	expect("a@[::1]/r", "a", "[::1]", "r");
	expect("a@[2001:DB8:0:0::1]", "a", "[2001:db8::1]", "");
	refuse("a@[]", ROUTE_BAD_DOMAIN);
	refuse("a@[::1", ROUTE_BAD_DOMAIN);
	refuse("a@[1.2.3.4]", ROUTE_BAD_DOMAIN);
	refuse("a@d_e.example", ROUTE_BAD_DOMAIN);
	refuse("a@d e.example", ROUTE_BAD_DOMAIN);
}

/* local, '@', d.example, '/', resource */
static enum route_status parse_long(size_t local, size_t resource)
{
	char buffer[JID_SIZE + 64];
	struct text t;
	struct jid jid;

	text_init(&t, buffer, sizeof buffer);
	for (size_t i = 0; i < local; i++)
		text_add_char(&t, 'a');
	text_add(&t, "@d.example/");
	for (size_t i = 0; i < resource; i++)
		text_add_char(&t, 'r');
	assert_false(t.cut);
	return jid_parse(span_of(buffer), &jid);
}

static void xmpp_9_a_part_has_at_most_1023_octets(void **state)
{
	(void)state;
	assert_int_equal(parse_long(1023, 1023), ROUTE_OK);
	assert_int_equal(parse_long(1024, 1), ROUTE_BAD_URI);
	assert_int_equal(parse_long(1, 1024), ROUTE_BAD_URI);
}

static void xmpp_9_the_limit_holds_after_the_preparation(void **state)
{
	char buffer[JID_SIZE];
	struct text t;
	struct jid jid;

	(void)state;
	text_init(&t, buffer, sizeof buffer);
	for (int i = 0; i < 500; i++)
		text_add(&t, "\u0149"); /* two octets, folded to three */
	text_add(&t, "@d.example");
	assert_int_equal(jid_parse(span_of(buffer), &jid), ROUTE_BAD_URI);
}

static void expect_text(const char *text, bool full, const char *expected)
{
	char buffer[JID_SIZE];
	struct text t;
	struct jid jid;

	assert_int_equal(jid_parse(span_of(text), &jid), ROUTE_OK);
	text_init(&t, buffer, sizeof buffer);
	jid_write(&jid, full, &t);
	assert_string_equal(buffer, expected);
}

static void a_jid_is_written_bare_or_full(void **state)
{
	(void)state;
	expect_text("a@d.example/r", true, "a@d.example/r");
	expect_text("a@d.example/r", false, "a@d.example");
	expect_text("a@d.example", true, "a@d.example");
	expect_text("d.example/r", true, "d.example/r");
	expect_text("d.example", false, "d.example");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rfc_7622_3_5_examples_are_jids),
		cmocka_unit_test(rfc_7622_3_5_counterexamples_are_none),
		cmocka_unit_test(xmpp_9_case_is_folded_but_not_in_a_resource),
		cmocka_unit_test(xmpp_9_forbidden_characters_are_refused),
		cmocka_unit_test(map_18_no_control_gets_into_a_resource),
		cmocka_unit_test(sip_41_a_nul_never_cuts_a_part_short),
		cmocka_unit_test(xmpp_9_a_domain_is_kept_in_u_labels),
		cmocka_unit_test(a_domain_may_be_one_label_or_an_address),
		cmocka_unit_test(xmpp_9_a_part_has_at_most_1023_octets),
		cmocka_unit_test(xmpp_9_the_limit_holds_after_the_preparation),
		cmocka_unit_test(a_jid_is_written_bare_or_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
