#ifndef IMGW_TESTS_LOOKUP_BENCH_H
#define IMGW_TESTS_LOOKUP_BENCH_H

/** A lookup on the fakes that writes down what it finds. For lookup_test.c,
 *  lookup_apex_test.c and lookup_life_test.c. The zones belong to +12, so that
 *  names stay short: "2.1.e164.arpa". */

#include "enum/lookup.h"
#include "enum/text.h"
#include "tests/fake/dns_fake.h"
#include "tests/fake/loop_fake.h"
#include "tests/unit/unit.h"

#define ZONE_LINES_MAX 16

/* NAPTR data: a terminal im rule, and a non-terminal one */
#define IM(user) "\"u\" \"E2U+im\" \"!^.*$!im:" user "@im.example!\" ."
#define GO(name) "\"\" \"\" \"\" " name

struct bench {
	struct loop *loop;
	struct dns_fake *script;
	struct dns *dns;
	struct cache *cache;
	struct lookup *lookup;
	struct lookup_apex apexes[2];
	struct lookup_config config;
	/* what came: URIs, one a line, then the status of the end */
	char uris[2048];
	unsigned calls;
	enum enum_status status;
	bool secure;
	const struct lookup_apex *apex;
	/* what it does inside its callback */
	bool cancels;
	/* what the trace said: "status result" of each rule, one a line */
	char trace[4096];
};

static const char *const plus[] = { "+" };

static inline void setup(struct bench *b, const char *const *zone)
{
	struct dns_options options = { .timeout_ms = 2000, .dnssec = true };

	*b = (struct bench){ .loop = loop_fake_create(),
			     .script = dns_fake_create() };
	for (size_t i = 0; i < ZONE_LINES_MAX && zone && zone[i]; i++)
		dns_fake_zone(b->script, zone[i]);
	dns_fake_use(b->script);
	assert_int_equal(dns_create(b->loop, &options, &b->dns), ENUM_OK);
	assert_int_equal(cache_create(b->loop, b->dns, 100, &b->cache),
			 ENUM_OK);
	b->apexes[0] = (struct lookup_apex){ .name = "public",
					     .apex = "e164.arpa",
					     .match = plus,
					     .match_count = 1,
					     .dnssec = LOOKUP_DNSSEC_PREFER,
					     .cache = b->cache };
	b->apexes[1] = b->apexes[0];
	b->apexes[1].name = "private";
	b->apexes[1].apex = "e164.example";
	b->config = (struct lookup_config){ b->apexes, 1 };
}

static inline void teardown(struct bench *b)
{
	lookup_cancel(&b->lookup);
	assert_null(b->lookup);
	cache_destroy(&b->cache);
	dns_destroy(&b->dns);
	dns_fake_destroy(&b->script);
	loop_fake_destroy(&b->loop);
}

static inline void add_line(char *text, size_t size, const char *first,
			    const char *second)
{
	size_t len = strlen(text);

	snprintf(text + len, size - len, "%s%s%s\n", first, second ? " " : "",
		 second ? second : "");
}

static inline void on_result(const struct lookup_result *result, void *arg)
{
	struct bench *b = arg;

	b->calls++;
	b->status = result->status;
	b->secure = result->secure;
	b->apex = result->apex;
	if (result->status == ENUM_OK)
		add_line(b->uris, sizeof b->uris, result->uri, NULL);
	else
		assert_null(result->uri);
	if (b->cancels)
		lookup_cancel(&b->lookup);
}

static inline void start(struct bench *b, const char *aus)
{
	assert_int_equal(lookup_start(b->loop, &b->config, aus, NULL, on_result,
				      b, &b->lookup),
			 ENUM_OK);
	assert_int_equal(b->calls, 0); /* never before it returns */
}

/* All URIs, up to the end. */
static inline void walk(struct bench *b)
{
	start(b, "+12");
	loop_fake_advance(b->loop, 0);
	for (unsigned calls = 1; b->status == ENUM_OK; calls++) {
		assert_int_equal(b->calls, calls);
		lookup_next(b->lookup);
		assert_int_equal(b->calls, calls);
		loop_fake_advance(b->loop, 0);
	}
}

#endif
