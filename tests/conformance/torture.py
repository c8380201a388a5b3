"""What the torture cases are written with."""
from addresses import GATEWAY

NOT_ANSWERED_SECONDS = 0.4


def sends(bed, raw, *codes):
    """U1 sends these octets and is answered so."""
    return bed.final(bed.u1.send(raw), *codes)


def refuses(bed, raw, *codes):
    """The same, and nobody sees the message."""
    answer = sends(bed, raw, *codes)
    bed.nothing_at(bed.x1, bed.s1, for_seconds=0.15)
    return answer


def may_refuse(bed, raw, *codes):
    """What is hardly a request is refused so or dropped, and nobody sees
    it."""
    bed.u1.udp.sendto(raw, GATEWAY)
    bed.nothing_at(bed.x1, bed.s1, for_seconds=NOT_ANSWERED_SECONDS)
    assert {r.code for r in bed.u1.responses} <= set(codes or [400])


def start_line(raw, line):
    return line + raw[raw.index(b"\r\n"):]
