#include "tests/unit/nexthop_walk.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static struct row rows[] = {
	{ "im_13_numeric_host_needs_no_dns", "", USUAL, "sip:192.0.2.1", "",
	  "udp 192.0.2.1 192.0.2.1:5060, no-address" },
	{ "im_13_numeric_host_and_port_are_used", "", USUAL,
	  "sip:192.0.2.1:5070", "",
	  "udp 192.0.2.1 192.0.2.1:5070, no-address" },
	{ "im_13_numeric_host_of_sips_means_tls", "", USUAL, "sips:192.0.2.1",
	  "", "tls! 192.0.2.1 192.0.2.1:5061, no-address" },
	{ "im_13_numeric_host_with_transport", "", USUAL,
	  "sip:192.0.2.1;transport=tcp", "",
	  "tcp! 192.0.2.1 192.0.2.1:5060, no-address" },
	{ "im_13_ipv6_reference", "", "u46", "sip:[2a00:1::1]:5070", "",
	  "udp 2a00:1::1 2a00:1::1:5070, no-address" },
	{ "im_13_ipv6_reference_without_ipv6_is_not_usable", "", USUAL,
	  "sip:[2a00:1::1]", "", "no-address" },
	{ "im_13_maddr_is_where_it_goes", "", USUAL,
	  "sip:a.example;maddr=192.0.2.9", "",
	  "udp 192.0.2.9 192.0.2.9:5060, no-address" },
	{ "im_13_explicit_port_means_udp_and_addresses_only",
	  "a.example A 192.0.2.1\na.example A 192.0.2.2", USUAL,
	  "sip:a.example:5070", "a.example/A",
	  "udp a.example 192.0.2.1:5070, udp a.example 192.0.2.2:5070, "
	  "no-address" },
	{ "im_13_explicit_port_of_sips_means_tls", "a.example A 192.0.2.1",
	  USUAL, "sips:a.example:5071", "a.example/A",
	  "tls! a.example 192.0.2.1:5071, no-address" },
	{ "im_13_explicit_transport_asks_only_its_srv",
	  "_sip._tcp.a.example SRV 0 0 5075 s.a.example\n"
	  "s.a.example A 192.0.2.1",
	  USUAL, "sip:a.example;transport=tcp",
	  "_sip._tcp.a.example/SRV s.a.example/A",
	  "tcp! s.a.example 192.0.2.1:5075, no-address" },
	{ "im_13_explicit_transport_without_srv_asks_addresses",
	  "a.example A 192.0.2.1", USUAL, "sip:a.example;transport=tcp",
	  "_sip._tcp.a.example/SRV a.example/A",
	  "tcp! a.example 192.0.2.1:5060, no-address" },
	{ "im_13_transport_tls_of_sip_uses_sips_srv", "a.example A 192.0.2.1",
	  USUAL, "sip:a.example;transport=tls",
	  "_sips._tcp.a.example/SRV a.example/A",
	  "tls! a.example 192.0.2.1:5061, no-address" },
	{ "im_13_naptr_then_srv_then_address",
	  "a.example NAPTR 20 10 \"s\" \"SIP+D2U\" \"\" _sip._udp.a.example\n"
	  "a.example NAPTR 10 10 \"s\" \"SIP+D2T\" \"\" _sip._tcp.b.example\n"
	  "_sip._tcp.b.example SRV 0 0 5060 t.a.example\n"
	  "_sip._udp.a.example SRV 0 0 5060 u.a.example\n"
	  "t.a.example A 192.0.2.1\nu.a.example A 192.0.2.2",
	  USUAL, "sip:a.example",
	  "a.example/NAPTR _sip._tcp.b.example/SRV t.a.example/A "
	  "_sip._udp.a.example/SRV u.a.example/A",
	  "tcp! t.a.example 192.0.2.1:5060, udp! u.a.example 192.0.2.2:5060, "
	  "no-address" },
	{ "im_13_naptr_of_one_order_goes_by_preference",
	  "a.example NAPTR 10 20 \"S\" \"sip+d2u\" \"\" u.srv.example\n"
	  "a.example NAPTR 10 10 \"s\" \"SIP+D2T\" \"\" t.srv.example\n"
	  "t.srv.example SRV 0 0 5060 t.a.example\nt.a.example A 192.0.2.1",
	  USUAL, "sip:a.example",
	  "a.example/NAPTR t.srv.example/SRV t.a.example/A u.srv.example/SRV",
	  "tcp! t.a.example 192.0.2.1:5060, no-address" },
	{ "im_13_naptr_without_srv_leads_to_the_address",
	  "a.example NAPTR 10 10 \"s\" \"SIP+D2T\" \"\" t.srv.example\n"
	  "a.example A 192.0.2.1",
	  USUAL, "sip:a.example",
	  "a.example/NAPTR t.srv.example/SRV a.example/A",
	  "tcp! a.example 192.0.2.1:5060, no-address" },
	{ "im_13_naptr_of_other_applications_is_as_none",
	  "a.example NAPTR 10 10 \"u\" \"E2U+im\" \"!^.*$!im:a@b.example!\" .\n"
	  "a.example NAPTR 10 10 \"a\" \"SIP+D2T\" \"\" t.srv.example\n"
	  "_sip._udp.a.example SRV 0 0 5080 s.a.example\n"
	  "s.a.example A 192.0.2.1",
	  "u4", "sip:a.example",
	  "a.example/NAPTR _sip._udp.a.example/SRV s.a.example/A",
	  "udp! s.a.example 192.0.2.1:5080, no-address" },
	{ "im_13_without_naptr_every_srv_is_asked_then_the_address",
	  "a.example A 192.0.2.1", USUAL, "sip:a.example",
	  "a.example/NAPTR _sip._udp.a.example/SRV _sip._tcp.a.example/SRV "
	  "_sips._tcp.a.example/SRV a.example/A",
	  "udp a.example 192.0.2.1:5060, no-address" },
	{ "im_13_without_tls_the_sips_srv_is_not_asked",
	  "a.example A 192.0.2.1", "ut4", "sip:a.example",
	  "a.example/NAPTR _sip._udp.a.example/SRV _sip._tcp.a.example/SRV "
	  "a.example/A",
	  "udp a.example 192.0.2.1:5060, no-address" },
	{ "im_13_later_transports_are_asked_when_the_first_is_used_up",
	  "_sip._udp.a.example SRV 0 0 5060 u.a.example\n"
	  "_sip._tcp.a.example SRV 0 0 5062 t.a.example\n"
	  "u.a.example A 192.0.2.1\nt.a.example A 192.0.2.2\n"
	  "a.example A 192.0.2.3",
	  "ut4", "sip:a.example",
	  "a.example/NAPTR _sip._udp.a.example/SRV u.a.example/A "
	  "_sip._tcp.a.example/SRV t.a.example/A",
	  "udp! u.a.example 192.0.2.1:5060, tcp! t.a.example 192.0.2.2:5062, "
	  "no-address" },
	{ "im_14_unsupported_transports_are_dropped",
	  "a.example NAPTR 10 10 \"s\" \"SIP+D2S\" \"\" s.srv.example\n"
	  "a.example NAPTR 20 10 \"s\" \"SIP+D2T\" \"\" t.srv.example\n"
	  "t.srv.example SRV 0 0 5060 t.a.example\nt.a.example A 192.0.2.1",
	  USUAL, "sip:a.example",
	  "a.example/NAPTR t.srv.example/SRV t.a.example/A",
	  "tcp! t.a.example 192.0.2.1:5060, no-address" },
	{ "im_14_only_unsupported_transports_is_no_service",
	  "a.example NAPTR 10 10 \"s\" \"SIP+D2S\" \"\" s.srv.example\n"
	  "a.example A 192.0.2.1",
	  USUAL, "sip:a.example", "a.example/NAPTR", "no-service" },
	{ "im_14_sips_drops_all_but_sips",
	  "a.example NAPTR 10 10 \"s\" \"SIP+D2T\" \"\" t.srv.example\n"
	  "a.example NAPTR 20 10 \"s\" \"SIPS+D2T\" \"\" l.srv.example\n"
	  "l.srv.example SRV 0 0 5061 l.a.example\nl.a.example A 192.0.2.1",
	  USUAL, "sips:a.example",
	  "a.example/NAPTR l.srv.example/SRV l.a.example/A",
	  "tls! l.a.example 192.0.2.1:5061, no-address" },
	{ "im_14_sip_keeps_sips_when_tls_is_supported",
	  "a.example NAPTR 10 10 \"s\" \"SIPS+D2T\" \"\" l.srv.example\n"
	  "l.srv.example SRV 0 0 5061 l.a.example\nl.a.example A 192.0.2.1",
	  USUAL, "sip:a.example",
	  "a.example/NAPTR l.srv.example/SRV l.a.example/A",
	  "tls! l.a.example 192.0.2.1:5061, no-address" },
	{ "im_14_sips_without_tls_is_no_service", "a.example A 192.0.2.1",
	  "ut4", "sips:a.example", "", "no-service" },
	{ "im_14_unknown_transport_is_no_service", "a.example A 192.0.2.1",
	  USUAL, "sip:a.example;transport=sctp", "", "no-service" },
	{ "im_14_sips_over_udp_is_no_service", "a.example A 192.0.2.1", USUAL,
	  "sips:a.example;transport=udp", "", "no-service" },
	{ "im_13_sips_over_tcp_is_tls", "a.example A 192.0.2.1", USUAL,
	  "sips:a.example:5061;transport=tcp", "a.example/A",
	  "tls! a.example 192.0.2.1:5061, no-address" },
	{ "im_13_without_udp_the_default_is_tcp", "a.example A 192.0.2.1", "t4",
	  "sip:a.example:5060", "a.example/A",
	  "tcp a.example 192.0.2.1:5060, no-address" },
	{ "im_5_with_srv_the_address_of_the_domain_is_not_used",
	  "_sip._udp.a.example SRV 0 0 5060 dead.a.example\n"
	  "a.example A 192.0.2.1",
	  "u4", "sip:a.example",
	  "a.example/NAPTR _sip._udp.a.example/SRV dead.a.example/A",
	  "no-address" },
	{ "im_10_srv_of_the_root_is_no_service",
	  "_sip._udp.a.example SRV 0 0 0 .\na.example A 192.0.2.1", "u4",
	  "sip:a.example", "a.example/NAPTR _sip._udp.a.example/SRV",
	  "no-service" },
	{ "im_9_targets_go_by_priority_and_each_address_is_tried",
	  "_sip._udp.a.example SRV 20 0 5062 two.a.example\n"
	  "_sip._udp.a.example SRV 10 0 5061 one.a.example\n"
	  "one.a.example A 192.0.2.1\none.a.example A 192.0.2.2\n"
	  "two.a.example A 192.0.2.3",
	  "u4", "sip:a.example",
	  "a.example/NAPTR _sip._udp.a.example/SRV one.a.example/A "
	  "two.a.example/A",
	  "udp! one.a.example 192.0.2.1:5061, "
	  "udp! one.a.example 192.0.2.2:5061, "
	  "udp! two.a.example 192.0.2.3:5062, no-address" },
	{ "im_15_a_target_without_answer_is_passed_over_and_remembered",
	  "_sip._udp.a.example SRV 10 0 5060 one.a.example\n"
	  "_sip._udp.a.example SRV 20 0 5060 two.a.example\n"
	  "one.a.example SERVFAIL\ntwo.a.example A 192.0.2.2",
	  "u4", "sip:a.example",
	  "a.example/NAPTR _sip._udp.a.example/SRV one.a.example/A "
	  "two.a.example/A",
	  "udp! two.a.example 192.0.2.2:5060, temporary" },
	{ "conf_4_naptr_that_fails_leaves_srv_but_no_address",
	  "a.example NAPTR SERVFAIL\na.example A 192.0.2.1\n"
	  "_sip._udp.a.example SRV 0 0 5060 u.a.example\n"
	  "u.a.example A 192.0.2.2",
	  "ut4", "sip:a.example",
	  "a.example/NAPTR _sip._udp.a.example/SRV u.a.example/A "
	  "_sip._tcp.a.example/SRV",
	  "udp! u.a.example 192.0.2.2:5060, temporary" },
	{ "conf_4_srv_that_fails_forbids_the_address",
	  "_sip._udp.a.example SRV SERVFAIL\na.example A 192.0.2.1", "u4",
	  "sip:a.example", "a.example/NAPTR _sip._udp.a.example/SRV",
	  "temporary" },
	{ "conf_4_silence_is_temporary", "a.example SILENT", USUAL,
	  "sip:a.example:5060", "a.example/A", "temporary" },
	{ "conf_4_aaaa_only_when_ipv6_is_on",
	  "a.example AAAA 2a00:1::1\na.example A 192.0.2.1", "u46",
	  "sip:a.example:5060", "a.example/A a.example/AAAA",
	  "udp a.example 192.0.2.1:5060, udp a.example 2a00:1::1:5060, "
	  "no-address" },
	{ "conf_4_a_only_when_ipv4_is_on",
	  "a.example AAAA 2a00:1::1\na.example A 192.0.2.1", "u6",
	  "sip:a.example:5060", "a.example/AAAA",
	  "udp a.example 2a00:1::1:5060, no-address" },
	{ "im_12_target_of_im_srv_needs_addresses_only",
	  "t.im.example A 192.0.2.1", USUAL "T", "sip:t.im.example:5060",
	  "t.im.example/A", "udp t.im.example 192.0.2.1:5060, no-address" },
	{ "conf_3_services_only_never_asks_the_address_of_the_domain",
	  "a.example A 192.0.2.1", "u4s", "sip:a.example",
	  "a.example/NAPTR _sip._udp.a.example/SRV", "no-address" },
	{ "sec_9_private_addresses_from_dns_are_passed_over",
	  "a.example A 127.0.0.1\na.example A 9.9.9.9\na.example A 10.0.0.1",
	  "u4p", "sip:a.example:5060", "a.example/A",
	  "udp a.example 9.9.9.9:5060, no-address" },
	{ "sec_9_only_private_addresses_end_as_private",
	  "a.example A 127.0.0.1\na.example A 192.168.1.1", "u4p",
	  "sip:a.example:5060", "a.example/A", "private" },
	{ "sec_9_private_literal_from_dns_is_refused", "", "u4p",
	  "sip:127.0.0.1", "", "private" },
	{ "sec_9_what_the_operator_wrote_may_be_private",
	  "a.example A 127.0.0.1", "u4po", "sip:a.example:5060", "a.example/A",
	  "udp a.example 127.0.0.1:5060, no-address" },
	{ "sec_9_private_but_another_cannot_tell_is_temporary",
	  "a.example A 127.0.0.1\na.example AAAA SERVFAIL", "u46p",
	  "sip:a.example:5060", "a.example/A a.example/AAAA", "temporary" },
	{ "sec_9_a_literal_as_srv_target_is_judged_as_an_address",
	  "_sip._udp.a.example SRV 0 0 5060 10.0.0.1", "u4p", "sip:a.example",
	  "a.example/NAPTR _sip._udp.a.example/SRV", "private" },
	{ "sec_9_a_target_that_is_no_host_name_is_passed_over",
	  "_sip._udp.a.example SRV 0 0 5060 x@b.example\n"
	  "x@b.example A 192.0.2.1",
	  "u4", "sip:a.example", "a.example/NAPTR _sip._udp.a.example/SRV",
	  "no-address" },
	{ "im_13_a_dot_at_the_end_of_the_host_is_dropped",
	  "a.example A 192.0.2.1", USUAL, "sip:a.example.:5060", "a.example/A",
	  "udp a.example 192.0.2.1:5060, no-address" },
	{ "im_11_targets_without_port_are_passed_over",
	  "_sip._udp.a.example SRV 0 0 0 t.a.example", "u4", "sip:a.example",
	  "a.example/NAPTR _sip._udp.a.example/SRV", "no-address" },
};

static void run_row(void **state)
{
	const struct row *row = *state;
	struct walk w = { .calls = 0 };
	struct net_fake net;
	struct nexthop_config config;
	char asked[2048];

	assert_true(net_fake_open(&net, row->zone));
	config = config_of(row, &net);
	assert_int_equal(start(row, &config, &w), ROUTE_OK);
	assert_int_equal(w.calls, 0); /* never before the start returns */
	loop_fake_advance(net.loop, 60000);
	net_fake_asked(&net, asked, sizeof asked);
	assert_string_equal(asked, row->asked);
	assert_string_equal(w.buffer, row->found);
	nexthop_cancel(&w.nexthop);
	nexthop_cancel(&w.nexthop); /* takes NULL */
	net_fake_close(&net);
}

int main(void)
{
	struct CMUnitTest tests[COUNT(rows)];

	for (size_t i = 0; i < COUNT(rows); i++)
		tests[i] = (struct CMUnitTest){ .name = rows[i].name,
						.test_func = run_row,
						.initial_state = &rows[i] };
	return cmocka_run_group_tests_name("nexthop", tests, NULL, NULL);
}
