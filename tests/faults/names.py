"""DNS for the gateway: each number has an address, and each domain one IM
service."""
import socket

from places import DNS, HOST
from dns_wire import NOERROR, NXDOMAIN, Query, pack_name, pack_rdata
from waiting import in_background

TTL = 3600


class Names:
    """@param service  of a domain; there is no other
    @param server   (address, port) where it is
    @param at       where questions come in"""

    def __init__(self, service="_im._xmpp.", server=("127.0.0.1", 5269),
                 at=DNS):
        srv = b"\0\0\0\0" + server[1].to_bytes(2, "big")
        naptr = '100 10 u E2U+im !^.*$!im:user0@%s! .' % HOST
        self._service = service
        self._data = {
            "SRV": srv + pack_name("im." + HOST),
            "A": socket.inet_aton(server[0]),
            "NAPTR": pack_rdata("NAPTR", naptr.encode().split())}
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(at)
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
            self._socket.sendto(self._answer(Query(data)), peer)

    def _answer(self, query):
        data = self._data.get(query.type)
        if not data or (query.type == "SRV"
                        and not query.name.startswith(self._service)):
            return query.answer(NXDOMAIN, [])
        return query.answer(NOERROR, [(query.name, query.type, TTL, data)])
