"""Messages between real servers: knot signs, unbound validates, Prosody and
slixmpp have the XMPP user, SIPp sends and receives."""
import json
import re
import subprocess

import pytest

from conftest import GATEWAY, JULIET, NURSE, PROGRAM, SENDER
from sipp_run import send

SENDER_JID = "+442079460123@gw.example.net"


def resolve(config, uri):
    done = subprocess.run([PROGRAM, "resolve", "--json", "-c", config, uri],
                          capture_output=True, text=True, timeout=60)
    return json.loads(done.stdout)


def body_of(message):
    return re.split(r"\r?\n\r?\n", message, 1)[1].strip()


def test_s_01_a_sip_message_reaches_the_xmpp_user(tmp_path, romeo):
    text = "Wherefore art thou?"
    assert send(tmp_path, SENDER, GATEWAY, "+12025550100", text, 202) is None
    got = romeo.receive()
    assert (got["body"], got["from"].bare) == (text, SENDER_JID)


def test_map_6_the_xmpp_users_answer_reaches_the_next_hop(romeo, receiver):
    juliet = receiver(JULIET)
    romeo.send(SENDER_JID, "Look up: \u2665")
    got = juliet.message()
    assert got.startswith("MESSAGE tel:+442079460123 SIP/2.0")
    assert re.search(r"^From:.*<sip:romeo@example\.net;gr=", got, re.M)
    assert body_of(got) == "Look up: \u2665"


def test_s_02_a_sip_user_is_found_by_his_service_record(tmp_path, receiver):
    nurse = receiver(NURSE)
    text = "Are you there?"
    assert send(tmp_path, SENDER, GATEWAY, "+12025550101", text, 200) is None
    got = nurse.message()
    assert got.startswith("MESSAGE sip:nurse@sip.example.org:25062 SIP/2.0")
    assert body_of(got) == text


def test_enum_29_a_signed_rule_of_another_name_is_followed(tmp_path, romeo):
    assert send(tmp_path, SENDER, GATEWAY, "+12025550103", "Hi", 202) is None
    assert romeo.receive()["body"] == "Hi"


def test_s_18_an_unknown_user_is_reported_by_his_server(tmp_path, gateway):
    assert send(tmp_path, SENDER, GATEWAY, "+12025550102", "Hi", 480) is None


@pytest.mark.parametrize("number", ["+12025550104", "+12025550199"])
def test_enum_38_a_number_without_im_is_not_found(tmp_path, gateway, number):
    assert send(tmp_path, SENDER, GATEWAY, number, "Hi", 404) is None


def test_enum_39_a_forged_zone_is_a_failure_and_never_not_found(tmp_path,
                                                                gateway):
    assert send(tmp_path, SENDER, GATEWAY, "+442079460100", "Hi", 500) is None


@pytest.mark.parametrize("uri", ["tel:+12025550100", "tel:+12025550101"])
def test_enum_39_a_validated_route_is_called_secure(world, config, uri):
    result = resolve(config, uri)
    assert (result["result"], result["dnssec"]) == ("route", "secure")


def test_enum_39_a_forged_zone_is_called_a_reason_to_try_later(world, config):
    result = resolve(config, "tel:+442079460100")
    assert (result["result"], result["exit"]) == ("try-later", 1)


def test_xmpp_30_a_burst_both_ways_keeps_its_order(phone, romeo):
    texts = ["%d" % number for number in range(20)]
    for text in texts:
        assert phone.send("tel:+12025550100", text, "tel:+442079460123")
        romeo.send(SENDER_JID, text)
    assert [romeo.receive()["body"] for _ in texts] == texts
    assert [phone.receive().body for _ in texts] == texts


def test_xmpp_11_the_xmpp_user_can_ask_what_we_are(romeo):
    info = romeo.discover("gw.example.net")
    assert "gateway" in {category for category, *_ in info}


def test_xmpp_3_the_link_comes_back_after_a_restart_of_the_server(
        world, phone, user):
    links = world.links()
    world.stop_prosody()
    world.start_prosody()
    world.wait_for_link(links + 1, 40)
    romeo = user("romeo")
    assert phone.send("tel:+12025550100", "Back?", "tel:+442079460123")
    body = romeo.receive()["body"]
    while body.isdigit():   # of the burst before: what the server had not
        body = romeo.receive()["body"]      # acknowledged comes again
    assert body == "Back?"
