"""Reports of delivery and display: IMDN (RFC 5438) on the SIP side, receipts
(XEP-0184) and markers (XEP-0333) on the XMPP side."""
import re
import time
import xml.etree.ElementTree as ET

import pytest

from addresses import CALLER, GATEWAY_DOMAIN
from bed import ALICE, SIP, XMPP
from waiting import until
from xmpp_end import error_to

RECEIPTS = "urn:xmpp:receipts"
MARKERS = "urn:xmpp:chat-markers:0"
IMDN = "urn:ietf:params:xml:ns:imdn"
BOTH = "positive-delivery, negative-delivery"
ALL = BOTH + ", display"
US = "%s@%s" % (CALLER, GATEWAY_DOMAIN)


# Building and reading ------------------------------------------------------

def cpim(wants=BOTH, ident="34jk324j", prefix="imdn", extra=(),
         content_type="text/plain", content="Hello", more=()):
    """A message/cpim as a phone sends it."""
    lines = ["From: Bob <im:bob@example.com>",
             "To: Alice <im:alice@im.example>",
             "DateTime: 2008-04-04T12:16:49-05:00",
             "NS: %s <urn:ietf:params:imdn>" % prefix]
    if ident:
        lines.append("%s.Message-ID: %s" % (prefix, ident))
    if wants:
        lines.append("%s.Disposition-Notification: %s" % (prefix, wants))
    lines += list(extra) + ["", "Content-type: " + content_type, *more, ""]
    return "\r\n".join(lines + [content])


def imdn(message_id, status="delivered", notification="delivery"):
    return ("<?xml version='1.0' encoding='UTF-8'?><imdn xmlns='%s'>"
            "<message-id>%s</message-id>"
            "<datetime>2008-04-04T12:16:49-05:00</datetime>"
            "<%s-notification><status><%s/></status></%s-notification>"
            "</imdn>" % (IMDN, message_id, notification, status,
                         notification))


def child(stanza, name, space):
    return stanza.element.find("{%s}%s" % (space, name))


def wrapped(message):
    """Header lines, fields of the content, and the content of a CPIM."""
    assert message.get("content-type") == "message/cpim"
    metadata, fields, content = message.body.decode().split("\r\n\r\n", 2)
    def pairs(text):
        return [tuple(line.split(": ", 1)) for line in text.split("\r\n")]
    return pairs(metadata), dict(pairs(fields)), content


def ask(bed, wants=ALL, **change):
    """A message of U1 that asks for reports. -> the stanza"""
    bed.zone(XMPP, ALICE)
    return bed.delivers_to("alice@im.example", content_type="message/cpim",
                           body=cpim(wants, **change))


def acknowledge(bed, ident, name="received", space=RECEIPTS,
                sender="alice@im.example/r1", **how):
    return bed.x1.message(sender=sender, inner="<%s xmlns='%s' id='%s'/>" % (
        name, space, ident), **how)


# RCPT-1: from SIP, asking --------------------------------------------------

@pytest.mark.parametrize("wants,requested,markable", [
    ("positive-delivery", True, False), ("display", False, True),
    (ALL, True, True), ("negative-delivery", False, False),
    ("processing", False, False), (None, False, False)])
def test_rcpt_1_a_disposition_becomes_a_request(bed, wants, requested,
                                             markable):
    stanza = ask(bed, wants)
    assert stanza.get("id") and stanza.text("body") == "Hello"
    assert (child(stanza, "request", RECEIPTS) is not None) == requested
    assert (child(stanza, "markable", MARKERS) is not None) == markable


def test_rcpt_1_im_23_the_prefix_is_the_senders_to_choose(bed):
    stanza = ask(bed, prefix="x")
    assert child(stanza, "request", RECEIPTS) is not None


def test_rcpt_1_without_a_message_id_nothing_can_be_reported(bed):
    assert child(ask(bed, ident=None), "request", RECEIPTS) is None


def test_rcpt_1_a_plain_text_asks_for_nothing(bed):
    bed.zone(XMPP, ALICE)
    stanza = bed.delivers_to("alice@im.example")
    assert child(stanza, "request", RECEIPTS) is None


def test_rcpt_1_sec_13_who_hides_cannot_be_told(bed):
    bed.zone(XMPP, ALICE)
    stanza = bed.delivers_to(
        "alice@im.example", content_type="message/cpim", body=cpim(),
        sender="<sip:anonymous@anonymous.invalid>;tag=1")
    assert child(stanza, "request", RECEIPTS) is None


