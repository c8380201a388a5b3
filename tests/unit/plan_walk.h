#ifndef IMGW_TESTS_PLAN_WALK_H
#define IMGW_TESTS_PLAN_WALK_H

/** A gateway around a plan, and a walk to the plan's end that writes down
 *  every hop. For plan_test.c and plan_async_test.c. */

#include "routing/plan.h"
#include "tests/fake/net_fake.h"
#include "tests/unit/unit.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* +12025550100 and its zone. */
#define Z      "0.0.1.0.5.5.5.2.0.2.1.e164.arpa"
#define NUMBER "+12025550100"
#define RULE(order, uri) \
	Z " NAPTR " #order " 10 \"u\" \"E2U+im\" \"!^.*$!" uri "!\" .\n"
#define ALICE RULE(10, "im:alice@im.example")
#define SIP_LABEL                                              \
	"_im._sip.im.example SRV 0 0 5070 simple.im.example\n" \
	"simple.im.example A 192.0.2.21\n"
#define XMPP_LABEL  "_im._xmpp.im.example SRV 0 0 5269 x.im.example\n"
#define FALLBACK_TO "sip:192.0.2.99"
/* What is sent by a Route. */
#define ROUTED "sip:bob@far.example"
/* What differs from the usual gateway, which has FALLBACK_TO, asks ENUM and
 * prefers SIP. */
enum how {
	USUAL = 0,
	NO_FALLBACK = 1,
	SKIP_ENUM = 2,
	RURI_HOST_IS_DOMAIN = 4,
	REFUSE_PRIVATE = 8,
	OVERLAY = 16, /* +1202 goes to im:desk@desk.example */
	SECURE_FALLBACK = 32,
	DEAD_FALLBACK = 64,
	NO_REPLIES = 128,
	DNSSEC_REQUIRED = 256,
	BAD_FALLBACK = 512,
	NUMBERS_AS_SIP = 1024
};

struct walk {
	struct plan *plan;
	struct text found;
	char buffer[16384];
	char reason[256];
	unsigned calls;
	unsigned stop_after; /* cancel inside this call; 0: never */
	bool ended;
	bool secure; /* of the last hop */
};

/* A gateway, its parts in the order of plan_config. */
struct bench {
	struct net_fake net;
	struct policy policy;
	struct lookup_apex apex;
	struct plan_config config;
};

static inline void add_hop(struct walk *w, const struct hop *hop)
{
	if (hop->protocol == PROTOCOL_XMPP)
		text_addf(&w->found, "xmpp %s, ", hop->recipient);
	else
		text_addf(&w->found, "%s %s %s%s %s:%u, ", hop->recipient,
			  hop->identity, transport_word(hop->transport),
			  hop->transport_advertised ? "!" : "", hop->address,
			  (unsigned)hop->port);
	w->secure = hop->secure;
}

static inline void walked(const struct plan_result *result, void *arg)
{
	struct walk *w = arg;

	assert_false(w->ended);
	assert_non_null(result->reason);
	w->calls++;
	w->ended = result->status != ROUTE_OK;
	if (!w->ended)
		add_hop(w, result->hop);
	else
		text_add(&w->found, route_status_word(result->status));
	snprintf(w->reason, sizeof w->reason, "%s", result->reason);
	if (w->calls == w->stop_after)
		plan_cancel(&w->plan);
	else if (!w->ended)
		plan_next(w->plan);
}

static inline void set_policy(struct policy *policy, unsigned how)
{
	static const char *const own[] = { "gw.example.net", "192.0.2.2" };
	static const struct policy_number numbers[] = {
		{ "+1202", "im:desk@desk.example" }
	};

	*policy = (struct policy){
		.numbers = numbers,
		.number_count = how & OVERLAY ? 1 : 0,
		.fallback = how & NO_FALLBACK	    ? NULL
			    : how & SECURE_FALLBACK ? "sips:sbc.example"
			    : how & DEAD_FALLBACK   ? "sip:no.example"
			    : how & BAD_FALLBACK    ? "sbc.example"
						    : FALLBACK_TO,
		.replies = how & NO_REPLIES ? NULL : "sip:192.0.2.11:5062",
		.own_domains = own,
		.own_domain_count = COUNT(own),
		.numbers_as_sip = how & NUMBERS_AS_SIP,
		.ruri_host_is_target = !(how & RURI_HOST_IS_DOMAIN),
	};
}

static inline bool bench_open(struct bench *b, const char *zone, unsigned how)
{
	static const char *const any[] = { "+" };

	if (!net_fake_open(&b->net, zone))
		return false;
	set_policy(&b->policy, how);
	b->apex = (struct lookup_apex){
		.name = "public",
		.apex = "e164.arpa",
		.match = any,
		.match_count = 1,
		.dnssec = how & DNSSEC_REQUIRED ? LOOKUP_DNSSEC_REQUIRE
						: LOOKUP_DNSSEC_PREFER,
		.cache = b->net.cache,
	};
	b->config = (struct plan_config){
		.loop = b->net.loop,
		.policy = &b->policy,
		.lookup = { &b->apex, 1 },
		.resolve = { .loop = b->net.loop,
			     .cache = b->net.cache,
			     .prefer = { PROTOCOL_SIP, PROTOCOL_XMPP },
			     .prefer_count = 2 },
		.nexthop = { .loop = b->net.loop,
			     .cache = b->net.cache,
			     .transports = { true, true, true },
			     .ipv4 = true,
			     .refuse_private = how & REFUSE_PRIVATE },
	};
	return true;
}

static inline enum route_status start(struct bench *b, enum plan_kind kind,
				      const char *uri, unsigned how,
				      struct walk *w)
{
	const struct plan_target target = { .kind = kind,
					    .uri = span_of(uri),
					    .recipient = span_of(ROUTED),
					    .skip_enum = how & SKIP_ENUM };

	text_init(&w->found, w->buffer, sizeof w->buffer);
	return plan_start(&b->config, &target, NULL, walked, w, &w->plan);
}

#endif
