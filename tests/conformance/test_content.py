"""Bodies on the way to XMPP: MIME (RFC 2045, 2046), message/cpim (RFC 3862),
HTML; and what stands beside the text of a stanza on the way back."""
import base64

import pytest

from bed import ALICE, SIP, XMPP


def part(body, *fields):
    if isinstance(body, str):
        body = body.encode()
    return ("\r\n".join(["--b", *fields, "", ""])).encode() + body + b"\r\n"


def parts(*all_parts):
    return b"".join(all_parts) + b"--b--\r\n"


def text_of(bed, content_type, body, **change):
    """The text of the one stanza that a body becomes."""
    bed.zone(XMPP, ALICE)
    stanza = bed.delivers_to("alice@im.example", content_type=content_type,
                             body=body, **change)
    return stanza.text("body")


PNG = part(b"\x89PNG\r\n\x1a\n\0\1\xff", "Content-Type: image/png")
OPTIONAL_PNG = part(b"\x89PNG\r\n\x1a\n\0\1\xff", "Content-Type: image/png",
                    "Content-Disposition: render;handling=optional",
                    "Content-Transfer-Encoding: binary")
MIXED = "multipart/mixed;boundary=b"


# Multipart bodies

def test_s_16_sip_4_an_optional_picture_does_not_cost_the_text(bed):
    assert text_of(bed, 'multipart/mixed;boundary="b"', parts(
        part("Hi", "Content-Type: text/plain"), OPTIONAL_PNG)) == "Hi"


def test_sip_4_a_picture_that_has_to_be_shown_is_415(bed):
    bed.zone(XMPP, ALICE)
    answer = bed.refuses(415, content_type=MIXED, body=parts(part("Hi"), PNG))
    accept = ",".join(answer.all("accept"))
    for name in ("text/plain", "text/html", "message/cpim",
                 "multipart/mixed"):
        assert name in accept


def test_sip_4_im_20_the_same_passes_to_a_sip_target(bed):
    bed.zone(SIP, ALICE)
    body = parts(part("Hi"), PNG)
    bed.final(bed.u1.message(content_type=MIXED, body=body), 200)
    assert bed.arrival(bed.s1).body == body


@pytest.mark.parametrize("disposition,code", [
    ("render", 202), ("inline", 202), ("attachment", 415),
    ("attachment;handling=required", 415)])
def test_sip_4_what_is_not_for_display_is_not_shown(bed, disposition, code):
    bed.zone(XMPP, ALICE)
    bed.final(bed.u1.message(content_type=MIXED, body=parts(
        part("Hi", "Content-Disposition: " + disposition))), code)


def test_sip_4_texts_follow_each_other_on_lines_of_their_own(bed):
    assert text_of(bed, MIXED, parts(
        part("one"), part("<p>two", "Content-Type: text/html"))) == "one\ntwo"


@pytest.mark.parametrize("order", [1, -1])
def test_sip_4_of_alternatives_plain_text_is_shown(bed, order):
    both = [part("<b>html</b>", "Content-Type: text/html"),
            part("plain", "Content-Type: text/plain")]
    assert text_of(bed, "multipart/alternative;boundary=b",
                   parts(*both[::order])) == "plain"


def test_sip_4_of_alternatives_html_is_better_than_nothing(bed):
    assert text_of(bed, "multipart/alternative;boundary=b", parts(
        part("<b>html</b>", "Content-Type: text/html"), PNG)) == "html"


def test_sip_4_of_related_parts_the_root_is_shown(bed):
    assert text_of(bed, 'multipart/related;boundary=b;start="<r@a>"', parts(
        PNG, part("<img src='cid:1'>root", "Content-Type: text/html",
                  "Content-ID: <r@a>"))) == "root"


def test_sec_1_of_a_signed_body_the_text_is_shown(bed):
    assert text_of(bed, "multipart/signed;boundary=b;micalg=sha-256;"
                   'protocol="application/pkcs7-signature"', parts(
                       part("signed"), part("x", "Content-Type: application/"
                                            "pkcs7-signature"))) == "signed"


