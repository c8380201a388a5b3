#ifndef IMGW_TESTS_CACHE_BENCH_H
#define IMGW_TESTS_CACHE_BENCH_H

/** A cache on the fakes, and those who ask it. For cache_test.c and
 *  cache_ask_test.c. */

#include "enum/cache.h"
#include "tests/fake/dns_fake.h"
#include "tests/fake/loop_fake.h"
#include "tests/unit/unit.h"

#define TIMEOUT_MS 2000

struct bench {
	struct loop *loop;
	struct dns_fake *script;
	struct dns *dns;
	struct cache *cache;
};

static inline void setup(struct bench *b, size_t entries_max)
{
	struct dns_options options = { .timeout_ms = TIMEOUT_MS, .tries = 1 };

	b->loop = loop_fake_create();
	b->script = dns_fake_create();
	dns_fake_use(b->script);
	assert_int_equal(dns_create(b->loop, &options, &b->dns), ENUM_OK);
	assert_int_equal(cache_create(b->loop, b->dns, entries_max, &b->cache),
			 ENUM_OK);
}

static inline void teardown(struct bench *b)
{
	cache_destroy(&b->cache);
	assert_null(b->cache);
	dns_destroy(&b->dns);
	dns_fake_destroy(&b->script);
	loop_fake_destroy(&b->loop);
}

/* One who asks, and what it heard. */
struct asker {
	struct cache_query *query;
	unsigned answers;
	enum dns_status status;
	size_t count;
	char address[DNS_ADDRESS_SIZE];
	/* what it does inside its callback */
	struct asker *cancels;
	struct cache *asks_again;
};

static inline void ask(struct bench *b, const char *name, struct asker *asker);

static inline void got(struct dns_answer *answer, void *arg)
{
	struct asker *a = arg;

	a->query = NULL;
	a->answers++;
	a->status = answer->status;
	a->count = answer->count;
	if (answer->count)
		snprintf(a->address, sizeof a->address, "%s",
			 answer->records[0].address);
	if (a->cancels)
		cache_ask_cancel(&a->cancels->query);
	if (a->asks_again) {
		struct cache *cache = a->asks_again;

		a->asks_again = NULL;
		assert_int_equal(cache_ask_start(cache, "im.example", DNS_A,
						 got, a, &a->query),
				 ENUM_OK);
	}
}

static inline void ask(struct bench *b, const char *name, struct asker *asker)
{
	unsigned before = asker->answers;

	assert_int_equal(cache_ask_start(b->cache, name, DNS_A, got, asker,
					 &asker->query),
			 ENUM_OK);
	assert_int_equal(asker->answers, before); /* never before it returns */
}

static inline enum dns_status ask_and_wait(struct bench *b, const char *name)
{
	struct asker asker = { .answers = 0 };

	ask(b, name, &asker);
	loop_fake_advance(b->loop, 0);
	assert_int_equal(asker.answers, 1);
	return asker.status;
}

static inline size_t asked(const struct bench *b)
{
	return dns_fake_asked_count(b->script);
}

#endif
