"""From XMPP to the number: RFC 7572, 7247, 3428 section 8."""
import re
import time

import pytest

from addresses import U1
from bed import XMPP, config
from sip_end import Answer
from waiting import until

ALICE = r"<sip:alice@im\.example;gr=r1>"


def reply(bed, body="Hi", **how):
    """A stanza to the number and the MESSAGE that it becomes."""
    bed.x1.message(body, **how)
    return bed.arrival(bed.u1)


def test_map_6_a_stanza_becomes_a_message(bed):
    got = reply(bed, attributes="xml:lang='en'",
                inner="<subject>Test</subject>")
    assert got.uri == "tel:+12025550199"
    assert got.address("to") == "tel:+12025550199"
    assert re.search(ALICE + ";tag=", got.get("from"))
    assert got.get("content-language") == "en"
    assert got.get("subject") == "Test"
    assert got.get("max-forwards") == "70"
    assert got.get("content-type").startswith("text/plain")
    assert not got.all("contact")                           # SIP-1
    assert got.branch.startswith("z9hG4bK")
    assert got.body == b"Hi"
    bed.nothing_at(bed.x1)


def test_s_19_map_18_sec_5_no_text_can_make_a_header(bed):
    got = reply(bed, "R\u00e9ponse", attributes="xml:lang='fr'", inner=(
        "<subject>Hi&#13;&#10;Route: &lt;sip:evil.example&gt;</subject>"))
    assert len(got.all("subject")) == 1 and "subject" not in got.folded
    assert got.get("subject").startswith("Hi")
    assert got.all("route") == []
    assert got.get("content-language") == "fr"
    assert got.get("content-length") == "8"
    assert got.body == "R\u00e9ponse".encode()


@pytest.mark.parametrize("inner", [
    "<thread>a&#10;Route: &lt;sip:evil.example&gt;</thread>",
    "<nick xmlns='http://jabber.org/protocol/nick'>a&quot;&#10;Route: b</nick>",
    "<subject>&#9;&#127;&#x202e;</subject>"])
def test_map_18_the_same_holds_for_other_texts(bed, inner):
    got = reply(bed, inner=inner)
    assert got.all("route") == [] and got.folded == []


@pytest.mark.parametrize("jid,uri", [
    (r"m\26m@im.example", "sip:m&m@im.example"),
    ("tsch\u00fcss@im.example", "sip:tsch%C3%BCss@im.example"),
    (r"a\40b@im.example", "sip:a%40b@im.example"),
    ("alice@im.example/r 1", "sip:alice@im.example;gr=r%201"),
    ("alice@im.example/a;b>", "sip:alice@im.example;gr=a%3Bb%3E"),
])
def test_map_3_18_a_jid_becomes_a_sip_uri(bed, jid, uri):
    assert reply(bed, sender=jid).address("from") == uri


def test_map_17_conf_12_call_ids_tell_threads_apart_and_keep_their_secret(bed):
    bed.x1.message("1", inner="<thread>t1</thread>")
    bed.arrival(bed.u1, 1)
    bed.x1.message("2", inner="<thread>t1</thread>")
    bed.arrival(bed.u1, 2)
    bed.x1.message("3", inner="<thread>t2</thread>")
    one, two, three = bed.arrival(bed.u1, 3)
    assert one.get("call-id") == two.get("call-id")
    assert one.get("call-id") != three.get("call-id")
    assert len({(m.get("call-id"), m.tag("from"), m.cseq)
                for m in (one, two, three)}) == 3
    assert "t1" not in one.get("call-id").split("@")[0]


def test_map_19_of_several_bodies_one_is_sent(bed):
    got = reply(bed, None, attributes="xml:lang='en'", inner=(
        "<body xml:lang='de'>Hallo</body><body>Hello</body>"))
    assert got.body == b"Hello"


def test_xmpp_28_32_markup_beside_the_text_is_left_out(bed):
    got = reply(bed, "plain", inner=(
        "<html xmlns='http://jabber.org/protocol/xhtml-im'>"
        "<body xmlns='http://www.w3.org/1999/xhtml'><b>rich</b></body></html>"
        "<encrypted xmlns='eu.siacs.conversations.axolotl'/>"))
    assert got.body == b"plain"


def test_map_20_lines_end_as_in_sip(bed):
    assert reply(bed, "one\ntwo").body.splitlines() == [b"one", b"two"]


def test_s_20_sip_21_messages_to_one_number_go_one_after_the_other(bed):
    bed.u1.answer = lambda message: Answer(200, after=0.7)
    bed.x1.message("1")
    bed.x1.message("2")
    one, two = bed.arrival(bed.u1, 2)
    assert [one.body, two.body] == [b"1", b"2"]
    assert one.answered and two.when >= one.answered - 0.01
    assert (one.get("call-id"), one.tag("from"), one.cseq) != (
        two.get("call-id"), two.tag("from"), two.cseq)
    assert until(lambda: two.answered)


