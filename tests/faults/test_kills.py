"""The process is killed, the XMPP server starts again, and what was accepted
arrives all the same."""
import random
import time

from ledger import Ledger
from places import scaled

COUNT, RATE = scaled(3000, 20000), scaled(300, 1000)
KILLS, RESTARTS = scaled(3, 10), scaled(2, 5)
CALLERS = scaled(100, 500)
DEAD_SECONDS = (0.2, 2.5)  # some senders give up in between
GIVE_UP_SECONDS = 1.5
SEED = 5


def moments(chance):
    """(part of the messages that is sent, what happens), in order."""
    events = ["kill"] * KILLS + ["restart"] * RESTARTS
    chance.shuffle(events)
    step = 0.9 / len(events)
    return [(0.05 + step * (place + chance.random() * 0.7), event)
            for place, event in enumerate(events)]


def test_what_was_accepted_survives_kills_and_restarts(
        prosody, gateway, sender, tell):
    imgw = gateway()
    imgw.start()
    imgw.wait_for_link()
    chance = random.Random(SEED)
    load = sender(COUNT, RATE, callers=CALLERS,
                  patience=GIVE_UP_SECONDS).start()
    for part, event in moments(chance):
        while load.sent < part * COUNT:
            time.sleep(0.005)
        if event == "kill":
            imgw.kill()
            time.sleep(chance.uniform(*DEAD_SECONDS))
            imgw.start()
        else:
            prosody.restart()
    assert load.finish(120), "%d of %d, %s" % (load.done, COUNT, imgw.tail())
    imgw.wait_until_empty(scaled(60, 180))
    assert imgw.stop() == 0
    ledger = Ledger(load.messages, prosody.collect())
    branches = load.new_branches()
    tell("%d kills, %d restarts: %s; %d retransmitted, %d by a new branch" % (
        KILLS, RESTARTS, ledger, load.resent, branches))
    ledger.assert_kept()
    assert branches
    assert ledger.unmarked == 0 and ledger.disordered == 0
    assert not load.trouble
