"""A small world of real servers on loopback: knot signs the zones, unbound
validates, Prosody has the users and takes the gateway as its component. The
demo shows it, the tests in tests/peers use it."""
import ctypes
import os
import pathlib
import re
import secrets
import shutil
import signal
import socket
import string
import subprocess
import time
from dataclasses import dataclass

HERE = pathlib.Path(__file__).resolve().parent
PATH = os.environ.get("PATH", "") + ":/usr/sbin:/usr/bin"
READY_SECONDS = 20
STOP_SECONDS = 10
PR_SET_PDEATHSIG = 1


class WorldError(Exception):
    """Something could not be started; the text says what and why."""


@dataclass(frozen=True)
class Ports:
    knot: int
    unbound: int
    c2s: int
    component: int


DEMO_PORTS = Ports(knot=15353, unbound=15354, c2s=15222, component=15347)


def wait_until(predicate, seconds, what):
    end = time.monotonic() + seconds
    while not predicate():
        if time.monotonic() > end:
            raise WorldError(what)
        time.sleep(0.02)


def require_free(addresses):
    """Refuse to go on where another process uses one of the addresses.
    @param addresses  (kind, host, port) each, kind "udp" or "tcp" """
    for kind, host, port in addresses:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM if kind == "udp"
                           else socket.SOCK_STREAM) as one:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR,
                           kind == "tcp")
            try:
                one.bind((host, port))
            except OSError as error:
                raise WorldError("%s:%d (%s) is taken: %s" % (
                    host, port, kind, error.strerror)) from None


