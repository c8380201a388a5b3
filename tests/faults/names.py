"""DNS for the gateway: every domain has its IM service at the XMPP server."""
import socket

from places import DNS
from dns_wire import NOERROR, NXDOMAIN, Query, pack_name
from waiting import in_background

TTL = 3600


class Names:
    """A domain's SRV record, unless the question is for another service."""

    def __init__(self, service="_im._xmpp.", target="x.example.net", port=5269,
                 address="127.0.0.1"):
        self.service, self.address = service, address
        self.srv = b"\0\0\0\0" + port.to_bytes(2, "big") + pack_name(target)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(DNS)
        in_background(self._serve)

    def close(self):
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass                    # it wakes the thread all the same
        self._socket.close()

    def _serve(self):
        while True:
            try:
                data, peer = self._socket.recvfrom(4096)
            except OSError:
                return
            if not data:
                return
            self._socket.sendto(self._answer(data), peer)

    def _answer(self, data):
        query = Query(data)
        if query.type == "SRV" and query.name.startswith(self.service):
            return query.answer(NOERROR, [(query.name, "SRV", TTL, self.srv)])
        if query.type == "A":
            return query.answer(NOERROR, [(query.name, "A", TTL,
                                           socket.inet_aton(self.address))])
        return query.answer(NXDOMAIN, [])
