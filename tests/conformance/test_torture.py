"""The torture tests of RFC 4475, each turned into a MESSAGE in our own words;
the name of a case begins with the RFC's section. After each the bed sends a
good message, which must be delivered. Here those about the parser (3.1), the
others are in test_torture_application.py."""
import time

import pytest

from addresses import GATEWAY
from sip_end import Sent
from sip_message import request, response, unique
from torture import (NOT_ANSWERED_SECONDS, may_refuse, refuses, sends,
                     start_line)
from waiting import until

FROM = "<tel:+12025550199>;tag=f1"


# 3.1.1 valid messages

def test_sip_40_rfc4475_3_1_1_1_odd_spacing_and_folding(to_xmpp):
    raw = ("MESSAGE tel:+12025550100;Unknown-Param=With%%20space SIP/2.0\r\n"
           "TO :\r\n <tel:+12025550100> ;   tag-less\r\n"
           'from   : "J Rosenberg \\\\\\""   <tel:+12025550199>\r\n'
           "  ;\r\n  tag = 98asjd8\r\n"
           "MaX-fOrWaRdS: 0068\r\n"
           "Call-ID:\r\n\t%s\r\n"
           "cseq: 0009\r\n  MESSAGE\r\n"
           "V: SIP  / 2.0  /UDP\r\n  127.0.9.11:5060 ;\r\n"
           "  branch  =   z9hG4bK-%s,\r\n"
           " SIP  /    2.0   / TCP   a.example ; branch  =  z9hG4bKt\r\n"
           " , SIP / 2.0 / UDP b.example;branch=z9hG4bKu\r\n"
           "s :\r\n"
           "NewFangledHeader:   newfangled value\r\n"
           " continued newfangled value\r\n"
           "UnknownHeaderWithUnusualValue: ;;,,;;,;\r\n"
           "Content-TYPE  : text/plain\r\n"
           "l: 0005\r\n"
           "\r\nHello") % (unique(), unique())
    to_xmpp.u1.udp.sendto(raw.encode(), GATEWAY)
    assert to_xmpp.stanza().text("body") == "Hello"
    assert until(lambda: to_xmpp.u1.responses)
    answer = to_xmpp.u1.responses[0]
    assert (answer.code, len(answer.vias), answer.cseq) == (202, 3, 9)


ODD = "-.!%*_+`'~"


def test_sip_40_rfc4475_3_1_1_2_every_character_a_token_may_have(to_xmpp):
    raw = request(sender="%s <tel:+12025550199>;tag=%s;%s=%s" % (
        (ODD.replace("%", ""),) + (ODD,) * 3), call_id=ODD + "%s@[{x}]<>?\""
        % unique(), extra=["%s: %s" % (ODD, "\u20ac \u0394")])
    sends(to_xmpp, raw, 202)
    to_xmpp.stanza()


def test_sip_40_rfc4475_3_1_1_2_an_odd_method_is_unknown(to_xmpp):
    refuses(to_xmpp, request(method="!interesting-Method0123_*.%indeed'~"),
            501)
    refuses(to_xmpp, request(method="A+`"), 501)
    refuses(to_xmpp, request(method=ODD), 501)


def test_sip_40_rfc4475_3_1_1_3_escapes_are_undone_once(to_xmpp):
    raw = request("sip:%2B12025550100@gw.example.net;user=phone",
                  sender="<sip:I%20have%20spaces@example.net>;tag=938")
    sends(to_xmpp, raw, 202)
    sender = to_xmpp.stanza().get("from")
    assert "%" not in sender.partition("@")[0]


def test_sip_40_rfc4475_3_1_1_3_an_escaped_at_is_part_of_the_user(to_xmpp):
    uri = "sip:sips%3A+12025550100%40gw.example.net@elsewhere.example"
    refuses(to_xmpp, request(uri), 403, 404)


def test_sip_40_sip_41_rfc4475_3_1_1_4_an_escaped_nul_cuts_nothing(to_xmpp):
    raw = request("sip:+12025550100%00@gw.example.net;user=phone")
    refuses(to_xmpp, raw, 400, 404)
    to_xmpp.no_question()


def test_sip_40_sip_41_rfc4475_3_1_1_4_a_nul_makes_nobody_else(to_xmpp):
    raw = request(sender="<sip:alice%00bob@a.example>;tag=1")
    if sends(to_xmpp, raw, 202, 400).code == 202:
        assert "alice" not in to_xmpp.stanza().get("from")


def test_sip_40_rfc4475_3_1_1_5_a_method_is_never_unescaped(to_xmpp):
    refuses(to_xmpp, request(method="MESSAG%45"), 501)


def test_sip_40_rfc4475_3_1_1_6_no_space_before_the_bracket(to_xmpp):
    sends(to_xmpp, request(sender="caller<tel:+12025550199>;tag=323"), 202)
    assert to_xmpp.stanza().get("from").startswith("+12025550199@")


