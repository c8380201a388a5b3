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
from phone import Phone                                 # noqa: E402
from sipp_run import Receiver                           # noqa: E402
from world import (Ports, World, WorldError, require_free, # noqa: E402
                   wait_until)

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
    world.add_user("romeo")
    world.start()
    yield world
    world.stop()


@pytest.fixture(scope="session")
def config(world):
    """The configuration, beside its secret."""
    shutil.copy(HERE / "imgw.yaml", world.folder)
    secret = os.open(world.folder / "secret", os.O_WRONLY | os.O_CREAT, 0o600)
    with os.fdopen(secret, "w") as file:
        file.write(world.component_secret)
    return world.folder / "imgw.yaml"


@pytest.fixture(scope="session")
def running_gateway(world, config):
    gateway = world.run("imgw", [PROGRAM, "run", "-c", config])
    gateway.wait_for(r"event=ready\b")
    world.wait_for_link(1)
    yield gateway
    assert gateway.stop() == 0, gateway.tail(40)


@pytest.fixture
def gateway(running_gateway):
    """The gateway, which must outlive the test and say nothing alarming."""
    yield running_gateway
    assert running_gateway.exit_status is None, running_gateway.tail(40)
    assert "Sanitizer" not in running_gateway.output
    assert "runtime error" not in running_gateway.output


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


def wait_until_taken(address):
    """Wait until somebody has opened the UDP address."""
    def taken():
        try:
            require_free([("udp", *address)])
        except WorldError:
            return True
        return False
    wait_until(taken, 10, "nobody listens at %s:%d" % address)


@pytest.fixture
def receiver(tmp_path, gateway):
    """Function from an address to a SIPp that takes one message there."""
    started = []

    def start(address):
        started.append(Receiver(tmp_path, address))
        wait_until_taken(address)
        return started[-1]
    yield start
    for one in started:
        one.stop()