# RCPT-2, RCPT-3: from XMPP, reporting --------------------------------------

def test_rcpt_2_a_receipt_becomes_one_imdn(bed):
    stanza = ask(bed)
    acknowledge(bed, stanza.get("id"))
    got = bed.arrival(bed.u1)
    metadata, fields, content = wrapped(got)
    names = dict(metadata)
    assert got.uri == got.address("to") == "tel:" + CALLER
    assert got.address("from").startswith("sip:alice@im.example")
    assert ("NS", "imdn <urn:ietf:params:imdn>") in metadata
    assert names["From"] == "<im:alice@im.example>"
    assert names["To"] == "<im:bob@example.com>"
    assert names["imdn.Message-ID"] not in ("34jk324j", stanza.get("id"))
    assert "imdn.Disposition-Notification" not in names
    assert fields == {"Content-type": "message/imdn+xml",
                      "Content-Disposition": "notification"}
    report = ET.fromstring(content)
    assert report.findtext("{%s}message-id" % IMDN) == "34jk324j"
    assert report.findtext("{%s}datetime" % IMDN) == "2008-04-04T17:16:49Z"
    assert report.findtext("{%s}recipient-uri" % IMDN) == (
        "im:alice@im.example")
    assert report.find("{%s}delivery-notification/{%s}status/{%s}delivered"
                       % (IMDN, IMDN, IMDN)) is not None
    bed.nothing_at(bed.s1)


@pytest.mark.parametrize("name", ["displayed", "acknowledged"])
def test_rcpt_2_a_marker_becomes_a_display_notification(bed, name):
    stanza = ask(bed)
    acknowledge(bed, stanza.get("id"), name, MARKERS)
    _, _, content = wrapped(bed.arrival(bed.u1))
    assert "<display-notification><status><displayed/>" in content


def test_rcpt_2_rcpt_3_both_types_in_one_stanza_are_two_reports(bed):
    ident = ask(bed).get("id")
    bed.x1.message(inner=(
        "<received xmlns='%s' id='%s'/><displayed xmlns='%s' id='%s'/>" % (
            RECEIPTS, ident, MARKERS, ident)))
    one, two = bed.arrival(bed.u1, 2)
    assert b"<delivered/>" in one.body and b"<displayed/>" in two.body


def test_rcpt_2_the_imdn_goes_to_the_from_as_it_was(bed):
    bed.zone(XMPP, ALICE)
    stanza = bed.delivers_to(
        "alice@im.example", content_type="message/cpim", body=cpim(),
        sender="<sip:bob@example.com>;tag=1")
    acknowledge(bed, stanza.get("id"))
    got = bed.arrival(bed.u1)
    assert got.uri == got.address("to") == "sip:bob@example.com"


def test_conf_26_the_first_record_route_comes_before_from(bed):
    stanza = ask(bed, extra=["imdn.IMDN-Record-Route: <sip:b@b.example>",
                             "imdn.IMDN-Record-Route: <sip:a@a.example>"])
    acknowledge(bed, stanza.get("id"))
    got = bed.arrival(bed.u1)
    metadata, _, _ = wrapped(got)
    assert got.uri == got.address("to") == "sip:b@b.example"
    assert dict(metadata)["To"] == "<im:bob@example.com>"
    assert [value for name, value in metadata if name == "imdn.IMDN-Route"
            ] == ["<sip:b@b.example>", "<sip:a@a.example>"]


def test_rcpt_3_a_second_device_is_not_heard(bed):
    ident = ask(bed).get("id")
    acknowledge(bed, ident)
    bed.arrival(bed.u1)
    acknowledge(bed, ident, sender="alice@im.example/r2")
    acknowledge(bed, ident)
    time.sleep(0.4)
    assert len(bed.u1.messages) == 1
    acknowledge(bed, ident, "displayed", MARKERS)
    bed.arrival(bed.u1, 2)


@pytest.mark.parametrize("wants,name,space", [
    ("display", "received", RECEIPTS), ("positive-delivery", "displayed",
                                        MARKERS)])
def test_rcpt_3_what_was_not_asked_for_is_not_reported(bed, wants, name,
                                                       space):
    acknowledge(bed, ask(bed, wants).get("id"), name, space)
    bed.nothing_at(bed.u1)


