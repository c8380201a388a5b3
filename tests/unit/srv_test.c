/** The order of SRV targets. */

#include "tests/unit/unit.h"

#include "routing/srv.h"

#define DRAWS 20000

struct row {
	uint16_t priority, weight;
	const char *target;
};

/* A plain generator with a fixed seed: the same draws in each run. */
static uint32_t pick_any(uint32_t bound, void *arg)
{
	uint64_t *seed = arg;

	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)((*seed >> 33) % bound);
}

static uint32_t pick_lowest(uint32_t bound, void *arg)
{
	(void)arg;
	assert_true(bound >= 1);
	return 0;
}

static uint32_t pick_highest(uint32_t bound, void *arg)
{
	(void)arg;
	return bound - 1;
}

/* @return records, to be freed */
static struct dns_record *fill(struct dns_answer *answer,
			       const struct row *rows, size_t count)
{
	struct dns_record *records = calloc(count, sizeof *records);

	assert_non_null(records);
	for (size_t i = 0; i < count; i++)
		records[i].srv = (struct dns_srv){ .priority = rows[i].priority,
						   .weight = rows[i].weight,
						   .port = 5060,
						   .target = rows[i].target };
	*answer = (struct dns_answer){ .status = DNS_OK,
				       .type = DNS_SRV,
				       .count = count,
				       .records = records };
	return records;
}

static void expect_order(const struct row *rows, size_t count,
			 srv_random_fn *pick, const char *expected)
{
	const struct dns_srv *order[SRV_TARGETS_MAX];
	struct dns_answer answer;
	struct dns_record *records = fill(&answer, rows, count);
	size_t placed = srv_order(&answer, pick, NULL, order);
	char buffer[128];
	struct text line;

	text_init(&line, buffer, sizeof buffer);
	for (size_t i = 0; i < placed; i++)
		text_addf(&line, "%s%s", i ? " " : "", order[i]->target);
	assert_string_equal(buffer, expected);
	free(records);
}

/* How often is the target first? In percent. */
static double share_of(const struct row *rows, size_t count, const char *target)
{
	const struct dns_srv *order[SRV_TARGETS_MAX];
	struct dns_answer answer;
	struct dns_record *records = fill(&answer, rows, count);
	uint64_t seed = 2782;
	unsigned first = 0;

	for (int i = 0; i < DRAWS; i++) {
		assert_int_equal(srv_order(&answer, pick_any, &seed, order),
				 count);
		first += strcmp(order[0]->target, target) == 0;
	}
	free(records);
	return 100.0 * first / DRAWS;
}

static void im_9_a_lower_priority_number_is_tried_first(void **state)
{
	static const struct row rows[] = { { 20, 100, "c" },
					   { 5, 0, "a" },
					   { 65535, 65535, "d" },
					   { 10, 1, "b" } };

	(void)state;
	expect_order(rows, 4, pick_lowest, "a b c d");
	expect_order(rows, 4, pick_highest, "a b c d");
	assert_true(share_of(rows, 4, "a") == 100.0);
}

static void im_9_weights_30_and_10_share_75_to_25(void **state)
{
	static const struct row rows[] = { { 10, 10, "b" }, { 10, 30, "a" } };
	double share = share_of(rows, 2, "a");

	(void)state;
	assert_true(share > 69.0 && share < 81.0);
}

static void im_9_weight_0_beside_100_is_chosen_rarely_but_is(void **state)
{
	static const struct row rows[] = { { 10, 100, "a" }, { 10, 0, "z" } };
	double share = share_of(rows, 2, "z");

	(void)state;
	assert_true(share > 0.0 && share <= 2.0);
}

static void im_9_the_running_sum_has_both_ends(void **state)
{
	static const struct row rows[] = { { 1, 2, "a" },
					   { 1, 0, "z" },
					   { 1, 3, "b" } };

	(void)state;
	/* weight 0 stands first in the sum: 0 draws it ... */
	expect_order(rows, 3, pick_lowest, "z a b");
	/* ... and the sum itself draws the last one */
	expect_order(rows, 3, pick_highest, "b a z");
}

static void im_9_after_the_first_the_rest_is_drawn_by_weight(void **state)
{
	static const struct row rows[] = { { 1, 10, "a" },
					   { 1, 30, "b" },
					   { 1, 60, "c" } };
	const struct dns_srv *order[SRV_TARGETS_MAX];
	struct dns_answer answer;
	struct dns_record *records = fill(&answer, rows, 3);
	uint64_t seed = 1;
	unsigned all = 0, b_next = 0;

	(void)state;
	while (all < DRAWS) {
		assert_int_equal(srv_order(&answer, pick_any, &seed, order), 3);
		if (order[0]->target[0] != 'c')
			continue;
		all++;
		b_next += order[1]->target[0] == 'b';
	}
	free(records);
	assert_true(b_next > 0.69 * DRAWS && b_next < 0.81 * DRAWS);
}

