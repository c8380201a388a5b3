"""A real XMPP server whose users are away: what it has taken for them stands
on its disk, until they sign in at the end and are given it."""
import socket

from client import Client
from ledger import DELAY
from places import CLIENTS, COMPONENT, DOMAIN, HERE, HOST, SECRET
from world import Process

PASSWORD = "zanzibar"
END = "that was all"
READ_SECONDS = 30


class Arrival:
    """A message that a user was given."""

    def __init__(self, stanza):
        self.sender, self.to = stanza["from"].bare, stanza["to"].bare
        self.ident, self.body = stanza["id"], stanza["body"]
        # the server says so too, about all of them
        self.late = any(delay.get("from") == DOMAIN
                        for delay in stanza.xml.iter(DELAY))


class Reader(Client):
    """Says to himself, behind his presence, what ends his reading: the server
    has given him everything before."""

    def __init__(self, jid):
        super().__init__(jid, PASSWORD, CLIENTS[1])

    def _started(self, _):
        super()._started(_)
        self._stream.send_message(mto=self.jid, mbody=END)

    def _take(self, message):
        self.inbox.put(Arrival(message))

    def read(self):
        found = []
        while (arrival := self.receive(READ_SECONDS)):
            if arrival.body == END:
                return found
            found.append(arrival)
        raise AssertionError("the server is silent")


class Prosody:
    def __init__(self, folder, users):
        self.folder, self.users, self.starts = folder, users, 0
        self._process = None
        accounts = folder / "example%2enet" / "accounts"
        accounts.mkdir(parents=True)
        for user in users:
            (accounts / (user + ".dat")).write_text(
                'return { ["password"] = "%s" };\n' % PASSWORD)

    def start(self):
        self.starts += 1
        self._process = Process(
            "prosody", ["prosody", "--config", HERE / "prosody.cfg.lua", "-F"],
            self.folder / "prosody.log",
            {"FAULTS_FOLDER": str(self.folder), "FAULTS_ADDRESS": COMPONENT[0],
             "FAULTS_C2S_PORT": str(CLIENTS[1]), "FAULTS_SECRET": SECRET,
             "FAULTS_COMPONENT_PORT": str(COMPONENT[1])})
        for address in (CLIENTS, COMPONENT):
            self._process.wait_for(lambda a=address: self._listens(a))

    @staticmethod
    def _listens(address):
        with socket.socket() as one:
            return one.connect_ex(address) == 0

    def stop(self):
        if self._process:
            self._process.stop()
        self._process = None

    def restart(self):
        self.stop()
        self.start()

    def collect(self):
        """Sign in as each user, one after the other. -> all arrivals, in the
        order of each"""
        found = []
        for user in self.users:
            reader = Reader("%s@%s" % (user, HOST))
            assert reader.start(), self._process.tail()
            found += reader.read()
            reader.stop()
        return found
