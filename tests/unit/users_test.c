#include "tests/unit/unit.h"

#include "gateway/users.h"

#define MD5    "0123456789abcdef0123456789ABCDEF"
#define LOWER  "0123456789abcdef0123456789abcdef"
#define SHA256 LOWER LOWER

static void sip_35_a_users_file_has_lines_of_three_fields(void **state)
{
	static const struct {
		const char *text;
		unsigned line; /* of the mistake; 0: none */
	} cases[] = {
		{ "", 0 },
		{ "\n\n", 0 },
		{ "# nobody\n", 0 },
		{ "bob:r:" MD5, 0 },
		{ "bob:r:" MD5 "\r\n\r\n#\nbob:r:" SHA256 "\n", 0 },
		{ "bob\n", 1 },
		{ "bob:r\n", 1 },
		{ "bob:r:\n", 1 },
		{ ":r:" MD5, 1 },
		{ "bob::" MD5, 1 },
		{ "bob:r:secret", 1 },
		{ "bob:r:" MD5 "0", 1 },
		{ "bob:r:" MD5 ":", 1 },
		{ "bob:r:" MD5 " ", 1 },
		{ "#\n\nbob:r:" MD5 "\nbob:r:g123456789abcdef0123456789abcdef",
		  4 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		unsigned line = 0;
		const char *fault = users_fault(cases[i].text, &line);

		assert_int_equal(fault != NULL, cases[i].line != 0);
		assert_int_equal(line, cases[i].line);
	}
}

static const char *found(const char *text, const char *user, const char *realm,
			 size_t len)
{
	static char hash[USERS_HASH_SIZE];
	bool there = users_find(text, span_of(user), span_of(realm), len, hash);

	assert_int_equal(there, hash[0] != '\0');
	return hash;
}

static void sip_35_a_hash_is_found_by_user_realm_and_kind(void **state)
{
	static const char text[] = "bob:other:" SHA256 "\n"
				   "#bob:gw:" SHA256 "\n"
				   "bob:gw:" MD5 "\r\n"
				   "al:gw:" SHA256;

	(void)state;
	assert_string_equal(found(text, "bob", "gw", 32), LOWER);
	assert_string_equal(found(text, "bob", "other", 64), SHA256);
	assert_string_equal(found(text, "al", "gw", 64), SHA256);
	assert_string_equal(found(text, "bob", "gw", 64), "");
	assert_string_equal(found(text, "Bob", "gw", 32), "");
	assert_string_equal(found(text, "#bob", "gw", 64), "");
	assert_string_equal(found(text, "", "gw", 32), "");
	assert_string_equal(found(text, "bob", "g", 32), "");
	assert_true(users_have(text, span_of("gw"), 32));
	assert_true(users_have(text, span_of("gw"), 64));
	assert_true(users_have(text, span_of("other"), 64));
	assert_false(users_have(text, span_of("other"), 32));
	assert_false(users_have("", span_of("gw"), 32));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(sip_35_a_users_file_has_lines_of_three_fields),
		cmocka_unit_test(sip_35_a_hash_is_found_by_user_realm_and_kind),
	};

	return cmocka_run_group_tests_name("users", tests, NULL, NULL);
}
