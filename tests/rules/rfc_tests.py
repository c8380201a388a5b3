"""Which test carries which requirement id.

An id stands in the name of a test (enum_14_a_later_order, xmpp_2_8_, and in
xmpp_5_and_17_), in the comment at the top of a story or fuzz target, in the
docstring of a Python test, or in a comment inside of a test, beside the line
that proves it: "SIP-1", "ENUM-12/13", "ENUM-18..23"."""
import ast
import collections
import re

from tree import ROOT

FAMILIES = "ENUM|TEL|IM|SIP|MAP|XMPP|RCPT|SEC|CARR|CONF"
IN_NAME = re.compile(r"(?<![a-z0-9])(%s)((?:_(?:and_)?\d+(?![a-z0-9]))+)" %
                     FAMILIES.lower())
IN_TEXT = re.compile(r"\b(%s)-(\d+)((?:(?:\.\.|/|, ?-)\d+)*)" % FAMILIES)
NEXT = re.compile(r"(\.\.|/|, ?-)(\d+)")

C_TEST = re.compile(r"^(?:static void\s+)?(\w+)\(void \*\*\w+\)\n\{(.*?)^\}",
                    re.M | re.S)
C_ROW = re.compile(r'^\t*\{\s*"(\w+)"', re.M)
C_COMMENT = re.compile(r"/\*.*?\*/", re.S)

# most telling first; a suite that is not named here comes before unit
ORDER = ["conformance", "peers", "story", "cli", "", "unit", "fuzz"]

# `named`: the ids in its name; `beside`: those in its comments
Test = collections.namedtuple("Test", "suite name named beside")


def ids_in_name(name):
    return ["%s-%s" % (family.upper(), number)
            for family, numbers in IN_NAME.findall(name)
            for number in re.findall(r"\d+", numbers)]


def ids_in_text(text):
    found = []
    for family, first, more in IN_TEXT.findall(text):
        numbers = [int(first)]
        for sign, number in NEXT.findall(more):
            begin = numbers[-1] + 1 if sign == ".." else int(number)
            numbers += range(begin, int(number) + 1)
        found += ["%s-%d" % (family, number) for number in numbers]
    return found


def in_c(path, text):
    for name, body in C_TEST.findall(text):
        yield Test(path.parent.name, name, ids_in_name(name),
                   ids_in_text(" ".join(C_COMMENT.findall(body))))
    for name in C_ROW.findall(text):
        yield Test(path.parent.name, name, ids_in_name(name), [])


def python_remarks(function, lines):
    """The docstring, and comments from the decorators to the end."""
    begin = min([function.lineno] +
                [mark.lineno for mark in function.decorator_list])
    comments = [line.partition("#")[2]
                for line in lines[begin - 1:function.end_lineno]]
    return " ".join([ast.get_docstring(function) or "", *comments])


def in_python(path, text):
    for function in ast.walk(ast.parse(text)):
        if (isinstance(function, ast.FunctionDef)
                and function.name.startswith("test_")):
            name = function.name.removeprefix("test_")
            yield Test(path.parent.name, name, ids_in_name(name),
                       ids_in_text(python_remarks(function,
                                                  text.splitlines())))


def in_story(path, text):
    top = re.match(r"(?:#.*\n)*", text).group()
    yield Test("story", str(path.relative_to(ROOT)), ids_in_text(top), [])


def in_fuzz(path, text):
    top = re.match(r"/\*.*?\*/|", text, re.S).group()
    yield Test("fuzz", str(path.relative_to(ROOT)), ids_in_text(top), [])


READERS = [("tests/unit/*_test.c", in_c), ("tests/*/test_*.py", in_python),
           ("tests/story/*.story", in_story), ("tests/fuzz/*_fuzz.c", in_fuzz)]


def all_tests():
    return [test for pattern, read in READERS
            for path in sorted(ROOT.glob(pattern))
            for test in read(path, path.read_text())]


def weight(test, name):
    """How much a test tells about an id; the least is the most telling."""
    suite = ORDER.index(test.suite if test.suite in ORDER else "")
    if name in test.named:
        return suite, 0, test.named.index(name), len(test.named)
    return suite, 1, 0, len(test.beside)


def by_id():
    """Tests of each id, the most telling first."""
    found = collections.defaultdict(list)
    for test in all_tests():
        for name in dict.fromkeys(test.named + test.beside):
            found[name].append(test)
    for name, tests in found.items():
        tests.sort(key=lambda test: weight(test, name))
    return found
