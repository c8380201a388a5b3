"""Fixtures of the tests against other SIP implementations: a gateway that
speaks TLS and knows passwords, the carrier's proxy, phones."""
import os
import pathlib
import shutil
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "conformance"))

import kamailio_run                                     # noqa: E402
from baresip_run import Baresip                         # noqa: E402
from digest import hashed                               # noqa: E402
from kamailio_run import Kamailio                       # noqa: E402
from phone import Phone                                 # noqa: E402
from tls_end import Authority                           # noqa: E402
from world import WorldError, require_free, wait_until  # noqa: E402

PROGRAM = os.environ.get(
    "IMGW", str(HERE.parents[1] / "build/release/imgw"))
GATEWAY = ("127.0.0.3", 25080)
REALM = "gw2.example.net"
PASSWORD = "zanzibar"
USERS = ("kamailio", "baresip", "sipsak")   # they know MD5 only


def write_private(path, text):
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600),
                   "w") as file:
        file.write(text)


def is_free(address):
    try:
        require_free([("udp", *address)])
    except WorldError:
        return False
    return True


@pytest.fixture(scope="session")
def sip_authority():
    """A private CA."""
    return Authority()


@pytest.fixture(scope="module")
def running_sip_gateway(world, sip_authority, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sip-gateway")
    require_free([("udp", *GATEWAY), ("tcp", *GATEWAY)])
    shutil.copy(HERE / "imgw-sip.yaml", folder)
    cert, key = sip_authority.issue("gateway", "URI:sip:" + REALM)
    for source, name in ((cert, "gateway.pem"), (sip_authority.ca, "ca.pem")):
        shutil.copy(source, folder / name)
    write_private(folder / "gateway.key", pathlib.Path(key).read_text())
    write_private(folder / "secret", world.component_secret)
    write_private(folder / "password", PASSWORD + "\n")
    write_private(folder / "users", "".join(
        "%s:%s:%s\n" % (user, REALM, hashed("MD5", user, REALM, PASSWORD))
        for user in USERS))
    links = world.links()
    gateway = world.run("imgw-sip", [PROGRAM, "run", "-c",
                                     folder / "imgw-sip.yaml"])
    gateway.wait_for(r"event=ready\b")
    world.wait_for_link(links + 1)
    yield gateway
    world.processes.remove(gateway)
    assert gateway.stop() == 0, gateway.tail(40)


@pytest.fixture
def sip_gateway(running_sip_gateway):
    """It must outlive the test and say nothing alarming."""
    yield running_sip_gateway
    assert running_sip_gateway.exit_status is None
    for word in ("Sanitizer", "runtime error"):
        assert word not in running_sip_gateway.output


@pytest.fixture(scope="module")
def kamailio(request, sip_authority, tmp_path_factory):
    """Its certificate is good for tls.example.org. A test's parameter is the
    algorithm of its challenges."""
    pair = sip_authority.issue("kamailio", "URI:sip:tls.example.org")
    server = Kamailio(tmp_path_factory.mktemp("kamailio"), sip_authority,
                      pair, getattr(request, "param", "MD5"))
    try:
        server.wait_until_ready()
        yield server
    finally:
        server.stop()


@pytest.fixture
def carrier_phone(kamailio, sip_gateway):
    """Function from an address of Kamailio to the phone that sends there."""
    phones = []

    def phone(front=kamailio_run.FRONT["udp"]):
        phones.append(Phone("juliet", kamailio_run.PHONE, front))
        return phones[-1]
    yield phone
    for one in phones:
        one.stop()
        wait_until(lambda: is_free(kamailio_run.PHONE), 5,
                   "the phone does not end")


@pytest.fixture
def baresip(sip_gateway, tmp_path):
    """Function from a transport to a baresip that writes to romeo's number."""
    agents = []

    def start(transport="udp"):
        peer = "sip:+12025550100@%s:%d;transport=%s" % (*GATEWAY, transport)
        agents.append(Baresip(tmp_path, peer, ("baresip", PASSWORD)))
        return agents[-1]
    yield start
    for agent in agents:
        agent.stop()
