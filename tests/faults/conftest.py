"""Servers for one case each: the gateway and those around it."""
import contextlib
import pathlib
import shutil
import tempfile

import pytest

import places
from component import Component
from imgw_run import Gateway
from names import Names
from prosody import Prosody
from sender import Sender
from sip_end import SipEnd

USERS = ["user%d" % index for index in range(10)]


@pytest.fixture(scope="session")
def names():
    names = Names()
    yield names
    names.close()


@pytest.fixture
def ends():
    """What is to be ended after the case, last first."""
    with contextlib.ExitStack() as stack:
        yield stack


@pytest.fixture
def folder(ends):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="imgw-faults-"))
    folder.chmod(0o755)
    ends.callback(shutil.rmtree, folder, ignore_errors=True)
    return folder


@pytest.fixture
def prosody(folder, ends):
    place = folder / "prosody"
    place.mkdir()
    prosody = Prosody(place, USERS)
    ends.callback(prosody.stop)
    prosody.start()
    return prosody


@pytest.fixture
def gateway(folder, names, ends):
    """Function that makes a gateway, not started. At the end each must have
    said nothing alarming in any of its lives."""
    made = []

    def make(name="imgw", node=0, **options):
        made.append(Gateway(folder / name, USERS, node, **options))
        ends.callback(made[-1].abandon)
        return made[-1]
    yield make
    assert [one.alarms() for one in made] == [[] for _ in made]


@pytest.fixture
def sender(ends):
    """Function that makes a sender."""
    def make(*arguments, **how):
        made = Sender(*arguments, USERS, **how)
        ends.callback(lambda: made.is_running() and made.stop())
        return made
    return make


@pytest.fixture
def tell(capsys, record_property, request):
    """Print the counts of a case, whatever pytest does with its output."""
    def say(text):
        record_property("counts", str(text))
        with capsys.disabled():
            print("\n%s: %s" % (request.node.name, text), flush=True)
    return say


@pytest.fixture
def component(ends):
    """The scripted XMPP server, for what a real one would make uncertain."""
    component = Component()
    ends.callback(component.stop)
    return component


@pytest.fixture
def phone(ends):
    """Where messages for numbers go."""
    phone = SipEnd(places.PHONE, tcp=False, gateway=places.GATEWAYS[0])
    ends.callback(phone.close)
    return phone