def test_sip_21_another_number_need_not_wait(bed):
    bed.u1.answer = lambda message: Answer(200, after=0.7)
    bed.x1.message("1")
    bed.x1.message("2", to="+12025550198@gw.example.net")
    one, two = bed.arrival(bed.u1, 2)
    assert two.when - one.when < 0.5
    assert until(lambda: one.answered and two.answered)


def test_xmpp_30_a_burst_to_one_number_keeps_its_order(bed):
    for n in range(30):
        bed.x1.message("%d" % n)
    got = bed.arrival(bed.u1, 30)
    assert [m.body for m in got] == [b"%d" % n for n in range(30)]


def test_s_20_sip_6_map_10_what_does_not_fit_1300_octets_is_refused(bed):
    ident = bed.x1.message("x" * 2000)
    bed.error_stanza(ident, "policy-violation")
    bed.nothing_at(bed.u1)


def test_sip_6_the_limit_counts_the_whole_message(bed):
    size = 1300 - len(reply(bed, "x" * 100).raw) + 100
    bed.x1.message("x" * size)
    assert len(bed.arrival(bed.u1, 2)[1].raw) <= 1300
    ident = bed.x1.message("x" * (size + 40))
    bed.error_stanza(ident, "policy-violation")


# SIP finals become stanza errors (RFC 7247, 7.2)

FINALS = {
    300: "redirect", 302: "redirect", 301: "gone", 380: "not-acceptable",
    406: "not-acceptable", 415: "not-acceptable", 488: "not-acceptable",
    606: "not-acceptable", 400: "bad-request", 402: "bad-request",
    493: "bad-request", 499: "bad-request", 401: "not-authorized",
    403: "forbidden", 404: "item-not-found", 481: "item-not-found",
    484: "item-not-found", 604: "item-not-found",
    405: "feature-not-implemented", 420: "feature-not-implemented",
    501: "feature-not-implemented", 407: "registration-required",
    504: "remote-server-timeout", 410: "gone", 413: "policy-violation",
    513: "policy-violation", 423: "resource-constraint",
    480: "recipient-unavailable", 486: "recipient-unavailable",
    600: "recipient-unavailable", 603: "recipient-unavailable",
    691: "recipient-unavailable", 491: "unexpected-request",
    500: "internal-server-error", 503: "internal-server-error",
    599: "internal-server-error", 502: "remote-server-not-found",
}


@pytest.mark.parametrize("code,condition", FINALS.items())
def test_map_14_a_final_becomes_a_stanza_error(bed, code, condition):
    bed.u1.answer = code
    ident = bed.x1.message("Hi")
    error = bed.error_stanza(ident, condition)
    assert error.get("from") == "+12025550199@gw.example.net"
    assert error.get("to") == "alice@im.example/r1"
    assert error.error_type in ("cancel", "modify", "auth", "wait")


@pytest.mark.parametrize("code", [200, 202])
def test_map_14_success_is_not_reported(bed, code):
    bed.u1.answer = code
    reply(bed)
    bed.nothing_at(bed.x1)


@config({"replies.next_hop": "sip:127.0.9.29:5060", "queue.store": "off"})
def test_im_21_a_next_hop_that_is_not_there_is_reported_once(bed):
    ident = bed.x1.message("Hi")
    assert until(lambda: bed.x1.seen(ident=ident), 30)
    time.sleep(0.5)
    error, = bed.x1.seen(ident=ident)
    assert error.get("type") == "error"


@config({"replies.next_hop": "sip:127.0.9.29:5060", "queue.expire": "3s",
         "queue.retry": ["500ms"]})
def test_im_21_what_cannot_be_delivered_in_time_is_reported_once(bed):
    ident = bed.x1.message("Hi")
    assert until(lambda: bed.x1.seen(ident=ident), 30)
    time.sleep(0.5)
    error, = bed.x1.seen(ident=ident)
    assert error.condition == "remote-server-timeout"


@config({"replies.next_hop": "sip:%s:%d;transport=tcp" % U1})
def test_sip_44_the_next_hop_may_be_reached_by_tcp(bed):
    assert reply(bed).transport == "tcp"


@config({"replies.next_hop": None})
def test_sec_3_without_a_next_hop_numbers_are_not_reachable(bed):
    ident = bed.x1.message("Hi")
    assert until(lambda: bed.x1.seen(ident=ident))
    bed.nothing_at(bed.u1)


def test_tel_16_a_reply_carries_no_enumdi_and_asks_no_enum(bed):
    bed.zone(XMPP)
    assert "enumdi" not in reply(bed).uri
    assert bed.dns.asked("NAPTR", below="e164.arpa") == []


@config({"replies.sip_addresses": "true"})
def test_xmpp_16_a_sender_without_a_number_is_reached_at_his_address(bed):
    bed.x1.message("Hi", to="o\\27brien\\40a.example@gw.example.net")
    got = bed.arrival(bed.u1)
    assert got.uri == "sip:o'brien@a.example"


def test_xmpp_16_without_the_option_only_numbers_are_reached(bed):
    ident = bed.x1.message("Hi", to="bob\\40a.example@gw.example.net")
    bed.error_stanza(ident, "item-not-found")
    bed.nothing_at(bed.u1)
