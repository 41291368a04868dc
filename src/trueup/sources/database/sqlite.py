"""SQLite files, by PRAGMA."""

from __future__ import annotations

from trueup.model.schema import Column, ForeignKey, Index
from trueup.sources.database.found import Found
from trueup.sources.database.sessions import Session
from trueup.sources.sql.read import read_sql
from trueup.sources.sql.servers import Refused, server_for
from trueup.structs import replace

_TABLES = "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
_COLUMNS = 'SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_xinfo(?)'


def read(session: Session, found: Found) -> None:
    """Fills `found` with what SQLite tells of its tables. Raises Unanswered."""
    found.checks_read = True
    for name, text in session.rows(_TABLES):
        _table(session, name, found)
        if "check" in text.lower():
            _checks(name, text, found)


def _checks(table: str, text: str, found: Found) -> None:
    """SQLite tells of CHECK constraints only in the text that made the table."""
    server = server_for("sqlite", found.version or None)
    try:
        for statement in read_sql(text, "sqlite"):
            server.execute(statement)
    except Refused:
        found.checks_read = False
        return
    made = server.freeze().table(table)
    if made is None:
        found.checks_read = False
        return
    found.checks[table] = [replace(check, at=found.at) for check in made.checks]


def _table(session: Session, table: str, found: Found) -> None:
    found.table(table)
    rows = session.rows(_COLUMNS, (table,))
    single = sum(1 for row in rows if row[4]) == 1
    for name, kind, notnull, default, key in rows:
        counter = bool(single and key and kind.lower() == "integer")  # as Laravel tells it
        found.columns[table].append(Column(name, kind.lower(), not notnull, default, counter, found.at))
    primary = tuple(row[0] for row in sorted((r for r in rows if r[4]), key=lambda r: r[4]))
    if primary:
        found.indexes.setdefault(table, []).append(Index("primary", primary, True, True, found.at))
    for _, name, unique, origin, _ in session.rows("SELECT * FROM pragma_index_list(?)", (table,)):
        if origin != "pk":
            parts = session.rows("SELECT name FROM pragma_index_info(?) ORDER BY seqno", (name,))
            columns = tuple(p[0] for p in parts if p[0] is not None)
            found.indexes.setdefault(table, []).append(Index(name, columns, bool(unique), False, found.at))
    _keys(session, table, found)


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
