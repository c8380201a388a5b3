#include "tests/unit/unit.h"

#include "routing/resolve.h"
#include "tests/fake/net_fake.h"

struct row {
	const char *name;
	const char *zone;
	const char *prefer; /* "sx": SIP, then XMPP */
	const char *asked;  /* all questions, in order */
	const char *found;  /* services, then how it ended */
};

struct walk {
	struct resolve *resolve;
	struct text found;
	char buffer[2048];
	unsigned calls;
	unsigned stop_after; /* cancel inside this call; 0: never */
	bool ended;
	bool secure; /* of the last service */
};

#define LABELS "_im._sip.im.example/SRV _im._xmpp.im.example/SRV"
#define SIP_OWN                                                               \
	"im.example/NAPTR _sip._udp.im.example/SRV _sip._tcp.im.example/SRV " \
	"_sips._tcp.im.example/SRV"
#define XMPP_OWN \
	"_xmpps-server._tcp.im.example/SRV _xmpp-server._tcp.im.example/SRV"
#define ADDRESSES "im.example/A im.example/AAAA"

static struct row rows[] = {
	{ "im_3_sip_label_is_asked_first_and_every_target_is_given",
	  "_im._sip.im.example SRV 20 0 5060 two.im.example\n"
	  "_im._sip.im.example SRV 10 0 5070 one.im.example",
	  "sx", LABELS,
	  "sip one.im.example:5070 target, sip two.im.example:5060 target, "
	  "no-service" },
	{ "im_3_xmpp_label_gives_the_domain_and_no_target_is_resolved",
	  "_im._xmpp.im.example SRV 0 0 5269 x.im.example\n"
	  "_im._xmpp.im.example SRV 0 0 5269 y.im.example",
	  "sx", LABELS, "xmpp im.example:0, no-service" },
	{ "im_4_the_order_of_labels_is_configuration",
	  "_im._sip.im.example SRV 0 0 5060 s.im.example\n"
	  "_im._xmpp.im.example SRV 0 0 5269 x.im.example",
	  "xs", "_im._xmpp.im.example/SRV _im._sip.im.example/SRV",
	  "xmpp im.example:0, sip s.im.example:5060 target, no-service" },
	{ "im_4_a_protocol_that_is_not_preferred_is_not_asked", "", "s",
	  "_im._sip.im.example/SRV " SIP_OWN " " ADDRESSES, "no-service" },
	{ "im_5_with_a_label_nothing_else_of_the_domain_is_asked",
	  "_im._sip.im.example SRV 0 0 5060 s.im.example\n"
	  "_xmpp-server._tcp.im.example SRV 0 0 5269 x.im.example\n"
	  "im.example A 192.0.2.1",
	  "sx", LABELS, "sip s.im.example:5060 target, no-service" },
	{ "im_6_addresses_only_are_an_implicit_srv", "im.example A 192.0.2.1",
	  "sx", LABELS " " SIP_OWN " " XMPP_OWN " im.example/A",
	  "sip im.example:5060 target, no-service" },
	{ "im_6_aaaa_counts_too", "im.example AAAA 2a00:1::1", "sx",
	  LABELS " " SIP_OWN " " XMPP_OWN " " ADDRESSES,
	  "sip im.example:5060 target, no-service" },
	{ "im_6_an_address_is_for_the_first_protocol", "im.example A 192.0.2.1",
	  "xs",
	  "_im._xmpp.im.example/SRV _im._sip.im.example/SRV " XMPP_OWN
	  " " SIP_OWN " im.example/A",
	  "xmpp im.example:5060 target, no-service" },
	{ "im_10_a_label_of_the_root_leads_to_the_next_label",
	  "_im._sip.im.example SRV 0 0 0 .\n"
	  "_im._xmpp.im.example SRV 0 0 5269 x.im.example\n"
	  "im.example A 192.0.2.1",
	  "sx", LABELS, "xmpp im.example:0, no-service" },
	{ "im_10_a_label_of_the_root_forbids_the_address",
	  "_im._sip.im.example SRV 0 0 0 .\nim.example A 192.0.2.1", "sx",
	  LABELS " " XMPP_OWN, "no-service" },
	{ "im_10_a_label_of_the_root_forbids_its_own_discovery_only",
	  "_im._sip.im.example SRV 0 0 0 .\n"
	  "_sip._udp.im.example SRV 0 0 5060 s.im.example\n"
	  "_xmpp-server._tcp.im.example SRV 0 0 5269 x.im.example",
	  "sx", LABELS " " XMPP_OWN, "xmpp im.example:0, no-service" },
	{ "im_10_every_label_of_the_root_is_no_service",
	  "_im._sip.im.example SRV 0 0 0 .\n_im._xmpp.im.example SRV 0 0 0 .\n"
	  "im.example A 192.0.2.1",
	  "sx", LABELS, "no-service" },
	{ "im_16_xmpp_server_of_the_root_forbids_the_address",
	  "_xmpp-server._tcp.im.example SRV 0 0 0 .\n"
	  "im.example A 192.0.2.1",
	  "xs",
	  "_im._xmpp.im.example/SRV _im._sip.im.example/SRV " XMPP_OWN
	  " " SIP_OWN,
	  "no-service" },
	{ "im_17_xmpps_server_is_enough",
	  "_xmpps-server._tcp.im.example SRV 0 0 5270 x.im.example", "sx",
	  LABELS " " SIP_OWN " _xmpps-server._tcp.im.example/SRV",
	  "xmpp im.example:0, no-service" },
	{ "im_17_xmpps_server_of_the_root_leaves_xmpp_server",
	  "_xmpps-server._tcp.im.example SRV 0 0 0 .\n"
	  "_xmpp-server._tcp.im.example SRV 0 0 5269 x.im.example",
	  "sx", LABELS " " SIP_OWN " " XMPP_OWN,
	  "xmpp im.example:0, no-service" },
	{ "conf_3_sip_is_found_by_naptr_without_asking_srv",
	  "im.example NAPTR 10 10 \"s\" \"SIP+D2T\" \"\" t.im.example", "sx",
	  LABELS " im.example/NAPTR " XMPP_OWN,
	  "sip im.example:0, no-service" },
	{ "conf_3_naptr_of_other_applications_says_nothing",
	  "im.example NAPTR 10 10 \"u\" \"E2U+im\" \"!^.*$!im:a@b.example!\" .",
	  "s", "_im._sip.im.example/SRV " SIP_OWN " " ADDRESSES, "no-service" },
	{ "conf_3_each_protocol_has_its_own_discovery_in_order",
	  "_sip._tcp.im.example SRV 0 0 5060 s.im.example\n"
	  "_xmpp-server._tcp.im.example SRV 0 0 5269 x.im.example",
	  "sx",
	  LABELS " im.example/NAPTR _sip._udp.im.example/SRV "
		 "_sip._tcp.im.example/SRV " XMPP_OWN,
	  "sip im.example:0, xmpp im.example:0, no-service" },
	{ "conf_3_nothing_at_all_is_no_service", "", "sx",
	  LABELS " " SIP_OWN " " XMPP_OWN " " ADDRESSES, "no-service" },
	{ "conf_4_a_label_that_fails_leaves_the_other_label",
	  "_im._sip.im.example SRV SERVFAIL\n"
	  "_im._xmpp.im.example SRV 0 0 5269 x.im.example",
	  "sx", LABELS, "xmpp im.example:0, temporary" },
	{ "conf_4_a_label_that_fails_leaves_the_discovery_of_the_other",
	  "_im._sip.im.example SRV SERVFAIL\n"
	  "_sip._udp.im.example SRV 0 0 5060 s.im.example\n"
	  "_xmpp-server._tcp.im.example SRV 0 0 5269 x.im.example",
	  "sx", LABELS " " XMPP_OWN, "xmpp im.example:0, temporary" },
	{ "conf_4_a_label_that_fails_forbids_the_address",
	  "_im._sip.im.example SRV SERVFAIL\nim.example A 192.0.2.1", "sx",
	  LABELS " " XMPP_OWN, "temporary" },
	{ "conf_4_silence_forbids_the_address",
	  "_im._xmpp.im.example SRV SILENT\nim.example A 192.0.2.1", "sx",
	  LABELS " " SIP_OWN, "temporary" },
	{ "conf_4_a_discovery_that_fails_forbids_the_address",
	  "im.example NAPTR SERVFAIL\nim.example A 192.0.2.1", "sx",
	  LABELS " " SIP_OWN " " XMPP_OWN, "temporary" },
	{ "conf_4_an_address_that_fails_is_temporary", "im.example A SERVFAIL",
	  "sx", LABELS " " SIP_OWN " " XMPP_OWN " im.example/A", "temporary" },
	{ "im_7_a_cname_in_place_of_the_label_is_followed",
	  "_im._sip.im.example CNAME srv.other.example\n"
	  "srv.other.example SRV 0 0 5060 s.other.example",
	  "s", "_im._sip.im.example/SRV",
	  "sip s.other.example:5060 target, no-service" },
	{ "sec_9_a_target_that_is_no_host_name_is_passed_over",
	  "_im._sip.im.example SRV 0 0 5060 x@b.example", "s",
	  "_im._sip.im.example/SRV", "no-service" },
	{ "im_11_targets_without_port_are_passed_over",
	  "_im._sip.im.example SRV 0 0 0 s.im.example", "s",
	  "_im._sip.im.example/SRV", "no-service" },
};

