#include "tests/unit/plan_walk.h"

#define NO_SERVICE_ASKED                                                     \
	"_im._sip.im.example/SRV _im._xmpp.im.example/SRV im.example/NAPTR " \
	"_sip._udp.im.example/SRV _sip._tcp.im.example/SRV "                 \
	"_sips._tcp.im.example/SRV _xmpps-server._tcp.im.example/SRV "       \
	"_xmpp-server._tcp.im.example/SRV im.example/A im.example/AAAA"

struct row {
	const char *name;
	const char *zone;
	enum plan_kind kind;
	const char *uri;
	unsigned how;
	const char *found; /* hops, then how it ended */
	const char *asked; /* all questions in order; NULL: does not matter */
};

static struct row rows[] = {
	{ "s_02_srv_target_and_port_stand_in_the_request_uri", ALICE SIP_LABEL,
	  PLAN_NUMBER, NUMBER, USUAL,
	  "sip:alice@simple.im.example:5070 im.example udp 192.0.2.21:5070, "
	  "not-found",
	  Z "/NAPTR _im._sip.im.example/SRV simple.im.example/A "
	    "_im._xmpp.im.example/SRV" },
	{ "s_01_xmpp_needs_the_bare_jid_only", ALICE XMPP_LABEL, PLAN_NUMBER,
	  NUMBER, USUAL, "xmpp alice@im.example, not-found",
	  Z "/NAPTR _im._sip.im.example/SRV _im._xmpp.im.example/SRV" },
	{ "conf_5_the_request_uri_may_keep_the_im_domain", ALICE SIP_LABEL,
	  PLAN_NUMBER, NUMBER, RURI_HOST_IS_DOMAIN,
	  "sip:alice@im.example im.example udp 192.0.2.21:5070, not-found",
	  NULL },
	{ "im_12_port_5060_is_not_written",
	  ALICE "_im._sip.im.example SRV 0 0 5060 s.im.example\n"
		"s.im.example A 192.0.2.21",
	  PLAN_NUMBER, NUMBER, USUAL,
	  "sip:alice@s.im.example im.example udp 192.0.2.21:5060, not-found",
	  NULL },
	{ "s_12_every_target_is_tried_and_the_domain_is_not",
	  ALICE "_im._sip.im.example SRV 10 0 5060 dead.im.example\n"
		"_im._sip.im.example SRV 20 0 5060 live.im.example\n"
		"dead.im.example A 192.0.2.29\nlive.im.example A 192.0.2.22\n"
		"im.example A 192.0.2.21",
	  PLAN_NUMBER, NUMBER, USUAL,
	  "sip:alice@dead.im.example im.example udp 192.0.2.29:5060, "
	  "sip:alice@live.im.example im.example udp 192.0.2.22:5060, "
	  "not-found",
	  NULL },
	{ "s_13_sip_explicitly_absent_means_xmpp",
	  ALICE "_im._sip.im.example SRV 0 0 0 .\n" XMPP_LABEL
		"im.example A 192.0.2.21",
	  PLAN_NUMBER, NUMBER, USUAL, "xmpp alice@im.example, not-found",
	  NULL },
	{ "s_13_sip_explicitly_absent_and_nothing_else_is_not_found",
	  ALICE "_im._sip.im.example SRV 0 0 0 .\nim.example A 192.0.2.21",
	  PLAN_NUMBER, NUMBER, NO_FALLBACK, "not-found", NULL },
	{ "im_6_a_domain_with_only_an_address_is_sip_at_5060",
	  ALICE "im.example A 192.0.2.21", PLAN_NUMBER, NUMBER, USUAL,
	  "sip:alice@im.example im.example udp 192.0.2.21:5060, not-found",
	  NULL },
	{ "conf_3_sip_by_rfc_3263_keeps_the_domain",
	  ALICE "_sip._tcp.im.example SRV 0 0 5080 s.im.example\n"
		"s.im.example A 192.0.2.21\nim.example A 192.0.2.22",
	  PLAN_NUMBER, NUMBER, USUAL,
	  "sip:alice@im.example im.example tcp! 192.0.2.21:5080, not-found",
	  Z "/NAPTR _im._sip.im.example/SRV _im._xmpp.im.example/SRV "
	    "im.example/NAPTR _sip._udp.im.example/SRV "
	    "_sip._tcp.im.example/SRV s.im.example/A "
	    "_sips._tcp.im.example/SRV _xmpps-server._tcp.im.example/SRV "
	    "_xmpp-server._tcp.im.example/SRV" },
	{ "enum_14_a_later_order_is_used_when_the_first_leads_nowhere",
	  RULE(10, "im:bob@no.example") RULE(20, "im:alice@im.example")
		  XMPP_LABEL,
	  PLAN_NUMBER, NUMBER, USUAL, "xmpp alice@im.example, not-found",
	  NULL },
	{ "enum_43_rules_are_tried_in_their_order_when_they_are_reached",
	  RULE(20, "im:bob@im.example") ALICE XMPP_LABEL, PLAN_NUMBER, NUMBER,
	  USUAL, "xmpp alice@im.example, xmpp bob@im.example, not-found",
	  Z "/NAPTR _im._sip.im.example/SRV _im._xmpp.im.example/SRV" },
	{ "s_08_nxdomain_falls_back_with_enumdi", "", PLAN_NUMBER, NUMBER,
	  USUAL,
	  "tel:+12025550100;enumdi 192.0.2.99 udp 192.0.2.99:5060, not-found",
	  Z "/NAPTR" },
	{ "s_08_nxdomain_without_fallback_is_not_found", "", PLAN_NUMBER,
	  NUMBER, NO_FALLBACK, "not-found", Z "/NAPTR" },
	{ "tel_7_parameters_survive_to_the_fallback", "", PLAN_NUMBER,
	  "+1-202-555-0100;tsp=a.b;npdi;rn=+12025559999", USUAL,
	  "tel:+1-202-555-0100;tsp=a.b;npdi;rn=+12025559999;enumdi 192.0.2.99 "
	  "udp 192.0.2.99:5060, not-found",
	  Z "/NAPTR" },
	{ "tel_14_enumdi_is_added_once", "", PLAN_NUMBER, NUMBER ";enumdi",
	  USUAL,
	  "tel:+12025550100;enumdi 192.0.2.99 udp 192.0.2.99:5060, not-found",
	  Z "/NAPTR" },
	{ "s_09_enumdi_that_is_believed_asks_nothing", ALICE XMPP_LABEL,
	  PLAN_NUMBER, NUMBER ";enumdi", SKIP_ENUM,
	  "tel:+12025550100;enumdi 192.0.2.99 udp 192.0.2.99:5060, not-found",
	  "" },
	{ "s_09_enumdi_without_fallback_is_not_found", ALICE XMPP_LABEL,
	  PLAN_NUMBER, NUMBER ";enumdi", SKIP_ENUM | NO_FALLBACK, "not-found",
	  "" },
	{ "s_10_servfail_is_temporary_and_never_falls_back", Z " SERVFAIL",
	  PLAN_NUMBER, NUMBER, USUAL, "temporary", Z "/NAPTR" },
	{ "s_10_silence_is_temporary_and_never_falls_back", Z " SILENT",
	  PLAN_NUMBER, NUMBER, USUAL, "temporary", Z "/NAPTR" },
	{ "s_10_nodata_falls_back_without_enumdi", Z " NODATA", PLAN_NUMBER,
	  NUMBER, USUAL,
	  "tel:+12025550100 192.0.2.99 udp 192.0.2.99:5060, not-found",
	  Z "/NAPTR" },
	{ "enum_insecure_is_temporary_when_dnssec_is_required",
	  ALICE XMPP_LABEL, PLAN_NUMBER, NUMBER, DNSSEC_REQUIRED, "temporary",
	  Z "/NAPTR" },
	{ "tel_16_no_usable_rule_falls_back_without_enumdi",
	  Z " NAPTR 10 10 \"u\" \"E2U+sip\" \"!^.*$!sip:a@b.example!\" .",
	  PLAN_NUMBER, NUMBER, USUAL,
	  "tel:+12025550100 192.0.2.99 udp 192.0.2.99:5060, not-found",
	  Z "/NAPTR" },
	{ "table_0_5_no_service_at_all_falls_back_without_enumdi", ALICE,
	  PLAN_NUMBER, NUMBER, USUAL,
	  "tel:+12025550100 192.0.2.99 udp 192.0.2.99:5060, not-found",
	  Z "/NAPTR " NO_SERVICE_ASKED },
	{ "table_0_5_a_domain_that_fails_is_temporary",
	  ALICE "_im._sip.im.example SERVFAIL", PLAN_NUMBER, NUMBER, USUAL,
	  "temporary", NULL },
	{ "table_0_5_a_domain_that_fails_leaves_the_next_rule",
	  ALICE RULE(20, "im:bob@ok.example") "_im._sip.im.example SERVFAIL\n"
					      "_im._xmpp.ok.example SRV 0 0 "
					      "5269 x.ok.example",
	  PLAN_NUMBER, NUMBER, USUAL, "xmpp bob@ok.example, temporary", NULL },
	{ "table_0_5_a_target_that_fails_is_temporary",
	  ALICE "_im._sip.im.example SRV 0 0 5060 s.im.example\n"
		"s.im.example SERVFAIL",
	  PLAN_NUMBER, NUMBER, USUAL, "temporary", NULL },
	{ "table_0_5_a_target_without_address_falls_back",
	  ALICE "_im._sip.im.example SRV 0 0 5060 s.im.example", PLAN_NUMBER,
	  NUMBER, USUAL,
	  "tel:+12025550100 192.0.2.99 udp 192.0.2.99:5060, not-found", NULL },
	{ "sec_12_our_own_domain_is_passed_over",
	  RULE(10, "im:+12025550100@GW.example.net") ALICE XMPP_LABEL,
	  PLAN_NUMBER, NUMBER, USUAL, "xmpp alice@im.example, not-found",
	  NULL },
	{ "sec_12_our_own_domain_alone_falls_back",
	  RULE(10, "im:alice@gw.example.net"), PLAN_NUMBER, NUMBER, USUAL,
	  "tel:+12025550100 192.0.2.99 udp 192.0.2.99:5060, not-found",
	  Z "/NAPTR" },
	{ "sec_9_private_targets_fall_back",
	  ALICE "_im._sip.im.example SRV 0 0 5060 s.im.example\n"
		"s.im.example A 127.0.0.1",
	  PLAN_NUMBER, NUMBER, REFUSE_PRIVATE,
	  "tel:+12025550100 192.0.2.99 udp 192.0.2.99:5060, not-found", NULL },
	{ "im_2_a_bad_domain_is_passed_over",
	  RULE(10, "im:alice@localhost") RULE(20, "im:bob@im.example")
		  XMPP_LABEL,
	  PLAN_NUMBER, NUMBER, USUAL, "xmpp bob@im.example, not-found", NULL },
	{ "conf_23_more_than_15_digits_ask_nothing_and_fall_back", "",
	  PLAN_NUMBER, "+1234567890123456", USUAL,
	  "tel:+1234567890123456 192.0.2.99 udp 192.0.2.99:5060, not-found",
	  "" },
	{ "the_overlay_decides_before_enum",
	  ALICE XMPP_LABEL "_im._xmpp.desk.example SRV 0 0 5269 x.desk.example",
	  PLAN_NUMBER, NUMBER, OVERLAY, "xmpp desk@desk.example, not-found",
	  "_im._sip.desk.example/SRV _im._xmpp.desk.example/SRV" },
	{ "the_overlay_decides_also_after_enumdi",
	  "_im._xmpp.desk.example SRV 0 0 5269 x.desk.example", PLAN_NUMBER,
	  NUMBER ";enumdi", OVERLAY | SKIP_ENUM,
	  "xmpp desk@desk.example, not-found", NULL },
	{ "the_overlay_that_leads_nowhere_falls_back_without_enumdi",
	  ALICE XMPP_LABEL, PLAN_NUMBER, NUMBER, OVERLAY,
	  "tel:+12025550100 192.0.2.99 udp 192.0.2.99:5060, not-found", NULL },
	{ "the_overlay_that_leads_nowhere_without_fallback_is_not_found",
	  ALICE XMPP_LABEL, PLAN_NUMBER, NUMBER, OVERLAY | NO_FALLBACK,
	  "not-found", NULL },
	{ "the_overlay_that_cannot_be_told_is_temporary",
	  ALICE XMPP_LABEL "_im._sip.desk.example SERVFAIL", PLAN_NUMBER,
	  NUMBER, OVERLAY, "temporary", NULL },
	{ "sip_38_a_sips_fallback_goes_over_tls_to_its_own_name",
	  "sbc.example A 192.0.2.98", PLAN_NUMBER, NUMBER,
	  SECURE_FALLBACK | SKIP_ENUM,
	  "tel:+12025550100 sbc.example tls! 192.0.2.98:5061, not-found",
	  "sbc.example/NAPTR _sips._tcp.sbc.example/SRV sbc.example/A" },
	{ "conf_16_a_fallback_that_leads_nowhere_is_temporary", "", PLAN_NUMBER,
	  NUMBER, DEAD_FALLBACK, "temporary", NULL },
	{ "conf_16_a_fallback_that_is_no_uri_is_temporary", "", PLAN_NUMBER,
	  NUMBER, BAD_FALLBACK, "temporary", NULL },
	{ "im_25_an_im_uri_asks_no_enum", SIP_LABEL, PLAN_IM,
	  "im:alice@im.example", USUAL,
	  "sip:alice@simple.im.example:5070 im.example udp 192.0.2.21:5070, "
	  "not-found",
	  "_im._sip.im.example/SRV simple.im.example/A "
	  "_im._xmpp.im.example/SRV" },
	{ "im_25_an_im_uri_never_falls_back", "", PLAN_IM,
	  "im:alice@im.example", USUAL, "not-found", NO_SERVICE_ASKED },
	{ "im_25_an_im_uri_that_cannot_be_told_is_temporary",
	  "_im._xmpp.im.example SERVFAIL", PLAN_IM, "im:alice@im.example",
	  USUAL, "temporary", NULL },
	{ "im_2_an_im_uri_without_fqdn_is_refused", "", PLAN_IM,
	  "im:alice@localhost", USUAL, "bad-domain", "" },
	{ "im_1_an_im_uri_without_domain_is_refused", "", PLAN_IM, "im:alice",
	  USUAL, "bad-uri", "" },
	{ "sec_12_an_im_uri_of_ours_is_refused", "", PLAN_IM,
	  "im:alice@gw.example.net", USUAL, "own-domain", "" },
	{ "sec_9_an_im_uri_with_private_targets_is_refused",
	  "_im._sip.im.example SRV 0 0 5060 s.im.example\n"
	  "s.im.example A 10.0.0.1",
	  PLAN_IM, "im:alice@im.example", REFUSE_PRIVATE, "private", NULL },
	{ "map_1_a_local_part_that_is_no_jid_is_passed_over", XMPP_LABEL,
	  PLAN_IM, "im:%20alice@im.example", USUAL, "bad-uri", NULL },
	{ "conf_13_a_jid_is_the_only_hop_and_asks_nothing", ALICE, PLAN_JID,
	  "alice@im.example", USUAL, "xmpp alice@im.example, not-found", "" },
	{ "a_jid_that_is_empty_is_refused", "", PLAN_JID, "", USUAL, "bad-uri",
	  "" },
	{ "tel_16_a_reply_goes_to_its_next_hop_without_enumdi", ALICE,
	  PLAN_REPLY, NUMBER, OVERLAY,
	  "tel:+12025550100 192.0.2.11 udp 192.0.2.11:5062, not-found", "" },
	{ "a_reply_without_next_hop_is_not_found", ALICE, PLAN_REPLY, NUMBER,
	  NO_REPLIES, "not-found", "" },
	{ "conf_26_a_reply_may_be_to_a_sip_uri", ALICE, PLAN_REPLY,
	  "sip:bob@far.example;x=y", NUMBERS_AS_SIP,
	  "sip:bob@far.example;x=y 192.0.2.11 udp 192.0.2.11:5062, not-found",
	  "" },
	{ "conf_26_a_reply_to_no_uri_is_refused", "", PLAN_REPLY, "sip:", USUAL,
	  "temporary", "" },
	{ "conf_26_a_reply_carries_no_headers", "", PLAN_REPLY,
	  "sip:bob@far.example?Route=x", USUAL, "temporary", "" },
	{ "tel_10_numbers_may_go_on_as_sip", "", PLAN_REPLY,
	  NUMBER ";TSP=a.b;ext=5", NUMBERS_AS_SIP,
	  "sip:+12025550100;ext=5;tsp=a.b@192.0.2.11:5062;user=phone "
	  "192.0.2.11 udp 192.0.2.11:5062, not-found",
	  "" },
	{ "tel_10_tel_14_enumdi_stands_in_the_user", "", PLAN_NUMBER, NUMBER,
	  NUMBERS_AS_SIP,
	  "sip:+12025550100;enumdi@192.0.2.99;user=phone 192.0.2.99 udp "
	  "192.0.2.99:5060, not-found",
	  NULL },
	{ "sip_27_a_route_is_gone_by_and_nothing_looked_up",
	  ALICE "p1.example A 192.0.2.31\np1.example A 192.0.2.32\n",
	  PLAN_ROUTE, "sip:p1.example:5070;lr", USUAL,
	  ROUTED " p1.example udp 192.0.2.31:5070, " ROUTED
		 " p1.example udp 192.0.2.32:5070, not-found",
	  NULL },
	{ "sip_27_a_route_that_is_not_there_has_no_fallback", "", PLAN_ROUTE,
	  "sip:no.example:5070;lr", USUAL, "not-found", NULL },
	{ "sip_27_sec_9_a_route_does_not_lead_inside", "", PLAN_ROUTE,
	  "sip:10.0.0.1;lr", REFUSE_PRIVATE, "private", "" },
	{ "sip_27_what_is_no_sip_uri_is_no_route", "", PLAN_ROUTE, "tel:+1202",
	  USUAL, "bad-uri", "" },
	{ "tel_1_what_is_no_number_is_a_bad_uri", "", PLAN_NUMBER, "2025550100",
	  USUAL, "bad-uri", "" },
};

static void run_row(void **state)
{
	const struct row *row = *state;
	struct walk w = { .calls = 0 };
	struct bench b;
	char asked[2048];

	assert_true(bench_open(&b, row->zone, row->how));
	assert_int_equal(start(&b, row->kind, row->uri, row->how, &w),
			 ROUTE_OK);
	assert_int_equal(w.calls, 0); /* never before the start returns */
	loop_fake_advance(b.net.loop, 60000);
	assert_string_equal(w.buffer, row->found);
	net_fake_asked(&b.net, asked, sizeof asked);
	if (row->asked)
		assert_string_equal(asked, row->asked);
	plan_cancel(&w.plan);
	plan_cancel(&w.plan); /* takes NULL */
	net_fake_close(&b.net);
}

int main(void)
{
	struct CMUnitTest tests[COUNT(rows)];

	for (size_t i = 0; i < COUNT(rows); i++)
		tests[i] = (struct CMUnitTest){ .name = rows[i].name,
						.test_func = run_row,
						.initial_state = &rows[i] };
	return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