def test_sip_40_rfc4475_3_1_1_7_long_values(to_sip):
    long = "a" * 500
    raw = request(
        "tel:+12025550100;%s=%s" % (long, long), call_id=unique() + long,
        sender='"%s" <tel:+12025550199>;tag=%s' % (long, long),
        to="\"%s\" <tel:+12025550100>;%s" % (long, long),
        extra=["X-%s: %s" % (long, long)] + [
            "Via: SIP/2.0/TCP sip%d.a.example;branch=z9hG4bK%d" % (n, n)
            for n in range(33)])
    answer = sends(to_sip, raw, 200)
    assert len(answer.vias) == 34
    assert to_sip.arrival(to_sip.s1).get("x-" + long) == long


def test_sip_40_rfc4475_3_1_1_8_a_second_request_in_the_datagram(to_xmpp):
    first, second = request(body="one"), request(body="two")
    sent = to_xmpp.u1.send(first + second)
    assert to_xmpp.stanza().text("body") == "one"
    to_xmpp.final(Sent(to_xmpp.u1, first), 202)
    assert len(to_xmpp.u1.responses) == 1, sent


def test_sip_40_rfc4475_3_1_1_9_parameters_inside_the_user_part(to_xmpp):
    uri = "sip:+12025550100;par=u%40example.net@gw.example.net;user=phone"
    sends(to_xmpp, request(uri), 202)
    to_xmpp.stanza()
    assert len(to_xmpp.dns.asked("NAPTR")) == 1


def test_sip_40_rfc4475_3_1_1_10_unknown_transports_further_down(to_xmpp):
    below = ["SIP/2.0/%s a%d.example;branch=z9hG4bK%d" % (word, n, n)
             for n, word in enumerate(("SCTP", "TLS", "UNKNOWN", "TCP"))]
    answer = sends(to_xmpp, request(extra=["Via: " + via for via in below]),
                   202)
    assert answer.vias[1:] == below


SIGNED = (b"--7a9cbec02ceef655\r\nContent-Type: text/plain\r\n"
          b"Content-Transfer-Encoding: binary\r\n\r\nHello\r\n"
          b"--7a9cbec02ceef655\r\n"
          b"Content-Type: application/octet-stream\r\n"
          b"Content-Transfer-Encoding: binary\r\n\r\n"
          b"\x30\x82\0\0\x01\xff\r\n\0\r\n--7a9cbec02ceef655--\r\n")
SIGNED_TYPE = ("multipart/signed; boundary=7a9cbec02ceef655; "
               'protocol="application/x-unknown"; micalg=sha1')


def test_sip_40_im_20_rfc4475_3_1_1_11_binary_parts_pass_untouched(to_sip):
    sends(to_sip, request(content_type=SIGNED_TYPE, body=SIGNED), 200)
    got = to_sip.arrival(to_sip.s1)
    assert (got.body, got.get("content-type")) == (SIGNED, SIGNED_TYPE)


def test_sip_40_rfc4475_3_1_1_11_binary_parts_on_the_way_to_xmpp(to_xmpp):
    raw = request(content_type=SIGNED_TYPE, body=SIGNED)
    if sends(to_xmpp, raw, 202, 415).code == 202:
        assert to_xmpp.stanza().text("body").strip() == "Hello"


@pytest.mark.parametrize("reason", [
    "= 2**3 * 5**2 \u043d\u043e \u0441\u0442\u043e "
    "\u0434\u0435\u0432\u044f\u043d\u043e\u0441\u0442\u043e", ""],
    ids=["3_1_1_12_unusual", "3_1_1_13_none"])
def test_sip_40_rfc4475_3_1_1_12_3_1_1_13_a_reason_may_be_anything(
        to_sip, reason):
    to_sip.s1.answer = None
    sent = to_sip.u1.message()
    got = to_sip.arrival(to_sip.s1)
    got.reply(response(got, 200, reason))
    assert to_sip.final(sent, 200).start == "SIP/2.0 200 " + reason


# 3.1.2 invalid messages

@pytest.mark.parametrize("change", [
    {"via": "SIP/2.0/UDP 127.0.9.11:5060;;,;,,"},
    {"to": '"" <tel:+12025550100>;;,;'},
    {"sender": FROM + ";;,"}])
def test_sip_40_rfc4475_3_1_2_1_separators_with_nothing_between(to_xmpp,
                                                                change):
    may_refuse(to_xmpp, request(**change))


def test_sip_40_sip_29_rfc4475_3_1_2_2_a_length_above_the_body(to_xmpp):
    refuses(to_xmpp, request(length=9999), 400)


@pytest.mark.parametrize("length", [-999, 99999999999999999999])
def test_sip_40_rfc4475_3_1_2_3_a_length_that_is_none(to_xmpp, length):
    refuses(to_xmpp, request(length=length), 400)


@pytest.mark.parametrize("change", [
    {"cseq": 36893488147419103232}, {"cseq": 4294967296},
    {"max_forwards": "36893488147419103232"}])
def test_sip_40_rfc4475_3_1_2_4_numbers_above_their_limit(to_xmpp, change):
    refuses(to_xmpp, request(**change), 400)


def test_sip_40_rfc4475_3_1_2_4_max_forwards_never_grows(to_sip):
    if sends(to_sip, request(max_forwards="300"), 200, 400).code == 200:
        assert int(to_sip.arrival(to_sip.s1).get("max-forwards")) <= 255


