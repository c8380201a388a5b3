"""One bed for the whole run. The gateway is started again only when a case
needs another configuration, so cases with the same one stand together."""
import json

import pytest

pytest.register_assert_rewrite("bed")

from bed import ALICE, SIP, XMPP, Bed                   # noqa: E402


def changes_of(item):
    marker = item.get_closest_marker("config")
    return marker.args[0] if marker else {}


def pytest_configure(config):
    config.addinivalue_line(
        "markers", "config(changes): options that differ from the default")


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: (bool(changes_of(item)),
                                 json.dumps(changes_of(item), sort_keys=True)))


@pytest.fixture(scope="session")
def whole_bed():
    bed = Bed()
    yield bed
    trouble = bed.stop()
    assert not trouble, trouble


@pytest.fixture
def bed(whole_bed, request):
    whole_bed.begin(changes_of(request.node))
    yield whole_bed
    whole_bed.finish()


@pytest.fixture
def to_xmpp(bed):
    """The bed, where the number leads to XMPP."""
    bed.zone(XMPP, ALICE)
    return bed


@pytest.fixture
def to_sip(bed):
    """The bed, where the number leads to SIP."""
    bed.zone(SIP, ALICE)
    return bed
