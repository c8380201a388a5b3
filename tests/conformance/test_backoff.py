"""Next hops that ask for a pause: RFC 3261 section 21.5.4. A pause outlives
its case, so each uses servers of its own."""
from bed import ALICE, config
from waiting import until
from sip_end import Answer

BUSY = Answer(503, headers=["Retry-After: 60"])


def servers(*hosts):
    return "".join(
        "_im._sip.im.example.  SRV %d 0 5060 s%d.im.example.\n"
        "s%d.im.example.  A %s\n" % (n, n, n, host)
        for n, host in enumerate(hosts))


def test_carr_5_a_server_that_asks_for_a_pause_is_passed_over(bed):
    bed.zone(ALICE, servers("127.0.9.41", "127.0.9.42"))
    busy, other = bed.sip_end("127.0.9.41"), bed.sip_end("127.0.9.42")
    busy.answer = BUSY
    for _ in range(2):
        bed.final(bed.u1.message(), 200)
    bed.arrival(other, 2)
    bed.arrival(busy, 1)


def test_carr_5_with_no_other_server_the_answer_comes_at_once(bed):
    bed.zone(ALICE, servers("127.0.9.43"))
    busy = bed.sip_end("127.0.9.43")
    busy.answer = BUSY
    first = bed.final(bed.u1.message(), 500)
    assert first.get("retry-after") == "60"
    second = bed.final(bed.u1.message(), 500)
    assert 55 <= int(second.get("retry-after")) <= 60
    bed.arrival(busy, 1)


def test_carr_5_a_503_without_a_time_asks_for_nothing(bed):
    bed.zone(ALICE, servers("127.0.9.44"))
    busy = bed.sip_end("127.0.9.44")
    busy.answer = 503
    for _ in range(2):
        assert not bed.final(bed.u1.message(), 500).all("retry-after")
    bed.arrival(busy, 2)


def test_carr_5_another_port_of_the_same_host_is_another_server(bed):
    bed.zone(ALICE, """
_im._sip.im.example.  SRV 0 0 5060 s.im.example.
_im._sip.im.example.  SRV 1 0 5070 s.im.example.
s.im.example.         A 127.0.9.45
""")
    busy = bed.sip_end("127.0.9.45")
    other = bed.sip_end("127.0.9.45", 5070)
    busy.answer = BUSY
    for _ in range(2):
        bed.final(bed.u1.message(), 200)
    bed.arrival(other, 2)
    bed.arrival(busy, 1)


@config({"routing.pause_max": "0s"})
def test_carr_5_pauses_can_be_switched_off(bed):
    bed.zone(ALICE, servers("127.0.9.46"))
    busy = bed.sip_end("127.0.9.46")
    busy.answer = BUSY
    for _ in range(2):
        bed.final(bed.u1.message(), 500)
    bed.arrival(busy, 2)


@config({"replies.next_hop": "sip:127.0.9.47:5060", "queue.store": "off"})
def test_carr_5_replies_wait_too(bed):
    busy = bed.sip_end("127.0.9.47")
    busy.answer = BUSY
    for body in "12":
        bed.error_stanza(bed.x1.message(body), "internal-server-error")
    bed.arrival(busy, 1)


@config({"replies.next_hop": "sip:127.0.9.48:5060"})
def test_carr_5_replies_that_are_stored_are_sent_after_the_pause(bed):
    busy = bed.sip_end("127.0.9.48")
    busy.answer = Answer(503, headers=["Retry-After: 2"])
    for body in "12":
        bed.x1.message(body)
    bed.arrival(busy, 1)
    bed.nothing_at(bed.x1)
    busy.answer = 200
    assert until(lambda: len(busy.messages) == 3, 30)
    assert [m.body for m in busy.messages] == [b"1", b"1", b"2"]
