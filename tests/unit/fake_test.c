/** The fakes themselves: a test is worth what its clock and its zone are. */

#include "tests/unit/unit.h"

#include "tests/fake/dns_fake.h"
#include "tests/fake/loop_fake.h"

struct tick {
	char *log;
	char mark;
	struct loop_timer *timer;
	int again; /* how often it sets itself, without delay */
};

static void tick(void *arg)
{
	struct tick *t = arg;

	strncat(t->log, &t->mark, 1);
	if (t->again-- > 0)
		loop_timer_set(t->timer, 0);
}

static void timers_fire_in_the_order_of_time_then_of_setting(void **state)
{
	char log[16] = "";
	struct loop *loop = loop_fake_create();
	struct tick ticks[4] = {
		{ .log = log, .mark = 'd' },
		{ .log = log, .mark = 'b' },
		{ .log = log, .mark = 'a' },
		{ .log = log, .mark = 'c' },
	};
	static const int64_t delays_ms[4] = { 20, 10, 0, 10 };

	(void)state;
	for (int i = 0; i < 4; i++) {
		assert_int_equal(loop_timer_create(loop, tick, &ticks[i],
						   &ticks[i].timer),
				 ENUM_OK);
		loop_timer_set(ticks[i].timer, delays_ms[i]);
	}
	assert_string_equal(log, "");
	loop_fake_advance(loop, 0);
	assert_string_equal(log, "a");
	assert_int_equal(loop_fake_next_ms(loop), 10);
	loop_fake_advance(loop, 19);
	assert_string_equal(log, "abc");
	loop_timer_clear(ticks[0].timer);
	loop_fake_advance(loop, 100);
	assert_string_equal(log, "abc");
	assert_int_equal(loop_fake_next_ms(loop), -1);
	assert_int_equal(loop_now_ms(loop), LOOP_FAKE_NOW_MS + 119);
	for (int i = 0; i < 4; i++)
		loop_timer_destroy(&ticks[i].timer);
	loop_fake_destroy(&loop);
}

static void a_turn_fires_once_what_sets_itself_again(void **state)
{
	char log[16] = "";
	struct loop *loop = loop_fake_create();
	struct tick t = { .log = log, .mark = 'x', .again = 2 };

	(void)state;
	assert_int_equal(loop_timer_create(loop, tick, &t, &t.timer), ENUM_OK);
	loop_timer_set(t.timer, 0);
	assert_true(loop_fake_turn(loop));
	assert_string_equal(log, "x");
	loop_fake_advance(loop, 0);
	assert_string_equal(log, "xxx");
	assert_false(loop_fake_turn(loop));
	loop_timer_destroy(&t.timer);
	loop_fake_destroy(&loop);
}

static void note_ready(int fd, unsigned events, void *arg)
{
	*(unsigned *)arg = (unsigned)fd * 10 + events;
}

static void a_watch_is_told_only_what_it_asked_for(void **state)
{
	struct loop *loop = loop_fake_create();
	struct loop_watch *watch;
	unsigned seen = 0;

	(void)state;
	assert_int_equal(loop_watch_create(loop, 7, LOOP_READ, note_ready,
					   &seen, &watch),
			 ENUM_OK);
	assert_false(loop_fake_ready(loop, 7, LOOP_WRITE));
	assert_false(loop_fake_ready(loop, 8, LOOP_READ));
	assert_true(loop_fake_ready(loop, 7, LOOP_READ | LOOP_WRITE));
	assert_int_equal(seen, 70 + LOOP_READ);
	loop_watch_set(watch, LOOP_WRITE);
	assert_int_equal(loop_fake_watched(loop, 7), LOOP_WRITE);
	loop_watch_destroy(&watch);
	loop_fake_destroy(&loop);
}

static void the_fake_loop_gives_the_same_random_octets(void **state)
{
	unsigned char first[16], second[16];
	struct loop *loop = loop_fake_create();

	(void)state;
	loop_random(loop, first, sizeof first);
	loop_fake_destroy(&loop);
	loop = loop_fake_create();
	loop_random(loop, second, sizeof second);
	assert_memory_equal(first, second, sizeof first);
	loop_random(loop, second, sizeof second);
	assert_memory_not_equal(first, second, sizeof first);
	loop_fake_destroy(&loop);
}

/* --- the zone --------------------------------------------------------- */

