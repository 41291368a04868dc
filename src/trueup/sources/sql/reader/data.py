"""SELECT, INSERT, UPDATE, DELETE and kin: which tables they need, and which columns for certain. sqlglot reads them; it is imported
only here, when such a statement is met."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trueup.model.names import Driver
from trueup.sources.sql.ddl import DataStatement, NotUnderstood, Refusal, Statement
from trueup.sources.sql.reader.cursor import Cursor
from trueup.sources.sql.reader.plain import read_plain
from trueup.sources.sql.words import word_set

if TYPE_CHECKING:
    from sqlglot import exp

DATA_VERBS = word_set("SELECT INSERT UPDATE DELETE WITH REPLACE TRUNCATE VALUES MERGE TABLE ( UPSERT")
_DIALECTS: dict[Driver, str] = {"mysql": "mysql", "mariadb": "mysql", "pgsql": "postgres", "sqlite": "sqlite"}
_KINDS = {
    "REPLACE": "insert",
    "WITH": "select",
    "VALUES": "select",
    "TABLE": "select",
    "(": "select",
    "UPSERT": "insert",
}
_TOO_LONG = 200_000
_PLACEHOLDER = re.compile(r"(?<![\w:?])\?(?![\w?|&])")


def read_data(cursor: Cursor) -> Statement:
    """A data statement; what sqlglot can't read is told as not understood, never guessed."""
    at = cursor.here()
    verb = cursor.word()
    first, last = cursor.tokens[0][2], cursor.tokens[-1][3]
    text = cursor.text[first:last]
    kind = _KINDS.get(verb, verb.lower())
    if verb == "TRUNCATE":
        return _truncate(cursor, text)
    quick = _quick_insert(cursor, verb) if last - first > 2_000 or _plain_values(cursor) else None
    if quick is not None:
        return DataStatement("insert", quick[0], quick[1], text[:400], at)
    plain = read_plain(cursor, text)
    if plain is not None:
        return plain
    if last - first > _TOO_LONG or _depth(cursor) > 60:
        return NotUnderstood("a data statement too large to read", text[:120], at)
    return _parsed(text, cursor, kind)


def _plain_values(cursor: Cursor) -> bool:
    """INSERT INTO t (...) VALUES (...) of literals alone."""
    if cursor.word() != "INSERT" or cursor.dialect != "mysql":
        return False
    words = {t[1] for t in cursor.tokens if t[0] == "w"}
    return "VALUES" in words and not words & {"SELECT", "ON", "RETURNING", "AS"}


def _depth(cursor: Cursor) -> int:
    depth = deepest = 0
    for token in cursor.tokens:
        if token[1] == "(":
            depth += 1
            deepest = max(deepest, depth)
        elif token[1] == ")":
            depth -= 1
    return deepest


def _truncate(cursor: Cursor, text: str) -> Statement:
    at = cursor.here()
    cursor.skip()
    if cursor.dialect == "sqlite":
        cursor.position = 0
        cursor.complain_at_token()
        cursor.skip()
    cursor.accept("TABLE")
    cursor.accept("ONLY")
    tables = [cursor.qualified()]
    while cursor.accept(","):
        tables.append(cursor.qualified())
    cursor.rest()
    return DataStatement("truncate", tuple(tables), (), text, at)


def _quick_insert(cursor: Cursor, verb: str) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]] | None:
    """A long INSERT ... VALUES, as dumps and seeders write them: the table and its named columns, without reading the rows."""
    if verb not in ("INSERT", "REPLACE"):
        return None
    cursor.skip()
    while cursor.accept_any(
        "OR", "REPLACE", "IGNORE", "DELAYED", "LOW_PRIORITY", "HIGH_PRIORITY", "ABORT", "FAIL", "ROLLBACK"
    ):
        pass
    cursor.accept("INTO")
    table = cursor.qualified()
    names = cursor.names_in_parentheses() if cursor.word() == "(" and cursor.word(1) != "SELECT" else ()
    found = cursor.at_any("VALUES", "VALUE")
    if not found:
        cursor.position = 0
        return None
    cursor.rest()
    return (table,), tuple((table, name) for name in names)


def _parsed(text: str, cursor: Cursor, kind: str) -> Statement:
    import logging

    import sqlglot
    from sqlglot.errors import SqlglotError

    logging.getLogger("sqlglot").setLevel(logging.CRITICAL)
    at = cursor.here()
    prepared = _PLACEHOLDER.sub("NULL", text) if cursor.dialect != "pgsql" else text
    cursor.rest()
    try:
        tree = sqlglot.parse_one(prepared, dialect=_DIALECTS[cursor.driver])
    except (SqlglotError, RecursionError, ValueError, IndexError, AttributeError, TypeError) as error:
        # sqlglot raises its own errors for bad SQL, and now and then a plain one for text it did not foresee
        return NotUnderstood(f"SQL that could not be read ({type(error).__name__})", text[:120], at)
    return _described(tree, text, kind, cursor)


