"""The source tree as these tests see it."""
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCE_FOLDERS = ("enum", "routing", "gateway")


def tracked():
    """Every file that is or could be committed, relative to the root."""
    try:
        done = subprocess.run(
            ["git", "-c", "safe.directory=*", "ls-files", "--cached",
             "--others", "--exclude-standard"],
            cwd=ROOT, capture_output=True, text=True, check=True)
        names = done.stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):    # an unpacked archive
        names = [str(path.relative_to(ROOT)) for path in ROOT.rglob("*")
                 if path.is_file()]
    return [pathlib.Path(name) for name in sorted(names)
            if (ROOT / name).exists() and not name.startswith(("build/", ".git/"))]


def sources(*suffixes):
    """Our program's own files."""
    return [path for path in tracked() if path.parts[0] in SOURCE_FOLDERS
            and path.suffix in (suffixes or (".c", ".h", ".cc"))]


def text(path):
    return (ROOT / path).read_text()


def includes(path):
    """What a file includes: 'enum/text.h' or '<ares.h>'."""
    found = re.findall(r'^\s*#\s*include\s*(?:"([^"]+)"|(<[^>]+>))',
                       text(path), re.M)
    return [own or system for own, system in found]


def code(path):
    """A file without comments and literals, its lines kept."""
    def blank(match):
        return "\n" * match.group(0).count("\n") or '""'
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'',
                  blank, text(path), flags=re.S)
