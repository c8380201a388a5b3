/** Addresses of the one world written in the other. */

#include "tests/unit/unit.h"

#include "enum/e164.h"
#include "routing/jid.h"

#define GATEWAY "gw.example.net"

static void expect_jid(const struct jid *jid, const char *expected)
{
	char buffer[JID_SIZE];
	struct text t;

	text_init(&t, buffer, sizeof buffer);
	jid_write(jid, true, &t);
	assert_string_equal(buffer, expected);
}

static void im_to_jid(const char *uri, const char *expected)
{
	struct im_uri im;
	struct jid jid;

	if (im_uri_parse(span_of(uri), &im) != ROUTE_OK ||
	    jid_from_im(&im, &jid) != ROUTE_OK)
		fail_msg("%s: refused", uri);
	expect_jid(&jid, expected);
}

static void sender_to_jid(const char *uri, const char *expected)
{
	struct jid jid;

	if (jid_from_sender(span_of(uri), GATEWAY, &jid) != ROUTE_OK)
		fail_msg("%s: refused", uri);
	expect_jid(&jid, expected);
}

static void jid_to_uri(const char *text, const char *expected)
{
	char buffer[3 * JID_SIZE];
	struct text t;
	struct jid jid;

	text_init(&t, buffer, sizeof buffer);
	if (jid_parse(span_of(text), &jid) != ROUTE_OK ||
	    jid_to_sip(&jid, &t) != ROUTE_OK)
		fail_msg("%s: refused", text);
	assert_string_equal(buffer, expected);
}

static void map_1_an_im_uri_becomes_a_bare_jid(void **state)
{
	(void)state;
	im_to_jid("im:alice@im.example", "alice@im.example");
	im_to_jid("im:f%C3%BC@sip.example", "f\u00fc@sip.example");
	im_to_jid("im:o'malley@sip.example", "o\\27malley@sip.example");
	im_to_jid("im:foo@sip.example?subject=x", "foo@sip.example");
}

static void xmpp_9_case_and_scheme_are_gone(void **state)
{
	(void)state;
	im_to_jid("im:ALICE@IM.example", "alice@im.example");
	im_to_jid("IM:Alice@im.example.", "alice@im.example");
	im_to_jid("im:a@xn--mnchen-3ya.example", "a@m\u00fcnchen.example");
}

static void map_2_the_whole_table_is_escaped(void **state)
{
	(void)state;
	im_to_jid("im:a%40b@d.example", "a\\40b@d.example");
	im_to_jid("im:c%3A%5C5commas@d.example", "c\\3a\\5c5commas@d.example");
	im_to_jid("im:foo%5Cbar@d.example", "foo\\bar@d.example");
	im_to_jid("im:%5C27@d.example", "\\5c27@d.example");
	im_to_jid("im:x%20%22%26%27%2F%3A%3C%3E%40x@d.example",
		  "x\\20\\22\\26\\27\\2f\\3a\\3c\\3e\\40x@d.example");
	im_to_jid("im:here%27s_a_wild_%26_%2Fcr%25zy%2F_address@example.com",
		  "here\\27s_a_wild_\\26_\\2fcr%zy\\2f_address@example.com");
}

static void map_1_what_cannot_be_a_localpart_is_refused(void **state)
{
	static const char *const rows[] = {
		"im:%20a@d.example",	      "im:a%20@d.example",
		"im:%C2%A0a@d.example",	      /* no-break space */
		"im:%C2%AD@d.example",	      /* nothing is left */
		"im:a%EF%BC%BC40b@d.example", /* fullwidth backslash */
		"im:%E2%80%AEa@d.example",    /* right-to-left override */
		"im:%D7%90a@d.example",	      /* mixed directions */
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct im_uri im;
		struct jid jid;

		assert_int_equal(im_uri_parse(span_of(rows[i]), &im), ROUTE_OK);
		if (jid_from_im(&im, &jid) != ROUTE_BAD_URI)
			fail_msg("%s: accepted", rows[i]);
	}
}

