"""The scripted XMPP server of the conformance cases, at an address of ours:
what it has taken is known to the stanza."""
import socket
from xml.sax.saxutils import quoteattr

from places import COMPONENT, DOMAIN
from ledger import DELAY
from waiting import in_background
from xmpp_end import XmppEnd


class Arrival:
    """What ledger.Ledger wants to know of a stanza."""

    def __init__(self, stanza):
        self.sender, self.to = stanza.get("from"), stanza.get("to")
        self.ident, self.body = stanza.get("id"), stanza.text("body")
        self.late = stanza.element.find(DELAY) is not None


class Component(XmppEnd):
    def start(self):
        self.listener = socket.create_server(COMPONENT)
        in_background(self._serve, self.listener)

    def arrivals(self):
        return [Arrival(stanza) for stanza in self.seen()
                if stanza.text("body") is not None]

    def errors(self):
        """Ids of the stanzas of ours that came back."""
        return [stanza.get("id") for stanza in self.seen()
                if stanza.get("type") == "error"]

    def write(self, ident, to, body, sender="romeo@example.net/r1"):
        """A user writes to a number."""
        self.send("<message type='chat' from=%s to=%s id=%s><body>%s</body>"
                  "</message>" % (quoteattr(sender),
                                  quoteattr("%s@%s" % (to, DOMAIN)),
                                  quoteattr(ident), body))
