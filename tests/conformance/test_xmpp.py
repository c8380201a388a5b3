"""The component link and its stanzas: RFC 6120, 6121, XEP-0114."""
import time

import pytest

from bed import ALICE, XMPP, config
from waiting import until
from xmpp_end import error_to

NUMBER = "+12025550199@gw.example.net"


def answer_of(bed, ident, kind):
    assert until(lambda: bed.x1.seen(kind, ident=ident))
    stanza, = bed.x1.seen(kind, ident=ident)
    return stanza


# Errors of the other side become SIP finals (RFC 7247, 7.1, bare JIDs)

CONDITIONS = {
    "bad-request": 400, "conflict": 400, "jid-malformed": 400,
    "subscription-required": 400, "undefined-condition": 400,
    "feature-not-implemented": 501, "forbidden": 603, "gone": 410,
    "internal-server-error": 500, "resource-constraint": 500,
    "item-not-found": 604, "not-acceptable": 606, "not-allowed": 403,
    "policy-violation": 403, "not-authorized": 403,
    "registration-required": 403, "recipient-unavailable": 600,
    "redirect": 480, "remote-server-not-found": 404,
    "remote-server-timeout": 504, "service-unavailable": 480,
    "unexpected-request": 400, "no-such-condition": 400,
}


@pytest.mark.parametrize("condition,code", CONDITIONS.items())
def test_s_18_map_14_conf_7_8_9_10_a_stanza_error_becomes_a_final(
        bed, condition, code):
    bed.zone(XMPP, ALICE)
    bed.x1.answer = lambda stanza: (0.01, error_to(stanza, condition))
    sent = bed.u1.message()
    bed.final(sent, code)
    assert len(sent.finals) == 1


@config({"routing.final_class": "4xx"})
@pytest.mark.parametrize("condition,code", [
    ("item-not-found", 404), ("recipient-unavailable", 480),
    ("not-acceptable", 406), ("forbidden", 403)])
def test_s_18_conf_9_carr_4_a_carrier_may_ask_for_4xx(bed, condition, code):
    bed.zone(XMPP, ALICE)
    bed.x1.answer = lambda stanza: (0.01, error_to(stanza, condition))
    bed.final(bed.u1.message(), code)


def test_s_18_conf_6_a_late_error_does_not_change_the_answer(bed):
    bed.zone(XMPP, ALICE)
    bed.x1.answer = lambda stanza: (1, error_to(stanza, "item-not-found"))
    sent = bed.u1.message()
    bed.final(sent, 202)
    time.sleep(1.3)
    assert sent.codes == [202]
    bed.nothing_at(bed.u1)


@config({"xmpp.error_wait": "2s"})
def test_conf_6_the_wait_for_an_error_is_configuration(bed):
    bed.zone(XMPP, ALICE)
    bed.x1.answer = lambda stanza: (1, error_to(stanza, "item-not-found"))
    bed.final(bed.u1.message(), 604)


@config({"xmpp.type": "chat"})
def test_map_8_conf_11_the_type_is_configuration(bed):
    bed.zone(XMPP, ALICE)
    assert bed.delivers_to("alice@im.example").get("type") == "chat"


def test_xmpp_6_an_error_that_nobody_waits_for_is_dropped(bed):
    bed.x1.message(attributes="type='error'", inner=(
        "<error type='cancel'><item-not-found "
        "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"))
    bed.nothing_at(bed.x1, bed.u1)


def test_xmpp_2_8_addresses_on_the_stream_are_plain_jids(bed):
    bed.zone(XMPP, ALICE)
    stanza = bed.delivers_to("alice@im.example")
    assert stanza.get("from") == NUMBER


# What others send to us

def test_xmpp_7_a_room_message_is_refused(bed):
    ident = bed.x1.message("hi", attributes="type='groupchat'")
    bed.error_stanza(ident, "service-unavailable")
    bed.nothing_at(bed.u1)


def test_xmpp_7_a_headline_is_never_answered_with_an_error(bed):
    bed.x1.message("hi", attributes="type='headline'")
    bed.nothing_at(bed.x1)


@pytest.mark.parametrize("local", ["abc", "12025550199", "+", "+1202x",
                                   "+1234567890123456"])
def test_xmpp_16_an_address_that_is_no_number_is_refused(bed, local):
    ident = bed.x1.message("hi", to=local + "@gw.example.net")
    assert until(lambda: bed.x1.seen(ident=ident))
    error, = bed.x1.seen(ident=ident)
    assert error.condition in ("item-not-found", "jid-malformed")
    bed.nothing_at(bed.u1)


