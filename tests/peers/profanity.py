"""profanity, an end-user XMPP client, in a terminal of its own."""
import os
import subprocess

from world import Process, WorldError, wait_until

ACCOUNT = """[{user}]
enabled=true
jid={user}@example.net
server=127.0.0.1
port={port}
password={password}
tls.policy=disable
"""
SECONDS = 10


class Profanity:
    """@param folder       empty, for everything that it writes
    @param preferences     text of its configuration file"""

    def __init__(self, folder, user, password, port, preferences=""):
        self._socket = folder / "tmux"
        for name, file, text in [
                ("data", "accounts", ACCOUNT.format(
                    user=user, password=password, port=port)),
                ("config", "profrc", preferences)]:
            home = folder / name / "profanity"
            home.mkdir(parents=True)
            (home / file).write_text(text)
        self._environment = {
            **os.environ, "HOME": str(folder), "LC_ALL": "C.UTF-8",
            "TERM": "xterm-256color", "XDG_DATA_HOME": str(folder / "data"),
            "XDG_CONFIG_HOME": str(folder / "config"), "TMUX": ""}
        self._tmux = Process("tmux", ["tmux", "-S", self._socket, "-u", "-f",
                                      "/dev/null", "-D"],
                             folder / "tmux.log", self._environment)
        self._tmux.wait_for(self._socket.exists)
        self._command("new-session", "-d", "-x", "120", "-y", "40",
                      "profanity", "-a", user)

    def stop(self):
        """End it with its terminal."""
        self._tmux.stop()

    def screen(self):
        return self._command("capture-pane", "-p")

    def shows(self, text):
        """Wait until a text is on the screen."""
        try:
            wait_until(lambda: text in self.screen(), SECONDS, text)
        except WorldError:
            raise WorldError("%r is not on the screen:\n%s" % (
                text, self.screen())) from None

    def type(self, text):
        """Type a line and Enter."""
        self.type_only(text)
        self._command("send-keys", "Enter")

    def type_only(self, text):
        self._command("send-keys", "-l", text)

    def _command(self, *arguments):
        done = subprocess.run(
            ["tmux", "-S", self._socket, *arguments], capture_output=True,
            env=self._environment, check=True, timeout=SECONDS)
        return done.stdout.decode()
