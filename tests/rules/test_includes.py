"""Who may include whom: enum <- routing <- the middle of the gateway <- its
sides; each library stands behind one place."""
import collections
import os
import subprocess

import pytest

from tree import ROOT, includes, sources, text

MIDDLE = ["enum", "routing", "gateway"]
MAY_INCLUDE = {
    "enum": ["enum"],
    "routing": ["enum", "routing"],
    "gateway": MIDDLE,
    "gateway/body": MIDDLE + ["gateway/body"],
    "gateway/sip": MIDDLE + ["gateway/body", "gateway/sip"],
    "gateway/xmpp": MIDDLE + ["gateway/body", "gateway/xmpp"],
    "gateway/store": MIDDLE + ["gateway/store"],
    "gateway/admin": MIDDLE + ["gateway/admin"],
    "gateway/cli": MIDDLE + ["gateway/cli"],
}
# The files that know all parts.
EVERYTHING = ("gateway/main.c", "gateway/app.c", "gateway/app.h")

# library: how its headers begin, and where they may be included
LIBRARIES = {
    "sofia-sip": ("<sofia-sip/", ("gateway/sip/", "gateway/loop")),
    "c-ares": ("<ares", ("enum/dns_channel.c",)),
    "libstrophe": ("<strophe.h>", ("gateway/xmpp/",)),
    "libxml2": ("<libxml/", ("gateway/body/",)),
    "RE2": ("<re2/", ("enum/regex.",)),
    "libfyaml": ("<libfyaml.h>", ("gateway/config",)),
    "SQLite": ("<sqlite3.h>", ("gateway/store/",)),
    "libpq": ("<libpq", ("gateway/store/",)),
    "OpenSSL": ("<openssl/", ("gateway/sip/", "gateway/tls_files.c",
                              "gateway/message_key.c")),
    "libmicrohttpd": ("<microhttpd.h>", ("gateway/admin/",)),
    "libcurl": ("<curl/", ("gateway/cli/admin_client.c",)),
}
# What nearly everything needs.
EVERYWHERE = {"gateway/log.h", "enum/text.h", "enum/status.h"}


def own(path):
    return [name for name in includes(path) if not name.startswith("<")]


def test_includes_point_in_one_direction():
    bad = ["%s includes %s" % (path, name)
           for path in sources() if str(path) not in EVERYTHING
           for name in own(path)
           if os.path.dirname(name) not in MAY_INCLUDE[str(path.parent)]]
    assert bad == []


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_library_stands_behind_one_place(library):
    headers, places = LIBRARIES[library]
    users = [str(path) for path in sources()
             if any(name.startswith(headers) for name in includes(path))]
    assert [user for user in users if not user.startswith(places)] == []


def test_includes_of_ours_name_the_folder():
    bad = ["%s includes %s" % (path, name) for path in sources()
           for name in own(path) if not (ROOT / name).is_file()]
    assert bad == []


def test_a_header_has_a_guard_that_is_its_name():
    """gateway/sip/sip_lane.h: IMGW_..._SIP_LANE_H"""
    bad = []
    for path in sources(".h"):
        lines = text(path).splitlines()
        guard = lines[0].removeprefix("#ifndef ")
        if not (guard.startswith("IMGW_%s_" % path.parts[0].upper())
                and guard.endswith("_%s_H" % path.stem.upper())
                and lines[1] == "#define " + guard):
            bad.append(str(path))
    assert bad == []


def library_flags():
    names = ["sofia-sip-ua", "libcares", "libstrophe", "libfyaml", "jansson",
             "libxml-2.0", "sqlite3", "libpq"]
    done = subprocess.run(["pkg-config", "--cflags", *names],
                          capture_output=True, text=True, check=True)
    return [flag.replace("-I", "-isystem", 1) for flag in done.stdout.split()]


def test_a_header_compiles_alone():
    flags, errors = library_flags(), []
    for path in sources(".h"):
        done = subprocess.run(
            ["gcc", "-std=c11", "-Wall", "-Wextra", "-Werror",
             "-fsyntax-only", "-I", ".", *flags, "-x", "c", "-"],
            cwd=ROOT, input='#include "%s"\n' % path, text=True,
            capture_output=True)
        if done.returncode != 0:
            errors.append(done.stderr)
    assert errors == []


def test_a_file_includes_its_own_header_first():
    bad = []
    for path in sources(".c", ".cc"):
        header = path.with_suffix(".h")
        if (ROOT / header).exists() and includes(path)[0] != str(header):
            bad.append(str(path))
    assert bad == []


def test_no_header_is_included_by_more_than_half_of_the_files():
    files = sources(".c")
    count = collections.Counter(name for path in files
                                for name in set(own(path)))
    assert [name for name, users in count.items()
            if name not in EVERYWHERE and users > len(files) / 2] == []