def _described(tree: exp.Expr, text: str, kind: str, cursor: Cursor) -> Statement:
    from sqlglot import exp

    kinds = {exp.Insert: "insert", exp.Update: "update", exp.Delete: "delete"}
    kind = next((name for node, name in kinds.items() if isinstance(tree, node)), kind)
    if isinstance(tree, exp.Command):
        return NotUnderstood(
            "a statement that could not be read", text[:120], cursor.source.location(cursor.tokens[0][2])
        )
    refused = _qualified_target(tree, cursor)
    if refused is not None:
        return refused
    local = {cte.alias_or_name.lower() for cte in tree.find_all(exp.CTE)}
    local |= _aliases_deleted_from(tree)
    tables: dict[str, None] = {}
    for table in tree.find_all(exp.Table):
        name = _table_name(table)
        if name and name.lower() not in local and not isinstance(table.this, exp.Func):
            tables[name] = None
    columns = _certain_columns(tree, cursor) if not local else ()
    return DataStatement(kind, tuple(tables), columns, text, cursor.source.location(cursor.tokens[0][2]))


def _aliases_deleted_from(tree: exp.Expr) -> set[str]:
    """`DELETE p FROM posts p JOIN ...`, `DELETE FROM p USING posts p JOIN ...`: what the rows are taken from is an alias."""
    from sqlglot import exp

    if not isinstance(tree, exp.Delete):
        return set()
    return {table.alias.lower() for table in tree.find_all(exp.Table) if table.alias}


def _qualified_target(tree: exp.Expr, cursor: Cursor) -> Refusal | None:
    """`UPDATE t SET t.c = ...` is MySQL's alone."""
    from sqlglot import exp

    if cursor.dialect == "mysql" or not isinstance(tree, exp.Update):
        return None
    at = cursor.source.location(cursor.tokens[0][2])
    for assigned in tree.expressions:
        target = assigned.this if isinstance(assigned, exp.EQ) else None
        if isinstance(target, exp.Column) and target.table:
            if cursor.driver == "sqlite":
                return Refusal('near ".": syntax error', "HY000", at)
            table = tree.this.name if isinstance(tree.this, exp.Table) else target.table
            return Refusal(f'column "{target.table}" of relation "{table}" does not exist', "42703", at)
    return None


def _table_name(table: exp.Table) -> str:
    schema = table.db
    if schema and schema.lower() not in ("public", "main"):
        if schema.lower() in ("information_schema", "pg_catalog", "performance_schema", "mysql", "temp"):
            return f"{schema.lower()}.{table.name}"
        return f"{schema}.{table.name}" if table.catalog else table.name
    return table.name


def _certain_columns(tree: exp.Expr, cursor: Cursor) -> tuple[tuple[str, str], ...]:
    """(table, column) pairs of a statement on one table without subqueries; of an INSERT the named columns.
    SQLite takes an unknown name in double quotes for a string, so those are not certain there."""
    from sqlglot import exp

    found: dict[tuple[str, str], None] = {}
    if isinstance(tree, exp.Insert):
        target = tree.this
        if isinstance(target, exp.Schema) and isinstance(target.this, exp.Table):
            for name in target.expressions:
                found[(target.this.name, name.name)] = None
        return tuple(found)
    tables = list(tree.find_all(exp.Table))
    if len(tables) != 1 or len(list(tree.find_all(exp.Select))) > 1:
        return ()
    table, aliases = tables[0], {alias.alias.lower() for alias in tree.find_all(exp.Alias)}
    assigned = (
        {id(e.this) for e in tree.expressions if isinstance(e, exp.EQ)}
        if isinstance(tree, exp.Update)
        else set()
    )
    for column in tree.find_all(exp.Column):
        if (
            not isinstance(column.this, exp.Identifier)
            or column.name.lower() in aliases
            or column.name == "*"
        ):
            continue
        if column.table and column.table.lower() not in (table.name.lower(), table.alias.lower()):
            continue
        if _may_be_string(column, cursor) and id(column) not in assigned:
            continue
        found[(table.name, column.name)] = None
    return tuple(found)


def _may_be_string(column: exp.Column, cursor: Cursor) -> bool:
    if cursor.dialect != "sqlite" or column.table:
        return False
    return bool(column.this.quoted) and f'"{column.name}"' in cursor.text
