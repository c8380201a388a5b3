"""One world of real servers for all tests here, and the gateway in it: the
program named by IMGW, else build/release/imgw."""
import os
import pathlib
import shutil
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "docker/demo"))

from client import Client                               # noqa: E402
from hosts import NUMBERS, at_ejabberd, at_prosody      # noqa: E402
from phone import Phone                                 # noqa: E402
from sip_user import SipUser                            # noqa: E402
from sip_world import (baresip, carrier_phone, kamailio, # noqa: E402, F401
                       running_sip_gateway, sip_authority, sip_gateway)
from sipp_run import Receiver                           # noqa: E402
from world import (Ports, World, WorldError, require_free, # noqa: E402
                   wait_until)
from xmpp_user import User                              # noqa: E402

PROGRAM = os.environ.get("IMGW", str(ROOT / "build/release/imgw"))
PORTS = Ports(knot=25353, unbound=25354, c2s=25222, component=25347)
GATEWAY = ("127.0.0.2", 25060)
JULIET = ("127.0.0.11", 25061)          # trusted, next hop of replies
SENDER = ("127.0.0.11", 25063)
NURSE = ("127.0.0.21", 25062)


@pytest.fixture(scope="session")
def world(tmp_path_factory):
    world = World(tmp_path_factory.mktemp("world"), PORTS, HERE / "zones",
                  broken=["e164.broken.example"])
    require_free([("udp", *GATEWAY), ("udp", *JULIET), ("udp", *NURSE)])
    for user in NUMBERS:
        world.add_user(user)
    world.start()
    yield world
    world.stop()


def write_secret(folder, secret):
    file = os.open(folder / "secret", os.O_WRONLY | os.O_CREAT, 0o600)
    with os.fdopen(file, "w") as out:
        out.write(secret)


@pytest.fixture(scope="session")
def config(world):
    """The configuration, beside its secret."""
    shutil.copy(HERE / "imgw.yaml", world.folder)
    write_secret(world.folder, world.component_secret)
    return world.folder / "imgw.yaml"


@pytest.fixture(scope="session")
def running_gateway(world, config):
    gateway = world.run("imgw", [PROGRAM, "run", "-c", config])
    gateway.wait_for(r"event=ready\b")
    world.wait_for_link(1)
    yield gateway
    assert gateway.stop() == 0, gateway.tail(40)


def assert_sound(gateway):
    """A gateway must outlive each test and say nothing alarming."""
    assert gateway.exit_status is None, gateway.tail(40)
    assert "Sanitizer" not in gateway.output
    assert "runtime error" not in gateway.output


@pytest.fixture
def gateway(running_gateway):
    yield running_gateway
    assert_sound(running_gateway)


@pytest.fixture
def user(world, gateway):
    """Function from a name to that user of example.net, signed in."""
    clients = []

    def sign_in(name):
        clients.append(Client(name + "@example.net", world.passwords[name],
                              PORTS.c2s))
        assert clients[-1].start(), world.prosody.tail()
        return clients[-1]
    yield sign_in
    for client in clients:
        client.stop()


@pytest.fixture
def romeo(user):
    return user("romeo")


@pytest.fixture
def phone(gateway):
    """Juliet's phone, where replies go."""
    phone = Phone("juliet", JULIET, GATEWAY)
    yield phone
    phone.stop()


def is_free(address):
    try:
        require_free([("udp", *address)])
    except WorldError:
        return False
    return True


def wait_until_taken(address):
    """Wait until somebody has opened the UDP address."""
    wait_until(lambda: not is_free(address), 10,
               "nobody listens at %s:%d" % address)


@pytest.fixture
def receiver(tmp_path, gateway):
    """Function from an address, and what Receiver takes besides, to a SIPp
    that takes one message there."""
    started = []

    def start(address, **wanted):
        started.append(Receiver(tmp_path, address, **wanted))
        wait_until_taken(address)
        return started[-1]
    yield start
    for one in started:
        one.stop()


# What follows runs against each XMPP server.

@pytest.fixture(scope="session", params=["prosody", "ejabberd"])
def running_host(request, world):
    if request.param == "prosody":
        gateway = request.getfixturevalue("running_gateway")
        yield at_prosody(world, gateway, GATEWAY, JULIET)
        return
    host = at_ejabberd(world, PROGRAM, HERE / "imgw-ejabberd.yaml",
                       write_secret)
    yield host
    assert host.gateway.stop() == 0, host.gateway.tail(40)


@pytest.fixture
def host(running_host):
    yield running_host
    assert_sound(running_host.gateway)


@pytest.fixture
def xmpp_user(host):
    """Function from a name to that user of example.net, signed in."""
    users = []

    def sign_in(name="romeo"):
        users.append(User(name + "@example.net", host.server.passwords[name],
                          host.port))
        assert users[-1].start(), host.server.tail()
        return users[-1]
    yield sign_in
    for user in users:
        user.stop()


@pytest.fixture
def sip_user(host):
    user = SipUser(host.sip_address, host.gateway_address)
    yield user
    user.close()
    wait_until(lambda: is_free(host.sip_address), 5, "%s:%d is not free" %
               host.sip_address)
