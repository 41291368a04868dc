"""Every class of a project, found by its text: parsing is for those that matter.

The text search may take a class in a heredoc for a real one; `find` parses the file and answers only for what is declared."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator

from trueup.model.locations import Gap, Location
from trueup.model.project import Project
from trueup.sources.laravel.declared import Declared, declared_in, functions_in, imports, text_of
from trueup.sources.laravel.parsed import parsed
from trueup.sources.php.names import Uses, class_name
from trueup.sources.php.parse import PhpFile
from trueup.sources.php.tree import ClassDecl, FunctionDecl
from trueup.structs import Struct, field

LARGEST_FILE = 4 * 1024 * 1024
"""Bytes. No hand-written class is that long; a longer file is a gap."""

_ALIAS = re.compile(rb"\bclass_alias\(([^,()]++),([^,()]++)[,)]")


class ClassIndex(Struct):
    """The project's classes by lower-case name. The first file in order wins where two declare the same class."""

    root: str
    declared: dict[str, Declared] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    functions: dict[str, list[str]] = field(default_factory=dict)
    """Bare name in lower case → files without classes whose text declares such a function."""
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

    def function(self, name: str) -> tuple[str, FunctionDecl] | None:
        """The project's one function of that bare name, with its file."""
        found = [
            (file, function)
            for file in self.functions.get(name.lower(), ())
            for function in self.parsed(file).functions
            if function.name.lower().rsplit("\\", 1)[-1] == name.lower()
        ]
        return found[0] if len(found) == 1 else None

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
        if b"class_alias" in source:
            self._add_aliases(source)
        found = declared_in(file, source)
        for declared in found:
            self.declared.setdefault(declared.name.lower(), declared)
        if not found:
            for name in functions_in(source):
                self.functions.setdefault(name, []).append(file)

    def _add_aliases(self, source: bytes) -> None:
        uses = imports(source)
        for match in _ALIAS.finditer(source):
            target, alias = (_class_argument(text_of(g.strip()), uses) for g in match.groups())
            if target and alias:
                self.aliases.setdefault(alias.lower(), target)


def _class_argument(text: str, uses: Uses) -> str:
    """`'A\\B'` or `B::class` as a full name, "" for anything else."""
    if text.endswith("::class"):
        return class_name(text[: -len("::class")], uses)
    if len(text) > 2 and text[0] == text[-1] and text[0] in "'\"":
        return text[1:-1].replace("\\\\", "\\").lstrip("\\")
    return ""


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