static void walked(enum route_status status,
		   const struct resolve_service *service, void *arg)
{
	struct walk *w = arg;

	assert_false(w->ended);
	w->calls++;
	w->ended = status != ROUTE_OK;
	if (w->ended) {
		text_add(&w->found, route_status_word(status));
	} else {
		text_addf(&w->found, "%s %s:%u%s, ",
			  protocol_word(service->protocol), service->host,
			  (unsigned)service->port,
			  service->host_is_target ? " target" : "");
		w->secure = service->secure;
	}
	if (w->calls == w->stop_after)
		resolve_cancel(&w->resolve);
	else if (!w->ended)
		resolve_next(w->resolve);
}

static struct resolve_config config_of(const char *prefer,
				       const struct net_fake *net)
{
	struct resolve_config config = { .loop = net->loop,
					 .cache = net->cache };

	for (; *prefer; prefer++)
		config.prefer[config.prefer_count++] =
			*prefer == 's' ? PROTOCOL_SIP : PROTOCOL_XMPP;
	return config;
}

static enum route_status start(const struct resolve_config *config,
			       const char *domain, struct walk *w)
{
	text_init(&w->found, w->buffer, sizeof w->buffer);
	return resolve_start(config, domain, NULL, walked, w, &w->resolve);
}

static void run_row(void **state)
{
	const struct row *row = *state;
	struct walk w = { .calls = 0 };
	struct net_fake net;
	struct resolve_config config;
	char asked[2048];

	assert_true(net_fake_open(&net, row->zone));
	config = config_of(row->prefer, &net);
	assert_int_equal(start(&config, "im.example", &w), ROUTE_OK);
	assert_int_equal(w.calls, 0); /* never before the start returns */
	loop_fake_advance(net.loop, 60000);
	net_fake_asked(&net, asked, sizeof asked);
	assert_string_equal(asked, row->asked);
	assert_string_equal(w.buffer, row->found);
	resolve_cancel(&w.resolve);
	resolve_cancel(&w.resolve); /* takes NULL */
	net_fake_close(&net);
}

