#include "tests/unit/unit.h"

#include "gateway/admission.h"
#include "gateway/rate.h"
#include "tests/fake/loop_fake.h"

static const struct {
	const char *range, *address;
	bool holds;
} ranges[] = {
	{ "127.0.0.11/32", "127.0.0.11", true },
	{ "127.0.0.11/32", "127.0.0.12", false },
	{ "192.0.2.5", "192.0.2.5", true },
	{ "192.0.2.5", "192.0.2.4", false },
	{ "192.0.2.0/28", "192.0.2.15", true },
	{ "192.0.2.0/28", "192.0.2.16", false },
	{ "192.0.2.0/25", "192.0.2.127", true },
	{ "192.0.2.0/25", "192.0.2.128", false },
	{ "0.0.0.0/0", "203.0.113.9", true },
	{ "0.0.0.0/0", "2001:db8::1", false },
	{ "2001:db8::/64", "2001:db8::ffff", true },
	{ "2001:db8::/64", "2001:db8:0:1::1", false },
	{ "2001:db8::1", "2001:db8::1", true },
	{ "::/0", "2001:db8::1", true },
	{ "::ffff:192.0.2.0/120", "192.0.2.77", true },
};

static struct loop *loop;

static int open_loop(void **state)
{
	(void)state;
	loop = loop_fake_create();
	return 0;
}

static int close_loop(void **state)
{
	(void)state;
	loop_fake_destroy(&loop);
	return 0;
}

static struct admission *make(const struct admission_options *options)
{
	struct admission *admission;

	assert_int_equal(admission_create(loop, options, &admission),
			 GATEWAY_OK);
	return admission;
}

static void sec_3_a_range_holds_what_it_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
		struct admission_range range;
		struct admission_options options = { .admit = &range,
						     .admit_count = 1 };
		struct admission *a;

		assert_true(admission_range_parse(ranges[i].range, &range));
		a = make(&options);
		assert_int_equal(admission_peer(a, ranges[i].address),
				 ranges[i].holds ? ADMISSION_ADMITTED
						 : ADMISSION_NOBODY);
		admission_destroy(&a);
	}
}

static void a_malformed_range_is_refused(void **state)
{
	static const char *const bad[] = {
		"",	  "192.0.2",	  "192.0.2.0/",	 "192.0.2.0/33",
		"::/129", "192.0.2.0/-1", "example.net", "192.0.2.0/8x"
	};
	struct admission_range range;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_false(admission_range_parse(bad[i], &range));
}

static void sec_3_nobody_is_let_in_by_default(void **state)
{
	struct admission_options options = { 0 };
	struct admission *a = make(&options);

	(void)state;
	assert_int_equal(admission_peer(a, "127.0.0.1"), ADMISSION_NOBODY);
	assert_int_equal(admission_peer(a, "no address"), ADMISSION_NOBODY);
	admission_destroy(&a);
}

static void trust_comes_before_admit(void **state)
{
	struct admission_range range;
	struct admission_options options = { .trust = &range,
					     .trust_count = 1,
					     .admit = &range,
					     .admit_count = 1 };
	struct admission *a;

	(void)state;
	assert_true(admission_range_parse("192.0.2.0/24", &range));
	a = make(&options);
	assert_int_equal(admission_peer(a, "192.0.2.1"), ADMISSION_TRUSTED);
	admission_destroy(&a);
}

static void fill(struct message *m, char *from, char *target, const char *peer)
{
	*m = (struct message){ .from = from, .target = target };
	(void)span_copy(span_of(peer), m->peer, sizeof m->peer);
}

static void sec_4_each_rate_has_its_own_keys(void **state)
{
	struct admission_range range;
	struct admission_options options = { .trust = &range,
					     .trust_count = 1,
					     .per_peer = 3,
					     .per_sender = 2,
					     .per_recipient = 1 };
	struct admission *a;
	struct outcome no;
	struct message m;

	(void)state;
	assert_true(admission_range_parse("192.0.2.0/24", &range));
	a = make(&options);
	fill(&m, (char[]){ "tel:+1" }, (char[]){ "+2" }, "192.0.2.1");
	assert_true(admission_judge(a, &m, &no));
	assert_false(admission_judge(a, &m, &no)); /* the recipient's */
	assert_int_equal(no.code, 480);
	assert_string_equal(condition_word(no.condition), "policy-violation");
	assert_string_equal(condition_type(no.condition), "wait");
	assert_true(no.retry_after_s > 0);
	m.target = (char[]){ "+3" };
	assert_false(admission_judge(a, &m, &no)); /* the sender's */
	m.from = (char[]){ "tel:+9" };
	assert_false(admission_judge(a, &m, &no)); /* the peer's */
	(void)span_copy(span_of("192.0.2.2"), m.peer, sizeof m.peer);
	assert_true(admission_judge(a, &m, &no));
	admission_destroy(&a);
}

