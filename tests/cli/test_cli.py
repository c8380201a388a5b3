"""The commands that need no running gateway: run by the program that IMGW
names, or build/release/imgw."""
import json
import os
import pathlib
import re
import subprocess

import pytest

from zone import Zone

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("IMGW", str(ROOT / "build/release/imgw"))
NUMBER = "0.0.1.0.5.5.5.2.0.2.1.e164.arpa"
ROMEO = '"u" "E2U+im" "!^.*$!im:romeo@im.example!" .'
LEAST = "sip: {listen: [udp:127.0.0.2:15960, tcp:127.0.0.2:15960]}\n"
COMPONENT = ('xmpp: {domain: gw.example.net, component: '
             '{connect: "127.0.0.31:15347", secret_file: secret}}\n')


def imgw(*arguments, cwd=None):
    done = subprocess.run([PROGRAM, *arguments], capture_output=True,
                          text=True, timeout=60, cwd=cwd)
    assert "Sanitizer" not in done.stderr
    return done


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "imgw.yaml").write_text(LEAST)
    secret = tmp_path / "secret"
    secret.write_text("s3cret\n")
    secret.chmod(0o600)
    return tmp_path


def resolve(folder, zone, *arguments, config=COMPONENT):
    (folder / "imgw.yaml").write_text(
        LEAST + 'dns: {resolvers: ["%s"]}\n' % zone.address + config)
    return imgw("resolve", "-c", "imgw.yaml", *arguments, cwd=folder)


def resolve_json(folder, zone, *arguments, **more):
    done = resolve(folder, zone, "--json", *arguments, **more)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == max(one["exit"] for one in found)
    return found[0]


def step(found, name):
    return [one for one in found["steps"] if one["step"] == name]


# help and usage

def test_help_names_the_commands_that_exist_and_no_others():
    text = imgw("--help").stdout
    assert re.findall(r"^  ([a-z-]+) ", text, re.M) == [
        "run", "check-config", "resolve", "queue", "help"]


@pytest.mark.parametrize("command", ["run", "check-config", "resolve",
                                     "queue"])
def test_help_on_a_command_says_the_same_either_way(command):
    assert imgw("help", command).stdout == imgw(command, "--help").stdout
    assert imgw("help", command).stdout.startswith("usage: imgw " + command)


def test_the_version_is_the_first_line():
    assert re.match(r"imgw \d+\.\d+\.\d+\n", imgw("--version").stdout)


@pytest.mark.parametrize("arguments", [
    [], ["nonsense"], ["help", "nonsense"], ["run", "extra"],
    ["check-config", "extra"], ["check-config", "--nonsense"], ["resolve"],
    ["resolve", "--at"]])
def test_wrong_usage_is_64_with_help_on_stderr(arguments):
    done = imgw(*arguments)
    assert (done.returncode, done.stdout) == (64, "")
    assert "usage: " in done.stderr


# check-config

