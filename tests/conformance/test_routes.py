"""Routes of the sender, and requests that come back: RFC 3261, 16.3, 16.4,
16.6 and 16.12; RFC 5393."""
import pytest

from addresses import NUMBER, U1, U3
from bed import ALICE, SIP, XMPP, config
from sip_end import Answer
from sip_message import unique
from waiting import until

ROUTES = """
p1.example.     A 127.0.9.21
p2.example.     A 127.0.9.22
"""
MIRROR = "127.0.9.25"
BEHIND_US = {"routing.fallback": "sip:%s:5060" % MIRROR,
             "sip.trust": [U1[0], MIRROR]}


def routes(*uris):
    return {"extra": ["Route: " + ", ".join("<%s>" % uri for uri in uris)]}


# Routes

@pytest.mark.parametrize("uri", ["tel:" + NUMBER, "sip:bob@far.example",
                                 "mailto:bob@far.example"])
def test_sip_27_a_route_beyond_us_is_followed(bed, uri):
    bed.zone(ROUTES, ALICE)
    sent = bed.u1.message(uri, **routes(
        "sip:gw.example.net;lr", "sip:p1.example;lr", "sip:p2.example;lr"))
    got = bed.arrival(bed.s1)
    assert got.uri == uri
    assert got.address("route") == "sip:p1.example;lr"
    assert len(got.all("route")) == 2
    assert got.get("max-forwards") == "69"
    bed.final(sent, 200)
    assert bed.dns.asked("NAPTR", below="e164.arpa") == []
    bed.nothing_at(bed.x1, bed.s2)


def test_sip_27_own_routes_alone_leave_the_number_to_enum(bed):
    bed.zone(XMPP, ALICE)
    bed.delivers_to("alice@im.example", **routes(
        "sip:gw.example.net;lr", "sip:127.0.9.2:5060;lr"))


def test_sip_27_a_strict_router_is_named_by_the_request_uri(bed):
    bed.zone(ROUTES)
    bed.final(bed.u1.message("sip:bob@far.example",
                             **routes("sip:p1.example")), 200)
    got = bed.arrival(bed.s1)
    assert got.uri == "sip:p1.example"
    assert got.all("route") == ["<sip:bob@far.example>"]


def test_sip_27_the_next_server_of_a_route_is_tried(bed):
    bed.zone("p1.example A 127.0.9.21\np1.example A 127.0.9.22")
    bed.s1.answer = bed.s2.answer = lambda _: Answer(
        503 if len(bed.s1.messages + bed.s2.messages) == 1 else 200)
    bed.final(bed.u1.message(**routes("sip:p1.example;lr")), 200)
    assert len(bed.s1.messages) == len(bed.s2.messages) == 1


def test_sip_27_a_route_to_nowhere_is_not_found(bed):
    bed.zone(ALICE, XMPP)
    bed.refuses(404, 480, **routes("sip:no.example;lr"))
    bed.refuses(400, **routes("tel:+12025550123"))


@config({"sip.admit": [U3[0]]})
def test_sip_27_sec_3_others_may_not_send_by_routes(bed):
    bed.zone(ROUTES, ALICE)
    for end in (bed.u2, bed.u3):
        bed.final(end.message(**routes("sip:p1.example;lr")), 403)
    bed.no_question()
    bed.nothing_at(bed.s1)


@config({"routing.private_targets": "refuse"})
def test_sip_27_sec_9_a_route_does_not_lead_inside(bed):
    bed.zone(ROUTES)
    bed.refuses(404, 480, **routes("sip:p1.example;lr"))
    bed.refuses(404, 480, **routes("sip:127.0.9.21;lr"))


def test_sip_27_sip_9_a_route_to_ourselves_by_another_name_is_482(bed):
    bed.zone("we.example A 127.0.9.2")
    bed.refuses(482, **routes("sip:we.example;lr"))


# Loops

class Mirror:
    """An element behind us that sends each request on, to us."""

    def __init__(self, bed, uri=None):
        self.end, self.uri = bed.sip_end(MIRROR), uri
        self.end.answer = self
        self.sent = []

    def __call__(self, message):
        if len(self.end.messages) > 3:
            return 500              # nobody has stopped it
        head = message.raw.split(b"\r\n", 1)
        via = b"Via: SIP/2.0/UDP %s:%d;branch=z9hG4bK-%s" % (
            self.end.address[0].encode(), self.end.address[1],
            unique().encode())
        line = head[0] if not self.uri else (
            b"MESSAGE %s SIP/2.0" % self.uri.encode())
        self.sent.append(self.end.send(b"\r\n".join([line, via, head[1]])))
        return None


@config(BEHIND_US)
def test_sip_9_a_request_that_comes_back_as_we_got_it_is_482(bed):
    mirror = Mirror(bed, "tel:" + NUMBER)
    bed.u1.message()
    assert bed.arrival(mirror.end).uri == "tel:%s;enumdi" % NUMBER
    assert until(lambda: mirror.sent)
    bed.final(mirror.sent[0], 482)


@config(BEHIND_US)
def test_sip_9_a_request_that_comes_back_unchanged_is_482_in_two_passes(bed):
    mirror = Mirror(bed)
    bed.u1.message()        # becomes ;enumdi, which comes back as that
    assert until(lambda: len(mirror.sent) == 2)
    bed.final(mirror.sent[1], 482)
    bed.arrival(mirror.end, 2)


@config(BEHIND_US)
def test_sip_9_a_spiral_is_no_loop(bed):
    bed.zone(XMPP, r"""
Z(+12025550123)  NAPTR 10 10 "u" "E2U+im" "!^.*$!im:bob@im.example!" .
""")
    mirror = Mirror(bed, "tel:+12025550123")
    bed.u1.message()
    bed.arrival(mirror.end)
    bed.stanza("bob@im.example")
    bed.final(mirror.sent[0], 202)
