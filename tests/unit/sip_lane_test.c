#include "gateway/sip/sip_lane.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const struct {
	const char *a, *b;
	bool together;
} pairs[] = {
	{ "tel:+1-202-555-0100", "tel:+12025550100", true },
	{ "tel:+1(202)5550100;TSP=a.b;ext=5", "TEL:+12025550100;ext=5;tsp=A.B",
	  true },
	{ "tel:+12025550100", "tel:+12025550100;ext=1", false },
	{ "tel:+12025550100", "tel:+12025550101", false },
	{ "sip:Alice@im.example", "sip:alice@im.example", false },
	{ "sip:alice@IM.example:5070", "sip:alice@im.EXAMPLE:5070", true },
	{ "sip:alice@im.example", "sip:alice@im.example:5070", false },
	{ "sip:im.example", "sip:IM.example", true },
};

static void check_pair(const char *a, const char *b, bool together)
{
	struct sipside_lanes *lanes = sipside_lanes_create();
	struct sipside_place first = { .owner = &first };
	struct sipside_place second = { .owner = &second };
	bool is_first;

	assert_non_null(lanes);
	assert_int_equal(sipside_lane_enter(lanes, a, &first, &is_first),
			 GATEWAY_OK);
	assert_true(is_first);
	assert_int_equal(sipside_lane_enter(lanes, b, &second, &is_first),
			 GATEWAY_OK);
	assert_int_equal(is_first, !together);
	assert_ptr_equal(sipside_lane_leave(lanes, &first),
			 together ? &second : NULL);
	assert_null(sipside_lane_leave(lanes, &second));
	assert_null(sipside_lane_leave(lanes, &second)); /* in none */
	sipside_lanes_destroy(lanes);
}

static void tel_8_tel_20_spellings_of_one_uri_share_a_lane(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(pairs); i++)
		check_pair(pairs[i].a, pairs[i].b, pairs[i].together);
}

static void sip_21_a_long_uri_has_a_lane_too(void **state)
{
	char a[3000], b[3000];

	(void)state;
	memset(a, 'a', sizeof a);
	memcpy(a, "sip:", 4);
	a[sizeof a - 1] = '\0';
	memcpy(b, a, sizeof b);
	check_pair(a, b, true);
}

static void conf_22_a_lane_has_an_end(void **state)
{
	struct sipside_lanes *lanes = sipside_lanes_create();
	struct sipside_place places[SIPSIDE_LANE_MAX + 1];
	bool is_first;

	(void)state;
	for (size_t i = 0; i < SIPSIDE_LANE_MAX; i++) {
		places[i] = (struct sipside_place){ .owner = &places[i] };
		assert_int_equal(sipside_lane_enter(lanes, "tel:+1202",
						    &places[i], &is_first),
				 GATEWAY_OK);
		assert_int_equal(is_first, i == 0);
	}
	assert_int_equal(sipside_lane_enter(lanes, "tel:+1202",
					    &places[SIPSIDE_LANE_MAX],
					    &is_first),
			 GATEWAY_TOO_LARGE);
	/* one in the middle leaves: nobody's turn has come */
	assert_null(sipside_lane_leave(lanes, &places[5]));
	assert_ptr_equal(sipside_lane_leave(lanes, &places[0]), &places[1]);
	for (size_t i = 1; i < SIPSIDE_LANE_MAX; i++)
		(void)sipside_lane_leave(lanes, &places[i]);
	sipside_lanes_destroy(lanes);
}

static void exercise(void)
{
	struct sipside_lanes *lanes = sipside_lanes_create();
	struct sipside_place place = { .owner = NULL };
	bool is_first;

	if (lanes && sipside_lane_enter(lanes, "tel:+1202", &place,
					&is_first) == GATEWAY_OK)
		(void)sipside_lane_leave(lanes, &place);
	sipside_lanes_destroy(lanes);
}

static void every_allocation_may_fail(void **state)
{
	(void)state;
	assert_int_equal(unit_fail_allocations(exercise), 2);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			tel_8_tel_20_spellings_of_one_uri_share_a_lane),
		cmocka_unit_test(sip_21_a_long_uri_has_a_lane_too),
		cmocka_unit_test(conf_22_a_lane_has_an_end),
		cmocka_unit_test(every_allocation_may_fail),
	};

	return cmocka_run_group_tests_name("sip_lane", tests, NULL, NULL);
}
