"""The SIP side as a proxy and as a server: RFC 3261, 3428, 4320."""
import socket
import time

import pytest

from addresses import GATEWAY, U1, U3
from bed import ALICE, SIP, XMPP, config, im_rule
from sip_end import Answer, Sent
from sip_message import Message, request, unique
from waiting import until


def accept_of(answer):
    return ",".join(answer.all("accept"))


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


# Validation

def test_s_17_sip_8_max_forwards_0_is_refused(bed):
    bed.zone(XMPP, ALICE)
    bed.refuses(483, max_forwards="0")


def test_s_17_sip_8_max_forwards_is_added_when_absent(bed):
    bed.zone(SIP, ALICE)
    bed.final(bed.u1.message(without=["Max-Forwards"]), 200)
    assert bed.arrival(bed.s1).all("max-forwards") == ["70"]


@pytest.mark.parametrize("header,tag", [("Require: foo", "foo"),
                                        ("Proxy-Require: bar", "bar")])
def test_s_17_sip_13_unknown_extensions_are_refused_by_name(bed, header, tag):
    bed.zone(XMPP, ALICE)
    answer = bed.refuses(420, extra=[header])
    assert answer.all("unsupported") == [tag]


def test_sip_13_a_proxy_ignores_require(bed):
    bed.zone(SIP, ALICE)
    bed.final(bed.u1.message(extra=["Require: foo"]), 200)
    assert bed.arrival(bed.s1).get("require") == "foo"


@pytest.mark.parametrize("method", ["INVITE", "SUBSCRIBE", "REGISTER"])
def test_s_17_sip_12_known_methods_that_we_lack_get_405(bed, method):
    bed.zone(XMPP, ALICE)
    sent = bed.u1.message(method=method, extra=["Contact: <sip:127.0.9.11>"])
    answer = bed.final(sent, 405)
    assert "MESSAGE" in ",".join(answer.all("allow"))
    if method == "INVITE":
        bed.u1.message(method="ACK", branch=sent.message.branch,
                       call_id=sent.message.get("call-id"),
                       to=answer.get("to"))


def test_s_17_sip_12_an_unknown_method_gets_501(bed):
    bed.zone(XMPP, ALICE)
    bed.refuses(501, method="FOO")


def test_sip_12_cancel_of_nothing_gets_481(bed):
    bed.refuses(481, method="CANCEL", content_type="", body=b"",
                without=["Content-Type"])


def test_sip_12_cancel_of_a_message_gets_200_and_cancels_nothing(bed):
    bed.zone(XMPP, ALICE, "Z DELAY 1")
    sent = bed.u1.message()
    bed.u1.message(method="CANCEL", branch=sent.message.branch,
                   call_id=sent.message.get("call-id"))
    assert until(lambda: sent.codes == [200, 202])
    bed.stanza("alice@im.example")


def test_sip_12_ack_is_never_answered(bed):
    sent = bed.u1.message(method="ACK")
    time.sleep(0.4)
    assert sent.codes == []


@pytest.mark.parametrize("uri", ["mailto:a@b", "foo:bar", "http://a.example/"])
def test_s_17_sip_25_an_unknown_scheme_gets_416(bed, uri):
    bed.refuses(416, uri=uri)


def test_sip_25_an_unknown_scheme_in_to_does_not_matter(bed):
    bed.zone(XMPP, ALICE)
    bed.delivers_to("alice@im.example", to="<foo:bar>")


@pytest.mark.parametrize("uri", ["sip:bob@elsewhere.example",
                                 "sip:bob@gw.example.net"])
def test_sip_25_sec_3_other_addresses_are_not_relayed_to(bed, uri):
    bed.refuses(403, 404, uri=uri)


def test_s_17_sip_14_options_tells_what_we_can(bed):
    answer = bed.final(bed.u1.message(
        "sip:gw.example.net", method="OPTIONS", body=b"",
        without=["Content-Type"]), 200)
    allow = ",".join(answer.all("allow"))
    assert "MESSAGE" in allow and "OPTIONS" in allow
    assert "text/plain" in accept_of(answer)
    for name in ("Accept-Encoding", "Accept-Language", "Supported"):
        assert answer.all(name)


def test_sip_26_a_to_tag_without_a_dialog_gets_481_on_the_way_to_xmpp(bed):
    bed.zone(XMPP, ALICE)
    bed.refuses(481, to="<tel:+12025550100>;tag=old")


def test_sip_27_our_own_route_is_taken_off(bed):
    bed.zone(SIP, ALICE)
    bed.final(bed.u1.message(extra=["Route: <sip:gw.example.net;lr>"]), 200)
    assert bed.arrival(bed.s1).all("route") == []