def test_xmpp_16_the_bare_domain_takes_no_messages(bed):
    ident = bed.x1.message("hi", to="gw.example.net")
    bed.error_stanza(ident, "service-unavailable")


@pytest.mark.parametrize("inner", [
    "", "<body/>",
    "<wondering xmlns='http://jabber.org/protocol/chatstates'/>",
    "<received xmlns='urn:xmpp:receipts' id='x'/>",
    "<subject>only</subject>"])
def test_xmpp_17_a_stanza_without_text_makes_no_message(bed, inner):
    bed.x1.message(inner=inner)
    bed.nothing_at(bed.u1)


def test_xmpp_10_every_question_is_answered(bed):
    ident = bed.x1.message(kind="iq", attributes="type='get'",
                           inner="<query xmlns='urn:example:unknown'/>")
    stanza = answer_of(bed, ident, "iq")
    assert stanza.get("type") == "error"
    assert stanza.condition in ("service-unavailable",
                                "feature-not-implemented")
    assert stanza.get("to") == "alice@im.example/r1"


@pytest.mark.parametrize("kind", ["result", "error"])
def test_xmpp_10_answers_to_nothing_are_dropped(bed, kind):
    ident = bed.x1.message(kind="iq", attributes="type='%s'" % kind)
    time.sleep(0.3)
    assert bed.x1.seen("iq", ident=ident) == []


DISCO = "<query xmlns='http://jabber.org/protocol/disco#info'/>"


def identities(stanza):
    info = "{http://jabber.org/protocol/disco#info}"
    return {e.get("category") for e in stanza.element.iter(info + "identity")}


@pytest.mark.parametrize("to,category", [("gw.example.net", "gateway"),
                                         (NUMBER, "client")])
def test_xmpp_11_discovery_tells_what_we_are(bed, to, category):
    ident = bed.x1.message(kind="iq", attributes="type='get'", to=to,
                           inner=DISCO)
    assert category in identities(answer_of(bed, ident, "iq"))


def test_xmpp_13_a_ping_is_answered(bed):
    ident = bed.x1.message(kind="iq", attributes="type='get'",
                           to="gw.example.net",
                           inner="<ping xmlns='urn:xmpp:ping'/>")
    assert answer_of(bed, ident, "iq").get("type") == "result"


# The link

def test_xmpp_3_a_lost_link_comes_back(bed):
    bed.zone(XMPP, ALICE)
    bed.x1.cut_link()
    bed.wait_for_link(30)
    bed.delivers_to("alice@im.example")


def test_xmpp_3_a_message_that_meets_no_link_is_kept_and_delivered(bed):
    bed.zone(XMPP, ALICE)
    bed.x1.stop()
    bed.final(bed.u1.message(), 202)
    time.sleep(0.5)
    bed.x1.start()
    bed.wait_for_link(30)
    assert until(lambda: bed.x1.seen(), 10)
    stanza, = bed.x1.seen()
    assert stanza.element.find("{urn:xmpp:delay}delay") is not None  # XMPP-26


@config({"queue.store": "off"})
def test_xmpp_3_a_message_that_meets_no_link_gets_an_honest_answer(bed):
    bed.zone(XMPP, ALICE)
    bed.x1.stop()
    sent = bed.u1.message()
    time.sleep(1)
    bed.x1.start()
    answer = bed.final(sent, 202, 480, 500, 504, within=30)
    bed.wait_for_link(30)
    assert len(bed.x1.seen()) == (1 if answer.code == 202 else 0)


def test_xmpp_4_a_document_type_on_the_stream_is_not_swallowed(bed):
    bed.x1.send("<!DOCTYPE a [<!ENTITY b 'bbbbbbbb'>]><message>&b;</message>")
    assert until(lambda: not bed.x1.link, 5)
    bed.x1.violations.clear()
    bed.wait_for_link(30)


def test_xmpp_5_one_bad_body_does_not_end_the_stream(bed):
    bed.zone(XMPP, ALICE)
    link = bed.x1.link
    for body in (b"\0\1\2", b"\xed\xa0\x80", "\uffff", b"]]>"):
        bed.u1.message(body=body)
    bed.u1.message(body="last")
    assert until(lambda: [s for s in bed.x1.seen()
                          if s.text("body") == "last"])
    assert bed.x1.link is link


@config({"xmpp.domain": "xn--bcher-kva.example"})
def test_xmpp_9_our_domain_may_be_internationalised(bed):
    assert bed.x1.violations == [
        "the stream is to 'b\u00fccher.example'"]
    bed.x1.violations.clear()
    bed.x1.message("Hi", to="+12025550199@b\u00fccher.example")
    bed.arrival(bed.u1)
