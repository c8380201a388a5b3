"""What our code must not contain."""
import re
import subprocess

from tree import ROOT, code, sources, text, tracked

# what to use instead
FORBIDDEN = {
    "strcpy": "struct text", "strcat": "struct text", "strncpy": "struct text",
    "strncat": "struct text", "sprintf": "struct text",
    "vsprintf": "struct text", "gets": "getline", "strtok": "struct span",
    "strtok_r": "struct span", "atoi": "struct span", "atol": "struct span",
    "atof": "struct span", "alloca": "an array with a bound",
    "select": "the loop", "gethostbyname": "enum/dns.h",
    "system": "nothing", "popen": "nothing", "sleep": "a timer of the loop",
    "usleep": "a timer of the loop", "rand": "getrandom",
    "random": "getrandom", "localtime": "localtime_r", "gmtime": "gmtime_r",
    "setjmp": "a status", "longjmp": "a status",
}
CALL = re.compile(r"(?<![\w.>])(%s)\s*\(" % "|".join(FORBIDDEN))
SPEAKS = re.compile(r"\b(log_\w+|exit|_exit|abort|printf|fprintf|puts|perror)"
                    r"\s*\(")
# store_crash.c counts commits, and only in a build that is to crash.
MAY_HAVE_STATE = ("main.c.o", "log.c.o", "store_crash.c.o")


def found(pattern, paths):
    return ["%s: %s" % (path, name) for path in paths
            for name in re.findall(pattern, code(path))]


def test_no_function_is_called_that_invites_a_mistake():
    assert found(CALL, sources()) == []


def test_names_are_resolved_by_our_own_dns_only():
    """getaddrinfo waits; where it stands it must say AI_NUMERICHOST."""
    bad = [str(path) for path in sources()
           if re.search(r"\bgetaddrinfo\s*\(", code(path))
           and "AI_NUMERICHOST" not in code(path)]
    assert bad == []


def test_enum_and_routing_never_log_and_never_exit():
    assert found(SPEAKS, [path for path in sources()
                          if path.parts[0] != "gateway"]) == []


def test_no_struct_has_a_typedef_and_no_name_of_ours_ends_in_t():
    assert found(r"\btypedef\s+(?:struct|union|enum)\b[^;(]*;",
                 sources(".c", ".h")) == []
    assert found(r"\b(?:struct|enum|union)\s+\w+_t\b\s*[{;]",
                 sources(".c", ".h")) == []


def objects():
    """The object files of the program in the newest build; it may hold some
    whose source has gone."""
    names = {path.name + ".o" for path in sources(".c")}
    builds = sorted(ROOT.glob("build/*/CMakeFiles"),
                    key=lambda path: path.stat().st_mtime)
    return [path for path in (builds[-1].rglob("*.c.o") if builds else [])
            if path.name in names and "tests" not in path.parts]


def mutable_symbols(path):
    """Names in .data and .bss. Tables of pointers are constant, too: they
    stand in .data.rel.ro; sanitizers and coverage add state of their own."""
    done = subprocess.run(["objdump", "-t", path], capture_output=True,
                          text=True, check=True)
    found = re.findall(r" O (\.(?:data|bss|tbss|tdata)\S*)\s+\S+\s+(.*)$",
                       done.stdout, re.M)
    return [name for section, name in found
            if not section.startswith(".data.rel.ro")
            and not re.match(r"__|\.L|\.hidden __|\*\.L", name)]


def test_there_is_no_mutable_state_outside_of_main_and_log():
    assert objects(), "nothing is built under build/"
    assert ["%s: %s" % (path.name, name) for path in objects()
            if path.name not in MAY_HAVE_STATE
            for name in mutable_symbols(path)] == []


def test_nothing_is_left_open():
    words = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    bad = [str(path) for path in tracked()
           if path.suffix in (".c", ".h", ".cc", ".sh", ".md", ".yaml")
           and words.search(text(path))]
    assert bad == []


def test_unit_tests_are_named_by_sentences():
    """cmocka prints the name of what failed: it must read as a claim."""
    bad = []
    for path in tracked():
        if path.match("tests/unit/*_test.c"):
            functions = re.findall(r"^static void (\w+)\(", text(path), re.M)
            tests = re.findall(r"cmocka_unit_test\w*\((\w+)", text(path))
            bad += ["%s: %s" % (path.name, name) for name in tests
                    if name in functions and name.count("_") < 2]
    assert bad == []
