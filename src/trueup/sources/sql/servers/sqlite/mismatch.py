"""Foreign keys that SQLite finds malformed only when a row is written: "foreign key mismatch".

The columns referred to must be the primary key or have a unique index of exactly these columns. Source: `sqlite3FkLocateIndex`
and `sqlite3FkCheck` in fkey.c."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from trueup.model.schema import ForeignKey
from trueup.sources.sql.servers.catalog import TableState
from trueup.sources.sql.servers.refused import Refused
from trueup.sources.sql.servers.sqlite.build import refused

if TYPE_CHECKING:
    from trueup.sources.sql.servers.sqlite.server import SqliteServer


def check_written(server: SqliteServer, state: TableState, several: bool) -> None:
    """A row is written to the table; `several`: by a statement that may write more than one, which looks at the keys that refer
    to the table too. Raises `Refused`."""
    for key in state.keys.values():
        _check(server, state, key)
    if several:
        for child, key in _referring(server, state):
            _check(server, child, key)


def check_dropped(server: SqliteServer, state: TableState) -> None:
    """Dropping a table deletes its rows first, and then deletes or updates rows of the tables that refer to it: what is wrong
    there stops it."""
    table = server.table_key(state.name)
    for child, key in _referring(server, state):
        if server.table_key(child.name) == table:
            continue
        if key.on_delete == "cascade":
            check_written(server, child, several=True)
        elif key.on_delete in ("set null", "set default"):
            check_updated(server, child, key.columns)


def check_updated(server: SqliteServer, state: TableState, columns: Iterable[str]) -> None:
    """These columns are written anew: the keys they belong to are looked at, and if there are any, those that refer here."""
    written = {column.lower() for column in columns}
    touched = [key for key in state.keys.values() if written & {c.lower() for c in key.columns}]
    for key in touched:
        _check(server, state, key)
    for child, key in _referring(server, state) if touched else ():
        _check(server, child, key)


def _referring(server: SqliteServer, state: TableState) -> Iterable[tuple[TableState, ForeignKey]]:
    table = server.table_key(state.name)
    for child in server.catalog.children(table):
        for key in server.catalog.tables[child].keys.values():
            if server.table_key(key.foreign_table) == table:
                yield server.catalog.tables[child], key


def _check(server: SqliteServer, child: TableState, key: ForeignKey) -> None:
    parent = server.table(key.foreign_table)
    if parent is None:
        raise refused(f"no such table: main.{key.foreign_table}")
    if not parent.unknown_columns and not _is_key(parent, key):
        raise _mismatch(child, parent)


def _mismatch(child: TableState, parent: TableState) -> Refused:
    return refused(f'foreign key mismatch - "{child.name}" referencing "{parent.name}"')


def _is_key(parent: TableState, key: ForeignKey) -> bool:
    primary = parent.extra.get("primary", "").lower().split("\0") if "primary" in parent.extra else []
    if not key.foreign_columns:
        return len(primary) == len(key.columns)
    wanted = sorted(c.lower() for c in key.foreign_columns)
    if wanted == sorted(primary):
        return True
    return any(
        index.unique
        and not index.where
        and not index.expressions
        and sorted(c.lower() for c in index.columns) == wanted
        for index in parent.indexes.values()
    )
