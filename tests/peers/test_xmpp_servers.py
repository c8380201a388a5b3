"""Texts, errors and questions between SIP and the users of Prosody and of
ejabberd."""
import pytest

from hosts import CALLER, CALLER_JID, NUMBERS

EMOJI = "\U0001f469\u200d\U0001f692 \U0001f1e8\U0001f1ed \U0001f44d\U0001f3fd"
RIGHT_TO_LEFT = ("\u0645\u0631\u062d\u0628\u0627 "
                 "\u05e9\u05dc\u05d5\u05dd\u200f!")
LONG = "0123456789abcde\u00e9" * 1250           # more than 20 kB
MARKUP = "<b>&amp; \"q\" 'a' ]]> <message/>"
TEXTS = {"ascii": "Wherefore art thou?", "emoji": EMOJI,
         "right-to-left": RIGHT_TO_LEFT, "markup": MARKUP,
         "lines": "one\ntwo\n\n\tthree"}


def each(table):
    return pytest.mark.parametrize("text", table.values(), ids=table.keys())


@each(TEXTS)
def test_map_9_a_text_from_sip_arrives_as_it_was(text, sip_user, xmpp_user):
    romeo = xmpp_user()
    assert sip_user.deliver(body=text,
                            content_type="text/plain;charset=utf-8") == 202
    got = romeo.receive()
    assert (got["body"], got["from"].bare) == (text, CALLER_JID)


@each(TEXTS)
def test_map_6_20_a_text_from_xmpp_arrives_as_it_was(text, sip_user,
                                                     xmpp_user):
    xmpp_user().write(CALLER_JID, text)
    got = sip_user.receive()
    assert got.body.decode().replace("\r\n", "\n") == text
    assert got.uri == "tel:" + CALLER


def test_map_9_long_text_arrives_by_tcp(sip_user, xmpp_user):
    romeo = xmpp_user()
    assert sip_user.deliver_by_tcp(body=LONG) == 202
    assert romeo.receive()["body"] == LONG


def test_xmpp_30_a_burst_both_ways_keeps_its_order(sip_user, xmpp_user):
    romeo = xmpp_user()
    texts = ["%d" % number for number in range(20)]
    for text in texts:
        sip_user.message(body=text)
        romeo.write(CALLER_JID, text)
    assert [romeo.receive()["body"] for _ in texts] == texts
    assert [sip_user.receive_text() for _ in texts] == texts


# Errors

def test_s_18_an_unknown_user_is_reported_by_his_server(sip_user):
    assert sip_user.deliver("tel:+12025550102") == 480


def test_conf_6_what_the_server_keeps_for_later_is_accepted(sip_user,
                                                             xmpp_user):
    assert sip_user.deliver("tel:" + NUMBERS["mercutio"], body="Later") == 202
    assert xmpp_user("mercutio").receive()["body"] == "Later"


def test_map_10_sip_6_long_text_is_honestly_refused(sip_user, xmpp_user):
    romeo = xmpp_user()
    assert romeo.error(romeo.write(CALLER_JID, LONG)) == "policy-violation"
    romeo.write(CALLER_JID, "Shorter")
    assert sip_user.receive_text() == "Shorter"


@pytest.mark.parametrize("code,condition", [
    (404, "item-not-found"), (415, "not-acceptable"),
    (403, "forbidden"),
    (480, "recipient-unavailable"), (486, "recipient-unavailable"),
    (603, "recipient-unavailable")])
def test_map_14_a_refusal_of_sip_reaches_the_xmpp_user(
        code, condition, sip_user, xmpp_user):
    sip_user.answer = code
    romeo = xmpp_user()
    assert romeo.error(romeo.write(CALLER_JID, "Hi")) == condition
    assert romeo.expect(lambda one: one["type"] == "error", 0.3) is None


def test_xmpp_16_what_is_no_number_is_reported(xmpp_user):
    romeo = xmpp_user()
    ident = romeo.write("juliet@gw.example.net", "Hi")
    assert romeo.error(ident) == "item-not-found"


def test_xmpp_16_a_reply_to_a_sender_without_a_number_is_reported(
        sip_user, xmpp_user):
    romeo = xmpp_user()
    assert sip_user.deliver(sender="<sip:o'brien&co@a.example>;tag=f1") == 202
    ident = romeo.write(romeo.receive()["from"], "Reply")
    assert romeo.error(ident) == "item-not-found"


# What is not a message to one user

def test_xmpp_7_a_room_message_is_refused_and_a_headline_is_not_answered(
        sip_user, xmpp_user):
    romeo = xmpp_user()
    headline = romeo.write(CALLER_JID, "News", kind="headline")
    room = romeo.write(CALLER_JID, "All!", kind="groupchat")
    romeo.write(CALLER_JID, "You")
    assert sip_user.receive_text() == "You"
    answers = [romeo.expect(lambda one: one["type"] == "error", 1)
               for _ in range(2)]
    assert [one and one["id"] for one in answers] == [room, None]
    assert headline != room


def test_xmpp_18_who_asks_a_number_for_its_presence_is_told_no(xmpp_user):
    romeo = xmpp_user()
    romeo.subscribe(CALLER_JID)
    answer = romeo.expect(lambda one: one["from"].bare == CALLER_JID)
    assert answer["type"] == "unsubscribed"


@pytest.mark.parametrize("jid,category", [
    ("gw.example.net", "gateway"), (CALLER_JID, "client")])
def test_xmpp_11_13_the_user_can_ask_what_we_are_and_whether_we_live(
        jid, category, xmpp_user):
    romeo = xmpp_user()
    assert category in {one for one, *_ in romeo.discover(jid)}
    assert romeo.ping(jid)


# The link

def test_xmpp_3_the_link_comes_back_after_a_restart_of_the_server(
        host, sip_user, xmpp_user):
    host.restart()
    romeo = xmpp_user()
    assert sip_user.deliver(body="Back?") == 202
    assert romeo.receive()["body"] == "Back?"
