"""From the number to the im: URI: RFC 6116, 5028, 3402."""
import time

import pytest

from bed import ALICE, FALLBACK, SIP, XMPP, config, im_rule, seconds
from dns_wire import enum_name

Z = enum_name("+12025550100")
GOOD = im_rule("good@im.example", order=200)


def skipped(bed, line):
    """The rule is no use and the next one is taken."""
    bed.zone(XMPP, GOOD, line)
    bed.delivers_to("good@im.example")


# The number and its name

@pytest.mark.parametrize("uri", [
    "tel:+12025550100",
    "tel:+1-202-555-0100",
    "tel:+1(202)555.0100",
    "sip:+12025550100@gw.example.net;user=phone",
    "sip:+1-202-555-0100;isub=1@gw.example.net;user=phone",
])
def test_s_03_enum_1_2_every_spelling_asks_for_one_name(bed, uri):
    bed.zone(XMPP, r'Z NAPTR 10 10 "u" "E2U+im"'
             r' "!^\\+12025550100$!im:alice@im.example!" .')
    bed.delivers_to("alice@im.example", uri=uri)
    assert [q.name for q in bed.dns.asked("NAPTR")] == [Z]


@pytest.mark.parametrize("uri", [
    "tel:911;phone-context=+1",
    "tel:5550100;phone-context=x.example",
    "sip:5550100@gw.example.net;user=phone",
])
def test_enum_3_only_global_numbers_enter_the_tree(bed, uri):
    bed.refuses(400, 403, 404, uri=uri)
    assert bed.dns.asked(below="e164.arpa") == []


TWO_TREES = {"enum": [
    {"name": "carrier", "apex": "e164.carrier.example", "match": ["+1"]},
    {"name": "public", "apex": "e164.arpa", "match": ["+"]}]}
CARRIER = "0.0.1.0.5.5.5.2.0.2.1.e164.carrier.example"


@config(TWO_TREES)
def test_enum_4_the_first_tree_with_an_answer_is_used(bed):
    bed.zone(XMPP, ALICE, CARRIER +
             ' NAPTR 1 1 "u" "E2U+im" "!^.*$!im:carrier@im.example!" .')
    bed.delivers_to("carrier@im.example")
    assert [q.name for q in bed.dns.asked("NAPTR")] == [CARRIER]


@config(TWO_TREES)
@pytest.mark.parametrize("nothing", ["NXDOMAIN", "NODATA"])
def test_enum_4_the_next_tree_is_asked_when_the_first_has_nothing(bed,
                                                                  nothing):
    bed.zone(XMPP, ALICE, CARRIER + " " + nothing)
    bed.delivers_to("alice@im.example")
    assert [q.name for q in bed.dns.asked("NAPTR")] == [CARRIER, Z]


@config(TWO_TREES)
def test_enum_4_a_failing_tree_is_not_an_empty_one(bed):
    bed.zone(XMPP, ALICE, CARRIER + " SERVFAIL")
    bed.refuses(500, 480)


@config(TWO_TREES)
def test_enum_4_a_tree_is_asked_for_its_prefixes_only(bed):
    bed.zone(XMPP, r'Z(+442079460100) NAPTR 1 1 "u" "E2U+im"'
             r' "!^.*$!im:london@im.example!" .')
    bed.delivers_to("london@im.example", uri="tel:+442079460100")
    assert bed.dns.asked(below="carrier.example") == []


@pytest.mark.parametrize("digits", [16, 200, 500])
def test_enum_42_more_than_15_digits_are_never_asked_for(bed, digits):
    bed.refuses(400, 404, 414, uri="tel:+" + "1" * digits)
    bed.no_question()


# Services and flags

def test_enum_6_the_im_service_yields_im_uris_only(bed):
    skipped(bed, 'Z NAPTR 10 10 "u" "E2U+im" "!^.*$!sip:x@im.example!" .')


def test_enum_6_the_scheme_may_be_upper_case(bed):
    bed.zone(XMPP, 'Z NAPTR 1 1 "u" "E2U+im" "!^.*$!IM:alice@im.example!" .')
    bed.delivers_to("alice@im.example")


@pytest.mark.parametrize("services", [
    "", "E2U", "E2U+", "+im", "E2U+im:", "E2U im", "E2Uim", "E2U+imx",
    "E2U+" + "i" * 33, "E2U+im+", "E2U++im", "E2U+im_x"])
def test_enum_7_other_services_are_passed_over(bed, services):
    skipped(bed, 'Z NAPTR 10 10 "u" "%s" "!^.*$!im:bad@im.example!" .'
            % services)


