#include "routing/nexthop.h"
#include "tests/unit/unit.h"

static void sec_9_private_addresses_are_known(void **state)
{
	static const char *const private[] = {
		"0.0.0.0",
		"10.255.255.255",
		"100.64.0.1",
		"100.127.255.255",
		"127.0.0.53",
		"169.254.1.1",
		"172.16.0.1",
		"172.31.255.255",
		"192.0.0.1",
		"192.0.2.1",
		"192.168.0.1",
		"198.18.0.1",
		"198.19.255.255",
		"198.51.100.1",
		"203.0.113.1",
		"224.0.0.1",
		"239.1.1.1",
		"240.0.0.1",
		"255.255.255.255",
		"::",
		"::1",
		"fe80::1",
		"fc00::1",
		"fdff::1",
		"ff02::1",
		"::ffff:10.0.0.1",
		"64:ff9b::127.0.0.1",
		"2002:a00:1::1",
		"2001:db8::1",
		"2001::1",
		"3fff::1",
		"4000::1",
		"64:ff9b:1::1",
		"::127.0.0.1",
		"not an address",
		"",
	};
	static const char *const public[] = {
		"1.1.1.1",	    "9.9.9.9",	       "11.0.0.0",
		"100.63.255.255",   "100.128.0.1",     "126.255.255.255",
		"128.0.0.1",	    "169.253.1.1",     "172.15.255.255",
		"172.32.0.0",	    "192.0.3.1",       "192.167.1.1",
		"198.17.255.255",   "198.20.0.0",      "223.255.255.255",
		"2606:4700::1111",  "2a00:1::1",       "::ffff:9.9.9.9",
		"64:ff9b::9.9.9.9", "2002:909:909::1", "2001:4860::8888",
	};

	(void)state;
	for (size_t i = 0; i < sizeof private / sizeof private[0]; i++)
		if (!nexthop_address_is_private(private[i]))
			fail_msg("%s is private", private[i]);
	for (size_t i = 0; i < sizeof public / sizeof public[0]; i++)
		if (nexthop_address_is_private(public[i]))
			fail_msg("%s is public", public[i]);
}

static void names_are_letters_digits_hyphens_and_dots(void **state)
{
	char longest[DNS_NAME_SIZE + 1];

	(void)state;
	memset(longest, 'a', sizeof longest);
	longest[DNS_NAME_SIZE - 1] = '\0';
	assert_true(nexthop_is_name(longest));
	longest[DNS_NAME_SIZE - 1] = 'a';
	longest[DNS_NAME_SIZE] = '\0';
	assert_false(nexthop_is_name(longest));
	assert_true(nexthop_is_name("_a-1.Example"));
	assert_false(nexthop_is_name(""));
	assert_false(nexthop_is_name("a@b"));
	assert_false(nexthop_is_name("a\r\nb"));
	assert_false(nexthop_is_name("a;b"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(sec_9_private_addresses_are_known),
		cmocka_unit_test(names_are_letters_digits_hyphens_and_dots),
	};

	return cmocka_run_group_tests_name("nexthop_address", tests, NULL,
					   NULL);
}
