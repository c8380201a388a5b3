"""Rates (SEC-4): what is above them gets an honest answer and costs nobody
else anything."""
from addresses import U3
from bed import ALICE, HEALTH_NUMBER, XMPP, config
from waiting import until

BURST = 20


def burst(end, count=BURST, **change):
    """So many messages at once. -> their final responses"""
    sent = [end.message(**change) for _ in range(count)]
    assert until(lambda: all(one.finals for one in sent), 20)
    return [one.finals[0] for one in sent]


def assert_some_are_told_to_wait(answers):
    codes = [answer.code for answer in answers]
    assert set(codes) == {202, 480}
    assert codes[0] == 202
    assert all(int(answer.get("retry-after").split()[0]) > 0
               for answer in answers if answer.code == 480)


@config({"limits.per_peer": "3/s"})
def test_sec_4_a_neighbour_above_the_limit_is_told_to_wait(bed):
    bed.zone(XMPP, ALICE)
    assert_some_are_told_to_wait(burst(bed.u1))


@config({"limits.per_recipient": "3/s"})
def test_sec_4_a_recipient_is_spared(bed):
    bed.zone(XMPP, ALICE)
    answers = burst(bed.u1)
    assert_some_are_told_to_wait(answers)
    arrived = len(bed.x1.seen())
    assert arrived == [answer.code for answer in answers].count(202)
    bed.final(bed.u1.message("tel:" + HEALTH_NUMBER), 200)


@config({"sip.admit": [U3[0]], "limits.per_admitted_peer": "3/s"})
def test_sec_4_a_trusted_neighbour_has_no_such_limit(bed):
    bed.zone(XMPP, ALICE)
    assert_some_are_told_to_wait(burst(bed.u3))
    assert {answer.code for answer in burst(bed.u1)} == {202}


@config({"limits.per_sender": "3/s"})
def test_sec_4_another_sender_is_not_held_back(bed):
    bed.zone(XMPP, ALICE)
    talker = "<tel:+12025550176>;tag=1"
    assert_some_are_told_to_wait(burst(bed.u1, sender=talker))
    bed.final(bed.u1.message(sender="<tel:+12025550177>;tag=2"), 202)


@config({"limits.per_sender": "3/s"})
def test_sec_4_an_xmpp_sender_is_told_to_wait(bed):
    for _ in range(BURST):
        bed.x1.message("Hi")
    assert until(lambda: len(bed.x1.seen()) + len(bed.u1.messages) == BURST)
    errors = bed.x1.seen()
    assert errors and bed.u1.messages
    assert {(error.condition, error.error_type) for error in errors} == {
        ("policy-violation", "wait")}


def test_sec_4_17_a_thousand_at_once_are_all_answered(bed):
    bed.zone(XMPP, ALICE)
    for _ in range(1000):
        bed.u1.message()
    assert until(lambda: len(bed.u1.responses) >= 1000, 20)
    assert {response.code for response in bed.u1.responses} == {202}
    assert len({response.branch for response in bed.u1.responses}) == 1000
    assert until(lambda: len(bed.x1.seen()) == 1000)
