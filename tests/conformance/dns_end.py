"""The scripted DNS server: zone lines in, answers out, every question kept.

A line is master-file text: owner, optional TTL, type, fields. "Z" is the owner
name of the bed's number, "Z(+4412345)" that of another one. TTL is 0 unless
given, so that no case meets the answers of another. Instead of a type a line
may hold a word:

    NXDOMAIN  NODATA  SERVFAIL  REFUSED    that answer for every type
    SILENT       no answer at all
    DELAY 2.5    answers of this name come so many seconds later
    TRUNCATE     over UDP: TC and nothing else
    NO-EDNS      FORMERR to questions with an OPT record
    POINTER-LOOP an answer whose owner name points at itself
    SECURE       answers of this name have the AD bit

An owner "*.name" stands for the name and everything below it.

What no zone line can say, a function says: see DnsEnd.lies."""
import re
import socket
import struct
import time

import addresses
from dns_wire import (AD, FORMERR, NOERROR, NXDOMAIN, REFUSED, SERVFAIL, TC,
                      Query, enum_name, master_tokens, pack_name, pack_rdata,
                      pack_record)
from waiting import CHANGED, LATER, in_background, note

RCODES = {"NXDOMAIN": NXDOMAIN, "NODATA": NOERROR, "SERVFAIL": SERVFAIL,
          "REFUSED": REFUSED}
WORDS = set(RCODES) | {"SILENT", "DELAY", "TRUNCATE", "NO-EDNS", "SECURE",
                       "POINTER-LOOP"}
NEGATIVE_TTL = 0


class Zone:
    """What is known about names."""

    def __init__(self):
        self.records = {}       # name -> [(type, ttl, rdata)]
        self.words = {}         # name -> {word: argument}

    def add(self, text):
        for line in text.splitlines():
            fields = master_tokens(line)
            if fields:
                self._add_line(self._owner(fields.pop(0).decode()), fields)

    def _owner(self, text):
        number = re.fullmatch(r"Z\((\+\d+)\)", text)
        if text == "Z" or number:
            return enum_name(number.group(1) if number else addresses.NUMBER)
        return text.rstrip(".").lower()

    def _add_line(self, name, fields):
        ttl = int(fields.pop(0)) if fields[0].isdigit() else 0
        kind = fields.pop(0).decode()
        if kind in WORDS:
            argument = float(fields[0]) if fields else True
            self.words.setdefault(name, {})[kind] = argument
        else:
            self.records.setdefault(name, []).append(
                (kind, ttl, pack_rdata(kind, fields)))

    def words_of(self, name):
        """The words that hold for a name: its own, then those of "*."."""
        found = dict(self.words.get(name, {}))
        parts = name.split(".")
        for start in range(len(parts)):
            above = "*." + ".".join(parts[start:])
            for word, argument in self.words.get(above, {}).items():
                found.setdefault(word, argument)
        return found

    def lookup(self, name, kind):
        """-> rcode, [(owner, type, ttl, rdata)]; CNAMEs are followed."""
        answers, seen = [], set()
        while name not in seen:
            seen.add(name)
            for word, rcode in RCODES.items():
                if word in self.words_of(name):
                    return rcode, answers
            records = self.records.get(name)
            if records is None:
                return self._nothing_at(name), answers
            alias = [r for r in records if r[0] == "CNAME"]
            if not alias:
                # types a server adds by itself come with every answer
                return NOERROR, answers + [
                    (name,) + r for r in records
                    if r[0] == kind or r[0].startswith("TYPE")
                    or r[0] == "RRSIG"]
            answers.append((name,) + alias[0])
            name = self._target(alias[0][2])
        return NOERROR, answers

    def _nothing_at(self, name):
        below = any(n.endswith("." + name) for n in self.records)
        return NOERROR if below else NXDOMAIN

    @staticmethod
    def _target(rdata):
        labels, pos = [], 0
        while rdata[pos]:
            labels.append(rdata[pos + 1:pos + 1 + rdata[pos]].decode())
            pos += 1 + rdata[pos]
        return ".".join(labels).lower()


