"""A scripted SIP end: sends requests to the gateway and answers what comes."""
import socket
import time

import addresses
from sip_message import Message, cut, request, response
from waiting import CHANGED, LATER, changed, in_background, note


class Answer:
    """How to answer a request: a code after so many seconds."""

    def __init__(self, code, after=0, headers=(), tag="t1"):
        self.code, self.after, self.headers, self.tag = (code, after, headers,
                                                         tag)


class Sent:
    """A request that an end sent, with the responses to it."""

    def __init__(self, end, raw):
        self.end, self.message = end, Message(raw)
        self.when = time.monotonic()

    @property
    def responses(self):
        mine = self.message
        with CHANGED:
            return [r for r in self.end.responses if r.branch == mine.branch
                    and r.get("call-id") == mine.get("call-id")]

    @property
    def codes(self):
        return [r.code for r in self.responses]

    @property
    def finals(self):
        return [r for r in self.responses if r.code >= 200]

    def __repr__(self):
        return "<%s, answered %s>" % (self.message.start, self.codes)


class SipEnd:
    """Listens on UDP and TCP of one address.

    `answer` is what requests get: a code, an Answer, None for silence, or a
    function from Message to one of these."""

    def __init__(self, address, tcp=True, gateway=addresses.GATEWAY):
        self.address, self.gateway = address, gateway
        self.forget()
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self.udp.bind(address)
        self.tcp = socket.create_server(address) if tcp else None
        in_background(self._serve_udp)
        if tcp:
            in_background(self._serve_tcp)

    def forget(self):
        """Start a new case."""
        with CHANGED:
            self.answer = 200
            self.requests = []      # retransmissions included
            self.responses = []
            self._finals = {}       # (branch, method) -> octets

    def close(self):
        for one in (self.udp, self.tcp):
            if one:
                try:
                    one.shutdown(socket.SHUT_RDWR)  # wakes its thread
                except OSError:
                    pass
                one.close()

    @property
    def messages(self):
        """MESSAGE requests, each once."""
        seen, found = set(), []
        with CHANGED:
            for one in self.requests:
                if one.method == "MESSAGE" and one.branch not in seen:
                    seen.add(one.branch)
                    found.append(one)
        return found

    # Sending --------------------------------------------------------------
    def message(self, uri="tel:" + addresses.NUMBER, over=None, **change):
        """Send the base request with changes; see sip_message.request.
        @param over  a TCP connection of connect(); else UDP"""
        change.setdefault("transport", "TCP" if over else "UDP")
        return self.send(request(uri, source=self.address, **change), over)

    def send(self, raw, over=None):
        sent = Sent(self, raw)
        if over:
            over.sendall(raw)
        else:
            self.udp.sendto(raw, self.gateway)
        return sent

    def connect(self):
        """A TCP connection to the gateway; what comes back is noted."""
        connection = socket.create_connection(
            self.gateway, 5, source_address=(self.address[0], 0))
        connection.settimeout(None)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        in_background(self._serve_connection, connection)
        return connection

    # Receiving ------------------------------------------------------------
    def _serve_udp(self):
        while True:
            try:
                data, peer = self.udp.recvfrom(65535)
            except ConnectionError:
                continue            # ICMP of an earlier send
            except OSError:
                return
            if data.strip():
                self._take(data, "udp", lambda raw, to=peer:
                           self.udp.sendto(raw, to))

    def _serve_tcp(self):
        while True:
            try:
                connection, _ = self.tcp.accept()
            except OSError:
                return
            in_background(self._serve_connection, connection)

    def _serve_connection(self, connection):
        buffer = b""
        try:
            while data := connection.recv(65535):
                whole, buffer = cut(buffer + data)
                for raw in whole:
                    self._take(raw, "tcp", connection.sendall)
        except OSError:
            pass
        connection.close()
        changed()

    def _take(self, raw, transport, reply):
        message = Message(raw, reply=reply)
        message.transport = transport
        if message.is_response:
            note(self.responses, message)
            return
        with CHANGED:
            note(self.requests, message)
            key = (message.branch, message.method)
            again = key in self._finals
            stored = self._finals.setdefault(key, None)
            answer = self.answer
        if stored:
            reply(stored)
        elif not again and message.method != "ACK":
            self._decide(message, answer)

    def _decide(self, message, answer):
        if message.method != "MESSAGE":
            answer = 200
        if callable(answer):
            answer = answer(message)
        if isinstance(answer, int):
            answer = Answer(answer)
        if answer:
            LATER.call(answer.after, self.respond, message, answer)

    def respond(self, message, answer):
        """Answer a request now, whatever was answered before."""
        raw = response(message, answer.code, headers=answer.headers,
                       tag=answer.tag)
        with CHANGED:
            if answer.code >= 200:
                self._finals[(message.branch, message.method)] = raw
                message.answered = time.monotonic()
        changed()
        message.reply(raw)
