"""What stands where."""
import os
import re

from tree import ROOT, sources, text, tracked

TOP = {
    "enum", "routing", "gateway", "tests", "config", "docker", "docs", ".ci",
    "debian", ".github",
    "CMakeLists.txt", "CMakePresets.json", "README.md", "LICENSE",
    "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", ".gitignore",
    ".gitattributes", ".clang-format", ".clang-tidy", ".editorconfig",
    ".dockerignore",
}
WANTED = [
    "README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md",
    "docs/architecture.md", "docs/rfc.md", "docs/operation.md",
    "docs/security.md", "config/imgw.yaml",
]
TEXTS = (".c", ".h", ".cc", ".py", ".sh", ".md", ".yaml", ".story", ".lua")


def test_the_top_level_holds_only_the_names_of_the_design():
    assert sorted({path.parts[0] for path in tracked()} - TOP) == []


def test_the_files_that_people_look_for_exist():
    assert [name for name in WANTED if not (ROOT / name).exists()] == []


def test_scripts_can_be_run():
    bad = [str(path) for path in tracked()
           if (path.suffix == ".sh" or str(path) == ".ci/run")
           and not (os.access(ROOT / path, os.X_OK)
                    and text(path).startswith("#!"))]
    assert bad == []


def test_no_file_of_ours_is_longer_than_400_lines():
    assert [str(path) for path in sources()
            if len(text(path).splitlines()) > 400] == []


def test_lines_end_cleanly():
    assert [str(path) for path in tracked() if path.suffix in TEXTS
            and (re.search(r"[ \t]+$", text(path), re.M)
                 or not text(path).endswith("\n"))] == []


def test_every_fuzz_target_has_seeds():
    bad = []
    for path in tracked():
        if path.match("tests/fuzz/*_fuzz.c"):
            corpus = (ROOT / "tests/fuzz/corpus" /
                      path.stem.removesuffix("_fuzz"))
            if not corpus.is_dir() or len(list(corpus.iterdir())) < 5:
                bad.append(path.name)
    assert bad == []
