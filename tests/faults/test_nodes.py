"""Two gateways share a PostgreSQL; one of them, now this, now that, is killed
and started again, and once the database itself is. Who was refused then sends
the same request again: what the database had taken nevertheless is known."""
import random
import signal
import time

import pytest

from ledger import Ledger
from places import GATEWAYS, scaled
from postgres import Postgres
from world import wait_until

COUNT, RATE = scaled(2000, 20000), scaled(200, 1000)
KILLS, CALLERS = scaled(4, 10), scaled(100, 500)
LEASE = "2s"                # the least that the option takes
GIVE_UP_SECONDS = 1.5
SEED = 7


@pytest.fixture
def postgres(folder, ends):
    if not Postgres.is_there():
        pytest.skip("PostgreSQL is not installed")
    place = folder / "postgres"
    place.mkdir()
    postgres = Postgres(place)
    ends.callback(postgres.stop)
    postgres.start()
    return postgres


def moments(chance):
    """(part of the messages that is sent, what happens), in order."""
    events = ["kill"] * KILLS
    events.insert(KILLS // 2, "database")
    step = 0.9 / len(events)
    return [(0.05 + step * (place + chance.random() * 0.7), event)
            for place, event in enumerate(events)]


def test_two_nodes_lose_nothing_though_one_or_the_database_dies(
        postgres, prosody, gateway, sender, tell):
    nodes = [gateway("node%d" % node, node,
                     queue={"store": postgres.url, "lease": LEASE,
                            "retry": ["1s", "2s"]})
             for node in range(2)]
    for node in nodes:
        node.start()
    wait_until(lambda: any("link state=up" in node.output for node in nodes),
               20, nodes[0].tail())
    chance = random.Random(SEED)
    load = sender(COUNT, RATE, callers=CALLERS, gateways=GATEWAYS,
                  patience=GIVE_UP_SECONDS, renumber=False).start()
    for part, event in moments(chance):
        while load.sent < part * COUNT:
            time.sleep(0.005)
        if event == "kill":
            node = chance.choice(nodes)
            node.kill()
            time.sleep(chance.uniform(0.2, 2.5))
            node.start()
        else:
            postgres.stop(signal.SIGQUIT)
            postgres.start()
    assert load.finish(180), "%d of %d; %s\n%s" % (
        load.done, COUNT, nodes[0].tail(), nodes[1].tail())
    wait_until(lambda: postgres.ask("SELECT count(*) FROM message") == "0",
               120, "%s are stored still" %
               postgres.ask("SELECT count(*) FROM message"))
    assert [node.stop() for node in nodes] == [0, 0]
    ledger = Ledger(load.messages, prosody.collect())
    branches = load.new_branches()
    tell("%d kills of 2 nodes, PostgreSQL restarted once: %s; %d by a new "
         "branch" % (KILLS, ledger, branches))
    ledger.assert_kept()
    assert branches
    assert ledger.unmarked == 0 and ledger.disordered == 0
    assert not load.trouble
