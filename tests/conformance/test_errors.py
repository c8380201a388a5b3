"""Errors from one world to the other: tables 6.1 and 6.2 of RFC 7247, 7, line
by line beside test_xmpp.py and test_replies.py, and new addresses (MAP-15)."""
import pytest

from bed import ALICE, XMPP, config
from sip_end import Answer
from waiting import until
from xmpp_end import STANZAS, error_to

OURS = "+12025550199@gw.example.net"


# MAP-15: new addresses

@pytest.mark.parametrize("code,contact,condition,text", [
    (301, "<tel:+1-202-555-0111>", "gone",
     "xmpp:+12025550111@gw.example.net"),
    (301, "<sip:+12025550111@carrier.example;user=phone>", "gone",
     "xmpp:+12025550111@gw.example.net"),
    (301, "<sip:bob@sip.example>", "gone", "sip:bob@sip.example"),
    (302, "<tel:+12025550111>", "redirect",
     "xmpp:+12025550111@gw.example.net"),
    (410, "<tel:+12025550111>", "gone", None),
    (301, None, "gone", None)])
def test_map_15_a_301_says_where_to_and_a_410_does_not(
        bed, code, contact, condition, text):
    headers = ["Contact: " + contact] if contact else []
    bed.u1.answer = lambda message: Answer(code, headers=headers)
    error = bed.error_stanza(bed.x1.message("Hi"), condition)
    found, = error.element.iter("{%s}%s" % (STANZAS, condition))
    assert (found.text or None) == text


def refusing(bed, condition, inner):
    bed.zone(XMPP, ALICE)
    bed.x1.answer = lambda stanza: (0.01, error_to(stanza, condition,
                                                   inner=inner))
    sent = bed.u1.message()
    assert until(lambda: sent.finals)
    return sent.finals[0]


@config({"routing.redirects": "on"})
@pytest.mark.parametrize("condition,inner,code,contact", [
    ("gone", "xmpp:bob@im.example", 301, "<sip:bob@im.example>"),
    ("redirect", "xmpp:bob@im.example", 302, "<sip:bob@im.example>"),
    ("gone", "xmpp:+12025550111@gw.example.net", 301, "<tel:+12025550111>"),
    ("gone", "", 410, None),
    ("gone", "xmpp:a%0d%0aRoute:%20b@im.example", 410, None),
    ("redirect", "", 480, None),
    ("item-not-found", "xmpp:bob@im.example", 604, None)])
def test_map_15_gone_and_redirect_may_become_301_and_302(
        bed, condition, inner, code, contact):
    final = refusing(bed, condition, inner)
    assert (final.code, final.get("contact")) == (code, contact)
    assert final.all("route") == []


@pytest.mark.parametrize("condition,code", [("gone", 410), ("redirect", 480)])
def test_map_15_by_default_no_address_is_passed_on(bed, condition, code):
    final = refusing(bed, condition, "xmpp:bob@im.example")
    assert (final.code, final.all("contact")) == (code, [])


@pytest.mark.parametrize("strict,code", [("480", 480), ("403", 403)])
def test_map_16_service_unavailable_is_never_503(bed, strict, code):
    if strict != "480":
        bed.stop()
        bed.begin({"routing.service_unavailable": strict})
        bed.wait_for_link()
    assert refusing(bed, "service-unavailable", "").code == code


# Tables 6.1 and 6.2 of the map, line by line

@pytest.mark.parametrize("code,condition", [
    (305, "redirect"), (399, "redirect"), (416, "not-acceptable"),
    (421, "not-acceptable"), (482, "not-acceptable"),
    (483, "not-acceptable"), (505, "not-acceptable"), (485, "item-not-found"),
    (439, "feature-not-implemented"), (408, "remote-server-timeout"),
    (414, "policy-violation"), (440, "policy-violation"),
    (489, "policy-violation"), (430, "recipient-unavailable"),
    (487, "recipient-unavailable")])
def test_map_14_the_other_finals_of_the_table(bed, code, condition):
    bed.u1.answer = code
    error = bed.error_stanza(bed.x1.message("Hi"), condition)
    assert (error.get("from"), error.get("to")) == (OURS,
                                                    "alice@im.example/r1")


TYPES = {"redirect": "modify", "gone": "cancel", "not-acceptable": "modify",
         "bad-request": "modify", "not-authorized": "auth",
         "forbidden": "auth", "item-not-found": "cancel",
         "feature-not-implemented": "cancel", "registration-required": "auth",
         "remote-server-timeout": "wait", "policy-violation": "modify",
         "resource-constraint": "wait", "recipient-unavailable": "wait",
         "unexpected-request": "wait", "internal-server-error": "cancel",
         "remote-server-not-found": "cancel"}


@pytest.mark.parametrize("code", [
    302, 301, 488, 400, 401, 403, 404, 405, 407, 504, 413, 423, 480, 491, 500,
    502])
def test_map_14_each_condition_comes_with_its_type(bed, code):
    bed.u1.answer = code
    ident = bed.x1.message("Hi")
    assert until(lambda: bed.x1.seen(ident=ident))
    error, = bed.x1.seen(ident=ident)
    assert error.error_type == TYPES[error.condition]
