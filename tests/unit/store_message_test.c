#include "gateway/store/store_message.h"

#include "tests/unit/unit.h"

static size_t column_of(const char *name)
{
	for (size_t i = 0; i < STORE_MESSAGE_COLUMNS; i++)
		if (!strcmp(store_message_column(i), name))
			return i;
	fail_msg("no column %s", name);
	return 0;
}

static void set(struct message *message, const char *name,
		struct store_value value)
{
	assert_true(store_message_set(message, column_of(name), &value));
}

static struct store_value text(const char *octets)
{
	return (struct store_value){ STORE_TEXT, 0, span_of(octets) };
}

static void each_column_has_a_name_and_a_type(void **state)
{
	(void)state;
	assert_int_equal(store_message_type(column_of("from")), STORE_TEXT);
	assert_int_equal(store_message_type(column_of("id")), STORE_TEXT);
	assert_int_equal(store_message_type(column_of("body")), STORE_OCTETS);
	assert_int_equal(store_message_type(column_of("key")), STORE_OCTETS);
	assert_int_equal(store_message_type(column_of("resent")), STORE_NUMBER);
	assert_int_equal(store_message_type(column_of("date_s")), STORE_NUMBER);
}

static void what_is_too_long_is_cut(void **state)
{
	struct message *m = message_create();

	(void)state;
	assert_non_null(m);
	set(m, "id", text("0123456789012345678901234"));
	assert_string_equal(m->id, "01234567890123456789");
	set(m, "id", text("short"));
	assert_string_equal(m->id, "short");
	message_destroy(&m);
}

static void a_value_of_another_type_is_nothing(void **state)
{
	const struct store_value number = { STORE_NUMBER, 7, { NULL, 0 } };
	struct message *m = message_create();

	(void)state;
	assert_non_null(m);
	m->date_s = 1;
	set(m, "from", text("sip:a@example.net"));
	set(m, "from", number);
	assert_null(m->from);
	set(m, "date_s", text("7"));
	assert_true(m->date_s == 0);
	set(m, "key", text("not sixteen"));
	assert_false(m->has_key);
	set(m, "body", text("x"));
	set(m, "body", number);
	assert_null(m->body);
	assert_int_equal(m->body_len, 0);
	message_destroy(&m);
}

static void what_is_not_there_makes_no_json(void **state)
{
	struct message *m = message_create();
	char *more;

	(void)state;
	assert_non_null(m);
	assert_int_equal(message_set(&m->from, "sip:a@example.net"), 0);
	assert_true(store_message_more(m, &more));
	assert_null(more);
	m->anonymous = true;
	assert_int_equal(message_set(&m->require, "\xff"), 0);
	assert_true(store_message_more(m, &more));
	assert_string_equal(more, "{\"anonymous\":1,\"require\":[255]}");
	free(more);
	message_destroy(&m);
}

static void what_json_does_not_say_is_empty(void **state)
{
	struct message *m = message_create();

	(void)state;
	assert_non_null(m);
	assert_true(store_message_set_more(m, NULL));
	assert_true(store_message_set_more(
		m, "{\"language\":\"de\",\"unknown\":1,\"anonymous\":1,"
		   "\"require\":null,\"asserted\":[255,65]}"));
	assert_string_equal(m->language, "de");
	assert_string_equal(m->asserted, "\xff"
					 "A");
	assert_true(m->anonymous);
	assert_null(m->require);
	assert_false(store_message_set_more(m, "[1]"));
	assert_false(store_message_set_more(m, "{"));
	message_destroy(&m);
}

static void a_packed_copy_owns_all_that_it_shows(void **state)
{
	struct message *m = message_create(), *copy;

	(void)state;
	assert_non_null(m);
	assert_int_equal(message_set(&m->from, "sip:a@example.net"), 0);
	assert_int_equal(message_set(&m->language, "de"), 0);
	assert_int_equal(message_set_body(m, "a\0b", 3), 0);
	copy = store_message_pack(m);
	message_destroy(&m);
	assert_non_null(copy);
	assert_string_equal(copy->from, "sip:a@example.net");
	assert_string_equal(copy->language, "de");
	assert_memory_equal(copy->body, "a\0b", 4);
	assert_null(copy->to);
	free(copy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_column_has_a_name_and_a_type),
		cmocka_unit_test(what_is_too_long_is_cut),
		cmocka_unit_test(a_value_of_another_type_is_nothing),
		cmocka_unit_test(what_is_not_there_makes_no_json),
		cmocka_unit_test(what_json_does_not_say_is_empty),
		cmocka_unit_test(a_packed_copy_owns_all_that_it_shows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
