"""Digest authentication, of senders and of ourselves: RFC 3261 section 22,
7616, 8760."""
import pytest

import digest
from addresses import GATEWAY_DOMAIN, NUMBER, PASSWORD, U2, USER
from bed import ALICE, SIP, XMPP, config
from sip_end import Answer
from waiting import until

URI = "tel:" + NUMBER
CHALLENGED = {"sip.auth": {"require": [U2[0]], "realm": GATEWAY_DOMAIN,
                           "users_file": "users"}}
REPLIES = {"replies.auth": {"user": USER, "password_file": "password"}}


# Senders

def challenge(bed, algorithm="SHA-256", **change):
    """What a message of U2 without good credentials is asked for."""
    answer = bed.final(bed.u2.message(**change), 407)
    assert not answer.all("www-authenticate")
    found = [digest.read(h) for h in answer.all("proxy-authenticate")]
    return next(c for c in found if c["algorithm"] == algorithm)


def with_credentials(*headers):
    return {"extra": ["Proxy-Authorization: " + h for h in headers]}


def answered(asked, user=USER, password=PASSWORD, **change):
    return with_credentials(digest.credentials(asked, user, password, URI,
                                               **change))


@config(CHALLENGED)
@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
def test_sip_35_a_listed_peer_is_challenged_and_then_admitted(bed, algorithm):
    bed.zone(XMPP, ALICE)
    asked = challenge(bed, algorithm)
    bed.no_question()
    assert asked["realm"] == GATEWAY_DOMAIN and asked["qop"] == "auth"
    assert "stale" not in asked
    bed.nothing_at(bed.x1)
    sent = bed.u2.message(**answered(asked))
    bed.stanza("alice@im.example", sent)
    bed.final(sent, 202)


@config(CHALLENGED)
def test_sip_35_the_better_hash_is_offered_first(bed):
    answer = bed.final(bed.u2.message(), 407)
    assert [digest.read(h)["algorithm"] for h in
            answer.all("proxy-authenticate")] == ["SHA-256", "MD5"]


@config(CHALLENGED)
@pytest.mark.parametrize("change", [
    {"password": "wrong"}, {"user": "nobody"}, {"user": ""},
    {"qop": "auth-int"}, {"qop": ""}, {"algorithm": "MD5"},
    {"realm": "elsewhere.example"}])
def test_sip_35_wrong_credentials_are_challenged_again(bed, change):
    bed.zone(XMPP, ALICE)
    wrong = answered(challenge(bed), **change)
    if change == {"algorithm": "MD5"}:      # the hash is of the other one
        wrong["extra"][0] = wrong["extra"][0].replace("MD5", "SHA-256")
    assert "stale" not in challenge(bed, **wrong)
    bed.no_question()
    bed.nothing_at(bed.x1)


@config(CHALLENGED)
@pytest.mark.parametrize("header", [
    "Digest", "Basic Zm9vOmJhcg==", 'Digest realm="%s"' % GATEWAY_DOMAIN,
    'Digest username="u", realm="%s", nonce=""' % GATEWAY_DOMAIN,
    'Digest username="u", realm="%s", nonce="n", nonce="n"' % GATEWAY_DOMAIN,
    'Digest username="u", realm="%s", nonce="n", algorithm=SHA-512-256'
    % GATEWAY_DOMAIN])
def test_sip_35_what_is_no_digest_is_challenged(bed, header):
    code = bed.final(bed.u2.message(**with_credentials(header)), 400, 407)
    assert code
    bed.no_question()


@config(CHALLENGED)
def test_sip_35_credentials_work_once_for_each_count(bed):
    bed.zone(XMPP, ALICE)
    asked = challenge(bed)
    bed.final(bed.u2.message(**answered(asked)), 202)
    assert challenge(bed, **answered(asked))["stale"] == "true"
    bed.final(bed.u2.message(**answered(asked, count=2)), 202)
    assert len(bed.x1.seen()) == 2


@config(CHALLENGED)
def test_sip_35_a_nonce_that_we_did_not_make_is_stale(bed):
    asked = challenge(bed)
    asked["nonce"] = asked["nonce"][:-1] + "x"
    assert challenge(bed, **answered(asked))["stale"] == "true"


