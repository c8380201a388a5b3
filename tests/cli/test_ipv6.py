"""A relay over IPv6, in over UDP and over TCP: the listeners, the peer, the
AAAA record of the target."""
import pathlib
import os
import signal
import socket
import subprocess
import time

import pytest

from zone import Zone

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("IMGW", str(ROOT / "build/release/imgw"))
PORT, PHONE, SERVER = 15980, 15981, 15982
ZONE = """
0.0.1.0.5.5.5.2.0.2.1.e164.arpa 60 IN NAPTR 10 10 "u" "E2U+im" "!^.*$!im:alice@im.example!" .
_im._sip.im.example 60 IN SRV 0 0 %d six.im.example.
six.im.example 60 IN AAAA ::1
""" % SERVER
CONFIG = """
sip: {listen: ["udp:[::1]:%d", "tcp:[::1]:%d"], trust: ["::1"]}
dns: {resolvers: ["%s"]}
"""


@pytest.fixture
def gateway(tmp_path):
    with Zone(ZONE) as zone:
        (tmp_path / "imgw.yaml").write_text(
            CONFIG % (PORT, PORT, zone.address))
        log = tmp_path / "stderr"
        with open(log, "wb") as stderr:
            process = subprocess.Popen([PROGRAM, "run", "-c", "imgw.yaml"],
                                       cwd=tmp_path, stderr=stderr)
        try:
            end = time.monotonic() + 10
            while "event=ready" not in log.read_text():
                assert time.monotonic() < end, log.read_text()
                time.sleep(0.01)
            yield
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0
            assert "Sanitizer" not in log.read_text()
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()


@pytest.fixture
def server():
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as end:
        end.bind(("::1", SERVER))
        end.settimeout(5)
        yield end


def message(transport):
    return ("MESSAGE tel:+12025550100 SIP/2.0\r\n"
            "Via: SIP/2.0/%s [::1]:%d;branch=z9hG4bK-six;rport\r\n"
            "Max-Forwards: 70\r\nFrom: <tel:+12025550199>;tag=f\r\n"
            "To: <tel:+12025550100>\r\nCall-ID: six-%s@[::1]\r\n"
            "CSeq: 1 MESSAGE\r\nContent-Type: text/plain\r\n"
            "Content-Length: 5\r\n\r\nHello"
            % (transport, PHONE, transport)).encode()


def serve(server):
    """Take one request and answer 200; the request's first line."""
    data, peer = server.recvfrom(65535)
    start, *headers = data.decode().split("\r\n\r\n")[0].split("\r\n")
    echoed = [line for line in headers if line.split(":")[0] in
              ("Via", "From", "To", "Call-ID", "CSeq")]
    server.sendto("\r\n".join(["SIP/2.0 200 OK"] + echoed + [
        "Content-Length: 0", "", ""]).encode(), peer)
    return start


def connect(kind):
    end = socket.socket(socket.AF_INET6, kind)
    end.settimeout(5)
    if kind == socket.SOCK_DGRAM:
        end.bind(("::1", PHONE))
    end.connect(("::1", PORT))
    return end


@pytest.mark.parametrize("transport, kind", [
    ("UDP", socket.SOCK_DGRAM), ("TCP", socket.SOCK_STREAM)])
def test_a_message_passes_over_ipv6(gateway, server, transport, kind):
    with connect(kind) as phone:
        phone.send(message(transport))
        assert serve(server) == (
            "MESSAGE sip:alice@six.im.example:%d SIP/2.0" % SERVER)
        assert phone.recv(65535).startswith(b"SIP/2.0 200 ")
