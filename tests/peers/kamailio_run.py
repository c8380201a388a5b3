"""Kamailio as the proxy of a carrier, in front of the gateway and behind it;
see kamailio.cfg."""
import pathlib
import socket

from world import Process, require_free

HERE = pathlib.Path(__file__).resolve().parent
HOST = "127.0.0.41"
# Where phones reach it, by the transport that it then takes to the gateway
FRONT = {"udp": (HOST, 25080), "tcp": (HOST, 25084), "tls": (HOST, 25086)}
CHALLENGED = ("127.0.0.42", 25080)      # the gateway asks for a password
PHONE = ("127.0.0.61", 25082)           # where it takes messages for numbers
LISTENERS = [("udp", *address) for address in (*FRONT.values(), CHALLENGED)]
LISTENERS += [("tcp", HOST, 25080), ("tcp", HOST, 25081)]

TLS_DOMAIN = """
[%s:default]
method = TLSv1.2+
verify_certificate = yes
require_certificate = yes
certificate = %s
private_key = %s
ca_list = %s
"""


class Kamailio:
    """@param folder     for its files
    @param authority  whom it believes; see tls_end.Authority
    @param pair       its certificate and key"""

    def __init__(self, folder, authority, pair, algorithm):
        require_free(LISTENERS)
        (folder / "kamailio-tls.cfg").write_text("".join(
            TLS_DOMAIN % (side, *pair, authority.ca)
            for side in ("server", "client")))
        config = folder / "kamailio.cfg"
        config.write_text((HERE / "kamailio.cfg").read_text().replace(
            "@FOLDER@", str(folder)).replace("@ALGORITHM@", algorithm))
        self._process = Process(
            "kamailio", ["kamailio", "-DD", "-E", "-f", config, "-Y", folder,
                         "-w", folder, "-m", "64", "-M", "8"],
            folder / "kamailio.log")

    def wait_until_ready(self):
        """To try to bind would take its addresses away from it."""
        self._process.wait_for(lambda: all(
            listens(*address) for kind, *address in LISTENERS
            if kind == "tcp"))

    @property
    def output(self):
        return self._process.output

    def stop(self):
        return self._process.stop()


def listens(host, port):
    with socket.socket() as one:
        return one.connect_ex((host, port)) == 0
