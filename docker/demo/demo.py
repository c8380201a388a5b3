"""The demo: real servers, the gateway between them, a message each way. It is
started by docker/demo.sh, which installs and builds what is missing."""
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

from client import Client
from phone import Phone
from world import DEMO_PORTS, World, WorldError, require_free

HERE = pathlib.Path(__file__).resolve().parent
CONFIG = HERE / "imgw.yaml"
SECRET = HERE / "component.secret"
STORE = HERE / "queue.db"
GATEWAY = ("127.0.0.2", 15060)
JULIET = ("127.0.0.11", 15061)
NURSE = ("127.0.0.21", 15062)
JULIET_NUMBER = "+442079460123"
ROMEO_JID = "romeo@example.net"
ROMEO_NUMBER = "tel:+12025332600"
NURSE_NUMBER = "tel:+12025332601"


class Failed(Exception):
    """A message did not arrive; the text says which."""


def write_secret(text):
    """Readable by its owner only, who is the owner of the checkout, so that
    `imgw resolve` works for him while the demo runs as root."""
    SECRET.unlink(missing_ok=True)
    descriptor = os.open(SECRET, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    if os.geteuid() == 0:
        owner = HERE.stat()
        os.chown(SECRET, owner.st_uid, owner.st_gid)


def remove_store():
    """What an interrupted demo left there is not this one's."""
    for path in HERE.glob(STORE.name + "*"):
        path.unlink()


def say(who, what, place=""):
    print(("%-9s %-50s %s" % (who, what, place)).rstrip(), flush=True)


def line(who, other, text, note=""):
    print(("%-9s %-20s %-30s %s" % (who, other, '"%s"' % text, note)).rstrip(),
          flush=True)


def milliseconds(since, until):
    return "%.0f ms" % (1000 * (until - since))


class Demo:
    def __init__(self, program, folder):
        self.program, self.world = program, World(folder)
        self.romeo = self.juliet = self.nurse = self.gateway = None

    def start(self):
        require_free([(kind, *GATEWAY) for kind in ("udp", "tcp")] +
                     [("udp", *JULIET), ("udp", *NURSE)])
        write_secret(self.world.component_secret)
        remove_store()
        self.world.add_user("romeo")
        self.world.start()
        say("zone", "e164.arpa signed, resolver validating",
            "127.0.0.1:%d" % DEMO_PORTS.unbound)
        self.romeo = Client(ROMEO_JID, self.world.passwords["romeo"],
                            DEMO_PORTS.c2s)
        if not self.romeo.start():
            raise WorldError("romeo cannot sign in:\n" +
                             self.world.prosody.tail())
        say("xmpp", "prosody, %s signed in" % ROMEO_JID,
            "127.0.0.1:%d" % DEMO_PORTS.c2s)
        self.gateway = self.world.run("imgw", [self.program, "run", "-c",
                                               CONFIG])
        self.gateway.wait_for(r"event=ready\b")
        self.world.wait_for_link(1)
        say("gateway", "ready, component gw.example.net connected",
            "%s:%d" % GATEWAY)
        self.juliet = Phone("juliet", JULIET, GATEWAY)
        self.nurse = Phone("nurse", NURSE, GATEWAY)

    def stop(self):
        for one in (self.romeo, self.juliet, self.nurse):
            if one:
                one.stop()
        self.world.stop()
        remove_store()

    def show_route(self, uri):
        """What `imgw resolve` says about a number: the im: URI that ENUM
        gave, the service that was found, and whether it was validated."""
        done = subprocess.run([self.program, "resolve", "--json", "-c",
                               str(CONFIG), uri], capture_output=True,
                              text=True, timeout=30)
        if done.returncode != 0:
            raise Failed("no route to %s: %s" % (uri, done.stdout +
                                                 done.stderr))
        route = json.loads(done.stdout)
        im = [step["uri"] for step in route["steps"] if step["step"] == "im"]
        service = "_im._%s.%s" % (route["plan"][0]["protocol"],
                                  im[0].partition("@")[2])
        print("%-9s ENUM %s   SRV %s   %s, %.1f ms" % (
            "", im[0], service, route["dnssec"], route["elapsed_ms"]),
              flush=True)

    def deliver(self, uri, name, receiver, text):
        """A message of juliet's phone to a number arrives at somebody."""
        line("juliet ->", uri, text)
        self.show_route(uri)
        begun = time.monotonic()
        answer = self.juliet.send(uri, text, "tel:" + JULIET_NUMBER)
        got = receiver.receive()
        if not got or self.body(got) != text:
            raise Failed("%s got nothing, the answer was %s" % (name, answer))
        line("%-6s <-" % name, JULIET_NUMBER, text, "%s, %s" % (
            milliseconds(begun, got.when), answer))
        if not answer or not answer.startswith("2"):
            raise Failed("juliet was told: %s" % answer)

    @staticmethod
    def body(got):
        return got.body if hasattr(got, "start") else got["body"]

    def answer(self, text):
        """Romeo's answer arrives at juliet's phone."""
        line("romeo  ->", JULIET_NUMBER, text)
        begun = time.monotonic()
        self.romeo.send(JULIET_NUMBER + "@gw.example.net", text)
        got = self.juliet.receive()
        if not got or got.body != text:
            raise Failed("juliet got no answer")
        line("juliet <-", got.sender, text, milliseconds(begun, got.when))

    def show(self):
        print()
        self.deliver(ROMEO_NUMBER, "romeo", self.romeo, "Wherefore art thou?")
        self.answer("Look up.")
        print()
        self.deliver(NURSE_NUMBER, "nurse", self.nurse, "Are you there?")


def end_on_signals():
    def end(*_):
        raise KeyboardInterrupt
    for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(one, end)


def perform(demo, once):
    demo.start()
    demo.show()
    if once:
        return
    print("\ntry   %s resolve -c %s %s" % (
        os.path.relpath(demo.program), os.path.relpath(CONFIG), ROMEO_NUMBER))
    print("Ctrl-C to stop; nothing is left behind", flush=True)
    while demo.gateway.exit_status is None:
        time.sleep(0.5)
    raise Failed("the gateway ended:\n" + demo.gateway.tail())


def main(program, once):
    """-> exit status"""
    end_on_signals()
    with tempfile.TemporaryDirectory(prefix="imgw-demo-") as folder:
        demo = Demo(program, folder)
        try:
            perform(demo, once)
        except KeyboardInterrupt:
            print("\nstopping")
        except (WorldError, Failed) as error:
            print("demo: %s" % error, file=sys.stderr)
            if demo.gateway:
                print(demo.gateway.tail(20), file=sys.stderr)
            return 1
        finally:
            demo.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], "--once" in sys.argv[2:]))