def end_with_parent():
    """Should this process be killed, its servers end too."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Process:
    """A server in the foreground; what it says goes to a file."""

    def __init__(self, name, arguments, log, environment=None):
        program = shutil.which(arguments[0], path=PATH)
        if not program:
            raise WorldError("%s is not installed" % arguments[0])
        self.name, self.log = name, pathlib.Path(log)
        with open(self.log, "ab") as out:
            self._child = subprocess.Popen(
                [program, *map(str, arguments[1:])], stdin=subprocess.DEVNULL,
                stdout=out, stderr=out, preexec_fn=end_with_parent,
                env={**os.environ, **(environment or {})})

    @property
    def output(self):
        return self.log.read_text("utf-8", "replace")

    @property
    def exit_status(self):
        return self._child.poll()

    @property
    def pid(self):
        return self._child.pid

    def wait_for(self, ready, seconds=READY_SECONDS):
        """@param ready  a pattern of its output, or a function"""
        def came():
            if self._child.poll() is not None:
                raise WorldError("%s ended: %s" % (self.name, self.tail()))
            if callable(ready):
                return ready()
            return re.search(ready, self.output)
        wait_until(came, seconds, "%s is not ready" % self.name)

    def tail(self, lines=8):
        return "\n".join(self.output.splitlines()[-lines:])

    def stop(self):
        """SIGTERM, and SIGKILL for who does not hear. -> exit status"""
        if self._child.poll() is None:
            self._child.terminate()
            try:
                self._child.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._child.kill()
        return self._child.wait()


class World:
    """@param folder  empty, for everything that the servers write
    @param zones     folder with NAME.zone files; all of them are signed
    @param broken    names of zones whose signatures cannot be right"""

    def __init__(self, folder, ports=DEMO_PORTS, zones=HERE / "zones",
                 broken=()):
        self.folder, self.ports = pathlib.Path(folder), ports
        self.zone_files = sorted(pathlib.Path(zones).glob("*.zone"))
        self.broken = broken
        self.component_secret = secrets.token_hex(16)
        self.passwords = {}
        self.processes = []
        self.prosody = None

    @property
    def zones(self):
        return [file.stem for file in self.zone_files]

    def addresses(self):
        return [("udp", "127.0.0.1", self.ports.knot),
                ("udp", "127.0.0.1", self.ports.unbound),
                ("tcp", "127.0.0.1", self.ports.c2s),
                ("tcp", "127.0.0.1", self.ports.component)]

    def start(self):
        require_free(self.addresses())
        try:
            self._start_knot()
            self._start_unbound()
            self.start_prosody()
        except BaseException:
            self.stop()
            raise

    def stop(self):
        while self.processes:
            self.processes.pop().stop()

    def run(self, name, arguments, environment=None):
        """Start a process that ends with the world."""
        process = Process(name, arguments, self.folder / (name + ".log"),
                          environment)
        self.processes.append(process)
        return process

    def template(self, name, **values):
        text = string.Template((HERE / name).read_text())
        return text.substitute(folder=self.folder, **values)

    # Names ----------------------------------------------------------------
    def _start_knot(self):
        conf = self.folder / "knot.conf"
        text = self.template("knot.conf", port=self.ports.knot)
        for file in self.zone_files:
            shutil.copy(file, self.folder)
            text += "  - domain: %s\n" % file.stem
            if file.stem not in self.broken:
                text += ("    dnssec-signing: on\n"
                         "    dnssec-policy: demo\n")
        conf.write_text(text)
        self.run("knot", ["knotd", "-c", conf]).wait_for(
            lambda: all(self._answers(self.ports.knot, zone)
                        for zone in self.zones))

    def _start_unbound(self):
        text = self.template("unbound.conf", port=self.ports.unbound)
        for zone in self.zones:
            anchor = self.folder / (zone + ".ds")
            anchor.write_text(self._anchor(zone))
            text += ('server:\n'
                     '    local-zone: "%s." transparent\n'
                     '    trust-anchor-file: "%s"\n'
                     'stub-zone:\n'
                     '    name: "%s"\n'
                     '    stub-addr: 127.0.0.1@%d\n' % (
                         zone, anchor, zone, self.ports.knot))
        conf = self.folder / "unbound.conf"
        conf.write_text(text)
        good = [zone for zone in self.zones if zone not in self.broken]
        self.run("unbound", ["unbound", "-d", "-c", conf]).wait_for(
            lambda: all(self._answers(self.ports.unbound, zone)
                        for zone in good))

    def _anchor(self, zone):
        """DS records of a zone; those of a broken one fit no key."""
        if zone in self.broken:
            return "%s. DS 1 13 2 %s\n" % (zone, "00" * 32)
        done = subprocess.run(
            [shutil.which("keymgr", path=PATH), "-c",
             self.folder / "knot.conf", zone, "ds"],
            capture_output=True, text=True, check=True)
        return done.stdout

    @staticmethod
    def _answers(port, zone):
        """Does a server answer for the SOA of a zone?"""
        name = b"".join(bytes([len(label)]) + label.encode()
                        for label in zone.split(".")) + b"\0"
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
            one.settimeout(0.5)
            one.connect(("127.0.0.1", port))
            try:
                one.send(b"\x12\x34\1\0\0\1\0\0\0\0\0\0" + name + b"\0\6\0\1")
                answer = one.recv(4096)
            except OSError:
                return False
        return answer[3] & 15 == 0 and answer[7] > 0

    # XMPP -----------------------------------------------------------------
    def add_user(self, user):
        """An account at example.net; before start_prosody."""
        self.passwords[user] = secrets.token_hex(16)
        accounts = self.folder / "example%2enet" / "accounts"
        accounts.mkdir(parents=True, exist_ok=True)
        (accounts / (user + ".dat")).write_text(
            'return { ["password"] = "%s" };\n' % self.passwords[user])

    def start_prosody(self):
        self.prosody = self.run(
            "prosody", ["prosody", "--config", HERE / "prosody.cfg.lua", "-F"],
            {"WORLD_FOLDER": str(self.folder),
             "WORLD_C2S_PORT": str(self.ports.c2s),
             "WORLD_COMPONENT_PORT": str(self.ports.component),
             "WORLD_SECRET": self.component_secret})
        for port in (self.ports.c2s, self.ports.component):
            self.prosody.wait_for(lambda port=port: self._listens(port))

    def stop_prosody(self):
        self.prosody.stop()
        self.processes.remove(self.prosody)

    @staticmethod
    def _listens(port):
        with socket.socket() as one:
            return one.connect_ex(("127.0.0.1", port)) == 0

    def links(self):
        """How often the component's link has come up so far."""
        return self.prosody.output.count(
            "External component successfully authenticated")

    def wait_for_link(self, number, seconds=READY_SECONDS):
        """Until the link has come up for the so many-th time."""
        self.prosody.wait_for(lambda: self.links() >= number, seconds)
