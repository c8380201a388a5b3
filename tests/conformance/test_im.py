"""From the im: URI to places: RFC 3860, 3861, 5509, 2782, 3263."""
import collections
import hashlib

import pytest

from bed import ALICE, FALLBACK, SIP, XMPP, config, im_rule
from sip_end import Answer
from waiting import until

BOTH = SIP + "_im._xmpp.im.example. SRV 0 0 5269 x.im.example.\n"


# The URI

@pytest.mark.parametrize("target,jid", [
    ("alice%2Bx@im.example?subject=Hi", "alice+x@im.example"),     # IM-1
    ("ALICE@IM.Example", "alice@im.example"),                      # XMPP-9
    ("a%40b@im.example", r"a\40b@im.example"),                     # MAP-2
    ("c%3A%5C5commas@im.example", r"c\3a\5c5commas@im.example"),
    ("foo%5Cbar@im.example", r"foo\bar@im.example"),
    ("o'malley@im.example", r"o\27malley@im.example"),             # MAP-1
    ("f%C3%BC@im.example", "f\u00fc@im.example"),
    ("a%20b@im.example", r"a\20b@im.example"),
])
def test_im_1_map_1_2_xmpp_9_the_uri_becomes_a_jid(bed, target, jid):
    bed.zone(XMPP, im_rule(target))
    stanza = bed.delivers_to(jid)
    assert stanza.text("subject") is None


@pytest.mark.parametrize("target", [
    "a@localhost", "a@[127.0.9.21]", "a@127.0.9.21", "a@im..example", "a@-.x"])
def test_im_2_the_domain_is_a_full_name(bed, target):
    bed.zone(XMPP, im_rule(target, 1), im_rule("good@im.example", 2))
    bed.delivers_to("good@im.example")
    bed.nothing_at(bed.s1)


def test_im_25_an_im_uri_of_a_trusted_peer_needs_no_enum(bed):
    bed.zone(XMPP)
    bed.delivers_to("alice@im.example", uri="im:alice@im.example",
                    to="<im:alice@im.example>")
    assert bed.dns.asked("NAPTR") == []


# Which protocol

def test_im_3_4_sip_is_asked_for_first(bed):
    bed.zone(BOTH, ALICE)
    bed.final(bed.u1.message(), 200)
    bed.nothing_at(bed.x1)
    names = {q.name for q in bed.dns.asked("SRV")}
    assert "_im._sip.im.example" in names
    assert not any(name.startswith("_im._tcp") for name in names)


@config({"routing.prefer": ["xmpp", "sip"]})
def test_im_4_the_order_of_protocols_is_configuration(bed):
    bed.zone(BOTH, ALICE)
    bed.delivers_to("alice@im.example")
    bed.nothing_at(bed.s1)


@config({"routing.prefer": ["xmpp", "sip"]})
def test_im_4_the_next_protocol_is_used_when_the_first_is_not_offered(bed):
    bed.zone(SIP, ALICE)
    bed.final(bed.u1.message(), 200)
    bed.nothing_at(bed.x1)


def test_s_13_im_10_a_service_that_is_absent_on_purpose_has_no_address(bed):
    bed.zone(ALICE, "_im._sip.im.example SRV 0 0 0 .\n"
             "_im._xmpp.im.example SRV 0 0 5269 x.im.example\n"
             "im.example A 127.0.9.21")
    bed.delivers_to("alice@im.example")
    bed.nothing_at(bed.s1)


def test_s_13_im_10_absent_on_purpose_and_nothing_else_is_not_found(bed):
    bed.zone(ALICE, "_im._sip.im.example SRV 0 0 0 .\n"
             "im.example A 127.0.9.21")
    bed.refuses(404)


def test_im_6_a_domain_with_an_address_only_is_asked_by_sip(bed):
    bed.zone(ALICE, "im.example A 127.0.9.21")
    sent = bed.u1.message()
    assert bed.arrival(bed.s1).uri == "sip:alice@im.example"
    bed.final(sent, 200)


def test_im_6_conf_4_a_failing_question_is_not_a_negative_answer(bed):
    bed.zone(ALICE, "_im._sip.im.example SERVFAIL\nim.example A 127.0.9.21")
    bed.refuses(500, 480)


def test_im_7_an_alias_in_place_of_the_service_is_followed(bed):
    bed.zone(ALICE, "_im._sip.im.example CNAME _im._sip.host.example.\n"
             "_im._sip.host.example SRV 0 0 5060 s.host.example\n"
             "s.host.example A 127.0.9.21")
    bed.final(bed.u1.message(), 200)
    bed.arrival(bed.s1)


def test_im_18_conf_3_an_xmpp_server_alone_is_enough(bed):
    bed.zone(ALICE, "_xmpp-server._tcp.im.example SRV 0 0 5269 x.im.example")
    bed.delivers_to("alice@im.example")


