"""Messages at which gateways lose a message or their stream: each is delivered
as it was meant or refused with the right code, and the next one arrives."""
import pytest

from hosts import CALLER_JID

GW = "gw.example.net"
UTF_8 = "text/plain;charset=utf-8"
MIXED = "multipart/mixed;boundary=b"
CPIM = (b"From: <im:bob@a.example>\r\nTo: <im:alice@im.example>\r\n"
        b"Subject: inside\r\n\r\n"
        b"Content-Type: text/plain; charset=utf-8\r\n\r\n")
ALTERNATIVE = (b"--b\r\nContent-Type: text/plain\r\n\r\nplain\r\n"
               b"--b\r\nContent-Type: text/html\r\n\r\n<b>rich</b>\r\n"
               b"--b--\r\n")
PNG = (b"--b\r\n\r\nsee\r\n--b\r\nContent-Type: image/png\r\n"
       b"Content-Disposition: attachment;handling=optional\r\n\r\n"
       b"\x89PNG\r\n\x1a\n\0\1\xff\r\n--b--\r\n")


def sender(uri, jid, display=""):
    return {"sender": "%s<%s>;tag=f1" % (display, uri), "jid": jid}


# Who sends -> which JID he has.
SENDERS = {
    "tel": sender("tel:+12025550111", "+12025550111@" + GW),
    "tel with separators": sender("tel:+1-202-555-0111",
                                  "+12025550111@" + GW),
    "number at a carrier": sender(
        "sip:+12025550111@carrier.example;user=phone", "+12025550111@" + GW),
    "quote and ampersand": sender("sip:o'brien&co@a.example",
                                  r"o\27brien\26co\40a.example@" + GW),
    "all that is escaped": sender(
        "sip:%22&'/%3a%3c%3e%40@a.example",
        r"\22\26\27\2f\3a\3c\3e\40\40a.example@" + GW),
    "beyond ASCII": sender("sip:j%C3%BCrgen@a.example",
                           "j\u00fcrgen\\40a.example@" + GW),
    "no user": sender("sip:a.example", "anonymous@" + GW),
    "broken escape": sender("sip:al%e9ice@a.example", "anonymous@" + GW),
    "anonymous": sender("sip:anonymous@anonymous.invalid",
                        "anonymous@" + GW, '"Anonymous" '),
    "display name": sender("tel:+12025550111", "+12025550111@" + GW,
                           '"J\u00fcrgen \U0001f600 \\"J\\" <x@y>" '),
}

# Content-Type, body, and the text that arrives.
TEXTS = {
    "utf-8": (UTF_8, "Gr\u00fc\u00dfe \U0001f600 \u0645\u0631".encode(),
              "Gr\u00fc\u00dfe \U0001f600 \u0645\u0631"),
    "no charset": ("text/plain", "Gr\u00fc\u00dfe".encode(),
                   "Gr\u00fc\u00dfe"),
    "iso-8859-1": ("text/plain;charset=ISO-8859-1",
                   "Gr\u00fc\u00dfe".encode("latin-1"), "Gr\u00fc\u00dfe"),
    "windows-1252": ('text/plain;charset="windows-1252"', b"5 \x80",
                     "5 \u20ac"),
    "utf-16": ("text/plain;charset=utf-16", "\U0001f600".encode("utf-16"),
               "\U0001f600"),
    "shift_jis": ("text/plain;charset=shift_jis",
                  "\u65e5\u672c".encode("shift_jis"), "\u65e5\u672c"),
    "U+0001": (UTF_8, b"bad \x01 char", "bad \ufffd char"),
    "NUL": (UTF_8, b"nul \0 rest", "nul \ufffd rest"),
    "escape sequence": (UTF_8, b"\x1b[31mred", "\ufffd[31mred"),
    "noncharacter": (UTF_8, "\uffff".encode(), "\ufffd"),
    "markup": (UTF_8, b"<b>&amp; ]]> <message/></body></stream:stream>",
               "<b>&amp; ]]> <message/></body></stream:stream>"),
    "lines": (UTF_8, b"one\r\ntwo\nthree\tfour", "one\ntwo\nthree\tfour"),
    "html": ("text/html", b"<p>caf&eacute;<br>&lt;b&gt;</p>",
             "caf\u00e9\n<b>"),
    "cpim": ("message/cpim", CPIM + "Gr\u00fc\u00dfe".encode(),
             "Gr\u00fc\u00dfe"),
    "alternative": ("multipart/alternative;boundary=b", ALTERNATIVE, "plain"),
    "optional part": (MIXED, PNG, "see"),
    "space only": (UTF_8, b" ", " "),
    "60 kB": (UTF_8, b"z" * 60000, "z" * 60000),
}

