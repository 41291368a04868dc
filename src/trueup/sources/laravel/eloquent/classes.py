"""Every class of a project, found by its text: parsing is for those that matter.

The text search may take a class in a heredoc for a real one; `find` parses the file and answers only for what is declared."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from trueup.model.locations import Gap, Location
from trueup.model.project import Project
from trueup.sources.laravel.parsed import parsed
from trueup.sources.php.names import Uses, class_name
from trueup.sources.php.parse import PhpFile
from trueup.sources.php.tree import ClassDecl

LARGEST_FILE = 4 * 1024 * 1024
"""Bytes. No hand-written class is that long; a longer file is a gap."""

_DECLARATION = re.compile(
    rb"[ \t]*(?:<\?php[ \t]+)?(?:#\[[^\n]*\][ \t]*)?(?:(?:abstract|final|readonly)\s+)*(class|trait|enum|interface)\s+"
    rb"([A-Za-z_\x80-\xff][\w\x80-\xff]*)(?:\s*:\s*(\w+))?(?:\s+extends\s+([\\\w\x80-\xff]+))?",
    re.M | re.I,
)
_NAMESPACE = re.compile(
    rb"^[ \t]*(?:<\?php\s+)?(?:declare[^;]*;\s*)?namespace\s+([\w\\\x80-\xff]+)\s*[;{]", re.M | re.I
)
_USE = re.compile(
    rb"^[ \t]*(?:<\?php\s+)?(?:namespace\s+[\w\\]+;\s*)?use\s+([\w\\\x80-\xff][^;(]*);", re.M | re.I
)
_BEFORE = (b"\n", b";", b"{", b"}")
_KEYWORDS = (b"class ", b"trait ", b"enum ", b"interface ")
_SEPARATORS = re.compile(rb"[\s;,{]")
_GROUP = re.compile(r"(.*?)\\?\{(.*)\}", re.S)
_ALIAS = re.compile(rb"\bclass_alias\(\s*([^,()]+?)\s*,\s*([^,()]+?)\s*[,)]")


@dataclass(frozen=True, slots=True)
class Declared:
    """A class as its text declares it. `parent` is fully qualified, "" for none. `backing` is an enum's type."""

    name: str
    kind: str
    file: str
    parent: str = ""
    backing: str = ""


@dataclass(slots=True)
class ClassIndex:
    """The project's classes by lower-case name. The first file in order wins where two declare the same class."""

    root: str
    declared: dict[str, Declared] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)
    _parsed: dict[str, PhpFile] = field(default_factory=dict)

    def get(self, name: str) -> Declared | None:
        lowered = name.lower()
        found = self.declared.get(lowered)
        if found is None and lowered in self.aliases:
            found = self.declared.get(self.aliases[lowered].lower())
        return found

    def real_name(self, name: str) -> str:
        """As declared: an alias resolved, the case of the declaration."""
        found = self.get(name)
        return found.name if found else self.aliases.get(name.lower(), name)

    def find(self, name: str) -> ClassDecl | None:
        """The parsed class, or None where the project declares none of that name."""
        declared = self.get(name)
        return self.parsed(declared.file).class_named(declared.name) if declared else None

    def parsed(self, file: str) -> PhpFile:
        if file not in self._parsed:
            self._parsed[file] = parsed(read_source(self.root, file) or b"", file)
        return self._parsed[file]

    def ancestors(self, name: str) -> tuple[str, ...]:
        """Parents, nearest first, up to and with the first that the project does not declare. A class that extends itself ends."""
        seen: list[str] = []
        declared = self.get(name)
        while declared is not None and declared.parent:
            parent = self.real_name(declared.parent)
            if parent in seen or parent == name:
                break
            seen.append(parent)
            declared = self.get(parent)
        return tuple(seen)

    def parse_gaps(self) -> Iterator[Gap]:
        """Syntax errors in the files that were parsed."""
        for file in sorted(self._parsed):
            yield from self._parsed[file].gaps

    def add(self, file: str, source: bytes) -> None:
        """Takes in the classes that `source` declares."""
        found = _declarations(source)
        if b"class_alias" in source:
            self._add_aliases(source)
        if not found:
            return
        head = source[: found[0].start()]
        namespace = namespace_of(head)
        if f"{namespace}\\".startswith("Illuminate\\"):
            return  # a copy of the framework's own class, which is known better
        for match in found:
            kind, short, backing, parent = (_text(g) for g in match.groups())
            if short.lower() in ("extends", "implements"):
                continue
            name = f"{namespace}\\{short}" if namespace else short
            full = resolved(head, parent, namespace) if parent and kind.lower() == "class" else ""
            self.declared.setdefault(name.lower(), Declared(name, kind.lower(), file, full, backing.lower()))

    def _add_aliases(self, source: bytes) -> None:
        uses = imports(source)
        for match in _ALIAS.finditer(source):
            target, alias = (_class_argument(_text(g), uses) for g in match.groups())
            if target and alias:
                self.aliases.setdefault(alias.lower(), target)


