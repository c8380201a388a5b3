"""SIP over TLS in both directions (RFC 5922, 9325), with certificates made
here. The domain says in the DNS that it is to be reached so."""
import socket
import ssl
import time

import pytest

from addresses import GATEWAY, GATEWAY_DOMAIN, U1
from bed import ALICE, config, seconds
from gateway import run_command
from tls_end import GATEWAY_TLS, TLS_PORT, Authority, TlsEnd
from waiting import until

AUTHORITY = Authority()
OWN = AUTHORITY.issue("gateway", "URI:sip:" + GATEWAY_DOMAIN)
GOOD = AUTHORITY.issue("good", "URI:sip:im.example")
TARGET = AUTHORITY.issue("target", "URI:sip:sec.im.example,DNS:sec.im.example")
EXPIRED = AUTHORITY.issue("expired", "URI:sip:im.example", days=-1)
NOBODY = AUTHORITY.issue("nobody", "URI:sip:im.example", self_signed=True)
PEER = AUTHORITY.issue("peer", "DNS:peer.example")

TLS = {
    "sip.listen": ["%s:%s:%d" % ((word,) + GATEWAY) for word in ("udp", "tcp")]
    + ["tls:%s:%d" % GATEWAY_TLS],
    "sip.tls": {"cert_file": OWN[0], "key_file": OWN[1],
                "ca_file": AUTHORITY.ca},
    "sip.trust": [U1[0] + "/32", "127.0.9.14/32"],
}
SECURE = """
im.example             NAPTR 10 10 "s" "SIPS+D2T" "" _sips._tcp.im.example.
_sips._tcp.im.example  SRV 10 0 5061 sec.im.example.
sec.im.example         A 127.0.9.26
"""
SECOND = """
_sips._tcp.im.example  SRV 20 0 5061 sec2.im.example.
sec2.im.example        A 127.0.9.27
"""


def open_end(bed, address, pair, **how):
    end = TlsEnd(address, AUTHORITY, pair, **how)
    bed.extra_ends.append(end)
    return end


@pytest.fixture
def server(bed):
    """Opens the domain's server with a certificate."""
    def open_server(pair, address="127.0.9.26", **how):
        bed.zone(ALICE, SECURE)
        return open_end(bed, address, pair, **how)
    return open_server


@pytest.fixture
def peer(bed):
    """A neighbour that sends over TLS and is trusted by its address."""
    bed.zone(ALICE, "im.example A 127.0.9.21\n")
    return open_end(bed, "127.0.9.14", PEER)


# To the next hop

@config(TLS)
def test_sip_38_a_domain_that_proves_itself_gets_the_message(bed, server):
    end = server(GOOD)
    bed.final(bed.u1.message(), 200)
    message = bed.arrival(end)
    assert message.vias[0].startswith("SIP/2.0/TLS %s;" % GATEWAY_TLS[0])
    assert end.names == ["im.example"]


@config(TLS)
def test_sip_38_a_connection_is_used_again(bed, server):
    end = server(GOOD)
    for number in range(1, 4):
        bed.final(bed.u1.message(), 200)
        bed.arrival(end, number)
    assert len(end.open) == 1


def expect_refusal(bed, end, why):
    """Answered at once, nothing sent, and the log says why."""
    started = time.monotonic()
    bed.final(bed.u1.message(), 504)
    assert time.monotonic() - started < seconds(2)
    assert end.messages == []
    assert ("TLS handshake failed: " + why) in bed.gateway.output


@config(TLS)
def test_sec_7_conf_5_the_name_of_the_srv_target_is_not_enough(bed, server):
    expect_refusal(bed, server(TARGET),
                   "certificate does not match im.example")


@config(TLS)
def test_enum_40_an_expired_certificate_is_refused(bed, server):
    expect_refusal(bed, server(EXPIRED), "certificate has expired")


@config(TLS)
def test_enum_40_a_self_signed_certificate_is_refused(bed, server):
    expect_refusal(bed, server(NOBODY), "self-signed certificate")


@config(TLS)
def test_conf_25_a_wildcard_is_refused(bed, server):
    wildcard = AUTHORITY.issue("wildcard", "DNS:*.example")
    expect_refusal(bed, server(wildcard),
                   "certificate does not match im.example")


@config(TLS)
def test_sec_8_a_server_without_tls_gets_nothing(bed):
    bed.zone(ALICE, SECURE)
    plain = bed.sip_end("127.0.9.26", TLS_PORT)
    bed.final(bed.u1.message(), 504)
    assert plain.requests == []


@config(TLS)
def test_conf_15_a_target_without_proof_is_passed_over(bed, server):
    bad, good = server(TARGET), server(GOOD, "127.0.9.27")
    bed.zone(SECOND)
    bed.final(bed.u1.message(), 200, within=3)
    bed.arrival(good)
    assert bad.messages == []


@config({**TLS, "sip.connect_timeout": "500ms"})
def test_conf_15_a_silent_handshake_is_passed_over(bed, server):
    with socket.create_server(("127.0.9.26", TLS_PORT)):
        good = server(GOOD, "127.0.9.27")
        bed.zone(SECOND)
        bed.final(bed.u1.message(), 200, within=3)
        bed.arrival(good)


