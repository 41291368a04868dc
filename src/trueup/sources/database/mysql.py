"""MySQL and MariaDB, by information_schema."""

from __future__ import annotations

import re

from trueup.model.schema import Check, Column, ForeignKey, Index
from trueup.sources.database.found import Found
from trueup.sources.database.sessions import Session
from trueup.sources.sql.types import parse_type
from trueup.structs import replace

_TABLES = "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'"
_COLUMNS = """SELECT table_name, column_name, column_type, is_nullable, column_default, extra, column_comment, collation_name
    FROM information_schema.columns WHERE table_schema = DATABASE() ORDER BY table_name, ordinal_position"""
_INDEXES = """SELECT table_name, index_name, non_unique, column_name, index_type, sub_part FROM information_schema.statistics
    WHERE table_schema = DATABASE() ORDER BY table_name, index_name, seq_in_index"""
_CHECKS = """SELECT table_name, constraint_name, check_clause FROM information_schema.check_constraints
    WHERE constraint_schema = DATABASE()"""
_MYSQL_CHECKS = """SELECT t.table_name, c.constraint_name, c.check_clause FROM information_schema.check_constraints c
    JOIN information_schema.table_constraints t
    ON t.constraint_schema = c.constraint_schema AND t.constraint_name = c.constraint_name AND t.constraint_type = 'CHECK'
    WHERE c.constraint_schema = DATABASE()"""
_FIRST_WITH_CHECKS = (8, 0, 16)
_KEYS = """SELECT k.table_name, k.constraint_name, k.column_name, k.referenced_table_name, k.referenced_column_name,
    r.delete_rule, r.update_rule FROM information_schema.key_column_usage k JOIN information_schema.referential_constraints r
    ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name AND r.table_name = k.table_name
    WHERE k.table_schema = DATABASE() AND k.referenced_table_name IS NOT NULL
    ORDER BY k.table_name, k.constraint_name, k.ordinal_position"""


def read(session: Session, found: Found) -> None:
    """Fills `found` with what information_schema tells. Raises Unanswered."""
    for (name,) in session.rows(_TABLES):
        found.table(name)
    for table, name, kind, nullable, default, extra, comment, collation in session.rows(_COLUMNS):
        if table in found.columns:
            found.columns[table].append(
                Column(
                    name,
                    kind,
                    nullable == "YES",
                    None if default == "NULL" else default,
                    "auto_increment" in extra,
                    found.at,
                    comment or None,
                    collation,
                    values=parse_type(kind, found.driver).values,
                )
            )
    _indexes(session, found)
    _keys(session, found)
    if "mariadb" in found.version.lower():
        _checks(session, found, _CHECKS)
    elif _number(found.version) >= _FIRST_WITH_CHECKS:  # MySQL's view does not name the table
        _checks(session, found, _MYSQL_CHECKS)


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
    grouped: dict[tuple[str, str, bool, str], list[tuple[str | None, int]]] = {}
    for table, name, non_unique, column, kind, part in session.rows(_INDEXES):
        grouped.setdefault((table, name, not int(non_unique), kind.lower()), []).append((column, part or 0))
    for (table, name, unique, kind), columns in grouped.items():
        named = tuple(c for c, _ in columns if c is not None)
        lengths = tuple(length for c, length in columns if c is not None) if kind == "btree" else ()
        expressions = ("(an expression)",) * (
            len(columns) - len(named)
        )  # MySQL spells it only in SHOW CREATE TABLE
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
