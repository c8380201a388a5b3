"""Kamailio in front of the gateway and behind it, over UDP, TCP and TLS with
certificates of a private authority."""
import pytest

from kamailio_run import CHALLENGED, FRONT

JULIET = "+442079460123"
CUSTOMER = "+442079460199"          # Kamailio asks for a password
ROMEO = "tel:+12025550100"
BEHIND = {"udp": "tel:+12025550110", "tcp": "tel:+12025550111",
          "tls": "tel:+12025550112"}
FORGED = "tel:+12025550113"
TEXTS = {
    "short": "Wherefore art thou?",
    "long": "0123456789 \u00e9\n" * 230,        # more than 3 kB
    "emoji": "\U0001f469\u200d\U0001f692 \U0001f44d\U0001f3fd",
    "arabic": "\u0645\u0631\u062d\u0628\u0627\u060c \u0643\u064a\u0641"
              " \u062d\u0627\u0644\u0643\u061f",
    "hebrew": "\u05e9\u05dc\u05d5\u05dd 42\u200f!",
}

each_transport = pytest.mark.parametrize("transport", FRONT)
each_text = pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)


def to_gateway(name):
    return name + "@gw2.example.net"


@each_text
@each_transport
def test_sip_7_from_kamailio_to_the_xmpp_user(carrier_phone, romeo, transport,
                                              text):
    phone = carrier_phone(FRONT[transport])
    assert phone.send(ROMEO, text, "tel:" + JULIET) == "202 Accepted"
    got = romeo.receive()
    assert got["body"] == text
    assert got["from"].bare == to_gateway(JULIET)


# A long one would be more than SIP-6 lets us begin with.
@pytest.mark.parametrize("name", ["short", "emoji", "arabic", "hebrew"])
def test_map_6_sip_6_from_the_xmpp_user_to_kamailio(carrier_phone, romeo,
                                                    name):
    phone = carrier_phone()
    romeo.send(to_gateway(JULIET), TEXTS[name])
    got = phone.receive()
    assert got.body == TEXTS[name]
    assert "sip:romeo@example.net" in got.value("From")


@each_text
@each_transport
def test_s_02_sip_7_im_20_kamailio_as_next_hop(kamailio, carrier_phone,
                                               transport, text):
    phone = carrier_phone()
    before = len(kamailio.output)
    assert phone.send(BEHIND[transport], text, "tel:" + JULIET) == "200 OK"
    assert phone.receive().body == text
    if transport == "udp" and len(text.encode()) > 1300:
        transport = "tcp"
    assert "message by %s of" % transport in kamailio.output[before:]


def test_sip_38_a_server_that_is_another_domain_gets_nothing(
        kamailio, carrier_phone):
    phone = carrier_phone()
    before = len(kamailio.output)
    answer = phone.send(FORGED, "Secret", "tel:" + JULIET)
    assert answer.split()[0] in ("480", "500", "504")
    assert "message by" not in kamailio.output[before:]


def test_sip_35_kamailio_answers_our_challenge(carrier_phone, romeo):
    phone = carrier_phone(CHALLENGED)
    assert phone.send(ROMEO, "Let me in", "tel:" + JULIET) == "202 Accepted"
    assert romeo.receive()["body"] == "Let me in"


@pytest.mark.parametrize("kamailio", ["MD5", "SHA-256"], indirect=True)
def test_sip_34_we_answer_kamailios_challenge(kamailio, carrier_phone, romeo):
    phone = carrier_phone()
    before = len(kamailio.output)
    romeo.send(to_gateway(CUSTOMER), "Open, sesame")
    assert phone.receive().body == "Open, sesame"
    assert kamailio.output[before:].count("challenged") == 1
