"""The test bed: all ends, the gateway, and the expectations that cases are
written with. An expectation that is not met says what was seen instead."""
import time

import pytest

import addresses
from dns_end import DnsEnd
from gateway import Gateway
from sip_end import SipEnd
from waiting import LATER, PATIENCE, until
from xmpp_end import XmppEnd

# Zone text that many cases share.
XMPP = """
_im._xmpp.im.example.   SRV 0 0 5269 x.im.example.
_im._sip.im.example.    NXDOMAIN
"""
SIP = """
_im._sip.im.example.    SRV 0 0 5060 simple.im.example.
simple.im.example.      A 127.0.9.21
"""
ALICE = r"""
Z  NAPTR 100 10 "u" "E2U+im" "!^.*$!im:alice@im.example!" .
"""
# Reached by SIP or, where a case forbids that, by XMPP.
HEALTH_NUMBER = "+442079460190"
HEALTH = """
Z(+442079460190)  NAPTR 10 10 "u" "E2U+im" "!^.*$!im:a@health.example!" .
Z(+442079460190)  NAPTR 20 10 "u" "E2U+im" "!^.*$!im:a@x.health.example!" .
Z(+442079460190)  SECURE
_im._sip.health.example.     SRV 0 0 5060 sip.health.example.
sip.health.example.          A 127.0.9.24
_im._xmpp.x.health.example.  SRV 0 0 5269 x.im.example.
*.health.example.            SECURE
"""
FAILED_STARTS_MAX = 3
LINK_SECONDS = 6
FALLBACK = {"routing.fallback": "sip:%s:%d" % addresses.S1}


def config(changes):
    """Marks a case that needs another configuration than the default."""
    return pytest.mark.config(changes)


def im_rule(target, order=100, preference=10):
    """A zone line: the bed's number leads to im:TARGET."""
    return 'Z NAPTR %d %d "u" "E2U+im" "!^.*$!im:%s!" .\n' % (
        order, preference, target)


class Bed:
    def __init__(self):
        self.dns = DnsEnd()
        self.dns.base = HEALTH
        self.u1, self.u2, self.u3, self.s1, self.s2, self.health = [
            SipEnd(address) for address in (
                addresses.U1, addresses.U2, addresses.U3, addresses.S1,
                addresses.S2, addresses.HEALTH)]
        self.x1 = XmppEnd()
        self.ends = [self.dns, self.u1, self.u2, self.u3, self.s1, self.s2,
                     self.health, self.x1]
        self.extra_ends = []
        self.gateway = None
        self.failed_starts = 0      # in a row

    # Life of a case -------------------------------------------------------
    def begin(self, changes):
        """A new case with this configuration."""
        LATER.forget()
        for end in self.ends:
            end.forget()
        if self.gateway and self.gateway.changes != changes:
            before, trouble = self.gateway.changes, self.stop()
            assert not trouble, "the gateway before, with %s: %s" % (before,
                                                                     trouble)
        if not self.gateway:
            self._start(changes)

    def _start(self, changes):
        """What does not come up at all ends the whole run: no case would
        pass, and each would wait."""
        self.gateway = Gateway(changes)
        try:
            self.gateway.start()
            self.wait_for_link()
        except AssertionError as error:
            self.stop()
            self.failed_starts += 1
            if self.failed_starts == FAILED_STARTS_MAX:
                pytest.exit("the gateway does not come up: %s" % error, 1)
            raise
        self.failed_starts = 0

    def finish(self):
        """The gateway must have survived the case: it runs, printed nothing
        alarming, broke no rule on the stream, and delivers a message."""
        for end in self.extra_ends:
            end.close()
        self.extra_ends = []
        self.expect_no_alarm()
        assert self.x1.violations == []
        self.wait_for_link(30)      # it may have to back off first
        self.expect_health()

    def stop(self):
        gateway, self.gateway = self.gateway, None
        return gateway.stop() if gateway else None

    def restart(self):
        """What the gateway remembers is gone, what it has stored is not."""
        self.x1.cut_link()
        self.gateway.restart()
        self.wait_for_link()

    def wait_for_link(self, seconds=LINK_SECONDS):
        if "xmpp.component" in self.gateway.changes:
            return              # the case took the link away
        assert until(lambda: self.x1.link, seconds), (
            "no component link:\n" + self.gateway.last_lines())

    def expect_no_alarm(self):
        trouble = self.gateway.alarm()
        if trouble:
            self.stop()
            pytest.fail(trouble)

    def expect_health(self):
        for _ in range(5):      # rate limits and back-off may need a moment
            self.expect_no_alarm()
            sent = self.u1.message("tel:" + HEALTH_NUMBER)
            if until(lambda: sent.finals) and sent.codes[-1] in (200, 202):
                return
            time.sleep(1)
        pytest.fail("a good message is not delivered afterwards: %s\n%s" %
                    (sent.codes, self.gateway.last_lines()))

    # Arranging ------------------------------------------------------------
    def zone(self, *texts):
        for text in texts:
            self.dns.add(text)

    def sip_end(self, address, port=addresses.SIP_PORT, **how):
        """One more SIP end for this case."""
        end = SipEnd((address, port), **how)
        self.extra_ends.append(end)
        return end

    # Expectations ---------------------------------------------------------
    def final(self, sent, *codes, within=5.0):
        """The one final response of a request, which has one of the codes."""
        assert until(lambda: sent.finals, within), "no final response"
        answer = sent.finals[0]
        assert answer.code in codes, "%s %s instead of %s" % (
            answer.start, answer.headers, codes)
        return answer

    def stanza(self, to=None, sent=None, within=5.0):
        """The one message stanza of this case."""
        until(self.x1.seen, within)
        seen = self.x1.seen()
        assert [s.get("to") for s in seen] == [to or "alice@im.example"], (
            "answer: %s, questions: %s\n%s" % (
                sent, self.dns.asked(), self.gateway.last_lines(3)))
        return seen[0]

    def arrival(self, end, number=1, within=8.0):
        """The MESSAGE that has come to an end; with a number, so many."""
        until(lambda: len(end.messages) >= number, within)
        got = end.messages
        assert len(got) == number, "%s of %d messages came, questions: %s" % (
            got, number, self.dns.asked())
        return got[0] if number == 1 else got

    def nothing_at(self, *ends, for_seconds=0.4):
        time.sleep(for_seconds)
        for end in ends:
            seen = end.seen() if end is self.x1 else end.messages
            assert seen == []

    def no_question(self):
        assert self.dns.asked() == []

    def error_stanza(self, ident, condition, within=5.0):
        """The one error stanza that answers the stanza with this id."""
        until(lambda: self.x1.seen(ident=ident), within)
        seen = self.x1.seen(ident=ident)
        assert [(s.get("type"), s.condition) for s in seen] == [
            ("error", condition)]
        return seen[0]

    def delivers_to(self, jid, **change):
        """A message of U1 becomes one stanza to this JID, answered 202."""
        sent = self.u1.message(**change)
        stanza = self.stanza(jid, sent)
        self.final(sent, 202)
        return stanza

    def refuses(self, *codes, within=5.0, **change):
        """A message of U1 is answered so, and nobody else sees it."""
        answer = self.final(self.u1.message(**change), *codes, within=within)
        self.nothing_at(self.x1, self.s1, self.s2, for_seconds=0.15)
        return answer


def seconds(value):
    """An upper limit in a case, stretched on slow machines."""
    return value * PATIENCE