@pytest.mark.parametrize("zone", [
    "_xmpps-server._tcp.im.example SRV 0 0 5270 x.im.example",
    "_xmpps-server._tcp.im.example SRV 0 0 0 .\n"
    "_xmpp-server._tcp.im.example SRV 0 0 5269 x.im.example"])
def test_im_17_the_record_of_direct_tls_is_a_sign_of_xmpp_too(bed, zone):
    bed.zone(ALICE, zone)
    bed.delivers_to("alice@im.example")


def test_im_21_a_domain_with_nothing_is_not_found(bed):
    bed.zone(ALICE)
    bed.refuses(404)


# Which host

S12 = ALICE + """
_im._sip.im.example.  SRV 10 0 5060 dead.im.example.
_im._sip.im.example.  SRV 20 0 5060 live.im.example.
dead.im.example.      A 127.0.9.29
live.im.example.      A 127.0.9.22
im.example.           A 127.0.9.21
"""


def test_s_12_im_5_8_a_closed_port_leads_to_the_next_target(bed):
    bed.zone(S12)
    bed.s2.answer = Answer(200, tag="s2")
    sent = bed.u1.message()
    got = bed.arrival(bed.s2)
    assert got.uri == "sip:alice@live.im.example"
    assert got.when - sent.when <= 6
    assert bed.final(sent, 200).tag("to") == "s2"
    bed.nothing_at(bed.s1)


def test_s_12_im_15_sip_31_32_503_leads_to_the_next_target(bed):
    bed.zone(S12)
    first = bed.sip_end("127.0.9.29")
    first.answer = 503
    bed.final(bed.u1.message(), 200)
    assert bed.arrival(first).branch != bed.arrival(bed.s2).branch


@pytest.mark.parametrize("code", [486, 404, 480, 600, 500])
def test_s_12_im_15_any_other_final_is_final(bed, code):
    bed.zone(S12)
    first = bed.sip_end("127.0.9.29")
    first.answer = code
    bed.final(bed.u1.message(), code)
    bed.nothing_at(bed.s1, bed.s2)


def test_im_8_conf_15_a_silent_target_is_left_in_time(bed):
    bed.zone(S12)
    bed.sip_end("127.0.9.29").answer = None
    sent = bed.u1.message()
    bed.final(sent, 200, within=8)
    assert bed.arrival(bed.s2).when - sent.when <= 6


def test_im_8_every_address_of_a_host_is_tried(bed):
    bed.zone(ALICE, "_im._sip.im.example SRV 0 0 5060 two.im.example\n"
             "two.im.example A 127.0.9.29\ntwo.im.example A 127.0.9.22")
    bed.final(bed.u1.message(), 200, within=8)
    bed.arrival(bed.s2)


def test_im_9_a_worse_priority_gets_nothing_while_the_best_answers(bed):
    bed.zone(ALICE, "_im._sip.im.example SRV 20 100 5060 two.im.example\n"
             "_im._sip.im.example SRV 10 0 5060 one.im.example\n"
             "one.im.example A 127.0.9.21\ntwo.im.example A 127.0.9.22")
    for _ in range(10):
        bed.final(bed.u1.message(), 200)
    bed.arrival(bed.s1, 10)
    bed.nothing_at(bed.s2)


