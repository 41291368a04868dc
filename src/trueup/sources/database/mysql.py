"""MySQL and MariaDB, by information_schema."""

from __future__ import annotations

import re

from trueup.model.schema import UNTOLD, Check, Column, ForeignKey, Index
from trueup.sources.database.found import Found
from trueup.sources.database.sessions import Session
from trueup.sources.sql.types import parse_type
from trueup.structs import replace

_TABLES = "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'"
_COLUMNS = """SELECT table_name, column_name, column_type, is_nullable, column_default, extra, column_comment, collation_name,
    {generated} FROM information_schema.columns WHERE table_schema = DATABASE() ORDER BY table_name, ordinal_position"""
_INDEXES = """SELECT table_name, index_name, non_unique, column_name, index_type, sub_part, {expression}
    FROM information_schema.statistics WHERE table_schema = DATABASE() ORDER BY table_name, index_name, seq_in_index"""
_CHECKS = """SELECT table_name, constraint_name, check_clause FROM information_schema.check_constraints
    WHERE constraint_schema = DATABASE()"""
_MYSQL_CHECKS = """SELECT t.table_name, c.constraint_name, c.check_clause FROM information_schema.check_constraints c
    JOIN information_schema.table_constraints t
    ON t.constraint_schema = c.constraint_schema AND t.constraint_name = c.constraint_name AND t.constraint_type = 'CHECK'
    WHERE c.constraint_schema = DATABASE()"""
_FIRST_WITH_CHECKS = (8, 0, 16)
_FIRST_WITH_EXPRESSIONS = (8, 0, 13)
"""MySQL: key parts that are expressions, and their text in information_schema. MariaDB has no such parts."""
_FIRST_WITH_GENERATED = {"mysql": (5, 7, 6), "mariadb": (10, 2, 5)}
"""Since then information_schema tells how a generated column is computed."""
_ON_UPDATE = re.compile(r"on update (\S.*)", re.IGNORECASE)
_KEYS = """SELECT k.table_name, k.constraint_name, k.column_name, k.referenced_table_name, k.referenced_column_name,
    r.delete_rule, r.update_rule FROM information_schema.key_column_usage k JOIN information_schema.referential_constraints r
    ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name AND r.table_name = k.table_name
    WHERE k.table_schema = DATABASE() AND k.referenced_table_name IS NOT NULL
    ORDER BY k.table_name, k.constraint_name, k.ordinal_position"""


def read(session: Session, found: Found) -> None:
    """Fills `found` with what information_schema tells. Raises Unanswered."""
    for (name,) in session.rows(_TABLES):
        found.table(name)
    _columns(session, found)
    _indexes(session, found)
    _keys(session, found)
    if _is_mariadb(found):
        _checks(session, found, _CHECKS)
    elif _number(found.version) >= _FIRST_WITH_CHECKS:  # MySQL's view does not name the table
        _checks(session, found, _MYSQL_CHECKS)


def _is_mariadb(found: Found) -> bool:
    return "mariadb" in found.version.lower()


def _columns(session: Session, found: Found) -> None:
    first = _FIRST_WITH_GENERATED["mariadb" if _is_mariadb(found) else "mysql"]
    query = _COLUMNS.format(generated="generation_expression" if _number(found.version) >= first else "NULL")
    for table, name, kind, nullable, default, extra, comment, collation, generated in session.rows(query):
        if table in found.columns:
            updated = _ON_UPDATE.search(extra)
            column = Column(
                name,
                kind,
                nullable == "YES",
                None if default == "NULL" else default,
                "auto_increment" in extra,
                found.at,
                comment or None,
                collation,
                on_update=updated[1] if updated else None,
                values=parse_type(kind, found.driver).values,
            )
            found.columns[table].append(_generated(column, extra, generated))


def _generated(column: Column, extra: str, expression: str | None) -> Column:
    """With how it is computed. `extra` is "VIRTUAL GENERATED" or "STORED GENERATED", of older servers "VIRTUAL" or "PERSISTENT";
    "DEFAULT_GENERATED" is a column whose default is an expression."""
    words = extra.upper().split()
    if not {"VIRTUAL", "STORED", "PERSISTENT"}.intersection(words):
        return column
    return replace(column, generated=expression or UNTOLD, stored="VIRTUAL" not in words)


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])


def _checks(session: Session, found: Found, query: str) -> None:
    found.checks_read = True
    for table, name, clause in session.rows(query):
        of_column = any(c.name == name for c in found.columns.get(table, ()))
        found.checks.setdefault(table, []).append(
            Check(name, clause, (name,) if of_column else (), at=found.at)
        )


def _indexes(session: Session, found: Found) -> None:
    spelled = not _is_mariadb(found) and _number(found.version) >= _FIRST_WITH_EXPRESSIONS
    query = _INDEXES.format(expression="expression" if spelled else "NULL")
    grouped: dict[tuple[str, str, bool, str], list[tuple[str | None, int, str | None]]] = {}
    for table, name, non_unique, column, kind, part, expression in session.rows(query):
        key = (table, name, not int(non_unique), kind.lower())
        grouped.setdefault(key, []).append((column, part or 0, expression))
    for (table, name, unique, kind), parts in grouped.items():
        named = tuple(c for c, _, _ in parts if c is not None)
        lengths = tuple(length for c, length, _ in parts if c is not None) if kind == "btree" else ()
        expressions = tuple(e or UNTOLD for c, _, e in parts if c is None)
        shown = "primary" if name == "PRIMARY" else name
        index = Index(shown, named, unique, name == "PRIMARY", found.at, kind, expressions=expressions)
        index = replace(index, prefix_lengths=lengths if any(lengths) else ())
        found.indexes.setdefault(table, []).append(index)


def _keys(session: Session, found: Found) -> None:
    grouped: dict[tuple[str, str, str, str, str], list[tuple[str, str]]] = {}
    for table, name, column, foreign, foreign_column, delete, update in session.rows(_KEYS):
        grouped.setdefault((table, name, foreign, delete.lower(), update.lower()), []).append(
            (column, foreign_column)
        )
    for (table, name, foreign, delete, update), pairs in grouped.items():
        own, others = tuple(p[0] for p in pairs), tuple(p[1] for p in pairs)
        found.keys.setdefault(table, []).append(
            ForeignKey(name, own, foreign, others, delete, update, found.at)
        )
