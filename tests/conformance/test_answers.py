"""Who wrote to whom, and what comes again: answers find their way (CONF-12,
CONF-13), stanzas sent again do not (XMPP-25), late ones say so (XMPP-26)."""
import email.utils
import re
import time

import pytest

from bed import ALICE, XMPP, config
from waiting import until

JID = "alice@im.example"
OURS = "+12025550199@gw.example.net"
BY_NUMBER = {"replies.from": "number"}
DELAY = "{urn:xmpp:delay}delay"


def conversation(bed, **change):
    """A message of the number to the JID. @return the thread of its stanza"""
    bed.zone(XMPP, ALICE)
    return bed.delivers_to(JID, **change).text("thread")


def reply(bed, body="Hi", number=1, **how):
    bed.x1.message(body, **how)
    got = bed.arrival(bed.u1, number)
    return got if number == 1 else got[-1]


# CONF-12: threads and Call-IDs

def test_conf_12_map_6_a_thread_of_ours_is_the_call_id(bed):
    thread = conversation(bed, call_id="known-1@127.0.9.11")
    assert thread == "known-1@127.0.9.11"
    inner = "<thread>%s</thread>" % thread
    one, two = reply(bed, inner=inner), reply(bed, number=2, inner=inner)
    assert one.get("call-id") == two.get("call-id") == thread
    assert one.tag("from") != two.tag("from")
    assert one.cseq < two.cseq


def test_conf_12_a_thread_of_others_is_not(bed):
    thread = conversation(bed, call_id="known-2@127.0.9.11")
    inner = "<thread>%s</thread>" % thread
    other = reply(bed, inner=inner, sender="mallory@im.example/x")
    assert other.get("call-id") != thread
    assert reply(bed, number=2, inner=inner,
                 to="+12025550198@gw.example.net").get("call-id") != thread


# CONF-13: the sender that the handset sees

def test_conf_13_by_default_it_is_the_jid(bed):
    conversation(bed)
    assert reply(bed).address("from") == "sip:alice@im.example;gr=r1"


@config(BY_NUMBER)
def test_conf_13_or_the_number_that_was_written_to(bed):
    conversation(bed, sender="<sip:+12025550199@carrier.example;user=phone>"
                             ";tag=f1")
    got = reply(bed)
    assert got.address("from") == "tel:+12025550100"
    assert got.tag("from")


@config(BY_NUMBER)
def test_conf_13_somebody_who_was_not_written_to_is_a_jid(bed):
    conversation(bed)
    assert reply(bed, sender="bob@im.example/r1").address("from") == (
        "sip:bob@im.example;gr=r1")
    assert reply(bed, number=2, to="+12025550198@gw.example.net").address(
        "from") == "sip:alice@im.example;gr=r1"


@config({"replies.from": "number", "replies.binding_age": "1s"})
def test_conf_13_a_number_is_forgotten(bed):
    conversation(bed)
    time.sleep(1.2)
    assert reply(bed).address("from") == "sip:alice@im.example;gr=r1"


# SEC-3: answers to a JID

@pytest.mark.parametrize("uri", [
    "sip:alice@im.example", "sip:alice@im.example;gr=r1"])
def test_conf_13_sec_3_a_handset_may_answer_the_jid_it_was_shown(bed, uri):
    shown = reply(bed).address("from")
    assert shown == "sip:alice@im.example;gr=r1"
    sent = bed.u1.message(uri, to="<%s>" % uri)
    assert bed.stanza(JID, sent).get("from") == OURS
    bed.final(sent, 202)
    bed.no_question()


def test_sec_3_nobody_else_may_and_to_nobody_else(bed):
    reply(bed, sender="carol@im.example/r1")
    bed.refuses(403, uri="sip:nobody@im.example")
    bed.refuses(403, uri="sip:carol@other.example")
    bed.refuses(403, uri="sip:carol@im.example",
                sender="<tel:+12025550197>;tag=f1")
    bed.refuses(403, uri="sip:carol@im.example",
                sender="<sip:anonymous@anonymous.invalid>;tag=f1")
    bed.final(bed.u2.message("sip:carol@im.example"), 403)
    bed.no_question()


def test_sec_3_map_23_a_foreign_address_is_not_relayed_to(bed):
    bed.refuses(403, uri="sip:stranger@im.example")
    bed.no_question()


@config({"replies.binding_age": "1s"})
def test_sec_3_the_permission_ends(bed):
    reply(bed)
    time.sleep(1.2)
    bed.refuses(403, uri="sip:alice@im.example")


# XMPP-25: stanzas that come again

