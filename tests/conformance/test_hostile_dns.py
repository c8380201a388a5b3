"""A DNS server that lies: the lookup fails by itself, and a message to another
number that was sent behind it is answered first."""
import pytest

import dns_lies as lies
from addresses import NUMBER
from bed import HEALTH_NUMBER, XMPP, im_rule
from dns_wire import POINTER_TO_QUESTION, enum_name
from waiting import note, until

OWNER = enum_name(NUMBER)
SECONDS = 15            # dns.tries times dns.timeout, and more


@pytest.fixture
def liar(bed):
    """Function that makes the server answer so for the bed's number. The
    rules that it gives would be good ones."""
    bed.zone(XMPP)

    def set_lie(lie):
        bed.dns.lies[OWNER] = lie
    return set_lie


def fails_alone(bed, *codes, is_slow=False):
    """The message is answered so and another one meanwhile delivered."""
    sent = bed.u1.message()
    other = bed.u1.message("tel:" + HEALTH_NUMBER)
    delivered = bed.final(other, 200)
    answer = bed.final(sent, *codes, within=SECONDS)
    if is_slow:
        assert delivered.when < answer.when
    if answer.code == 500:
        assert int(answer.get("retry-after").split()[0]) > 0
    bed.nothing_at(bed.x1, bed.s1, for_seconds=0.1)


@pytest.mark.parametrize("make", [
    lies.two_pointers, lies.pointer_behind_the_end, lies.label_of_64,
    lies.name_of_300, lies.rdlength_too_large, lies.cut_short,
    lies.header_alone, lies.more_records_than_there_are,
    lies.a_question_in_return],
    ids=lambda make: make.__name__)
def test_sec_10_an_answer_that_cannot_be_read_is_a_failure(bed, liar, make):
    liar(lies.says(make))
    fails_alone(bed, 500)


each_unreadable_rule = pytest.mark.parametrize("rdata", [
    lies.empty, lies.too_short, lies.octets_behind_the_end,
    lies.string_beyond_the_record, lies.replacement_that_points_at_itself],
    ids=lambda rdata: rdata.__name__)


def rules_of(*makes):
    """A liar that gives rules of these data."""
    return lies.says(lambda query: lies.raw(
        query, b"".join(lies.record(POINTER_TO_QUESTION, make(query))
                        for make in makes), len(makes)))


@each_unreadable_rule
def test_sec_10_enum_16_a_rule_that_cannot_be_read_harms_no_other(bed, liar,
                                                                 rdata):
    liar(rules_of(rdata, lambda query: lies.GOOD))
    bed.delivers_to("alice@im.example")


@each_unreadable_rule
def test_sec_10_enum_38_nothing_but_unreadable_rules_is_a_failure(bed, liar,
                                                                  rdata):
    liar(rules_of(rdata))
    fails_alone(bed, 500)


@pytest.mark.parametrize("make", [
    lies.wrong_id, lies.wrong_question, lies.wrong_type_in_the_question],
    ids=lambda make: make.__name__)
def test_sec_10_an_answer_to_something_else_is_none(bed, liar, make):
    liar(lies.says(make))
    fails_alone(bed, 500, is_slow=True)


def test_sec_10_an_answer_from_another_port_is_none(bed, liar):
    liar(lies.from_another_port)
    fails_alone(bed, 500, is_slow=True)


def test_sec_10_enum_37_rules_of_another_name_are_not_ours(bed, liar):
    liar(lies.says(lies.another_owner))
    fails_alone(bed, 404)


def test_sec_10_the_truth_behind_a_forgery_is_heard(bed, liar):
    def both(query, send):
        send(lies.wrong_id(query))
        send(lies.good(query))
    liar(both)
    bed.delivers_to("alice@im.example")


# Too much, too slow

def test_sec_10_enum_35_a_full_answer_of_bad_rules_is_not_found(bed, liar):
    liar(lies.only_over_tcp(lies.says(lies.all_the_rules_that_fit)))
    fails_alone(bed, 404)
    assert bed.dns.asked("NAPTR", OWNER)[-1].transport == "tcp"


def test_sec_10_enum_16_a_good_rule_among_hundreds_is_found(bed):
    bed.zone(XMPP, *['Z NAPTR %d 1 "u" "E2U+im" "!^\\\\+999$!im:x@y.example!" '
                     "." % n for n in range(1, 300)],
             im_rule("alice@im.example", 500))
    bed.delivers_to("alice@im.example")


