/** The words and texts of routing/: what people and scripts read. */

#include "tests/unit/unit.h"

#include "routing/hop.h"
#include "routing/status.h"

static void each_status_has_a_text_and_a_word_of_its_own(void **state)
{
	(void)state;
	for (int i = 0; i < ROUTE_STATUS_COUNT; i++) {
		const char *word = route_status_word((enum route_status)i);

		assert_true(word && word[0]);
		assert_null(strchr(word, ' '));
		assert_true(route_status_text((enum route_status)i)[0]);
		for (int k = 0; k < i; k++)
			assert_string_not_equal(
				word, route_status_word((enum route_status)k));
	}
}

static void words_are_those_of_the_contract(void **state)
{
	(void)state;
	assert_string_equal(route_status_word(ROUTE_OK), "ok");
	assert_string_equal(route_status_word(ROUTE_OWN_DOMAIN), "own-domain");
	assert_string_equal(route_status_word(ROUTE_NOT_FOUND), "not-found");
	assert_string_equal(route_status_word(ROUTE_TEMPORARY), "temporary");
}

static void a_number_that_is_no_status_still_has_a_text(void **state)
{
	(void)state;
	assert_string_equal(route_status_text(ROUTE_STATUS_COUNT), "unknown");
	assert_string_equal(route_status_word(ROUTE_STATUS_COUNT), "unknown");
}

static void protocols_and_transports_have_their_words(void **state)
{
	(void)state;
	assert_string_equal(protocol_word(PROTOCOL_SIP), "sip");
	assert_string_equal(protocol_word(PROTOCOL_XMPP), "xmpp");
	assert_string_equal(protocol_word(PROTOCOL_COUNT), "unknown");
	assert_string_equal(transport_word(TRANSPORT_UDP), "udp");
	assert_string_equal(transport_word(TRANSPORT_TCP), "tcp");
	assert_string_equal(transport_word(TRANSPORT_TLS), "tls");
	assert_string_equal(transport_word(TRANSPORT_COUNT), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_status_has_a_text_and_a_word_of_its_own),
		cmocka_unit_test(words_are_those_of_the_contract),
		cmocka_unit_test(a_number_that_is_no_status_still_has_a_text),
		cmocka_unit_test(protocols_and_transports_have_their_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
