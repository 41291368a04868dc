"""ALTER TABLE's columns on SQLite: ADD, DROP, RENAME, and all that stops them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trueup.model.schema import Check
from trueup.sources.sql.ddl import ColumnDef
from trueup.sources.sql.expressions import allowed_values, names_in, renamed_in
from trueup.sources.sql.servers.base import view_sources
from trueup.sources.sql.servers.catalog import TableState
from trueup.sources.sql.servers.sqlite.build import (
    ALL_GENERATED,
    COLUMNS_LIMIT,
    all_generated,
    inline_key,
    make_column,
    refused,
)
from trueup.sources.sql.servers.sqlite.notes import check_schema
from trueup.structs import replace

if TYPE_CHECKING:
    from trueup.sources.sql.servers.sqlite.server import SqliteServer

_CONSTANT = re.compile(
    r"^(?:[+-]?(?:\d|\.)[\w.+-]*|'(?:[^']|'')*'|x'[0-9a-f]*'|null|true|false|\"[^\"]*\"|[A-Za-z]\w*)$",
    re.I | re.S,
)
_CLOCK = ("current_timestamp", "current_date", "current_time")


def add(server: SqliteServer, state: TableState, written: ColumnDef) -> None:
    """ADD COLUMN. What needs every row to be written anew is refused where there are rows."""
    key = written.name.lower()
    if key in state.columns:
        raise refused(f"duplicate column name: {written.name}")
    if written.primary:
        raise refused("Cannot add a PRIMARY KEY column")
    if written.unique:
        raise refused("Cannot add a UNIQUE column")
    if state.extra.get("rows"):
        _check_rows(server, written)
    if len(state.columns) >= COLUMNS_LIMIT:
        raise refused(f"too many columns on sqlite_altertab_{state.name}")
    state.columns[key] = make_column(written)
    if written.check is not None:
        values = allowed_values(written.check)
        state.checks[f"inline:{key}"] = Check(
            written.check_name, written.check, (written.name,), values, written.at
        )
    if written.generated is not None:
        server.check_expression(state, written.generated, calls=False)
    foreign = inline_key(len(state.columns), written)
    if foreign is not None:
        server.add_key(state, *foreign)


def _check_rows(server: SqliteServer, written: ColumnDef) -> None:
    default = written.default
    missing = default is None or default.strip("() ").lower() == "null"
    if written.generated is not None:
        if written.stored:
            raise refused("cannot add a STORED column")
        return
    if server.foreign_key_checks and written.references is not None and not missing:
        raise refused("Cannot add a REFERENCES column with non-NULL default value")
    if written.nullable is False and missing:
        raise refused("Cannot add a NOT NULL column with default value NULL")
    if default is not None and (default.lower() in _CLOCK or not _CONSTANT.match(default.strip())):
        raise refused("Cannot add a column with non-constant default")


def drop(server: SqliteServer, state: TableState, name: str) -> None:
    """DROP COLUMN (since 3.35): not of a key, nor of anything that still names the column."""
    if server.version < (3, 35):
        raise refused('near "DROP": syntax error')
    key = name.lower()
    column = state.columns.get(key)
    if column is None:
        raise refused(f'no such column: "{name}"')
    primary = state.extra.get("primary", "").lower().split("\0")
    if key in primary:
        raise refused(f'cannot drop PRIMARY KEY column: "{name}"')
    if f"unique:{key}" in state.extra:
        raise refused(f'cannot drop UNIQUE column: "{name}"')
    if len(state.columns) == 1:
        raise refused(f'cannot drop column "{name}": no other columns exist')
    check_schema(server)
    del state.columns[key]
    state.checks.pop(f"inline:{key}", None)
    for foreign in [k for k in state.keys if k.startswith("inline:") and k.split(":", 2)[2] == key]:
        server.drop_key(state, foreign)
    _check_left(server, state, key, name)


def _check_left(server: SqliteServer, state: TableState, key: str, name: str) -> None:
    """What is left may not name the column that went, nor be computed alone."""
    where = f"error in table {state.name} after drop column"
    if all_generated(state):
        raise refused(f"{where}: {ALL_GENERATED}")
    for foreign in state.keys.values():
        if key in (c.lower() for c in foreign.columns):
            raise refused(f'{where}: unknown column "{name}" in foreign key definition')
    texts = [c.expression for c in state.checks.values()]
    texts += [c.generated for c in state.columns.values() if c.generated is not None]
    if any(key in names_in(text) for text in texts):
        raise refused(f"{where}: no such column: {name}")
    for index in state.indexes.values():
        automatic = index.name.lower().startswith("sqlite_autoindex_")
        if automatic and key in (c.lower() for c in index.columns):
            raise refused(f"{where}: no such column: {name}")
    for note in server.catalog.notes.values():
        sources = [source.lower() for source in view_sources(note.text)] if note.kind == "view" else []
        if sources == [state.name.lower()] and key in names_in(note.text):
            raise refused(f"error in view {note.name} after drop column: no such column: {name}")
    problem = server.index_problem()
    if problem is not None:
        raise refused(f"error in index {problem[0]} after drop column: no such column: {problem[1]}")


def rename(server: SqliteServer, state: TableState, old: str, new: str) -> None:
    """RENAME COLUMN: everything that names the column follows, in this table and in others' keys."""
    key = old.lower()
    column = state.columns.get(key)
    if column is None:
        raise refused(f'no such column: "{old}"')
    check_schema(server)
    problem = server.index_problem()
    if problem is not None:
        raise refused(f"error in index {problem[0]}: no such column: {problem[1]}")
    if new.lower() != key and new.lower() in state.columns:
        raise refused(f"error in table {state.name} after rename: duplicate column name: {new}")
    state.columns = {
        (new.lower() if k == key else k): (replace(c, name=new) if k == key else c)
        for k, c in state.columns.items()
    }
    _follow_in_table(state, old, new)
    _follow_in_keys(server, state, old, new)