def test_sip_28_names_may_be_short_and_lines_folded(bed):
    bed.zone(XMPP, ALICE)
    raw = request(extra=["s: a\r\n folded\r\n\tsubject"])
    for long, short in ((b"Via:", b"v :"), (b"From:", b"f:"), (b"To:", b"t :"),
                        (b"Call-ID:", b"i:"), (b"Content-Type:", b"C:"),
                        (b"Content-Length:", b"l:")):
        raw = raw.replace(long, short)
    sent = bed.u1.send(raw)
    stanza = bed.stanza("alice@im.example", sent)
    assert stanza.text("subject") == "a folded subject"
    bed.final(sent, 202)


def test_sip_29_octets_after_the_body_are_dropped_on_udp(bed):
    bed.zone(XMPP, ALICE)
    stanza = bed.delivers_to("alice@im.example", body=b"Hello, world",
                             length=5)
    assert stanza.text("body") == "Hello"


def test_sip_29_a_body_that_is_too_short_is_refused(bed):
    bed.zone(XMPP, ALICE)
    bed.refuses(400, length=50)


# Content on the way to XMPP

def test_s_16_sip_4_a_type_that_xmpp_cannot_carry_gets_415(bed):
    bed.zone(XMPP, ALICE)
    answer = bed.refuses(415, content_type="image/png", body=b"\x89PNG")
    assert "text/plain" in accept_of(answer)
    assert answer.all("accept-encoding") and answer.all("accept-language")


def test_carr_2_sms_over_ip_is_never_decoded(bed):
    bed.zone(XMPP, ALICE)
    answer = bed.refuses(415, content_type="application/vnd.3gpp.sms",
                         body=b"\0\1\0")
    assert "message/cpim" in accept_of(answer)


def test_s_16_sip_30_an_unknown_encoding_gets_415(bed):
    bed.zone(XMPP, ALICE)
    answer = bed.refuses(415, extra=["Content-Encoding: x-foo"])
    assert answer.all("accept-encoding")


MIXED = (b"--b1\r\nContent-Type: text/plain\r\n\r\nHi\r\n"
         b"--b1\r\nContent-Type: image/png\r\n"
         b"Content-Disposition: render;handling=optional\r\n\r\n"
         b"\x89PNG\r\n--b1--\r\n")


def test_s_16_sip_4_the_text_of_a_multipart_is_delivered(bed):
    bed.zone(XMPP, ALICE)
    stanza = bed.delivers_to("alice@im.example", body=MIXED,
                             content_type='multipart/mixed;boundary="b1"')
    assert stanza.text("body").strip() == "Hi"


def test_sip_30_another_charset_is_converted_or_refused(bed):
    bed.zone(XMPP, ALICE)
    sent = bed.u1.message(content_type="text/plain;charset=iso-8859-1",
                          body=b"caf\xe9")
    if bed.final(sent, 202, 415).code == 202:
        assert bed.stanza("alice@im.example").text("body") == "caf\u00e9"


def test_map_9_markup_in_plain_text_arrives_literally(bed):
    bed.zone(XMPP, ALICE)
    stanza = bed.delivers_to("alice@im.example", body="<b>&amp;\"']]></b>")
    assert stanza.text("body") == "<b>&amp;\"']]></b>"


def test_map_20_line_ends_are_those_of_xmpp(bed):
    bed.zone(XMPP, ALICE)
    stanza = bed.delivers_to("alice@im.example", body=b"one\r\ntwo\r\n")
    assert stanza.text("body").splitlines() == ["one", "two"]
    assert "\r" not in stanza.text("body")


def test_xmpp_5_characters_that_xml_forbids_are_replaced(bed):
    bed.zone(XMPP, ALICE)
    stanza = bed.delivers_to("alice@im.example", body=b"H\1\2I\xef\xbf\xbe")
    assert stanza.text("body") == "H\ufffd\ufffdI\ufffd"


def test_xmpp_5_text_that_is_no_utf_8_is_refused(bed):
    bed.zone(XMPP, ALICE)
    bed.refuses(400, body=b"H\xff\xfeI")


def test_map_12_a_secured_address_never_becomes_a_stanza(bed):
    bed.zone(XMPP, ALICE)
    bed.refuses(480, to="<sips:+12025550100@gw.example.net;user=phone>")


# Time

def test_sip_22_an_expired_message_is_not_delivered(bed):
    bed.zone(XMPP, ALICE)
    past = time.strftime("%a, %d %b %Y %H:%M:%S GMT",
                         time.gmtime(time.time() - 7200))
    bed.refuses(480, extra=["Date: " + past, "Expires: 60"])


def test_sip_22_a_message_that_has_time_is_delivered(bed):
    bed.zone(XMPP, ALICE)
    now = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime())
    bed.delivers_to("alice@im.example", extra=["Date: " + now, "Expires: 60"])


# Who may send, and as whom

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
