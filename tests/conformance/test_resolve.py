"""`imgw resolve` asks what the gateway would ask and sends nothing. Its JSON
and exit status are a contract with scripts."""
import json

import pytest

from addresses import S1
from bed import ALICE, SIP, XMPP, im_rule
from gateway import run_command


def resolve(uri, changes=None):
    done = run_command("resolve", "--json", "-c", "CONFIG", uri,
                       changes=changes)
    result = json.loads(done.stdout)
    assert result["uri"] == uri
    assert result["exit"] == done.returncode
    assert result["elapsed_ms"] >= 0
    return result


def steps(result, name):
    return [step for step in result["steps"] if step["step"] == name]


def test_a_route_over_xmpp_is_shown_step_by_step(bed):
    bed.zone(XMPP, ALICE, 'Z NAPTR 10 1 "u" "E2U+sip" "!^.*$!sip:x@y.example!" .')
    result = resolve("tel:+12025550100")
    assert (result["result"], result["exit"]) == ("route", 0)
    assert result["plan"] == [{"protocol": "xmpp", "to": "alice@im.example",
                               "via": "component"}]
    enum, = steps(result, "enum")
    used = [(r["service"], r["used"]) for r in enum["records"]]
    assert sorted(used) == [("E2U+im", True), ("E2U+sip", False)]
    assert all(r["used"] or r["why"] for r in enum["records"])
    bed.nothing_at(bed.x1)


def test_a_route_over_sip_names_host_port_and_address(bed):
    bed.zone(SIP, ALICE)
    hop = resolve("tel:+12025550100")["plan"][0]
    assert hop["protocol"] == "sip"
    assert hop["uri"] == "sip:alice@simple.im.example"
    assert (hop["host"], hop["port"]) == ("simple.im.example", 5060)
    assert (hop["transport"], hop["address"]) == ("udp", S1[0])
    bed.nothing_at(bed.s1)


def test_an_im_uri_needs_no_number(bed):
    bed.zone(XMPP)
    result = resolve("im:alice@im.example")
    assert result["result"] == "route"
    assert steps(result, "enum") == []


@pytest.mark.parametrize("zone,status,word", [
    ("Z NXDOMAIN", 2, "no-route"), ("Z NODATA", 2, "no-route"),
    (im_rule("a@nowhere.example"), 2, "no-route"),
    ("Z SERVFAIL", 1, "try-later")])
def test_what_has_no_route_says_whether_to_try_later(bed, zone, status, word):
    bed.zone(zone)
    result = resolve("tel:+12025550100")
    assert (result["exit"], result["result"]) == (status, word)
    assert result["plan"] == []


@pytest.mark.parametrize("secure,word", [
    ("Z SECURE\n*.im.example SECURE", "secure"), ("", "insecure"),
    ("Z SECURE", "mixed")])
def test_enum_39_resolve_tells_what_was_validated(bed, secure, word):
    bed.zone(XMPP, ALICE, secure)
    assert resolve("tel:+12025550100")["dnssec"] == word


def test_several_uris_give_one_object_a_line(bed):
    bed.zone(XMPP, ALICE)
    done = run_command("resolve", "--json", "-c", "CONFIG",
                       "tel:+12025550100", "im:alice@im.example")
    objects = [json.loads(line) for line in done.stdout.splitlines()]
    assert [o["uri"] for o in objects] == ["tel:+12025550100",
                                           "im:alice@im.example"]


def test_for_people_the_route_is_text(bed):
    bed.zone(XMPP, ALICE)
    done = run_command("resolve", "-c", "CONFIG", "tel:+12025550100")
    assert done.returncode == 0 and "alice@im.example" in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize("uri", ["tel:+", "mailto:a@b.example", "nonsense"])
def test_what_is_no_address_has_no_route(bed, uri):
    done = run_command("resolve", "-c", "CONFIG", uri)
    assert done.returncode in (2, 64)


@pytest.mark.parametrize("secure,word", [
    ("Z SECURE\n*.im.example SECURE", "secure"), ("Z SECURE", "mixed")])
def test_im_26_service_records_without_proof_are_told_apart(bed, secure, word):
    bed.zone(SIP, ALICE, secure)
    assert resolve("tel:+12025550100")["dnssec"] == word
