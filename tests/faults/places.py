"""Where everything stands, and how large the cases are. Loopback only."""
import os
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path += [str(ROOT / "docker/demo"), str(HERE.parent / "conformance")]

PROGRAM = os.environ.get("IMGW", str(ROOT / "build/release/imgw"))
SCALE = float(os.environ.get("FAULTS_SCALE", "1"))
IS_LARGE = SCALE >= 5

NET = os.environ.get("FAULTS_NET", "127.0.70")
GATEWAYS = [(NET + ".2", 25060), (NET + ".3", 25060)]
PHONE = (NET + ".11", 25061)        # sends, and is the next hop of replies
DNS = (NET + ".53", 25353)
COMPONENT = (NET + ".31", 25347)    # of the XMPP server
CLIENTS = ("127.0.0.1", 25422)
DOMAIN = "gw.example.net"
HOST = "example.net"
SECRET = "test"


def scaled(small, large):
    """A figure of CI, or of the full size: FAULTS_SCALE=10."""
    return large if IS_LARGE else small
