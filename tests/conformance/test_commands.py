"""What the command line promises to scripts: exit codes, places of errors."""
import json
import os
import pathlib
import re
import subprocess

import pytest

from addresses import PASSWORD, USER
from bed import Gateway, config
from gateway import PROGRAM, Folder, default_config, run_command
from sip_end import Answer


def test_a_good_configuration_is_accepted_in_silence():
    done = run_command("check-config", "-c", "CONFIG")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("changes", [
    {"sip.listen": ["udp:127.0.9.2:99999"]},
    {"dns.timeout": "2 parsecs"},
    {"dns.tries": "many"},
    {"dns.dnssec": "perhaps"},
    {"sip.trust": ["nobody"]},
    {"no_such_option": 1},
    {"sip.no_such_option": 1},
    {"routing.prefer": ["smtp"]},
    {"xmpp.component.secret_file": "missing"},
])
def test_conf_a_mistake_is_refused_with_its_place(changes):
    done = run_command("check-config", "-c", "CONFIG", changes=changes)
    assert done.returncode == 78
    assert re.search(r"imgw\.yaml:\d+:\d+: error: ", done.stderr)


def test_several_mistakes_are_told_in_one_go():
    done = run_command("check-config", "-c", "CONFIG", changes={
        "dns.tries": "many", "no_such_option": 1, "dns.dnssec": "perhaps"})
    assert done.stderr.count(" error: ") >= 3


def test_what_is_no_yaml_is_refused_with_its_place():
    done = run_command("check-config", "-c", "CONFIG", config="sip: [\n")
    assert done.returncode == 78 and re.search(r":\d+:\d+:", done.stderr)


def test_sec_15_a_secret_that_others_can_read_is_refused():
    folder = Folder({})
    try:
        os.chmod(folder.path / "secret", 0o644)
        done = subprocess.run([PROGRAM, "check-config", "-c", folder.config],
                              capture_output=True, text=True, timeout=30)
    finally:
        folder.remove()
    assert done.returncode == 78 and "secret" in done.stderr


def test_the_gateway_does_not_start_with_a_bad_configuration():
    done = run_command("run", "-c", "CONFIG", changes={"dns.tries": "many"})
    assert done.returncode == 78


@pytest.mark.parametrize("arguments", [
    [], ["no-such-command"], ["resolve", "-c", "CONFIG"],
    ["run", "--no-such-option"]])
def test_wrong_usage_ends_with_64(arguments):
    assert run_command(*arguments).returncode == 64


@pytest.mark.parametrize("arguments", [
    ["--help"], ["--version"], ["run", "--help"], ["check-config", "--help"],
    ["resolve", "--help"]])
def test_help_is_data(arguments):
    done = run_command(*arguments)
    assert done.returncode == 0 and done.stdout and not done.stderr


def test_the_yaml_of_people_means_the_same_as_json():
    config = default_config()
    lines = ["node: bed", "sip:"]
    lines += ["  %s: %s" % (name, json.dumps(value))
              for name, value in config["sip"].items()]
    done = run_command("check-config", "-c", "CONFIG",
                       config="\n".join(lines) + "\n")
    assert done.returncode == 0


def test_an_address_that_is_taken_is_told_and_ends_the_start(bed):
    second = Gateway({})
    status = second.process.wait(10)
    output = second.output
    second.folder.remove()
    assert status != 0
    assert "127.0.9.2" in output


def test_one_relay_line_is_logged_for_each_message(bed):
    before = len(re.findall(r"event=relay\b", bed.gateway.output))
    sent = bed.u1.message()
    bed.final(sent, 404)
    assert bed.gateway.wait_for_line(re.escape(sent.message.get("call-id")))
    lines = [line for line in bed.gateway.output.splitlines()
             if "event=relay" in line][before:]
    assert len(lines) == 1 and "Hello" not in lines[0]


def test_a_body_never_reaches_the_log(bed):
    bed.final(bed.u1.message(body="a-very-private-word"), 404)
    assert "a-very-private-word" not in bed.gateway.output


@config({"log.level": "debug",
         "replies.auth": {"user": USER, "password_file": "password"}})
def test_sec_15_no_password_is_logged_or_an_argument(bed):
    bed.u1.answer = Answer(401, headers=['WWW-Authenticate: Digest realm="r"'
                                         ', nonce="n", qop="auth"'])
    ident = bed.x1.message("Hi")
    bed.error_stanza(ident, "not-authorized")
    process = pathlib.Path("/proc/%d" % bed.gateway.process.pid)
    for text in (bed.gateway.output, (process / "cmdline").read_text(),
                 (process / "environ").read_text()):
        assert PASSWORD not in text
