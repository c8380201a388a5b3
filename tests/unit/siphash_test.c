#include "gateway/siphash.h"

#include "tests/unit/unit.h"

/* Appendix A of the paper: the key 00 01 .. 0f, the data 00 01 .. 0e; the
 * others are of its reference implementation. */
static const struct {
	size_t len;
	uint64_t hash;
} vectors[] = {
	{ 0, 0x726fdb47dd0e0e31u },
	{ 1, 0x74f839c593dc67fdu },
	{ 8, 0x93f5f5799a932462u },
	{ 15, 0xa129ca6149be45e5u },
};

static void the_vectors_of_the_paper(void **state)
{
	unsigned char octets[16];

	(void)state;
	for (unsigned char i = 0; i < sizeof octets; i++)
		octets[i] = i;
	for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++)
		assert_true(siphash(octets, octets, vectors[i].len) ==
			    vectors[i].hash);
}

static void another_secret_gives_another_hash(void **state)
{
	static const unsigned char one[SIPHASH_KEY_SIZE] = { 1 };
	static const unsigned char two[SIPHASH_KEY_SIZE] = { 2 };

	(void)state;
	assert_true(siphash(one, "key", 3) != siphash(two, "key", 3));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_vectors_of_the_paper),
		cmocka_unit_test(another_secret_gives_another_hash),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
