"""SIPp as the SIP end: texts of all scripts and sizes, reports, "is
composing"."""
import itertools

import pytest

import imdn
import sipp_run
from hosts import NUMBERS
from test_composing import DOCUMENT, IS_COMPOSING
from test_peers import body_of
from test_xmpp_servers import EMOJI, LONG, each
from xmpp_user import CHAT_STATES

LATIN_1 = "text/plain;charset=ISO-8859-1"
TEXTS = {"emoji": EMOJI,
         "arabic": "\u0645\u0631\u062d\u0628\u0627\u060c \u0661\u0662!",
         "hebrew": "\u05e9\u05dc\u05d5\u05dd 42\u200f!"}
_serial = itertools.count(3000)


class Agent:
    """SIPp with a number of its own, and so a chat of its own."""

    def __init__(self, folder, host, receiver):
        self._folder, self._host, self._receiver = folder, host, receiver
        self._number = "+1202555%d" % next(_serial)
        self.jid = self._number + "@gw.example.net"

    def send(self, body, kind="text/plain", transport="udp"):
        """Send to romeo's number, which must be answered with 202."""
        source = (self._host.sip_address[0], 25063)
        said = sipp_run.send(
            self._folder, source, self._host.gateway_address,
            NUMBERS["romeo"], body, 202, kind, self._number, transport)
        assert said is None, said

    def wait_for(self, **wanted):
        """-> the Receiver of the next message"""
        return self._receiver(self._host.sip_address, **wanted)

    def wait_for_report(self, ident, status):
        """-> the Receiver of a report in message/cpim"""
        return self.wait_for(
            kind="message/cpim",
            body="<message-id>%s</message-id>.*<%s" % (ident, status))

    def wait_for_state(self, state):
        """-> the Receiver of the notice that somebody types"""
        return self.wait_for(kind="application/im-iscomposing\\+xml",
                             body="<state>%s</state>" % state)


@pytest.fixture
def agent(tmp_path, host, receiver):
    return Agent(tmp_path, host, receiver)


@each(TEXTS)
def test_map_9_sipp_writes(text, agent, xmpp_user):
    romeo = xmpp_user()
    agent.send(text)
    got = romeo.receive()
    assert (got["body"], got["from"].bare) == (text, agent.jid)


@each(TEXTS)
def test_map_6_20_sipp_reads(text, agent, xmpp_user):
    sipp = agent.wait_for()
    xmpp_user().write(agent.jid, text)
    assert body_of(sipp.message()) == text


def test_map_9_sipp_writes_20_kb(agent, xmpp_user):
    romeo = xmpp_user()
    agent.send(LONG, transport="tcp")
    assert romeo.receive()["body"] == LONG


def test_map_9_sipp_writes_latin_1(agent, xmpp_user):
    romeo = xmpp_user()
    agent.send("Gr\u00fc\u00dfe".encode("latin-1"), LATIN_1)
    assert romeo.receive()["body"] == "Gr\u00fc\u00dfe"


def test_rcpt_1_2_sipp_reads_the_reports_that_it_asked_for(agent, xmpp_user):
    romeo = xmpp_user()
    agent.send(imdn.asking(EMOJI, "positive-delivery, display", "34jk324j"),
               imdn.CPIM)
    got = romeo.receive()
    assert got["body"] == EMOJI
    sipp = agent.wait_for_report("34jk324j", "delivered")
    romeo.acknowledge(got)
    assert sipp.took_it()
    sipp = agent.wait_for_report("34jk324j", "displayed")
    romeo.mark(got)
    assert sipp.took_it()


def test_rcpt_10_the_xmpp_user_sees_that_sipp_types(agent, xmpp_user):
    romeo, sipp = xmpp_user(), agent.wait_for()
    romeo.write(agent.jid, "Hi", inner="<active xmlns='%s'/>" % CHAT_STATES)
    assert body_of(sipp.message()) == "Hi"
    agent.send(DOCUMENT % "active", IS_COMPOSING)
    assert romeo.state() == "composing"
    agent.send(DOCUMENT % "idle", IS_COMPOSING)
    assert romeo.state() == "active"


def test_rcpt_10_sipp_sees_that_the_xmpp_user_types(agent, xmpp_user):
    romeo, sipp = xmpp_user(), agent.wait_for_state("active")
    romeo.show_state(agent.jid, "composing")
    assert sipp.took_it()
    sipp = agent.wait_for_state("idle")
    romeo.show_state(agent.jid, "paused")
    assert sipp.took_it()
