"""DNS on the wire and in master files (RFC 1035)."""
import socket
import struct

TYPES = {"A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "TXT": 16, "AAAA": 28,
         "SRV": 33, "NAPTR": 35, "DNAME": 39, "OPT": 41, "RRSIG": 46}
TYPE_NAMES = {number: name for name, number in TYPES.items()}
NOERROR, FORMERR, SERVFAIL, NXDOMAIN, NOTIMP, REFUSED = range(6)
QR, AA, TC, RD, RA, AD = 0x8000, 0x0400, 0x0200, 0x0100, 0x0080, 0x0020
POINTER_TO_QUESTION = b"\xc0\x0c"


def enum_name(number, apex="e164.arpa"):
    """The owner name of a number, without the last dot (RFC 6116, 3.2)."""
    digits = [c for c in number if c.isdigit()]
    return ".".join(reversed(digits)) + "." + apex


def type_number(name):
    return TYPES[name] if name in TYPES else int(name.removeprefix("TYPE"))


def type_name(number):
    return TYPE_NAMES.get(number, "TYPE%d" % number)


def pack_name(name):
    labels = [label.encode() for label in name.rstrip(".").split(".") if label]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def pack_record(owner, kind, ttl, rdata):
    return owner + struct.pack("!HHIH", type_number(kind), 1, ttl,
                               len(rdata)) + rdata


def read_name(data, pos):
    """A name and the place behind it; compressed names occur in answers
    only, and this reads questions."""
    labels = []
    while data[pos]:
        labels.append(data[pos + 1:pos + 1 + data[pos]].decode("latin-1"))
        pos += 1 + data[pos]
    return ".".join(labels).lower(), pos + 1


def master_tokens(line):
    """The fields of one line as octets; backslash escapes are undone, so
    that "\\\\1" in a zone is "\\1" on the wire. A quoted empty string is a
    field too."""
    data, pos, fields, field, quoted = line.encode(), 0, [], None, False
    while pos < len(data):
        octet = data[pos:pos + 1]
        pos += 1
        if octet == b"\\" and data[pos:pos + 3].isdigit():
            field = (field or b"") + bytes([int(data[pos:pos + 3])])
            pos += 3
        elif octet == b"\\":
            field = (field or b"") + data[pos:pos + 1]
            pos += 1
        elif octet == b'"':
            quoted, field = not quoted, field or b""
        elif quoted or not (octet.isspace() or octet == b";"):
            field = (field or b"") + octet
        else:
            if field is not None:
                fields.append(field)
            field = None
            if octet == b";":
                return fields
    if field is not None:
        fields.append(field)
    return fields


def pack_string(octets):
    return bytes([len(octets)]) + octets


def pack_rdata(kind, fields):
    """The record data of a zone line's fields."""
    if kind == "A":
        return socket.inet_aton(fields[0].decode())
    if kind == "AAAA":
        return socket.inet_pton(socket.AF_INET6, fields[0].decode())
    if kind in ("CNAME", "DNAME", "NS"):
        return pack_name(fields[0].decode())
    if kind == "SRV":
        numbers = [int(field) for field in fields[:3]]
        return struct.pack("!HHH", *numbers) + pack_name(fields[3].decode())
    if kind == "NAPTR":
        order, preference, flags, services, regexp, replacement = fields
        return (struct.pack("!HH", int(order), int(preference)) +
                pack_string(flags) + pack_string(services) +
                pack_string(regexp) + pack_name(replacement.decode()))
    return bytes.fromhex(fields[0].decode())    # TYPE65534 c0ffee


class Query:
    """One question as it came."""

    def __init__(self, data):
        self.ident, self.flags, count, _, _, extra = struct.unpack(
            "!6H", data[:12])
        if self.flags & QR or count != 1:
            raise ValueError("not one question")
        self.name, pos = read_name(data, 12)
        number, _ = struct.unpack("!HH", data[pos:pos + 4])
        self.type = type_name(number)
        self.question = data[12:pos + 4]
        self.size, self.do = None, False
        if extra and data[pos + 4:pos + 5] == b"\0":
            _, self.size, ttl = struct.unpack("!HHI", data[pos + 5:pos + 13])
            self.do = bool(ttl & 0x8000)
        self.wants_ad = bool(self.flags & AD)

    def answer(self, rcode, records, flags=0, authority=b""):
        """@param records  (owner, type, ttl, rdata) each"""
        body = b"".join(
            pack_record(POINTER_TO_QUESTION if owner == self.name
                        else pack_name(owner), kind, ttl, rdata)
            for owner, kind, ttl, rdata in records)
        opt = b""
        if self.size is not None and rcode not in (FORMERR, NOTIMP):
            opt = b"\0" + struct.pack("!HHIH", TYPES["OPT"], 1232, 0, 0)
        flags |= QR | AA | RA | (self.flags & RD) | rcode
        return struct.pack("!6H", self.ident, flags, 1, len(records),
                           1 if authority else 0, 1 if opt else 0) + (
            self.question + body + authority + opt)
