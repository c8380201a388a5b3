"""The DNS as it is: aliases of whole trees, servers without EDNS, answers that
outlive their use."""
import pytest

import dns_lies as lies
from addresses import NUMBER
from bed import SIP, XMPP, im_rule
from dns_wire import (FORMERR, NOERROR, NOTIMP, SERVFAIL, enum_name,
                      pack_name)
from waiting import until

OWNER = enum_name(NUMBER)


def test_enum_37_a_tree_may_stand_elsewhere(bed):
    bed.zone(XMPP)
    parent, target = OWNER.partition(".0.")[2], "ported.example"
    new = OWNER.replace(parent, target)
    bed.dns.lies[OWNER] = lies.says(lambda query: query.answer(NOERROR, [
        (parent, "DNAME", 0, pack_name(target)),
        (OWNER, "CNAME", 0, pack_name(new)), (new, "NAPTR", 0, lies.GOOD)]))
    bed.delivers_to("alice@im.example")


@pytest.mark.parametrize("code", [FORMERR, NOTIMP],
                         ids=["formerr", "notimp"])
def test_enum_35_without_edns_a_server_is_asked_again(bed, code):
    bed.zone(XMPP)
    bed.dns.lies[OWNER] = lies.says(
        lambda query: lies.good(query) if query.size is None else
        query.answer(code, []))
    bed.delivers_to("alice@im.example")
    assert [q.size is None for q in bed.dns.asked("NAPTR", OWNER)] == [
        False, True]


def test_enum_38_one_failure_is_not_the_last_word(bed):
    bed.zone(XMPP)
    asked = []

    def fails_once(query):
        asked.append(query)
        return (query.answer(SERVFAIL, []) if len(asked) == 1 else
                lies.good(query))
    bed.dns.lies[OWNER] = lies.says(fails_once)
    bed.final(bed.u1.message(), 202, 500)
    bed.final(bed.u1.message(), 202)


def test_enum_43_what_failed_just_now_is_tried_in_its_turn(bed):
    bed.zone(SIP, XMPP.replace("im.example", "second.example"),
             im_rule("alice@im.example", 1), im_rule("bob@second.example", 2))
    bed.s1.answer = 503
    for number in (1, 2):
        bed.final(bed.u1.message(), 202)
        bed.arrival(bed.s1, number)
        assert until(lambda: len(bed.x1.seen()) == number)
