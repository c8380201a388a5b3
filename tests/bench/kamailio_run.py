"""Kamailio on the same job, for the comparison. It asks the servers of
/etc/resolv.conf at port 53, so root gives it one of its own."""
import pathlib
import time

from places import NET
from world import Process, WorldError

HERE = pathlib.Path(__file__).resolve().parent
ADDRESS = (NET + ".4", 25064)
DNS = (NET + ".54", 53)
START_SECONDS = 2
IN_A_ROOM = 'mount --bind "$0" /etc/resolv.conf && exec "$@"'


class Kamailio:
    def __init__(self, folder):
        resolver = folder / "resolv.conf"
        resolver.write_text("nameserver %s\n" % DNS[0])
        config = folder / "kamailio.cfg"
        config.write_text((HERE / "kamailio.cfg").read_text().replace(
            "@ADDRESS@", "%s:%d" % ADDRESS))
        self._process = Process(
            "kamailio", ["unshare", "-m", "sh", "-c", IN_A_ROOM, resolver,
                         "kamailio", "-DD", "-E", "-f", config, "-Y", folder,
                         "-w", folder, "-m", "128", "-M", "8"],
            folder / "kamailio.log")
        time.sleep(START_SECONDS)
        if self._process.exit_status is not None:
            raise WorldError("kamailio ended: " + self._process.tail())

    @property
    def pid(self):
        return self._process.pid

    def stop(self):
        self._process.stop()
