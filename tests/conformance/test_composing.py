"""Somebody types: RFC 3994, RFC 7573 section 6, XEP-0085."""
import itertools
import time
import xml.etree.ElementTree as ET

import pytest

from bed import ALICE, SIP, XMPP
from sip_end import Answer
from waiting import until

CALLER = "+12025550199@gw.example.net"
STATES = "http://jabber.org/protocol/chatstates"
NS = "{urn:ietf:params:xml:ns:im-iscomposing}"
TYPE = "application/im-iscomposing+xml"
WORDS = ["active", "composing", "paused", "inactive", "gone"]
# A conversation outlives a case, so each case has people of its own.
_serial = itertools.count(1)


class Pair:
    """A caller behind U1 and an XMPP user."""

    def __init__(self, bed):
        n = next(_serial)
        self.bed = bed
        self.number = "+1202556%04d" % n
        self.local = "user%d" % n
        self.jid = self.local + "@im.example"
        self.us = self.number + "@gw.example.net"
        bed.zone(XMPP, r"""
Z  NAPTR 100 10 "u" "E2U+im" "!^.*$!im:%s!" .
""" % self.jid)

    # from SIP
    def sip(self, body, content_type=TYPE, code=202, **change):
        sent = self.bed.u1.message(
            sender="<tel:%s>;tag=f1" % self.number, body=body,
            content_type=content_type, **change)
        return self.bed.final(sent, code)

    def types(self, state="active", refresh=None):
        self.sip(document(state, refresh))

    # from XMPP
    def xmpp(self, state, body=None, inner=""):
        inner += "<%s xmlns='%s'/>" % (state, STATES) if state else ""
        return self.bed.x1.message(body, sender=self.jid + "/r1", to=self.us,
                                   attributes="type='chat'", inner=inner)

    def shows_support(self):
        before = len(self.at_sip())
        self.xmpp("active", "Hi")
        assert until(lambda: len(self.at_sip()) == before + 1)

    # what came
    def at_xmpp(self):
        return self.bed.x1.seen(to=self.jid)

    def at_sip(self):
        return [m for m in self.bed.u1.messages if self.number in m.uri]

    def composes(self):
        """SIP has been told, and has answered: the way is free again."""
        before = len(self.at_sip())
        self.xmpp("composing")
        assert until(lambda: [m for m in self.at_sip()[before:] if m.answered])
        time.sleep(0.1)


@pytest.fixture
def pair(bed):
    return Pair(bed)


def document(state, refresh=None):
    more = "" if refresh is None else "<refresh>%d</refresh>" % refresh
    return ("<?xml version='1.0' encoding='UTF-8'?><isComposing "
            "xmlns='%s'><state>%s</state><contenttype>text/plain"
            "</contenttype>%s</isComposing>" % (NS[1:-1], state, more))


def state_of(stanza):
    found = [child.tag.partition("}")[2] for child in stanza.element
             if child.tag.startswith("{%s}" % STATES)]
    assert len(found) <= 1
    return found[0] if found else None


def states(pair):
    return [state_of(stanza) for stanza in pair.at_xmpp()]


def reads(message):
    """State and refresh of a document at the SIP end."""
    assert message.get("content-type").startswith(TYPE)
    root = ET.fromstring(message.body)
    assert root.tag == NS + "isComposing"
    refresh = root.findtext(NS + "refresh")
    return root.findtext(NS + "state"), refresh and int(refresh)


def settled(pair, seconds=0.4):
    """What is at the SIP end when nothing more comes."""
    time.sleep(seconds)
    return pair.at_sip()


# SIP to XMPP

def test_rcpt_12_nothing_before_the_peer_showed_support(bed, pair):
    pair.types()
    pair.types("idle")
    pair.sip("Hi", "text/plain")
    assert until(pair.at_xmpp)
    time.sleep(0.3)
    assert states(pair) == [None]           # the text, and nothing beside it


def test_rcpt_12_a_text_without_a_state_shows_no_support(bed, pair):
    pair.xmpp(None, "Hi")
    assert until(pair.at_sip)
    pair.types()
    bed.nothing_at(bed.x1)