def test_a_good_file_is_0(folder):
    done = imgw("check-config", "-c", "imgw.yaml", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "imgw.yaml: good\n"


def test_quiet_says_nothing(folder):
    (folder / "imgw.yaml").write_text(LEAST + "queue: {expire: 1h}\n")
    done = imgw("check-config", "-q", "-c", "imgw.yaml", cwd=folder)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_an_option_not_in_force_is_warned_about(folder):
    (folder / "imgw.yaml").write_text(LEAST + "admin: {listen: 127.0.0.1}\n")
    done = imgw("check-config", "-c", "imgw.yaml", cwd=folder)
    assert done.returncode == 0
    assert done.stderr == ("imgw.yaml:2:9: warning: admin.listen is not in "
                           "force in this version\n")


@pytest.mark.parametrize("command", [["check-config"], ["run"],
                                     ["resolve", "im:a@im.example"]])
def test_a_bad_or_missing_file_is_78(folder, command):
    (folder / "imgw.yaml").write_text("sip: {listen: 1}\n")
    done = imgw(*command, "-c", "imgw.yaml", cwd=folder)
    assert (done.returncode, done.stdout) == (78, "")
    assert done.stderr.startswith("imgw.yaml:1:7: error: ")
    done = imgw(*command, "-c", "missing.yaml", cwd=folder)
    assert done.returncode == 78
    assert done.stderr == ("missing.yaml: error: cannot be read: No such file "
                           "or directory\n")


def test_a_database_url_is_read_before_anybody_connects(folder):
    (folder / "imgw.yaml").write_text(
        'queue: {store: "postgresql://db.example/?foo=bar"}\n' + LEAST)
    done = imgw("check-config", "-c", "imgw.yaml", cwd=folder)
    assert done.returncode == 78
    assert done.stderr.startswith("imgw.yaml:1:17: error: ")
    assert '"foo"' in done.stderr


def test_the_sample_file_is_what_the_program_prints():
    sample = (ROOT / "config/imgw.yaml").read_text()
    assert imgw("check-config", "--print-sample").stdout == sample


def test_the_manual_lists_what_the_program_prints():
    page = (ROOT / "docs/imgw.yaml.5.scd").read_text()
    assert imgw("check-config", "--print-manual").stdout in page


def test_a_dump_shows_all_and_a_diff_what_was_changed(folder):
    (folder / "imgw.yaml").write_text(LEAST + "dns: {tries: 3}\n")
    dump = imgw("check-config", "--dump", "-c", "imgw.yaml", cwd=folder)
    assert "  tries: 3\n" in dump.stdout and "  timeout: 2s\n" in dump.stdout
    diff = imgw("check-config", "--diff", "-c", "imgw.yaml", cwd=folder)
    assert "  tries: 3\n" in diff.stdout and "timeout" not in diff.stdout


# resolve

def test_a_number_with_a_route_is_shown_step_by_step(folder):
    records = (NUMBER + " 300 IN NAPTR 100 10 " + ROMEO + "\n" + NUMBER +
               ' 300 IN NAPTR 100 20 "u" "E2U+sip" "!^.*$!sip:a@b.example!" .\n'
               "_im._xmpp.im.example 60 IN SRV 0 0 5269 xmpp.im.example.\n")
    with Zone(records) as zone:
        done = resolve(folder, zone, "tel:+1-202-555-0100")
    assert (done.returncode, done.stderr) == (0, "")
    text = re.sub(r"\d+\.\d ms", "T ms", done.stdout)
    assert text == (
        "tel:+1-202-555-0100\n"
        "1 number   +12025550100, 11 digits\n"
        "2 enum     public   " + NUMBER + "  2 NAPTR  T ms  ttl 300\n"
        "             -> 100 10 u E2U+im  !^.*$!im:romeo@im.example!\n"
        "                100 20 u E2U+sip  not used: not needed\n"
        "3 im       im:romeo@im.example\n"
        "4 srv      _im._sip.im.example  NXDOMAIN  T ms\n"
        "           _im._xmpp.im.example  1 SRV  T ms  ttl 60\n"
        "5 plan     1. XMPP through the component link\n"
        "              to romeo@im.example\n"
        "route found in T ms, 3 queries, DNSSEC insecure\n")


def test_no_route_says_what_a_sip_sender_gets(folder):
    with Zone("") as zone:
        done = resolve(folder, zone, "tel:+12025550100")
    assert done.returncode == 2
    assert done.stdout.splitlines()[-1] == "a SIP sender gets 404"


def test_a_failing_dns_is_no_route_now(folder):
    with Zone("", failing=[NUMBER]) as zone:
        done = resolve(folder, zone, "tel:+12025550100")
    assert done.returncode == 1
    last = done.stdout.splitlines()[-2:]
    assert last[0].startswith("no route now: ")
    assert re.match(r"a SIP sender gets 500 with Retry-After: \d+$", last[1])


def test_enum_14_each_record_is_used_or_says_why_not(folder):
    records = (NUMBER + " 300 IN NAPTR 10 1 \"u\" \"E2U+sip\" \"!^.*$!sip:a!\" .\n" +
               NUMBER + " 300 IN NAPTR 20 1 \"s\" \"E2U+im\" \"!^.*$!im:a!\" .\n" +
               NUMBER + " 300 IN NAPTR 30 1 " + ROMEO + "\n" +
               NUMBER + " 300 IN NAPTR 40 1 " + ROMEO + "\n" +
               "_im._xmpp.im.example 60 IN SRV 0 0 5269 xmpp.im.example.\n")
    with Zone(records) as zone:
        found = resolve_json(folder, zone, "tel:+12025550100")
    enum, = step(found, "enum")
    assert [(one["order"], one["used"], one.get("why"))
            for one in enum["records"]] == [
        (10, False, "service-not-im"), (20, False, "unknown-flag"),
        (30, True, None), (40, False, "not-reached")]
    assert enum["records"][2]["result"] == "im:romeo@im.example"


def test_all_follows_every_candidate(folder):
    records = ("_im._sip.im.example 60 IN SRV 0 0 5060 s.im.example.\n"
               "s.im.example 60 IN A 127.0.0.21\n"
               "s.im.example 60 IN A 127.0.0.22\n"
               "_im._xmpp.im.example 60 IN SRV 0 0 5269 x.im.example.\n")
    with Zone(records) as zone:
        one = resolve_json(folder, zone, "im:a@im.example")
        every = resolve_json(folder, zone, "--all", "im:a@im.example")
    assert len(one["plan"]) == 1
    assert [hop["protocol"] for hop in every["plan"]] == ["sip", "sip", "xmpp"]
    assert {hop["address"] for hop in every["plan"][:2]} == {
        "127.0.0.21", "127.0.0.22"}
    assert every["plan"][2] == {"protocol": "xmpp", "to": "a@im.example",
                                "via": "component"}


def test_dns_prints_the_records(folder):
    records = "_im._xmpp.im.example 60 IN SRV 7 8 5269 x.im.example.\n"
    with Zone(records) as zone:
        plain = resolve(folder, zone, "im:a@im.example")
        full = resolve(folder, zone, "--dns", "im:a@im.example")
    assert "7 8 5269 x.im.example" not in plain.stdout
    assert "7 8 5269 x.im.example" in full.stdout


def test_at_asks_another_server(folder):
    with Zone("") as configured, Zone(
            NUMBER + " 300 IN NAPTR 100 10 " + ROMEO + "\n"
            "_im._xmpp.im.example 60 IN SRV 0 0 1 x.im.example.\n") as other:
        done = resolve(folder, configured, "--at", other.address,
                       "tel:+12025550100", config=COMPONENT +
                       'enum: [{apex: e164.arpa, resolvers: ["%s"]}]\n' %
                       configured.address)
    assert done.returncode == 0
    assert configured.asked == [] and other.asked


def test_at_wants_an_address(folder):
    with Zone("") as zone:
        done = resolve(folder, zone, "--at", "ns.example", "tel:+12025550100")
    assert done.returncode == 64
    assert done.stderr == ('imgw: --at "ns.example" does not begin with an IP '
                           'address\n')


def test_the_overlay_decides_before_enum(folder):
    with Zone("_im._xmpp.im.example 60 IN SRV 0 0 1 x.im.example.\n") as zone:
        found = resolve_json(
            folder, zone, "sip:+12025550100@gw.example.net;user=phone",
            config=COMPONENT + 'routing: {numbers: [{match: "+1202555", '
            'to: "im:desk@im.example"}]}\n')
    assert step(found, "overlay") == [{
        "step": "overlay", "match": "+1202555", "uri": "im:desk@im.example"}]
    assert step(found, "enum") == []


def test_tel_12_a_number_with_enumdi_is_not_looked_up(folder):
    with Zone(NUMBER + " 300 IN NAPTR 100 10 " + ROMEO) as zone:
        found = resolve_json(folder, zone, "tel:+12025550100;enumdi")
    assert found["result"] == "no-route" and zone.asked == []


def test_without_a_component_xmpp_is_not_asked_for(folder):
    with Zone("_im._xmpp.im.example 60 IN SRV 0 0 1 x.im.example.\n") as zone:
        found = resolve_json(folder, zone, "im:a@im.example", config="")
    assert found["result"] == "no-route"
    assert ("_im._xmpp.im.example", "SRV") not in zone.asked


def test_each_tree_asks_its_own_resolvers(folder):
    with Zone("") as public, Zone("", failing=[
            "0.0.1.0.5.5.5.2.0.2.1.e164.carrier.example"]) as carrier:
        found = resolve_json(
            folder, public, "tel:+12025550100", config=COMPONENT +
            'enum: [{name: carrier, apex: e164.carrier.example, '
            'resolvers: ["%s"]}, {apex: e164.arpa}]\n' % carrier.address)
    assert [one["apex"] for one in step(found, "enum")] == ["carrier"]
    assert found["result"] == "try-later"
    assert public.asked == [] and len(carrier.asked) >= 1


@pytest.mark.parametrize("uri,why", [
    ("tel:+", "not a telephone number"),
    ("tel:5550100;phone-context=+1", "a local number is not looked up"),
    ("mailto:a@b.example", "not a tel: or im: URI, nor sip: with user=phone"),
    ("sip:a@b.example", "not a tel: or im: URI, nor sip: with user=phone")])
def test_what_is_no_address_says_so(folder, uri, why):
    with Zone("") as zone:
        found = resolve_json(folder, zone, uri)
    assert (found["exit"], found["reason"]) == (2, why)
    assert zone.asked == []


def test_of_several_uris_the_worst_counts(folder):
    with Zone("_im._xmpp.im.example 60 IN SRV 0 0 1 x.im.example.\n") as zone:
        done = resolve(folder, zone, "--json", "im:a@im.example", "tel:+")
    assert done.returncode == 2
    assert [json.loads(line)["exit"] for line in done.stdout.splitlines()] == [
        0, 2]


@pytest.mark.parametrize("listen,targets,allowed", [
    ("127.0.0.2", "auto", True), ("10.1.2.3", "auto", True),
    ("9.9.9.9", "auto", False), ("0.0.0.0", "auto", False),
    ("9.9.9.9", "allow", True), ("127.0.0.2", "refuse", False)])
def test_sec_9_names_lead_to_private_addresses_only_where_we_live_there(
        folder, listen, targets, allowed):
    with Zone("_im._sip.im.example 60 IN SRV 0 0 5060 s.im.example.\n"
              "s.im.example 60 IN A 127.0.0.21\n") as zone:
        (folder / "imgw.yaml").write_text(
            "sip: {listen: [udp:%s:15960]}\n" % listen +
            'dns: {resolvers: ["%s"]}\n' % zone.address +
            "routing: {private_targets: %s}\n" % targets)
        done = imgw("resolve", "-c", "imgw.yaml", "im:a@im.example",
                    cwd=folder)
    assert (done.returncode == 0) == allowed
