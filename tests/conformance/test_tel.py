"""tel: URIs and their parameters: RFC 3966, 4694, 4759."""
import re

import pytest

from addresses import S1, U1, U3
from bed import ALICE, FALLBACK, XMPP, config
from dns_wire import enum_name

Z = enum_name("+12025550100")


def enumdi_count(uri):
    return len(re.findall(r";enumdi(?=[;@]|$)", uri))


# What is a number

@pytest.mark.parametrize("uri", [
    "tel:+", "tel:+-()", "tel:12025550100", "tel:5550100",
    "tel:+1202555010O", "tel:+1202*5550100", "tel:+1202555#100",
    "tel:+1%20202%205550100", "tel:+12025550100;ext=1;ext=2",
    "tel:+12025550100;isub=1;ext=2", "tel:", "tel:5550100;phone-context="])
def test_tel_1_2_3_6_what_is_no_number_is_refused_without_dns(bed, uri):
    bed.refuses(400, uri=uri)
    bed.no_question()


@pytest.mark.parametrize("uri", ["tel:5550100;phone-context=+1202",
                                 "tel:5550100;phone-context=houston.example"])
def test_s_11_tel_4_a_context_is_a_label_and_no_prefix(bed, uri):
    bed.zone(XMPP, ALICE)
    bed.refuses(404, uri=uri)
    bed.no_question()


@pytest.mark.parametrize("uri", [
    "sip:+12025550100@gw.example.net",
    "sip:%2B12025550100@gw.example.net;user=phone",
    "sip:+12025550100@127.0.9.2",
    "sip:+12025550100@127.0.9.2:5060;user=phone"])
def test_tel_9_11_a_sip_uri_of_ours_may_hold_a_number(bed, uri):
    bed.zone(XMPP, ALICE)
    bed.delivers_to("alice@im.example", uri=uri)
    assert [q.name for q in bed.dns.asked("NAPTR")] == [Z]


@pytest.mark.parametrize("parameters", [
    ";ext=12", ";isub=1", ";tsp=a.b", ";npdi;rn=+12025559999",
    ";cic=+12345;x-y=z"])
def test_tel_6_7_19_optional_parameters_do_not_change_the_name(bed,
                                                               parameters):
    bed.zone(XMPP, ALICE)
    bed.delivers_to("alice@im.example", uri="tel:+12025550100" + parameters)
    assert [q.name for q in bed.dns.asked("NAPTR")] == [Z]


def test_tel_7_an_unknown_mandatory_parameter_makes_the_uri_unusable(bed):
    bed.zone(XMPP, ALICE)
    bed.refuses(400, uri="tel:+12025550100;m-foo=1")
    bed.no_question()


# Towards the fallback

@config(FALLBACK)
def test_s_08_tel_14_a_number_without_a_name_goes_on_with_enumdi(bed):
    sent = bed.u1.message()
    uri = bed.arrival(bed.s1).uri
    assert uri.startswith("tel:+12025550100") or ";user=phone" in uri
    assert enumdi_count(uri) == 1
    bed.final(sent, 200)


def test_s_08_without_a_fallback_the_number_is_not_found(bed):
    bed.refuses(404)


@config(FALLBACK)
def test_s_09_tel_12_enumdi_from_a_trusted_peer_saves_the_question(bed):
    bed.zone(XMPP, ALICE)
    bed.u1.message("tel:+12025550100;enumdi")
    assert bed.arrival(bed.s1).uri == "tel:+12025550100;enumdi"
    assert bed.dns.asked(below="e164.arpa") == []
    bed.nothing_at(bed.x1)


def test_tel_12_enumdi_without_a_fallback_is_not_found(bed):
    bed.zone(XMPP, ALICE)
    bed.refuses(404, uri="tel:+12025550100;enumdi")
    assert bed.dns.asked("NAPTR") == []


@config({**FALLBACK, "sip.admit": [U3[0]]})
def test_tel_13_enumdi_from_another_peer_is_not_believed(bed):
    bed.zone(XMPP, ALICE)
    bed.u3.message("tel:+12025550100;enumdi")
    bed.stanza("alice@im.example")
    assert [q.name for q in bed.dns.asked("NAPTR")] == [Z]


