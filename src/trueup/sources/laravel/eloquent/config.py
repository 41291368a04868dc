"""`config('a.b', default)` from the project's own config files, as they stand: `env()` answers its default."""

from __future__ import annotations

from collections.abc import Callable

from trueup.sources.laravel.merges import by_longest, merged_files
from trueup.sources.php import tree
from trueup.sources.php.parse import PhpFile
from trueup.structs import Struct, field


class ConfigFiles(Struct):
    """Which file holds which top-level key: `config/x.php` the key x, and what `mergeConfigFrom` says."""

    parsed: Callable[[str], PhpFile]
    _files: dict[str, str] = field(default_factory=dict)
    _all: list[str] = field(default_factory=list)
    _providers: list[tuple[str, bytes]] = field(default_factory=list)
    _merged: dict[str, str] | None = None

    def add(self, file: str) -> None:
        if "/config/" in f"/{file}":
            self._all.append(file)
        folder, _, name = file.rpartition("/")
        if folder.rsplit("/", 1)[-1].lower() == "config":
            stem = name[: -len(".php")]
            if stem not in self._files or len(file) < len(self._files[stem]):
                self._files[stem] = file

    def add_merges(self, file: str, source: bytes) -> None:
        self._providers.append((file, source))

    def entry(self, path: str) -> tuple[tree.Expr, PhpFile] | None:
        """The expression at a dotted path, or None where the project's files have none."""
        key, _, rest = path.partition(".")
        file = self._files.get(key)
        if file is None:
            if self._merged is None:
                self._merged = merged_files(self._providers, self._all)
            found = by_longest(self._merged, path)
            if found is None:
                return None
            file, rest = found
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
