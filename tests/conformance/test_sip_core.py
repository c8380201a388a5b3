"""The SIP side as a proxy and as a server: delivery, transactions and
transports (RFC 3261, 3428, 4320)."""
import socket
import time

import pytest

from addresses import GATEWAY, U1
from bed import ALICE, SIP, XMPP, config
from sip_end import Answer, Sent
from sip_message import Message, request, response, unique
from waiting import until


# One message, both ways of delivery

def test_s_01_map_7_8_sip_1_2_a_message_becomes_a_stanza_and_202(bed):
    bed.zone(XMPP, ALICE)
    sent = bed.u1.message(call_id="c1-%s@127.0.9.11" % unique(),
                          extra=["Subject: Test", "Content-Language: en"])
    stanza = bed.stanza("alice@im.example", sent)
    assert stanza.get("from") == "+12025550199@gw.example.net"
    assert stanza.get("type") in (None, "normal")
    assert stanza.get("id")
    assert stanza.text("body") == "Hello"
    assert stanza.text("subject") == "Test"
    assert stanza.text("thread") == sent.message.get("call-id")
    assert stanza.lang == "en"
    answer = bed.final(sent, 202)
    assert answer.tag("to")
    assert not answer.all("contact")
    assert answer.get("content-length") == "0" and answer.body == b""
    time.sleep(0.3)
    assert sent.codes == [202]


def test_s_02_sip_5_8_16_31_a_message_is_proxied_untouched(bed):
    bed.zone(SIP, ALICE)
    bed.s1.answer = Answer(200, headers=["X-S1: hello"], tag="s1tag")
    sent = bed.u1.message(extra=[
        "X-Foo: bar", "Date: Sun, 22 Nov 2026 12:00:00 GMT",
        "Identity: eyJ.a.b;info=<https://a.example/c.pem>"])
    got = bed.arrival(bed.s1)
    assert got.uri == "sip:alice@simple.im.example"
    assert got.get("max-forwards") == "69"
    for name in ("From", "To", "Call-ID", "CSeq", "Content-Type", "X-Foo",
                 "Date", "Identity"):                   # SIP-37, SIP-43
        assert got.all(name) == sent.message.all(name)
    assert got.body == b"Hello"
    assert len(got.vias) == 2
    assert got.branch.startswith("z9hG4bK")
    assert got.branch != sent.message.branch
    assert not got.all("record-route") and not got.all("contact")
    answer = bed.final(sent, 200)
    assert answer.tag("to") == "s1tag"
    assert answer.get("x-s1") == "hello"
    assert len(answer.vias) == 1


@pytest.mark.parametrize("code", [202, 404, 301, 488, 603])
def test_s_02_sip_32_the_final_of_the_next_hop_is_the_answer(bed, code):
    bed.zone(SIP, ALICE)
    bed.s1.answer = code
    bed.final(bed.u1.message(), code)


@pytest.mark.parametrize("code,upstream", [(503, 500), (408, 504)])
def test_sip_20_32_503_and_408_are_not_passed_on(bed, code, upstream):
    bed.zone(SIP, ALICE)
    bed.s1.answer = code
    sent = bed.u1.message()
    bed.final(sent, upstream, 480)
    assert code not in sent.codes


def test_sip_7_a_large_message_goes_over_tcp(bed):
    bed.zone(SIP, ALICE)
    bed.final(bed.u1.message(body=b"x" * 2000), 200)
    got = bed.arrival(bed.s1)
    assert got.transport == "tcp" and "SIP/2.0/TCP" in got.vias[0]


def test_sip_7_a_large_message_falls_back_to_udp_when_tcp_is_refused(bed):
    bed.zone(ALICE, "_im._sip.im.example SRV 0 0 5060 u.im.example\n"
             "u.im.example A 127.0.9.25")
    server = bed.sip_end("127.0.9.25", tcp=False)
    bed.final(bed.u1.message(body=b"x" * 2000), 200, within=8)
    assert bed.arrival(server).transport == "udp"


# Transactions and timing