static const char *const zone[] = {
	"im.example. 60 IN A 192.0.2.1 ; a comment",
	"IM.example 30 A 192.0.2.2",
	"im.example AAAA 2001:db8::1",
	"_im._sip.im.example 120 SRV 10 20 5060 sip.im.example.",
	"none.example SRV 0 0 0 .",
	("1.e164.arpa 9 NAPTR 100 10 \"u\" \"E2U+im\""
	 " \"!^\\\\+1(.*)$!im:a\\\\1@\\\"im\\\".example!\" ."),
	"alias.example 5 CNAME im.example.",
	"dangling.example CNAME gone.example",
	"gone.example 77 NXDOMAIN",
	"empty.example 88 NODATA",
	"broken.example SERVFAIL",
	"partly.example A 192.0.2.3",
	"partly.example AAAA SERVFAIL",
	"refused.example REFUSED",
	"silent.example SILENT",
	"busy.example OVERLOAD",
	"garbage.example A 192.0.2.9",
	"garbage.example GARBAGE",
	"late.example A 192.0.2.4",
	"late.example DELAY 40",
	"safe.example A 192.0.2.5",
	"safe.example SECURE",
};

struct bench {
	struct loop *loop;
	struct dns_fake *script;
	struct dns *dns;
	struct dns_answer *answer;
};

static void setup(struct bench *b, bool dnssec)
{
	struct dns_options options = { .timeout_ms = 2000,
				       .tries = 1,
				       .dnssec = dnssec };

	*b = (struct bench){ .loop = loop_fake_create(),
			     .script = dns_fake_create() };
	for (size_t i = 0; i < sizeof zone / sizeof zone[0]; i++)
		dns_fake_zone(b->script, zone[i]);
	dns_fake_use(b->script);
	assert_int_equal(dns_create(b->loop, &options, &b->dns), ENUM_OK);
}

static void teardown(struct bench *b)
{
	dns_answer_drop(&b->answer);
	dns_destroy(&b->dns);
	dns_fake_destroy(&b->script);
	loop_fake_destroy(&b->loop);
}

static void got(struct dns_answer *answer, void *arg)
{
	struct bench *b = arg;

	assert_null(b->answer);
	b->answer = dns_answer_keep(answer);
}

static const struct dns_answer *ask(struct bench *b, const char *name,
				    enum dns_type type, int64_t wait_ms)
{
	struct dns_query *query;

	dns_answer_drop(&b->answer);
	assert_int_equal(dns_query_start(b->dns, name, type, got, b, &query),
			 ENUM_OK);
	assert_null(b->answer);
	loop_fake_advance(b->loop, wait_ms);
	assert_non_null(b->answer);
	return b->answer;
}

static void each_line_of_the_zone_is_answered_as_it_says(void **state)
{
	static const struct {
		const char *name;
		enum dns_type type;
		enum dns_status status;
		size_t count;
		uint32_t ttl_s;
	} cases[] = {
		{ "im.example", DNS_A, DNS_OK, 2, 30 },
		{ "Im.Example", DNS_AAAA, DNS_OK, 1, DNS_FAKE_TTL_S },
		{ "_im._sip.im.example", DNS_SRV, DNS_OK, 1, 120 },
		{ "_im._sip.im.example", DNS_A, DNS_NODATA, 0, 300 },
		{ "_sip.im.example", DNS_A, DNS_NODATA, 0, 300 },
		{ "1.e164.arpa", DNS_NAPTR, DNS_OK, 1, 9 },
		{ "2.e164.arpa", DNS_NAPTR, DNS_NXDOMAIN, 0, 300 },
		{ "m.example", DNS_A, DNS_NXDOMAIN, 0, 300 },
		{ "alias.example", DNS_A, DNS_OK, 2, 5 },
		{ "alias.example", DNS_SRV, DNS_NODATA, 0, 5 },
		{ "dangling.example", DNS_A, DNS_NXDOMAIN, 0, 77 },
		{ "gone.example", DNS_A, DNS_NXDOMAIN, 0, 77 },
		{ "empty.example", DNS_A, DNS_NODATA, 0, 88 },
		{ "broken.example", DNS_A, DNS_SERVFAIL, 0, 0 },
		{ "partly.example", DNS_A, DNS_OK, 1, DNS_FAKE_TTL_S },
		{ "partly.example", DNS_AAAA, DNS_SERVFAIL, 0, 0 },
		{ "refused.example", DNS_A, DNS_SERVFAIL, 0, 0 },
		{ "busy.example", DNS_A, DNS_OVERLOAD, 0, 0 },
		{ "garbage.example", DNS_A, DNS_BAD_ANSWER, 0, 0 },
	};
	struct bench b;

	(void)state;
	setup(&b, false);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct dns_answer *answer =
			ask(&b, cases[i].name, cases[i].type, 0);

		if (answer->status != cases[i].status ||
		    answer->ttl_s != cases[i].ttl_s)
			fail_msg("%s: %s, TTL %u", cases[i].name,
				 dns_status_text(answer->status),
				 answer->ttl_s);
		assert_int_equal(answer->count, cases[i].count);
	}
	assert_string_equal(dns_fake_asked(b.script, 1), "Im.Example/AAAA");
	assert_int_equal(dns_fake_asked_count(b.script),
			 sizeof cases / sizeof cases[0]);
	assert_null(dns_fake_asked(b.script, dns_fake_asked_count(b.script)));
	teardown(&b);
}

