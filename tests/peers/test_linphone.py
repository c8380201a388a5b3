"""linphone as the SIP end: a softphone that knows reports and "is
composing"."""
import itertools

import pytest

from hosts import NUMBERS
from linphone_run import SECONDS, Linphone
from test_sipp import TEXTS
from test_xmpp_servers import each
from world import wait_until
from xmpp_user import CHAT_STATES

QUIET_SECONDS = 0.5
_serial = itertools.count(4000)


class Phone(Linphone):
    """It has a number, and so a chat, of its own."""

    def __init__(self, folder, host):
        number = "+1202555%d" % next(_serial)
        super().__init__(folder, host.sip_address, host.gateway_address,
                         number)
        self.jid = number + "@gw.example.net"

    def write(self, text):
        self.send("sip:%s@gw.example.net" % NUMBERS["romeo"], text)

    def must_show(self, *texts):
        """These and no others, in that order."""
        wait_until(lambda: [text for _, text in self.texts()] == list(texts),
                   SECONDS, "linphone does not show %r" % (texts,))


@pytest.fixture
def linphone(tmp_path, host):
    phone = Phone(tmp_path, host)
    yield phone
    assert phone.stop() == 0


@each(TEXTS)
def test_map_9_linphone_writes(text, linphone, xmpp_user):
    romeo = xmpp_user()
    linphone.write(text)
    got = romeo.receive()
    assert (got["body"], got["from"].bare) == (text, linphone.jid)


@each(TEXTS)
def test_map_6_20_linphone_reads(text, linphone, xmpp_user):
    xmpp_user().write(linphone.jid, text)
    linphone.must_show(text)
    (sender, _), = linphone.texts()
    assert sender.startswith("sip:romeo@example.net;gr=")


# It may refuse message/cpim with 488, then the text comes without. It reports
# to nobody while it is not registered.
@pytest.mark.parametrize("ask", ["ask_for_receipt", "ask_for_markers"])
def test_rcpt_7_linphone_shows_a_text_that_asks_for_a_report(ask, linphone,
                                                             xmpp_user):
    romeo = xmpp_user()
    first = getattr(romeo, ask)(linphone.jid, "one")
    linphone.must_show("one")
    getattr(romeo, ask)(linphone.jid, "two")
    linphone.must_show("one", "two")
    assert romeo.error(first, QUIET_SECONDS) is None


def test_rcpt_10_linphone_takes_notices_that_it_does_not_show(linphone,
                                                              xmpp_user):
    romeo = xmpp_user()
    ident = romeo.write(linphone.jid,
                        inner="<composing xmlns='%s'/>" % CHAT_STATES)
    romeo.write(linphone.jid, "Hi", inner="<active xmlns='%s'/>" % CHAT_STATES)
    linphone.must_show("Hi")
    assert romeo.error(ident, QUIET_SECONDS) is None
