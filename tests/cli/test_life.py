"""The life of `imgw run`: start, ready, drain, end; run by the program that
IMGW names, or build/release/imgw."""
import os
import pathlib
import signal
import socket
import subprocess
import time

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("IMGW", str(ROOT / "build/release/imgw"))
ADDRESS = ("127.0.0.2", 15970)
CONFIG = """
sip: {listen: ["udp:127.0.0.2:15970", "tcp:127.0.0.2:15970"],
      domains: [gw.example.net], trust: [127.0.0.1]}
dns: {resolvers: ["127.0.0.1:%d"], timeout: 500ms, tries: 2}
xmpp: {domain: gw.example.net,
       component: {connect: "127.0.0.1:15971", secret_file: secret}}
queue: {store: "sqlite:queue.db"}
admin: {socket: imgw.sock}
"""
STARTS = int(os.environ.get("IMGW_STARTS", "20"))


@pytest.fixture
def silence():
    """A resolver that never answers."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as end:
        end.bind(("127.0.0.1", 0))
        yield end.getsockname()[1]


@pytest.fixture
def folder(tmp_path, silence):
    (tmp_path / "imgw.yaml").write_text(CONFIG % silence)
    (tmp_path / "secret").write_text("s3cret\n")
    (tmp_path / "secret").chmod(0o600)
    return tmp_path


class Run:
    """A running gateway; `with Run(folder) as run:` waits until it is ready
    and makes sure that it has ended."""

    def __init__(self, folder, log_folder=None):
        self.path = (log_folder or folder) / "stderr"
        with open(self.path, "wb") as log:
            self.process = subprocess.Popen(
                [PROGRAM, "run", "-c", "imgw.yaml"], cwd=folder, stderr=log)

    def __enter__(self):
        self.wait_for("event=ready")
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def log(self):
        return self.path.read_text()

    def wait_for(self, text, seconds=10):
        end = time.monotonic() + seconds
        while text not in self.log():
            assert time.monotonic() < end, self.log()
            time.sleep(0.01)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(30)
        assert "Sanitizer" not in self.log()
        return code


def message(port):
    return ("MESSAGE tel:+12025550100 SIP/2.0\r\n"
            "Via: SIP/2.0/UDP 127.0.0.1:%d;branch=z9hG4bK-life;rport\r\n"
            "Max-Forwards: 70\r\nFrom: <tel:+12025550199>;tag=f\r\n"
            "To: <tel:+12025550100>\r\nCall-ID: life@127.0.0.1\r\n"
            "CSeq: 1 MESSAGE\r\nContent-Type: text/plain\r\n"
            "Content-Length: 5\r\n\r\nHello" % port).encode()


@pytest.fixture
def phone():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as end:
        end.bind(("127.0.0.1", 0))
        end.settimeout(10)
        yield end


def send(phone):
    phone.sendto(message(phone.getsockname()[1]), ADDRESS)


def test_it_starts_and_stops_again_and_again_without_a_leak(folder):
    for _ in range(STARTS):
        with Run(folder) as run:
            assert run.stop() == 0
            assert "event=stopped" in run.log()


def test_sigterm_lets_what_is_in_flight_be_answered(folder, phone):
    with Run(folder) as run:
        send(phone)
        time.sleep(0.1)
        assert run.stop() == 0
        answer = phone.recv(65535).decode()
        assert answer.startswith("SIP/2.0 500 ") and "Retry-After" in answer
        assert "event=relay" in run.log()


def test_a_second_sigterm_ends_what_is_in_flight_at_once(folder, phone):
    with Run(folder) as run:
        send(phone)
        time.sleep(0.1)
        run.process.send_signal(signal.SIGTERM)
        run.wait_for("event=stopping")
        begun = time.monotonic()
        assert run.stop() == 0
        assert time.monotonic() - begun < 0.5
        assert phone.recv(65535).startswith(b"SIP/2.0 503 ")


def test_sighup_checks_the_file_and_changes_nothing(folder):
    with Run(folder) as run:
        with open(folder / "imgw.yaml", "a") as file:
            file.write("nonsense: 1\n")
        run.process.send_signal(signal.SIGHUP)
        run.wait_for("event=reload")
        assert "imgw.yaml:" in run.log() and "nonsense" in run.log()
        assert run.stop() == 0


def test_an_address_that_is_taken_is_an_error_with_its_name(folder):
    with Run(folder):
        second = subprocess.run([PROGRAM, "run", "-c", "imgw.yaml"],
                                cwd=folder, capture_output=True, text=True,
                                timeout=30)
    assert second.returncode == 1
    assert "event=listen-failed" in second.stderr
    assert "127.0.0.2" in second.stderr and "15970" in second.stderr