@pytest.mark.parametrize("content_type,body", [
    ("application/pkcs7-mime;smime-type=enveloped-data", b"0\x82"),
    ("multipart/encrypted;boundary=b", parts(
        part("Version: 1", "Content-Type: application/pgp-encrypted"),
        part("x", "Content-Type: application/octet-stream")))])
def test_sec_1_an_encrypted_body_is_415(bed, content_type, body):
    bed.zone(XMPP, ALICE)
    bed.refuses(415, content_type=content_type, body=body)


@pytest.mark.parametrize("encoding,body", [
    ("7bit", b"caf"), ("8BIT", "caf\u00e9".encode()),
    ("binary", "caf\u00e9".encode()),
    ("base64", base64.encodebytes("caf\u00e9".encode())),
    ("Quoted-Printable", b"ca=\r\nf=C3=A9")])
def test_sip_30_transfer_encodings_are_undone(bed, encoding, body):
    assert text_of(bed, MIXED, parts(part(
        body, "Content-Transfer-Encoding: " + encoding))).startswith("caf")


@pytest.mark.parametrize("body,code", [
    (part("Hi"), 400),                                  # no end
    (parts(part("Hi", "no field")), 400),
    (parts(part("a=b", "Content-Transfer-Encoding: quoted-printable")), 400),
    (parts(part(b"\xff")), 400),
    (parts(part(b"\xe9", "Content-Type: text/plain;charset=utf-16")), 400),
    (parts(part("Hi", "Content-Transfer-Encoding: x-uu")), 415),
    (parts(part("Hi", "Content-Encoding: gzip")), 415),
    (parts(part("Hi", "Content-Type: text/plain;charset=klingon")), 415),
    (parts(OPTIONAL_PNG), 415)])
def test_sip_4_30_broken_parts_are_400_and_unknown_ones_415(bed, body, code):
    bed.zone(XMPP, ALICE)
    bed.refuses(code, content_type=MIXED, body=body)


def test_sip_4_nesting_has_a_bound(bed):
    body = b"Hi"
    for level in range(100):
        body = (b"Content-Type: multipart/mixed;boundary=b%d\r\n\r\n"
                b"--b%d\r\n%s%s\r\n--b%d--" % (
                    level, level, b"" if level else b"\r\n", body, level))
    bed.zone(XMPP, ALICE)
    bed.refuses(415, content_type="multipart/mixed;boundary=b99",
                body=body.partition(b"\r\n\r\n")[2])


# HTML

@pytest.mark.parametrize("html,text", [
    ("<p>a &lt; b &amp;amp; c<br>d</p>", "a < b &amp; c\nd"),
    ("<html><head><title>T</title><style>p{}</style></head><body>"
     "<script>alert(1)</script><b>Hi</b></body></html>", "Hi"),
    ("caf&eacute; &#x20AC;", "caf\u00e9 \u20ac")])
def test_map_9_conf_14_html_arrives_as_plain_text(bed, html, text):
    bed.zone(XMPP, ALICE)
    stanza = bed.delivers_to("alice@im.example", content_type="text/html",
                             body=html)
    assert stanza.text("body") == text
    assert "xhtml" not in repr(stanza)


def test_map_9_html_without_text_is_no_message(bed):
    bed.zone(XMPP, ALICE)
    bed.refuses(400, content_type="text/html", body="<img src=x>")


# message/cpim

def cpim(*metadata, fields=("Content-Type: text/plain",), body="Inside"):
    lines = ["From: <im:bob@a.example>", "To: <im:alice@im.example>",
             *metadata, "", *fields, "", body]
    return "\r\n".join(lines).encode()


def unwrapped(bed, *metadata, extra=(), **content):
    bed.zone(XMPP, ALICE)
    return bed.delivers_to("alice@im.example", content_type="message/cpim",
                           body=cpim(*metadata, **content), extra=extra)


