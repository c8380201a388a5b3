"""The gateway, which may be killed and started again."""
import contextlib
import json
import os
import re
import signal
import sqlite3
import subprocess

from places import (COMPONENT, DNS, DOMAIN, GATEWAYS, HOST, PHONE, PROGRAM,
                    SECRET)
from world import end_with_parent, wait_until

READY_SECONDS = 30
STOP_SECONDS = 40
ALARM = re.compile(r"Sanitizer|runtime error:|Assertion .* failed|"
                   r"event=link-bug|double free|corrupted")


def number(index):
    """The number of a user."""
    return "+120255501%02d" % index


def configuration(node, users):
    return {
        "node": "node%d" % node,
        "sip": {"listen": ["udp:%s:%d" % GATEWAYS[node],
                           "tcp:%s:%d" % GATEWAYS[node]],
                "domains": [DOMAIN], "trust": [PHONE[0] + "/32"]},
        "dns": {"resolvers": ["%s:%d" % DNS], "dnssec": "off"},
        "routing": {"prefer": ["xmpp", "sip"], "private_targets": "allow",
                    "numbers": [{"match": number(index),
                                 "to": "im:%s@%s" % (user, HOST)}
                                for index, user in enumerate(users)]},
        "xmpp": {"domain": DOMAIN, "error_wait": "50ms",
                 "component": {"connect": "%s:%d" % COMPONENT,
                               "secret_file": "secret"}},
        "replies": {"next_hop": "sip:%s:%d" % PHONE},
        "queue": {"store": "sqlite:queue.db", "retry": ["1s", "2s"]},
    }


class Gateway:
    """@param folder   its configuration, its log, its store
    @param options  sections that differ, as dictionaries"""

    def __init__(self, folder, users, node=0, **options):
        self.folder, self.log = folder, folder / "imgw.log"
        folder.mkdir(exist_ok=True)
        config = configuration(node, users)
        for section, values in options.items():
            config[section] = {**config.get(section, {}), **values}
        (folder / "imgw.yaml").write_text(json.dumps(config))
        secret = os.open(folder / "secret", os.O_WRONLY | os.O_CREAT, 0o600)
        with os.fdopen(secret, "w") as file:
            file.write(SECRET)
        self._child, self._offset = None, 0

    @property
    def output(self):
        """What it has said since it was started last."""
        data = self.log.read_bytes()[self._offset:]
        return data.decode("utf-8", "replace")

    @property
    def pid(self):
        return self._child.pid

    def tail(self, lines=15):
        return "\n".join(self.output.splitlines()[-lines:])

    def launch(self, **environment):
        """Start it and do not wait."""
        if self.log.exists():
            self._offset = self.log.stat().st_size
        left_out = ("JOURNAL_STREAM", "NOTIFY_SOCKET", "IMGW_CRASH_AT")
        clean = {name: value for name, value in os.environ.items()
                 if name not in left_out}
        with open(self.log, "ab") as out:
            self._child = subprocess.Popen(
                [PROGRAM, "run", "-c", self.folder / "imgw.yaml"],
                cwd=self.folder, stdin=subprocess.DEVNULL, stdout=out,
                stderr=out, env={**clean, **environment},
                preexec_fn=end_with_parent)

    def start(self, **environment):
        self.launch(**environment)
        self.wait_for(r"event=ready\b")

    def wait_for(self, pattern, seconds=READY_SECONDS):
        """Until it has said this since its start."""
        def said():
            assert self._child.poll() is None, self.tail()
            return re.search(pattern, self.output)
        wait_until(said, seconds, "no %s: %s" % (pattern, self.tail()))

    def wait_for_link(self):
        self.wait_for(r"event=link state=up")

    def exit_code(self):
        """None: it runs."""
        return self._child.poll()

    def exit_status(self, seconds=STOP_SECONDS):
        return self._child.wait(seconds)

    def signal(self, number):
        self._child.send_signal(number)

    def kill(self):
        """As a power cut would: nothing can be put in order."""
        self._child.kill()
        self._child.wait()

    def stop(self):
        """SIGTERM. -> exit status"""
        if self._child.poll() is None:
            self.signal(signal.SIGTERM)
        return self.exit_status()

    def abandon(self):
        """For fixtures: whatever it does, it ends."""
        if self._child and self._child.poll() is None:
            self.kill()

    def alarms(self):
        """Lines that no run may have, of all its lives."""
        text = self.log.read_text("utf-8", "replace")
        return [line for line in text.splitlines() if ALARM.search(line)][:5]

    def query(self, sql):
        """Ask its SQLite store, also while it runs. -> rows"""
        url = "file:%s?mode=ro" % (self.folder / "queue.db")
        with contextlib.closing(sqlite3.connect(url, uri=True)) as store:
            return store.execute(sql).fetchall()

    def stored(self):
        """Messages in its store; None while that cannot be read."""
        try:
            return self.query("SELECT count(*) FROM message")[0][0]
        except sqlite3.OperationalError:
            return None

    def wait_until_empty(self, seconds):
        """Until everything stored has gone where it was to go."""
        wait_until(lambda: self.stored() == 0, seconds,
                   "messages are stored still: " + str(self.folder))

    def memory_kib(self):
        """What it has in memory now."""
        with open("/proc/%d/status" % self.pid, encoding="ascii") as status:
            return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1))
