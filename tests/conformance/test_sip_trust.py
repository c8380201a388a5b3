"""Who may send SIP to us, as whom and how much; loops; what must not hurt."""
import time

from addresses import GATEWAY, U1, U3
from bed import ALICE, XMPP, config, im_rule
from sip_message import request, unique
from waiting import until


def test_sec_3_a_stranger_is_refused_before_any_work(bed):
    bed.zone(XMPP, ALICE)
    bed.final(bed.u2.message(), 403)
    bed.nothing_at(bed.x1, bed.s1)
    bed.no_question()


@config({"sip.admit": [U3[0]]})
def test_sec_3_an_admitted_peer_may_send(bed):
    bed.zone(XMPP, ALICE)
    sent = bed.u3.message()
    bed.stanza("alice@im.example")
    bed.final(sent, 202)


ASSERTED = ["P-Asserted-Identity: <tel:+12025550142>"]
ANONYMOUS = '"Anonymous" <sip:anonymous@anonymous.invalid>;tag=f1'


def test_sip_36_carr_1_a_trusted_peers_assertion_is_the_sender(bed):
    bed.zone(XMPP, ALICE)
    stanza = bed.delivers_to("alice@im.example", sender=ANONYMOUS,
                             extra=ASSERTED)
    assert stanza.get("from") == "+12025550142@gw.example.net"


@config({"sip.admit": [U3[0]]})
def test_sip_36_another_peers_assertion_is_not_believed(bed):
    bed.zone(XMPP, ALICE)
    bed.u3.message(extra=ASSERTED)
    stanza = bed.stanza("alice@im.example")
    assert "+12025550142" not in stanza.get("from")


def test_sip_36_sec_13_privacy_hides_the_number(bed):
    bed.zone(XMPP, ALICE)
    stanza = bed.delivers_to("alice@im.example", sender=ANONYMOUS,
                             extra=ASSERTED + ["Privacy: id"])
    assert "2025550142" not in repr(stanza)
    assert stanza.get("from").endswith("@gw.example.net")


@config({"limits.per_sender": "2/s"})
def test_sec_4_a_sender_above_the_limit_is_told_to_wait(bed):
    bed.zone(XMPP, ALICE)
    sent = [bed.u1.message() for _ in range(20)]
    assert until(lambda: all(one.finals for one in sent))
    answers = [one.finals[0] for one in sent]
    assert {answer.code for answer in answers} == {202, 480}
    assert all(answer.get("retry-after") for answer in answers
               if answer.code == 480)


# Loops

@config({"limits.loop_count": 5, "limits.loop_window": "10s"})
def test_sec_12_the_same_text_again_and_again_is_a_loop(bed):
    bed.zone(XMPP, ALICE)
    sent = [bed.u1.message(body="ping-pong") for _ in range(10)]
    assert until(lambda: all(one.finals for one in sent))
    assert [one.codes[-1] for one in sent] == [202] * 5 + [482] * 5


def test_sec_12_people_may_repeat_themselves(bed):
    bed.zone(XMPP, ALICE)
    sent = [bed.u1.message(body="ok") for _ in range(30)]
    assert until(lambda: all(one.codes == [202] for one in sent))


@config({"sip.trust": [U1[0], GATEWAY[0]]})
def test_sip_9_sec_12_a_route_that_leads_to_ourselves_is_a_loop(bed):
    bed.zone(ALICE, "_im._sip.im.example SRV 0 0 5060 gw.im.example\n"
             "gw.im.example A 127.0.9.2")
    bed.final(bed.u1.message(), 482)
    assert len(bed.dns.asked("NAPTR", below="e164.arpa")) <= 1


# What must not hurt; RFC 4475 has a file of its own, test_torture.py

def test_sip_16_via_maddr_sends_the_answer_to_nobody_else(bed):
    bed.zone(XMPP, ALICE)
    bed.u1.message(via="SIP/2.0/UDP 127.0.9.11;maddr=127.0.9.21"
                   ";branch=z9hG4bK-" + unique())
    time.sleep(0.3)
    assert bed.s1.responses == []


def test_sip_41_an_escaped_nul_does_not_cut_a_name(bed):
    bed.zone(XMPP, im_rule("ali%00ce@im.example", 1),
             im_rule("good@im.example", 2))
    bed.delivers_to("good@im.example")


def test_sec_17_half_a_message_on_tcp_blocks_nobody(bed):
    bed.zone(XMPP, ALICE)
    halves = [bed.u1.connect() for _ in range(20)]
    for connection in halves:
        connection.sendall(request(transport="TCP")[:80])
    bed.delivers_to("alice@im.example")
    for connection in halves:
        connection.close()


def test_xmpp_30_a_burst_keeps_its_order(bed):
    bed.zone(XMPP, ALICE)
    sent = [bed.u1.message(body="%d" % n) for n in range(50)]
    assert until(lambda: len(bed.x1.seen()) == 50, 10)
    assert [s.text("body") for s in bed.x1.seen()] == [
        "%d" % n for n in range(50)]
    assert until(lambda: all(one.codes == [202] for one in sent))
