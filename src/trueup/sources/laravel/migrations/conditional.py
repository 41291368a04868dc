"""Columns that a package's migration makes only under a configuration that an application may have and the package has not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trueup.model.locations import Gap, Location
from trueup.model.schema import Schema

_CONFIGURED = re.compile(rb"\b(?:config|env)\s*+\(|\b(?:Config|Env)::")
_DOWN = re.compile(rb"\bfunction\s++down\b")
_COLUMN = re.compile(
    rb"""->\s*+(?:(?:unsigned)?(?:tiny|small|medium|big)?integer|string|char|(?:tiny|medium|long)?text|boolean|jsonb?|date(?:time)?(?:tz)?"""
    rb"""|time(?:stamp)?(?:tz)?|year|uuid|ulid|foreign(?:id|uuid|ulid)|enum|set|decimal|float|double|binary|ipaddress)"""
    rb"""\(\s*+['"](\w{1,64}+)['"]""",
    re.IGNORECASE,
)


def conditional_columns(path: str, source: bytes, built: Schema) -> Iterator[Gap]:
    """A gap for each column that the text of a migration, which asks for configuration, names and that no table has when it has
    run. `source` is the file's."""
    down = _DOWN.search(source)
    text = source[: down.start()] if down else source
    if _CONFIGURED.search(text) is None:
        return
    there = {column.name.lower() for table in built.tables for column in table.columns}
    for found in _COLUMN.finditer(text):
        name = found.group(1).decode("ascii", "replace")
        if name.lower() not in there:
            at = Location(path, text.count(b"\n", 0, found.start()) + 1)
            yield Gap(at, f"`{name}` is made under a condition that an application may meet", "undecided")
