"""SIP messages as text (RFC 3261): reading what came, writing what is sent."""
import itertools
import os
import re
import time

import addresses

COMPACT = {"v": "via", "f": "from", "t": "to", "i": "call-id", "l":
           "content-length", "c": "content-type", "m": "contact",
           "s": "subject", "e": "content-encoding", "k": "supported"}
_serial = itertools.count(1)
_run = os.urandom(3).hex()


def unique():
    return "%s%04x" % (_run, next(_serial))


def split_list(value):
    """Header values joined by commas; those inside <> or "" do not count."""
    return [part.strip() for part in
            re.findall(r'(?:"(?:\\.|[^"\\])*"|<[^>]*>|[^,"<])+', value)]


class Message:
    """A request or response; header names are lower case and long."""

    def __init__(self, raw, peer=None, reply=None):
        self.raw, self.peer, self.reply = raw, peer, reply
        self.when = time.monotonic()
        self.answered = None            # when we sent a final response
        head, _, self.body = raw.partition(b"\r\n\r\n")
        text = head.decode("utf-8", "surrogateescape")
        self.start, *lines = text.split("\r\n")
        self.headers = []               # (name, value), folding undone
        self.folded = []                # names that were folded
        for line in lines:
            self._take(line)
        first, self.uri, *_ = self.start.split(" ", 2) + [""]
        self.is_response = first.startswith("SIP/")
        self.method = None if self.is_response else first
        self.code = int(self.uri) if self.is_response else None

    def _take(self, line):
        if line[:1] in " \t" and self.headers:
            name, value = self.headers[-1]
            self.headers[-1] = (name, value + " " + line.strip())
            self.folded.append(name)
            return
        name, _, value = line.partition(":")
        name = name.strip().lower()
        self.headers.append((COMPACT.get(name, name), value.strip()))

    def all(self, name):
        return [value for n, value in self.headers if n == name.lower()]

    def get(self, name):
        return next(iter(self.all(name)), None)

    @property
    def vias(self):
        return [via for value in self.all("via") for via in split_list(value)]

    @property
    def branch(self):
        found = re.search(r";\s*branch=([^;,\s]+)", (self.vias or [""])[0])
        return found and found.group(1)

    @property
    def cseq(self):
        return int((self.get("cseq") or "0").split()[0])

    def tag(self, name):
        outside = re.sub(r"<[^>]*>", "", self.get(name) or "")
        found = re.search(r";\s*tag=([^;\s]+)", outside)
        return found and found.group(1)

    def address(self, name):
        """The URI inside From, To and the like."""
        value = self.get(name) or ""
        found = re.search(r"<([^>]*)>", value)
        return found.group(1) if found else value.split(";")[0].strip()

    def __repr__(self):
        return "<%s>" % self.start


def request(uri="tel:" + addresses.NUMBER, source=addresses.U1,
            transport="UDP", method="MESSAGE", branch=None, call_id=None,
            cseq=1, sender="<tel:%s>;tag=f1" % addresses.CALLER,
            to="<tel:%s>" % addresses.NUMBER, max_forwards="70", extra=(),
            content_type="text/plain", body=b"Hello", length=None, without=(),
            via=None):
    """The base request of every case, with changes.

    @param extra    header lines that are added
    @param without  names of headers that are left out"""
    if isinstance(body, str):
        body = body.encode()
    branch = branch or "z9hG4bK-" + unique()
    host = "%s:%d" % source
    headers = [
        ("Via", via or "SIP/2.0/%s %s;branch=%s;rport" % (transport, host,
                                                          branch)),
        ("Max-Forwards", max_forwards),
        ("From", sender),
        ("To", to),
        ("Call-ID", call_id or "%s@%s" % (unique(), source[0])),
        ("CSeq", "%d %s" % (cseq, method)),
        ("Content-Type", content_type),
    ]
    lines = ["%s %s SIP/2.0" % (method, uri)]
    lines += ["%s: %s" % pair for pair in headers if pair[0] not in without]
    lines += extra
    if "Content-Length" not in without:
        lines.append("Content-Length: %d" %
                     (len(body) if length is None else length))
    head = "\r\n".join(lines + ["", ""])
    return head.encode("utf-8", "surrogateescape") + body


def response(message, code, reason="Answer", headers=(), tag="t1"):
    """A response to a request (RFC 3261, 8.2.6)."""
    to = message.get("to") or ""
    if code > 100 and not message.tag("to"):
        to += ";tag=" + tag
    lines = ["SIP/2.0 %d %s" % (code, reason)]
    lines += ["Via: " + via for via in message.vias]
    lines += ["From: " + (message.get("from") or ""), "To: " + to,
              "Call-ID: " + (message.get("call-id") or ""),
              "CSeq: " + (message.get("cseq") or "")]
    lines += list(headers) + ["Content-Length: 0", "", ""]
    return "\r\n".join(lines).encode("utf-8", "surrogateescape")


def cut(buffer):
    """Whole messages at the start of a TCP stream, and what remains."""
    messages = []
    while True:
        buffer = buffer.lstrip(b"\r\n")
        head, blank, rest = buffer.partition(b"\r\n\r\n")
        length = re.search(rb"(?im)^(?:content-length|l)\s*:\s*(\d+)", head)
        size = int(length.group(1)) if length else 0
        if not blank or len(rest) < size:
            return messages, buffer
        messages.append(head + blank + rest[:size])
        buffer = rest[size:]
