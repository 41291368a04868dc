"""One parse of a file for all readers of a run: models, queries and migrations look at the same classes."""

from __future__ import annotations

from collections.abc import Set

from trueup.sources.php.parse import PhpFile, parse

_kept: dict[tuple[str, bytes], PhpFile] = {}


def parsed(source: bytes, file: str) -> PhpFile:
    """As `parse`; the same text under the same name is parsed once. A file that changes is read anew."""
    found = _kept.get((file, source))
    if found is None:
        found = _kept[file, source] = parse(source, file)
    return found


def keep_only(files: Set[str]) -> None:
    """Lets go of the trees of all other files. To be called between two pieces of work only: a file that is parsed again has other
    nodes."""
    for key in [key for key in _kept if key[0] not in files]:
        _kept.pop(key).let_go()
