"""`imgw queue` against a running gateway whose messages wait, because the XMPP
server is away or the next hop says not now."""
import json
import os
import pathlib
import re
import socket
import stat
import subprocess
import time

import pytest

from test_life import Run
from zone import Zone

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("IMGW", str(ROOT / "build/release/imgw"))
ADDRESS = ("127.0.0.2", 15980)
ZONE = "_im._xmpp.im.example 60 IN SRV 0 0 5269 x.im.example."
CONFIG = """
sip: {listen: ["udp:127.0.0.2:15980", "tcp:127.0.0.2:15980"],
      domains: [gw.example.net], trust: [127.0.0.1]}
dns: {resolvers: ["%s"]}
xmpp: {domain: gw.example.net,
       component: {connect: "127.0.0.1:15981", secret_file: secret}}
replies: {next_hop: "sip:127.0.0.1:%d"}
queue: {store: "sqlite:queue.db", retry: [1h]}
admin: {socket: run/imgw.sock}
"""
NOBODY = "AAAAAAAAAAAAAAAAAAAA"
NO_MESSAGE = ("imgw: no message has this id: it may have been delivered,"
              " expired or dropped\n")
COLUMNS = ["ID", "AGE", "TRIES", "NEXT", "TO", "LAST ERROR"]


class Phone:
    """A SIP peer at 127.0.0.1 that sends and hears messages."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(40)
        self.port = self.socket.getsockname()[1]
        self.sent = 0

    def send(self, to, body="Hello", content_type="text/plain"):
        """-> the status line of the final"""
        self.sent += 1
        mark = "%d-%d" % (self.port, self.sent)
        self.socket.sendto((
            "MESSAGE %s SIP/2.0\r\n"
            "Via: SIP/2.0/UDP 127.0.0.1:%d;branch=z9hG4bK-%s;rport\r\n"
            "Max-Forwards: 70\r\nFrom: <tel:+12025550199>;tag=f\r\n"
            "To: <%s>\r\nCall-ID: %s\r\nCSeq: 1 MESSAGE\r\n"
            "Content-Type: %s\r\nContent-Length: %d\r\n\r\n%s" % (
                to, self.port, mark, to, mark, content_type, len(body),
                body)).encode(), ADDRESS)
        return self.socket.recv(65535).decode().splitlines()[0]


@pytest.fixture
def phone():
    phone = Phone()
    yield phone
    phone.socket.close()


@pytest.fixture
def folder(tmp_path, phone):
    (tmp_path / "secret").write_text("s3cret\n")
    (tmp_path / "secret").chmod(0o600)
    with Zone(ZONE) as zone:
        (tmp_path / "imgw.yaml").write_text(CONFIG % (zone.address,
                                                      phone.port))
        yield tmp_path


@pytest.fixture
def run(folder):
    with Run(folder) as run:
        yield run
        assert run.stop() == 0


def imgw(folder, *arguments, code=0):
    done = subprocess.run([PROGRAM, "queue", "-c", "imgw.yaml", *arguments],
                          capture_output=True, text=True, timeout=60,
                          cwd=folder)
    assert "Sanitizer" not in done.stderr
    assert done.returncode == code, done
    return done


def change_config(folder, old, new):
    text = (folder / "imgw.yaml").read_text()
    assert old in text
    (folder / "imgw.yaml").write_text(text.replace(old, new))


def objects(folder, *arguments):
    lines = imgw(folder, "--json", *arguments).stdout.splitlines()
    return [json.loads(line) for line in lines]


def wait_one(folder, phone, to="im:romeo@im.example", **how):
    """Send a message that has to wait. -> its object"""
    assert phone.send(to, **how) == "SIP/2.0 202 Accepted"
    return objects(folder)[-1]


# list

def test_an_empty_queue_is_said_to_be_empty(folder, run):
    assert imgw(folder).stdout == "the queue is empty\n"
    assert objects(folder) == []


def test_what_waits_is_a_line_each_and_a_sum(folder, run, phone):
    first = wait_one(folder, phone)
    wait_one(folder, phone, "im:juliet@im.example")
    lines = imgw(folder, "list").stdout.splitlines()
    assert re.split(r" {2,}", lines[0]) == COLUMNS
    assert lines[1].startswith(first["id"] + "  ")
    assert "im:romeo@im.example" in lines[1]
    assert "im:juliet@im.example" in lines[2]
    assert lines[3].startswith("2 waiting, oldest ")
    assert lines[3].endswith(
        ". imgw queue show ID | retry ID | hold ID | drop ID")


def test_json_is_one_object_a_message_without_its_text(folder, run, phone):
    found = wait_one(folder, phone)
    assert found["state"] == "waiting" and found["size"] == 5
    assert (found["origin"], found["via"]) == ("sip", "xmpp")
    assert found["from"] == "tel:+12025550199"
    assert found["to"] == "im:romeo@im.example"
    assert found["tries"] >= 0 and found["reason"] and "body" not in found
    assert found["put_ms"] + found["age_s"] * 1000 <= time.time() * 1000
    assert 0 < found["left_s"] <= 24 * 3600
    assert "Hello" not in imgw(folder, "--json").stdout


def test_a_long_list_is_whole(folder, run, phone):
    for number in range(205):
        assert "202" in phone.send("im:user%d@im.example" % number)
    found = objects(folder)
    assert [one["to"] for one in found] == [
        "im:user%d@im.example" % number for number in range(205)]
    assert imgw(folder).stdout.count("\n") == 207


def test_numbers_are_masked_where_the_log_masks_them(folder, phone):
    with open(folder / "imgw.yaml", "a") as file:
        file.write("log: {mask_numbers: true}\n")
    with Run(folder) as run:
        found = wait_one(folder, phone)
        assert found["from"] == "tel:+1202555xxxx"
        assert "+12025550199" not in imgw(folder, "show", found["id"]).stdout
        assert run.stop() == 0


# show

def test_show_tells_all_but_the_text(folder, run, phone):
    found = wait_one(folder, phone)
    shown = imgw(folder, "show", found["id"]).stdout
    rows = dict(line.split(None, 1) for line in shown.splitlines())
    assert rows["id"] == found["id"] and rows["state"] == "waiting"
    assert rows["to"] == "im:romeo@im.example"
    assert rows["size"] == "5 octets" and "Hello" not in shown
    assert objects(folder, "show", found["id"])[0]["seq"] == found["seq"]


def test_show_body_cannot_do_anything_to_a_terminal(folder, run, phone):
    found = wait_one(folder, phone, body="one\ntwo\x1b[2J")
    shown = imgw(folder, "show", "--body", found["id"]).stdout
    assert shown.endswith("\none\ntwo\\x1b[2J\n")
    assert objects(folder, "show", "--body", found["id"])[0]["body"] == (
        "one\ntwo\x1b[2J")


# hold, retry, drop

def test_hold_keeps_a_message_until_retry(folder, run, phone):
    found = wait_one(folder, phone)
    assert imgw(folder, "hold", found["id"]).stdout == found["id"] + ": held\n"
    assert objects(folder)[0]["state"] == "held"
    assert " held " in imgw(folder).stdout.splitlines()[1]
    assert "0 waiting, 1 held, " in imgw(folder).stdout
    assert imgw(folder, "retry", found["id"]).stdout == (
        found["id"] + ": due now\n")
    assert objects(folder)[0]["state"] != "held"
    assert "event=queue-change id=%s change=hold uid=%d " % (
        found["id"], os.getuid()) in run.log()


def test_drop_removes_a_message_and_logs_who_did(folder, run, phone):
    found = wait_one(folder, phone)
    other = wait_one(folder, phone, "im:juliet@im.example")
    assert imgw(folder, "drop", found["id"]).stdout == (
        found["id"] + ": dropped\n")
    assert [one["id"] for one in objects(folder)] == [other["id"]]
    assert "event=queue-change id=%s change=drop uid=%d pid=" % (
        found["id"], os.getuid()) in run.log()
    imgw(folder, "drop", found["id"], code=2)


def test_drop_tells_the_sender_who_asked_for_failures(folder, run, phone):
    body = ("From: <im:bob@example.com>\r\nTo: <im:romeo@im.example>\r\n"
            "DateTime: 2008-04-04T12:16:49-05:00\r\n"
            "NS: imdn <urn:ietf:params:imdn>\r\n"
            "imdn.Message-ID: 34jk324j\r\n"
            "imdn.Disposition-Notification: negative-delivery\r\n\r\n"
            "Content-type: text/plain\r\n\r\nHello")
    found = wait_one(folder, phone, body=body, content_type="message/cpim")
    done = objects(folder, "drop", found["id"])
    assert done == [{"id": found["id"], "state": "dropped",
                     "sender_told": True}]
    report = phone.socket.recv(65535).decode()
    assert report.startswith("MESSAGE ") and "34jk324j" in report
    assert "<failed" in report


def test_an_id_that_begins_like_an_option_is_an_id(folder, run):
    done = imgw(folder, "show", "-" + NOBODY[1:], code=2)
    assert done.stderr == NO_MESSAGE


@pytest.mark.parametrize("act", ["show", "retry", "hold", "drop"])
@pytest.mark.parametrize("name", [NOBODY, "x", "../status", "a b", ""])
def test_an_unknown_message_is_2(folder, run, act, name):
    done = imgw(folder, act, name, code=2)
    no = NO_MESSAGE if name == NOBODY else "imgw: no message can have this id\n"
    assert (done.stdout, done.stderr) == ("", no)


@pytest.mark.parametrize("arguments", [
    ["nonsense"], ["nonsense", NOBODY], ["show"], ["drop"], ["list", NOBODY],
    ["show", NOBODY, NOBODY], ["--nonsense"]])
def test_wrong_usage_is_64(folder, arguments):
    done = imgw(folder, *arguments, code=64)
    assert done.stdout == "" and "usage: imgw queue" in done.stderr


# gateways that cannot say much

def test_without_a_gateway_the_socket_is_named(folder):
    done = imgw(folder, code=1)
    assert "no gateway answers at run/imgw.sock" in done.stderr


def test_a_gateway_without_a_queue_says_so(folder):
    change_config(folder, "sqlite:queue.db", "off")
    with Run(folder) as run:
        done = imgw(folder, code=2)
        assert "keeps no queue" in done.stderr
        assert run.stop() == 0


def test_a_second_gateway_leaves_the_socket_to_the_first(folder, run):
    change_config(folder, "15980", "15982")
    change_config(folder, "queue.db", "other.db")
    other = folder / "other"
    other.mkdir()
    with Run(folder, other) as second:
        assert "another process listens there" in second.log()
        assert second.stop() == 0
    imgw(folder)


def test_a_socket_left_behind_is_replaced(folder):
    with Run(folder) as run:
        run.process.kill()
        run.process.wait()
    assert (folder / "run/imgw.sock").exists()
    with Run(folder) as run:
        imgw(folder)
        assert run.stop() == 0
    assert not (folder / "run/imgw.sock").exists()


def test_a_file_that_is_no_socket_is_left_alone(folder):
    (folder / "run").mkdir()
    (folder / "run/imgw.sock").write_text("precious")
    with Run(folder) as run:
        assert "something else has this name" in run.log()
        assert run.stop() == 0
    assert (folder / "run/imgw.sock").read_text() == "precious"


def test_the_socket_is_for_owner_and_group(folder, run):
    mode = (folder / "run/imgw.sock").stat().st_mode
    assert stat.S_IMODE(mode) == 0o660


# the log

def test_the_log_says_what_waits(folder, run, phone):
    wait_one(folder, phone)
    run.wait_for("event=queue-state waiting=1 taken=0 held=0 oldest_s=")


# hostile requests

def connect(folder):
    end = socket.socket(socket.AF_UNIX)
    end.settimeout(30)
    end.connect(str(folder / "run/imgw.sock"))
    return end


def answer(folder, request):
    """-> status, object; None, None: the connection was closed"""
    with connect(folder) as end:
        try:
            end.sendall(request)
        except BrokenPipeError:
            pass
        got = b""
        try:
            while part := end.recv(65536):
                got += part
        except ConnectionResetError:
            pass
    if not got:
        return None, None
    head, body = got.split(b"\r\n\r\n", 1)
    return int(head.split()[1]), body


def ask(folder, method, place, more=""):
    status, body = answer(folder, (
        "%s %s HTTP/1.1\r\nHost: imgw\r\n%s\r\n" % (method, place, more)
    ).encode())
    return status, json.loads(body)


@pytest.mark.parametrize("method,place,status", [
    ("GET", "/", 404), ("GET", "/api/v1", 404), ("GET", "/api/v1/", 404),
    ("GET", "/api/v1/queue/%2F", 404),
    ("GET", "/api/v1/queue/" + 300 * "a", 404),
    ("GET", "/api/v1/queue/a/b/c", 404), ("GET", "/api/v1/status/x", 404),
    ("POST", "/api/v1/queue/a/nonsense", 404),
    ("POST", "/api/v1/queue", 405), ("DELETE", "/api/v1/queue/a", 405),
    ("GET", "/api/v1/queue/a/drop", 405), ("PUT", "/api/v1/status", 405),
    ("GET", "/api/v1/queue?limit=0", 400),
    ("GET", "/api/v1/queue?limit=101", 400),
    ("GET", "/api/v1/queue?after=-1", 400),
    ("GET", "/api/v1/queue?after=99999999999999999999", 400),
    ("GET", "/api/v1/queue?after", 400),
    ("GET", "/api/v1/queue?nonsense=1", 400),
    ("GET", "/api/v1/queue/a?body=2", 400),
    ("GET", "/api/v1/status?body=1", 400)])
def test_what_is_not_there_is_refused(folder, run, method, place, status):
    code, body = ask(folder, method, place)
    assert code == status and body["error"]


def test_the_api_counts_and_pages(folder, run, phone):
    first = wait_one(folder, phone)
    second = wait_one(folder, phone, "im:juliet@im.example")
    assert ask(folder, "GET", "/api/v1/status")[1]["queue"]["waiting"] == 2
    page = ask(folder, "GET", "/api/v1/queue?limit=1")[1]
    assert [one["id"] for one in page["messages"]] == [first["id"]]
    page = ask(folder, "GET", "/api/v1/queue?limit=2&after=%d" %
               page["next"])[1]
    assert [one["id"] for one in page["messages"]] == [second["id"]]
    assert page["next"] is None


def test_a_request_with_a_body_is_refused(folder, run):
    for header in ["Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n"]:
        assert ask(folder, "POST", "/api/v1/queue/%s/drop" % NOBODY,
                   header)[0] == 413


GARBAGE = {
    "empty lines": b"\r\n\r\n\r\n",
    "a word": b"nonsense\r\n\r\n",
    "half a line": b"GET\r\n\r\n",
    "zeros": b"\x00" * 100,
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"a" * 400,
    "a huge header": b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 1000000,
    "a huge place": b"GET /" + b"a" * 1000000 + b" HTTP/1.1\r\n\r\n",
    "many headers": b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 100000 + b"\r\n",
    "a negative length": b"POST /api/v1/queue HTTP/1.1\r\nHost: a\r\n"
                         b"Content-Length: -1\r\n\r\n",
}


@pytest.mark.parametrize("name", GARBAGE)
def test_garbage_ends_only_its_own_connection(folder, run, name):
    status, _ = answer(folder, GARBAGE[name])
    assert status is None or status >= 400
    imgw(folder)


def test_connections_that_say_nothing_make_others_wait_a_while(folder, run):
    idle = [connect(folder) for _ in range(40)]
    begun = time.monotonic()
    imgw(folder)
    assert time.monotonic() - begun < 25
    for end in idle:
        end.close()


def test_a_request_that_drips_is_ended(folder, run):
    with connect(folder) as end:
        begun = time.monotonic()
        with pytest.raises((BrokenPipeError, ConnectionResetError)):
            while time.monotonic() - begun < 40:
                end.sendall(b"G")
                time.sleep(0.5)
        assert time.monotonic() - begun < 25
    imgw(folder)


def test_who_goes_away_before_the_answer_harms_nobody(folder, run):
    for _ in range(50):
        with connect(folder) as end:
            end.sendall(b"GET /api/v1/queue HTTP/1.1\r\nHost: a\r\n\r\n")
    imgw(folder)