def test_rcpt_10_conf_11_active_becomes_composing_idle_active(bed, pair):
    pair.shows_support()
    pair.types()
    pair.types("idle")
    assert until(lambda: len(pair.at_xmpp()) == 2)
    assert states(pair) == ["composing", "active"]
    for stanza in pair.at_xmpp():
        assert stanza.get("type") == "chat"
        assert stanza.get("from") == pair.us
        assert stanza.texts("body") == []
        assert "receipts" not in repr(stanza) and "sid:0" not in repr(stanza)


def test_rcpt_12_a_lone_state_shows_support_too(bed, pair):
    pair.xmpp("inactive")
    time.sleep(0.2)
    pair.types()
    assert until(lambda: states(pair) == ["composing"])


def test_rcpt_11_an_unknown_state_is_idle(bed, pair):
    pair.shows_support()
    pair.types()
    pair.types("thinking")
    assert until(lambda: states(pair) == ["composing", "active"])


def test_rcpt_12_the_same_state_is_not_repeated(bed, pair):
    pair.shows_support()
    for state in ("active", "active", "idle", "idle", "active"):
        pair.types(state)
    assert until(lambda: len(pair.at_xmpp()) >= 3)
    time.sleep(0.3)
    assert states(pair) == ["composing", "active", "composing"]


def test_rcpt_11_without_a_refresh_in_time_it_is_over(bed, pair):
    pair.shows_support()
    pair.types(refresh=1)
    assert until(lambda: states(pair) == ["composing"])
    assert until(lambda: states(pair) == ["composing", "active"], 3)
    composing, active = pair.at_xmpp()
    assert 0.8 < active.when - composing.when


def test_rcpt_11_a_refresh_makes_it_last(bed, pair):
    pair.shows_support()
    for _ in range(3):
        pair.types(refresh=2)
        time.sleep(1)
    assert states(pair) == ["composing"]
    assert until(lambda: states(pair) == ["composing", "active"], 4)


def test_rcpt_12_a_text_carries_active_once_that_is_negotiated(bed, pair):
    pair.shows_support()
    pair.types()
    pair.sip("Hi", "text/plain")
    pair.types("idle")          # the text has said so
    assert until(lambda: len(pair.at_xmpp()) >= 2)
    time.sleep(0.3)
    assert states(pair) == ["composing", "active"]
    assert pair.at_xmpp()[1].text("body") == "Hi"


@pytest.mark.parametrize("way", ["gone", "text"])
def test_rcpt_12_support_ends(bed, pair, way):
    pair.shows_support()
    pair.xmpp("gone" if way == "gone" else None,
              None if way == "gone" else "plain")
    time.sleep(0.3)
    pair.types()
    assert pair.at_xmpp() == []


def test_rcpt_11_a_broken_document_is_400(bed, pair):
    pair.shows_support()
    pair.sip("typing...", code=400)
    pair.sip("<!DOCTYPE a [<!ENTITY b 'active'>]>" + document("&b;")[38:],
             code=400)
    assert pair.at_xmpp() == []


def test_rcpt_11_while_the_link_is_down_it_is_202_and_gone(bed, pair):
    pair.shows_support()
    bed.x1.stop()
    assert until(lambda: not bed.x1.link)
    time.sleep(0.3)
    pair.types()
    bed.x1.start()
    bed.wait_for_link(30)
    bed.nothing_at(bed.x1)


def test_rcpt_11_on_the_way_to_sip_it_is_untouched(bed):
    bed.zone(SIP, ALICE)
    body = document("active", 90)
    sent = bed.u1.message(body=body, content_type=TYPE)
    bed.final(sent, 200)
    assert bed.arrival(bed.s1).body == body.encode()


# XMPP to SIP

def test_rcpt_10_11_composing_becomes_active_with_a_refresh(bed, pair):
    pair.xmpp("composing")
    assert until(pair.at_sip)
    got, = settled(pair)
    state, refresh = reads(got)
    assert state == "active" and refresh >= 60
    assert got.get("to") == "<tel:%s>" % pair.number


