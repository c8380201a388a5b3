#define _POSIX_C_SOURCE 200809L /* fmemopen */

#include "tests/unit/unit.h"

#include "gateway/routes.h"
#include "tests/fake/dns_fake.h"
#include "tests/fake/loop_fake.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

#define LISTEN	     "sip: {listen: [udp:127.0.0.2], domains: [gw.example]}\n"

/* One bed: routes made from a configuration, on fakes. */
struct bed {
	struct loop *loop;
	struct dns_fake *script;
	struct config *config;
	struct routes *routes;
};

static struct config *read_config(const char *yaml)
{
	static char said[4096];
	FILE *errors = fmemopen(said, sizeof said, "w");
	struct config *config;

	memset(said, 0, sizeof said);
	(void)!config_read_text("t.yaml", span_of(yaml), errors, &config);
	fclose(errors);
	return config;
}

static const struct plan_config *bed_open(struct bed *bed, const char *yaml)
{
	bed->loop = loop_fake_create();
	bed->script = dns_fake_create();
	dns_fake_use(bed->script);
	bed->config = read_config(yaml);
	assert_non_null(bed->config);
	assert_int_equal(routes_create(bed->loop, bed->config, &bed->routes),
			 GATEWAY_OK);
	return routes_plan(bed->routes);
}

static void bed_close(struct bed *bed)
{
	routes_destroy(&bed->routes);
	assert_null(bed->routes);
	config_destroy(&bed->config);
	dns_fake_destroy(&bed->script);
	loop_fake_destroy(&bed->loop);
}

static void equal_sets_of_resolvers_share_a_cache(void **state)
{
	struct bed bed;
	const struct plan_config *plan = bed_open(
		&bed, LISTEN
		"dns: {resolvers: [127.0.0.1]}\n"
		"enum:\n"
		"  - {name: same, apex: a.example}\n"
		"  - {name: written, apex: b.example, resolvers: [127.0.0.1]}\n"
		"  - {name: other, apex: c.example, resolvers: [\"[::1]:5\"]}\n"
		"  - {name: plain, apex: d.example, dnssec: off}\n");
	const struct lookup_apex *apexes = plan->lookup.apexes;

	(void)state;
	assert_int_equal(plan->lookup.apex_count, 4);
	assert_ptr_equal(apexes[0].cache, plan->resolve.cache);
	assert_ptr_equal(apexes[0].cache, plan->nexthop.cache);
	assert_ptr_equal(apexes[0].cache, apexes[1].cache);
	assert_ptr_not_equal(apexes[0].cache, apexes[2].cache);
	/* without the wish for AD the answers are others */
	assert_ptr_not_equal(apexes[0].cache, apexes[3].cache);
	bed_close(&bed);
}

static void a_tree_has_the_dnssec_of_dns_unless_it_has_its_own(void **state)
{
	struct bed bed;
	const struct plan_config *plan =
		bed_open(&bed, LISTEN "dns: {dnssec: require}\n"
				      "enum: [{apex: a.example},\n"
				      "  {apex: b.example, dnssec: prefer},\n"
				      "  {apex: c.example, dnssec: off}]\n");

	(void)state;
	assert_int_equal(plan->lookup.apexes[0].dnssec, LOOKUP_DNSSEC_REQUIRE);
	assert_int_equal(plan->lookup.apexes[1].dnssec, LOOKUP_DNSSEC_PREFER);
	assert_int_equal(plan->lookup.apexes[2].dnssec, LOOKUP_DNSSEC_OFF);
	bed_close(&bed);
}

static void a_protocol_without_a_side_is_not_asked_for(void **state)
{
	struct bed bed;
	const struct plan_config *plan =
		bed_open(&bed, LISTEN "routing: {prefer: [xmpp, sip]}\n");

	(void)state;
	assert_int_equal(plan->resolve.prefer_count, 1);
	assert_int_equal(plan->resolve.prefer[0], PROTOCOL_SIP);
	bed_close(&bed);
}

static void we_send_over_what_we_listen_on(void **state)
{
	struct bed bed;
	const struct plan_config *plan =
		bed_open(&bed, "sip: {listen: [\"tcp:[2001:db8::1]:5060\"]}\n");

	(void)state;
	assert_true(plan->nexthop.transports[TRANSPORT_TCP]);
	assert_false(plan->nexthop.transports[TRANSPORT_UDP]);
	assert_true(plan->nexthop.ipv6);
	assert_false(plan->nexthop.ipv4);
	bed_close(&bed);
}

static void sec_12_our_own_domains_are_known_to_the_policy(void **state)
{
	struct bed bed;
	const struct plan_config *plan =
		bed_open(&bed, LISTEN "xmpp: {domain: im.gw.example}\n");

	(void)state;
	assert_true(policy_is_own_domain(plan->policy, "gw.example"));
	assert_true(policy_is_own_domain(plan->policy, "im.gw.example"));
	assert_false(policy_is_own_domain(plan->policy, "im.example"));
	bed_close(&bed);
}

static const struct {
	const char *listen, *targets;
	bool refuse;
} private_targets[] = {
	{ "udp:127.0.0.2", "auto", false },
	{ "udp:10.0.0.1", "auto", false },
	{ "\"udp:[::1]:5060\"", "auto", false },
	{ "udp:9.9.9.9", "auto", true },
	{ "udp:0.0.0.0", "auto", true },
	{ "\"udp:[::]:5060\"", "auto", true },
	{ "udp:9.9.9.9, udp:10.0.0.1", "auto", false },
	{ "udp:9.9.9.9", "allow", false },
	{ "udp:127.0.0.2", "refuse", true },
};

static void sec_9_auto_refuses_private_targets_where_we_are_public(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(private_targets); i++) {
		char yaml[256];
		struct text text;
		struct bed bed;

		text_init(&text, yaml, sizeof yaml);
		text_addf(&text,
			  "sip: {listen: [%s]}\n"
			  "routing: {private_targets: %s}\n",
			  private_targets[i].listen,
			  private_targets[i].targets);
		assert_int_equal(bed_open(&bed, yaml)->nexthop.refuse_private,
				 private_targets[i].refuse);
		bed_close(&bed);
	}
}

static void exercise(void)
{
	struct loop *loop = loop_fake_create();
	struct dns_fake *script = dns_fake_create();
	struct routes *routes = NULL;
	struct config *config = read_config(
		LISTEN "enum: [{apex: a.example},\n"
		       "  {apex: b.example, resolvers: [\"[::1]\"]}]\n");

	dns_fake_use(script);
	if (config)
		(void)!routes_create(loop, config, &routes);
	routes_destroy(&routes);
	config_destroy(&config);
	dns_fake_destroy(&script);
	loop_fake_destroy(&loop);
}

static void out_of_memory_is_a_status(void **state)
{
	(void)state;
	assert_true(unit_fail_allocations(exercise) > 30);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_sets_of_resolvers_share_a_cache),
		cmocka_unit_test(
			a_tree_has_the_dnssec_of_dns_unless_it_has_its_own),
		cmocka_unit_test(a_protocol_without_a_side_is_not_asked_for),
		cmocka_unit_test(we_send_over_what_we_listen_on),
		cmocka_unit_test(
			sec_12_our_own_domains_are_known_to_the_policy),
		cmocka_unit_test(
			sec_9_auto_refuses_private_targets_where_we_are_public),
		cmocka_unit_test(out_of_memory_is_a_status),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
