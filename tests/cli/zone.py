"""A DNS server on loopback that answers from a few lines of master file."""
import socket
import threading

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset


class Zone:
    """`with Zone("name 60 IN A 192.0.2.1\\n...", failing=[...]) as zone:`;
    names in `failing` get SERVFAIL, others that have no record NXDOMAIN."""

    def __init__(self, text, failing=(), secure=False):
        self.records = {}
        for line in text.strip().splitlines():
            name, ttl, _, kind, data = line.split(None, 4)
            key = (name.lower().rstrip("."), kind)
            self.records.setdefault(key, []).append((int(ttl), data))
        self.failing = {name.lower() for name in failing}
        self.secure = secure
        self.asked = []
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.socket.getsockname()[1]

    def __enter__(self):
        self.thread = threading.Thread(target=self._serve)
        self.thread.start()
        return self

    def __exit__(self, *_):
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(
            b"", self.socket.getsockname())
        self.thread.join()
        self.socket.close()

    def _serve(self):
        while True:
            packet, peer = self.socket.recvfrom(4096)
            if not packet:
                return
            query = dns.message.from_wire(packet)
            self.socket.sendto(self._answer(query).to_wire(), peer)

    def _answer(self, query):
        question = query.question[0]
        name = question.name.to_text().lower().rstrip(".")
        kind = dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, kind))
        answer = dns.message.make_response(query)
        if self.secure:
            answer.flags |= dns.flags.AD
        records = self.records.get((name, kind))
        if name in self.failing:
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif records:
            answer.answer.append(dns.rrset.from_text(
                question.name, records[0][0], "IN", kind,
                *[data for _, data in records]))
        elif not any(owner == name for owner, _ in self.records):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        return answer