def test_s_14_sip_17_retransmissions_are_delivered_once(bed):
    bed.zone(XMPP, ALICE)
    raw = request()
    sent = bed.u1.send(raw)
    for pause in (0.3, 0.5, 0.8):
        time.sleep(pause)
        bed.u1.send(raw)
    bed.final(sent, 202)
    assert until(lambda: len(sent.finals) >= 4)
    assert len({answer.raw for answer in sent.finals}) == 1
    bed.stanza("alice@im.example")


@pytest.mark.parametrize("zone", [XMPP, SIP], ids=["xmpp", "sip"])
def test_s_14_sip_17_a_copy_five_seconds_later_gets_the_same_octets(bed, zone):
    bed.zone(zone, ALICE)
    sent = bed.u1.message()
    bed.final(sent, 200, 202)
    time.sleep(5)
    bed.u1.send(sent.message.raw)
    assert until(lambda: len(sent.finals) == 2)
    assert sent.finals[0].raw == sent.finals[1].raw
    assert len(bed.x1.seen()) + len(bed.s1.messages) == 1


def test_sip_11_conf_21_a_merged_request_gets_482_on_the_way_to_xmpp(bed):
    bed.zone(XMPP, ALICE, "Z DELAY 1")
    call_id = unique()
    first, second = [bed.u1.message(call_id=call_id) for _ in range(2)]
    bed.final(first, 202)
    bed.final(second, 482)
    bed.stanza("alice@im.example")


def test_sip_11_conf_21_a_proxy_passes_merged_requests_on(bed):
    bed.zone(SIP, ALICE, "Z DELAY 1")
    call_id = unique()
    for sent in [bed.u1.message(call_id=call_id) for _ in range(2)]:
        bed.final(sent, 200)
    assert len(bed.s1.messages) == 2


def test_s_14_sip_17_a_new_branch_and_cseq_is_a_new_message(bed):
    bed.zone(XMPP, ALICE)
    call_id = unique()
    for cseq in (1, 2):
        bed.final(bed.u1.message(call_id=call_id, cseq=cseq), 202)
    assert until(lambda: len(bed.x1.seen()) == 2)


@config({"dns.timeout": "8s"})
def test_s_15_sip_19_one_100_at_3_5_seconds_when_the_dns_is_slow(bed):
    bed.zone(XMPP, ALICE, "Z DELAY 6")
    sent = bed.u1.message()
    bed.final(sent, 202, within=9)
    trying = [r for r in sent.responses if r.code < 200]
    assert [r.code for r in trying] == [100]
    assert 3.4 <= trying[0].when - sent.when <= 4.5
    assert not trying[0].tag("to")


def test_s_15_sip_18_19_20_a_silent_target_ends_in_504_and_never_in_408(bed):
    bed.zone(ALICE, "_im._sip.im.example SRV 0 0 5060 s.im.example\n"
             "s.im.example A 127.0.9.25")
    silent = bed.sip_end("127.0.9.25")
    silent.answer = None
    sent = bed.u1.message()
    final = bed.final(sent, 504, 480, within=32)
    times = [r.when - silent.requests[0].when for r in silent.requests]
    for seen, planned in zip(times, (0, 0.5, 1.5, 3.5)):
        assert abs(seen - planned) <= 0.3
    assert len(times) >= 4
    assert len({r.branch for r in silent.requests}) == 1
    trying = [r.when - sent.when for r in sent.responses if r.code == 100]
    assert len(trying) == 1 and 3.4 <= trying[0] <= 4.5
    silent.respond(silent.requests[0], Answer(200))
    time.sleep(0.5)
    assert sent.codes[-1] == final.code and len(sent.finals) == 1
    # until Timer F is over: who comes back must not get what was given up
    count = len(silent.requests)
    time.sleep(max(0, silent.requests[0].when + 33 - time.monotonic()))
    assert len(silent.requests) == count


def test_sip_44_over_tcp_the_answer_comes_on_the_same_connection(bed):
    bed.zone(XMPP, ALICE)
    connection = bed.u1.connect()
    bed.final(bed.u1.message(over=connection), 202)
    connection.close()


