"""The ends of the case from SIP to XMPP, as programs of their own: Python would
cost more than what is measured."""
import os
import pathlib
import subprocess

from imgw_run import number
from places import COMPONENT, DOMAIN, PHONE

TOOLS = pathlib.Path(os.environ.get("BENCH_TOOLS", "build/bench/tests"))


def figures(line):
    """name=value ... -> numbers"""
    return {name: float(value) for name, value in
            (pair.split("=") for pair in line.split())}


class Sink:
    """The XMPP server."""

    def __init__(self):
        self._process = subprocess.Popen(
            [TOOLS / "xmpp_sink", COMPONENT[0], str(COMPONENT[1]), DOMAIN],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def taken(self):
        """-> messages and pings since it was asked last"""
        self._process.stdin.write("?\n")
        self._process.stdin.flush()
        return figures(self._process.stdout.readline())

    def close(self):
        self._process.communicate()


class Load:
    """The phones."""

    def __init__(self, gateway, count, rate, callers=1000):
        self._process = subprocess.Popen(
            [TOOLS / "sip_load", gateway[0], str(gateway[1]), PHONE[0],
             number(0), str(count), str(rate), str(callers)],
            stdout=subprocess.PIPE, text=True)

    def is_running(self):
        return self._process.poll() is None

    def result(self):
        """-> what it says"""
        return figures(self._process.communicate()[0])
