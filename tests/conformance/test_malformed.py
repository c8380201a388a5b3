"""What is malformed in ways that RFC 4475 (test_torture.py) does not think of.
After each the bed sends a good message, which must be delivered."""
import time

import pytest

from addresses import GATEWAY
from sip_message import request

HARMLESS = {
    "stun": b"\0\1\0\x08\x21\x12\xa4\x42" + b"\0" * 20,
    "empty": b"\r\n\r\n",
    "nonsense": b"\xff" * 400,
    "no-headers": b"MESSAGE tel:+12025550100 SIP/2.0\r\n\r\n",
    "response-nobody-waits-for":
        b"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 127.0.9.2;branch=z9hG4bKx\r\n"
        b"From: <sip:a@b>;tag=1\r\nTo: <sip:a@b>;tag=2\r\nCall-ID: x\r\n"
        b"CSeq: 1 MESSAGE\r\nContent-Length: 0\r\n\r\n",
    "no-via": request(without=["Via"]),
    "empty-uri": request("tel:"),
    "long-header": request(extra=["X-Long: " + "a" * 20000]),
    "many-headers": request(extra=["X-%d: 1" % n for n in range(1000)]),
    "many-vias": request(extra=["Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK%d"
                                % n for n in range(300)]),
    "bad-content-type": request(content_type=";;;=,"),
    "nul-in-header": request(extra=["Subject: a\0b"]),
    "multipart-without-end": request(
        content_type="multipart/mixed;boundary=x",
        body=b"--x\r\nContent-Type: multipart/mixed;boundary=x\r\n\r\n--x"),
    "multipart-in-multipart": request(
        content_type="multipart/mixed;boundary=x",
        body=b"--x\r\nContent-Type: multipart/mixed;boundary=x\r\n\r\n" * 500),
}


@pytest.mark.parametrize("raw", HARMLESS.values(), ids=HARMLESS.keys())
def test_sip_40_what_is_malformed_does_no_harm(to_xmpp, raw):
    to_xmpp.u1.udp.sendto(raw, GATEWAY)
    time.sleep(0.2)
    assert all(r.code != 408 for r in to_xmpp.u1.responses)
    assert to_xmpp.s1.responses == []
