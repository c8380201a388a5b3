"""A SIP phone that can do one thing: messages (RFC 3428) over UDP."""
import queue
import re
import secrets
import socket
import threading
import time

RETRANSMIT_SECONDS = 0.5        # T1 of RFC 3261


class Received:
    """A message that came."""

    def __init__(self, raw):
        self.when = time.monotonic()
        head, _, self.body = raw.decode("utf-8", "replace").partition(
            "\r\n\r\n")
        self.start, *self.lines = head.split("\r\n")

    def all(self, name):
        prefix = name.lower() + ":"
        return [line for line in self.lines
                if line.lower().startswith(prefix)]

    def value(self, name):
        return next((line.partition(":")[2].strip()
                     for line in self.all(name)), "")

    @property
    def sender(self):
        found = re.search(r"(?:sips?|tel):([^;>]+)", self.value("From"))
        return found.group(1) if found else self.value("From")


class Phone:
    def __init__(self, name, address, gateway):
        self.name, self.address, self.gateway = name, address, gateway
        self.inbox, self._finals = queue.Queue(), {}
        self._answered = {}                     # branch -> our response
        self._changed = threading.Condition()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(address)
        threading.Thread(target=self._run, daemon=True).start()

    def stop(self):
        try:
            self._socket.shutdown(socket.SHUT_RDWR)     # wakes its thread
        except OSError:
            pass
        self._socket.close()

    def send(self, uri, body, sender, seconds=32):
        """Send a message. -> "202 Accepted" or what the answer was, or None"""
        branch = "z9hG4bK" + secrets.token_hex(8)
        raw = self._request(branch, uri, body, sender)
        end, pause = time.monotonic() + seconds, RETRANSMIT_SECONDS
        while time.monotonic() < end:
            self._socket.sendto(raw, self.gateway)
            with self._changed:
                if self._changed.wait_for(lambda: branch in self._finals,
                                          pause):
                    return self._finals.pop(branch)
            pause = min(2 * pause, 4)
        return None

    def receive(self, seconds=10):
        """The next message, or None."""
        try:
            return self.inbox.get(timeout=seconds)
        except queue.Empty:
            return None

    def _request(self, branch, uri, body, sender):
        octets = body.encode()
        lines = ["MESSAGE %s SIP/2.0" % uri,
                 "Via: SIP/2.0/UDP %s:%d;branch=%s;rport" % (*self.address,
                                                             branch),
                 "Max-Forwards: 70",
                 "From: <%s>;tag=%s" % (sender, secrets.token_hex(4)),
                 "To: <%s>" % uri,
                 "Call-ID: %s@%s" % (secrets.token_hex(8), self.address[0]),
                 "CSeq: 1 MESSAGE",
                 "Content-Type: text/plain",
                 "Content-Length: %d" % len(octets), "", ""]
        return "\r\n".join(lines).encode() + octets

    def _run(self):
        while True:
            try:
                raw, peer = self._socket.recvfrom(65535)
            except ConnectionError:
                continue
            except OSError:
                return
            if raw:
                self._take(Received(raw), peer)

    def _take(self, message, peer):
        found = re.search(r"branch=([^;,\s]+)", message.value("Via"))
        branch = found.group(1) if found else ""
        if message.start.startswith("SIP/2.0 1"):
            return
        if message.start.startswith("SIP/2.0 "):
            with self._changed:
                self._finals[branch] = message.start.partition(" ")[2]
                self._changed.notify_all()
            return
        is_new = branch not in self._answered
        if is_new:
            self._answered[branch] = self._ok(message)
        self._socket.sendto(self._answered[branch], peer)
        if is_new and message.start.startswith("MESSAGE "):
            self.inbox.put(message)

    def _ok(self, message):
        lines = ["SIP/2.0 200 OK", *message.all("Via"), *message.all("From"),
                 message.all("To")[0] + ";tag=" + secrets.token_hex(4),
                 *message.all("Call-ID"), *message.all("CSeq"),
                 "Content-Length: 0", "", ""]
        return "\r\n".join(lines).encode()