@config(CHALLENGED)
def test_sip_17_35_a_repeated_request_is_not_taken_for_a_replay(bed):
    bed.zone(XMPP, ALICE)
    sent = bed.u2.message(**answered(challenge(bed)))
    bed.final(sent, 202)
    bed.u2.send(sent.message.raw)
    assert until(lambda: len(sent.finals) == 2)
    assert sent.codes == [202, 202]
    bed.stanza("alice@im.example", sent)


@config(CHALLENGED)
def test_sip_35_our_credentials_are_consumed_and_others_pass(bed):
    bed.zone(SIP, ALICE)
    ours = digest.credentials(challenge(bed), USER, PASSWORD, URI)
    others = 'Digest username="u", realm="im.example", nonce="n", ' \
             'uri="sip:im.example", response="%s"' % ("0" * 32)
    sent = bed.u2.message(**with_credentials(others, ours))
    got = bed.arrival(bed.s1).all("proxy-authorization")
    assert [digest.read(h)["realm"] for h in got] == ["im.example"]
    bed.final(sent, 200)


@config(CHALLENGED)
def test_sec_3_sip_35_others_are_asked_for_nothing(bed):
    bed.zone(XMPP, ALICE)
    bed.delivers_to("alice@im.example")
    bed.final(bed.u3.message(), 403)


@config(CHALLENGED)
def test_sip_14_35_a_ping_needs_no_password(bed):
    bed.final(bed.u2.message(uri="sip:" + GATEWAY_DOMAIN, method="OPTIONS"),
              200)


@config(CHALLENGED)
def test_sip_35_who_is_admitted_by_password_is_not_believed(bed):
    bed.zone(XMPP, ALICE)
    known = answered(challenge(bed))
    known["extra"].append("P-Asserted-Identity: <tel:+12025550111>")
    sent = bed.u2.message(**known)
    stanza = bed.stanza("alice@im.example", sent)
    assert stanza.get("from").startswith("+12025550199@")


# Ourselves

class Guarded:
    """A next hop that asks for credentials before it answers 200."""

    def __init__(self, code=407, algorithm="SHA-256", qop="auth",
                 stale_times=0, realm="sbc.example"):
        self.code, self.stale_times = code, stale_times
        self.asked = {"realm": realm, "nonce": "n0", "opaque": "o",
                      "algorithm": algorithm}
        if qop:
            self.asked["qop"] = qop
        self.given = []

    def header(self):
        return "%s-Authenticate: %s" % (
            "WWW" if self.code == 401 else "Proxy", self._challenge())

    def _challenge(self):
        # a list of qop values needs quotes
        return digest.write({n: v for n, v in self.asked.items()
                             if n != "qop"}) + (
            ', qop="%s"' % self.asked["qop"] if "qop" in self.asked else "")

    def __call__(self, message):
        name = "authorization" if self.code == 401 else "proxy-authorization"
        given = [digest.read(h) for h in message.all(name)]
        if not given:
            return Answer(self.code, headers=[self.header()])
        self.given += given
        if self.stale_times:
            self.stale_times -= 1
            self.asked.update(nonce="n%d" % len(self.given), stale="true")
            return Answer(self.code, headers=[self.header()])
        right = digest.response(given[0], PASSWORD) == given[0]["response"]
        return 200 if right else Answer(self.code, headers=[self.header()])


@config(REPLIES)
@pytest.mark.parametrize("code", [401, 407])
@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
def test_sip_34_a_challenge_is_answered(bed, code, algorithm):
    bed.u1.answer = guard = Guarded(code, algorithm, "auth-int,auth")
    bed.x1.message("Hi")
    first, second = bed.arrival(bed.u1, 2)
    assert until(lambda: second.answered)
    assert guard.given[0] == {
        **guard.given[0], "username": USER, "realm": "sbc.example",
        "nonce": "n0", "opaque": "o", "uri": "tel:+12025550199",
        "qop": "auth", "nc": "00000001", "algorithm": algorithm}
    assert second.get("call-id") == first.get("call-id")
    assert second.tag("from") == first.tag("from")
    assert second.cseq == first.cseq + 1
    assert second.branch != first.branch and len(second.vias) == 1
    assert second.body == b"Hi"
    bed.nothing_at(bed.x1)
    assert len(bed.u1.messages) == 2