static void sec_12_the_same_text_again_and_again_is_a_loop(void **state)
{
	struct admission_options options = { .loop_count = 3,
					     .loop_window_ms = 9000 };
	struct admission *a = make(&options);
	struct outcome no;
	struct message m;

	(void)state;
	fill(&m, (char[]){ "tel:+1" }, (char[]){ "+2" }, "192.0.2.1");
	m.body = (char[]){ "Hi" };
	m.body_len = 2;
	for (int i = 0; i < 3; i++)
		assert_true(admission_judge(a, &m, &no));
	assert_false(admission_judge(a, &m, &no));
	assert_int_equal(no.code, 482);
	m.body = (char[]){ "Ho" };
	assert_true(admission_judge(a, &m, &no));
	m.body = (char[]){ "Hi" };
	loop_fake_advance(loop, 3000);
	assert_true(admission_judge(a, &m, &no));
	assert_false(admission_judge(a, &m, &no));
	admission_destroy(&a);
}

static void sip_22_an_expired_message_is_480(void **state)
{
	struct admission_options options = { .drop_expired = true };
	struct admission *a = make(&options);
	struct outcome no;
	struct message m = { .expires_s = LOOP_FAKE_WALL_S + 10 };

	(void)state;
	assert_true(admission_judge(a, &m, &no));
	loop_fake_advance(loop, 10000);
	assert_false(admission_judge(a, &m, &no));
	assert_int_equal(no.code, 480);
	admission_destroy(&a);
}

static uint64_t key(const char *text)
{
	return rate_key_add(0, span_of(text));
}

static void a_rate_refills_and_keeps_a_burst(void **state)
{
	struct rate *rate;

	(void)state;
	assert_int_equal(rate_create(loop, 5, 5, &rate), ENUM_OK);
	for (int i = 0; i < 5; i++)
		assert_true(rate_take(rate, key("a")));
	assert_false(rate_take(rate, key("a")));
	assert_true(rate_take(rate, key("b")));
	loop_fake_advance(loop, 200);
	assert_true(rate_take(rate, key("a")));
	assert_false(rate_take(rate, key("a")));
	loop_fake_advance(loop, 60000);
	for (int i = 0; i < 5; i++)
		assert_true(rate_take(rate, key("a")));
	assert_false(rate_take(rate, key("a")));
	rate_destroy(&rate);
}

static void a_flood_of_keys_takes_no_memory_and_locks_nobody_out(void **state)
{
	struct rate *rate;
	char text[16];

	(void)state;
	assert_int_equal(rate_create(loop, 0.5, 0.5, &rate), ENUM_OK);
	for (int i = 0; i < 4 * RATE_BUCKETS; i++) {
		(void)snprintf(text, sizeof text, "%d", i);
		assert_true(rate_take(rate, key(text)));
	}
	rate_destroy(&rate);
}

static void exercise(void)
{
	struct admission_options options = { .per_peer = 1,
					     .per_admitted_peer = 1,
					     .per_sender = 1,
					     .per_recipient = 1,
					     .loop_count = 1,
					     .loop_window_ms = 1000 };
	struct admission *a;

	if (admission_create(loop, &options, &a) == GATEWAY_OK)
		admission_destroy(&a);
}

static void no_failing_allocation_leaks(void **state)
{
	(void)state;
	assert_int_equal(unit_fail_allocations(exercise), 6);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_loop, close_loop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(sec_3_a_range_holds_what_it_says),
		TEST(a_malformed_range_is_refused),
		TEST(sec_3_nobody_is_let_in_by_default),
		TEST(trust_comes_before_admit),
		TEST(sec_4_each_rate_has_its_own_keys),
		TEST(sec_12_the_same_text_again_and_again_is_a_loop),
		TEST(sip_22_an_expired_message_is_480),
		TEST(a_rate_refills_and_keeps_a_burst),
		TEST(a_flood_of_keys_takes_no_memory_and_locks_nobody_out),
		TEST(no_failing_allocation_leaks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
