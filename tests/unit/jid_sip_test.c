#include "routing/jid.h"

#include "enum/e164.h"
#include "tests/unit/unit.h"

/* The way back from jid_to_sip, and what is no JID: NULL. */
static const struct {
	const char *uri, *jid;
} addresses[] = {
	{ "sip:alice@im.example", "alice@im.example" },
	{ "sip:alice@im.example;gr=r1", "alice@im.example/r1" },
	{ "sip:alice@im.example;gr=r%201", "alice@im.example/r 1" },
	{ "sip:alice@im.example;gr", "alice@im.example" },
	{ "sips:Alice@IM.example;transport=tcp", "alice@im.example" },
	{ "sip:m&m@im.example", "m\\26m@im.example" },
	{ "sip:o'malley@im.example", "o\\27malley@im.example" },
	{ "sip:a%40b@im.example", "a\\40b@im.example" },
	{ "sip:tsch%C3%BCss@im.example", "tsch\xc3\xbcss@im.example" },
	{ "sip:alice@xn--bcher-kva.example", "alice@b\xc3\xbc"
					     "cher.example" },
	{ "sip:im.example", "im.example" },
	{ "sip:alice@im.example:5060", NULL },
	{ "sip:alice@192.0.2.1", NULL },
	{ "sip:alice@[2001:db8::1]", NULL },
	{ "sip:%20alice@im.example", NULL },
	{ "sip:%FF@im.example", NULL },
	{ "sip:%00@im.example", NULL },
	{ "im:alice@im.example", NULL },
	{ "tel:+12025550100", NULL },
	{ "", NULL },
};

static void map_1_a_sip_uri_becomes_a_jid(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
		char buffer[JID_SIZE];
		struct text text;
		struct jid jid;
		enum route_status status =
			jid_from_sip(span_of(addresses[i].uri), &jid);

		if ((status == ROUTE_OK) != (addresses[i].jid != NULL))
			fail_msg("%s", addresses[i].uri);
		if (status != ROUTE_OK)
			continue;
		text_init(&text, buffer, sizeof buffer);
		jid_write(&jid, true, &text);
		assert_string_equal(buffer, addresses[i].jid);
	}
}

static const struct {
	const char *uri, *number;
} senders[] = {
	{ "tel:+1-202-555-0199;ext=1", "+12025550199" },
	{ "TEL:+12025550199", "+12025550199" },
	{ "sip:+12025550199@carrier.example;user=phone", "+12025550199" },
	{ "sip:+1-202-555-0199;isub=1@carrier.example", "+12025550199" },
	{ "sip:bob@carrier.example", NULL },
	{ "sip:carrier.example", NULL },
	{ "tel:5550199;phone-context=+1202", NULL },
	{ "tel:+1234567890123456", NULL },
	{ "mailto:+12025550199", NULL },
	{ "", NULL },
};

static void map_4_tel_11_a_sender_has_a_number_or_none(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof senders / sizeof senders[0]; i++) {
		char number[E164_SIZE];
		enum route_status status = jid_sender_number(
			span_of(senders[i].uri), number, sizeof number);

		if ((status == ROUTE_OK) != (senders[i].number != NULL))
			fail_msg("%s", senders[i].uri);
		if (status == ROUTE_OK)
			assert_string_equal(number, senders[i].number);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(map_1_a_sip_uri_becomes_a_jid),
		cmocka_unit_test(map_4_tel_11_a_sender_has_a_number_or_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
