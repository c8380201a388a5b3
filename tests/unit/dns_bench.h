#ifndef IMGW_TESTS_DNS_BENCH_H
#define IMGW_TESTS_DNS_BENCH_H

/** The resolver on c-ares and the real loop, two servers, and waiting for
 *  answers. For dns_live_test.c and dns_queue_live_test.c. */

#include "enum/dns.h"
#include "gateway/loop.h"
#include "tests/unit/dns_server.h"
#include "tests/unit/unit.h"

#define GUARD_MS 10000 /* nothing here takes that long */

struct bench {
	struct loop *loop;
	struct server servers[2];
	struct dns *dns;
	struct dns_options options;
	char servers_csv[128];
	size_t pending;
	bool guard_fired;
};

struct asker {
	struct bench *bench;
	struct dns_query *query;
	struct dns_answer *answer;
	unsigned answers;
};

static inline void setup(struct bench *b)
{
	*b = (struct bench){ .options = { .timeout_ms = 150,
					  .tries = 1,
					  .in_flight_max = 100 } };
	assert_int_equal(loop_create(&b->loop), 0);
	assert_true(server_open(&b->servers[0], b->loop, "127.0.0.1", 1));
	assert_true(server_open(&b->servers[1], b->loop, "127.0.0.1", 2));
	snprintf(b->servers_csv, sizeof b->servers_csv, "127.0.0.1:%u",
		 b->servers[0].port);
	b->options.servers = b->servers_csv;
}

static inline void use_both_servers(struct bench *b)
{
	snprintf(b->servers_csv, sizeof b->servers_csv,
		 "127.0.0.1:%u,127.0.0.1:%u", b->servers[0].port,
		 b->servers[1].port);
}

static inline void open_dns(struct bench *b)
{
	assert_int_equal(dns_create(b->loop, &b->options, &b->dns), ENUM_OK);
}

static inline void teardown(struct bench *b)
{
	dns_destroy(&b->dns);
	assert_null(b->dns);
	server_close(&b->servers[0]);
	server_close(&b->servers[1]);
	loop_destroy(&b->loop);
}

static inline void got(struct dns_answer *answer, void *arg)
{
	struct asker *a = arg;

	a->answers++;
	a->query = NULL;
	dns_answer_drop(&a->answer);
	a->answer = dns_answer_keep(answer);
	if (--a->bench->pending == 0)
		loop_stop(a->bench->loop);
}

static inline void ask(struct bench *b, const char *name, enum dns_type type,
		       struct asker *asker)
{
	*asker = (struct asker){ .bench = b };
	b->pending++;
	assert_int_equal(
		dns_query_start(b->dns, name, type, got, asker, &asker->query),
		ENUM_OK);
	assert_int_equal(asker->answers, 0);
}

static inline void stop(void *arg)
{
	struct bench *b = arg;

	b->guard_fired = true;
	loop_stop(b->loop);
}

/* Run for a while, or until all is answered. @return whether it is */
static inline bool run(struct bench *b, int64_t ms)
{
	struct loop_timer *guard;

	b->guard_fired = false;
	assert_int_equal(loop_timer_create(b->loop, stop, b, &guard), ENUM_OK);
	loop_timer_set(guard, ms);
	loop_run(b->loop);
	loop_timer_destroy(&guard);
	return !b->guard_fired;
}

/* @return the answer, for the caller to drop */
static inline struct dns_answer *resolve(struct bench *b, const char *name,
					 enum dns_type type)
{
	struct asker asker;

	ask(b, name, type, &asker);
	assert_true(run(b, GUARD_MS));
	assert_int_equal(asker.answers, 1);
	return asker.answer;
}

static inline void assert_resolves(struct bench *b, const char *name,
				   enum dns_status status, const char *address)
{
	struct dns_answer *answer = resolve(b, name, DNS_A);

	if (answer->status != status)
		fail_msg("%s: %s", name, dns_status_text(answer->status));
	if (address) {
		assert_true(answer->count > 0);
		assert_string_equal(answer->records[0].address, address);
	}
	dns_answer_drop(&answer);
}

#endif
