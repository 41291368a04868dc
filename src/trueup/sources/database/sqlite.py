"""SQLite files, by PRAGMA, and by the text that made a table for what no PRAGMA tells."""

from __future__ import annotations

from trueup.model.schema import UNTOLD, Column, ForeignKey, Index, Table
from trueup.sources.database.found import Found
from trueup.sources.database.sessions import Session
from trueup.sources.sql.read import read_sql
from trueup.sources.sql.servers import Refused, server_for
from trueup.structs import replace

_TABLES = "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
_COLUMNS = 'SELECT name, type, "notnull", dflt_value, pk, hidden FROM pragma_table_xinfo(?)'
_VIRTUAL, _STORED = 2, 3
"""`hidden` of generated columns: https://sqlite.org/pragma.html#pragma_table_xinfo"""
_INDEXES = 'SELECT name, "unique", origin, partial FROM pragma_index_list(?)'
_INDEX_TEXTS = "SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL"


def read(session: Session, found: Found) -> None:
    """Fills `found` with what SQLite tells of its tables. Raises Unanswered."""
    found.checks_read = True
    for name, text in session.rows(_TABLES):
        columns, indexes = _columns(session, name, found), _indexes(session, name, found)
        written = None
        if "check" in text.lower() or UNTOLD in _untold(columns, indexes):
            written = _written(session, name, text, found)
            if written is None and "check" in text.lower():
                found.checks_read = False
        if written is not None:
            columns = [_with_expression(c, written) for c in columns]
            indexes = [_with_expressions(i, written) for i in indexes]
            found.checks[name] = [replace(check, at=found.at) for check in written.checks]
        found.columns[name] = columns
        found.indexes[name] = indexes
        _keys(session, name, found)


def _untold(columns: list[Column], indexes: list[Index]) -> set[str | None]:
    return {c.generated for c in columns} | {text for i in indexes for text in (i.where, *i.expressions)}


def _written(session: Session, name: str, text: str, found: Found) -> Table | None:
    """The table as the texts that made it and its indexes say; None where they can't be understood."""
    server = server_for("sqlite", found.version or None)
    texts = [text, *(row[0] for row in session.rows(_INDEX_TEXTS, (name,)))]
    try:
        for one in texts:
            for statement in read_sql(one, "sqlite", server_version=found.version or None):
                server.execute(statement)
    except Refused:
        return None
    return server.freeze().table(name)


def _with_expression(column: Column, written: Table) -> Column:
    made = written.column(column.name)
    if column.generated is None or made is None or made.generated is None:
        return column
    return replace(column, generated=made.generated)


def _with_expressions(index: Index, written: Table) -> Index:
    made = next((i for i in written.indexes if i.name.lower() == index.name.lower()), None)
    if made is None or len(made.expressions) != len(index.expressions):
        return index
    return replace(index, expressions=made.expressions, where=made.where if index.where else None)


def _columns(session: Session, table: str, found: Found) -> list[Column]:
    rows = session.rows(_COLUMNS, (table,))
    single = sum(1 for row in rows if row[4]) == 1
    columns = []
    for name, kind, notnull, default, key, hidden in rows:
        counter = bool(single and key and kind.lower() == "integer")  # as Laravel tells it
        generated = UNTOLD if hidden in (_VIRTUAL, _STORED) else None
        column = Column(name, kind.lower(), not notnull, default, counter, found.at)
        columns.append(replace(column, generated=generated, stored=hidden == _STORED))
    return columns


def _indexes(session: Session, table: str, found: Found) -> list[Index]:
    primary = _primary(session, table)
    indexes = [Index("primary", primary, True, True, found.at)] if primary else []
    for name, unique, origin, partial in session.rows(_INDEXES, (table,)):
        if origin != "pk":
            parts = session.rows("SELECT name FROM pragma_index_info(?) ORDER BY seqno", (name,))
            columns = tuple(p[0] for p in parts if p[0] is not None)
            expressions = (UNTOLD,) * (len(parts) - len(columns))
            where = UNTOLD if partial else None
            index = Index(name, columns, bool(unique), False, found.at, where=where, expressions=expressions)
            indexes.append(index)
    return indexes


def _keys(session: Session, table: str, found: Found) -> None:
    keys: dict[int, list[tuple[str | None, ...]]] = {}
    for row in session.rows("SELECT * FROM pragma_foreign_key_list(?) ORDER BY id, seq", (table,)):
        keys.setdefault(row[0], []).append(row[2:7])
    for rows in keys.values():
        foreign = str(rows[0][0])
        others = tuple(r[2] for r in rows if r[2] is not None) or _primary(session, foreign)
        update, delete = str(rows[0][3]).lower(), str(rows[0][4]).lower()
        own = tuple(str(r[1]) for r in rows)
        found.keys.setdefault(table, []).append(
            ForeignKey(None, own, foreign, others, delete, update, found.at)
        )


def _primary(session: Session, table: str) -> tuple[str, ...]:
    rows = session.rows("SELECT name FROM pragma_table_xinfo(?) WHERE pk > 0 ORDER BY pk", (table,))
    return tuple(r[0] for r in rows)