# Content-Type, body, and the code that it is refused with.
REFUSED = {
    "empty": (UTF_8, b"", 400),
    "invalid utf-8": (UTF_8, b"bad \xe9 byte", 400),
    "half a surrogate": (UTF_8, b"\xed\xa0\x80", 400),
    "overlong": (UTF_8, b"\xc0\x80", 400),
    "cut utf-8": (UTF_8, "\U0001f600".encode()[:3], 400),
    "latin-1 undeclared": ("text/plain", b"caf\xe9", 400),
    "unknown charset": ("text/plain;charset=klingon", b"Hi", 415),
    "cut utf-16": ("text/plain;charset=utf-16", b"\x3d\xd8\x00", 400),
    "image": ("image/png", b"\x89PNG\r\n\x1a\n", 415),
    "empty cpim": ("message/cpim", CPIM, 400),
    "half a cpim": ("message/cpim", b"From: <im:a@b>\r\n", 400),
    "multipart without an end": (MIXED, b"--b\r\n\r\nHi", 400),
}

# Header lines that must not cost the message.
HEADERS = {
    "subject with markup": "Subject: <x>&\"' \U0001f600",
    "subject with U+0001": "Subject: a\x01b",
    "subject of broken UTF-8": "Subject: \udce9",
    "no language": "Content-Language: '><x y='",
    "many languages": "Content-Language: de, fr, cs",
}


def table(cases):
    return pytest.mark.parametrize("case", cases.values(), ids=cases.keys())


@pytest.fixture
def romeo(xmpp_user, sip_user):
    """Who must still be reached when the test has ended."""
    romeo = xmpp_user()
    yield romeo
    sip_user.message(body="next")
    got = romeo.receive()
    assert (got["body"], got["from"].bare) == ("next", CALLER_JID)


@table(SENDERS)
def test_map_1_2_4_sec_13_each_sender_has_his_jid(case, sip_user, romeo):
    assert sip_user.deliver(sender=case["sender"], body="x") == 202
    got = romeo.receive()
    assert (got["from"].bare, got["body"]) == (case["jid"], "x")


@table(TEXTS)
def test_map_9_sip_30_xmpp_5_a_text_arrives_as_it_was_meant(case, sip_user,
                                                            romeo):
    content_type, body, text = case
    assert sip_user.deliver_by_tcp(content_type=content_type, body=body) == 202
    assert romeo.receive()["body"] == text


@table(REFUSED)
def test_sip_4_30_xmpp_5_17_what_cannot_be_shown_is_refused(case, sip_user,
                                                            romeo):
    content_type, body, code = case
    assert sip_user.deliver(content_type=content_type, body=body) == code


@table(HEADERS)
def test_map_11_xmpp_5_a_strange_header_does_not_cost_the_message(
        case, sip_user, romeo):
    assert sip_user.deliver(body="x", extra=[case]) == 202
    assert romeo.receive()["body"] == "x"


def test_map_12_a_sips_address_is_never_turned_into_a_stanza(sip_user, romeo):
    assert sip_user.deliver("sips:romeo@example.net", body="x") in (403, 480)


def test_map_18_a_subject_cannot_add_a_header(sip_user, romeo):
    romeo.write(CALLER_JID, "x", inner="<subject xmlns='jabber:client'>a&#13;"
                "&#10;Route: &lt;sip:evil.example&gt;</subject>")
    got = sip_user.receive()
    assert got.body == b"x"
    assert got.get("route") is None
    assert got.get("subject").startswith("a")