def _swap(names: tuple[str, ...], old: str, new: str) -> tuple[str, ...]:
    return tuple(new if name.lower() == old.lower() else name for name in names)


def _quoted(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z_]\w*", name) else f'"{name}"'


def _follow_in_table(state: TableState, old: str, new: str) -> None:
    for key, column in list(state.columns.items()):
        if column.generated is not None:
            state.columns[key] = replace(column, generated=renamed_in(column.generated, old, new, _quoted))
    for key, check in list(state.checks.items()):
        expression = renamed_in(check.expression, old, new, _quoted)
        moved = f"inline:{new.lower()}" if key == f"inline:{old.lower()}" else key
        del state.checks[key]
        state.checks[moved] = replace(check, expression=expression, columns=_swap(check.columns, old, new))
    for key, index in list(state.indexes.items()):
        where = renamed_in(index.where, old, new, _quoted) if index.where else None
        expressions = tuple(renamed_in(e, old, new, _quoted) for e in index.expressions)
        state.indexes[key] = replace(
            index, columns=_swap(index.columns, old, new), where=where, expressions=expressions
        )
    primary = tuple(state.extra.get("primary", "").split("\0"))
    if primary != ("",):
        state.extra["primary"] = "\0".join(_swap(primary, old, new))
    if f"unique:{old.lower()}" in state.extra:
        state.extra[f"unique:{new.lower()}"] = state.extra.pop(f"unique:{old.lower()}")


def _follow_in_keys(server: SqliteServer, state: TableState, old: str, new: str) -> None:
    for key, foreign in list(state.keys.items()):
        moved = key
        if key.startswith("inline:") and key.split(":", 2)[2] == old.lower():
            moved = f"{key.rsplit(':', 1)[0]}:{new.lower()}"
        del state.keys[key]
        state.keys[moved] = replace(foreign, columns=_swap(foreign.columns, old, new))
    table = server.table_key(state.name)
    for child in list(server.catalog.children(table)):
        other = state if child == table else server.catalog.change(child)
        for key, foreign in list(other.keys.items()):
            if server.table_key(foreign.foreign_table) == table:
                other.keys[key] = replace(foreign, foreign_columns=_swap(foreign.foreign_columns, old, new))


def set_nullable(server: SqliteServer, state: TableState, name: str, nullable: bool) -> None:
    """SET NOT NULL and DROP NOT NULL, since 3.53."""
    column = state.columns.get(name.lower())
    if column is None:
        raise refused(f'no such column: "{name}"')
    state.columns[name.lower()] = replace(column, nullable=nullable)
