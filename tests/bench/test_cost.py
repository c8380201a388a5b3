"""What a message costs; see README.md. Speed is printed and never fails."""
import contextlib
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "faults"))

import places                                           # noqa: E402
from cpu import Commits, cpu_us                         # noqa: E402
from imgw_run import Gateway                            # noqa: E402
from kamailio_run import ADDRESS, Kamailio              # noqa: E402
from kamailio_run import DNS as KAMAILIO_DNS            # noqa: E402
from load_run import TOOLS, Load, Sink                  # noqa: E402
from names import Names                                 # noqa: E402
from sender import Sender                               # noqa: E402
from sip_sink import SipSink                            # noqa: E402
from waiting import until                               # noqa: E402

RATE = int(os.environ.get("BENCH_RATE", "1000"))
SECONDS = int(os.environ.get("BENCH_SECONDS", "8"))
RUNS = int(os.environ.get("BENCH_RUNS", "3"))
WARM = RATE
FULL_RATE = 5500           # of the phones; the aim is 5,000 carried
FILL_SECONDS = 4            # then the log of SQLite does not grow any more
STORE_MESSAGES = 100000     # in the case without a rate
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


def send(gateway, count, rate, watch=lambda: None):
    """Many at a steady rate, from a program. -> what became of them"""
    load = Load(gateway, count, rate)
    while load.is_running():
        watch()
        time.sleep(0.1)
    result = load.result()
    assert result["sent"] == count and not result["unanswered"]
    time.sleep(SETTLE_SECONDS)
    watch()
    return result


def to_xmpp(sink, store, rate):
    """-> what became of them, with the CPU of a message and the messages that
    shared a commit or 0"""
    with gateway(queue={"store": store}) as imgw:
        imgw.wait_for_link()
        send(places.GATEWAYS[0], rate * FILL_SECONDS, rate)
        sink.taken()
        commits = Commits(imgw.folder / "queue.db")
        commits.look()
        before, seen = cpu_us(imgw.pid), commits.count
        count = rate * SECONDS
        result = send(places.GATEWAYS[0], count, rate, commits.look)
        result["us"] = (cpu_us(imgw.pid) - before) / count
        assert sink.taken()["messages"] == result["accepted"]
    seen = commits.count - seen
    result["batch"] = seen and result["accepted"] / seen
    return result


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


def medians(results):
    return {name: statistics.median(one[name] for one in results)
            for name in results[0]}


def tell_of_xmpp(rate, without, stored, tell):
    off, on = medians(without), medians(stored)
    assert on["batch"]
    tell("SIP to XMPP at %d/s: %s without a store, %s with SQLite: %.1f us "
         "for the store (aim: %d us), %.1f messages a commit" % (
             rate, spread([one["us"] for one in without]),
             spread([one["us"] for one in stored]), on["us"] - off["us"],
             AIM_US, on["batch"]))
    for name, all_of_it in (("without", without), ("SQLite", stored)):
        one = medians(all_of_it)
        tell("  %-8s %d/s accepted, refused %s of %d, sent again %s; final "
             "after %.1f ms, 99 %% %.1f ms" % (
                 name, one["rate"],
                 "+".join("%d" % each["refused"] for each in all_of_it),
                 one["sent"],
                 "+".join("%d" % each["resent"] for each in all_of_it),
                 one["p50_ms"], one["p99_ms"]))


def test_what_the_store_costs_on_the_way_to_xmpp(ends, tell):
    names, sink = Names(), Sink()
    ends.callback(names.close)
    ends.callback(sink.close)
    for rate in sorted({RATE, FULL_RATE}):
        without, stored = [], []
        for _ in range(RUNS):
            without.append(to_xmpp(sink, "off", rate))
            stored.append(to_xmpp(sink, "sqlite:queue.db", rate))
        tell_of_xmpp(rate, without, stored, tell)


def alone(url, rate):
    """-> what store_bench says, CPU of a message"""
    said = subprocess.run(
        [TOOLS / "store_bench", url,
         str(rate * SECONDS if rate else STORE_MESSAGES), "1000",
         *([str(rate)] if rate else [])],
        capture_output=True, text=True, check=True).stdout.strip()
    return said, float(re.search(r"([\d.]+) us CPU", said).group(1))


@pytest.mark.parametrize("rate", [*sorted({RATE, FULL_RATE}), 0])
def test_what_the_store_costs_alone(rate, tmp_path, tell):
    nothing, stored, lines = [], [], []
    for number in range(RUNS):
        nothing.append(alone("none", rate)[1])
        line, cost = alone("sqlite:%s/%d.db" % (tmp_path, number), rate)
        stored.append(cost)
        lines.append(line)
    tell("SQLite alone, %s: %s, of it %s for the bench: %.1f us for the "
         "store\n  %s" % (
             "at %d/s" % rate if rate else "as fast as it goes",
             spread(stored), spread(nothing),
             statistics.median(stored) - statistics.median(nothing),
             "\n  ".join(lines)))


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
