"""baresip, a softphone, without sound: it is told what to do, and tells what
it got, over its console, a TCP port."""
import re
import socket

from world import Process, require_free, wait_until

ADDRESS = ("127.0.0.51", 25090)
CONSOLE = ("127.0.0.51", 25095)
MODULES = "/usr/lib/baresip/modules"
USER = "+442079460123"
SECONDS = 10
TEXT_MAX = 900          # its console takes no longer lines

CONFIG = """
module_path {modules}
module account.so
module_app menu.so
module_app contact.so
module_app cons.so
cons_listen {console}
sip_listen {sip}
net_interface {host}
"""


class Baresip:
    """@param folder  for its files
    @param peer    SIP URI that it writes to
    @param auth    user and password for those who ask"""

    def __init__(self, folder, peer, auth):
        require_free([("udp", *ADDRESS), ("tcp", *ADDRESS),
                      ("tcp", *CONSOLE)])
        (folder / "config").write_text(CONFIG.format(
            modules=MODULES, console="%s:%d" % CONSOLE, sip="%s:%d" % ADDRESS,
            host=ADDRESS[0]))
        (folder / "accounts").write_text(
            "<sip:%s@gw2.example.net>;regint=0;auth_user=%s;auth_pass=%s\n"
            % (USER, *auth))
        (folder / "contacts").write_text('"peer" <%s>\n' % peer)
        self._process = Process("baresip", ["baresip", "-f", folder],
                                folder / "baresip.log")
        self._process.wait_for(self._connect)
        self._said = b""
        self.tell("contact_next", "Current contact: peer")

    def _connect(self):
        try:
            self._console = socket.create_connection(CONSOLE, 1)
        except OSError:
            return False
        return True

    def tell(self, command, expected):
        """Give a command and wait for what it says."""
        self._console.sendall(("/%s\n" % command).encode())
        self.wait_for(expected)

    def send(self, text):
        """Send a text to the peer; it says nothing but failures."""
        assert len(text) <= TEXT_MAX
        self._console.sendall(("/message %s\n" % text).encode())

    def wait_for(self, pattern):
        """Until the console has said this since the last time. -> the match"""
        found = []

        def came():
            try:
                self._said += self._console.recv(65536)
            except TimeoutError:
                pass
            found[:] = re.findall(pattern.encode(), self._said)
            return found
        self._console.settimeout(0.1)
        wait_until(came, SECONDS, "baresip says %r" % self._said[-500:])
        self._said = b""
        return found[0].decode()

    def received(self):
        """The next text that it shows."""
        return self.wait_for(r': "([^"]*)"')

    def stop(self):
        self._console.close()
        return self._process.stop()