def shares(bed, first, second, count):
    """How many of so many messages go to hosts of these two weights."""
    bed.zone(ALICE, "_im._sip.im.example SRV 1 %d 5060 one.im.example\n"
             "_im._sip.im.example SRV 1 %d 5060 two.im.example\n"
             "one.im.example A 127.0.9.21\ntwo.im.example A 127.0.9.22"
             % (first, second))
    for _ in range(count // 20):  # not all at once: nobody sends again here
        sent = [bed.u1.message() for _ in range(20)]
        assert until(lambda: all(one.codes == [200] for one in sent), 20)
    return collections.Counter(
        {"one": len(bed.s1.messages), "two": len(bed.s2.messages)})


def test_im_9_hosts_are_chosen_by_weight(bed):
    # 3:1 of 600 is 450, standard deviation 11: the limits are over three
    assert 414 <= shares(bed, 30, 10, 600)["one"] <= 486


def test_im_9_weight_0_beside_100_is_hardly_ever_chosen(bed):
    assert shares(bed, 0, 100, 100)["one"] <= 8


def test_im_11_12_port_and_name_come_from_the_service_record(bed):
    server = bed.sip_end("127.0.9.25", 5070)
    bed.zone(ALICE, "_im._sip.im.example SRV 0 0 5070 simple.im.example\n"
             "simple.im.example A 127.0.9.25")
    bed.final(bed.u1.message(), 200)
    assert bed.arrival(server).uri == "sip:alice@simple.im.example:5070"


@config({"routing.ruri_host": "domain"})
def test_im_12_conf_5_the_request_uri_may_keep_the_domain(bed):
    bed.zone(SIP, ALICE)
    bed.final(bed.u1.message(), 200)
    assert bed.arrival(bed.s1).uri == "sip:alice@im.example"


@config({"routing.private_targets": "refuse"})
def test_sec_9_private_targets_may_be_refused(bed):
    bed.zone(SIP, ALICE)
    bed.final(bed.u1.message(), 403, 404, 480, 500, 504)
    bed.nothing_at(bed.s1)


# The next hop of RFC 3263, seen at the fallback

NAMED = {"routing.fallback": "sip:fb.example"}


@config(NAMED)
def test_im_13_a_name_is_resolved_by_service_records(bed):
    bed.zone("_sip._udp.fb.example SRV 0 0 5080 s.fb.example\n"
             "s.fb.example A 127.0.9.25")
    server = bed.sip_end("127.0.9.25", 5080)
    bed.final(bed.u1.message(), 200)
    assert bed.arrival(server).transport == "udp"
    asked = [(q.name, q.type) for q in bed.dns.asked(below="fb.example")]
    assert asked[0] == ("fb.example", "NAPTR")


@config(NAMED)
def test_im_13_a_name_with_an_address_only_is_asked_by_udp(bed):
    bed.zone("fb.example A 127.0.9.21")
    bed.final(bed.u1.message(), 200)
    assert bed.arrival(bed.s1).transport == "udp"


@config(NAMED)
def test_im_14_transports_that_we_lack_are_dropped(bed):
    bed.zone('''
        fb.example NAPTR 10 10 "s" "SIP+D2S" "" _sip._sctp.fb.example.
        fb.example NAPTR 20 10 "s" "SIP+D2T" "" _sip._tcp.fb.example.
        _sip._tcp.fb.example SRV 0 0 5060 s.fb.example.
        s.fb.example A 127.0.9.21''')
    bed.final(bed.u1.message(), 200)
    assert bed.arrival(bed.s1).transport == "tcp"


@config({"routing.fallback": "sip:fb.example;transport=tcp"})
def test_im_13_a_transport_that_is_written_is_used(bed):
    bed.zone("fb.example A 127.0.9.21")
    bed.final(bed.u1.message(), 200)
    assert bed.arrival(bed.s1).transport == "tcp"


# What arrives

@pytest.mark.parametrize("content_type,body", [
    ("image/png", b"\x89PNG\r\n\x1a\n\0\1\xff"),
    ("multipart/signed;boundary=b", b"--b\r\n\r\nx\n\r--b--\0"),
    ("message/cpim", b"From: <im:a@b>\r\n\r\n\r\nhi"),
    ("text/plain", b"")])
def test_s_16_im_20_a_sip_target_gets_the_body_octet_for_octet(
        bed, content_type, body):
    bed.zone(SIP, ALICE)
    bed.final(bed.u1.message(content_type=content_type, body=body), 200)
    got = bed.arrival(bed.s1)
    assert got.get("content-type") == content_type
    assert hashlib.sha256(got.body).digest() == hashlib.sha256(body).digest()


CPIM = ("From: <im:bob@a.example>\r\nTo: <im:alice@im.example>\r\n%s\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\nInside").encode()


def test_im_23_a_cpim_body_is_unwrapped_for_xmpp(bed):
    bed.zone(XMPP, ALICE)
    stanza = bed.delivers_to("alice@im.example", content_type="message/cpim",
                             body=CPIM % b"Subject: Hi\r\n")
    assert stanza.text("body") == "Inside"


def test_im_24_a_cpim_header_that_must_be_known_is_refused(bed):
    bed.zone(XMPP, ALICE)
    bed.refuses(415, 488, 400, content_type="message/cpim",
                body=CPIM % b"Require: MyExt.X\r\n")


def test_im_24_the_same_passes_to_a_sip_target(bed):
    bed.zone(SIP, ALICE)
    bed.final(bed.u1.message(content_type="message/cpim",
                             body=CPIM % b"Require: MyExt.X\r\n"), 200)
    bed.arrival(bed.s1)


def test_im_22_sip_8_hops_are_counted_down_and_0_is_the_end(bed):
    bed.zone(SIP, ALICE)
    bed.final(bed.u1.message(max_forwards="1"), 200)
    assert bed.arrival(bed.s1).get("max-forwards") == "0"
    bed.final(bed.u1.message(max_forwards="0"), 483)
    bed.arrival(bed.s1)             # still the one


@config(FALLBACK)
@pytest.mark.parametrize("size,transport", [(5, "udp"), (2000, "tcp")])
def test_conf_24_a_port_means_udp_unless_it_does_not_fit(bed, size, transport):
    bed.final(bed.u1.message(body=b"x" * size), 200)
    assert bed.arrival(bed.s1).transport == transport
