"""The process ends at each boundary of a commit in turn, while a few messages
go both ways. It needs a program built with IMGW_CRASH_POINTS."""
import time

import pytest

from ledger import Ledger
from places import scaled
from waiting import until

CRASHED = 86
STEP = scaled(3, 1)     # of the points, one in so many
MESSAGES = 4            # each way
POINTS_MAX = 2000
SECONDS = 20
NUMBERS = ["+12025552000", "+12025552001"]


class Run:
    """One point: a crash, a restart, and what became of the messages."""

    def __init__(self, imgw, component, phone, make_sender):
        self.imgw, self.component, self.phone = imgw, component, phone
        component.forget()
        phone.forget()
        self.load = make_sender(MESSAGES, 200, callers=2)
        self.replies = {"r%d" % index: (NUMBERS[index % 2], "%06d" % index)
                        for index in range(MESSAGES)}

    def ended(self):
        return self.imgw.exit_code() is not None

    def wait(self, predicate):
        return until(lambda: self.ended() or predicate(), SECONDS)

    def first_life(self, point):
        """-> whether it was cut short"""
        self.imgw.launch(IMGW_CRASH_AT=str(point))
        self.wait(lambda: self.component.link)
        self.load.start()
        for ident in self.replies:
            self.write(ident)
        self.wait_for_all()
        self.again()
        status = self.imgw.stop()
        assert status in (CRASHED, 0), self.imgw.tail()
        return status == CRASHED

    def write(self, ident):
        try:
            self.component.write(ident, *self.replies[ident])
        except (AssertionError, OSError):
            pass                # there is no link: nothing was sent

    def second_life(self):
        """What was not stored was never taken: its sender sends it again."""
        taken = self.arrived() | {
            body for body, in self.imgw.query("SELECT body FROM message "
                                              "WHERE origin = 1")}
        self.imgw.start()
        until(lambda: self.component.link, SECONDS)
        for ident, (_, body) in self.replies.items():
            if body.encode() not in taken:
                self.write(ident)
        self.wait_for_all()
        self.again()
        assert self.imgw.stop() == 0

    def arrived(self):
        return {message.body for message in self.phone.messages}

    def wait_for_all(self):
        def all_there():
            return (self.load.done == MESSAGES
                    and len(self.arrived()) == MESSAGES
                    and self.imgw.stored() == 0)
        end = time.monotonic() + SECONDS
        while not self.ended() and not all_there():
            if time.monotonic() > end:
                return
            time.sleep(0.02)

    def again(self):
        """A client that is not sure sends all once more."""
        for ident in self.replies:
            self.write(ident)
        time.sleep(0.2)

    def finish(self):
        """-> (ledger of one way, how many came twice the other way)"""
        self.load.stop()
        ledger = Ledger(self.load.messages, self.component.arrivals())
        assert self.arrived() == {body.encode() for _, body
                                  in self.replies.values()}
        return ledger, len(self.phone.messages) - MESSAGES


def test_nothing_is_lost_wherever_the_process_ends(
        gateway, component, phone, sender, tell):
    runs = repeated = doubled = 0
    for point in range(1, POINTS_MAX, STEP):
        run = Run(gateway("point-%d" % point), component, phone, sender)
        crashed = run.first_life(point)
        if crashed:
            run.second_life()
        ledger, again = run.finish()
        ledger.assert_kept()
        assert component.errors() == []
        runs += crashed
        repeated += ledger.repeated
        doubled += again
        if not crashed:
            break
    if not runs:
        pytest.skip("the program was built without IMGW_CRASH_POINTS")
    assert not crashed, "it is not done after %d points" % POINTS_MAX
    tell("%d points of %d, %d messages each way: lost 0; to XMPP twice by one "
         "id %d, to SIP twice %d" % (runs, point, MESSAGES, repeated, doubled))
