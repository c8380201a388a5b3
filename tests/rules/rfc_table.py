"""Keeps docs/rfc.md true. Its rows are written by hand; the tests column, the
states "proven" and "built", the counts and the two tables of errors are made
from what is there.

    /usr/bin/python3 tests/rules/rfc_table.py           is it up to date?
    /usr/bin/python3 tests/rules/rfc_table.py --write   bring it up to date

A row that is not done says "open: why" by hand; every other one is "proven"
when a test carries its id, and "built" when none does."""
import collections
import difflib
import re
import sys

import rfc_errors
import rfc_tests
from tree import ROOT

TABLE = ROOT / "docs/rfc.md"
SHOWN = 3   # tests named in a row

LEVELS = {"core", "exp", "bey", "dec", "-"}
EXPECTED = {"core", "exp"}
ROW = re.compile(r"^\| ([A-Z]+)-(\d+) \|")
FILE = re.compile(r"`([\w./-]+)`")
STATE = re.compile(r"proven$|built$|open: \S")


class Row:
    """One line of a table: its cells, and where it stands."""

    def __init__(self, number, line):
        self.number = number
        self.cells = [cell.strip() for cell in
                      re.split(r"(?<!\\)\|", line.strip().strip("|"))]
        self.whole = len(self.cells) == 7
        self.cells += [""] * (7 - len(self.cells))
        (self.id, self.source, self.level, self.what, self.files, self.state,
         self.tests) = self.cells[:7]
        self.area, count = self.id.split("-")
        self.count = int(count)

    def line(self):
        return "| %s |" % " | ".join(
            [self.id, self.source, self.level, self.what, self.files,
             self.state, self.tests])


def rows_of(text):
    return [Row(number, line) for number, line in
            enumerate(text.splitlines(), 1) if ROW.match(line)]


# What is wrong with what people wrote

def faults_of_row(row):
    if not row.whole:
        yield "has not 7 cells"
        return
    if row.level not in LEVELS:
        yield "level %r is none of %s" % (row.level, sorted(LEVELS))
    if not row.source or not row.what:
        yield "says no source or not what we do"
    if not STATE.match(row.state):
        yield "state %r: proven, built, or open: why" % row.state
    for name in FILE.findall(row.files):
        if not (ROOT / name).is_file():
            yield "names %s, which does not exist" % name
    if not row.state.startswith("open") and not FILE.search(row.files):
        yield "is %s, but in no file" % row.state


def faults_of_order(rows):
    """In each area the ids run from 1 without a gap."""
    seen = collections.Counter()
    for row in rows:
        if row.count != seen[row.area] + 1:
            yield row, "does not follow %s-%d" % (row.area, seen[row.area])
        seen[row.area] = row.count


def faults(text, tests):
    rows = rows_of(text)
    found = [(row, fault) for row in rows for fault in faults_of_row(row)]
    found += faults_of_order(rows)
    found += [(row, "is proven, but no test carries its id") for row in rows
              if row.state == "proven" and not tests[row.id]]
    return ["docs/rfc.md:%d: %s %s" % (row.number, row.id, fault)
            for row, fault in found]


# What is made

def state_of(row, tests):
    if row.state.startswith("open"):
        return row.state
    return "proven" if tests else "built"


def tests_cell(tests):
    names = ["`%s`" % test.name for test in tests[:SHOWN]]
    if len(tests) > SHOWN:
        names.append("+%d" % (len(tests) - SHOWN))
    return "<br>".join(names) if names else "-"


def with_tests(text, tests):
    lines = text.splitlines()
    for row in rows_of(text):
        if row.whole:
            row.state = state_of(row, tests[row.id])
            row.tests = tests_cell(tests[row.id])
            lines[row.number - 1] = row.line()
    return "\n".join(lines) + "\n"


def count(rows):
    kinds = collections.Counter(row.state.split(":")[0] for row in rows)
    return [len(rows), sum(row.level in EXPECTED for row in rows),
            kinds["proven"], kinds["built"], kinds["open"],
            sum(row.level in EXPECTED and row.state.startswith("open")
                for row in rows)]


def counts(rows):
    areas = collections.defaultdict(list)
    for row in rows:
        areas[row.area].append(row)
    lines = ["| area | rows | core and exp | proven | built | open "
             "| open, core and exp |", "|---|--:|--:|--:|--:|--:|--:|"]
    for area, own in [*areas.items(), ("**all**", rows)]:
        lines.append("| %s | %s |" % (area, " | ".join(map(str, count(own)))))
    return "\n".join(lines)


def put(text, name, made):
    """Replace what stands between the marks of this name."""
    mark = re.compile(r"(<!-- made: %s -->\n).*?(<!-- end -->)" % name, re.S)
    if not mark.search(text):
        sys.exit("docs/rfc.md has no place for %s" % name)
    return mark.sub(lambda match: match.group(1) + made + "\n" +
                    match.group(2), text)


def renewed(text, tests):
    text = with_tests(text, tests)
    text = put(text, "counts", counts(rows_of(text)))
    text = put(text, "conditions", rfc_errors.conditions())
    return put(text, "finals", rfc_errors.finals())


def differences(text, tests):
    return list(difflib.unified_diff(
        text.splitlines(), renewed(text, tests).splitlines(), "docs/rfc.md",
        "as it should be", lineterm="", n=0))


def problems():
    """Everything that keeps the table from being true, as lines."""
    text, tests = TABLE.read_text(), rfc_tests.by_id()
    return faults(text, tests) + differences(text, tests)


def hints(text, tests):
    """Not wrong, but somebody may want to look."""
    return ["%s is open, and %d tests carry its id" % (row.id,
                                                      len(tests[row.id]))
            for row in rows_of(text)
            if row.state.startswith("open") and tests[row.id]]


def main(arguments):
    if arguments not in ([], ["--write"]):
        sys.exit("usage: rfc_table.py [--write]")
    if arguments:
        text, tests = TABLE.read_text(), rfc_tests.by_id()
        TABLE.write_text(renewed(text, tests))
        print("\n".join(hints(text, tests)))
    found = problems()
    if found:
        print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
