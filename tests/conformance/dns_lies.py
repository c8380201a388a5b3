"""Answers that no honest DNS server gives; see DnsEnd.lies. All of them would
lead to im:alice@im.example if they were believed."""
import contextlib
import socket
import struct
import time

import addresses
from dns_wire import (NOERROR, POINTER_TO_QUESTION, TC, pack_name, pack_rdata,
                      pack_record)

HEAD = 12
NAPTR = 35
DRIPS, DRIP_SECONDS = 12, 0.2
GOOD = pack_rdata("NAPTR", [b"100", b"10", b"u", b"E2U+im",
                            b"!^.*$!im:alice@im.example!", b"."])


def rule(order, regexp=b"!^.*$!im:alice@im.example!"):
    return pack_rdata("NAPTR", [b"%d" % order, b"10", b"u", b"E2U+im",
                                regexp, b"."])


def good(query):
    """What an honest server would say."""
    return query.answer(NOERROR, [(query.name, "NAPTR", 0, GOOD)])


def framed(octets):
    return struct.pack("!H", len(octets)) + octets


def says(make):
    """A liar that sends what make(query) returns, over both transports."""
    def lie(query, send):
        octets = make(query)
        send(framed(octets) if query.transport == "tcp" else octets)
    return lie


def raw(query, answers, count=1):
    """An answer whose records are these octets."""
    return struct.pack("!6H", query.ident, 0x8580, 1, count, 0, 0) + (
        query.question + answers)


def record(owner, rdata, length=None):
    return owner + struct.pack("!HHIH", NAPTR, 1, 0,
                               len(rdata) if length is None else length) + (
        rdata)


# Names

def two_pointers(query):
    """Two names, each of which points at the other."""
    here = HEAD + len(query.question)
    there = here + 12
    return raw(query, struct.pack("!H", 0xc000 | there) +
               struct.pack("!HHIH", NAPTR, 1, 0, 0) +
               record(struct.pack("!H", 0xc000 | here), GOOD), 2)


def pointer_behind_the_end(query):
    return raw(query, record(b"\xff\xff", GOOD))


def label_of_64(query):
    return raw(query, record(b"\x40" + b"a" * 64 + b"\0", GOOD))


def name_of_300(query):
    return raw(query, record((b"\x3f" + b"a" * 63) * 5 + b"\0", GOOD))


# Lengths

def rdlength_too_large(query):
    return raw(query, record(POINTER_TO_QUESTION, GOOD, len(GOOD) + 500))


def cut_short(query):
    return good(query)[:-len(GOOD) // 2]


def header_alone(query):
    return good(query)[:HEAD]


def more_records_than_there_are(query):
    return raw(query, record(POINTER_TO_QUESTION, GOOD), 65535)


# One rule that cannot be read: the octets of its data

def empty(query):
    return b""


def too_short(query):
    return GOOD[:5]


def octets_behind_the_end(query):
    return GOOD + b"more"


def string_beyond_the_record(query):
    return GOOD[:4] + b"\xff" + GOOD[5:]


def replacement_that_points_at_itself(query):
    place = HEAD + len(query.question) + 12 + len(GOOD) - 1
    return GOOD[:-1] + struct.pack("!H", 0xc000 | place)


# What was not asked

def wrong_id(query):
    return struct.pack("!H", query.ident ^ 0x5555) + good(query)[2:]


def wrong_question(query):
    other = pack_name("other.example") + query.question[-4:]
    return good(query).replace(query.question, other, 1)


def wrong_type_in_the_question(query):
    other = query.question[:-4] + struct.pack("!HH", 1, 1)
    return good(query).replace(query.question, other, 1)


def a_question_in_return(query):
    octets = bytearray(good(query))
    octets[2] &= 0x7f
    return bytes(octets)


def another_owner(query):
    return query.answer(NOERROR, [("evil.example", "NAPTR", 0, GOOD)])


def from_another_port(query, send):
    """The right answer, but who says so?"""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind((addresses.DNS[0], 0))
        other.sendto(good(query), query.peer)


# Too much

def all_the_rules_that_fit(query):
    """64 kB of rules, none of which matches."""
    one = record(POINTER_TO_QUESTION, rule(100, b"!^\\+999$!im:x@im.example!"))
    count = (65535 - HEAD - len(query.question)) // len(one)
    return raw(query, one * count, count)


def chain(length):
    """A chain of so many aliases with a good rule at its end."""
    def make(query):
        names = [query.name] + ["a%d.example" % n for n in range(length)]
        records = [(one, "CNAME", 0, pack_name(other))
                   for one, other in zip(names, names[1:])]
        return query.answer(NOERROR, records + [(names[-1], "NAPTR", 0,
                                                 GOOD)])
    return make


def only_over_tcp(answer):
    """TC over UDP; over TCP a liar goes on."""
    def lie(query, send):
        if query.transport == "udp":
            send(query.answer(NOERROR, [], TC))
        else:
            answer(query, send)
    return lie


def closes(query, send):
    """No answer on the connection, which ends."""


def holds(seconds):
    """Silence for so long on a connection that stays open: nothing else that
    was asked on it is answered either."""
    def lie(query, send):
        time.sleep(seconds)
    return lie


def drips(query, send):
    """An octet at a time, for a while or until nobody listens; then the
    connection ends."""
    with contextlib.suppress(OSError):
        for octet in framed(good(query))[:DRIPS]:
            send(bytes([octet]))
            time.sleep(DRIP_SECONDS)