def test_rcpt_3_an_imdn_is_not_reported_on(bed):
    """Even one that asks for it, which it must not."""
    ident = bed.x1.message("Hi", inner="<request xmlns='%s'/>" % RECEIPTS)
    message_id = dict(wrapped(bed.arrival(bed.u1))[0])["imdn.Message-ID"]
    bed.zone(XMPP, ALICE)
    report = bed.delivers_to("alice@im.example/r1",
                             content_type="message/cpim", body=cpim(
                                 BOTH, content_type="message/imdn+xml",
                                 content=imdn(message_id)))
    assert child(report, "received", RECEIPTS).get("id") == ident
    assert child(report, "request", RECEIPTS) is None
    acknowledge(bed, report.get("id"))
    time.sleep(0.4)
    assert len(bed.u1.messages) == 1


def test_rcpt_2_an_imdn_that_fails_is_nobodys_error(bed):
    ident = ask(bed).get("id")
    bed.u1.answer = 404
    acknowledge(bed, ident)
    bed.arrival(bed.u1)
    time.sleep(0.3)
    assert len(bed.x1.seen()) == 1


# RCPT-9: who is believed ---------------------------------------------------

@pytest.mark.parametrize("sender", ["mallory@im.example/r1",
                                    "alice@evil.example", "im.example"])
def test_rcpt_9_a_forged_receipt_is_ignored(bed, sender):
    ident = ask(bed).get("id")
    acknowledge(bed, ident, sender=sender)
    bed.nothing_at(bed.u1)
    acknowledge(bed, ident)
    bed.arrival(bed.u1)


def test_rcpt_9_an_id_that_is_not_known_is_ignored(bed):
    ask(bed)
    acknowledge(bed, "34jk324j")
    bed.nothing_at(bed.u1)


def test_rcpt_9_ids_cannot_be_guessed(bed):
    idents = {ask(bed).get("id")}
    bed.x1.message("Hi", inner="<request xmlns='%s'/>" % RECEIPTS)
    names = dict(wrapped(bed.arrival(bed.u1))[0])
    idents.add(names["imdn.Message-ID"])
    assert len(idents) == 2
    for ident in idents:    # 64 bits in 6-bit characters are 11
        assert re.fullmatch(r"[A-Za-z0-9_-]{11,}", ident)


# RCPT-4: failures ----------------------------------------------------------

def late_error(bed, condition, wants=BOTH):
    """An error that comes when the 202 is gone."""
    stanza = ask(bed, wants)
    bed.x1.send(error_to(stanza, condition))


@pytest.mark.parametrize("condition,status", [
    ("service-unavailable", "failed"), ("recipient-unavailable", "failed"),
    ("forbidden", "forbidden")])
def test_rcpt_4_an_error_after_the_202_becomes_an_imdn(bed, condition, status):
    late_error(bed, condition)
    _, _, content = wrapped(bed.arrival(bed.u1))
    assert "<delivery-notification><status><%s/>" % status in content
    assert "<message-id>34jk324j</message-id>" in content


def test_rcpt_4_nobody_who_did_not_ask_is_told(bed):
    late_error(bed, "service-unavailable", "positive-delivery")
    bed.nothing_at(bed.u1)


def test_rcpt_4_after_another_final_there_is_no_imdn(bed):
    bed.zone(XMPP, ALICE)
    bed.x1.answer = lambda stanza: (0.01, error_to(stanza, "item-not-found"))
    bed.final(bed.u1.message(content_type="message/cpim", body=cpim()), 604)
    stanza = bed.stanza()
    bed.x1.answer = None
    acknowledge(bed, stanza.get("id"))
    bed.x1.send(error_to(stanza, "item-not-found"))
    bed.nothing_at(bed.u1)


def test_rcpt_4_rcpt_9_an_error_of_somebody_else_is_ignored(bed):
    stanza = ask(bed)
    bed.x1.send(error_to(stanza, "forbidden").replace(
        "alice@im.example", "mallory@im.example"))
    bed.nothing_at(bed.u1)


# RCPT-5: no report of our own ----------------------------------------------

def test_rcpt_5_as_proxy_we_pass_requests_and_report_nothing(bed):
    bed.zone(SIP, ALICE)
    body = cpim(ALL).encode()
    bed.final(bed.u1.message(content_type="message/cpim", body=body), 200)
    assert bed.arrival(bed.s1).body == body
    bed.nothing_at(bed.u1)


def test_rcpt_5_as_proxy_we_pass_reports(bed):
    bed.zone(SIP, ALICE)
    body = cpim(None, content_type="message/imdn+xml",
                content=imdn("34jk324j")).encode()
    bed.final(bed.u1.message(content_type="message/cpim", body=body), 200)
    assert bed.arrival(bed.s1).body == body