static void records_come_as_the_zone_file_has_them(void **state)
{
	const struct dns_answer *answer;
	const struct dns_srv *srv;
	struct bench b;

	(void)state;
	setup(&b, false);
	answer = ask(&b, "im.example", DNS_A, 0);
	assert_string_equal(answer->records[0].address, "192.0.2.1");
	assert_string_equal(answer->records[1].address, "192.0.2.2");
	srv = &ask(&b, "_im._sip.im.example", DNS_SRV, 0)->records[0].srv;
	assert_int_equal(srv->priority, 10);
	assert_int_equal(srv->weight, 20);
	assert_int_equal(srv->port, 5060);
	assert_string_equal(srv->target, "sip.im.example");
	srv = &ask(&b, "none.example", DNS_SRV, 0)->records[0].srv;
	assert_string_equal(srv->target, "");
	answer = ask(&b, "1.e164.arpa", DNS_NAPTR, 0);
	assert_true(span_is(answer->records[0].naptr.regexp,
			    "!^\\+1(.*)$!im:a\\1@\"im\".example!"));
	teardown(&b);
}

static void answers_come_late_or_never_when_the_zone_says_so(void **state)
{
	struct dns_query *query;
	struct bench b;

	(void)state;
	setup(&b, false);
	assert_int_equal(
		dns_query_start(b.dns, "late.example", DNS_A, got, &b, &query),
		ENUM_OK);
	loop_fake_advance(b.loop, 39);
	assert_null(b.answer);
	loop_fake_advance(b.loop, 1);
	assert_int_equal(b.answer->status, DNS_OK);
	assert_int_equal(ask(&b, "silent.example", DNS_A, 2000)->status,
			 DNS_TIMEOUT);
	teardown(&b);
}

static void the_ad_bit_counts_only_with_the_option(void **state)
{
	for (int dnssec = 0; dnssec < 2; dnssec++) {
		struct bench b;

		(void)state;
		setup(&b, dnssec);
		assert_int_equal(ask(&b, "safe.example", DNS_A, 0)->secure,
				 dnssec);
		assert_false(ask(&b, "im.example", DNS_A, 0)->secure);
		dns_fake_zone(b.script, "* SECURE");
		assert_int_equal(ask(&b, "no.example", DNS_A, 0)->secure,
				 dnssec);
		teardown(&b);
	}
}

static void a_cancelled_question_is_not_answered(void **state)
{
	struct dns_query *query;
	struct bench b;

	(void)state;
	setup(&b, false);
	assert_int_equal(
		dns_query_start(b.dns, "im.example", DNS_A, got, &b, &query),
		ENUM_OK);
	assert_int_equal(dns_fake_pending(b.script), 1);
	dns_query_cancel(&query);
	assert_null(query);
	assert_int_equal(dns_fake_pending(b.script), 0);
	loop_fake_advance(b.loop, 1000);
	assert_null(b.answer);
	dns_fake_forget(b.script, "im.example");
	assert_int_equal(ask(&b, "im.example", DNS_A, 0)->status, DNS_NODATA);
	teardown(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			timers_fire_in_the_order_of_time_then_of_setting),
		cmocka_unit_test(a_turn_fires_once_what_sets_itself_again),
		cmocka_unit_test(a_watch_is_told_only_what_it_asked_for),
		cmocka_unit_test(the_fake_loop_gives_the_same_random_octets),
		cmocka_unit_test(each_line_of_the_zone_is_answered_as_it_says),
		cmocka_unit_test(records_come_as_the_zone_file_has_them),
		cmocka_unit_test(
			answers_come_late_or_never_when_the_zone_says_so),
		cmocka_unit_test(the_ad_bit_counts_only_with_the_option),
		cmocka_unit_test(a_cancelled_question_is_not_answered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