class Asked:
    """One question in the log."""

    def __init__(self, query, transport):
        self.name, self.type, self.transport = query.name, query.type, transport
        self.size, self.do, self.wants_ad = (query.size, query.do,
                                             query.wants_ad)
        self.when = time.monotonic()

    def __repr__(self):
        return "%s %s over %s" % (self.name, self.type, self.transport)


class DnsEnd:
    """`lies` are functions by owner name: given the question with its
    transport and a function that sends octets back, they answer in place of
    the zone. Over TCP the octets are those of the stream."""

    def __init__(self):
        self.log = []
        self.base = ""          # zone text that every case sees
        self.forget()
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(addresses.DNS)
        self.tcp = socket.create_server(addresses.DNS)
        in_background(self._serve_udp)
        in_background(self._serve_tcp)

    def forget(self):
        """Start a new case: base zone, empty log."""
        zone = Zone()
        zone.add(self.base)
        with CHANGED:
            self.zone = zone
            self.lies = {}
            self.log = []

    def add(self, text):
        with CHANGED:
            self.zone.add(text)

    def asked(self, type=None, name=None, below=None):
        """The questions so far, in order."""
        with CHANGED:
            return [q for q in self.log
                    if (type is None or q.type == type)
                    and (name is None or q.name == name)
                    and (below is None or q.name.endswith(below))]

    # Answering ------------------------------------------------------------
    def _lie(self, data, transport, peer, send):
        """Whether this question was for a liar."""
        query = Query(data)
        lie = self.lies.get(query.name)
        if lie:
            note(self.log, Asked(query, transport))
            query.transport, query.peer = transport, peer
            lie(query, send)
        return bool(lie)

    def _answer(self, data, transport):
        """-> delay in seconds, octets or None"""
        query = Query(data)
        with CHANGED:
            note(self.log, Asked(query, transport))
            words = self.zone.words_of(query.name)
            rcode, records = self.zone.lookup(query.name, query.type)
        if "SILENT" in words:
            return 0, None
        if "NO-EDNS" in words and query.size is not None:
            return 0, query.answer(FORMERR, [])
        if "POINTER-LOOP" in words:
            return 0, query.answer(NOERROR, [])[:6] + b"\0\1" + bytes(4) + (
                query.question + self._points_at_itself(query))
        asked_ad = query.wants_ad or query.do        # RFC 6840, 5.7-5.8
        flags = AD if "SECURE" in words and asked_ad else 0
        out = query.answer(rcode, records, flags, self._soa(rcode, records))
        limit = max(query.size or 512, 512)
        if transport == "udp" and ("TRUNCATE" in words or len(out) > limit):
            out = query.answer(rcode, [], flags | TC)
        return words.get("DELAY", 0), out

    @staticmethod
    def _points_at_itself(query):
        offset = 12 + len(query.question)
        pointer = struct.pack("!H", 0xc000 | offset)
        return pack_record(pointer, query.type, 0, pointer)

    @staticmethod
    def _soa(rcode, records):
        if records or rcode not in (NOERROR, NXDOMAIN):
            return b""
        rdata = pack_name("ns.example") + pack_name("admin.example")
        rdata += struct.pack("!5I", 1, 3600, 600, 86400, NEGATIVE_TTL)
        return pack_record(b"\0", "SOA", NEGATIVE_TTL, rdata)

    def _serve_udp(self):
        while True:
            data, peer = self.udp.recvfrom(65535)
            try:
                if self._lie(data, "udp", peer, lambda out, to=peer:
                             self.udp.sendto(out, to)):
                    continue
                delay, out = self._answer(data, "udp")
            except (ValueError, IndexError, struct.error):
                continue        # no question: no answer
            if out:
                LATER.call(delay, self.udp.sendto, out, peer)

    def _serve_tcp(self):
        while True:
            in_background(self._serve_connection, self.tcp.accept()[0])

    def _serve_connection(self, connection):
        with connection, connection.makefile("rb") as stream:
            while True:
                prefix = stream.read(2)
                if len(prefix) < 2:
                    return
                data = stream.read(struct.unpack("!H", prefix)[0])
                if self._lie(data, "tcp", None, connection.sendall):
                    return
                delay, out = self._answer(data, "tcp")
                if out:
                    time.sleep(delay)
                    connection.sendall(struct.pack("!H", len(out)) + out)
