"""Messages in message/cpim that ask for reports, and the reports (RFC 5438),
as a SIP user agent writes and reads them."""
import itertools
import re

CPIM = "message/cpim"
_serial = itertools.count(1)


def _cpim(headers, fields, body):
    return "\r\n".join([*headers, "", *fields, "", body]).encode()


def asking(body, wants, ident):
    """A body of type CPIM.
    @param wants  such as "positive-delivery, display" """
    return _cpim(["From: <tel:+12025550199>", "To: <tel:+12025550100>",
                  "DateTime: 2026-01-01T12:00:00Z",
                  "NS: imdn <urn:ietf:params:imdn>",
                  "imdn.Message-ID: " + ident,
                  "imdn.Disposition-Notification: " + wants],
                 ["Content-Type: text/plain;charset=utf-8"], body)


class Wrapped:
    """What came in message/cpim."""

    def __init__(self, message):
        assert message.get("content-type").startswith(CPIM), message.raw
        text = message.body.decode()
        head, fields, self.body = re.split(r"\r?\n\r?\n", text, maxsplit=2)
        self._lines = (head + "\r\n" + fields).splitlines()

    def get(self, name):
        """A field of message/cpim or of the content; "" if there is none."""
        return next((line.partition(":")[2].strip() for line in self._lines
                     if line.lower().startswith(name.lower() + ":")), "")

    @property
    def ident(self):
        return self.get("imdn.Message-ID")

    @property
    def wants(self):
        return re.split(r"\s*,\s*", self.get("imdn.Disposition-Notification"))

    def report(self):
        """(id of the message, "delivered", "displayed" or "failed")"""
        assert self.get("Content-type").startswith("message/imdn+xml")
        assert self.get("Content-Disposition") == "notification"
        assert not self.get("imdn.Disposition-Notification")
        ident, = re.findall(r"<message-id>([^<]*)</message-id>", self.body)
        status, = re.findall(r"<status>\s*<(\w+)\s*/>", self.body)
        return ident, status


def report(on, status):
    """The body of a report, of type CPIM.
    @param on      Wrapped message
    @param status  delivered or displayed"""
    kind = {"displayed": "display"}.get(status, "delivery")
    xml = ('<?xml version="1.0" encoding="UTF-8"?>'
           '<imdn xmlns="urn:ietf:params:xml:ns:imdn">'
           "<message-id>%s</message-id><datetime>%s</datetime>"
           "<%s-notification><status><%s/></status></%s-notification>"
           "</imdn>" % (on.ident, on.get("DateTime"), kind, status, kind))
    return _cpim(["From: " + on.get("To"), "To: " + on.get("From"),
                  "NS: imdn <urn:ietf:params:imdn>",
                  "imdn.Message-ID: report%d" % next(_serial)],
                 ["Content-type: message/imdn+xml",
                  "Content-Disposition: notification"], xml)