def test_enum_8_a_subtype_of_im_is_not_im(bed):
    skipped(bed, 'Z NAPTR 1 1 "u" "E2U+im:sip" "!^.*$!im:bad@im.example!" .')


MAIL = 'Z NAPTR 10 10 "u" "E2U+email:mailto" "!^.*$!mailto:a@im.example!" .\n'
OLD = 'Z NAPTR 20 10 "u" "im+E2U" "!^.*$!im:old@im.example!" .\n'
COMPOUND = 'Z NAPTR 30 10 "u" "E2U+pres+im" "!^.*$!im:comp@im.example!" .\n'


def test_s_05_enum_10_the_obsolete_order_of_services_is_read(bed):
    bed.zone(XMPP, MAIL, OLD, COMPOUND)
    bed.delivers_to("old@im.example")


def test_s_05_enum_9_a_member_of_a_compound_service_counts(bed):
    bed.zone(XMPP, MAIL, COMPOUND)
    bed.delivers_to("comp@im.example")


def test_enum_9_members_that_are_unknown_are_passed_over(bed):
    bed.zone(XMPP, im_rule("alice@im.example").replace("+im", "+sip+im"))
    bed.delivers_to("alice@im.example")


def test_enum_10_the_obsolete_order_ranks_like_the_new_one(bed):
    bed.zone(XMPP, OLD, im_rule("new@im.example", order=10))
    bed.delivers_to("new@im.example")


def test_enum_11_flags_services_and_schemes_have_no_case(bed):
    bed.zone(SIP, 'Z NAPTR 1 1 "U" "e2u+Im" "!^.*$!im:Alice.B@IM.Example!" .')
    bed.u1.message()
    assert bed.arrival(bed.s1).uri.startswith("sip:Alice.B@")


@pytest.mark.parametrize("flag", ["s", "a", "p", "ux", "1"])
def test_enum_12_unknown_flags_are_passed_over_before_ordering(bed, flag):
    skipped(bed, 'Z NAPTR 1 1 "%s" "E2U+im" "" _im._sip.trap.example.' % flag)
    assert bed.dns.asked(below="trap.example") == []


def test_enum_34_private_services_are_passed_over(bed):
    bed.zone('Z NAPTR 1 1 "u" "E2U+X-im" "!^.*$!im:bad@im.example!" .')
    skipped(bed, 'Z NAPTR 2 1 "u" "E2U+P-im" "!^.*$!im:bad@im.example!" .')


# Order

def test_s_04_enum_12_13_16_17_the_best_usable_rule_wins(bed):
    bed.zone(XMPP, r'''
        Z NAPTR 100 20 "u"  "E2U+im"  "!^.*$!im:second@im.example!" .
        Z NAPTR 10  5  "s"  "E2U+im"  "" _im._sip.trap.example.
        Z NAPTR 50  10 "u"  "SIP+D2U" "!^.*$!im:trap@im.example!" .
        Z NAPTR 100 10 "u"  "E2U+im"  "!^.*$!im:first@im.example!" .''')
    bed.delivers_to("first@im.example")
    assert bed.dns.asked(below="trap.example") == []


def test_enum_13_rules_are_tried_by_order_then_preference(bed):
    bed.zone(SIP, im_rule("d@im.example", 65535, 1),
             im_rule("c@im.example", 100, 10), im_rule("b@im.example", 100, 9),
             im_rule("a@im.example", 50, 90))
    bed.s1.answer = 503
    bed.final(bed.u1.message(), 500)
    assert [m.uri[:5] for m in bed.s1.messages] == ["sip:a", "sip:b", "sip:c",
                                                    "sip:d"]


def test_enum_13_equal_rules_keep_the_order_of_the_answer(bed):
    bed.zone(SIP, *[im_rule(user + "@im.example") for user in "zxy"])
    bed.s1.answer = 503
    bed.final(bed.u1.message(), 500)
    assert [m.uri[4] for m in bed.s1.messages] == ["z", "x", "y"]


def test_enum_14_a_later_order_is_used_when_the_first_leads_nowhere(bed):
    bed.zone(XMPP, im_rule("lost@nowhere.example", 100),
             im_rule("found@im.example", 200))
    bed.delivers_to("found@im.example")


def test_enum_15_the_second_rule_rests_while_the_first_answers(bed):
    bed.zone(XMPP, ALICE, im_rule("bob@sip.example", order=200),
             "_im._sip.sip.example SRV 0 0 5060 s.sip.example\n"
             "s.sip.example A 127.0.9.21")
    bed.delivers_to("alice@im.example")
    bed.nothing_at(bed.s1)
    assert bed.dns.asked(below="sip.example") == []