static void im_9_weights_of_0_keep_their_sequence(void **state)
{
	static const struct row rows[] = { { 1, 0, "b" },
					   { 1, 0, "a" },
					   { 1, 0, "c" } };

	(void)state;
	expect_order(rows, 3, pick_lowest, "b a c");
	expect_order(rows, 3, pick_highest, "b a c");
}

static void im_9_the_largest_weights_do_not_overflow(void **state)
{
	struct row rows[DNS_RECORDS_MAX];
	const struct dns_srv *order[SRV_TARGETS_MAX];
	struct dns_answer answer;
	struct dns_record *records;

	(void)state;
	for (size_t i = 0; i < DNS_RECORDS_MAX; i++)
		rows[i] = (struct row){ 65535, 65535, "a" };
	records = fill(&answer, rows, DNS_RECORDS_MAX);
	assert_int_equal(srv_order(&answer, pick_highest, NULL, order),
			 SRV_TARGETS_MAX);
	assert_ptr_equal(order[0], &records[DNS_RECORDS_MAX - 1].srv);
	free(records);
}

static void too_many_targets_cost_the_last_ones_only(void **state)
{
	struct row rows[SRV_TARGETS_MAX + 8];
	const struct dns_srv *order[SRV_TARGETS_MAX];
	struct dns_answer answer;
	struct dns_record *records;
	const uint16_t count = sizeof rows / sizeof rows[0];

	(void)state;
	for (uint16_t i = 0; i < count; i++)
		rows[i] = (struct row){ (uint16_t)(count - i), 1, "a" };
	records = fill(&answer, rows, count);
	assert_int_equal(srv_order(&answer, pick_lowest, NULL, order),
			 SRV_TARGETS_MAX);
	for (size_t i = 0; i < SRV_TARGETS_MAX; i++)
		assert_int_equal(order[i]->priority, i + 1);
	free(records);
}

static void im_10_a_single_dot_says_not_offered(void **state)
{
	static const struct row dot = { 0, 0, "" };
	struct dns_answer answer;
	struct dns_record *records = fill(&answer, &dot, 1);

	(void)state;
	assert_true(srv_is_absent(&answer));
	free(records);
	expect_order(&dot, 1, pick_lowest, "");
}

static void im_10_a_dot_beside_a_host_is_passed_over(void **state)
{
	static const struct row rows[] = { { 0, 0, "" }, { 1, 1, "a" } };
	struct dns_answer answer;
	struct dns_record *records = fill(&answer, rows, 2);

	(void)state;
	assert_false(srv_is_absent(&answer));
	free(records);
	expect_order(rows, 2, pick_lowest, "a");
}

static void im_10_two_dots_say_no_more_than_one(void **state)
{
	static const struct row rows[] = { { 0, 0, "" }, { 1, 1, "" } };
	struct dns_answer answer;
	struct dns_record *records = fill(&answer, rows, 2);

	(void)state;
	assert_true(srv_is_absent(&answer));
	free(records);
}

static void an_answer_without_srv_has_no_order_and_no_absence(void **state)
{
	const struct dns_srv *order[SRV_TARGETS_MAX];
	struct dns_record address = { .address = "127.0.0.1" };
	struct dns_answer answer = {
		.status = DNS_OK, .type = DNS_A, .count = 1, .records = &address
	};

	(void)state;
	assert_int_equal(srv_order(&answer, pick_lowest, NULL, order), 0);
	assert_false(srv_is_absent(&answer));
	answer = (struct dns_answer){ .status = DNS_NXDOMAIN, .type = DNS_SRV };
	assert_int_equal(srv_order(&answer, pick_lowest, NULL, order), 0);
	assert_false(srv_is_absent(&answer));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(im_9_a_lower_priority_number_is_tried_first),
		cmocka_unit_test(im_9_weights_30_and_10_share_75_to_25),
		cmocka_unit_test(
			im_9_weight_0_beside_100_is_chosen_rarely_but_is),
		cmocka_unit_test(im_9_the_running_sum_has_both_ends),
		cmocka_unit_test(
			im_9_after_the_first_the_rest_is_drawn_by_weight),
		cmocka_unit_test(im_9_weights_of_0_keep_their_sequence),
		cmocka_unit_test(im_9_the_largest_weights_do_not_overflow),
		cmocka_unit_test(too_many_targets_cost_the_last_ones_only),
		cmocka_unit_test(im_10_a_single_dot_says_not_offered),
		cmocka_unit_test(im_10_a_dot_beside_a_host_is_passed_over),
		cmocka_unit_test(im_10_two_dots_say_no_more_than_one),
		cmocka_unit_test(
			an_answer_without_srv_has_no_order_and_no_absence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
