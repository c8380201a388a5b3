"""What is written twice must agree: options, log events, links. Requirements
are compared in test_rfc.py."""
import os
import re
import subprocess

from tree import ROOT, sources, text, tracked

PROGRAM = os.environ.get("IMGW", str(ROOT / "build/release/imgw"))


def needs(name):
    """A text that the project must have."""
    assert (ROOT / name).is_file(), "%s is missing" % name
    return text(name)


def output(*arguments):
    return subprocess.run([PROGRAM, *arguments], capture_output=True,
                          text=True, check=True, timeout=30).stdout


# Options

def test_conf_the_sample_file_is_what_the_program_prints():
    assert needs("config/imgw.yaml") == output("check-config", "--print-sample")


def test_conf_the_manual_has_the_options_of_the_program():
    assert output("check-config", "--print-manual") in needs(
        "docs/imgw.yaml.5.scd")


# Log events

def logged_events():
    """Names in the second argument of log_event and log_write; it may be a
    choice of two."""
    calls = [call for path in sources(".c") for call in re.findall(
        r"\blog_(?:event|write)\s*\(([^;]*?)(?:FIELD_|\bfields\b)",
        text(path))]
    written = {name for path in sources(".c")
               for name in re.findall(r"level=\w+ event=([a-z-]+)",
                                      text(path))}
    return written | {name for call in calls
                      for name in re.findall(r'"([^"]+)"', call)}


def explained_events():
    """First column of the table in docs/operation.md that begins with
    "| event |"."""
    table = re.search(r"^\| event \|.*\n\|[-|]+\|\n((?:\|.*\n)+)",
                      needs("docs/operation.md"), re.M)
    assert table, "docs/operation.md has no table of events"
    return {name for row in table.group(1).splitlines()
            for name in re.findall(r"`([^`]+)`", row.split("|")[1])}


def test_the_events_that_are_logged_are_those_that_operators_can_look_up():
    assert "ready" in logged_events()
    assert sorted(logged_events() ^ explained_events()) == []


# Links

def test_links_between_our_texts_lead_somewhere():
    bad = ["%s: %s" % (path, target)
           for path in tracked() if path.suffix == ".md"
           for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)",
                                    text(path))
           if not (ROOT / path.parent / target).exists()]
    assert bad == []
