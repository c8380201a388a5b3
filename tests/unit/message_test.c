#include "tests/unit/unit.h"

#include "gateway/message.h"
#include "gateway/status.h"

static void an_id_has_twenty_safe_characters(void **state)
{
	unsigned char random[15];
	struct message *m = message_create();

	(void)state;
	assert_non_null(m);
	memset(random, 0xff, sizeof random);
	message_set_id(m, random);
	assert_string_equal(m->id, "____________________");
	memset(random, 0, sizeof random);
	message_set_id(m, random);
	assert_string_equal(m->id, "AAAAAAAAAAAAAAAAAAAA");
	memcpy(random, "any carnal plea", sizeof random);
	message_set_id(m, random); /* 15 octets: base64 without padding */
	assert_string_equal(m->id, "YW55IGNhcm5hbCBwbGVh");
	message_destroy(&m);
	assert_null(m);
}

static void a_body_may_hold_nul_and_has_one_behind(void **state)
{
	struct message *m = message_create();

	(void)state;
	assert_int_equal(message_set_body(m, "a\0b", 3), GATEWAY_OK);
	assert_int_equal(m->body_len, 3);
	assert_memory_equal(m->body, "a\0b", 4);
	assert_int_equal(message_set_body(m, NULL, 0), GATEWAY_OK);
	assert_string_equal(m->body, "");
	message_destroy(&m);
}

static void a_body_beyond_the_limit_is_refused(void **state)
{
	struct message *m = message_create();
	char *big = calloc(1, MESSAGE_BODY_MAX + 1);

	(void)state;
	assert_int_equal(message_set_body(m, big, MESSAGE_BODY_MAX),
			 GATEWAY_OK);
	assert_int_equal(message_set_body(m, big, MESSAGE_BODY_MAX + 1),
			 GATEWAY_TOO_LARGE);
	assert_int_equal(m->body_len, MESSAGE_BODY_MAX);
	free(big);
	message_destroy(&m);
}

static void every_status_has_a_text(void **state)
{
	(void)state;
	for (int s = 0; s <= GATEWAY_STATUS_COUNT; s++)
		assert_true(gateway_status_text((enum gateway_status)s)[0] !=
			    0);
}

static void exercise(void)
{
	struct message *m = message_create();

	if (m && message_set(&m->from, "tel:+1") == GATEWAY_OK &&
	    message_set(&m->from, "tel:+2") == GATEWAY_OK)
		(void)!message_set_body(m, "x", 1);
	message_destroy(&m);
}

static void no_failing_allocation_leaks(void **state)
{
	(void)state;
	assert_int_equal(unit_fail_allocations(exercise), 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_id_has_twenty_safe_characters),
		cmocka_unit_test(a_body_may_hold_nul_and_has_one_behind),
		cmocka_unit_test(a_body_beyond_the_limit_is_refused),
		cmocka_unit_test(every_status_has_a_text),
		cmocka_unit_test(no_failing_allocation_leaks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