@pytest.mark.parametrize("line", [
    'Z NAPTR 1 1 "u" "SIP+D2T" "!^.*$!im:bad@im.example!" .',
    'Z NAPTR 1 1 "u" "http+N2L" "!^.*$!im:bad@im.example!" .',
    'Z NAPTR 1 1 "u" "x-unknown" "" x.example.',
    r'Z NAPTR 1 1 "u" "E2U+im" "\200\255\001" .',
    'Z NAPTR 1 1 "u" "E2U+im" "' + "!" * 255 + '" .',
])
def test_enum_16_17_28_what_is_not_ours_never_ends_the_query(bed, line):
    skipped(bed, line)


# The rewrite rule

@pytest.mark.parametrize("delimiter", "!/#~,|")
def test_enum_18_any_delimiter_works(bed, delimiter):
    rule = "!^.*$!im:alice@im.example!".replace("!", delimiter)
    bed.zone(XMPP, 'Z NAPTR 1 1 "u" "E2U+im" "%s" .' % rule)
    bed.delivers_to("alice@im.example")


@pytest.mark.parametrize("rule", [
    "1^.*$1im:a@im.example1", "i^.*$ia@m.exampleii",
    "!^.*$!im:bad@im.example", "!^.*$!im:bad@im.example!!",
    "!^.*$!im:bad@im.example!g", "!", ""])
def test_enum_18_19_21_malformed_rules_are_passed_over(bed, rule):
    skipped(bed, 'Z NAPTR 1 1 "u" "E2U+im" "%s" .' % rule)


REWRITES = [
    (r"!^.*$!im:a\\!b@im.example!", "a!b"),                     # ENUM-20
    (r"!^.*$!im:alice@im.example!i", "alice"),                  # ENUM-21
    (r"/^\\+1(202)(555)(.*)$/im:n-\\1-\\2-\\3@im.example/i",
     "n-202-555-0100"),                                         # S-07
    (r"!^\\+1(202|301)([0-9]{7})$!im:\\1.\\2@im.example!", "202.5550100"),
    (r"!^(\\+1[[:digit:]]{3})(.*)$!im:n\\2@im.example!", "n5550100"),
    (r"!^\\+((1)(202))(.*)$!im:\\1-\\2-\\3-\\4@im.example!",
     "1202-1-202-5550100"),                                     # ENUM-23
    (r"!^\\+1202(x*)(.*)$!im:e\\1\\2@im.example!", "e5550100"),
    (r"!555!im:part@im.example!", "part"),                      # CONF-19
    (r"!0+|00$!im:left@im.example!", "left"),
]


@pytest.mark.parametrize("rule,user", REWRITES)
def test_s_07_enum_20_22_23_26_rules_rewrite_the_number(bed, rule, user):
    bed.zone(XMPP, 'Z NAPTR 1 1 "u" "E2U+im" "%s" .' % rule)
    bed.delivers_to(user + "@im.example")


@pytest.mark.parametrize("rule", [
    r"!^\\+1303(.*)$!im:bad@im.example!",           # does not match
    r"!^\\+1(\\d+)$!im:bad@im.example!",            # Perl's, not POSIX's
    r"!^\\+1\\(202\\)(.*)$!im:bad@im.example!",     # a literal bracket
    r"!^(.)(.*)$!im:\\5@im.example!",               # no fifth group
    r"!^(.*!im:bad@im.example!",
    r"!^[0-9!im:bad@im.example!",
    r"!^(.*)$!im:" + r"\\1" * 100 + "@im.example!",  # ENUM-24
])
def test_enum_22_23_24_26_rules_that_cannot_be_applied_are_passed_over(bed,
                                                                      rule):
    skipped(bed, 'Z NAPTR 1 1 "u" "E2U+im" "%s" .' % rule)


@pytest.mark.parametrize("result", [
    "alice@im.example", "im:", "im:a b@im.example", "im:a@im.example#f",
    "im:@im.example", "im:a@", "im:ali%00ce@im.example", r"im:a\007@im.example"
])
def test_enum_27_28_sip_41_a_result_that_is_no_im_uri_is_passed_over(bed,
                                                                     result):
    skipped(bed, 'Z NAPTR 1 1 "u" "E2U+im" "!^.*$!%s!" .' % result)


def test_enum_28_a_nul_octet_in_a_rule_does_no_harm(bed):
    skipped(bed, r'Z NAPTR 1 1 "u" "E2U+im" "!^.*$!im:bad\000@im.example!" .')