def test_sec_10_enum_35_truncation_without_tcp_is_a_failure(bed, liar):
    liar(lies.only_over_tcp(lies.closes))
    fails_alone(bed, 500)


def test_sec_10_enum_35_a_cut_answer_over_tcp_is_a_failure(bed, liar):
    liar(lies.only_over_tcp(lies.says(lies.cut_short)))
    fails_alone(bed, 500)


def test_sec_10_enum_35_an_answer_that_drips_is_a_failure(bed, liar):
    ended = []

    def drips(query, send):
        lies.drips(query, send)
        note(ended, query)
    liar(lies.only_over_tcp(drips))
    fails_alone(bed, 500, is_slow=True)
    assert until(lambda: ended)


@pytest.mark.parametrize("lie", [lies.holds(8), lies.drips],
                         ids=["holds", "drips"])
def test_sec_10_a_stuck_connection_costs_its_own_question(bed, liar, lie):
    other = "+12025550123"
    bed.zone('Z(%s) NAPTR 1 1 "u" "E2U+im" "!^.*$!im:bob@im.example!" .\n'
             "Z(%s) TRUNCATE" % (other, other))
    liar(lies.only_over_tcp(lie))
    stuck = [bed.u1.message() for _ in range(3)]
    assert until(lambda: any(q.transport == "tcp"
                             for q in bed.dns.asked("NAPTR", OWNER)))
    for _ in range(3):
        bed.final(bed.u1.message("tel:" + other), 202, within=1)
        assert not any(one.finals for one in stuck)
    for one in stuck:
        bed.final(one, 500, within=SECONDS)


# Aliases

def test_sec_10_enum_37_a_short_chain_of_aliases_is_followed(bed, liar):
    liar(lies.says(lies.chain(3)))
    bed.delivers_to("alice@im.example")


def test_sec_10_enum_37_an_endless_chain_of_aliases_is_a_failure(bed, liar):
    liar(lies.says(lies.chain(40)))
    fails_alone(bed, 500)


def test_sec_10_enum_37_a_loop_of_aliases_is_a_failure(bed):
    bed.zone(XMPP, "Z CNAME a.example\na.example CNAME b.example\n"
             "b.example CNAME a.example")
    fails_alone(bed, 500)


# Patterns that cost more than they are worth

BOMBS = ["^((((((.*)*)*)*)*)*)*x$", "^(((.{1,255}){1,255}){1,255})$",
         "^" + "(" * 60 + ")" * 60 + "$", "(.+)+(.+)+(.+)+(.+)+(.+)+y",
         "^(\\\\+|\\\\+)*(1|1)*(.|.)*(2|2)*z$"]


@pytest.mark.parametrize("bomb", BOMBS)
def test_sec_6_enum_16_a_costly_pattern_delays_nobody(bed, bomb):
    bed.zone(XMPP, *['Z NAPTR %d 1 "u" "E2U+im" "!%s!im:x@y.example!" .'
                     % (order, bomb) for order in range(1, 20)],
             im_rule("alice@im.example", 500))
    sent = bed.u1.message()
    bed.final(bed.u1.message("tel:" + HEALTH_NUMBER), 200, within=2)
    bed.final(sent, 202, within=3)
    bed.stanza("alice@im.example")


def test_sec_6_replacements_that_grow_delay_nobody(bed):
    bed.zone(XMPP, 'Z NAPTR 1 1 "u" "E2U+im" "!^(.*)$!im:%s@y.example!" .'
             % ("\\\\1" * 100), im_rule("alice@im.example", 500))
    bed.delivers_to("alice@im.example")


# The names behind the number

@pytest.mark.parametrize("make", [
    lies.two_pointers, lies.cut_short, lies.another_owner, lies.wrong_id],
    ids=lambda make: make.__name__)
@pytest.mark.parametrize("order", ["lied about first", "lied about last"])
def test_sec_10_im_7_lies_about_the_domain_end_there(bed, make, order):
    bed.zone(XMPP, im_rule("a@lies.example", 1 if "first" in order else 900),
             im_rule("alice@im.example", 100))
    for name in ("_im._sip.lies.example", "_im._xmpp.lies.example",
                 "lies.example"):
        bed.dns.lies[name] = lies.says(make)
    sent = bed.u1.message()
    bed.final(bed.u1.message("tel:" + HEALTH_NUMBER), 200)
    bed.final(sent, 202, within=SECONDS)
    bed.stanza("alice@im.example")
