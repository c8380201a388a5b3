"""How cases wait: every end notes what it saw under one condition variable,
and a case waits until something is true. Nothing polls, nothing sleeps longer
than it must."""
import heapq
import itertools
import os
import threading
import time

CHANGED = threading.Condition(threading.RLock())

# Upper limits are stretched by this on slow machines; exact timings are not.
PATIENCE = float(os.environ.get("BED_PATIENCE", "1"))


def until(predicate, seconds=5.0):
    """Wait until predicate() is true; its last value, true or not."""
    end = time.monotonic() + seconds * PATIENCE
    with CHANGED:
        while True:
            value = predicate()
            left = end - time.monotonic()
            if value or left <= 0:
                return value
            CHANGED.wait(left)


def note(sequence, item):
    """Append what was seen and wake whoever waits."""
    with CHANGED:
        sequence.append(item)
        CHANGED.notify_all()


def changed():
    with CHANGED:
        CHANGED.notify_all()


def in_background(function, *args):
    thread = threading.Thread(target=function, args=args, daemon=True)
    thread.start()
    return thread


class Later:
    """Runs functions after a while, all in one thread."""

    def __init__(self):
        self._heap, self._serial = [], itertools.count()
        self._wake = threading.Condition()
        in_background(self._run)

    def call(self, seconds, function, *args):
        with self._wake:
            heapq.heappush(self._heap, (time.monotonic() + seconds,
                                        next(self._serial), function, args))
            self._wake.notify()

    def forget(self):
        """Drop what is still to come."""
        with self._wake:
            self._heap.clear()

    def _run(self):
        while True:
            function, args = self._next()
            try:
                function(*args)
            except OSError:
                pass    # the other end has gone; the case sees no answer

    def _next(self):
        with self._wake:
            while True:
                now = time.monotonic()
                if self._heap and self._heap[0][0] <= now:
                    return heapq.heappop(self._heap)[2:]
                self._wake.wait(self._heap[0][0] - now if self._heap else None)


LATER = Later()
