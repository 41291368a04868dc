"""Which test files get a fresh database without saying so themselves: from a base class, or from Pest.php."""

from __future__ import annotations

import re

from trueup.sources.laravel.eloquent.classes import ClassIndex
from trueup.structs import Struct, field

_TRAITS = re.compile(
    rb"\b(?:RefreshDatabase|DatabaseTransactions|DatabaseMigrations|LazilyRefreshDatabase|DatabaseTruncation)\b"
)
_IN = re.compile(rb"->\s*+in\(([^)]{0,300}+)\)")
_FOLDER = re.compile(rb"['\"]([^'\"]+)['\"]")


class Suite(Struct, frozen=True):
    """`classes` are lower-case names of classes whose file brings a fresh database, `folders` those that Pest.php gives one."""

    index: ClassIndex
    classes: frozenset[str]
    folders: tuple[str, ...]
    _by_file: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, index: ClassIndex, texts: list[tuple[str, bytes]]) -> Suite:
        """From the test files' texts."""
        fresh = {file for file, source in texts if _TRAITS.search(source)}
        classes = frozenset(d.name.lower() for d in index.declared.values() if d.file in fresh)
        folders: list[str] = []
        for file, source in texts:
            if file.rsplit("/", 1)[-1] == "Pest.php" and file in fresh:
                folders += _folders(file.rsplit("/", 1)[0], source)
        by_file: dict[str, list[str]] = {}
        for declared in index.declared.values():
            by_file.setdefault(declared.file, []).append(declared.name)
        return cls(index, classes, tuple(sorted(folders)), by_file)

    def brings_database(self, file: str) -> bool:
        if any(file.startswith(folder) for folder in self.folders):
            return True
        names = self._by_file.get(file, [])
        return any(parent.lower() in self.classes for name in names for parent in self.index.ancestors(name))


def _folders(base: str, source: bytes) -> list[str]:
    """`uses(RefreshDatabase::class)->in('Feature', __DIR__)`: each statement with such a trait."""
    found: list[str] = []
    for statement in source.split(b";"):
        if not _TRAITS.search(statement):
            continue
        for arguments in _IN.findall(statement):
            if b"__DIR__" in arguments:
                found.append(f"{base}/")
            found += [f"{base}/{name.decode().strip('/')}/" for name in _FOLDER.findall(arguments)]
    return found