def send_again(bed, ident, body="Hi", sender="alice@im.example/r1", inner=""):
    bed.x1.send("<message from='%s' to='%s' id='%s'><body>%s</body>%s"
                "</message>" % (sender, OURS, ident, body, inner))


def test_xmpp_25_a_stanza_sent_again_is_delivered_once(bed):
    ident = bed.x1.message("Hi")
    bed.arrival(bed.u1)
    send_again(bed, ident)
    send_again(bed, ident, sender="alice@im.example/after-a-break")
    bed.nothing_at(bed.x1)
    bed.arrival(bed.u1)


def test_xmpp_25_an_origin_id_counts_as_id(bed):
    inner = "<origin-id xmlns='urn:xmpp:sid:0' id='o-%s'/>" % time.time()
    send_again(bed, "a1", inner=inner)
    bed.arrival(bed.u1)
    send_again(bed, "a2", inner=inner)
    bed.nothing_at(bed.x1)
    bed.arrival(bed.u1)


def test_xmpp_25_a_stanza_id_is_anybodys_claim(bed):
    for ident in ("b1", "b2"):
        send_again(bed, ident + str(time.time()), inner=(
            "<stanza-id xmlns='urn:xmpp:sid:0' id='same' "
            "by='gw.example.net'/>"))
    bed.arrival(bed.u1, 2)


def test_xmpp_25_the_same_id_of_another_sender_or_text_is_another_message(bed):
    ident = bed.x1.message("Hi")
    bed.arrival(bed.u1)
    send_again(bed, ident, sender="bob@im.example/r1")
    bed.arrival(bed.u1, 2)
    send_again(bed, ident, body="Hi again")
    bed.arrival(bed.u1, 3)


def test_xmpp_25_what_failed_is_tried_again(bed):
    bed.u1.answer = 480
    ident = bed.x1.message("Hi")
    bed.error_stanza(ident, "recipient-unavailable")
    bed.u1.answer = 200
    send_again(bed, ident)
    assert until(lambda: len(bed.u1.messages) == 2)


@config({"limits.repeat_window": "1s"})
def test_xmpp_25_after_the_window_it_is_another_message(bed):
    ident = bed.x1.message("Hi")
    bed.arrival(bed.u1)
    time.sleep(1.2)
    send_again(bed, ident)
    bed.arrival(bed.u1, 2)


# XMPP-26, SIP-22, SIP-24: when it was sent

def date(at):
    return "Date: " + email.utils.formatdate(at, usegmt=True)


def stamp_of(stanza):
    delay = stanza.element.find(DELAY)
    return delay is not None and (delay.get("from"), delay.get("stamp"))


def test_xmpp_26_sip_22_an_old_date_becomes_a_stamp(bed):
    at = int(time.time()) - 7200
    bed.zone(XMPP, ALICE)
    stanza = bed.delivers_to(JID, extra=[date(at), "Expires: 86400"])
    assert stamp_of(stanza) == ("gw.example.net", time.strftime(
        "%Y-%m-%dT%H:%M:%SZ", time.gmtime(at)))


@pytest.mark.parametrize("age", [None, 0, -3600])
def test_xmpp_26_a_message_of_now_has_no_stamp(bed, age):
    bed.zone(XMPP, ALICE)
    extra = [] if age is None else [date(time.time() - age)]
    assert not stamp_of(bed.delivers_to(JID, extra=extra))


def test_xmpp_26_3_a_message_that_was_held_says_so(bed):
    bed.zone(XMPP, ALICE)
    bed.x1.stop()
    sent = bed.u1.message()
    time.sleep(0.3)
    bed.x1.start()
    bed.final(sent, 202, within=20)
    domain, stamp = stamp_of(bed.stanza(JID, sent))
    assert domain == "gw.example.net"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", stamp)


def test_xmpp_26_sip_24_the_delay_of_the_senders_server_is_the_date(bed):
    delay = "<delay xmlns='urn:xmpp:delay' from='%s' stamp='%s'/>"
    got = reply(bed, inner=delay % ("im.example", "2026-01-02T03:04:05Z"))
    assert got.get("date") == "Fri, 02 Jan 2026 03:04:05 GMT"
    got = reply(bed, number=2,
                inner=delay % ("evil.example", "2026-01-02T03:04:05Z"))
    assert got.get("date") != "Fri, 02 Jan 2026 03:04:05 GMT"
    got = reply(bed, number=3,
                inner=delay % ("im.example", "2999-01-02T03:04:05Z"))
    assert "2999" not in got.get("date")
