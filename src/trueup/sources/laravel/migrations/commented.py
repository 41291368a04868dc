"""Schema statements that stand in comments: keys, indexes and columns that somebody switched off."""

from __future__ import annotations

import re
from typing import Literal

from trueup.model.locations import Location
from trueup.model.migrations import CommentedOut
from trueup.sources.php.parse import PhpFile

Kind = Literal["foreign key", "index", "unique", "column", "other"]
_STATEMENT = re.compile(r"(\$\w+->\w+\(.*|Schema::\w+\(.*|DB::(?:statement|unprepared)\(.*)")
_TABLE = re.compile(r"Schema::\w+\(\s*['\"]([\w.]+)['\"]")
_KINDS: tuple[tuple[str, Kind], ...] = (
    (r"->(foreign|constrained|references)\(", "foreign key"),
    (r"->(unique|primary)\(", "unique"),
    (r"->(index|fullText|spatialIndex|rawIndex)\(", "index"),
    (
        r"^\$\w+->(string|text|\w*[iI]nteger|\w*[iI]ncrements|boolean|timestamps?|dateTime|date|json\w*|decimal|float|double|uuid|ulid|foreign\w+|enum|char|\w*Text|softDeletes|\w*morphs|\w*Morphs|id)\(",
        "column",
    ),
)


def commented_out(file: PhpFile) -> tuple[CommentedOut, ...]:
    """Doc comments tell stories and are left out."""
    tables = [(n, m[1]) for n, line in enumerate(_lines(file), 1) if (m := _TABLE.search(line))]
    found: list[CommentedOut] = []
    for comment in file.comments:
        if comment.text.startswith("/**"):
            continue
        for offset, line in enumerate(comment.text.splitlines()):
            made = _read(line, comment.line + offset, file.file, tables)
            if made is not None:
                found.append(made)
    return tuple(found)


def _lines(file: PhpFile) -> list[str]:
    return file.source.decode("utf-8", "replace").splitlines()


def _read(line: str, number: int, file: str, tables: list[tuple[int, str]]) -> CommentedOut | None:
    match = _STATEMENT.match(line.strip().lstrip("/#* \t"))
    if match is None:
        return None
    text = match[1].rstrip("*/ ").rstrip()
    kind: Kind = next((k for pattern, k in _KINDS if re.search(pattern, text)), "other")
    if kind == "other" and not text.startswith(("Schema::", "DB::")):
        return None
    table = next((name for at, name in reversed(tables) if at <= number), "")
    return CommentedOut(text[:200], Location(file, number), kind, table)