def test_im_23_subject_and_text_come_out_of_the_wrapping(bed):
    stanza = unwrapped(bed, "Subject:;lang=fr caf\\u00e9",
                       "NS: imdn <urn:ietf:params:imdn>",
                       "imdn.Message-ID: 34jk324j",
                       "imdn.Disposition-Notification: positive-delivery")
    assert stanza.text("body") == "Inside"
    assert stanza.text("subject") == "caf\u00e9"
    assert stanza.get("from") == "+12025550199@gw.example.net"
    assert "34jk324j" not in repr(stanza)


def test_im_23_the_subject_of_sip_comes_first(bed):
    assert unwrapped(bed, "Subject: inner",
                     extra=["Subject: outer"]).text("subject") == "outer"


def test_im_23_names_have_a_case(bed):
    stanza = unwrapped(bed, "subject: x", "require: MyExt.X", "from: y")
    assert stanza.texts("subject") == []


def test_im_23_map_11_the_language_inside_counts(bed):
    stanza = unwrapped(bed, fields=("Content-Type: text/html",
                                    "Content-Language: de"), body="<b>Hallo")
    assert stanza.text("body") == "Hallo"
    assert stanza.lang == "de"


def test_im_23_other_content_may_be_wrapped(bed):
    body = parts(part("Hi"), part("x", "Content-Type: a/b",
                                  "Content-Disposition: a;handling=optional"))
    assert unwrapped(bed, fields=("Content-Type: " + MIXED,),
                     body=body.decode()).text("body") == "Hi"


@pytest.mark.parametrize("body,code", [
    (cpim("Require: MyExt.X"), 415),                            # IM-24
    (cpim("Require: Subject,MyExt.X"), 415),
    (cpim(fields=("Content-Type: image/png",)), 415),
    (cpim(fields=("Content-Type: message/imdn+xml",
                  "Content-Disposition: notification")), 400),   # RCPT-7
    (cpim("no header"), 400),
    (cpim("Subject: x", " folded"), 400),
    (b"From: <im:a@b>\r\n", 400),
    (cpim(body=""), 400)])
def test_im_23_24_what_cannot_be_unwrapped_is_refused(bed, body, code):
    bed.zone(XMPP, ALICE)
    bed.refuses(code, content_type="message/cpim", body=body)


# Stanzas to SIP

CAT = "https://a.example/cat.jpg"


@pytest.mark.parametrize("body,arrives", [
    ("a cat", "a cat\r\n" + CAT), (CAT, CAT)])
def test_xmpp_27_a_link_beside_the_text_is_appended(bed, body, arrives):
    bed.x1.message(body, inner="<x xmlns='jabber:x:oob'><url>%s</url>"
                   "<desc>no</desc></x>" % CAT)
    assert bed.arrival(bed.u1).body == arrives.encode()


def test_xmpp_28_32_only_the_fallback_of_an_encrypted_message_is_sent(bed):
    bed.x1.message("I sent you an encrypted message", inner=(
        "<encrypted xmlns='eu.siacs.conversations.axolotl'>"
        "<header sid='1'><key rid='2'>bWFs</key><iv>aXY=</iv></header>"
        "<payload>c2VjcmV0</payload></encrypted>"
        "<encryption xmlns='urn:xmpp:eme:0' name='OMEMO' "
        "namespace='eu.siacs.conversations.axolotl'/>"
        "<html xmlns='http://jabber.org/protocol/xhtml-im'>"
        "<body xmlns='http://www.w3.org/1999/xhtml'><b>rich</b></body>"
        "</html>"))
    assert bed.arrival(bed.u1).body == b"I sent you an encrypted message"


def test_map_19_11_the_body_in_the_language_of_the_stanza_is_sent(bed):
    bed.x1.message(attributes="xml:lang='fr'", inner=(
        "<body xml:lang='en'>Hello</body><body xml:lang='fr'>Bonjour</body>"))
    got = bed.arrival(bed.u1)
    assert got.body == b"Bonjour"
    assert got.get("content-language") == "fr"
    bed.nothing_at(bed.x1)
    assert len(bed.u1.messages) == 1
