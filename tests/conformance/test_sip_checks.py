"""What the SIP side looks at before it takes a request (RFC 3261, 8.2 and
16.3)."""
import time

import pytest

from bed import ALICE, SIP, XMPP
from sip_message import request
from waiting import until


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
    assert "text/plain" in ",".join(answer.all("accept"))
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


# Time

def test_sip_22_an_expired_message_is_not_delivered(bed):
    bed.zone(XMPP, ALICE)
    past = time.strftime("%a, %d %b %Y %H:%M:%S GMT",
                         time.gmtime(time.time() - 7200))
    bed.refuses(480, extra=["Date: " + past, "Expires: 60"])


def test_sip_22_a_message_that_expires_on_its_way_is_not_delivered(bed):
    bed.zone(XMPP, ALICE, "Z DELAY 1.5")
    bed.refuses(480, extra=["Expires: 1"])


def test_sip_22_a_message_that_has_time_is_delivered(bed):
    bed.zone(XMPP, ALICE)
    now = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime())
    bed.delivers_to("alice@im.example", extra=["Date: " + now, "Expires: 60"])
