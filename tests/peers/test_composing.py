"""Chat states of an XMPP client, "is composing" of a SIP user agent."""
import itertools
import re

import pytest

from hosts import NUMBERS
from xmpp_user import CHAT_STATES

IS_COMPOSING = "application/im-iscomposing+xml"
DOCUMENT = """<?xml version="1.0" encoding="UTF-8"?>
<isComposing xmlns="urn:ietf:params:xml:ns:im-iscomposing">
<state>%s</state><contenttype>text/plain</contenttype><refresh>60</refresh>
</isComposing>"""
QUIET_SECONDS = 0.5
_serial = itertools.count(2000)


class Caller:
    """A number of its own at a SIP user, and so a chat of its own."""

    def __init__(self, sip_user):
        self.sip, self._number = sip_user, "+1202555%d" % next(_serial)
        self.jid = self._number + "@gw.example.net"

    def tell(self, state, user="romeo"):
        """Tell a user that somebody types: active, or idle."""
        code = self.sip.deliver(
            "tel:" + NUMBERS[user], sender="<tel:%s>;tag=f1" % self._number,
            content_type=IS_COMPOSING, body=DOCUMENT % state)
        assert code in (200, 202)

    def is_told(self):
        """The state that the next message tells."""
        message = self.sip.receive()
        assert message.get("content-type").startswith(IS_COMPOSING)
        return re.search(r"<state>(\w+)</state>",
                         message.body.decode()).group(1)

    def hears_nothing(self):
        return self.sip.receive(QUIET_SECONDS) is None


@pytest.fixture
def caller(sip_user):
    return Caller(sip_user)


def refuse_notices(message):
    return 415 if message.get("content-type").startswith(IS_COMPOSING) else 200


def test_rcpt_10_sip_sees_that_the_xmpp_user_types(caller, xmpp_user):
    romeo = xmpp_user()
    romeo.show_state(caller.jid, "composing")
    assert caller.is_told() == "active"
    romeo.show_state(caller.jid, "paused")
    assert caller.is_told() == "idle"
    romeo.show_state(caller.jid, "gone")
    assert caller.hears_nothing()


def test_rcpt_13_sip_is_not_told_again_and_again(caller, xmpp_user):
    romeo = xmpp_user()
    for _ in range(5):
        romeo.show_state(caller.jid, "composing")
    assert caller.is_told() == "active"
    assert caller.hears_nothing()


def test_rcpt_13_who_refuses_to_be_told_is_left_alone(caller, xmpp_user):
    caller.sip.answer = refuse_notices
    romeo = xmpp_user()
    romeo.show_state(caller.jid, "composing")
    assert caller.is_told() == "active"
    romeo.write(caller.jid, "one")
    assert caller.sip.receive_text() == "one"
    romeo.show_state(caller.jid, "composing")
    romeo.write(caller.jid, "two")
    assert caller.sip.receive().body == b"two"
    assert romeo.expect(lambda one: one["type"] == "error", 0.3) is None


def test_rcpt_10_the_xmpp_user_sees_that_sip_types(caller, xmpp_user):
    romeo = xmpp_user()
    romeo.write(caller.jid, "Hi", inner="<active xmlns='%s'/>" % CHAT_STATES)
    assert caller.sip.receive_text() == "Hi"
    caller.tell("active")
    assert romeo.state() == "composing"
    caller.tell("idle")
    assert romeo.state() == "active"


def test_rcpt_12_a_client_that_shows_no_states_is_told_none(caller, xmpp_user):
    romeo = xmpp_user()
    romeo.write(caller.jid, "Hi")
    assert caller.sip.receive_text() == "Hi"
    caller.tell("active")
    assert romeo.state(QUIET_SECONDS) is None
