#include "tests/unit/unit.h"

#include "routing/plan_hop.h"
#include "routing/verdict.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const struct resolve_service srv = { .protocol = PROTOCOL_SIP,
					    .host = "s.im.example",
					    .port = 5070,
					    .host_is_target = true };

static void parse(const char *uri, struct im_uri *im_out)
{
	assert_int_equal(im_uri_parse(span_of(uri), im_out), ROUTE_OK);
}

static void check_sip(const char *user, const char *expected)
{
	struct im_uri im = { .domain = "im.example" };
	struct hop hop;
	char uri[256];

	assert_true(span_copy(span_of(user), im.user, sizeof im.user));
	assert_int_equal(plan_hop_sip(&im, &srv, true, &hop), ROUTE_OK);
	snprintf(uri, sizeof uri, "sip:%s@s.im.example:5070", expected);
	assert_string_equal(hop.recipient, uri);
}

static void im_12_what_no_sip_user_may_hold_is_escaped(void **state)
{
	(void)state;
	check_sip("alice", "alice");
	check_sip("a.b-c_d+e", "a.b-c_d+e");
	check_sip("a%20b%40c", "a%20b%40c");
	check_sip("&=+$,;?/", "&=+$,;?/");
	check_sip("-_.!~*'()", "-_.!~*'()");
	check_sip("a#b{c}d|e^f`g", "a%23b%7Bc%7Dd%7Ce%5Ef%60g");
	check_sip("a:b@c<d>", "a%3Ab%40c%3Cd%3E");
	check_sip("\xc3\xa9\r\n", "%C3%A9%0D%0A");
}

static void conf_5_the_host_is_the_target_or_the_domain(void **state)
{
	struct resolve_service at_domain = { .protocol = PROTOCOL_SIP,
					     .host = "im.example" };
	struct resolve_service usual_port = srv;
	struct im_uri im;
	struct hop hop;

	(void)state;
	parse("im:alice@im.example", &im);
	assert_int_equal(plan_hop_sip(&im, &srv, true, &hop), ROUTE_OK);
	assert_string_equal(hop.recipient, "sip:alice@s.im.example:5070");
	assert_string_equal(hop.identity, "im.example");
	assert_int_equal(plan_hop_sip(&im, &srv, false, &hop), ROUTE_OK);
	assert_string_equal(hop.recipient, "sip:alice@im.example");
	assert_string_equal(hop.identity, "im.example");
	assert_int_equal(plan_hop_sip(&im, &at_domain, true, &hop), ROUTE_OK);
	assert_string_equal(hop.recipient, "sip:alice@im.example");
	usual_port.port = 5060;
	assert_int_equal(plan_hop_sip(&im, &usual_port, true, &hop), ROUTE_OK);
	assert_string_equal(hop.recipient, "sip:alice@s.im.example");
}

static void a_recipient_that_does_not_fit_is_refused(void **state)
{
	struct im_uri im = { .domain = "im.example" };
	struct hop hop;

	(void)state;
	memset(im.user, '#', sizeof im.user - 1);
	assert_int_equal(plan_hop_sip(&im, &srv, true, &hop), ROUTE_BAD_URI);
}

static void map_1_the_jid_is_bare_and_escaped(void **state)
{
	struct im_uri im;
	struct hop hop;

	(void)state;
	parse("im:Alice@IM.example?subject=x", &im);
	assert_int_equal(plan_hop_xmpp(&im, &hop), ROUTE_OK);
	assert_string_equal(hop.recipient, "alice@im.example");
	assert_int_equal(hop.protocol, PROTOCOL_XMPP);
	parse("im:o'hara@im.example", &im);
	assert_int_equal(plan_hop_xmpp(&im, &hop), ROUTE_OK);
	assert_string_equal(hop.recipient, "o\\27hara@im.example");
	parse("im:%20a@im.example", &im);
	assert_int_equal(plan_hop_xmpp(&im, &hop), ROUTE_BAD_URI);
}

static void check_tel(const char *number, bool enumdi, const char *server,
		      const char *recipient, const char *identity)
{
	struct sip_uri uri;
	struct tel tel;
	struct hop hop;

	assert_int_equal(tel_parse(span_of(number), &tel), ENUM_OK);
	assert_int_equal(sip_uri_parse(span_of(server), &uri), ROUTE_OK);
	assert_int_equal(plan_hop_number(&tel, enumdi, &uri, false, &hop),
			 ROUTE_OK);
	assert_string_equal(hop.recipient, recipient);
	assert_string_equal(hop.identity, identity);
	assert_int_equal(plan_hop_number(&tel, enumdi, &uri, true, &hop),
			 ROUTE_OK);
	assert_true(span_starts_nocase(span_of(hop.recipient), "sip"));
	assert_string_equal(hop.identity, identity);
}

static void tel_14_the_number_goes_as_sent_with_enumdi_once(void **state)
{
	(void)state;
	check_tel("+12025550100", false, "sip:sbc.example", "tel:+12025550100",
		  "sbc.example");
	check_tel("+12025550100", true, "sips:sbc.example:5061",
		  "tel:+12025550100;enumdi", "sbc.example");
	check_tel("+12025550100;enumdi", true, "sip:192.0.2.1:5062",
		  "tel:+12025550100;enumdi", "192.0.2.1");
	check_tel("+1(202)555-0100;ext=12;tsp=a.b", true,
		  "sip:[2a00:1::1]:5062",
		  "tel:+1(202)555-0100;ext=12;tsp=a.b;enumdi", "2a00:1::1");
	check_tel("+12025550100", false, "sip:sbc.example;maddr=192.0.2.1",
		  "tel:+12025550100", "sbc.example");
}

