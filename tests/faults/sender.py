"""A SIP user agent that does not give up: it sends messages at a steady rate,
retransmits them (RFC 3261, 17.1.2), tries again with a new branch when nobody
answers (perhaps at another gateway), and again when it is refused for now, as
a new request or as the same. One conversation has one message under way (RFC
3428, 8), so its order is the sender's."""
import heapq
import os
import re
import select
import socket
import threading
import time
from collections import Counter, deque
from dataclasses import dataclass, field

from imgw_run import number
from places import GATEWAYS, PHONE

T1, T2 = 0.5, 4.0
TIMER_F = 64 * T1
REFUSED_SECONDS = 1.0       # the least pause after a refusal
BUSY = {480, 482, 500, 503, 504}    # 482: it has it under way still
TURN = 0.05


@dataclass
class Sent:
    index: int
    sender: str
    to: str
    body: str
    call_id: str
    cseq: int = 1
    tries: int = 0          # branches
    branch: str = ""
    wait: float = T1
    began: float = 0.0      # of this branch
    first: float = 0.0
    gateway: tuple = None
    answers: list = field(default_factory=list)     # (code, when)
    refusals: list = field(default_factory=list)    # (code, Retry-After)
    unanswered: int = 0     # branches; nobody knows what became of them

    @property
    def accepted(self):
        return bool(self.answers)


