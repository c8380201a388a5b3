"""SIPp as sender and as receiver of messages."""
import pathlib
import re
import subprocess

SCENARIOS = pathlib.Path(__file__).resolve().parent / "sipp"
SECONDS = 40


def send(folder, source, gateway, number, text, code):
    """Send one message. @return None if the final response had that code,
    else what SIPp says"""
    scenario = folder / "send.xml"
    scenario.write_text((SCENARIOS / "send.xml").read_text().replace(
        "CODE", str(code)))
    done = subprocess.run(
        ["sipp", "-sf", scenario, "-m", "1", "-s", number, "-nostdin",
         "-i", source[0], "-p", str(source[1]), "-timeout", "%ds" % SECONDS,
         "-timeout_error", "-key", "text", text, "-trace_err", "-error_file",
         folder / "sipp.err", "%s:%d" % gateway],
        stdin=subprocess.DEVNULL, capture_output=True, text=True,
        timeout=SECONDS + 10)
    if done.returncode == 0:
        return None
    errors = folder / "sipp.err"
    return (errors.read_text() if errors.exists() else "") + done.stdout[-800:]


class Receiver:
    """Answers one message with 200 and keeps it."""

    def __init__(self, folder, address):
        self._trace = folder / "received.msg"
        self._process = subprocess.Popen(
            ["sipp", "-sf", SCENARIOS / "receive.xml", "-m", "1", "-nostdin",
             "-i", address[0], "-p", str(address[1]), "-timeout",
             "%ds" % SECONDS, "-timeout_error", "-trace_msg",
             "-message_file", self._trace],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)

    def message(self):
        """The message that came, as text, or None."""
        self._process.wait(SECONDS + 10)
        found = re.search(r"^MESSAGE .*?(?=^-{20})", self._trace.read_text(),
                          re.M | re.S)
        return found.group(0).strip() if found else None

    def stop(self):
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