def _declarations(source: bytes) -> list[re.Match[bytes]]:
    """Looks for the keyword first: a search for the whole pattern on every line would take ten times as long."""
    found: dict[int, re.Match[bytes]] = {}
    for keyword in _KEYWORDS:
        position = source.find(keyword)
        while position >= 0:
            start = max(source.rfind(mark, 0, position) for mark in _BEFORE) + 1
            match = _DECLARATION.match(source, start) if start not in found else None
            if match is not None:
                found[start] = match
            position = source.find(keyword, position + len(keyword))
    return [found[start] for start in sorted(found)]


def namespace_of(head: bytes) -> str:
    match = _NAMESPACE.search(head)
    return _text(match.group(1)) if match else ""


def resolved(head: bytes, written: str, namespace: str) -> str:
    """The full name of one class, as `imports` would have it, without reading every import."""
    if "\\" not in written:
        name = written.encode("utf-8", "surrogateescape")
        end = head.find(b"\\" + name + b";")
        start = head.rfind(b"use ", 0, end) if end >= 0 else -1
        full = head[start + 4 : end + 1 + len(name)] if start >= 0 else b""
        if full and not _SEPARATORS.search(full):
            return _text(full).lstrip("\\")
    return class_name(written, imports(head, namespace))


def imports(head: bytes, namespace: str | None = None) -> Uses:
    """Namespace and `use` imports of the text before a file's first class."""
    uses = Uses(namespace_of(head) if namespace is None else namespace)
    for clause in _USE.findall(head):
        for name, alias in _names(_text(clause).strip()):
            uses.classes.setdefault(alias.lower(), name.lstrip("\\"))
    return uses


def _names(clause: str) -> Iterator[tuple[str, str]]:
    """`A\\B`, `A\\B as C`, `A\\{B, C as D}` → (full name, alias). Functions and constants are of no interest."""
    if clause.startswith(("function ", "const ")):
        return
    group = _GROUP.fullmatch(clause)
    prefix, inner = (group.group(1) + "\\", group.group(2)) if group else ("", clause)
    for part in inner.split(","):
        words = part.split()
        if not words or words[0] in ("function", "const"):
            continue
        alias = words[2] if len(words) == 3 and words[1].lower() == "as" else words[0].rsplit("\\", 1)[-1]
        yield prefix + words[0], alias


def _class_argument(text: str, uses: Uses) -> str:
    """`'A\\B'` or `B::class` as a full name, "" for anything else."""
    if text.endswith("::class"):
        return class_name(text[: -len("::class")], uses)
    if len(text) > 2 and text[0] == text[-1] and text[0] in "'\"":
        return text[1:-1].replace("\\\\", "\\").lstrip("\\")
    return ""


def _text(value: bytes | None) -> str:
    return value.decode("utf-8", "surrogateescape") if value else ""


def read_source(root: str, file: str) -> bytes | None:
    """A file's bytes; None where it can't be read or is too long."""
    path = os.path.join(root, file)
    try:
        with open(path, "rb") as handle:
            source = handle.read(LARGEST_FILE + 1)
    except OSError:
        return None
    return source if len(source) <= LARGEST_FILE else None


def sources(project: Project, files: Iterable[str], gaps: list[Gap]) -> Iterator[tuple[str, bytes]]:
    """(file, bytes) of each readable file."""
    for file in files:
        source = read_source(project.root, file)
        if source is None:
            gaps.append(Gap(Location(file), "unreadable, or longer than 4 MB", "unreadable-file"))
        else:
            yield file, source
