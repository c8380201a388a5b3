"""SIP over TLS: certificates from the `openssl` program, and a SIP end that
shows them, as server at its address and as client of the gateway."""
import atexit
import pathlib
import select
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading

import addresses
from sip_end import SipEnd
from waiting import in_background, note

TLS_PORT = 5061
GATEWAY_TLS = (addresses.GATEWAY[0], TLS_PORT)


class Authority:
    """Certificates in a folder that lives as long as the run."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="imgw-tls-"))
        atexit.register(shutil.rmtree, self.folder, True)
        self._openssl("req", "-x509", "-subj", "/CN=authority", "-days", "9",
                      *self._new_key("ca"), "-out", self.path("ca.pem"))
        self.ca = self.path("ca.pem")

    def path(self, name):
        return str(self.folder / name)

    def _openssl(self, *arguments):
        subprocess.run(["openssl", *arguments], check=True,
                       capture_output=True, timeout=30)

    def _new_key(self, name):
        return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                "-nodes", "-keyout", self.path(name + ".key")]

    def issue(self, name, names, days=9, self_signed=False):
        """NAME.pem and NAME.key. -> their paths
        @param names  "URI:sip:im.example,DNS:..."
        @param days   below 0: it has expired"""
        request, cert = self.path(name + ".csr"), self.path(name + ".pem")
        extensions = self.folder / (name + ".cnf")
        extensions.write_text("subjectAltName=%s\n" % names)
        self._openssl("req", "-new", "-subj", "/O=bed", *self._new_key(name),
                      "-out", request)
        signer = (["-signkey", self.path(name + ".key")] if self_signed else
                  ["-CA", self.ca, "-CAkey", self.path("ca.key"),
                   "-CAcreateserial"])
        self._openssl("x509", "-req", "-in", request, *signer, "-days",
                      str(days), "-extfile", str(extensions), "-out", cert)
        return cert, self.path(name + ".key")


class Connection:
    """A TLS connection that one thread reads and another writes: OpenSSL
    allows only one at a time."""

    def __init__(self, wrapped):
        self._wrapped, self._lock = wrapped, threading.Lock()
        wrapped.setblocking(False)

    def __getattr__(self, name):
        return getattr(self._wrapped, name)

    def recv(self, size):
        while True:
            with self._lock:
                try:
                    return self._wrapped.recv(size)
                except ssl.SSLWantReadError:
                    pass
            try:
                select.select([self._wrapped], [], [])
            except ValueError:  # closed meanwhile
                return b""

    def sendall(self, data):
        with self._lock:        # what a case sends fits into the buffers
            self._wrapped.sendall(data)

    def close(self):
        try:
            self._wrapped.shutdown(socket.SHUT_RDWR)    # wakes its reader
        except OSError:
            pass                # it has gone already
        self._wrapped.close()


class TlsEnd(SipEnd):
    """A SipEnd that speaks TLS only, on port 5061 of its address.

    `names` are the server names that clients asked for, `open` the
    connections that stood at some time, whoever made them."""

    def __init__(self, address, authority, pair, ask=True):
        self.server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.server.load_cert_chain(*pair)
        if ask:
            self.server.verify_mode = ssl.CERT_REQUIRED
            self.server.load_verify_locations(authority.ca)
        self.server.sni_callback = self._take_name
        self.authority, self.pair = authority, pair
        self.names, self.open = [], []
        super().__init__((address, TLS_PORT))

    def _take_name(self, connection, name, context):
        note(self.names, name)

    def _serve_connection(self, connection):
        if not isinstance(connection, Connection):
            connection.settimeout(5)
            try:
                connection = Connection(self.server.wrap_socket(
                    connection, server_side=True))
            except OSError:
                connection.close()
                return
        note(self.open, connection)
        super()._serve_connection(connection)

    def close(self):
        super().close()
        for connection in self.open:
            connection.close()

    def message(self, uri="tel:" + addresses.NUMBER, over=None, **change):
        change.setdefault("transport", "TLS")
        return super().message(uri, over, **change)

    def client(self):
        """What connect() begins with; change it before."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.load_verify_locations(self.authority.ca)
        context.load_cert_chain(*self.pair)
        return context

    def connect(self, context=None, session=None):
        """A TLS connection to the gateway; what comes back is noted."""
        plain = socket.create_connection(GATEWAY_TLS, 5,
                                         source_address=(self.address[0], 0))
        connection = Connection((context or self.client()).wrap_socket(
            plain, session=session))
        in_background(self._serve_connection, connection)
        return connection
