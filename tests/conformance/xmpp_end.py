"""The scripted XMPP server: takes the component's link (XEP-0114), checks the
handshake, keeps every stanza, sends what a case tells it."""
import hashlib
import os
import socket
import time
import xml.etree.ElementTree as ET
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

import addresses
from sip_message import unique
from waiting import CHANGED, LATER, changed, in_background, note

STREAMS = "http://etherx.jabber.org/streams"
COMPONENT = "jabber:component:accept"
STANZAS = "urn:ietf:params:xml:ns:xmpp-stanzas"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


class Stanza:
    def __init__(self, element):
        self.element, self.when = element, time.monotonic()
        self.kind = element.tag.rpartition("}")[2]

    def get(self, name):
        return self.element.get(name)

    def texts(self, name):
        return [child.text or "" for child in self.element
                if child.tag == "{%s}%s" % (COMPONENT, name)]

    def text(self, name):
        """The text of the one child of this name, or None."""
        return next(iter(self.texts(name)), None)

    @property
    def lang(self):
        langs = [self.get(XML_LANG)]
        langs += [child.get(XML_LANG) for child in self.element]
        return next((lang for lang in langs if lang), None)

    @property
    def condition(self):
        """The condition of an error stanza, or None."""
        for error in self.element.findall("{%s}error" % COMPONENT):
            for child in error:
                space, _, name = child.tag[1:].partition("}")
                if space == STANZAS and name != "text":
                    return name
        return None

    @property
    def error_type(self):
        error = self.element.find("{%s}error" % COMPONENT)
        return None if error is None else error.get("type")

    def __repr__(self):
        return ET.tostring(self.element, "unicode")


class Stream:
    """One connection of the gateway."""

    def __init__(self, end, connection):
        self.end, self.connection, self.up = end, connection, False
        self.ident = os.urandom(6).hex()
        self._open = []             # elements not closed yet
        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._close
        parser.CharacterDataHandler = self._text
        # RFC 6120, 11.1: none of these on a stream
        for handler in ("CommentHandler", "ProcessingInstructionHandler",
                        "StartDoctypeDeclHandler"):
            setattr(parser, handler, lambda *_, h=handler:
                    note(end.violations, h.removesuffix("Handler")))
        self._parser = parser

    def run(self):
        try:
            while data := self.connection.recv(65535):
                self._parser.Parse(data)
        except expat.ExpatError as error:
            note(self.end.violations, "not well-formed: %s" % error)
        except OSError:
            pass
        self.up = False
        self.connection.close()
        changed()

    def write(self, text):
        self.connection.sendall(text.encode())

    def _start(self, name, attributes):
        tag = lambda n: "{" + n if "}" in n else n
        element = ET.Element(tag(name), {tag(k): v
                                         for k, v in attributes.items()})
        if self._open[1:]:
            self._open[-1].append(element)
        self._open.append(element)
        if len(self._open) == 1:
            self.end._opened(self, element)

    def _close(self, _):
        element = self._open.pop()
        if len(self._open) == 1:
            self.end._element(self, element)

    def _text(self, data):
        if len(self._open) < 2:
            return                  # whitespace between stanzas
        element = self._open[-1]
        if len(element):
            element[-1].tail = (element[-1].tail or "") + data
        else:
            element.text = (element.text or "") + data


class XmppEnd:
    """`answer` is None or a function from Stanza to (seconds, xml): what is
    sent back for a message stanza."""

    def __init__(self):
        self.streams = []
        self.listener = None
        self.forget()
        self.start()

    def forget(self):
        """Start a new case."""
        with CHANGED:
            self.answer = None
            self.stanzas = []
            self.violations = []

    def start(self):
        self.listener = socket.create_server(addresses.X1)
        in_background(self._serve, self.listener)

    def stop(self):
        """The server dies: no listener, no link."""
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.cut_link()

    def cut_link(self):
        for stream in self.streams:
            try:
                stream.connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass                # it has gone before
        self.streams = []

    @property
    def link(self):
        """The stream that is up, or None."""
        with CHANGED:
            return next((s for s in self.streams if s.up), None)

    def seen(self, kind="message", to=None, ident=None):
        """Stanzas of one kind."""
        with CHANGED:
            return [s for s in self.stanzas if s.kind == kind
                    and (to is None or s.get("to") == to)
                    and (ident is None or s.get("id") == ident)]

    def send(self, xml):
        link = self.link
        assert link, "the component link is down"
        link.write(xml)

    def message(self, body=None, sender="alice@im.example/r1",
                to="%s@%s" % (addresses.CALLER, addresses.GATEWAY_DOMAIN),
                attributes="", inner="", kind="message"):
        """Send a stanza. @return its id"""
        ident = "x" + unique()
        text = "" if body is None else "<body>%s</body>" % escape(body)
        self.send("<%s from=%s to=%s id=%s %s>%s%s</%s>" % (
            kind, quoteattr(sender), quoteattr(to), quoteattr(ident),
            attributes, inner, text, kind))
        return ident

    def _serve(self, listener):
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            # what is said in two writes must not wait for an ACK in between
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            stream = Stream(self, connection)
            note(self.streams, stream)
            in_background(stream.run)

    def _opened(self, stream, header):
        if header.tag != "{%s}stream" % STREAMS:
            note(self.violations, "the stream header is " + header.tag)
        if header.get("to") != addresses.GATEWAY_DOMAIN:
            note(self.violations, "the stream is to %r" % header.get("to"))
        stream.write("<?xml version='1.0'?><stream:stream xmlns:stream='%s'"
                     " xmlns='%s' from='%s' id='%s'>" % (
                         STREAMS, COMPONENT, addresses.GATEWAY_DOMAIN,
                         stream.ident))

    def _element(self, stream, element):
        stanza = Stanza(element)
        if stanza.kind == "handshake":
            self._handshake(stream, element.text)
            return
        if not stream.up:
            note(self.violations, "a stanza before the handshake")
        if stanza.kind == "iq" and stanza.get("type") in ("get", "set"):
            stream.write("<iq type='result' from=%s to=%s id=%s/>" % tuple(
                quoteattr(stanza.get(n)) for n in ("to", "from", "id")))
        note(self.stanzas, stanza)
        if stanza.kind == "message" and self.answer:
            reply = self.answer(stanza)
            if reply:
                LATER.call(reply[0], self.send, reply[1])

    def _handshake(self, stream, text):
        known = (stream.ident + addresses.SECRET).encode()
        if text == hashlib.sha1(known).hexdigest():     # XEP-0114, 3
            stream.write("<handshake/>")
            stream.up = True
            changed()
        else:
            note(self.violations, "the handshake is %r" % text)
            stream.connection.shutdown(socket.SHUT_RDWR)


def error_to(stanza, condition, kind="cancel", inner=""):
    """The error that a server sends back for a stanza."""
    return ("<message type='error' from=%s to=%s id=%s><error type='%s'>"
            "<%s xmlns='%s'>%s</%s></error></message>" % (
                quoteattr(stanza.get("to")), quoteattr(stanza.get("from")),
                quoteattr(stanza.get("id")), kind, condition, STANZAS, inner,
                condition))
