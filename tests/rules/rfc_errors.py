"""Both tables of gateway/outcome.c as they stand in docs/rfc.md."""
import re

from tree import text

CONDITION = re.compile(r'\[CONDITION_\w+\] = \{\s*"([a-z-]+)",\s*"(\w+)",'
                       r"\s*(\d+),\s*(\d+)\s*\}")
FINAL = re.compile(r'\{\s*(\d{3}),\s*CONDITION_(\w+),\s*"')


def source():
    return text("gateway/outcome.c")


def table(head, rows):
    """A table in Markdown; without rows the code is not what we think."""
    if not rows:
        raise ValueError("gateway/outcome.c has no table of this form")
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| %s |" % " | ".join(line) for line in lines)


def conditions():
    return table(["stanza error", "final for a bare JID", "for a full JID"],
                 [["`%s`" % word, bare, full]
                  for word, _, full, bare in CONDITION.findall(source())])


def finals():
    """The codes of each condition, in the order of their first code."""
    types = {word: kind for word, kind, _, _ in CONDITION.findall(source())}
    codes = {}
    for code, name in FINAL.findall(source()):
        word = name.lower().replace("_", "-")
        if word in types:
            codes.setdefault(word, []).append(code)
    return table(["final", "stanza error", "type"],
                 [[", ".join(own), "`%s`" % word, types[word]]
                  for word, own in codes.items()])
