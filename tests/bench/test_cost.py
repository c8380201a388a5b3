"""What a message costs; see README.md. Speed is printed and never fails."""
import contextlib
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "faults"))

import places                                           # noqa: E402
from component import Component                         # noqa: E402
from cpu import Commits, cpu_us                         # noqa: E402
from imgw_run import Gateway                            # noqa: E402
from kamailio_run import ADDRESS, Kamailio              # noqa: E402
from kamailio_run import DNS as KAMAILIO_DNS            # noqa: E402
from names import Names                                 # noqa: E402
from sender import Sender                               # noqa: E402
from sip_sink import SipSink                            # noqa: E402
from waiting import until                               # noqa: E402

RATE = int(os.environ.get("BENCH_RATE", "1000"))
SECONDS = int(os.environ.get("BENCH_SECONDS", "8"))
RUNS = int(os.environ.get("BENCH_RUNS", "3"))
WARM = RATE
STORE_MESSAGES = 50000      # in the case without a rate
SETTLE_SECONDS = 6          # timers of what was answered have ended
SINK = (places.NET + ".61", 25062)
AIM_US = 10                 # for the store


def drive(pid, address, watch=lambda: None):
    """Send at the rate. -> CPU of a message, microseconds"""
    warm = Sender(WARM, RATE, ["user0"], callers=WARM, gateways=[address])
    assert warm.start().finish(60)
    time.sleep(SETTLE_SECONDS)
    count = RATE * SECONDS
    before = cpu_us(pid)
    load = Sender(count, RATE, ["user0"], callers=count, gateways=[address])
    load.start()
    while load.done < count and load.is_running():
        watch()
        time.sleep(0.2)
    assert load.finish(30) and not load.trouble
    time.sleep(SETTLE_SECONDS)
    watch()
    return (cpu_us(pid) - before) / count


@contextlib.contextmanager
def gateway(**options):
    with tempfile.TemporaryDirectory(prefix="imgw-bench-") as folder:
        imgw = Gateway(pathlib.Path(folder), ["user0"], **options)
        imgw.start()
        try:
            yield imgw
            assert imgw.stop() == 0
        finally:
            imgw.abandon()


def to_xmpp(component, store):
    """-> CPU of a message, messages that shared a commit or 0"""
    component.forget()
    with gateway(queue={"store": store}) as imgw:
        assert until(lambda: component.link, 10)
        commits = Commits(imgw.folder / "queue.db")
        cost = drive(imgw.pid, places.GATEWAYS[0], commits.look)
        total = WARM + RATE * SECONDS
        assert until(lambda: len(component.seen()) == total, 10)
    return cost, commits.count and total / commits.count


def to_sip(sink):
    """-> CPU of a message"""
    sink.taken.clear()
    with gateway(queue={"store": "off"},
                 routing={"prefer": ["sip"], "numbers": []}) as imgw:
        cost = drive(imgw.pid, places.GATEWAYS[0])
    assert len(sink.taken) == WARM + RATE * SECONDS
    return cost


def through_kamailio(sink):
    """-> CPU of a message"""
    sink.taken.clear()
    with tempfile.TemporaryDirectory(prefix="imgw-bench-") as folder:
        kamailio = Kamailio(pathlib.Path(folder))
        try:
            cost = drive(kamailio.pid, ADDRESS)
        finally:
            kamailio.stop()
    assert len(sink.taken) == WARM + RATE * SECONDS
    return cost


def spread(values):
    """The median, and the whole range."""
    return "%.1f us (%.1f to %.1f)" % (statistics.median(values), min(values),
                                       max(values))


@pytest.fixture
def tell(capsys, record_property):
    def say(text):
        record_property("figures", text)
        with capsys.disabled():
            print("\n" + text, flush=True)
    return say


@pytest.fixture
def ends():
    with contextlib.ExitStack() as stack:
        yield stack


def test_what_the_store_costs_on_the_way_to_xmpp(ends, tell):
    names, component = Names(), Component()
    ends.callback(names.close)
    ends.callback(component.stop)
    without, stored, batches = [], [], []
    for _ in range(RUNS):
        without.append(to_xmpp(component, "off")[0])
        cost, batch = to_xmpp(component, "sqlite:queue.db")
        stored.append(cost)
        batches.append(batch)
    assert all(batches)
    off, on = statistics.median(without), statistics.median(stored)
    tell("SIP to XMPP at %d/s: %s without a store, %s with SQLite: %.1f us "
         "for the store (%.2f times; aim: %d us), %.1f messages a commit" % (
             RATE, spread(without), spread(stored), on - off, on / off,
             AIM_US, statistics.median(batches)))


@pytest.mark.parametrize("how, rate", [("at 1000/s", ["1000"]),
                                      ("as fast as it goes", [])])
def test_what_the_store_costs_alone(how, rate, tmp_path, tell):
    program = os.environ.get("STORE_BENCH")
    if not program:
        pytest.skip("STORE_BENCH names no program")
    said = [subprocess.run(
        [program, "sqlite:%s/%d.db" % (tmp_path, number),
         str(RATE * SECONDS if rate else STORE_MESSAGES), "1000", *rate],
        capture_output=True, text=True, check=True).stdout.strip()
            for number in range(RUNS)]
    tell("SQLite alone, %s: %s" % (how, "; ".join(said)))


def test_what_kamailio_needs_on_the_way_to_sip(ends, tell):
    if os.geteuid() != 0:
        pytest.skip("only root can give Kamailio a resolver of its own")
    for at in (places.DNS, KAMAILIO_DNS):
        ends.callback(Names("_im._sip.", SINK, at).close)
    sink = SipSink(SINK)
    ends.callback(sink.close)
    ours, theirs = [], []
    for _ in range(RUNS):
        ours.append(to_sip(sink))
        theirs.append(through_kamailio(sink))
    tell("SIP to SIP at %d/s: %s, Kamailio %s: %.2f of it" % (
        RATE, spread(ours), spread(theirs),
        statistics.median(ours) / statistics.median(theirs)))
