#include "gateway/admin/admin_item.h"

#include "tests/unit/unit.h"

#define NOW_MS	INT64_C(1704067200000)
#define TEXT(s) ((char *)(uintptr_t)(s))

static const struct message plain = {
	.id = "AbCdEfGhIjKlMnOpQ-_9",
	.origin = PROTOCOL_SIP,
	.seq = 7,
	.from = TEXT("tel:+12025550199"),
	.to = TEXT("im:romeo@im.example"),
	.target = TEXT("im:romeo@im.example"),
	.call_id = TEXT("a@b"),
	.body = TEXT("Hello"),
	.body_len = 5,
};

static struct store_item item_of(const struct message *message)
{
	return (struct store_item){
		.message = (struct message *)(uintptr_t)message,
		.state = STORE_HELD,
		.via = PROTOCOL_XMPP,
		.tries = 3,
		.put_ms = NOW_MS - 252000,
		.due_ms = NOW_MS + 108000,
		.expires_ms = NOW_MS + 3600000,
		.node = "gw1",
		.reason = "no answer from +12025550100",
	};
}

static json_t *shown(const struct message *message, bool mask, bool body)
{
	const struct store_item item = item_of(message);
	const struct admin_view view = { NOW_MS, mask, body };

	return admin_item_json(&item, &view);
}

static const char *text_in(json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static int64_t number_in(json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

static void a_message_is_shown_without_its_text(void **state)
{
	json_t *object = shown(&plain, false, false);

	(void)state;
	assert_string_equal(text_in(object, "id"), plain.id);
	assert_string_equal(text_in(object, "state"), "held");
	assert_string_equal(text_in(object, "origin"), "sip");
	assert_string_equal(text_in(object, "via"), "xmpp");
	assert_string_equal(text_in(object, "node"), "gw1");
	assert_string_equal(text_in(object, "from"), plain.from);
	assert_string_equal(text_in(object, "purpose"), "text");
	assert_true(json_is_null(json_object_get(object, "stanza_id")));
	assert_null(json_object_get(object, "body"));
	assert_int_equal(number_in(object, "seq"), 7);
	assert_int_equal(number_in(object, "tries"), 3);
	assert_int_equal(number_in(object, "size"), 5);
	json_decref(object);
}

static void times_are_told_as_ages_too(void **state)
{
	json_t *object = shown(&plain, false, false);

	(void)state;
	assert_int_equal(number_in(object, "put_ms"), NOW_MS - 252000);
	assert_int_equal(number_in(object, "age_s"), 252);
	assert_int_equal(number_in(object, "next_s"), 108);
	assert_int_equal(number_in(object, "left_s"), 3600);
	json_decref(object);
}

static void the_text_is_shown_when_it_is_asked_for(void **state)
{
	json_t *object = shown(&plain, false, true);

	(void)state;
	assert_string_equal(text_in(object, "body"), "Hello");
	json_decref(object);
}

static void numbers_are_masked_when_the_log_masks_them(void **state)
{
	json_t *object = shown(&plain, true, false);

	(void)state;
	assert_string_equal(text_in(object, "from"), "tel:+1202555xxxx");
	assert_string_equal(text_in(object, "reason"),
			    "no answer from +1202555xxxx");
	json_decref(object);
}

static void what_is_not_utf_8_is_escaped(void **state)
{
	struct message odd = plain;
	json_t *object;

	(void)state;
	odd.from = TEXT("sip:\xff+12025550199@a\n");
	odd.body = TEXT("\xc3(");
	odd.body_len = 2;
	object = shown(&odd, true, true);
	assert_string_equal(text_in(object, "from"),
			    "sip:\\xff+1202555xxxx@a\\x0a");
	assert_string_equal(text_in(object, "body"), "\\xc3(");
	json_decref(object);
}

static void counts_tell_how_old_the_oldest_is(void **state)
{
	const struct store_counts some = {
		.in_state = { [STORE_WAITING] = 2, [STORE_HELD] = 1 },
		.oldest_put_ms = NOW_MS - 252999,
	};
	const struct store_counts none = { .oldest_put_ms = 0 };
	json_t *object = admin_counts_json(&some, NOW_MS);

	(void)state;
	assert_int_equal(number_in(object, "waiting"), 2);
	assert_int_equal(number_in(object, "taken"), 0);
	assert_int_equal(number_in(object, "held"), 1);
	assert_int_equal(number_in(object, "oldest_s"), 252);
	json_decref(object);
	object = admin_counts_json(&none, NOW_MS);
	assert_int_equal(number_in(object, "oldest_s"), 0);
	json_decref(object);
}

static void exercise(void)
{
	struct message odd = plain;

	odd.to = TEXT("\xff");
	odd.body = TEXT("\xff");
	odd.body_len = 1;
	json_decref(shown(&plain, true, true));
	json_decref(shown(&odd, true, true));
}

static void it_survives_every_allocation_that_fails(void **state)
{
	(void)state;
	assert_true(unit_fail_allocations(exercise) > 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_is_shown_without_its_text),
		cmocka_unit_test(times_are_told_as_ages_too),
		cmocka_unit_test(the_text_is_shown_when_it_is_asked_for),
		cmocka_unit_test(numbers_are_masked_when_the_log_masks_them),
		cmocka_unit_test(what_is_not_utf_8_is_escaped),
		cmocka_unit_test(counts_tell_how_old_the_oldest_is),
		cmocka_unit_test(it_survives_every_allocation_that_fails),
	};

	return cmocka_run_group_tests_name("admin_item", tests, NULL, NULL);
}
