"""Paths in a ticket's text, and whether they are there.

A path may hold spaces ("docs/Planning/Tickets/Budget Cost Tracking/Audit/"), be a folder or a glob, or a pattern for files
still to be made ("database/migrations/[new]_create_x.php")."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trueup.structs import Struct

EXTENSIONS = frozenset(
    {
        "blade",
        "css",
        "csv",
        "dbml",
        "dist",
        "env",
        "html",
        "ini",
        "js",
        "json",
        "lock",
        "log",
        "markdown",
        "md",
        "mmd",
        "neon",
        "phar",
        "php",
        "sh",
        "sql",
        "sqlite",
        "stub",
        "svg",
        "toml",
        "ts",
        "txt",
        "vue",
        "xlsx",
        "xml",
        "yaml",
        "yml",
    }
)
DOCUMENTS = frozenset({"dbml", "markdown", "md", "mmd", "sql"})
TOP_FOLDERS = frozenset(
    {
        ".github",
        "Modules",
        "app",
        "bin",
        "bootstrap",
        "config",
        "database",
        "doc",
        "docs",
        "documentation",
        "examples",
        "lang",
        "modules",
        "packages",
        "public",
        "resources",
        "routes",
        "scripts",
        "spec",
        "specs",
        "src",
        "storage",
        "stubs",
        "tests",
        "tools",
    }
)


class FoundPath(Struct, frozen=True):
    """`offset` is where it starts in the text; `planned`: a pattern with a place-holder."""

    path: str
    offset: int
    planned: bool = False


_PART = r"[\w.@~*?{}\[\]<>#$+-](?:[\w.@~*?{}\[\]<>#$+,-]{0,200}[\w*?}\]>#$+@-])?"
_WORDS = rf"{_PART}(?:[ ]&?[ ]?[A-Z0-9<\[][\w.<>\[\]#-]*){{0,5}}"
_SLASHED = re.compile(
    rf"(?<![\w/\\:.@-])(?:\.{{1,2}}/|/)?{_PART}/(?:(?:{_WORDS}|<[^<>\n]{{1,40}}>|\[[^\[\]\n]{{1,40}}\])/){{0,12}}(?:{_PART})?"
)
_FILE_WITH_SPACES = re.compile(r"[^`*\"'<>|\n]{1,120}?\.(?:md|php|txt|json|sql)\b")
_BARE = re.compile(rf"(?<![\w/\\:.@-])(?:{_PART})(?![\w/\\(])")
_URL = re.compile(r"\b[a-z][a-z0-9+.-]{1,10}://\S+")
_BOLD = re.compile(r"(?<![\w/.*])\*\*([^*\n]+)\*\*(?![\w/*])")
_HOLDER = re.compile(r"\[[^\]\[]*\]|<[^<>]*>|#{2,}|\bX{3,}\b|\bYYYY")


def find_paths(
    text: str, bare: frozenset[str] = DOCUMENTS, top: frozenset[str] = TOP_FOLDERS
) -> Iterator[FoundPath]:
    """The paths in running text. With a slash: those under a folder of `top`, or with a known extension. Without: names with an
    extension of `bare`."""
    blanked = _BOLD.sub(r"  \1  ", _URL.sub(lambda m: " " * len(m[0]), text))
    taken: list[tuple[int, int]] = []
    for match in _SLASHED.finditer(blanked):
        path = match[0].rstrip(".,;:")
        if _is_path(path, top):
            taken.append((match.start(), match.start() + len(path)))
            yield FoundPath(path, match.start(), planned=_is_pattern(path))
    for match in _BARE.finditer(blanked):
        name = match[0].rstrip(".,;:")
        if extension(name) in bare and not any(a <= match.start() < b for a, b in taken):
            yield FoundPath(name, match.start(), planned=_is_pattern(name))


def entry_path(text: str) -> FoundPath | None:
    """The path that an entry of a "Related" list begins with ("src/Models/ - Eloquent models", "`phpunit.xml`: ...",
    "[Specification](docs/SPEC.md)"), or None."""
    link = re.match(r"\s*+\[[^\]\n]*+\]\(([^)\s]++)[^)\n]*+\)", text)
    if link:
        return (
            None
            if _URL.match(link[1])
            else FoundPath(link[1].split("#")[0], link.start(1))
            if link[1].split("#")[0]
            else None
        )
    quoted = re.match(r"\s*\*{0,2}`([^`\n]+)`", text)
    if quoted:
        return (
            FoundPath(quoted[1].strip(), quoted.start(1), _is_pattern(quoted[1]))
            if looks_like_path(quoted[1].strip())
            else None
        )
    return _leading_path(text)


def _leading_path(text: str) -> FoundPath | None:
    subject = (
        re.split(r"(?<!\s)\s++(?:[-–—:]{1,2}\s++|\()|:\s", text, maxsplit=1)[0]
        .strip()
        .strip("*")
        .rstrip(".,;:")
    )
    start = text.find(subject)
    if looks_like_path(subject) or (
        "/" in subject and _FILE_WITH_SPACES.fullmatch(subject) and " and " not in subject
    ):
        return FoundPath(subject, start, _is_pattern(subject))
    first = subject.split(" ", 1)[0]
    if "/" in first and looks_like_path(first) and (first.endswith("/") or _is_path(first, TOP_FOLDERS)):
        return next(find_paths(text), None) or FoundPath(first, start, _is_pattern(first))
    return None


def looks_like_path(text: str) -> bool:
    """Whether a whole text is a path: no sentence, class name or method call."""
    if not text or _URL.match(text) or "::" in text or "(" in text or "$" in text or len(text) > 300:
        return False
    if " " in text:
        return bool(_SLASHED.fullmatch(text))
    if "/" in text:
        return bool(_SLASHED.fullmatch(text)) and not re.fullmatch(r"[\d/.]+", text)
    return extension(text) in EXTENSIONS or bool(re.fullmatch(r"\.[a-z][\w.-]+", text))


def extension(path: str) -> str:
    name = path.rsplit("/", 1)[-1]
    return name.rsplit(".", 1)[1].lower() if "." in name[:-1] else ""


def _is_path(path: str, top: frozenset[str]) -> bool:
    if re.fullmatch(r"[\d./]+", path) or "//" in path:
        return False
    return path.removeprefix("./").split("/", 1)[0] in top or extension(path) in EXTENSIONS


def _is_pattern(path: str) -> bool:
    return _HOLDER.search(path) is not None