/* One question buys the first service; the rest waits until it is wanted. */
static void design_2_questions_are_asked_lazily(void **state)
{
	struct walk w = { .stop_after = 1 };
	struct net_fake net;
	struct resolve_config config;

	(void)state;
	assert_true(net_fake_open(
		&net, "_im._sip.im.example SRV 0 0 5060 s.im.example"));
	config = config_of("sx", &net);
	assert_int_equal(start(&config, "im.example", &w), ROUTE_OK);
	loop_fake_advance(net.loop, 60000);
	assert_int_equal(w.calls, 1);
	assert_int_equal(dns_fake_asked_count(net.script), 1);
	net_fake_close(&net);
}

/* Targets, both labels. */
static const char busy[] = "_im._sip.im.example SRV 10 0 5060 a.im.example\n"
			   "_im._sip.im.example SRV 20 0 5060 b.im.example\n"
			   "_im._xmpp.im.example SRV 0 0 5269 x.im.example";

static void cancel_after_turns(unsigned turns, bool *quiet_out)
{
	struct walk w = { .calls = 0 };
	struct net_fake net;
	struct resolve_config config;
	unsigned calls;

	assert_true(net_fake_open(&net, busy));
	config = config_of("sx", &net);
	assert_int_equal(start(&config, "im.example", &w), ROUTE_OK);
	*quiet_out = false;
	while (turns-- && !*quiet_out)
		*quiet_out = !loop_fake_turn(net.loop);
	calls = w.calls;
	resolve_cancel(&w.resolve);
	assert_null(w.resolve);
	loop_fake_advance(net.loop, 60000);
	assert_int_equal(w.calls, calls);
	net_fake_close(&net);
}

