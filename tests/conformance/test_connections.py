"""What peers may keep open, and how large and how slow they may be:
RFC 3261, 18.3, 21.4.11, 21.4.12 and 21.5.7."""
import socket
import time

import pytest

from addresses import GATEWAY, U2
from bed import ALICE, XMPP, config
from sip_message import request
from waiting import until

FEW = {"sip.connections": {"per_peer": 3, "message": "2s", "idle": "2s"}}


def connect(address):
    connection = socket.create_connection(GATEWAY, 5,
                                          source_address=(address, 0))
    connection.settimeout(0.05)
    return connection


def is_closed(connection):
    try:
        return connection.recv(4096, socket.MSG_PEEK) == b""
    except socket.timeout:
        return False
    except ConnectionError:
        return True


@config(FEW)
def test_sec_17_a_peer_has_so_many_connections_and_no_more(bed):
    bed.zone(XMPP, ALICE)
    many = [connect(U2[0]) for _ in range(6)]
    assert until(lambda: sum(map(is_closed, many)) == 3, 3)
    over = bed.u1.connect()         # others do not notice
    bed.final(bed.u1.message(over=over), 202)
    many[0].close()
    assert until(lambda: not is_closed(connect(U2[0])), 3)
    for one in many + [over]:
        one.close()


@config(FEW)
@pytest.mark.parametrize("drip", [b"a", b"\r\nX:"], ids=["octet", "header"])
def test_sec_17_sip_42_a_message_that_drips_is_not_waited_for(bed, drip):
    connection = connect(U2[0])
    connection.sendall(b"MESSAGE tel:+12025550100 SIP/2.0\r\nX: y")
    begun = time.monotonic()
    while not is_closed(connection) and time.monotonic() - begun < 10:
        try:
            connection.sendall(drip)
        except OSError:
            break
        time.sleep(0.2)
    assert 1.5 < time.monotonic() - begun < 8
    connection.close()


@config(FEW)
def test_sip_44_an_idle_connection_is_closed_and_another_made(bed):
    bed.zone(XMPP, ALICE)
    for _ in range(2):
        over = connect("127.0.9.11")
        over.sendall(request(transport="TCP"))
        over.settimeout(3)
        assert over.recv(4096).startswith(b"SIP/2.0 202")
        over.settimeout(0.05)
        assert until(lambda: is_closed(over), 6)
        over.close()


@pytest.mark.parametrize("extra,codes", [
    (["X-%d: y" % i for i in range(3000)], (202,)),
    (["X: " + "y" * 50000], (202,)),
    (["Subject: " + "y" * 50000], (202, 413, 513)),
    (["Via: SIP/2.0/UDP a.example;branch=z9hG4bK%d" % i
      for i in range(1000)], (202, 413, 513)),
], ids=["many", "long", "subject", "vias"])
def test_sip_42_many_and_long_headers_cost_little(bed, extra, codes):
    bed.zone(XMPP, ALICE)
    over = bed.u1.connect()
    bed.final(bed.u1.message(over=over, extra=extra), *codes)
    over.close()


@pytest.mark.parametrize("change,codes", [
    ({"body": b"x" * 65535}, (202,)),
    ({"body": b"x" * 65536}, (413,)),
    ({"uri": "tel:+1" + "0" * 3000}, (414,)),
    ({"extra": ["X: " + "y" * 140000]}, (413, 513, None)),
    ({"body": b"x" * 140000}, (413, 513, None)),
    ({"length": 4000000000}, (400, 413, 513, None)),
], ids=["body", "long-body", "uri", "headers", "oversize", "length"])
def test_sip_42_what_is_too_large_is_said_to_be(bed, change, codes):
    """None: the connection is closed, since its end is nowhere near."""
    bed.zone(XMPP, ALICE)
    over = bed.u1.connect()
    sent = bed.u1.message(over=over, **change)
    until(lambda: sent.finals, 3 if None in codes else 5)
    assert (sent.codes[-1] if sent.codes else None) in codes
    over.close()
