"""A SIP user with texts and contents of all kinds, over UDP and TCP."""
import pathlib
import sys

import imdn

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] /
                    "conformance"))

from sip_end import SipEnd                              # noqa: E402
from waiting import changed, until                      # noqa: E402

SECONDS = 10


class SipUser(SipEnd):
    def __init__(self, address, gateway):
        super().__init__(address, gateway=gateway)
        self._read, self._answered = 0, set()

    def deliver(self, uri="tel:+12025550100", over=None, **change):
        """Send a message; see sip_message.request.
        -> the code of the final response, or None"""
        sent = self.message(uri, over, **change)
        finals = until(lambda: sent.finals, SECONDS)
        return finals[0].code if finals else None

    def deliver_by_tcp(self, **change):
        connection = self.connect()
        try:
            return self.deliver(over=connection, **change)
        finally:
            connection.close()

    def receive(self, seconds=SECONDS):
        """The next message that came and has its answer, or None."""
        if not until(lambda: len(self.messages) > self._read, seconds):
            return None
        message = self.messages[self._read]
        self._read += 1
        # Else it would come again, to the user of the next test.
        until(lambda: message.branch in self._answered)
        return message

    def respond(self, message, answer):
        super().respond(message, answer)
        self._answered.add(message.branch)
        changed()

    def receive_text(self):
        """The next text, or None; reports and notices before it are
        dropped."""
        while message := self.receive():
            text = text_of(message)
            if text is not None:
                return text
        return None


def text_of(message):
    """The text of a message, which may be wrapped, or None."""
    kind, text = message.get("content-type"), message.body.decode()
    if kind.startswith(imdn.CPIM):
        wrapped = imdn.Wrapped(message)
        kind, text = wrapped.get("Content-Type"), wrapped.body
    return text if kind.startswith("text/plain") else None
