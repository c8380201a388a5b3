"""User agents: baresip writes and reads, sipsak writes. The gateway asks both
for a password."""
import subprocess
import uuid

import pytest

from baresip_run import USER
from phone import Phone
from sip_world import GATEWAY, PASSWORD

NUMBER = "+12025550100"
BARESIP = "tel:+12025550114"
SENDER = ("127.0.0.11", 25063)
TEXTS = {
    "short": "Wherefore art thou?",
    "long": "x\u00e9" * 300,
    "emoji": "\U0001f469\u200d\U0001f692 \U0001f44d\U0001f3fd",
    "arabic": "\u0645\u0631\u062d\u0628\u0627",
    "hebrew": "\u05e9\u05dc\u05d5\u05dd 42\u200f!",
}

each_text = pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)


@pytest.fixture
def neighbour(sip_gateway):
    """A phone that the gateway trusts."""
    phone = Phone("neighbour", SENDER, GATEWAY)
    yield phone
    phone.stop()


@each_text
@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_sip_35_baresip_gives_its_password_and_writes(baresip, romeo,
                                                      transport, text):
    baresip(transport).send(text)
    got = romeo.receive()
    assert got["body"] == text
    assert got["from"].bare == USER + "@gw2.example.net"


# It does not show long ones.
@pytest.mark.parametrize("name", ["short", "emoji", "arabic", "hebrew"])
def test_s_02_im_20_baresip_reads(baresip, neighbour, name):
    agent = baresip()
    assert neighbour.send(BARESIP, TEXTS[name], "tel:" + NUMBER) == "200 OK"
    assert agent.received() == TEXTS[name]


# Its own mode for messages crashes (0.9.8.1), so it is given the text of one.
SIPSAK = """\
MESSAGE sip:%s@gw2.example.net SIP/2.0
Max-Forwards: 70
From: <sip:%s@gw2.example.net>;tag=%s
To: <sip:%s@gw2.example.net>
Call-ID: %s
CSeq: 1 MESSAGE
Content-Type: text/plain
Content-Length: %d

"""


def sipsak(folder, text, *options):
    file = folder / "request.sip"
    octets = text.encode()
    head = SIPSAK % (NUMBER, USER, uuid.uuid4(), NUMBER, uuid.uuid4(),
                     len(octets))
    file.write_bytes(head.replace("\n", "\r\n").encode() + octets)
    return subprocess.run(
        # with a name of its own: a machine's need not be in /etc/hosts
        ["sipsak", "-vvv", "-H", SENDER[0], "-f", file,
         "--auth-username=sipsak", "-a", PASSWORD, *options],
        capture_output=True, text=True, timeout=40)


@each_text
@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_sip_35_sipsak_gives_its_password_and_writes(
        sip_gateway, romeo, tmp_path, transport, text):
    done = sipsak(tmp_path, text, "-E", transport, "-s",
                  "sip:%s@%s:%d" % (NUMBER, *GATEWAY))
    assert done.returncode == 0, done.stdout + done.stderr
    assert romeo.receive()["body"] == text
