"""What a person sees and types in an end-user client, profanity."""
import os

import pytest

import imdn
from hosts import CALLER_JID, NUMBERS
from profanity import Profanity

EMOJI = "\U0001f44d \U0001f469\u200d\U0001f692"
NUMBER = "tel:" + NUMBERS["mercutio"]
# It tells that somebody types, asks for receipts and sends them.
TALKATIVE = """[chatstates]
enabled=true
outtype=true
[connection]
receipts.request=true
receipts.send=true
"""


def has_terminals():
    """A system without /dev/pts has no screen to look at."""
    try:
        for end in os.openpty():
            os.close(end)
    except OSError:
        return False
    return True


@pytest.fixture
def mercutio(host, tmp_path):
    """Function from preferences to profanity, signed in."""
    if not has_terminals():
        pytest.skip("no pseudo-terminal to be had: is /dev/pts mounted?")
    started = []

    def sign_in(preferences=""):
        one = Profanity(tmp_path, "mercutio",
                        host.server.passwords["mercutio"], host.port,
                        preferences)
        started.append(one)
        one.shows("logged in successfully")
        return one
    yield sign_in
    for one in started:
        one.stop()


def open_chat(mercutio):
    mercutio.type("/msg " + CALLER_JID)
    mercutio.shows(CALLER_JID + " [")           # the title of its window


def test_s_01_map_9_a_text_from_sip_is_seen_on_the_screen(sip_user, mercutio):
    screen = mercutio()
    assert sip_user.deliver(NUMBER, body="Hello " + EMOJI) == 202
    screen.shows("message: " + CALLER_JID)
    open_chat(screen)
    screen.shows("Hello " + EMOJI)


def test_map_6_what_is_typed_arrives_at_sip(sip_user, mercutio):
    screen = mercutio()
    open_chat(screen)
    screen.type("Hello " + EMOJI)
    assert sip_user.receive_text() == "Hello " + EMOJI
    sender = sip_user.messages[-1].address("from")
    assert sender.startswith("sip:mercutio@example.net;gr=")


def test_map_14_a_refusal_is_seen_on_the_screen(sip_user, mercutio):
    sip_user.answer = 404
    screen = mercutio()
    open_chat(screen)
    screen.type("Hello?")
    screen.shows("Error from %s: Answer" % CALLER_JID)  # the phrase of SIP


def test_rcpt_2_10_a_talkative_client_breaks_nothing(sip_user, mercutio):
    screen = mercutio(TALKATIVE)
    open_chat(screen)
    screen.type("one")
    screen.type_only("tw")
    assert sip_user.deliver(NUMBER, body="between") == 202
    screen.shows("between")
    screen.type("o")
    assert [sip_user.receive_text(), sip_user.receive_text()] == ["one", "two"]


def ask(sip_user, sender):
    assert sip_user.deliver(
        NUMBER, sender="<%s>;tag=f1" % sender, content_type=imdn.CPIM,
        body=imdn.asking("Got it?", "positive-delivery", "34jk324j")) == 202


def test_map_5_rcpt_2_the_client_confirms_to_a_full_address(sip_user,
                                                            mercutio):
    mercutio(TALKATIVE)
    ask(sip_user, "sip:bob@a.example;gr=phone")
    report = imdn.Wrapped(sip_user.receive()).report()
    assert report == ("34jk324j", "delivered")


def test_rcpt_2_a_receipt_without_an_address_breaks_nothing(sip_user,
                                                            mercutio):
    """profanity 0.13 does not say whom a receipt is for when the message came
    from a bare JID; so it goes to the user himself."""
    screen = mercutio(TALKATIVE)
    ask(sip_user, "tel:+12025550199")
    assert sip_user.receive(0.5) is None
    open_chat(screen)
    screen.shows("Got it?")
    screen.type("Yes")
    assert sip_user.receive_text() == "Yes"