@pytest.mark.parametrize("word", ["active", "inactive", "paused"])
def test_rcpt_10_these_become_idle(bed, pair, word):
    pair.composes()
    pair.xmpp(word)
    assert until(lambda: len(pair.at_sip()) == 2)
    assert reads(settled(pair)[1])[0] == "idle"


@pytest.mark.parametrize("word", ["active", "inactive", "paused", "gone"])
def test_rcpt_10_13_who_did_not_type_has_not_stopped(bed, pair, word):
    pair.xmpp(word)
    assert settled(pair) == []


def test_rcpt_10_gone_is_dropped(bed, pair):
    pair.composes()
    pair.xmpp("gone")
    assert len(settled(pair)) == 1
    bed.nothing_at(bed.x1, for_seconds=0)


def test_rcpt_13_typing_is_told_once_in_a_refresh(bed, pair):
    pair.composes()
    for word in ["paused", "composing"] * 4:
        pair.xmpp(word)
        time.sleep(0.05)
    assert [reads(m)[0] for m in settled(pair)] == ["active", "idle"]


def test_rcpt_13_a_text_begins_anew(bed, pair):
    pair.composes()
    pair.shows_support()        # with a text, which ends the typing
    pair.xmpp("paused")
    time.sleep(0.2)
    pair.xmpp("composing")
    assert until(lambda: len(pair.at_sip()) == 3)
    assert len(settled(pair)) == 3
    assert reads(pair.at_sip()[2])[0] == "active"


def test_rcpt_13_sip_21_it_is_dropped_rather_than_queued(bed, pair):
    bed.u1.answer = Answer(200, after=1)
    pair.xmpp(None, "Hi")
    assert until(pair.at_sip)
    pair.xmpp("composing")
    pair.xmpp("active", "again")
    assert until(lambda: len(pair.at_sip()) == 2, 3)
    assert [m.body for m in settled(pair, 1.5)] == [b"Hi", b"again"]


@pytest.mark.parametrize("code", [404, 415, 480, 503])
def test_rcpt_10_nobody_hears_that_a_state_failed(bed, pair, code):
    bed.u1.answer = code
    pair.xmpp("composing")
    assert until(pair.at_sip)
    bed.nothing_at(bed.x1)


@pytest.mark.parametrize("number", ["abc", "+"])
def test_rcpt_10_a_state_for_no_number_is_not_answered(bed, number):
    bed.x1.message(to=number + "@gw.example.net",
                   inner="<composing xmlns='%s'/>" % STATES)
    bed.nothing_at(bed.x1, bed.u1)


def test_rcpt_13_who_refused_it_gets_no_more(bed, pair):
    bed.u1.answer = 415
    pair.composes()
    bed.u1.answer = 200
    pair.shows_support()        # with a text: he may be told again
    time.sleep(0.1)
    pair.xmpp("composing")
    assert len(settled(pair)) == 2
    other = Pair(bed)           # the memory is of an address
    other.xmpp("composing")
    assert until(other.at_sip)


def test_rcpt_13_the_accept_of_a_415_is_heeded(bed, pair):
    bed.u1.answer = Answer(415, headers=["Accept: text/html"])
    ident = pair.xmpp("active", "Hi")
    assert until(lambda: bed.x1.seen(ident=ident))
    bed.u1.answer = 200
    pair.xmpp("composing")
    assert len(settled(pair)) == 1


# Discovery

@pytest.mark.parametrize("to", ["gw.example.net", CALLER])
def test_rcpt_12_xmpp_11_discovery_lists_chat_states(bed, to):
    ident = bed.x1.message(
        kind="iq", attributes="type='get'", to=to,
        inner="<query xmlns='http://jabber.org/protocol/disco#info'/>")
    assert until(lambda: bed.x1.seen("iq", ident=ident))
    assert STATES in repr(bed.x1.seen("iq", ident=ident)[0])