def test_rcpt_5_an_answer_of_sip_is_no_receipt(bed):
    bed.x1.message("Hi", inner="<request xmlns='%s'/>" % RECEIPTS)
    bed.arrival(bed.u1)
    bed.nothing_at(bed.x1)


# RCPT-7, RCPT-8: from XMPP, asking -----------------------------------------

def wish(bed, body="Hi", inner="<request xmlns='%s'/>" % RECEIPTS, **how):
    """A stanza with a wish. -> its id, and the MESSAGE"""
    ident = bed.x1.message(body, inner=inner, **how)
    return ident, bed.arrival(bed.u1)


@pytest.mark.parametrize("name,space,wants", [
    ("request", RECEIPTS, BOTH),
    ("markable", MARKERS, "negative-delivery, display")])
def test_rcpt_7_a_request_becomes_a_message_cpim(bed, name, space, wants):
    _, got = wish(bed, inner="<%s xmlns='%s'/>" % (name, space))
    metadata, fields, content = wrapped(got)
    names = dict(metadata)
    assert names["From"] == "<%s>" % got.address("from")
    assert names["To"] == "<tel:%s>" % CALLER
    assert ("NS", "imdn <urn:ietf:params:imdn>") in metadata
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
                        names["DateTime"])
    assert names["imdn.Disposition-Notification"] == wants
    assert fields == {"Content-type": "text/plain"} and content == "Hi"


def report(bed, got, status="delivered", notification="delivery", **change):
    """The phone's IMDN for a MESSAGE that it got. -> its answer"""
    message_id = dict(wrapped(got)[0])["imdn.Message-ID"]
    bed.zone(XMPP, ALICE)
    return bed.final(bed.u1.message(
        content_type="message/cpim", body=cpim(
            None, ident="phone1", content_type="message/imdn+xml",
            more=["Content-Disposition: notification"],
            content=imdn(message_id, status, notification)), **change),
        200, 202)


def test_rcpt_7_a_delivery_report_becomes_a_receipt(bed):
    ident, got = wish(bed)
    report(bed, got)
    stanza = bed.stanza("alice@im.example/r1")
    assert stanza.get("from") == US and stanza.get("id")
    assert child(stanza, "received", RECEIPTS).get("id") == ident
    assert stanza.text("body") is None
    assert child(stanza, "request", RECEIPTS) is None       # RCPT-8


def test_rcpt_7_rcpt_12_a_receipt_is_no_text_and_carries_no_chat_state(bed):
    states = "http://jabber.org/protocol/chatstates"
    _, got = wish(bed, inner="<request xmlns='%s'/><active xmlns='%s'/>" % (
        RECEIPTS, states))
    report(bed, got)
    stanza = bed.stanza("alice@im.example/r1")
    assert child(stanza, "active", states) is None


def test_rcpt_7_a_display_report_becomes_a_marker(bed):
    ident, got = wish(bed, inner="<markable xmlns='%s'/>" % MARKERS)
    report(bed, got, "displayed", "display")
    stanza = bed.stanza("alice@im.example/r1")
    assert child(stanza, "displayed", MARKERS).get("id") == ident


@pytest.mark.parametrize("status,condition", [
    ("failed", "recipient-unavailable"), ("error", "recipient-unavailable"),
    ("forbidden", "forbidden")])
def test_rcpt_7_a_failure_becomes_one_error(bed, status, condition):
    ident, got = wish(bed)
    report(bed, got, status)
    error = bed.error_stanza(ident, condition)
    assert error.get("to") == "alice@im.example/r1"
    report(bed, got, status)
    time.sleep(0.2)
    assert len(bed.x1.seen()) == 1


def test_rcpt_3_rcpt_7_a_report_that_comes_twice_goes_on_once(bed):
    _, got = wish(bed)
    report(bed, got)
    report(bed, got)
    report(bed, got, "failed")
    time.sleep(0.2)
    assert len(bed.x1.seen()) == 1


@pytest.mark.parametrize("change", [
    {"sender": "<tel:+12025550198>;tag=1"},
    {"sender": "<sip:mallory@example.com>;tag=1"}])
def test_rcpt_9_a_report_of_somebody_else_is_taken_and_dropped(bed, change):
    _, got = wish(bed)
    report(bed, got, **change)
    bed.nothing_at(bed.x1)
    report(bed, got)
    bed.stanza("alice@im.example/r1")


