/** sip: and sips: URIs, and the characters they are made of. */

#include "tests/unit/unit.h"

#include "routing/sip_uri.h"
#include "routing/uri_text.h"

static struct sip_uri parse(const char *text)
{
	struct sip_uri uri;

	if (sip_uri_parse(span_of(text), &uri) != ROUTE_OK)
		fail_msg("%s: refused", text);
	return uri;
}

static void expect_span(struct span got, const char *expected)
{
	if (!span_is(got, expected))
		fail_msg("\"%.*s\", not \"%s\"", (int)got.len,
			 got.at ? got.at : "", expected);
}

static void refuse_all(const char *const *rows, size_t count)
{
	struct sip_uri uri;

	for (size_t i = 0; i < count; i++)
		if (sip_uri_parse(span_of(rows[i]), &uri) != ROUTE_BAD_URI)
			fail_msg("%s: accepted", rows[i]);
}

#define REFUSE(rows) refuse_all(rows, sizeof(rows) / sizeof(rows)[0])

/* The examples of RFC 3261, 19.1.3. */
static void rfc_3261_19_1_3_examples_are_read(void **state)
{
	static const struct {
		const char *uri, *user, *host, *params, *headers;
		bool secure;
	} rows[] = {
		{ "sip:alice@atlanta.com", "alice", "atlanta.com", "", "",
		  false },
		{ "sip:alice:secretword@atlanta.com;transport=tcp", "alice",
		  "atlanta.com", ";transport=tcp", "", false },
		{ "sips:alice@atlanta.com?subject=project%20x&priority=urgent",
		  "alice", "atlanta.com", "",
		  "subject=project%20x&priority=urgent", true },
		{ "sip:+1-212-555-1212:1234@gateway.com;user=phone",
		  "+1-212-555-1212", "gateway.com", ";user=phone", "", false },
		{ "sips:1212@gateway.com", "1212", "gateway.com", "", "",
		  true },
		{ "sip:alice@192.0.2.4", "alice", "192.0.2.4", "", "", false },
		{ "sip:atlanta.com;method=REGISTER?to=alice%40atlanta.com", "",
		  "atlanta.com", ";method=REGISTER", "to=alice%40atlanta.com",
		  false },
		{ "sip:alice;day=tuesday@atlanta.com", "alice;day=tuesday",
		  "atlanta.com", "", "", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct sip_uri uri = parse(rows[i].uri);

		expect_span(uri.user, rows[i].user);
		expect_span(uri.host, rows[i].host);
		expect_span(uri.params, rows[i].params);
		expect_span(uri.headers, rows[i].headers);
		assert_int_equal(uri.secure, rows[i].secure);
	}
}

static void a_plain_uri_has_none_of_the_rest(void **state)
{
	struct sip_uri uri = parse("SIP:a@b.example");

	(void)state;
	assert_int_equal(uri.port, 0);
	assert_false(uri.has_transport);
	assert_false(uri.transport_known);
	assert_false(uri.user_phone);
	expect_span(uri.gr, "");
	expect_span(uri.maddr, "");
}

static void the_transport_is_known_or_not(void **state)
{
	static const struct {
		const char *uri;
		bool known;
		enum transport transport;
	} rows[] = {
		{ "sip:a@b.example;transport=udp", true, TRANSPORT_UDP },
		{ "sip:a@b.example;transport=tcp", true, TRANSPORT_TCP },
		{ "sip:a@b.example;Transport=TLS;lr", true, TRANSPORT_TLS },
		{ "sip:a@b.example;transport=sctp", false, TRANSPORT_UDP },
		{ "sip:a@b.example;transport", false, TRANSPORT_UDP },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct sip_uri uri = parse(rows[i].uri);

		assert_true(uri.has_transport);
		assert_int_equal(uri.transport_known, rows[i].known);
		if (rows[i].known)
			assert_int_equal(uri.transport, rows[i].transport);
	}
}

static void parameters_that_matter_are_found(void **state)
{
	struct sip_uri uri = parse("sip:+12025550100@gw.example:5070;lr;"
				   "USER=Phone;gr=urn:uuid:f8%3Ad;"
				   "maddr=[2001:db8::1]");

	(void)state;
	assert_int_equal(uri.port, 5070);
	assert_true(uri.user_phone);
	expect_span(uri.gr, "urn:uuid:f8%3Ad");
	expect_span(uri.maddr, "[2001:db8::1]");
	assert_false(parse("sip:a@b.example;user=ip").user_phone);
	expect_span(parse("sip:a@b.example;gr").gr, "");
}

static void one_parameter_twice_is_refused(void **state)
{
	static const char *const rows[] = {
		"sip:a@b.example;transport=tcp;transport=udp",
		"sip:a@b.example;transport;transport=udp",
		"sip:a@b.example;maddr=10.0.0.1;maddr=10.0.0.2",
		"sip:a@b.example;gr=x;GR=y",
	};

	(void)state;
	REFUSE(rows);
}

static void hosts_are_names_or_addresses(void **state)
{
	static const struct {
		const char *uri, *host;
		bool address;
	} rows[] = {
		{ "sip:b.example", "b.example", false },
		{ "sip:b.example.", "b.example.", false },
		{ "sip:localhost", "localhost", false },
		{ "sip:my_host.example", "my_host.example", false },
		{ "sip:1.2.3.4.example", "1.2.3.4.example", false },
		{ "sip:127.0.0.21:5060", "127.0.0.21", true },
		{ "sip:[::1]", "[::1]", true },
		{ "sip:a@[2001:db8::9:1]:5060", "[2001:db8::9:1]", true },
		{ "sip:[::ffff:192.0.2.128]", "[::ffff:192.0.2.128]", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct sip_uri uri = parse(rows[i].uri);

		expect_span(uri.host, rows[i].host);
		assert_int_equal(sip_uri_host_is_address(&uri),
				 rows[i].address);
	}
}

static void what_is_no_host_is_refused(void **state)
{
	static const char *const rows[] = {
		"sip:",
		"sip:a@",
		"sip:a@:5060",
		"sip:.",
		"sip:a@b..example",
		"sip:a@.example",
		"sip:a@1.2.3",
		"sip:a@1.2.3.256",
		"sip:a@1.2.3.99999999999999999999999",
		"sip:a@::1",
		"sip:a@[::1",
		"sip:a@[]",
		"sip:a@[",
		"sip:a@[127.0.0.1]",
		"sip:a@[::g]",
		"sip:a@[::1]x",
		"sip:a@b example",
		"sip:a@b\r\nexample",
		"sip:a@b%2eexample",
		"sip:a@m\u00fcnchen.example",
	};

	(void)state;
	REFUSE(rows);
}

static void a_port_is_a_number_from_1_to_65535(void **state)
{
	static const char *const rows[] = {
		"sip:b.example:",      "sip:b.example:0",
		"sip:b.example:65536", "sip:b.example:-1",
		"sip:b.example:5060x", "sip:b.example:99999999999999999999",
		"sip:[::1]:",	       "sip:b.example:5060:5061",
	};

	(void)state;
	REFUSE(rows);
	assert_int_equal(parse("sip:b.example:1").port, 1);
	assert_int_equal(parse("sip:b.example:65535").port, 65535);
}

static void sec_5_what_could_break_out_of_a_header_is_refused(void **state)
{
	static const char *const rows[] = {
		"sip:a<b@b.example",	  "sip:a>@b.example",
		"sip:\"a\"@b.example",	  "sip:a b@b.example",
		"sip:a\r\n@b.example",	  "sip:a:p\r\nw@b.example",
		"sip:a@b.example;x=\r\n", "sip:a@b.example;x=<>",
		"sip:a@b.example?x=\r\n", "sip:a@b.example?x=<y>",
		"sip:f\u00fc@b.example",  "sip:a@b.example>",
	};

	(void)state;
	REFUSE(rows);
}

static void other_texts_are_refused(void **state)
{
	static const char *const rows[] = {
		"",
		"sip",
		"tel:+12025550100",
		"im:a@b.example",
		"siq:a@b.example",
		"a@b.example",
		"sip:@b.example",
		"sip::pw@b.example",
		"sip:a@b@b.example",
		"sip:a%@b.example",
		"sip:a%2@b.example",
		"sip:a%zz@b.example",
		"sip:a@b.example;",
		"sip:a@b.example;;lr",
		"sip:a@b.example;=x",
		"sip:a@b.example;x=",
		"sip:a@b.example;x=%4",
	};

	(void)state;
	REFUSE(rows);
}

static void sip_47_headers_are_set_apart(void **state)
{
	/* RFC 4475, 3.1.2.11, and '?' in a user (RFC 3261, 25.1) */
	struct sip_uri uri = parse("sip:user@example.com?Route=%3Csip:"
				   "example.com%3E");

	(void)state;
	expect_span(uri.host, "example.com");
	expect_span(uri.headers, "Route=%3Csip:example.com%3E");
	uri = parse("sip:a?b@example.com");
	expect_span(uri.user, "a?b");
	expect_span(uri.headers, "");
}

static void sip_41_an_escaped_nul_stays_an_escape(void **state)
{
	(void)state;
	/* RFC 4475, 3.1.1.4: it is legal, so it is not the parser's to refuse
	 */
	expect_span(parse("sip:null-%00-null@example.com").user,
		    "null-%00-null");
}

static void encoding_leaves_only_what_is_allowed(void **state)
{
	char buffer[400];
	struct text t;

	(void)state;
	for (int c = 1; c < 256; c++) {
		char octet = (char)c;
		struct span one = { &octet, 1 };

		text_init(&t, buffer, sizeof buffer);
		uri_encode(one, uri_is_user_char, &t);
		uri_encode(one, uri_is_param_char, &t);
		assert_int_equal(buffer[0] == '%', !uri_is_user_char(octet));
		for (char *at = buffer; *at; at++)
			assert_true(ascii_is_visible(*at));
	}
	assert_false(uri_is_user_char('\0'));
	assert_false(uri_is_param_char('\0'));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rfc_3261_19_1_3_examples_are_read),
		cmocka_unit_test(a_plain_uri_has_none_of_the_rest),
		cmocka_unit_test(the_transport_is_known_or_not),
		cmocka_unit_test(parameters_that_matter_are_found),
		cmocka_unit_test(one_parameter_twice_is_refused),
		cmocka_unit_test(hosts_are_names_or_addresses),
		cmocka_unit_test(what_is_no_host_is_refused),
		cmocka_unit_test(a_port_is_a_number_from_1_to_65535),
		cmocka_unit_test(
			sec_5_what_could_break_out_of_a_header_is_refused),
		cmocka_unit_test(other_texts_are_refused),
		cmocka_unit_test(sip_47_headers_are_set_apart),
		cmocka_unit_test(sip_41_an_escaped_nul_stays_an_escape),
		cmocka_unit_test(encoding_leaves_only_what_is_allowed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