def test_sip_44_a_sender_that_hung_up_is_called_back(bed):
    bed.zone(XMPP, ALICE, "Z DELAY 0.5")
    connection = bed.u1.connect()
    sent = bed.u1.message(over=connection)
    assert until(lambda: bed.dns.asked("NAPTR"))
    connection.close()
    bed.final(sent, 202)


def test_sip_36_sec_13_an_assertion_goes_to_nobody_else(bed):
    bed.zone(SIP, ALICE)
    bed.u1.message(extra=["P-Asserted-Identity: <tel:+12025550142>",
                          "Privacy: id"])
    assert bed.arrival(bed.s1).all("p-asserted-identity") == []


def test_sip_29_a_tcp_message_may_come_octet_by_octet(bed):
    bed.zone(XMPP, ALICE)
    connection = bed.u1.connect()
    raw = request(transport="TCP")
    for octet in raw[:-1]:
        connection.send(bytes([octet]))
    bed.final(bed.u1.send(raw[-1:], connection) and Sent(bed.u1, raw), 202)
    connection.close()


def test_sip_29_several_messages_may_come_in_one_segment(bed):
    bed.zone(XMPP, ALICE)
    connection = bed.u1.connect()
    raws = [request(transport="TCP", body=body) for body in (b"1", b"2")]
    connection.sendall(b"".join(raws))
    assert until(lambda: len(bed.x1.seen()) == 2)
    assert [s.text("body") for s in bed.x1.seen()] == ["1", "2"]
    connection.close()


@pytest.mark.parametrize("before", [b"\r\n", b"\r\n\r\n" * 20],
                         ids=["one", "many"])
@pytest.mark.parametrize("over_tcp", [False, True], ids=["udp", "tcp"])
def test_sip_39_40_empty_lines_in_front_of_a_message_are_ignored(
        bed, before, over_tcp):
    bed.zone(SIP, ALICE)
    over = bed.u1.connect() if over_tcp else None
    raw = request(transport="TCP" if over else "UDP")
    sent = Sent(bed.u1, raw)
    bed.s1.answer = lambda got: got.reply(before + response(got, 200))
    bed.u1.send(before + raw, over)
    bed.final(sent, 200)
    assert bed.arrival(bed.s1).raw.startswith(b"MESSAGE sip:")


def test_sip_16_the_answer_goes_where_the_request_came_from(bed):
    bed.zone(XMPP, ALICE)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind((U1[0], 0))
        other.settimeout(5)
        other.sendto(request(), GATEWAY)
        answer = Message(other.recv(65535))
        port = other.getsockname()[1]
    assert answer.code == 202
    assert "rport=%d" % port in answer.vias[0]
    assert "received=" + U1[0] in answer.vias[0]


def test_sip_15_a_response_copies_what_identifies_the_request(bed):
    bed.zone(XMPP, ALICE)
    below = "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK-below"
    sent = bed.u1.message(extra=["Via: " + below])
    answer = bed.final(sent, 202)
    assert answer.vias[1] == below
    for name in ("From", "Call-ID", "CSeq"):
        assert answer.all(name) == sent.message.all(name)


# RFC 3428

def test_sip_3_text_plain_is_taken_and_sent(bed):
    bed.zone(XMPP, ALICE)
    stanza = bed.delivers_to("alice@im.example", content_type="text/plain",
                             body=b"Hello")
    assert stanza.text("body") == "Hello"
    bed.x1.message(to="+12025550199@gw.example.net",
                   sender="alice@im.example/phone", body="Hi")
    got = bed.arrival(bed.u1)
    assert got.get("content-type") == "text/plain" and got.body == b"Hi"


def test_sip_48_of_several_finals_the_sender_sees_one(bed):
    bed.zone(SIP, ALICE)
    bed.s1.answer = None            # as if it had forked
    sent = bed.u1.message()
    got = bed.arrival(bed.s1)
    for code, tag in ((200, "a"), (200, "b"), (603, "c")):
        bed.s1.respond(got, Answer(code, tag=tag))
    assert bed.final(sent, 200).tag("to") == "a"
    time.sleep(0.5)
    assert sent.codes == [200]