def test_rcpt_9_a_report_on_what_we_never_sent_is_dropped(bed):
    bed.zone(XMPP, ALICE)
    bed.final(bed.u1.message(content_type="message/cpim", body=cpim(
        None, content_type="message/imdn+xml", content=imdn("unknown"))),
        202)
    bed.nothing_at(bed.x1)


@pytest.mark.parametrize("content", [
    "<imdn", "<imdn/>", imdn(""), "<!DOCTYPE a [<!ENTITY e 'x'>]>" +
    imdn("&e;")])
def test_rcpt_7_sec_6_a_broken_report_is_refused(bed, content):
    bed.zone(XMPP, ALICE)
    bed.refuses(400, content_type="message/cpim", body=cpim(
        None, content_type="message/imdn+xml", content=content))


def refuse_cpim(message):
    return 415 if message.get("content-type") == "message/cpim" else 200


def test_rcpt_7_what_is_refused_comes_again_as_plain_text(bed):
    bed.u1.answer = refuse_cpim
    to = "+12025550177@" + GATEWAY_DOMAIN   # remembered for this one
    bed.x1.message("Hi", to=to, inner="<request xmlns='%s'/>" % RECEIPTS)
    one, two = bed.arrival(bed.u1, 2)
    assert one.get("content-type") == "message/cpim"
    assert (two.get("content-type"), two.body) == ("text/plain", b"Hi")
    bed.x1.message("2", to=to, inner="<request xmlns='%s'/>" % RECEIPTS)
    third = bed.arrival(bed.u1, 3)[2]
    assert (third.get("content-type"), third.body) == ("text/plain", b"2")
    bed.nothing_at(bed.x1)


def test_rcpt_7_sip_6_what_only_wrapping_makes_too_long_goes_plain(bed):
    _, got = wish(bed, "x" * 500)
    assert got.get("content-type") == "message/cpim"
    room = 1300 - len(got.raw)
    bed.x1.message("x" * (500 + room + 20),
                   inner="<request xmlns='%s'/>" % RECEIPTS)
    second = bed.arrival(bed.u1, 2)[1]
    assert second.get("content-type") == "text/plain"
    assert len(second.raw) <= 1300


def test_rcpt_7_a_text_that_failed_is_not_reported_on(bed):
    bed.u1.answer = 404
    ident, got = wish(bed)
    bed.error_stanza(ident, "item-not-found")
    bed.u1.answer = 200
    report(bed, got)
    time.sleep(0.2)
    assert len(bed.x1.seen()) == 1


def test_rcpt_8_a_request_without_an_id_is_ignored(bed):
    bed.x1.send("<message from='alice@im.example/r1' to='%s'><body>Hi</body>"
                "<request xmlns='%s'/></message>" % (US, RECEIPTS))
    got = bed.arrival(bed.u1)
    assert (got.get("content-type"), got.body) == ("text/plain", b"Hi")


def test_rcpt_8_a_request_in_an_acknowledgement_is_ignored(bed):
    bed.x1.message("Hi", inner=(
        "<received xmlns='%s' id='x'/><request xmlns='%s'/>" % (RECEIPTS,
                                                               RECEIPTS)))
    assert bed.arrival(bed.u1).get("content-type") == "text/plain"


@pytest.mark.parametrize("inner", [
    "<received xmlns='%s'/>" % RECEIPTS,
    "<received xmlns='%s' id=''/>" % RECEIPTS,
    "<request xmlns='%s'/>" % RECEIPTS])
def test_rcpt_8_a_stanza_that_acknowledges_nothing_is_ignored(bed, inner):
    ask(bed)
    bed.x1.message(inner=inner)
    bed.nothing_at(bed.u1)


# XMPP-11 -------------------------------------------------------------------

@pytest.mark.parametrize("to", [GATEWAY_DOMAIN, US])
def test_xmpp_11_disco_says_that_receipts_are_known(bed, to):
    bed.x1.send("<iq type='get' id='d1' from='alice@im.example/r1' to='%s'>"
                "<query xmlns='http://jabber.org/protocol/disco#info'/></iq>"
                % to)
    assert until(lambda: bed.x1.seen("iq", ident="d1"))
    answer, = bed.x1.seen("iq", ident="d1")
    features = [feature.get("var") for feature in answer.element.iter()
                if feature.tag.endswith("}feature")]
    assert RECEIPTS in features and MARKERS in features