static void nothing_is_called_after_a_cancel_at_any_point(void **state)
{
	bool quiet = false;
	unsigned turns;

	(void)state;
	for (turns = 0; !quiet; turns++)
		cancel_after_turns(turns, &quiet);
	assert_in_range(turns, 6, 100);
}

static void it_may_be_cancelled_inside_any_call(void **state)
{
	(void)state;
	for (unsigned stop = 1; stop <= 4; stop++) {
		struct walk w = { .stop_after = stop };
		struct net_fake net;
		struct resolve_config config;

		assert_true(net_fake_open(&net, busy));
		config = config_of("sx", &net);
		assert_int_equal(start(&config, "im.example", &w), ROUTE_OK);
		loop_fake_advance(net.loop, 60000);
		assert_int_equal(w.calls, stop);
		assert_null(w.resolve);
		net_fake_close(&net);
	}
}

static void exercise(void)
{
	struct walk w = { .calls = 0 };
	struct net_fake net;

	if (net_fake_open(&net, busy)) {
		struct resolve_config config = config_of("sx", &net);

		if (start(&config, "im.example", &w) == ROUTE_OK) {
			loop_fake_advance(net.loop, 60000);
			assert_true(w.ended); /* never silence */
		}
		resolve_cancel(&w.resolve);
	}
	net_fake_close(&net);
}

static void every_allocation_may_fail(void **state)
{
	(void)state;
	assert_in_range(unit_fail_allocations(exercise), 5, 200);
}

static bool walk_is_secure(const char *zone)
{
	struct walk w = { .calls = 0 };
	struct net_fake net;
	struct resolve_config config;

	assert_true(net_fake_open(&net, zone));
	config = config_of("sx", &net);
	assert_int_equal(start(&config, "im.example", &w), ROUTE_OK);
	loop_fake_advance(net.loop, 60000);
	assert_int_equal(w.calls, 2);
	resolve_cancel(&w.resolve);
	net_fake_close(&net);
	return w.secure;
}

static void sec_7_secure_means_ad_in_every_answer(void **state)
{
	(void)state;
	assert_true(
		walk_is_secure("_im._sip.im.example SRV 0 0 5060 s.im.example\n"
			       "_im._sip.im.example SRV SECURE"));
	assert_false(walk_is_secure(
		"_im._xmpp.im.example SRV 0 0 5269 x.im.example\n"
		"_im._xmpp.im.example SRV SECURE"));
	assert_true(walk_is_secure("im.example A 192.0.2.1\n* SECURE"));
}

/* _xmpps-server._tcp.<domain> would be no name of the DNS any more. */
static void names_that_would_be_too_long_are_not_asked(void **state)
{
	char domain[IM_DOMAIN_SIZE], asked[4096];
	struct walk w = { .calls = 0 };
	struct net_fake net;
	struct resolve_config config;

	(void)state;
	memset(domain, 'a', sizeof domain);
	for (size_t i = 60; i < sizeof domain; i += 60)
		domain[i] = '.';
	domain[242] = '\0';
	assert_true(net_fake_open(&net, NULL));
	config = config_of("sx", &net);
	assert_int_equal(start(&config, domain, &w), ROUTE_OK);
	loop_fake_advance(net.loop, 60000);
	assert_string_equal(w.buffer, "no-service");
	net_fake_asked(&net, asked, sizeof asked);
	assert_non_null(strstr(asked, "_im._sip."));
	assert_null(strstr(asked, "_xmpps-server"));
	resolve_cancel(&w.resolve);
	net_fake_close(&net);
}

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(design_2_questions_are_asked_lazily),
		cmocka_unit_test(nothing_is_called_after_a_cancel_at_any_point),
		cmocka_unit_test(it_may_be_cancelled_inside_any_call),
		cmocka_unit_test(every_allocation_may_fail),
		cmocka_unit_test(sec_7_secure_means_ad_in_every_answer),
		cmocka_unit_test(names_that_would_be_too_long_are_not_asked),
	};
	struct CMUnitTest tests[COUNT(rows) + COUNT(others)];

	for (size_t i = 0; i < COUNT(rows); i++)
		tests[i] = (struct CMUnitTest){ .name = rows[i].name,
						.test_func = run_row,
						.initial_state = &rows[i] };
	memcpy(tests + COUNT(rows), others, sizeof others);
	return cmocka_run_group_tests_name("resolve", tests, NULL, NULL);
}
