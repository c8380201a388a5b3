"""The program under test: writes its configuration, starts it, waits until it
is ready, watches what it prints, stops it. Nothing here knows how it is made:
it is the program named by IMGW, else build/release/imgw."""
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile

import addresses
import digest
from waiting import PATIENCE

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("IMGW", str(ROOT / "build/release/imgw"))
READY = re.compile(r"event=ready\b")
READY_SECONDS = 10 * PATIENCE
STOP_SECONDS = 10 * PATIENCE

# What a sanitizer, the C library or a failed assertion prints.
ALARM = re.compile(r"Sanitizer|runtime error:|Assertion .* failed|"
                   r"stack smashing|free\(\)|malloc|double free|corrupted|"
                   r"Segmentation fault|terminate called")


def default_config():
    return {
        "node": "bed",
        "sip": {
            "listen": ["udp:%s:%d" % addresses.GATEWAY,
                       "tcp:%s:%d" % addresses.GATEWAY],
            "domains": [addresses.GATEWAY_DOMAIN],
            "trust": [addresses.U1[0] + "/32"],
        },
        "dns": {"resolvers": ["%s:%d" % addresses.DNS], "timeout": "1s"},
        "xmpp": {
            "domain": addresses.GATEWAY_DOMAIN,
            "error_wait": "60ms",       # for speed; X1 answers in 10 ms
            "component": {"connect": "%s:%d" % addresses.X1,
                          "secret_file": "secret"},
        },
        "replies": {"next_hop": "sip:%s:%d" % addresses.U1},
        # in the temporary folder
        "queue": {"store": "sqlite:queue.db"},
        "admin": {"socket": "imgw.sock"},
    }


def changed_config(changes):
    """The default with dotted options changed: {"dns.timeout": "8s"}; None
    takes an option away."""
    config = default_config()
    for path, value in changes.items():
        node, keys = config, path.split(".")
        for key in keys[:-1]:
            node = node.setdefault(key, {})
        node[keys[-1]] = value
        if value is None:
            del node[keys[-1]]
    return config


class Folder:
    """A temporary folder with imgw.yaml and the secrets beside it."""

    def __init__(self, changes):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="imgw-bed-"))
        self._secret("secret", addresses.SECRET)
        self._secret("password", addresses.PASSWORD)
        self._secret("users", digest.users_file(
            addresses.GATEWAY_DOMAIN, **{addresses.USER: addresses.PASSWORD}))
        self.config = self.path / "imgw.yaml"
        # JSON is YAML
        self.config.write_text(json.dumps(changed_config(changes), indent=1))

    def _secret(self, name, content):
        secret = os.open(self.path / name, os.O_WRONLY | os.O_CREAT, 0o600)
        with open(secret, "w") as file:
            file.write(content)

    def remove(self):
        shutil.rmtree(self.path, ignore_errors=True)


def run_command(*arguments, changes=None, config=None):
    """Run `imgw ARGUMENTS`, with -c and a configuration unless there is
    none. -> the finished process with stdout and stderr as text"""
    folder = Folder(changes or {})
    try:
        if config is not None:
            folder.config.write_text(config)
        return subprocess.run(
            [PROGRAM, *[str(folder.config) if a == "CONFIG" else a
                        for a in arguments]],
            capture_output=True, text=True, timeout=60)
    finally:
        folder.remove()


class Gateway:
    def __init__(self, changes):
        self.changes = changes
        self.folder = Folder(changes)
        self._stderr = self.folder.path / "stderr"
        self._run()

    def _run(self):
        environment = {name: value for name, value in os.environ.items()
                       if name not in ("JOURNAL_STREAM", "NOTIFY_SOCKET")}
        with open(self._stderr, "wb") as stderr:
            self.process = subprocess.Popen(
                [PROGRAM, "run", "-c", self.folder.config],
                stdin=subprocess.DEVNULL, stdout=stderr, stderr=stderr,
                env=environment)

    @property
    def output(self):
        return self._stderr.read_text("utf-8", "replace")

    def last_lines(self, count=15):
        return "\n".join(self.output.splitlines()[-count:])

    def wait_for_line(self, pattern, seconds=READY_SECONDS):
        """Wait until a line matches; whether one did before the time was up
        or the process ended."""
        left = seconds
        while not re.search(pattern, self.output):
            if left <= 0 or self.process.poll() is not None:
                return bool(re.search(pattern, self.output))
            try:
                self.process.wait(0.02)
            except subprocess.TimeoutExpired:
                left -= 0.02
        return True

    def start(self):
        assert self.wait_for_line(READY), (
            "the gateway is not ready, exit status %s:\n%s" %
            (self.process.poll(), self.last_lines()))

    def alarm(self):
        """What is wrong with the process itself, or None."""
        status = self.process.poll()
        if status is not None:
            return "the gateway ended with %s:\n%s" % (status,
                                                       self.last_lines())
        return self._printed_alarm()

    def _printed_alarm(self):
        lines = self.output.splitlines()
        for number, line in enumerate(lines):
            if ALARM.search(line):
                return "the gateway printed:\n" + "\n".join(
                    lines[number:number + 25])
        return None

    def restart(self):
        """The process dies without a word and begins again, in the same
        folder."""
        trouble = self.alarm()
        assert not trouble, trouble
        self.process.kill()
        self.process.wait()
        self._run()
        self.start()

    def stop(self):
        """SIGTERM. -> what went wrong, or None"""
        trouble = self.alarm()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                trouble = trouble or "no end after SIGTERM"
        if not trouble and self.process.returncode != 0:
            trouble = "exit status %d after SIGTERM:\n%s" % (
                self.process.returncode, self.last_lines())
        trouble = trouble or self._printed_alarm()
        self.folder.remove()
        return trouble