static void map_4_a_number_becomes_plus_digits_at_the_gateway(void **state)
{
	static const char *const rows[] = {
		"tel:+12025550100",
		"TEL:+1-202-555-0100",
		"tel:+1.202.555.0100;ext=5;npdi",
		"sip:+12025550100@carrier.example;user=phone",
		"sip:+1-202-555-0100@carrier.example;user=phone",
		"sip:+12025550100;npdi@carrier.example;user=phone",
		"sips:+12025550100:secret@carrier.example:5061",
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		sender_to_jid(rows[i], "+12025550100@" GATEWAY);
}

static void tel_11_a_number_needs_no_user_phone(void **state)
{
	(void)state;
	sender_to_jid("sip:+12025550100@carrier.example",
		      "+12025550100@" GATEWAY);
	sender_to_jid("sip:%2B12025550100@carrier.example",
		      "+12025550100@" GATEWAY);
	sender_to_jid("sip:12025550100@carrier.example",
		      "12025550100\\40carrier.example@" GATEWAY);
}

static void conf_13_a_sip_address_is_a_name_under_our_domain(void **state)
{
	(void)state;
	sender_to_jid("sip:a@b.example", "a\\40b.example@" GATEWAY);
	sender_to_jid("sips:Alice@B.Example:5061;transport=tls",
		      "alice\\40b.example@" GATEWAY);
	sender_to_jid("sip:o'malley@d.example",
		      "o\\27malley\\40d.example@" GATEWAY);
	sender_to_jid("sip:a%40b@c.example", "a\\40b\\40c.example@" GATEWAY);
	sender_to_jid("sip:a@[2001:db8::1]:5060",
		      "a\\40[2001\\3adb8\\3a\\3a1]@" GATEWAY);
	/* more digits than E.164 has: a name, no number */
	sender_to_jid("sip:+1234567890123456@b.example",
		      "+1234567890123456\\40b.example@" GATEWAY);
}

static void map_5_a_known_gruu_makes_a_full_jid(void **state)
{
	(void)state;
	sender_to_jid("sip:foo@sip.example;gr=bar",
		      "foo\\40sip.example@" GATEWAY "/bar");
	sender_to_jid("sip:foo@sip.example;gr=a%20%C3%BC",
		      "foo\\40sip.example@" GATEWAY "/a \u00fc");
	/* a temporary one says nothing, nor does one that cannot be written */
	sender_to_jid("sip:foo@sip.example;gr", "foo\\40sip.example@" GATEWAY);
	sender_to_jid("sip:foo@sip.example;gr=a%00b",
		      "foo\\40sip.example@" GATEWAY);
	sender_to_jid("sip:foo@sip.example;gr=a%0D%0Ab",
		      "foo\\40sip.example@" GATEWAY);
	sender_to_jid("sip:+12025550100@sip.example;gr=bar",
		      "+12025550100@" GATEWAY);
}

static void sec_13_anonymous_senders_are_all_the_same(void **state)
{
	static const char *const rows[] = {
		"sip:anonymous@anonymous.invalid",
		"sips:Anonymous@Anonymous.Invalid;gr=mine",
		"sip:anonymous@carrier.example",
		"sip:c8oqz84zk7z@anonymous.invalid",
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		sender_to_jid(rows[i], "anonymous@" GATEWAY);
}

static void conf_13_what_cannot_be_written_is_anonymous(void **state)
{
	static const char *const rows[] = {
		"",
		"alice",
		"im:alice@im.example",
		"tel:",
		"tel:5550100",
		"tel:911;phone-context=+1",
		"tel:+1234567890123456",
		"sip:carrier.example",
		"sip:nul-%00-nul@b.example",
		"sip:a%0D%0A@b.example",
		"sip:%FF@b.example",
		"sip:%20a@b.example",
		"sip:a%C2%A0b@b.example",
		"sip:a@",
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		sender_to_jid(rows[i], "anonymous@" GATEWAY);
}

static void a_sender_that_is_too_long_is_refused(void **state)
{
	static char uri[JID_SENDER_MAX + 2];
	struct span text = { uri, JID_SENDER_MAX };
	struct jid jid;

	(void)state;
	memset(uri, 'a', sizeof uri);
	memcpy(uri, "sip:", 4);
	assert_int_equal(jid_from_sender(text, GATEWAY, &jid), ROUTE_OK);
	text.len++;
	assert_int_equal(jid_from_sender(text, GATEWAY, &jid), ROUTE_BAD_URI);
}

static void a_gateway_domain_that_is_none_is_refused(void **state)
{
	struct jid jid;

	(void)state;
	assert_int_equal(jid_from_sender(span_of("sip:a@b.example"), "", &jid),
			 ROUTE_BAD_DOMAIN);
}

static enum route_status number_of(const char *text, char *out, size_t size)
{
	struct jid jid;

	assert_int_equal(jid_parse(span_of(text), &jid), ROUTE_OK);
	return jid_to_number(&jid, out, size);
}

static void xmpp_16_a_number_is_plus_and_1_to_15_digits(void **state)
{
	static const char *const bad[] = {
		"abc@" GATEWAY,
		"12025550199@" GATEWAY,
		GATEWAY,
		GATEWAY "/+12025550100",
		"+@" GATEWAY,
		"+1234567890123456@" GATEWAY,
		"+1-202-555@" GATEWAY,
		"+1202x@" GATEWAY,
		"+12025550100;ext=1@" GATEWAY,
		"a\\40b@" GATEWAY,
	};
	char out[E164_SIZE];

	(void)state;
	assert_int_equal(number_of("+12025550100@" GATEWAY, out, sizeof out),
			 ROUTE_OK);
	assert_string_equal(out, "+12025550100");
	assert_int_equal(
		number_of("+123456789012345@" GATEWAY "/r", out, sizeof out),
		ROUTE_OK);
	assert_string_equal(out, "+123456789012345");
	assert_int_equal(number_of("+1@" GATEWAY, out, sizeof out), ROUTE_OK);
	assert_int_equal(number_of("+12@" GATEWAY, out, 3), ROUTE_BAD_URI);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (number_of(bad[i], out, sizeof out) != ROUTE_BAD_URI)
			fail_msg("%s: accepted", bad[i]);
}

static void map_3_a_jid_becomes_a_sip_uri(void **state)
{
	(void)state;
	jid_to_uri("m\\26m@d.example", "sip:m&m@d.example");
	jid_to_uri("tsch\u00fcss@d.example", "sip:tsch%C3%BCss@d.example");
	jid_to_uri("a\\40b@d.example", "sip:a%40b@d.example");
	jid_to_uri("o\\27malley@d.example", "sip:o'malley@d.example");
	jid_to_uri("foo\\bar@d.example", "sip:foo%5Cbar@d.example");
	jid_to_uri("c\\3a\\5c5commas@d.example",
		   "sip:c%3A%5C5commas@d.example");
	jid_to_uri("a%00b@d.example", "sip:a%2500b@d.example");
	jid_to_uri("a#[b]{c}|^`\\20d@d.example",
		   "sip:a%23%5Bb%5D%7Bc%7D%7C%5E%60%20d@d.example");
	jid_to_uri("a;b=c,d?e\\2ff@d.example", "sip:a;b=c,d?e/f@d.example");
	jid_to_uri("+12025550100@" GATEWAY, "sip:+12025550100@" GATEWAY);
}

static void map_3_a_resource_becomes_gr(void **state)
{
	(void)state;
	jid_to_uri("alice@im.example/r1", "sip:alice@im.example;gr=r1");
	jid_to_uri("alice@im.example/a b;c=d?<\u00fc>@",
		   "sip:alice@im.example;gr=a%20b%3Bc%3Dd%3F%3C%C3%BC%3E%40");
	jid_to_uri("alice@im.example/a[b]/c:d&e+f$g%h",
		   "sip:alice@im.example;gr=a[b]/c:d&e+f$g%25h");
}

static void map_3_a_domain_is_written_for_the_dns(void **state)
{
	(void)state;
	jid_to_uri("a@m\u00fcnchen.example", "sip:a@xn--mnchen-3ya.example");
	jid_to_uri("im.example", "sip:im.example");
	jid_to_uri("a@[::1]/r", "sip:a@[::1];gr=r");
}

static void map_3_what_is_not_well_escaped_is_refused(void **state)
{
	char buffer[JID_SIZE];
	struct text t;
	struct jid jid;

	(void)state;
	text_init(&t, buffer, sizeof buffer);
	assert_int_equal(jid_parse(span_of("\\20a@d.example"), &jid), ROUTE_OK);
	assert_int_equal(jid_to_sip(&jid, &t), ROUTE_BAD_URI);
}

static void map_3_a_domain_that_is_no_host_is_refused(void **state)
{
	char buffer[JID_SIZE];
	struct text t;
	struct jid jid;

	(void)state;
	text_init(&t, buffer, sizeof buffer);
	assert_int_equal(jid_parse(span_of("a@1.2.3.256"), &jid), ROUTE_OK);
	assert_int_equal(jid_to_sip(&jid, &t), ROUTE_BAD_URI);
}

static void map_3_a_uri_is_appended(void **state)
{
	char buffer[JID_SIZE];
	struct text t;
	struct jid jid;

	(void)state;
	text_init(&t, buffer, sizeof buffer);
	text_add_char(&t, '<');
	assert_int_equal(jid_parse(span_of("a@d.example"), &jid), ROUTE_OK);
	assert_int_equal(jid_to_sip(&jid, &t), ROUTE_OK);
	assert_string_equal(buffer, "<sip:a@d.example");
}

static void map_3_what_does_not_fit_is_refused(void **state)
{
	char buffer[sizeof "sip:a@d.example"];
	struct text t;
	struct jid jid;

	(void)state;
	text_init(&t, buffer, sizeof buffer);
	assert_int_equal(jid_parse(span_of("a@d.example"), &jid), ROUTE_OK);
	assert_int_equal(jid_to_sip(&jid, &t), ROUTE_OK);
	text_init(&t, buffer, sizeof buffer - 1);
	assert_int_equal(jid_to_sip(&jid, &t), ROUTE_BAD_URI);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(map_1_an_im_uri_becomes_a_bare_jid),
		cmocka_unit_test(xmpp_9_case_and_scheme_are_gone),
		cmocka_unit_test(map_2_the_whole_table_is_escaped),
		cmocka_unit_test(map_1_what_cannot_be_a_localpart_is_refused),
		cmocka_unit_test(
			map_4_a_number_becomes_plus_digits_at_the_gateway),
		cmocka_unit_test(tel_11_a_number_needs_no_user_phone),
		cmocka_unit_test(
			conf_13_a_sip_address_is_a_name_under_our_domain),
		cmocka_unit_test(map_5_a_known_gruu_makes_a_full_jid),
		cmocka_unit_test(sec_13_anonymous_senders_are_all_the_same),
		cmocka_unit_test(conf_13_what_cannot_be_written_is_anonymous),
		cmocka_unit_test(a_sender_that_is_too_long_is_refused),
		cmocka_unit_test(a_gateway_domain_that_is_none_is_refused),
		cmocka_unit_test(xmpp_16_a_number_is_plus_and_1_to_15_digits),
		cmocka_unit_test(map_3_a_jid_becomes_a_sip_uri),
		cmocka_unit_test(map_3_a_resource_becomes_gr),
		cmocka_unit_test(map_3_a_domain_is_written_for_the_dns),
		cmocka_unit_test(map_3_what_is_not_well_escaped_is_refused),
		cmocka_unit_test(map_3_a_domain_that_is_no_host_is_refused),
		cmocka_unit_test(map_3_a_uri_is_appended),
		cmocka_unit_test(map_3_what_does_not_fit_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
