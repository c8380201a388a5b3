"""A SIP server that takes every message."""
import socket

from waiting import in_background

KEPT = (b"via:", b"from:", b"to:", b"call-id:", b"cseq:", b"v:", b"f:", b"t:",
        b"i:")


class SipSink:
    def __init__(self, address):
        self.taken = set()          # Call-IDs
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self._socket.bind(address)
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
                data, peer = self._socket.recvfrom(65535)
            except OSError:
                return
            if data.startswith(b"MESSAGE "):
                self._socket.sendto(self._answer(data), peer)
            elif not data:
                return

    def _answer(self, data):
        lines = [line for line in data.split(b"\r\n\r\n")[0].split(b"\r\n")
                 if line.lower().startswith(KEPT)]
        self.taken.add(next(line for line in lines if
                            line.lower().startswith((b"call-id:", b"i:"))))
        return b"\r\n".join([b"SIP/2.0 200 OK", *lines, b"Content-Length: 0",
                             b"", b""])
