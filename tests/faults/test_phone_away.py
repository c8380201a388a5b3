"""XMPP to SIP while the SIP side is away: messages wait, and arrive once each
and in order; who is away for too long is told of."""
import time

from places import scaled
from waiting import until

COUNT, RATE = scaled(300, 3000), scaled(100, 300)
USERS = 10
AWAY_SECONDS = scaled(4, 20)
EXPIRE_SECONDS = scaled(10, 40)
GONE = "+12025552999"           # never answers
GONE_COUNT = 5
SECONDS = 60


def number(index):
    return "+1202555%04d" % (2000 + index % USERS)


def writer(index):
    """One conversation is one user and one number."""
    return "user%d@example.net/r1" % (index // USERS % USERS)


def conversation(request):
    return (request.address("from"), request.uri)


def test_messages_wait_for_the_phone_and_expire_only_in_the_end(
        component, gateway, phone, tell):
    imgw = gateway(queue={"expire": "%ds" % EXPIRE_SECONDS,
                          "retry": ["500ms", "1s"]},
                   sip={"attempt_timeout": "1s"})
    imgw.start()
    assert until(lambda: component.link, 10)
    phone.answer = None
    for index in range(GONE_COUNT):
        component.write("gone%d" % index, GONE, "gone")
    began = time.monotonic()
    for index in range(COUNT):
        component.write("m%d" % index, number(index), "%06d" % index,
                        writer(index))
        time.sleep(1 / RATE)
    while time.monotonic() < began + AWAY_SECONDS:
        time.sleep(0.05)
    assert not component.errors()
    held = imgw.stored()
    phone.answer = lambda message: None if GONE in message.uri else 200
    wanted = ["gone%d" % index for index in range(GONE_COUNT)]
    until(lambda: len(component.errors()) >= GONE_COUNT, SECONDS)
    imgw.wait_until_empty(SECONDS)
    assert imgw.stop() == 0
    answered = [one for one in phone.messages if one.answered]
    lost, again, disorder = count(answered)
    tell("%d sent, %d held while nobody answered for %d s, lost %d, "
         "delivered twice %d, out of order %d; errors %d, all of the %d that "
         "expired" % (COUNT, held, AWAY_SECONDS, lost, again, disorder,
                      len(component.errors()), GONE_COUNT))
    assert held == COUNT + GONE_COUNT
    assert lost == again == disorder == 0
    assert sorted(component.errors()) == wanted


def count(answered):
    """-> lost, delivered twice, out of order"""
    newest, seen, again, disorder = {}, set(), 0, 0
    for one in sorted(answered, key=lambda one: one.answered):
        index, pair = int(one.body), conversation(one)
        again += index in seen
        seen.add(index)
        disorder += newest.get(pair, -1) > index
        newest[pair] = max(newest.get(pair, -1), index)
    return COUNT - len(seen), again, disorder