@config({**FALLBACK, "sip.admit": [U3[0]]})
@pytest.mark.parametrize("line,count", [("Z NODATA", 0), ("Z NXDOMAIN", 1)])
def test_tel_13_14_only_our_own_lookup_says_enumdi_then(bed, line, count):
    bed.zone(line)
    bed.u3.message("tel:+12025550100;ENUMDI;ext=1")
    uri = bed.arrival(bed.s1).uri
    assert enumdi_count(uri.lower()) == count and ";ext=1" in uri


@config(FALLBACK)
@pytest.mark.parametrize("service", ["voice:tel", "tel", "pstn:tel"])
def test_tel_15_a_rule_that_leads_to_a_tel_uri_is_not_for_im(bed, service):
    bed.zone('Z NAPTR 1 1 "u" "E2U+%s" "!^.*$!tel:+442079460111!" .' % service)
    sent = bed.u1.message()
    assert bed.arrival(bed.s1).uri == "tel:+12025550100"
    bed.final(sent, 200)


@config(FALLBACK)
@pytest.mark.parametrize("line", [
    "Z NODATA", 'Z NAPTR 1 1 "u" "E2U+sip" "!^.*$!sip:x@im.example!" .'])
def test_s_10_tel_16_a_number_without_im_goes_on_without_enumdi(bed, line):
    bed.zone(XMPP, line)
    sent = bed.u1.message()
    assert enumdi_count(bed.arrival(bed.s1).uri) == 0
    bed.final(sent, 200)


@config(FALLBACK)
@pytest.mark.parametrize("parameters", [
    ";ext=12", ";tsp=a.b", ";npdi;rn=+12025559999", ";x-y=z;isub=7"])
def test_tel_6_7_17_parameters_survive_to_the_fallback(bed, parameters):
    bed.u1.message("tel:+12025550100" + parameters)
    uri = bed.arrival(bed.s1).uri
    for parameter in parameters.split(";")[1:]:
        assert ";" + parameter in uri


CARRIER = ["P-Charging-Vector: icid-value=1", "Accept-Contact: *;+g.3gpp.smsip"]


@config({**FALLBACK, "sip.trust": [U1[0], S1[0]]})
def test_sip_37_carr_3_a_trusted_fallback_sees_the_request_as_it_was(bed):
    sent = bed.u1.message(extra=CARRIER)
    got = bed.arrival(bed.s1)
    for name in ("From", "To", "Call-ID", "CSeq", "P-Charging-Vector",
                 "Accept-Contact"):
        assert got.all(name) == sent.message.all(name)


@config(FALLBACK)
def test_carr_3_p_headers_stay_inside_the_trust_domain(bed):
    bed.u1.message(extra=CARRIER + [
        "P-Preferred-Identity: <tel:+12025550142>",
        "p-visited-network-id: other.example"])
    names = [name for name, _ in bed.arrival(bed.s1).headers]
    assert not [name for name in names if name.startswith("p-")]
    assert "accept-contact" in names


@config({"sip.admit": [U3[0]]})
@pytest.mark.parametrize("end", ["u1", "u3"])
def test_tel_18_conf_20_a_routing_number_decides_nothing(bed, end):
    bed.zone(XMPP, ALICE)
    sent = getattr(bed, end).message(
        "tel:+12025550100;npdi;rn=+12025550999;rn-context=+1")
    bed.stanza("alice@im.example", sent)
    assert {q.name.rstrip(".") for q in bed.dns.asked("NAPTR")} == {
        Z.rstrip(".")}


@config(FALLBACK)
def test_conf_27_enumdi_says_nothing_about_portability(bed):
    bed.final(bed.u1.message(), 200)
    assert bed.arrival(bed.s1).uri == "tel:+12025550100;enumdi"


# The sip: form of a number

@config(dict(FALLBACK, **{"routing.number_uri": "sip"}))
def test_tel_10_14_the_number_may_go_on_in_a_sip_uri(bed):
    bed.final(bed.u1.message("tel:+1-202-555-0100;TSP=a.b;ext=5"), 200)
    assert bed.arrival(bed.s1).uri == (
        "sip:+12025550100;enumdi;ext=5;tsp=a.b@%s:%d;user=phone" % S1)


@config({"routing.number_uri": "sip"})
def test_tel_10_a_reply_may_go_to_a_sip_uri(bed):
    bed.x1.message(to="+12025550199@gw.example.net",
                   sender="alice@im.example/phone", body="Hi")
    got = bed.arrival(bed.u1)
    assert got.uri == got.address("to") == (
        "sip:+12025550199@%s:%d;user=phone" % U1)
