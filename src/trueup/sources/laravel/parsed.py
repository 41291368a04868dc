"""One parse of a file for all readers of a run: models, queries and migrations look at the same classes."""

from __future__ import annotations

from functools import lru_cache

from trueup.sources.php.parse import PhpFile, parse


@lru_cache(maxsize=8192)
def parsed(source: bytes, file: str) -> PhpFile:
    """As `parse`; the same text under the same name is parsed once. A file that changes is read anew."""
    return parse(source, file)
