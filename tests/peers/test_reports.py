"""Receipts and markers of an XMPP client, reports of a SIP user agent."""
import pytest

import imdn
from hosts import CALLER_JID
from waiting import until

BOTH = "positive-delivery, display"
QUIET_SECONDS = 0.5


def ask(sip_user, wants=BOTH, ident="34jk324j", text="Read me"):
    """A message of SIP that asks for reports."""
    assert sip_user.deliver(content_type=imdn.CPIM,
                            body=imdn.asking(text, wants, ident)) == 202


def report_at(sip_user):
    return imdn.Wrapped(sip_user.receive()).report()


def answer(sip_user, message, status):
    """Report on a message that came to SIP, where it came from."""
    return sip_user.deliver(
        message.address("from"), content_type=imdn.CPIM,
        sender="<%s>;tag=f1" % message.address("to"),
        to="<%s>" % message.address("from"),
        body=imdn.report(imdn.Wrapped(message), status))


# From SIP to XMPP

def test_rcpt_1_2_a_receipt_of_the_client_is_a_report_at_sip(sip_user,
                                                             xmpp_user):
    romeo = xmpp_user()
    ask(sip_user, "positive-delivery")
    got = romeo.receive()
    assert (got["body"], got["request_receipt"]) == ("Read me", True)
    romeo.acknowledge(got)
    assert report_at(sip_user) == ("34jk324j", "delivered")


def test_rcpt_1_2_a_marker_of_the_client_is_a_report_at_sip(sip_user,
                                                            xmpp_user):
    romeo = xmpp_user()
    ask(sip_user, "display")
    got = romeo.receive()
    assert got.xml.find("{urn:xmpp:chat-markers:0}markable") is not None
    romeo.mark(got)
    assert report_at(sip_user) == ("34jk324j", "displayed")


def test_rcpt_3_each_report_comes_once(sip_user, xmpp_user):
    romeo = xmpp_user()
    ask(sip_user)
    got = romeo.receive()
    for _ in range(3):
        romeo.acknowledge(got)
        romeo.mark(got)
    assert {report_at(sip_user), report_at(sip_user)} == {
        ("34jk324j", "delivered"), ("34jk324j", "displayed")}
    assert sip_user.receive(QUIET_SECONDS) is None


def test_rcpt_3_a_second_device_adds_nothing(sip_user, xmpp_user):
    phone, desk = xmpp_user(), xmpp_user()
    ask(sip_user)
    got = phone.receive(1) or desk.receive(1)
    for device in (phone, desk):
        device.acknowledge(got)
    assert report_at(sip_user) == ("34jk324j", "delivered")
    assert sip_user.receive(QUIET_SECONDS) is None


def test_rcpt_2_the_report_comes_when_the_user_has_signed_in(sip_user,
                                                             xmpp_user):
    ask(sip_user)
    romeo = xmpp_user()
    got = romeo.receive()
    assert got.xml.find("{urn:xmpp:delay}delay") is not None
    romeo.acknowledge(got)
    assert report_at(sip_user) == ("34jk324j", "delivered")


def test_rcpt_9_nobody_else_can_confirm(sip_user, xmpp_user):
    romeo, mercutio = xmpp_user("romeo"), xmpp_user("mercutio")
    ask(sip_user)
    got = romeo.receive()
    mercutio.acknowledge(got)
    mercutio.mark(got)
    assert sip_user.receive(QUIET_SECONDS) is None


def test_rcpt_1_who_does_not_ask_gets_no_report(sip_user, xmpp_user):
    romeo = xmpp_user()
    assert sip_user.deliver(body="Hi") == 202
    got = romeo.receive()
    assert not got["request_receipt"]
    romeo.acknowledge(got)
    romeo.mark(got)
    assert sip_user.receive(QUIET_SECONDS) is None


# From XMPP to SIP

@pytest.mark.parametrize("status", ["delivered", "displayed"])
def test_rcpt_7_a_report_of_sip_is_a_receipt_or_a_marker(status, sip_user,
                                                         xmpp_user):
    romeo = xmpp_user()
    if status == "delivered":
        ident = romeo.ask_for_receipt(CALLER_JID, "Read me")
    else:
        ident = romeo.ask_for_markers(CALLER_JID, "Read me")
    message = sip_user.receive()
    wrapped = imdn.Wrapped(message)
    assert wrapped.body == "Read me"
    assert {"delivered": "positive-delivery", "displayed": "display"}[
        status] in wrapped.wants
    assert answer(sip_user, message, status) in (200, 202)
    if status == "delivered":
        assert romeo.receipt() == ident
    else:
        assert romeo.marker() == ("displayed", ident)


@pytest.mark.parametrize("ident", ["a&\"'<>\u20ac b", "i" * 500],
                         ids=["markup", "long"])
def test_rcpt_7_the_receipt_names_the_message_as_the_client_did(
        ident, sip_user, xmpp_user):
    romeo = xmpp_user()
    romeo.write(CALLER_JID, "Read me", ident=ident,
                inner="<request xmlns='urn:xmpp:receipts'/>")
    assert answer(sip_user, sip_user.receive(), "delivered") in (200, 202)
    assert romeo.receipt() == ident


def test_rcpt_7_who_refuses_the_wrapping_gets_plain_text(sip_user, xmpp_user):
    sip_user.answer = lambda message: 200 if message.get(
        "content-type").startswith("text/plain") else 415
    romeo = xmpp_user()
    romeo.ask_for_receipt(CALLER_JID, "one")
    romeo.ask_for_receipt(CALLER_JID, "two")
    assert until(lambda: [one.body for one in sip_user.messages if one.get(
        "content-type").startswith("text/plain")] == [b"one", b"two"])
    assert romeo.error("", 0.3) is None
