#include "gateway/xmpp/new_address.h"

#include "gateway/outcome.h"
#include "gateway/xmpp/stanza_outcome.h"
#include "tests/unit/stanza_unit.h"
#include "tests/unit/unit.h"

#define DOMAIN "gw.example.net"
#define NS     "urn:ietf:params:xml:ns:xmpp-stanzas"

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

/* An error with this condition and this text in it. */
static xmpp_stanza_t *error_with(void *ctx, const char *condition,
				 const char *address)
{
	char xml[1024];

	(void)snprintf(xml, sizeof xml,
		       "<message type='error'><error type='cancel'>"
		       "<%s xmlns='" NS "'>%s</%s><text xmlns='" NS
		       "'>Moved</text></error></message>",
		       condition, address, condition);
	return stanza_parse(ctx, xml);
}

static const struct {
	const char *contact, *text;
} contacts[] = {
	{ "tel:+1-202-555-0111", "xmpp:+12025550111@" DOMAIN },
	{ "sip:+12025550111@carrier.example;user=phone",
	  "xmpp:+12025550111@" DOMAIN },
	{ "sip:bob@sip.example", "sip:bob@sip.example" },
	{ "sip:b\x01ob@sip.example", "" },
	{ "sip:<x>", "" },
	{ "", "" },
};

static void map_15_a_contact_becomes_the_text_of_gone(void **state)
{
	for (size_t i = 0; i < sizeof contacts / sizeof contacts[0]; i++) {
		xmpp_stanza_t *got = error_with(*state, "gone", "");
		xmpp_stanza_t *wanted =
			error_with(*state, "gone", contacts[i].text);
		char *text;
		size_t len;

		assert_true(new_address_add(got, contacts[i].contact, DOMAIN));
		assert_int_equal(xmpp_stanza_to_text(wanted, &text, &len),
				 XMPP_EOK);
		assert_stanza(got, text);
		xmpp_free(*state, text);
		xmpp_stanza_release(got);
		xmpp_stanza_release(wanted);
	}
}

static void map_15_another_error_holds_no_address(void **state)
{
	xmpp_stanza_t *error = error_with(*state, "item-not-found", "");

	assert_true(new_address_add(error, "tel:+12025550111", DOMAIN));
	assert_stanza(error, "<message type='error'><error type='cancel'>"
			     "<item-not-found xmlns='" NS "'/><text xmlns='" NS
			     "'>Moved</text></error></message>");
	xmpp_stanza_release(error);
}

static const struct {
	const char *condition, *address;
	int code;
	const char *uri;
} errors[] = {
	{ "gone", "xmpp:bob@im.example", 301, "sip:bob@im.example" },
	{ "gone", " xmpp:bob@im.example?message ", 301, "sip:bob@im.example" },
	{ "redirect", "xmpp:b%C3%BCb@im.example/r1", 302,
	  "sip:b%C3%BCb@im.example;gr=r1" },
	{ "gone", "bob@im.example", 301, "sip:bob@im.example" },
	{ "gone", "xmpp:+12025550111@" DOMAIN, 301, "tel:+12025550111" },
	{ "gone", "sip:bob@sip.example;transport=tcp", 301,
	  "sip:bob@sip.example;transport=tcp" },
	{ "redirect", "tel:+12025550111", 302, "tel:+12025550111" },
	{ "gone", "im:bob@im.example", 301, "im:bob@im.example" },
	{ "gone", "", 410, "" },
	{ "gone", "im.example", 410, "" },
	{ "gone", "xmpp:bob@" DOMAIN, 410, "" },
	{ "gone", "http://im.example/bob", 410, "" },
	{ "gone", "xmpp:a%0d%0aRoute:b@im.example", 410, "" },
	{ "gone", "sip:a@b&#10;Route: x", 410, "" },
	{ "gone", "tel:+1202&gt;", 410, "" },
	{ "redirect", "", 480, "" },
	{ "item-not-found", "xmpp:bob@im.example", 604, "" },
};

static void map_15_gone_and_redirect_become_301_and_302_by_option(void **state)
{
	const struct outcome_profile on = { .redirects = true };
	const struct outcome_profile off = { .redirects = false };

	for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
		xmpp_stanza_t *error = error_with(*state, errors[i].condition,
						  errors[i].address);
		struct outcome o = stanza_outcome(error, DOMAIN, false, &on);

		if (o.code != errors[i].code)
			fail_msg("%s: %d", errors[i].address, o.code);
		assert_string_equal(o.address, errors[i].uri);
		assert_int_equal(o.kind, outcome_of_sip(o.code, NULL).kind);
		assert_string_equal(o.reason, "Moved");
		o = stanza_outcome(error, DOMAIN, false, &off);
		assert_true(o.code == 410 || o.code == 480 || o.code == 604);
		assert_string_equal(o.address, "");
		xmpp_stanza_release(error);
	}
}

static void map_15_an_address_too_long_is_lost(void **state)
{
	const struct outcome_profile on = { .redirects = true };
	char address[OUTCOME_ADDRESS_SIZE + 64] = "xmpp:";
	xmpp_stanza_t *error;

	memset(address + 5, 'a', OUTCOME_ADDRESS_SIZE);
	memcpy(address + 5 + OUTCOME_ADDRESS_SIZE, "@b.c", 5);
	error = error_with(*state, "gone", address);
	assert_int_equal(stanza_outcome(error, DOMAIN, false, &on).code, 410);
	assert_true(new_address_add(error, address, DOMAIN));
	xmpp_stanza_release(error);
}

static void map_15_a_failure_says_where_to(void **state)
{
	const struct stanza_address address = { .from = "a@b",
						.to = "+1@" DOMAIN,
						.id = "m7" };
	struct outcome o = outcome_of_sip(301, "Moved");
	xmpp_stanza_t *error;

	assert_true(span_copy(span_of("tel:+12025550111"), o.address,
			      sizeof o.address));
	error = stanza_failure(*state, &address, &o, DOMAIN);
	assert_stanza(error,
		      "<message type='error' id='m7' to='a@b' from='+1@" DOMAIN
		      "'><error type='cancel'><gone xmlns='" NS
		      "'>xmpp:+12025550111@" DOMAIN "</gone><text xmlns='" NS
		      "'>Moved</text></error></message>");
	xmpp_stanza_release(error);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, make_context, free_context)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(map_15_a_contact_becomes_the_text_of_gone),
		TEST(map_15_another_error_holds_no_address),
		TEST(map_15_gone_and_redirect_become_301_and_302_by_option),
		TEST(map_15_an_address_too_long_is_lost),
		TEST(map_15_a_failure_says_where_to),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
