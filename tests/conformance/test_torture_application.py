"""RFC 4475 as in test_torture.py: transactions (3.2), the application (3.3) and
peers of RFC 2543 (3.4). What it says about REGISTER and INVITE alone (3.3.12
to 3.3.14) has no counterpart here."""
import pytest

from addresses import GATEWAY
from sip_message import request, response
from torture import may_refuse, refuses, sends
from waiting import until


# 3.2 transactions

def test_sip_40_rfc4475_3_2_1_a_branch_of_the_cookie_alone(to_xmpp):
    raws = [request(branch="z9hG4bK", cseq=n) for n in (1, 2)]
    for raw in raws:
        sends(to_xmpp, raw, 202)
    assert until(lambda: len(to_xmpp.x1.seen()) == 2)


# 3.3 the application

@pytest.mark.parametrize("name", ["Call-ID", "From", "To", "CSeq"])
def test_sip_40_rfc4475_3_3_1_what_each_request_needs(to_xmpp, name):
    may_refuse(to_xmpp, request(without=[name]))


def test_sip_40_sip_25_rfc4475_3_3_2_an_unknown_scheme(to_xmpp):
    refuses(to_xmpp, request("nobodyKnowsThisScheme:totallyopaquecontent"),
            416)


def test_sip_40_sip_25_rfc4475_3_3_3_a_scheme_for_others(to_xmpp):
    refuses(to_xmpp, request("soap.beep://192.0.2.103:3002"), 416)


def test_sip_40_sip_25_rfc4475_3_3_4_unknown_schemes_in_headers(to_xmpp):
    sends(to_xmpp, request(to="<isbn:2983792873>"), 202)
    to_xmpp.stanza()


def test_sip_40_rfc4475_3_3_4_a_sender_of_an_unknown_scheme(to_xmpp):
    raw = request(sender="<http://www.example.com>;tag=3234233")
    if sends(to_xmpp, raw, 202, 400, 403).code == 202:
        assert to_xmpp.stanza().get("from").endswith("@gw.example.net")


def test_sip_40_sip_13_rfc4475_3_3_5_unknown_extensions(to_xmpp):
    raw = request(extra=["Require: nothingSupportsThis, norThis",
                         "Proxy-Require: noProxiesSupportThis"])
    named = ",".join(refuses(to_xmpp, raw, 420).all("unsupported"))
    assert "noProxiesSupportThis" in named


def test_sip_40_sip_4_rfc4475_3_3_6_an_unknown_type(to_xmpp):
    raw = request(content_type="application/unknownformat",
                  body="<audio>\r\n <pcmu port=\"443\"/>\r\n</audio>\r\n")
    answer = refuses(to_xmpp, raw, 415)
    assert answer.all("accept")


def test_sip_40_rfc4475_3_3_7_an_unknown_scheme_of_credentials(to_xmpp):
    raw = request(extra=["Authorization: NoOneKnowsThisScheme opaque-data=x"])
    sends(to_xmpp, raw, 202)


@pytest.mark.parametrize("line", [
    "CSeq: 59 MESSAGE", "Call-ID: other", "Max-Forwards: 5",
    "From: <sip:other@a.example>;tag=2", "To: <sip:other@a.example>"])
def test_sip_40_rfc4475_3_3_8_two_of_what_there_is_one(to_xmpp, line):
    refuses(to_xmpp, request(extra=[line]), 400)


@pytest.mark.parametrize("length", [0, 3, 13])
def test_sip_40_rfc4475_3_3_9_two_lengths(to_xmpp, length):
    refuses(to_xmpp, request(extra=["Content-Length: %d" % length]), 400)


def test_sip_40_rfc4475_3_3_10_a_response_to_somebody_else(to_sip):
    to_sip.s1.answer = None
    to_sip.u1.message()
    got = to_sip.arrival(to_sip.s1)
    got.reply(response(got, 200).replace(
        got.vias[1].encode(),
        b"SIP/2.0/UDP 127.0.9.22:5060;branch=z9hG4bK1saber23"))
    assert until(lambda: to_sip.u1.responses)
    assert to_sip.s2.responses == []


def test_sip_40_sip_8_rfc4475_3_3_11_max_forwards_0(to_xmpp):
    refuses(to_xmpp, request(max_forwards="0"), 483)


def test_sip_40_rfc4475_3_3_15_an_accept_that_nobody_can_meet(to_xmpp):
    sends(to_xmpp, request(extra=["Accept: text/nobodyKnowsThis"]), 202)


# 3.4 peers of RFC 2543

def test_sip_40_rfc4475_3_4_1_neither_branch_nor_tag(to_xmpp):
    raw = request(via="SIP/2.0/UDP 127.0.9.11:5060",
                  sender="<tel:+12025550199>")
    to_xmpp.u1.udp.sendto(raw, GATEWAY)
    to_xmpp.stanza()
    assert until(lambda: [r.code for r in to_xmpp.u1.responses] == [202])
