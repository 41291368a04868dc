"""SQLite files, by PRAGMA, opened read only."""

from __future__ import annotations

import os
import sqlite3
from urllib.parse import SplitResult, quote, unquote

from trueup.errors import Mistake, TargetError
from trueup.model.schema import Column, ForeignKey, Index
from trueup.sources.database.found import Found

_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
_COLUMNS = 'SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_xinfo(?)'


def read(parts: SplitResult, found: Found) -> None:
    """`sqlite:///absolute/path` or `sqlite://relative/path`. Raises TargetError for what is no SQLite file."""
    path = unquote(parts.netloc + parts.path)
    if not os.path.isfile(path):
        raise TargetError(Mistake(found.at.file, "no such file", "sqlite:///path/to/file"))
    try:
        connection = sqlite3.connect(f"file:{quote(path)}?mode=ro", uri=True)
    except sqlite3.Error as problem:
        raise TargetError(Mistake(found.at.file, f"can't be opened: {problem}")) from None
    try:
        found.version = sqlite3.sqlite_version
        for (name,) in connection.execute(_TABLES).fetchall():
            _table(connection, name, found)
    except sqlite3.Error as problem:
        raise TargetError(Mistake(found.at.file, f"is no SQLite database: {problem}")) from None
    finally:
        connection.close()


def _table(connection: sqlite3.Connection, table: str, found: Found) -> None:
    found.table(table)
    rows = connection.execute(_COLUMNS, (table,)).fetchall()
    single = sum(1 for row in rows if row[4]) == 1
    for name, kind, notnull, default, key in rows:
        counter = bool(single and key and kind.lower() == "integer")  # as Laravel tells it
        found.columns[table].append(Column(name, kind.lower(), not notnull, default, counter, found.at))
    primary = tuple(row[0] for row in sorted((r for r in rows if r[4]), key=lambda r: r[4]))
    if primary:
        found.indexes.setdefault(table, []).append(Index("primary", primary, True, True, found.at))
    for _, name, unique, origin, _ in connection.execute(
        "SELECT * FROM pragma_index_list(?)", (table,)
    ).fetchall():
        if origin != "pk":
            parts = connection.execute(
                "SELECT name FROM pragma_index_info(?) ORDER BY seqno", (name,)
            ).fetchall()
            columns = tuple(p[0] for p in parts if p[0] is not None)
            found.indexes.setdefault(table, []).append(Index(name, columns, bool(unique), False, found.at))
    _keys(connection, table, found)


def _keys(connection: sqlite3.Connection, table: str, found: Found) -> None:
    keys: dict[int, list[tuple[str | None, ...]]] = {}
    for row in connection.execute(
        "SELECT * FROM pragma_foreign_key_list(?) ORDER BY id, seq", (table,)
    ).fetchall():
        keys.setdefault(row[0], []).append(row[2:7])
    for rows in keys.values():
        foreign = str(rows[0][0])
        others = tuple(r[2] for r in rows if r[2] is not None) or _primary(connection, foreign)
        update, delete = str(rows[0][3]).lower(), str(rows[0][4]).lower()
        own = tuple(str(r[1]) for r in rows)
        found.keys.setdefault(table, []).append(
            ForeignKey(None, own, foreign, others, delete, update, found.at)
        )


def _primary(connection: sqlite3.Connection, table: str) -> tuple[str, ...]:
    rows = connection.execute(
        "SELECT name FROM pragma_table_xinfo(?) WHERE pk > 0 ORDER BY pk", (table,)
    ).fetchall()
    return tuple(r[0] for r in rows)