static void sip_27_a_route_is_gone_by_and_not_written_to(void **state)
{
	struct hop hop = { .recipient = "tel:+12025550100" };
	struct sip_uri uri;

	(void)state;
	assert_int_equal(
		plan_hop_route(span_of("sip:p1.example:5070;lr"), &uri, &hop),
		ROUTE_OK);
	assert_string_equal(hop.recipient, "tel:+12025550100");
	assert_string_equal(hop.identity, "p1.example");
	assert_int_equal(uri.port, 5070);
	assert_int_equal(plan_hop_route(span_of("tel:+1202"), &uri, &hop),
			 ROUTE_BAD_URI);
	assert_int_equal(plan_hop_route(span_of("sip:"), &uri, &hop),
			 ROUTE_BAD_URI);
}

static void sip_38_the_location_never_changes_the_identity(void **state)
{
	const struct hop server = { .host = "s.im.example",
				    .address = "192.0.2.1",
				    .port = 5071,
				    .transport = TRANSPORT_TLS,
				    .transport_advertised = true,
				    .secure = true };
	struct hop hop = { .recipient = "sip:a@b", .identity = "im.example" };

	(void)state;
	plan_hop_locate(&hop, &server, true);
	assert_string_equal(hop.recipient, "sip:a@b");
	assert_string_equal(hop.identity, "im.example");
	assert_string_equal(hop.host, "s.im.example");
	assert_string_equal(hop.address, "192.0.2.1");
	assert_int_equal(hop.port, 5071);
	assert_int_equal(hop.transport, TRANSPORT_TLS);
	assert_true(hop.transport_advertised);
	assert_true(hop.secure);
	plan_hop_locate(&hop, &server, false);
	assert_false(hop.secure);
}

/* How a plan ends after up to three candidates. */
static const struct {
	enum route_status candidates[3];
	bool only_uri;
	enum route_status end;
	unsigned reason; /* which candidate's, from 0; 3: that of the end */
} verdicts[] = {
	{ { 0 }, false, ROUTE_NOT_FOUND, 3 },
	{ { 0 }, true, ROUTE_NOT_FOUND, 3 },
	{ { ROUTE_NO_SERVICE }, false, ROUTE_NOT_FOUND, 0 },
	{ { ROUTE_NO_SERVICE, ROUTE_NO_ADDRESS }, false, ROUTE_NOT_FOUND, 0 },
	{ { ROUTE_NO_SERVICE, ROUTE_TEMPORARY }, false, ROUTE_TEMPORARY, 1 },
	{ { ROUTE_TEMPORARY, ROUTE_NO_SERVICE, ROUTE_TEMPORARY },
	  false,
	  ROUTE_TEMPORARY,
	  0 },
	{ { ROUTE_OWN_DOMAIN, ROUTE_NO_SERVICE }, false, ROUTE_NOT_FOUND, 0 },
	{ { ROUTE_OWN_DOMAIN }, true, ROUTE_OWN_DOMAIN, 3 },
	{ { ROUTE_BAD_DOMAIN }, true, ROUTE_BAD_DOMAIN, 3 },
	{ { ROUTE_BAD_URI }, true, ROUTE_BAD_URI, 3 },
	{ { ROUTE_PRIVATE, ROUTE_NO_SERVICE }, true, ROUTE_PRIVATE, 3 },
	{ { ROUTE_PRIVATE, ROUTE_TEMPORARY }, true, ROUTE_TEMPORARY, 1 },
};

static void table_0_5_cannot_tell_outweighs_every_no(void **state)
{
	static const char *const reasons[] = { "first", "second", "third" };

	(void)state;
	for (size_t i = 0; i < COUNT(verdicts); i++) {
		struct verdict v = { .unsure = false };
		enum route_status end;

		for (unsigned k = 0; k < 3 && verdicts[i].candidates[k]; k++)
			verdict_note(&v, verdicts[i].candidates[k], reasons[k]);
		end = verdict_status(&v, verdicts[i].only_uri);
		assert_int_equal(end, verdicts[i].end);
		assert_string_equal(verdict_reason(&v, end),
				    verdicts[i].reason < 3
					    ? reasons[verdicts[i].reason]
					    : route_status_text(end));
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(im_12_what_no_sip_user_may_hold_is_escaped),
		cmocka_unit_test(conf_5_the_host_is_the_target_or_the_domain),
		cmocka_unit_test(a_recipient_that_does_not_fit_is_refused),
		cmocka_unit_test(map_1_the_jid_is_bare_and_escaped),
		cmocka_unit_test(
			tel_14_the_number_goes_as_sent_with_enumdi_once),
		cmocka_unit_test(sip_27_a_route_is_gone_by_and_not_written_to),
		cmocka_unit_test(
			sip_38_the_location_never_changes_the_identity),
		cmocka_unit_test(table_0_5_cannot_tell_outweighs_every_no),
	};

	return cmocka_run_group_tests_name("plan_hop", tests, NULL, NULL);
}
