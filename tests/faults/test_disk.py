"""The disk of the store is full: no promise is made that it cannot keep, and
it works again when there is space."""
import contextlib
import os
import shutil
import subprocess
import time

import pytest

from ledger import Ledger
from places import scaled

COUNT, RATE = scaled(1500, 5000), scaled(150, 500)
FULL_SECONDS = scaled(3, 8)
DISK = "32m"
SMALL = "4m"        # half of what the log of the store may grow to
CHUNK = bytes(1 << 16)


@pytest.fixture
def size():
    return DISK


@pytest.fixture
def disk(folder, ends, size):
    """A small file system where the gateway's folder is going to be."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small file system")
    place = folder / "imgw"
    place.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=" + size,
                           "imgw-faults", place], capture_output=True,
                          text=True)
    if done.returncode:
        pytest.skip("cannot mount: " + done.stderr.strip())
    ends.callback(subprocess.run, ["umount", "-l", place])
    return place


def fill(disk):
    """Write until nothing fits any more. -> the file"""
    ballast = disk / "ballast"
    with open(ballast, "ab", buffering=0) as file:
        for size in (len(CHUNK), 1):
            with contextlib.suppress(OSError):
                while file.write(CHUNK[:size]) == size:
                    pass
    return ballast


def wait_for_refusals(load, disk):
    """Until somebody hears that the disk is full, and then a while; whatever
    space comes free is taken at once."""
    end = time.monotonic() + 30
    while not any(one.refusals for one in load.messages):
        assert time.monotonic() < end, shutil.disk_usage(disk)
        fill(disk)
        time.sleep(0.1)
    end = time.monotonic() + FULL_SECONDS
    while time.monotonic() < end:
        fill(disk)
        time.sleep(0.1)


@pytest.mark.parametrize("link", ["up", "down"])
def test_a_full_disk_is_told_and_nothing_accepted_is_lost(
        link, disk, prosody, gateway, sender, tell):
    imgw = gateway()
    log = imgw.folder.parent / "imgw.log"       # its lines are not at stake
    imgw.log = log
    imgw.start()
    load = sender(COUNT, RATE, callers=COUNT // 10).start()
    while load.sent < COUNT // 3:
        time.sleep(0.01)
    if link == "down":
        prosody.stop()
    ballast = fill(disk)
    wait_for_refusals(load, disk)
    full = sum(1 for one in load.messages if one.refusals)
    if link == "down":
        prosody.start()
    ballast.unlink()
    freed = time.monotonic()
    assert load.finish(60), imgw.tail()
    after = min(when for one in load.messages for _, when in one.answers
                if when > freed) - freed
    imgw.wait_until_empty(scaled(30, 120))
    assert imgw.stop() == 0
    ledger = Ledger(load.messages, prosody.collect())
    tell("%d met the full disk, accepted again %.1f s after it had space: %s"
         % (full, after, ledger))
    ledger.assert_kept()
    assert full and set(ledger.refusals) <= {480, 500} and not load.trouble
    assert all(wait for one in load.messages for _, wait in one.refusals)


@pytest.mark.parametrize("size", [SMALL])
def test_a_small_disk_is_never_full_of_the_store_itself(
        size, disk, component, gateway, sender, tell):
    imgw = gateway()
    imgw.log = imgw.folder.parent / "imgw.log"
    imgw.start()
    imgw.wait_for_link()
    load = sender(COUNT, RATE, callers=COUNT // 10).start()
    assert load.finish(60), imgw.tail()
    imgw.wait_until_empty(10)
    assert imgw.stop() == 0
    ledger = Ledger(load.messages, component.arrivals())
    used = shutil.disk_usage(disk).used // 1024
    tell("%d KiB used of %s: %s" % (used, SMALL, ledger))
    ledger.assert_kept()
    assert not ledger.refusals and not load.trouble


def test_with_a_full_disk_it_starts_and_says_not_now(
        disk, component, gateway, sender, tell):
    imgw = gateway()
    imgw.log = imgw.folder.parent / "imgw.log"
    ballast = fill(disk)
    imgw.start()
    imgw.wait_for(r"event=store state=unavailable")
    imgw.wait_for_link()
    load = sender(20, 100, callers=10).start()
    while not all(one.refusals for one in load.messages[:10]):
        time.sleep(0.05)
    assert not any(one.accepted for one in load.messages)
    ballast.unlink()
    assert load.finish(30), imgw.tail()
    imgw.wait_until_empty(10)
    assert imgw.stop() == 0
    ledger = Ledger(load.messages, component.arrivals())
    tell(str(ledger))
    ledger.assert_kept()
    assert set(ledger.refusals) <= {480, 500}
