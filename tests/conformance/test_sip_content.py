"""Content from SIP on the way to XMPP: types, encodings, characters."""
from bed import ALICE, XMPP


def accept_of(answer):
    return ",".join(answer.all("accept"))


def test_s_16_sip_4_a_type_that_xmpp_cannot_carry_gets_415(bed):
    bed.zone(XMPP, ALICE)
    answer = bed.refuses(415, content_type="image/png", body=b"\x89PNG")
    assert "text/plain" in accept_of(answer)
    assert answer.all("accept-encoding") and answer.all("accept-language")


def test_carr_2_sms_over_ip_is_never_decoded(bed):
    bed.zone(XMPP, ALICE)
    answer = bed.refuses(415, content_type="application/vnd.3gpp.sms",
                         body=b"\0\1\0")
    assert "message/cpim" in accept_of(answer)


def test_s_16_sip_30_an_unknown_encoding_gets_415(bed):
    bed.zone(XMPP, ALICE)
    answer = bed.refuses(415, extra=["Content-Encoding: x-foo"])
    assert answer.all("accept-encoding")


MIXED = (b"--b1\r\nContent-Type: text/plain\r\n\r\nHi\r\n"
         b"--b1\r\nContent-Type: image/png\r\n"
         b"Content-Disposition: render;handling=optional\r\n\r\n"
         b"\x89PNG\r\n--b1--\r\n")


def test_s_16_sip_4_the_text_of_a_multipart_is_delivered(bed):
    bed.zone(XMPP, ALICE)
    stanza = bed.delivers_to("alice@im.example", body=MIXED,
                             content_type='multipart/mixed;boundary="b1"')
    assert stanza.text("body").strip() == "Hi"


def test_sip_30_another_charset_is_converted_or_refused(bed):
    bed.zone(XMPP, ALICE)
    sent = bed.u1.message(content_type="text/plain;charset=iso-8859-1",
                          body=b"caf\xe9")
    if bed.final(sent, 202, 415).code == 202:
        assert bed.stanza("alice@im.example").text("body") == "caf\u00e9"


def test_map_9_markup_in_plain_text_arrives_literally(bed):
    bed.zone(XMPP, ALICE)
    stanza = bed.delivers_to("alice@im.example", body="<b>&amp;\"']]></b>")
    assert stanza.text("body") == "<b>&amp;\"']]></b>"


def test_map_20_line_ends_are_those_of_xmpp(bed):
    bed.zone(XMPP, ALICE)
    stanza = bed.delivers_to("alice@im.example", body=b"one\r\ntwo\r\n")
    assert stanza.text("body").splitlines() == ["one", "two"]
    assert "\r" not in stanza.text("body")


def test_xmpp_5_characters_that_xml_forbids_are_replaced(bed):
    bed.zone(XMPP, ALICE)
    stanza = bed.delivers_to("alice@im.example", body=b"H\1\2I\xef\xbf\xbe")
    assert stanza.text("body") == "H\ufffd\ufffdI\ufffd"


def test_xmpp_5_text_that_is_no_utf_8_is_refused(bed):
    bed.zone(XMPP, ALICE)
    bed.refuses(400, body=b"H\xff\xfeI")


def test_map_12_a_secured_address_never_becomes_a_stanza(bed):
    bed.zone(XMPP, ALICE)
    bed.refuses(480, to="<sips:+12025550100@gw.example.net;user=phone>")
