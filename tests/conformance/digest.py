"""Digest authentication (RFC 7616) as a peer does it: reading headers, making
challenges and credentials."""
import hashlib
import re

HASHES = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}


def hashed(algorithm, *parts):
    return HASHES[algorithm](":".join(parts).encode()).hexdigest()


def read(header):
    """Parameters of a challenge or of credentials, without quotes."""
    scheme, _, rest = header.partition(" ")
    assert scheme == "Digest"
    return {name.lower(): quoted or plain for name, quoted, plain in
            re.findall(r'(\w+)\s*=\s*(?:"([^"]*)"|([^\s,]+))', rest)}


def write(parameters):
    """A header; what is a token on the wire stands without quotes."""
    plain = ("algorithm", "qop", "nc", "stale")
    return "Digest " + ", ".join(
        "%s=%s" % (name, value) if name in plain else
        '%s="%s"' % (name, value) for name, value in parameters.items())


def response(given, password, method="MESSAGE"):
    """What the response of credentials must be."""
    algorithm = given.get("algorithm", "MD5")
    secret = hashed(algorithm, given["username"], given["realm"], password)
    what = hashed(algorithm, method, given["uri"])
    middle = [given["nonce"]]
    if given.get("qop"):
        middle += [given["nc"], given["cnonce"], given["qop"]]
    return hashed(algorithm, secret, *middle, what)


def credentials(challenge, user, password, uri, count=1, **change):
    """Credentials for a challenge that was read, as a header."""
    given = {"username": user, "realm": challenge["realm"],
             "nonce": challenge["nonce"], "uri": uri, "qop": "auth",
             "nc": "%08x" % count, "cnonce": "0a4f113b",
             "algorithm": challenge["algorithm"], **change}
    given["response"] = response(given, password)
    return write(given)


def users_file(realm, **passwords):
    """Lines user:realm:hash, one of each kind."""
    return "".join("%s:%s:%s\n" % (user, realm,
                                   hashed(algorithm, user, realm, password))
                   for user, password in passwords.items()
                   for algorithm in HASHES)
