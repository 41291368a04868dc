"""`config('a.b', default)` from the project's own config files, as they stand: `env()` answers its default."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from trueup.sources.php import tree
from trueup.sources.php.parse import PhpFile

_MERGE = re.compile(rb"mergeConfigFrom\(\s*([^;]*?)[,\s]*['\"]([\w.\-]+)['\"]\s*,?\s*\)\s*;", re.S)
_FILE = re.compile(rb"([\w.\-]+\.php)['\"]\s*\)?\s*$")


@dataclass(slots=True)
class ConfigFiles:
    """Which file holds which top-level key: `config/x.php` the key x, and what `mergeConfigFrom` says."""

    parsed: Callable[[str], PhpFile]
    _files: dict[str, str] = field(default_factory=dict)
    _merged: dict[str, str] = field(default_factory=dict)

    def add(self, file: str) -> None:
        folder, _, name = file.rpartition("/")
        if folder.rsplit("/", 1)[-1].lower() == "config":
            stem = name[: -len(".php")]
            if stem not in self._files or len(file) < len(self._files[stem]):
                self._files[stem] = file

    def add_merges(self, source: bytes) -> None:
        for path, key in _MERGE.findall(source):
            name = _FILE.search(path.strip())
            if name:
                self._merged.setdefault(key.decode(), name.group(1).decode()[: -len(".php")])

    def entry(self, path: str) -> tuple[tree.Expr, PhpFile] | None:
        """The expression at a dotted path, or None where the project's files have none."""
        key, _, rest = path.partition(".")
        file = self._files.get(key) or self._files.get(self._merged.get(key, ""))
        if file is None:
            return None
        parsed = self.parsed(file)
        value: tree.Expr | None = next(
            (s.value for s in parsed.statements if isinstance(s, tree.Return) and s.value is not None), None
        )
        for part in rest.split(".") if rest else ():
            value = _item(value, part)
        return None if value is None else (value, parsed)


def _item(value: tree.Expr | None, key: str) -> tree.Expr | None:
    if not isinstance(value, tree.ArrayLiteral):
        return None
    for item in reversed(value.items):
        if item is not None and isinstance(item.key, tree.Literal) and str(item.key.value) == key:
            return item.value
    return None
