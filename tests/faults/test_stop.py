"""SIGTERM under load: who has asked gets his answer, and the restart knows
where it was."""
import signal
import time

from ledger import Ledger
from places import scaled

COUNT, RATE = scaled(1500, 10000), scaled(300, 1000)
ERROR_WAIT = 1.0                # so long each request is open at least
ARRIVED_SECONDS = 0.3           # what was sent before that has been read


def test_sigterm_under_load_answers_everybody_and_loses_nothing(
        prosody, gateway, sender, tell):
    imgw = gateway(xmpp={"error_wait": "%dms" % (ERROR_WAIT * 1000)})
    imgw.start()
    imgw.wait_for_link()
    load = sender(COUNT, RATE, callers=COUNT // 10).start()
    while load.sent < COUNT // 2:
        time.sleep(0.005)
    asked = time.monotonic()
    imgw.signal(signal.SIGTERM)
    status = imgw.exit_status()
    ended = time.monotonic()
    opened = [one for one in load.messages if one.answers or one.first]
    opened = [one for one in opened if
              asked - ERROR_WAIT < one.first < asked - ARRIVED_SECONDS]
    silent = [one for one in opened if not one.answers
              or one.answers[0][1] > ended + 0.1]
    imgw.start()
    assert load.finish(60), imgw.tail()
    imgw.wait_until_empty(scaled(30, 120))
    assert imgw.stop() == 0
    ledger = Ledger(load.messages, prosody.collect())
    tell("exit %d after %.1f s, %d open, %d of them without an answer: %s" % (
        status, ended - asked, len(opened), len(silent), ledger))
    assert status == 0 and opened and not silent
    ledger.assert_kept()
    assert ledger.repeated == 0
    assert set(ledger.refusals) <= {503} and not load.trouble
    assert all(wait for one in load.messages for _, wait in one.refusals)