class Sender:
    """`start`, then watch `sent` and `done`; `stop` in any case.

    @param count     messages
    @param rate      a second
    @param users     whose numbers they go to, by turns
    @param callers   so many numbers write
    @param size      octets of a body
    @param renumber  what was refused comes again with a new CSeq, unless an
                     earlier branch of it may have been taken
    @param patience  a branch without an answer is given up after so many
                     seconds"""

    def __init__(self, count, rate, users, callers=50, size=100,
                 gateways=GATEWAYS[:1], patience=TIMER_F, renumber=True):
        self.rate, self.gateways, self.size = rate, gateways, size
        self.patience, self.renumber = patience, renumber
        self.messages = [self._message(index, users, callers)
                         for index in range(count)]
        self.sent = self.done = self.resent = 0
        self.trouble = Counter()    # finals that nobody expects
        self._waiting = {}          # conversation -> those behind
        self._open = {}             # branch -> Sent
        self._timers, self._serial = [], 0
        self._ending = False
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        for which in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            self._socket.setsockopt(socket.SOL_SOCKET, which, 4 << 20)
        self._socket.bind((PHONE[0], 0))
        self._socket.setblocking(False)
        self._port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _message(self, index, users, callers):
        # callers first: each conversation is a pair
        user = index // callers % len(users)
        body = ("%06d " % index).ljust(self.size, "x")
        return Sent(index, "+1202555%04d" % (2000 + index % callers),
                    number(user), body,
                    "%s-%d@%s" % (os.urandom(6).hex(), index, PHONE[0]))

    # For the case ---------------------------------------------------------
    def start(self):
        self._began = time.monotonic()
        self._thread.start()
        return self

    def stop(self):
        self._ending = True
        self._thread.join()
        self._socket.close()

    def is_running(self):
        return self._thread.is_alive()

    def new_branches(self):
        """How often nobody answered in time, so that it was sent anew."""
        return sum(one.unanswered for one in self.messages)

    def finish(self, seconds):
        """Wait until everything has an answer that is one."""
        end = time.monotonic() + seconds
        while self.done < len(self.messages) and time.monotonic() < end:
            time.sleep(0.05)
        self.stop()
        return self.done == len(self.messages)

    # The thread -----------------------------------------------------------
    def _run(self):
        while not self._ending and self.done < len(self.messages):
            now = time.monotonic()
            self._send_due(now)
            self._fire_due(now)
            if select.select([self._socket], [], [], self._rest(now))[0]:
                self._receive()

    def _rest(self, now):
        rest = TURN
        if self._timers:
            rest = min(rest, self._timers[0][0] - now)
        if self.sent < len(self.messages):
            rest = min(rest, self._began + self.sent / self.rate - now)
        return max(rest, 0.0005)

    def _send_due(self, now):
        due = min(int((now - self._began) * self.rate) + 1, len(self.messages))
        while self.sent < due:
            one = self.messages[self.sent]
            self.sent += 1
            pair = (one.sender, one.to)
            if pair in self._waiting:
                self._waiting[pair].append(one)
            else:
                self._waiting[pair] = deque()
                self._begin(one, now)

    def _begin(self, one, now):
        """A new branch."""
        one.gateway = self.gateways[(one.index + one.tries)
                                    % len(self.gateways)]
        one.tries += 1
        one.branch = "z9hG4bK-%s" % os.urandom(6).hex()
        one.wait, one.began = T1, now
        one.first = one.first or now
        self._open[one.branch] = one
        self._write(one)
        self._later(now + T1, one, one.branch)

    def _write(self, one):
        body = one.body.encode()
        request = (
            "MESSAGE tel:%s SIP/2.0\r\n"
            "Via: SIP/2.0/UDP %s:%d;branch=%s\r\n"
            "Max-Forwards: 70\r\n"
            "From: <tel:%s>;tag=f%d\r\n"
            "To: <tel:%s>\r\n"
            "Call-ID: %s\r\n"
            "CSeq: %d MESSAGE\r\n"
            "Content-Type: text/plain\r\n"
            "Content-Length: %d\r\n\r\n" % (
                one.to, PHONE[0], self._port, one.branch, one.sender,
                one.index, one.to, one.call_id, one.cseq, len(body)))
        try:
            self._socket.sendto(request.encode() + body, one.gateway)
        except OSError:
            pass                    # nobody is there: as if it was lost

    def _later(self, when, one, branch):
        self._serial += 1
        heapq.heappush(self._timers, (when, self._serial, one, branch))

    def _fire_due(self, now):
        while self._timers and self._timers[0][0] <= now:
            _, _, one, branch = heapq.heappop(self._timers)
            if branch is None:      # the pause after a refusal is over
                self._begin(one, now)
            elif self._open.get(branch) is one:
                self._again(one, now)

    def _again(self, one, now):
        if now - one.began >= self.patience:
            del self._open[one.branch]
            one.unanswered += 1
            self._begin(one, now)
            return
        self.resent += 1
        self._write(one)
        one.wait = min(one.wait * 2, T2)
        self._later(min(now + one.wait, one.began + self.patience), one,
                    one.branch)

    def _receive(self):
        for _ in range(200):
            try:
                data = self._socket.recv(65535)
            except BlockingIOError:
                return
            except OSError:
                continue            # ICMP of an earlier send
            self._take(data.decode("utf-8", "replace"))

    def _take(self, text):
        code = int(text[8:11])
        found = re.search(r"branch=([^;,\s]+)", text)
        one = self._open.pop(found.group(1), None) if code >= 200 else None
        if not one:
            return
        now = time.monotonic()
        if code in (200, 202):
            one.answers.append((code, now))
            self._end(one, now)
        elif code in BUSY:
            self._refused(one, code, text, now)
        else:
            self.trouble[code] += 1
            self._end(one, now)

    def _refused(self, one, code, text, now):
        wait = re.search(r"(?im)^Retry-After:\s*(\d+)", text)
        one.refusals.append((code, wait and int(wait.group(1))))
        if self.renumber and not one.unanswered and code != 482:
            one.cseq += 1           # RFC 3261, 8.1.3.5
        self._later(now + REFUSED_SECONDS, one, None)

    def _end(self, one, now):
        self.done += 1
        pair = (one.sender, one.to)
        behind = self._waiting[pair]
        if behind:
            self._begin(behind.popleft(), now)
        else:
            del self._waiting[pair]
