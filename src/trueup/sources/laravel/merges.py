"""Configurations that do not bear their file's name: what providers merge by `mergeConfigFrom()`, and files in folders of config/.

Laravel's `ServiceProvider::mergeConfigFrom($path, $key)` puts a file under any dotted key; `LoadConfigurationFiles` makes
`a.b` of config/a/b.php."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_MERGE = re.compile(rb"mergeConfigFrom\(((?:(?!mergeConfigFrom\()[^;])++);", re.S)
_KEY = re.compile(rb"['\"]([\w.\-]++)['\"]$")
_FILE = re.compile(rb"(?<![\w.\-])([\w.\-]+\.php)['\"]\s*+\)?\s*+$")
_EACH = re.compile(
    rb"mergeConfigFrom\([^;]{0,300}?/(?:['\"]\s*+\.\s*+)?\{?\$(\w++)\}?(?:\.php\"|['\"]?\s*+\.\s*+['\"]\.php['\"])\s*+,\s*+"
    rb"['\"]([\w.\-]+\.)(?:['\"]\s*+\.\s*+)?\{?\$(\w+)\}?"
)
"""The call within a loop over names: `("$root/config/$name.php", "package.$name")`."""


def merged_files(providers: Iterable[tuple[str, bytes]], files: Iterable[str]) -> dict[str, str]:
    """Dotted key → file. `providers` are the paths and texts of files that call `mergeConfigFrom`; of several files that may be
    meant, the one that stands nearest to the provider is."""
    configs = [f for f in files if "/config/" in f"/{f}"]
    found: dict[str, str] = {}
    for file in sorted(configs):
        folder, _, rest = file.rpartition("config/")
        if not folder and "/" in rest:
            found.setdefault(rest.removesuffix(".php").replace("/", "."), file)
    for provider, source in sorted(providers):
        for key, stem in _named(source):
            candidates = [f for f in configs if f.endswith(f"/config/{stem}") or f == f"config/{stem}"]
            if candidates:
                found.setdefault(key, min(candidates, key=lambda f: (-_shared(f, provider), f)))
        for prefix in _prefixes(source):
            near = max((_shared(f, provider) for f in configs), default=0)
            for file in configs:
                if _shared(file, provider) == near:
                    stem = file.rsplit("/", 1)[-1].removesuffix(".php")
                    found.setdefault(prefix + stem, file)
    return found


def _named(source: bytes) -> Iterator[tuple[str, str]]:
    for arguments in _MERGE.findall(source):
        key = _KEY.search(arguments.rstrip().removesuffix(b")").rstrip(b", \t\r\n"))
        name = _FILE.search(arguments[: key.start()].strip(b", \t\r\n")) if key else None
        if key and name:
            yield key.group(1).decode(), name.group(1).decode()


def _prefixes(source: bytes) -> Iterator[str]:
    for name, prefix, again in _EACH.findall(source):
        if name == again:
            yield prefix.decode()


def _shared(a: str, b: str) -> int:
    """How many folders two paths have in common."""
    count = 0
    for x, y in zip(a.split("/")[:-1], b.split("/")[:-1], strict=False):
        if x != y:
            break
        count += 1
    return count


def by_longest(files: dict[str, str], key: str) -> tuple[str, str] | None:
    """The file under the longest part of a dotted key, and the rest of the key."""
    parts = key.split(".")
    for length in range(len(parts), 0, -1):
        file = files.get(".".join(parts[:length]))
        if file is not None:
            return file, ".".join(parts[length:])
    return None
