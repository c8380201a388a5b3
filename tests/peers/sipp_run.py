"""SIPp as sender and as receiver of messages."""
import pathlib
import re
import string
import subprocess
from xml.sax.saxutils import escape

SCENARIOS = pathlib.Path(__file__).resolve().parent / "sipp"
SECONDS = 40
SENDER = "+442079460123"
TRANSPORTS = {"udp": "u1", "tcp": "t1"}


def scenario(folder, name, **values):
    """Write the scenario of that name with these values. -> its file"""
    text = string.Template((SCENARIOS / name).read_text())
    file = folder / name
    file.write_text(text.substitute(
        {key: escape(str(value), {'"': "&quot;"})
         for key, value in values.items()}))
    return file


def command(file, address, transport, *more):
    return ["sipp", "-sf", file, "-m", "1", "-nostdin", "-i", address[0],
            "-p", str(address[1]), "-t", TRANSPORTS[transport], "-timeout",
            "%ds" % SECONDS, "-timeout_error", *more]


def send(folder, source, gateway, number, body, code, kind="text/plain",
         sender=SENDER, transport="udp"):
    """Send one message.
    @param body  text, or octets
    @return None if the final response had that code, else what SIPp says"""
    content, errors = folder / "body", folder / "sipp.err"
    content.write_bytes(body.encode() if isinstance(body, str) else body)
    done = subprocess.run(
        command(scenario(folder, "send.xml", body=content, code=code), source,
                transport, "-s", number, "-key", "sender", sender, "-key",
                "type", kind, "-trace_err", "-error_file", errors,
                "%s:%d" % gateway),
        stdin=subprocess.DEVNULL, capture_output=True, text=True,
        timeout=SECONDS + 10)
    if done.returncode == 0:
        return None
    return (errors.read_text() if errors.exists() else "") + done.stdout[-800:]


class Receiver:
    """Answers one message with 200 and keeps it.

    @param kind, body  expressions (POSIX, extended) that its Content-Type
                       and its body must match, else SIPp fails"""

    def __init__(self, folder, address, kind="text/plain", body="."):
        self._trace = folder / "received.msg"
        self._process = subprocess.Popen(
            command(scenario(folder, "receive.xml", type=kind, body=body),
                    address, "udp", "-trace_msg", "-message_file",
                    self._trace),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)

    def took_it(self):
        """Whether the message came and was what it must be."""
        return self._process.wait(SECONDS + 10) == 0

    def message(self):
        """The message that came, as text, or None."""
        self.took_it()
        found = re.search(r"^MESSAGE .*?(?=^-{20})", self._trace.read_text(),
                          re.M | re.S)
        return found.group(0).strip() if found else None

    def stop(self):
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
