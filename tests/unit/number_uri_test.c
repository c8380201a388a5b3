#include "routing/number_uri.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* A local number is written, too. */
static struct tel read_tel(const char *number)
{
	struct tel tel;
	enum enum_status status = tel_parse(span_of(number), &tel);

	assert_true(status == ENUM_OK || status == ENUM_LOCAL_NUMBER);
	return tel;
}

static void check_sip(const char *number, bool enumdi, const char *server,
		      const char *expected)
{
	const struct tel tel = read_tel(number);
	struct sip_uri uri;
	char buffer[4096];
	struct text out;

	assert_int_equal(sip_uri_parse(span_of(server), &uri), ROUTE_OK);
	text_init(&out, buffer, sizeof buffer);
	number_uri_sip(&tel, enumdi, &uri, &out);
	assert_false(out.cut);
	assert_string_equal(buffer, expected);
	/* and it is a URI that can be read again */
	assert_int_equal(sip_uri_parse(span_of(buffer), &uri), ROUTE_OK);
	assert_true(uri.user_phone);
}

static void tel_10_parameters_are_lower_case_and_in_order(void **state)
{
	(void)state;
	check_sip("+12025550100;TSP=a.b;ext=5", false, "sip:gw.example",
		  "sip:+12025550100;ext=5;tsp=a.b@gw.example;user=phone");
	/* RFC 3261, 19.1.6 */
	check_sip("+358-555-1234567;postd=pp22", false, "sip:foo.com",
		  "sip:+3585551234567;postd=pp22@foo.com;user=phone");
	check_sip("+12025550100;zz;B=1;POSTD=p2;a=X;Isub=12", false,
		  "sip:gw.example:5070;transport=tcp",
		  "sip:+12025550100;isub=12;postd=p2;a=x;b=1;zz"
		  "@gw.example:5070;user=phone");
	check_sip("+12025550100", false, "sips:[2001:db8::1]",
		  "sips:+12025550100@[2001:db8::1];user=phone");
}

static void tel_10_what_no_user_may_hold_is_escaped(void **state)
{
	(void)state;
	check_sip("+12025550100;x=[a]:%41", false, "sip:gw.example",
		  "sip:+12025550100;x=%5Ba%5D%3A%41@gw.example;user=phone");
}

static void tel_14_enumdi_stands_among_the_others_once(void **state)
{
	(void)state;
	check_sip("+12025550100", true, "sip:gw.example",
		  "sip:+12025550100;enumdi@gw.example;user=phone");
	check_sip("+12025550100;tsp=a.b;ext=5", true, "sip:gw.example",
		  "sip:+12025550100;enumdi;ext=5;tsp=a.b"
		  "@gw.example;user=phone");
	check_sip("+12025550100;ENUMDI", true, "sip:gw.example",
		  "sip:+12025550100;enumdi@gw.example;user=phone");
}

static void write_canonical(const char *number, char *out, size_t size)
{
	const struct tel tel = read_tel(number);
	struct text text;

	text_init(&text, out, size);
	number_uri_canonical(&tel, false, &text);
	assert_false(text.cut);
}

/* RFC 3966, 4. */
static const struct {
	const char *a, *b;
	bool equal;
} pairs[] = {
	{ "+1-202-555-0100", "+12025550100", true },
	{ "+1(202)555.0100", "+12025550100", true },
	{ "+12025550100", "+12025550101", false },
	{ "+12025550100;ext=1", "+12025550100", false },
	{ "+12025550100;ext=1-2", "+12025550100;EXT=12", true },
	{ "+12025550100;ext=1;tsp=a.b", "+12025550100;tsp=A.B;ext=1", true },
	{ "+12025550100;tsp=a.b", "+12025550100;tsp=ab", false },
	{ "+12025550100;x", "+12025550100;x=1", false },
	{ "863-1234;phone-context=+1-914", "8631234;phone-context=+1914",
	  true },
	{ "8A;phone-context=a.example", "8a;phone-context=A.EXAMPLE", true },
	{ "%2B1", "+1", true },
	{ "+1;ext=12", "+1;ext=123", false },
	{ "+1;ext=12", "+1;ext=13", false },
	{ "+1;a=B;c", "+1;C;A=b", true },
	{ "+1;a=b;c", "+1;a=b;d", false },
	{ "+1;a=1-2", "+1;a=12", false },
	{ "1a;phone-context=+1-2", "1A;phone-context=+(12)", true },
	{ "1;phone-context=x-y.example", "1;phone-context=xy.example", false },
	{ "1;phone-context=+1", "+1;phone-context=+1", false },
};

static void tel_8_equal_numbers_have_one_writing(void **state)
{
	char a[NUMBER_URI_SIZE], b[NUMBER_URI_SIZE];

	(void)state;
	for (size_t i = 0; i < COUNT(pairs); i++) {
		write_canonical(pairs[i].a, a, sizeof a);
		write_canonical(pairs[i].b, b, sizeof b);
		assert_int_equal(strcmp(a, b) == 0, pairs[i].equal);
	}
}

static void the_longest_number_fits(void **state)
{
	char number[TEL_MAX + 1], out[NUMBER_URI_SIZE];
	struct text text;
	struct tel tel;

	(void)state;
	text_init(&text, number, sizeof number);
	text_add(&text, "+1");
	for (unsigned i = 0; text.len + 5 < sizeof number; i++)
		text_addf(&text, ";%c%c%c", 'a' + i / 676, 'a' + i / 26 % 26,
			  'a' + i % 26);
	tel = read_tel(number);
	text_init(&text, out, sizeof out);
	number_uri_canonical(&tel, true, &text);
	assert_false(text.cut);
	assert_int_equal(text.len, strlen(number) + strlen(";enumdi"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(tel_10_parameters_are_lower_case_and_in_order),
		cmocka_unit_test(tel_10_what_no_user_may_hold_is_escaped),
		cmocka_unit_test(tel_14_enumdi_stands_among_the_others_once),
		cmocka_unit_test(tel_8_equal_numbers_have_one_writing),
		cmocka_unit_test(the_longest_number_fits),
	};

	return cmocka_run_group_tests_name("number_uri", tests, NULL, NULL);
}
