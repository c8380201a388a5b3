"""An XMPP user with what end-user clients have besides text: receipts,
markers, chat states, presence, errors."""
import asyncio
import logging
import queue
import time
from xml.etree import ElementTree

from client import Client
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher import MatchXPath

logging.getLogger("slixmpp").setLevel(logging.ERROR)

SECONDS = 10
RECEIPTS = "urn:xmpp:receipts"
MARKERS = "urn:xmpp:chat-markers:0"
CHAT_STATES = "http://jabber.org/protocol/chatstates"
CONDITIONS = "urn:ietf:params:xml:ns:xmpp-stanzas"
PLUGINS = ["xep_0085", "xep_0184", "xep_0199", "xep_0333"]


class User(Client):
    """`inbox` has the messages with a body; `stanzas` every message and
    presence, as slixmpp's objects."""

    def __init__(self, jid, password, port):
        super().__init__(jid, password, port)
        self.stanzas = queue.Queue()

    def _prepare(self, stream):
        for plugin in PLUGINS:
            stream.register_plugin(plugin)
        stream["xep_0184"].auto_ack = False
        for kind in ("message", "presence"):
            stream.register_handler(Callback(
                "every " + kind, MatchXPath("{jabber:client}" + kind),
                self._take_any))

    def _started(self, _):
        # Servers tell about presence only who has asked for his roster.
        self._stream.get_roster(
            callback=lambda _: self._stream.send_presence())

    def _take_any(self, stanza):
        if stanza["from"] == self._stream.boundjid:
            self._ready.set()   # the server has heard our presence
        self.stanzas.put(stanza)

    # Sending --------------------------------------------------------------
    def write(self, to, body=None, kind="chat", inner="", ident=None):
        """Send a message of any kind. -> its id
        @param inner  XML beside the body"""
        ident = ident or "m%d" % time.monotonic_ns()
        self._call(self._write, to, body, kind, inner, ident)
        return ident

    def _write(self, to, body, kind, inner, ident):
        message = self._stream.make_message(mto=to, mbody=body, mtype=kind)
        message["id"] = ident
        if inner:
            message.append(ElementTree.fromstring(inner))
        message.send()

    def ask_for_receipt(self, to, body):
        """-> the id of the message"""
        return self.write(to, body, inner="<request xmlns='%s'/>" % RECEIPTS)

    def ask_for_markers(self, to, body):
        """-> the id of the message"""
        return self.write(to, body, inner="<markable xmlns='%s'/>" % MARKERS)

    def acknowledge(self, message):
        """As a client does by itself where auto_ack is on."""
        self._call(self._stream["xep_0184"].ack, message)

    def mark(self, message, marker="displayed"):
        self._call(lambda: self._stream["xep_0333"].send_marker(
            message["from"], message["id"], marker))

    def show_state(self, to, state):
        """@param state  composing, paused, active, inactive or gone"""
        self.write(to, inner="<%s xmlns='%s'/>" % (state, CHAT_STATES))

    def subscribe(self, to):
        self._call(lambda: self._stream.send_presence(pto=to,
                                                      ptype="subscribe"))

    def ping(self, jid):
        """-> whether it answered, with a result or an error"""
        async def ask():
            return await self._stream["xep_0199"].ping(jid, timeout=SECONDS)
        return asyncio.run_coroutine_threadsafe(
            ask(), self._loop).result(SECONDS + 1) is not None

    def _call(self, function, *arguments):
        self._loop.call_soon_threadsafe(lambda: function(*arguments))

    # Receiving ------------------------------------------------------------
    def expect(self, wanted, seconds=SECONDS):
        """The next stanza for which wanted(stanza) is true, or None; those
        before it are dropped."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            try:
                stanza = self.stanzas.get(timeout=left)
            except queue.Empty:
                return None
            if wanted(stanza):
                return stanza
        return None

    def error(self, ident, seconds=SECONDS):
        """The condition of the error that a message of ours got, or None."""
        stanza = self.expect(lambda one: one["type"] == "error" and
                             one["id"] == ident, seconds)
        return stanza and next(
            one.tag.partition("}")[2] for one in stanza["error"].xml
            if one.tag.startswith("{%s}" % CONDITIONS) and
            not one.tag.endswith("}text"))

    def child(self, namespace, names, seconds=SECONDS):
        """The element of the next stanza that has one of these, or None."""
        def find(stanza):
            return next((one for name in names for one in
                         stanza.xml.iter("{%s}%s" % (namespace, name))), None)
        stanza = self.expect(lambda one: find(one) is not None, seconds)
        return None if stanza is None else find(stanza)

    def receipt(self, seconds=SECONDS):
        """The id of the message that the next receipt is for, or None."""
        found = self.child(RECEIPTS, ["received"], seconds)
        return None if found is None else found.get("id")

    def marker(self, seconds=SECONDS):
        """(marker, id) of the next marker, or None."""
        found = self.child(MARKERS, ["received", "displayed", "acknowledged"],
                           seconds)
        return None if found is None else (found.tag.partition("}")[2],
                                           found.get("id"))

    def state(self, seconds=SECONDS):
        """The next chat state that somebody shows, or None."""
        found = self.child(CHAT_STATES, ["active", "composing", "paused",
                                         "inactive", "gone"], seconds)
        return None if found is None else found.tag.partition("}")[2]
