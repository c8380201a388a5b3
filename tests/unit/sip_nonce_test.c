#include "tests/unit/unit.h"

#include "gateway/sip/sip_nonce.h"
#include "tests/fake/loop_fake.h"

#define LIFE_MS 300000

static struct loop *loop;
static struct sipside_nonces *nonces;

static int open_nonces(void **state)
{
	(void)state;
	loop = loop_fake_create();
	nonces = sipside_nonces_create(loop, LIFE_MS);
	assert_non_null(nonces);
	return 0;
}

static int close_nonces(void **state)
{
	(void)state;
	sipside_nonces_destroy(&nonces);
	assert_null(nonces);
	sipside_nonces_destroy(&nonces);
	loop_fake_destroy(&loop);
	return 0;
}

static bool use(const char *nonce, unsigned count)
{
	char digits[9];

	snprintf(digits, sizeof digits, "%08x", count);
	return sipside_nonce_use(nonces, span_of(nonce), span_of(digits));
}

static void sip_35_a_count_works_once_also_when_it_comes_late(void **state)
{
	static const struct {
		unsigned count;
		bool works;
	} uses[] = {
		{ 1, true },	 { 1, false },	       { 2, true },
		{ 5, true },	 { 3, true },	       { 3, false },
		{ 5, false },	 { 2, false },	       { 4, true },
		{ 0, false },	 { 68, true },	       { 5, false },
		{ 4, false },	 { 6, true },	       { 6, false },
		{ 1000, true },	 { 936, false },       { 937, true },
		{ 937, false },	 { 0xffffffff, true }, { 0xffffffff, false },
		{ 1001, false },
	};
	char nonce[SIPSIDE_NONCE_SIZE];

	(void)state;
	sipside_nonce_make(nonces, nonce);
	for (size_t i = 0; i < sizeof uses / sizeof uses[0]; i++)
		assert_int_equal(use(nonce, uses[i].count), uses[i].works);
}

static void sip_35_nonces_of_one_moment_are_different(void **state)
{
	char one[SIPSIDE_NONCE_SIZE], other[SIPSIDE_NONCE_SIZE];

	(void)state;
	sipside_nonce_make(nonces, one);
	sipside_nonce_make(nonces, other);
	assert_int_equal(strlen(one), SIPSIDE_NONCE_SIZE - 1);
	assert_string_not_equal(one, other);
	assert_true(use(one, 1));
	assert_true(use(other, 1));
}

static void sip_35_a_nonce_is_too_old_after_its_life(void **state)
{
	char nonce[SIPSIDE_NONCE_SIZE];

	(void)state;
	sipside_nonce_make(nonces, nonce);
	loop_fake_advance(loop, LIFE_MS);
	assert_true(use(nonce, 1));
	loop_fake_advance(loop, 1);
	assert_false(use(nonce, 2));
}

static void sip_35_nobody_else_can_make_a_nonce(void **state)
{
	char nonce[SIPSIDE_NONCE_SIZE], changed[SIPSIDE_NONCE_SIZE];
	struct sipside_nonces *others = nonces;

	(void)state;
	sipside_nonce_make(nonces, nonce);
	for (size_t i = 0; nonce[i]; i++) {
		memcpy(changed, nonce, sizeof nonce);
		changed[i] = changed[i] == '0' ? '1' : '0';
		assert_false(use(changed, 1));
	}
	assert_false(use("", 1));
	assert_false(sipside_nonce_use(
		nonces, (struct span){ nonce, SIPSIDE_NONCE_SIZE - 2 },
		span_of("00000001")));
	nonces = sipside_nonces_create(loop, LIFE_MS); /* a restart */
	assert_false(use(nonce, 1));
	sipside_nonces_destroy(&nonces);
	nonces = others;
	assert_true(use(nonce, 1));
}

static void sip_35_a_count_is_eight_hexadecimal_digits(void **state)
{
	static const char *const bad[] = { "",		"1",	    "0000001",
					   "000000001", "0000000g", "-0000001",
					   "0x000001",	"       1" };
	char nonce[SIPSIDE_NONCE_SIZE];

	(void)state;
	sipside_nonce_make(nonces, nonce);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_false(sipside_nonce_use(nonces, span_of(nonce),
					       span_of(bad[i])));
	assert_true(
		sipside_nonce_use(nonces, span_of(nonce), span_of("0000000A")));
	assert_false(
		sipside_nonce_use(nonces, span_of(nonce), span_of("0000000a")));
}

/* With the table full the oldest gives way, and is not taken as new. */
static void sec_17_sip_35_what_was_forgotten_cannot_be_replayed(void **state)
{
	char first[SIPSIDE_NONCE_SIZE], second[SIPSIDE_NONCE_SIZE];
	char unused[SIPSIDE_NONCE_SIZE], nonce[SIPSIDE_NONCE_SIZE];

	(void)state;
	sipside_nonce_make(nonces, unused);
	sipside_nonce_make(nonces, first);
	loop_fake_advance(loop, 1);
	sipside_nonce_make(nonces, second);
	assert_true(use(first, 1));
	assert_true(use(second, 1));
	for (size_t i = 0; i < SIPSIDE_NONCES - 2; i++) {
		loop_fake_advance(loop, 1);
		sipside_nonce_make(nonces, nonce);
		assert_true(use(nonce, 1));
	}
	assert_true(use(first, 2)); /* just full */
	sipside_nonce_make(nonces, nonce);
	assert_true(use(nonce, 1));
	assert_false(use(first, 1));
	assert_false(use(first, 3));
	assert_false(use(unused, 1)); /* of the same time: who knows */
	assert_false(use(second, 1));
	assert_true(use(second, 2));
}

static void a_flood_of_challenges_costs_nobody_his_nonce(void **state)
{
	char nonce[SIPSIDE_NONCE_SIZE], other[SIPSIDE_NONCE_SIZE];

	(void)state;
	sipside_nonce_make(nonces, nonce);
	for (size_t i = 0; i < 2 * SIPSIDE_NONCES; i++)
		sipside_nonce_make(nonces, other);
	assert_true(use(nonce, 1));
}

static void exercise(void)
{
	struct sipside_nonces *made = sipside_nonces_create(loop, LIFE_MS);

	sipside_nonces_destroy(&made);
}

static void every_allocation_may_fail(void **state)
{
	(void)state;
	assert_true(unit_fail_allocations(exercise) > 0);
}

#define WITH(test) \
	cmocka_unit_test_setup_teardown(test, open_nonces, close_nonces)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH(sip_35_a_count_works_once_also_when_it_comes_late),
		WITH(sip_35_nonces_of_one_moment_are_different),
		WITH(sip_35_a_nonce_is_too_old_after_its_life),
		WITH(sip_35_nobody_else_can_make_a_nonce),
		WITH(sip_35_a_count_is_eight_hexadecimal_digits),
		WITH(sec_17_sip_35_what_was_forgotten_cannot_be_replayed),
		WITH(a_flood_of_challenges_costs_nobody_his_nonce),
		WITH(every_allocation_may_fail),
	};

	return cmocka_run_group_tests_name("sip_nonce", tests, NULL, NULL);
}