@config(REPLIES)
def test_sip_34_a_challenge_without_qop_is_answered_as_of_old(bed):
    bed.u1.answer = guard = Guarded(algorithm="MD5", qop=None)
    bed.x1.message("Hi")
    bed.arrival(bed.u1, 2)
    assert until(lambda: guard.given)
    assert not {"qop", "nc", "cnonce"} & guard.given[0].keys()
    bed.nothing_at(bed.x1)


@config(REPLIES)
def test_sip_34_a_stale_nonce_is_replaced_once(bed):
    bed.u1.answer = guard = Guarded(stale_times=1)
    bed.x1.message("Hi")
    bed.arrival(bed.u1, 3)
    assert [given["nonce"] for given in guard.given] == ["n0", "n1"]
    bed.nothing_at(bed.x1)


@config(REPLIES)
def test_sip_34_a_next_hop_that_always_finds_it_stale_is_left(bed):
    bed.u1.answer = Guarded(stale_times=100)
    ident = bed.x1.message("Hi")
    bed.error_stanza(ident, "registration-required")
    bed.arrival(bed.u1, 3)


@config({"replies.auth": {"user": "other", "password_file": "password"}})
def test_sip_34_refused_credentials_are_not_sent_again(bed):
    bed.u1.answer = lambda message: Answer(
        407, headers=[Guarded().header()])
    ident = bed.x1.message("Hi")
    bed.error_stanza(ident, "registration-required")
    bed.arrival(bed.u1, 2)


@config({"replies.auth": {"user": USER, "password_file": "password",
                          "realm": "sbc.example"}})
def test_sip_34_another_realm_is_told_nothing(bed):
    bed.u1.answer = Guarded(realm="other.example")
    ident = bed.x1.message("Hi")
    bed.error_stanza(ident, "registration-required")
    assert bed.arrival(bed.u1).all("proxy-authorization") == []


@config(REPLIES)
@pytest.mark.parametrize("header", [
    "Proxy-Authenticate: Basic realm=x",
    'Proxy-Authenticate: Digest realm="x", nonce="n", algorithm=SHA-512-256',
    'Proxy-Authenticate: Digest realm="x", nonce="n", qop="auth-int"',
    'Proxy-Authenticate: Digest realm="x", nonce="%s"' % ("n" * 2000),
    "X-Y: z"])
def test_sip_34_what_cannot_be_answered_is_the_final(bed, header):
    bed.u1.answer = lambda message: Answer(407, headers=[header])
    ident = bed.x1.message("Hi")
    bed.error_stanza(ident, "registration-required")
    bed.arrival(bed.u1)


@config(REPLIES)
def test_sip_6_34_credentials_that_make_it_too_long_are_not_sent(bed):
    bed.u1.answer = Guarded()
    ident = bed.x1.message("x" * 750)
    bed.error_stanza(ident, "policy-violation")
    bed.arrival(bed.u1)


@config(REPLIES)
def test_sip_21_34_the_next_message_waits_for_the_second_answer(bed):
    bed.u1.answer = Guarded()
    bed.x1.message("1")
    bed.x1.message("2")
    bodies = [m.body for m in bed.arrival(bed.u1, 4)]
    assert bodies == [b"1", b"1", b"2", b"2"]


@config(REPLIES)
def test_sip_34_as_a_proxy_the_challenge_is_the_senders(bed):
    bed.zone(SIP, ALICE)
    bed.s1.answer = Guarded()
    answer = bed.final(bed.u1.message(), 407)
    assert digest.read(answer.get("proxy-authenticate"))["nonce"] == "n0"
    bed.arrival(bed.s1)


@config(CHALLENGED)
def test_sip_27_35_a_route_is_followed_behind_a_password(bed):
    bed.zone("p1.example. A 127.0.9.21")
    route = "Route: <sip:p1.example;lr>"
    change = answered(challenge(bed, extra=[route]))
    change["extra"].append(route)
    bed.final(bed.u2.message(**change), 200)
    got = bed.arrival(bed.s1)
    assert got.uri == URI and got.all("route") == ["<sip:p1.example;lr>"]
    assert not got.all("proxy-authorization")
