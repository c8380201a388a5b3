"""The XMPP server is away for long: everything is accepted and kept on disk,
and goes in order when it is back."""
import time

from ledger import Ledger
from places import scaled
from waiting import until

RATE, DOWN_SECONDS = scaled(200, 500), scaled(10, 60)
# Large enough to show if messages were kept in memory: the pages that SQLite
# keeps, 16 MiB, are full by half of the time
SIZE = scaled(16000, 3000)
KEPT_KIB = scaled(4, 16) * 1024  # and what SIP keeps of requests for 32 s
SPARE = "quarantine_size_mb=1:thread_local_quarantine_size_kb=16"


def test_what_comes_while_the_link_is_down_goes_in_order_when_it_is_up(
        component, gateway, sender, tell):
    imgw = gateway()
    imgw.start(ASAN_OPTIONS=SPARE)
    assert until(lambda: component.link, 10)
    component.stop()
    imgw.wait_for(r"event=link state=backoff")
    count = RATE * DOWN_SECONDS
    load = sender(count, RATE, callers=50, size=SIZE).start()
    memory = [imgw.memory_kib()]
    for part in (0.5, 1):
        while load.done < part * count * 0.99:
            time.sleep(0.02)
        memory.append(imgw.memory_kib())
    assert load.finish(30)
    held = imgw.stored()
    component.start()
    began = time.monotonic()
    until(lambda: len(component.seen()) == count, 120)
    took = time.monotonic() - began
    imgw.wait_until_empty(30)
    memory.append(imgw.memory_kib())
    assert imgw.stop() == 0
    ledger = Ledger(load.messages, component.arrivals())
    tell("down for %d s, %d held, all gone %.1f s later: %s; memory %s KiB "
         "(before, half, end, after)" % (DOWN_SECONDS, held, took, ledger,
                                         ", ".join(map(str, memory))))
    ledger.assert_kept()
    assert held == count
    assert ledger.repeated == 0 and ledger.disordered == 0
    assert all(arrival.late for arrival in ledger.arrivals)
    assert not ledger.refusals and not load.trouble
    assert memory[2] - memory[1] < KEPT_KIB < count * SIZE / 2 / 1024