@pytest.mark.parametrize("pattern", [
    "^(((.*)*)*)*X$", "((((1{1,255}){1,255}){1,255}))", "(.{1,255}){1,255}x",
    "+" * 60, "(" * 120])
def test_sec_6_hostile_patterns_cost_no_time(bed, pattern):
    begun = time.monotonic()
    skipped(bed, r'Z NAPTR 1 1 "u" "E2U+im" "!%s!im:bad@im.example!" .'
            % pattern)
    assert time.monotonic() - begun < seconds(1.5)


@pytest.mark.parametrize("line", [
    'Z NAPTR 1 1 "u" "E2U+im" "!^.*$!im:bad@im.example!" x.example.',
    'Z NAPTR 1 1 "u" "E2U+im" "" x.example.',
    'Z NAPTR 1 1 "u" "E2U+im" "" .'])
def test_enum_33_terminal_rules_have_a_regexp_and_no_replacement(bed, line):
    skipped(bed, line)


# Non-terminal rules

def test_s_06_enum_29_30_31_a_loop_of_names_ends_and_the_next_rule_is_used(
        bed):
    bed.zone(XMPP, r'''
        Z NAPTR 10 10 ""  ""       "" a.nt.example.
        Z NAPTR 20 10 "u" "E2U+im" "!^.*$!im:last@im.example!" .
        a.nt.example. NAPTR 10 10 "" "junk" "" b.nt.example.
        b.nt.example. NAPTR 10 10 "" ""     "" a.nt.example.''')
    bed.delivers_to("last@im.example")
    assert [q.name for q in bed.dns.asked("NAPTR")] == [
        Z, "a.nt.example", "b.nt.example"]


def test_enum_25_29_a_referred_rule_is_applied_to_the_number(bed):
    bed.zone(XMPP, r'''
        Z NAPTR 1 1 "" "junk" "!ignored!x!" nt.example.
        nt.example. NAPTR 1 1 "u" "E2U+im" "!^\\+1202(.*)$!im:n\\1@im.example!" .
        ''')
    bed.delivers_to("n5550100@im.example")


@pytest.mark.parametrize("trouble", [
    "nt.example NXDOMAIN", "nt.example SERVFAIL",
    'nt.example NAPTR 1 1 "u" "E2U+sip" "!^.*$!sip:x@im.example!" .'])
def test_enum_31_trouble_in_a_referred_name_ends_that_branch_only(bed,
                                                                  trouble):
    bed.zone(trouble)
    skipped(bed, 'Z NAPTR 1 1 "" "" "" nt.example.')


def test_enum_32_orders_are_compared_inside_one_answer_only(bed):
    bed.zone(SIP, 'Z NAPTR 1 10 "" "" "" nt.example.',
             im_rule("parent@im.example", 1, 20),
             'nt.example NAPTR 5 1 "u" "E2U+im" "!^.*$!im:nested@im.example!" .')
    bed.s1.answer = 503
    bed.final(bed.u1.message(), 500)
    assert [m.uri.split("@")[0] for m in bed.s1.messages] == ["sip:nested",
                                                              "sip:parent"]


# The DNS itself

def test_enum_35_a_large_answer_comes_over_tcp(bed):
    bed.zone(XMPP, *['Z NAPTR %d 1 "u" "E2U+sip" "!^.*$!sip:u%d@im.example!" .'
                     % (order, order) for order in range(1, 60)], GOOD)
    bed.delivers_to("good@im.example")
    questions = bed.dns.asked("NAPTR")
    assert [q.transport for q in questions] == ["udp", "tcp"]
    assert questions[0].size


def test_enum_35_truncation_alone_leads_to_tcp(bed):
    bed.zone(XMPP, ALICE, "Z TRUNCATE")
    bed.delivers_to("alice@im.example")


def test_enum_35_a_server_without_edns_is_asked_without(bed):
    bed.zone(XMPP, ALICE, "Z NO-EDNS")
    bed.delivers_to("alice@im.example")


def test_enum_35_unknown_record_types_in_the_answer_are_ignored(bed):
    bed.zone(XMPP, "Z TYPE65534 c0ffee\nZ RRSIG 0023080200000e10", ALICE)
    bed.delivers_to("alice@im.example")


def test_enum_36_an_answer_is_kept_for_its_ttl_and_no_longer(bed):
    number = "Z(+12025550136)"
    uri = "tel:+12025550136"
    bed.zone(XMPP, number + ' 1 NAPTR 1 1 "u" "E2U+im" "!^.*$!im:a@im.example!" .')
    for _ in range(2):
        bed.final(bed.u1.message(uri), 202)
    assert len(bed.dns.asked("NAPTR")) == 1
    time.sleep(1.2)
    bed.final(bed.u1.message(uri), 202)
    assert len(bed.dns.asked("NAPTR")) == 2


