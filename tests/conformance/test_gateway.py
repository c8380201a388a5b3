"""What a gateway is to XMPP clients besides messages (XEP-0100, 0030, 0280),
and what stands beside a text."""
import pytest

from bed import ALICE, XMPP
from waiting import until

JID = "alice@im.example"
OURS = "+12025550199@gw.example.net"


def test_im_19_over_the_link_the_dns_only_chooses_xmpp(bed):
    bed.zone("_im._xmpp.im.example.  SRV 0 0 5269 elsewhere.example.\n", ALICE)
    assert bed.delivers_to(JID).get("to") == JID
    assert not [q for q in bed.dns.asked() if "elsewhere" in str(q)]


@pytest.mark.parametrize("inner", [
    "<forwarded xmlns='urn:xmpp:forward:0'><message><body>x</body></message>"
    "</forwarded>",
    "<received xmlns='urn:xmpp:carbons:2'><forwarded "
    "xmlns='urn:xmpp:forward:0'><message><body>x</body></message></forwarded>"
    "</received>"])
def test_xmpp_31_copies_of_messages_are_not_relayed(bed, inner):
    bed.x1.message(None, inner=inner)
    bed.nothing_at(bed.u1, bed.x1)


@pytest.mark.parametrize("kind,answer", [
    ("subscribe", "unsubscribed"), ("probe", "unavailable")])
def test_xmpp_18_map_22_presence_is_declined_politely(bed, kind, answer):
    ident = bed.x1.message(attributes="type='%s'" % kind, kind="presence")
    assert until(lambda: bed.x1.seen("presence", ident=ident))
    stanza, = bed.x1.seen("presence", ident=ident)
    assert (stanza.get("type"), stanza.get("from")) == (answer, OURS)
    bed.nothing_at(bed.u1)


def test_xmpp_14_bare_sender_and_gateway_errors(bed):
    bed.zone(XMPP, ALICE)
    assert bed.delivers_to(JID).get("from") == OURS     # no resource
    for to, condition in (("abc@gw.example.net", "item-not-found"),
                          ("gw.example.net", "service-unavailable")):
        bed.error_stanza(bed.x1.message("Hi", to=to), condition)
    for code, condition in ((407, "registration-required"),
                            (504, "remote-server-timeout")):
        bed.u1.answer = code
        bed.error_stanza(bed.x1.message("Hi"), condition)


# XMPP-15: jabber:iq:gateway

def ask(bed, kind, inner=""):
    ident = bed.x1.message(
        to="gw.example.net", kind="iq", attributes="type='%s'" % kind,
        inner="<query xmlns='jabber:iq:gateway'>%s</query>" % inner)
    assert until(lambda: bed.x1.seen("iq", ident=ident))
    stanza, = bed.x1.seen("iq", ident=ident)
    return stanza


def test_xmpp_15_a_client_learns_what_to_ask_for(bed):
    answer = ask(bed, "get")
    assert answer.get("type") == "result"
    assert {c.tag for c in answer.element[0]} == {
        "{jabber:iq:gateway}desc", "{jabber:iq:gateway}prompt"}


@pytest.mark.parametrize("typed,jid", [
    ("+1 (202) 555-0199", "+12025550199@gw.example.net"),
    ("+46.70.1234567", "+46701234567@gw.example.net")])
def test_xmpp_15_what_is_typed_becomes_a_jid(bed, typed, jid):
    answer = ask(bed, "set", "<prompt>%s</prompt>" % typed)
    assert answer.element.findtext(".//{jabber:iq:gateway}jid") == jid


@pytest.mark.parametrize("inner,condition", [
    ("<prompt>alice</prompt>", "item-not-found"),
    ("<prompt>2025550199</prompt>", "item-not-found"),
    ("<prompt>+1234567890123456</prompt>", "item-not-found"),
    ("", "bad-request")])
def test_xmpp_15_14_what_is_no_number_is_refused(bed, inner, condition):
    answer = ask(bed, "set", inner)
    assert (answer.get("type"), answer.condition) == ("error", condition)


# Content

@pytest.mark.parametrize("disposition,code", [
    ("render", 202), ("render;handling=optional", 202), ("icon", 415),
    ("session;handling=required", 415), ("alert;handling=optional", 415)])
def test_sip_4_the_disposition_of_the_body_is_heeded(bed, disposition, code):
    bed.zone(XMPP, ALICE)
    sent = bed.u1.message(extra=["Content-Disposition: " + disposition])
    bed.final(sent, code)
    assert len(bed.x1.seen()) == (code == 202)


def test_xmpp_27_a_link_without_a_body_is_the_text(bed):
    bed.x1.message(None, inner=("<x xmlns='jabber:x:oob'>"
                                "<url>https://im.example/1.jpg</url></x>"))
    assert bed.arrival(bed.u1).body == b"https://im.example/1.jpg"