def test_sip_40_sip_22_rfc4475_3_1_2_4_an_endless_expires(to_xmpp):
    sends(to_xmpp, request(extra=["Expires: 10" + "0" * 80]), 202)


def test_sip_40_rfc4475_3_1_2_5_a_response_with_numbers_too_large(to_sip):
    to_sip.s1.answer = None
    sent = to_sip.u1.message()
    got = to_sip.arrival(to_sip.s1)
    good = response(got, 503, headers=[
        "Retry-After: 949302838503028349304023988",
        "Warning: 1812 overture \"In Progress\""])
    got.reply(good.replace(b"CSeq: 1 ", b"CSeq: 9292394834772304023312 "))
    time.sleep(NOT_ANSWERED_SECONDS)
    assert sent.codes == []
    got.reply(response(got, 200))
    to_sip.final(sent, 200)


def test_sip_40_rfc4475_3_1_2_6_a_quote_that_never_ends(to_xmpp):
    refuses(to_xmpp, request(to='"Mr. J. User <tel:+12025550100>'), 400)
    refuses(to_xmpp, request(sender='"Mr. J. User ' + FROM), 400)


def test_sip_40_rfc4475_3_1_2_7_brackets_around_the_request_uri(to_xmpp):
    refuses(to_xmpp, request("<tel:+12025550100>"), 400)


@pytest.mark.parametrize("uri", [
    "tel:+12025550100; ext=1", "tel:+1 202 555 0100", "tel:+12025550100\t",
    "sip:+12025550100@gw.example.net; lr", "", " "])
def test_sip_40_rfc4475_3_1_2_8_spaces_inside_the_request_uri(to_xmpp, uri):
    refuses(to_xmpp, request(uri), 400)


def test_sip_40_rfc4475_3_1_2_9_several_spaces_in_the_first_line(to_xmpp):
    for line in (b"MESSAGE  tel:+12025550100  SIP/2.0",
                 b"MESSAGE  tel:+12025550100 SIP/2.0",
                 b"MESSAGE tel:+12025550100  SIP/2.0"):
        refuses(to_xmpp, start_line(request(), line), 400)


def test_sip_40_rfc4475_3_1_2_10_spaces_after_the_first_line(to_xmpp):
    line = b"MESSAGE tel:+12025550100 SIP/2.0  "
    sends(to_xmpp, start_line(request(), line), 400, 202)


def test_sip_40_sip_47_rfc4475_3_1_2_11_headers_in_the_request_uri(to_xmpp):
    raw = request("sip:+12025550100@gw.example.net"
                  "?Route=%3Csip:127.0.9.21;lr%3E&Subject=x")
    if sends(to_xmpp, raw, 400, 202).code == 202:
        assert to_xmpp.stanza().text("subject") is None
    to_xmpp.nothing_at(to_xmpp.s1)


def test_sip_40_rfc4475_3_1_2_12_a_date_of_another_time_zone(to_xmpp):
    raw = request(extra=["Date: Fri, 01 Jan 2010 16:00:00 EST"])
    sends(to_xmpp, raw, 400, 202)


def test_sip_40_rfc4475_3_1_2_13_a_uri_that_needs_brackets(to_xmpp):
    raw = request(to="sip:+12025550100@gw.example.net?Route=%3Csip:a@b%3E")
    sends(to_xmpp, raw, 400, 202)
    to_xmpp.nothing_at(to_xmpp.s1)


def test_sip_40_rfc4475_3_1_2_14_spaces_inside_the_brackets(to_xmpp):
    sends(to_xmpp, request(to='"Watson, Thomas" < tel:+12025550100 >'), 400,
          202)


def test_sip_40_rfc4475_3_1_2_15_a_comma_in_a_name_without_quotes(to_xmpp):
    sends(to_xmpp, request(sender="Bell, Alexander " + FROM), 400)


@pytest.mark.parametrize("version", [b"SIP/7.0", b"SIP/3.0", b"SIP/2.1"])
def test_sip_40_rfc4475_3_1_2_16_another_version_of_sip(to_xmpp, version):
    raw = start_line(request(), b"MESSAGE tel:+12025550100 " + version)
    refuses(to_xmpp, raw, 505)


def test_sip_40_rfc4475_3_1_2_17_cseq_names_another_method(to_xmpp):
    refuses(to_xmpp, request().replace(b"1 MESSAGE", b"1 INVITE"), 400)


def test_sip_40_rfc4475_3_1_2_18_an_unknown_method_and_another_cseq(to_xmpp):
    raw = request(method="NEWMETHOD").replace(b"1 NEWM", b"1 M")
    refuses(to_xmpp, raw, 400, 501)


def test_sip_40_rfc4475_3_1_2_19_a_code_that_is_none(to_sip):
    to_sip.s1.answer = None
    sent = to_sip.u1.message()
    got = to_sip.arrival(to_sip.s1)
    got.reply(response(got, 4294967301))
    time.sleep(NOT_ANSWERED_SECONDS)
    assert sent.codes == []
    got.reply(response(got, 200))
    to_sip.final(sent, 200)