def test_enum_36_an_answer_with_ttl_0_is_used_once(bed):
    bed.zone(XMPP, ALICE)
    for _ in range(2):
        bed.final(bed.u1.message(), 202)
    assert len(bed.dns.asked("NAPTR")) == 2


def test_enum_37_an_alias_is_followed(bed):
    bed.zone(XMPP, "Z CNAME port.example.\n"
             'port.example NAPTR 1 1 "u" "E2U+im" "!^.*$!im:alice@im.example!" .')
    bed.delivers_to("alice@im.example")


def test_enum_37_a_loop_of_aliases_is_a_failure_of_the_dns(bed):
    bed.zone(XMPP, "Z CNAME a.example.\na.example CNAME " + Z + ".")
    bed.refuses(500, 480)


@config(FALLBACK)
@pytest.mark.parametrize("trouble,limit", [("SERVFAIL", 3), ("REFUSED", 3),
                                           ("SILENT", 12)])
def test_s_10_enum_38_tel_16_a_dns_failure_is_not_not_found(bed, trouble,
                                                            limit):
    bed.zone(XMPP, "Z " + trouble)
    answer = bed.refuses(500, 480, within=limit)
    assert int(answer.get("retry-after").split()[0]) > 0


@pytest.mark.parametrize("nothing", ["NXDOMAIN", "NODATA"])
def test_enum_38_a_number_without_rules_is_not_found(bed, nothing):
    bed.zone(XMPP, "Z " + nothing)
    bed.refuses(404)


def test_enum_38_a_number_without_im_is_not_found(bed):
    bed.zone(XMPP, 'Z NAPTR 1 1 "u" "E2U+sip" "!^.*$!sip:x@im.example!" .')
    bed.refuses(404)


def test_sec_10_an_answer_that_points_at_itself_is_a_failure(bed):
    bed.zone(XMPP, "Z POINTER-LOOP")
    bed.refuses(500, 480, within=12)


REQUIRE = {"dns.dnssec": "require"}


@config(REQUIRE)
def test_enum_39_with_require_an_unsigned_answer_is_not_used(bed):
    bed.zone(XMPP, ALICE)
    answer = bed.refuses(500)
    assert answer.get("retry-after")


@config(REQUIRE)
def test_enum_39_with_require_a_validated_answer_is_used(bed):
    bed.zone(XMPP, ALICE, "Z SECURE\n*.im.example SECURE")
    bed.delivers_to("alice@im.example")
    assert all(q.wants_ad or q.do for q in bed.dns.asked("NAPTR"))


def test_sec_2_a_refusal_does_not_tell_what_the_dns_said(bed):
    bed.zone(im_rule("secret@nowhere.example"))
    answer = bed.refuses(404, 480)
    assert b"nowhere.example" not in answer.raw
    assert b"secret" not in answer.raw


def test_sec_12_a_number_that_leads_back_to_us_is_not_followed(bed):
    bed.zone(XMPP, im_rule("+12025550101@gw.example.net"))
    bed.refuses(404, 480, 482)


OVERLAY = {"routing.numbers": [
    {"match": "+1202", "to": "im:desk@im.example"},
    {"match": "+12025550100", "to": "im:exact@im.example"}]}


@config(OVERLAY)
def test_the_overlay_comes_before_enum_and_its_longest_prefix_wins(bed):
    bed.zone(XMPP, ALICE)
    bed.delivers_to("exact@im.example")
    assert bed.dns.asked("NAPTR") == []


@config(OVERLAY)
def test_the_overlay_takes_a_whole_range(bed):
    bed.zone(XMPP)
    bed.delivers_to("desk@im.example", uri="tel:+12025550177")


def test_conf_2_enum_10_the_order_of_rfc_2916_ranks_like_the_new_one(bed):
    bed.zone(XMPP, r"""
Z  NAPTR 100 20 "u" "E2U+im" "!^.*$!im:new@im.example!" .
Z  NAPTR 100 10 "u" "im+E2U" "!^.*$!im:old@im.example!" .
""")
    bed.delivers_to("old@im.example")


def test_conf_19_the_replacement_is_the_whole_result(bed):
    bed.zone(XMPP, r"""
Z  NAPTR 100 10 "u" "E2U+im" "!555(0)!im:a\\1@im.example!" .
""")
    bed.delivers_to("a0@im.example")
