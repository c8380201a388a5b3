"""The XMPP servers that the gateway is a component of, each with a gateway of
its own."""
import shutil
from dataclasses import dataclass

from ejabberd import Ejabberd
from world import require_free, wait_until

NUMBERS = {"romeo": "+12025550100", "mercutio": "+12025550105"}
CALLER = "+12025550199"
CALLER_JID = CALLER + "@gw.example.net"
LINK_SECONDS = 30


@dataclass
class Host:
    """An XMPP server and the gateway at it.

    `server` has passwords, restart() and tail()"""
    server: object
    port: int                   # for clients
    gateway: object             # its process
    gateway_address: tuple
    sip_address: tuple          # trusted, next hop of replies

    def _links(self):
        return self.gateway.output.count("event=link state=up")

    def restart(self):
        """Restart the server and wait for the gateway to be back."""
        links = self._links()
        self.server.restart()
        wait_until(lambda: self._links() > links, LINK_SECONDS,
                   "the link is not back")


class Prosody:
    """That of the world, which has the same life."""

    def __init__(self, world):
        self.passwords, self._world = world.passwords, world

    def restart(self):
        self._world.stop_prosody()
        self._world.start_prosody()

    def tail(self):
        return self._world.prosody.tail(20)


def at_prosody(world, gateway, gateway_address, sip_address):
    return Host(Prosody(world), world.ports.c2s, gateway, gateway_address,
                sip_address)


def at_ejabberd(world, program, config, secret_writer):
    """Start ejabberd and a gateway, beside those of the world."""
    folder = world.folder / "ejabberd"
    folder.mkdir()
    server = Ejabberd(folder, 25322, 25447, NUMBERS)
    shutil.copy(config, folder / "imgw.yaml")
    secret_writer(folder, server.component_secret)
    host = Host(server, server.c2s, None, ("127.0.64.2", 25060),
                ("127.0.64.11", 25061))
    require_free([(kind, *end) for kind in ("udp", "tcp")
                  for end in (host.gateway_address, host.sip_address)])
    world.processes.append(server)
    server.start()
    host.gateway = world.run("imgw-ejabberd", [program, "run", "-c",
                                               folder / "imgw.yaml"])
    host.gateway.wait_for(r"event=link state=up")
    return host
