"""What is known after the gateway was killed and has begun again: who may
report on what, who wrote to whom."""
import time

import pytest

from addresses import CALLER, GATEWAY_DOMAIN
from bed import ALICE, XMPP, config
from test_receipts import (ALL, MARKERS, RECEIPTS, acknowledge, ask, cpim,
                           report, wish, wrapped)
from xmpp_end import error_to

US = "%s@%s" % (CALLER, GATEWAY_DOMAIN)
COMMITTED = 0.3     # s until a note is on disk, and much more


def restart(bed):
    time.sleep(COMMITTED)
    bed.restart()


# Reports -------------------------------------------------------------------

def test_rcpt_9_a_receipt_after_a_restart_becomes_one_imdn(bed):
    stanza = ask(bed)
    restart(bed)
    acknowledge(bed, stanza.get("id"))
    metadata, _, content = wrapped(bed.arrival(bed.u1))
    assert dict(metadata)["To"] == "<im:bob@example.com>"
    assert "<message-id>34jk324j</message-id>" in content
    assert "<delivered/>" in content
    acknowledge(bed, stanza.get("id"))
    time.sleep(0.3)
    assert len(bed.u1.messages) == 1


def test_rcpt_3_what_went_on_before_a_restart_does_not_again(bed):
    stanza = ask(bed)
    acknowledge(bed, stanza.get("id"))
    bed.arrival(bed.u1)
    restart(bed)
    acknowledge(bed, stanza.get("id"))
    acknowledge(bed, stanza.get("id"), "displayed", MARKERS)
    two = bed.arrival(bed.u1, 2)[1]
    assert b"<displayed/>" in two.body


@pytest.mark.parametrize("sender,ident", [
    ("mallory@im.example/r1", None), ("alice@evil.example/r1", None),
    ("alice@im.example/r1", "AAAAAAAAAAAAAAAAAAAA"),
    ("alice@im.example/r1", "short")])
def test_rcpt_9_a_forged_receipt_after_a_restart_is_ignored(bed, sender,
                                                          ident):
    stanza = ask(bed)
    restart(bed)
    acknowledge(bed, ident or stanza.get("id"), sender=sender)
    bed.nothing_at(bed.u1)
    acknowledge(bed, stanza.get("id"))
    bed.arrival(bed.u1)


def test_rcpt_4_an_error_after_a_restart_becomes_an_imdn(bed):
    stanza = ask(bed)
    restart(bed)
    bed.x1.send(error_to(stanza, "forbidden"))
    _, _, content = wrapped(bed.arrival(bed.u1))
    assert "<forbidden/>" in content


def test_rcpt_7_rcpt_9_an_imdn_after_a_restart_becomes_a_receipt(bed):
    ident, got = wish(bed)
    restart(bed)
    report(bed, got, sender="<tel:+12025550198>;tag=1")
    bed.nothing_at(bed.x1)
    report(bed, got)
    stanza = bed.stanza("alice@im.example/r1")
    received = stanza.element.find("{%s}received" % RECEIPTS)
    assert received.get("id") == ident
    restart(bed)
    report(bed, got)
    time.sleep(0.3)
    assert len(bed.x1.seen()) == 1


# Addresses -----------------------------------------------------------------

def answer(bed, **change):
    return bed.u1.message("sip:alice@im.example", **change)


def test_sec_3_a_number_may_answer_a_jid_after_a_restart(bed):
    bed.x1.message("Hi")
    bed.arrival(bed.u1)
    restart(bed)
    bed.final(answer(bed, sender="<tel:+12025550166>;tag=1"), 403)
    bed.final(answer(bed), 202)
    bed.stanza("alice@im.example")


@config({"replies.from": "number"})
def test_conf_13_the_number_is_shown_after_a_restart(bed):
    bed.zone(XMPP, ALICE)
    stanza = bed.delivers_to("alice@im.example")
    number = "tel:+442079460148"
    bed.x1.message("Hi")
    before = bed.arrival(bed.u1).address("from")
    assert before.startswith("tel:+")
    restart(bed)
    bed.x1.message("Hi again", to=stanza.get("from"))
    assert bed.arrival(bed.u1, 2)[1].address("from") == before


# Failures ------------------------------------------------------------------

TOLD = {"queue.failure_text": "on"}


@config(TOLD)
@pytest.mark.parametrize("condition,reason", [
    ("service-unavailable", "the recipient cannot be reached"),
    ("forbidden", "it is not allowed")])
def test_rcpt_4_sec_2_a_failure_after_the_202_is_told_in_a_text(
        bed, condition, reason):
    bed.zone(XMPP, ALICE)
    sent = bed.u1.message()
    stanza = bed.stanza("alice@im.example", sent)
    bed.final(sent, 202)
    bed.u1.answer = 404     # nobody hears that the text failed
    bed.x1.send(error_to(stanza, condition))
    bed.x1.send(error_to(stanza, condition))
    got = bed.arrival(bed.u1)
    assert got.uri == got.address("to") == "tel:" + CALLER
    assert got.get("content-type") == "text/plain"
    assert got.body.startswith(b"Your message to +")
    assert got.body.endswith(b" was not delivered: %s." % reason.encode())
    assert b"alice" not in got.body
    time.sleep(0.4)
    assert len(bed.u1.messages) == 1 and len(bed.x1.seen()) == 1


@config(TOLD)
def test_rcpt_4_a_failure_after_a_restart_is_told_in_a_text(bed):
    bed.zone(XMPP, ALICE)
    stanza = bed.delivers_to("alice@im.example")
    restart(bed)
    bed.x1.send(error_to(stanza, "gone"))
    assert b"was not delivered" in bed.arrival(bed.u1).body


@config(TOLD)
def test_rcpt_4_sec_13_who_hides_is_told_nothing(bed):
    bed.zone(XMPP, ALICE)
    stanza = bed.delivers_to("alice@im.example",
                             sender="<sip:a@anonymous.invalid>;tag=1")
    bed.x1.send(error_to(stanza, "gone"))
    bed.nothing_at(bed.u1)


@config(TOLD)
def test_rcpt_4_who_asked_for_a_report_gets_no_text(bed):
    stanza = ask(bed, ALL)
    bed.x1.send(error_to(stanza, "gone"))
    assert bed.arrival(bed.u1).get("content-type") == "message/cpim"


@config({"queue.failure_text": "on", "queue.hold": ["sip"],
         "queue.expire": "2s", "queue.retry": ["300ms"],
         "routing.fallback": "sip:127.0.9.21:5060"})
@pytest.mark.parametrize("asks", [False, True])
def test_rcpt_4_what_was_held_for_sip_and_died_is_told(bed, asks):
    bed.zone("Z NXDOMAIN\n")
    bed.s1.answer = 480
    content = {"content_type": "message/cpim", "body": cpim(ALL)} if asks \
        else {}
    bed.final(bed.u1.message(**content), 202)
    got = bed.arrival(bed.u1, within=8)
    if asks:
        assert "<failed/>" in wrapped(got)[2]
    else:
        assert got.body.startswith(b"Your message to +")


def test_rcpt_4_nobody_is_told_in_a_text_who_did_not_ask(bed):
    bed.zone(XMPP, ALICE)
    stanza = bed.delivers_to("alice@im.example")
    bed.x1.send(error_to(stanza, "gone"))
    bed.nothing_at(bed.u1)
