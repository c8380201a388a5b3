"""Counts the results of a test run: the JUnit files in a folder. A cmocka
program counts with each of its tests. Prints what failed and, as the last
line, "N passed, N failed"; the exit status is 0 if nothing failed.

A file "broken" names suites that left no results: each is one failure."""
import collections
import pathlib
import re
import sys
import xml.etree.ElementTree as ET

CMOCKA = re.compile(r"^\[  (PASSED|FAILED)  \] (\d+) test\(s\)", re.M)


def outcome(case):
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    # ctest says so in an attribute, too
    if case.find("skipped") is not None or case.get("status") in (
            "disabled", "notrun"):
        return "skipped"
    return "failed" if case.get("status") == "fail" else "passed"


def count_case(case):
    """What one entry stands for: its own tests, where it is a program of
    cmocka that came to its end."""
    result = outcome(case)
    inner = collections.Counter()
    for word, number in CMOCKA.findall(case.findtext("system-out") or ""):
        inner[word.lower()] += int(number)
    if result == "failed" and not inner["failed"]:
        inner["failed"] = 1
    return inner if inner and result != "skipped" else collections.Counter(
        [result])


def main(folder):
    total, bad = collections.Counter(), []
    for file in sorted(folder.glob("*.xml")):
        for case in ET.parse(file).iter("testcase"):
            total += count_case(case)
            if outcome(case) == "failed":
                bad.append("%s: %s" % (file.stem, case.get("name")))
            elif outcome(case) == "skipped":
                print("skipped: %s: %s" % (file.stem, case.get("name")))
    broken = folder / "broken"
    if broken.exists():
        names = broken.read_text().split()
        total["failed"] += len(names)
        bad += ["%s left no results" % name for name in names]
    for name in bad:
        print("failed: " + name)
    line = "%d passed, %d failed" % (total["passed"], total["failed"])
    if total["skipped"]:
        line += ", %d skipped" % total["skipped"]
    print(line)
    return 1 if total["failed"] or not total["passed"] else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
