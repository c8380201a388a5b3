"""linphonec, a softphone, without sound: it is told what to do over its
standard input."""
import os
import re
import subprocess

from world import end_with_parent, require_free, wait_until

SECONDS = 10
STOP_SECONDS = 10

CONFIG = """\
[sip]
bind_address={host}
sip_port={port}
sip_tcp_port={port}
sip_tls_port=0
guess_hostname=0
use_ipv6=0
default_proxy=0
im_notif_policy=all

[proxy_0]
reg_identity=sip:{number}@gw.example.net
reg_proxy=<sip:{gateway}>
reg_route=<sip:{gateway}>
reg_sendregister=0
"""


class Linphone:
    """@param folder   for its files
    @param address  that it listens at
    @param gateway  its outbound proxy; it registers nowhere
    @param number   of its user"""

    def __init__(self, folder, address, gateway, number):
        require_free([("udp", *address), ("tcp", *address)])
        (folder / ".local/share/linphone").mkdir(parents=True)  # else no chat
        (folder / "linphonerc").write_text(CONFIG.format(
            host=address[0], port=address[1], number=number,
            gateway="%s:%d" % gateway))
        self._screen = folder / "screen"
        with open(self._screen, "wb") as screen:
            self._process = subprocess.Popen(
                ["linphonec", "-c", folder / "linphonerc"],
                stdin=subprocess.PIPE, stdout=screen, stderr=screen,
                preexec_fn=end_with_parent,
                env={**os.environ, "HOME": str(folder), "LC_ALL": "C.UTF-8"})
        self.wait_for("linphonec>")

    def _say(self, line):
        self._process.stdin.write(line.encode() + b"\n")
        self._process.stdin.flush()

    def send(self, uri, text):
        self._say("chat %s %s" % (uri, text))

    def wait_for(self, text):
        wait_until(lambda: text in self._shown(), SECONDS,
                   "no %r from linphonec" % text)

    def _shown(self):
        return self._screen.read_text("utf-8", "replace")

    def texts(self):
        """(sender, text) of each message that it has shown."""
        return re.findall("Message received from <([^>]*)>: (.*)",
                          self._shown())

    def stop(self):
        """-> exit status"""
        self._say("quit")
        self._process.stdin.close()
        try:
            return self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()