@config({**TLS, "routing.fallback": "sips:im.example"})
def test_im_14_map_13_a_sips_fallback_goes_over_tls(bed, server):
    end = server(GOOD)
    bed.zone("Z NXDOMAIN\n")
    bed.final(bed.u1.message("tel:+12025550123"), 200)
    bed.arrival(end)


@config({**TLS, "sip.tls": {**TLS["sip.tls"], "verify": False}})
def test_sec_8_without_verify_anybody_gets_the_message(bed, server):
    end = server(NOBODY, ask=False)
    bed.final(bed.u1.message(), 200)
    bed.arrival(end)


# From a neighbour

@config(TLS)
def test_map_13_a_message_comes_in_over_tls(bed, peer):
    connection = peer.connect()
    bed.final(peer.message(over=connection), 200)
    bed.arrival(bed.s1)


@config(TLS)
def test_map_13_many_messages_come_over_one_connection(bed, peer):
    connection = peer.connect()
    for number in range(1, 4):
        bed.final(peer.message(over=connection), 200)
        bed.arrival(bed.s1, number)


@config(TLS)
def test_map_13_a_session_may_be_resumed(bed, peer):
    context = peer.client()
    first = peer.connect(context)
    bed.final(peer.message(over=first), 200)    # the tickets have come by now
    second = peer.connect(context, first.session)
    assert second.session_reused
    bed.final(peer.message(over=second), 200)


@config(TLS)
def test_sec_3_a_certificate_does_not_admit_a_stranger(bed, peer):
    stranger = open_end(bed, "127.0.9.15", PEER)
    bed.final(stranger.message(over=stranger.connect()), 403)
    bed.no_question()


def is_refused(connect):
    """TLS 1.3 tells a client afterwards, when it reads."""
    try:
        connection = connect()
        return until(lambda: connection.fileno() < 0, 3)
    except (ssl.SSLError, ConnectionError):
        return True


@config(TLS)
def test_sec_8_a_client_without_a_certificate_is_refused(bed, peer):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.load_verify_locations(AUTHORITY.ca)
    assert is_refused(lambda: peer.connect(context))


@config(TLS)
@pytest.mark.parametrize("pair", [EXPIRED, NOBODY], ids=["expired", "nobody"])
def test_sec_8_a_client_with_a_bad_certificate_is_refused(bed, peer, pair):
    peer.pair = pair
    assert is_refused(peer.connect)


@config(TLS)
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1,
                                     ssl.TLSVersion.TLSv1_1])
def test_sec_8_an_old_version_is_refused(bed, peer, version):
    context = peer.client()
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = version
    assert is_refused(lambda: peer.connect(context))


@config(TLS)
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2,
                                     ssl.TLSVersion.TLSv1_3])
def test_sec_8_newer_versions_are_taken(bed, peer, version):
    context = peer.client()
    context.minimum_version = context.maximum_version = version
    bed.final(peer.message(over=peer.connect(context)), 200)


@config({**TLS, "sip.connect_timeout": "500ms"})
def test_sec_17_a_connection_that_says_nothing_is_closed(bed):
    with socket.create_connection(GATEWAY_TLS, 5) as silent:
        silent.settimeout(seconds(4))
        assert silent.recv(1) == b""


@config({**TLS, "sip.connections": {"message": "2s"}})
@pytest.mark.parametrize("drip", [b"a", b"\r\nX:"], ids=["octet", "header"])
def test_sec_17_a_message_that_drips_is_not_waited_for(bed, peer, drip):
    over = peer.connect()
    over.sendall(b"MESSAGE tel:+12025550100 SIP/2.0\r\nX: y")
    begun = time.monotonic()
    with pytest.raises(OSError):
        while time.monotonic() - begun < 10:
            over.sendall(drip)
            time.sleep(0.2)
    assert 1.5 < time.monotonic() - begun < seconds(8)
    over.close()


# Before the start

@pytest.mark.parametrize("files, words", [
    ({"cert_file": EXPIRED[0], "key_file": EXPIRED[1]}, "has expired"),
    ({"cert_file": GOOD[0], "key_file": OWN[1]}, "is not that of"),
    ({"cert_file": "none.pem", "key_file": OWN[1]}, "cannot be read"),
    ({"cert_file": OWN[0]}, "a certificate needs its key"),
    ({}, "a tls: listener needs a certificate"),
])
def test_sec_8_files_of_no_use_are_found_before_the_start(files, words):
    done = run_command("check-config", "-c", "CONFIG",
                       changes={**TLS, "sip.tls": files})
    assert done.returncode == 78
    assert "error: " in done.stderr and words in done.stderr


def test_sec_8_a_certificate_that_ends_soon_is_warned_of():
    done = run_command("check-config", "-c", "CONFIG", changes=TLS)
    assert done.returncode == 0
    assert "warning: the certificate of sip.tls.cert_file ends within 30 " \
        "days" in done.stderr
