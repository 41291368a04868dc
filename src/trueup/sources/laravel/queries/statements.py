"""Whole SQL statements in PHP: `DB::select('select ...')`, `DB::statement(...)`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from trueup.model.locations import Gap, Location
from trueup.model.queries import ColumnUse, QueryKind, QuerySite, TableRef
from trueup.sources.laravel.queries.builder import area_of
from trueup.sources.laravel.queries.values import (
    HOLE,
    UNKNOWN,
    Fragment,
    Frame,
    Many,
    Unknown,
    Value,
    options,
    text,
)
from trueup.sources.php import tree as php

if TYPE_CHECKING:
    from trueup.sources.laravel.queries.walker import Walker

METHODS = frozenset(
    {
        "select",
        "selectone",
        "scalar",
        "cursor",
        "selectfromwriteconnection",
        "selectresultsets",
        "insert",
        "update",
        "delete",
        "statement",
        "affectingstatement",
        "unprepared",
    }
)
_KINDS: dict[str, QueryKind] = {
    "select": "select",
    "insert": "insert",
    "update": "update",
    "delete": "delete",
    "truncate": "truncate",
}


def record(
    walker: Walker,
    node: php.StaticCall | php.MethodCall,
    lowered: str,
    values: Sequence[Value],
    frame: Frame,
    connection: str | None = None,
) -> Value:
    at = walker.at(node, frame)
    name = str(node.name)
    for option in options(values[0] if values else UNKNOWN):
        whole = option.text if isinstance(option, Fragment) else text(option)
        sql = _completed(option.parts) if whole is None and isinstance(option, Unknown) else whole
        if sql is None:
            gap = Gap(at, f"the SQL given to {name}() can't be told", "raw-sql", f"{name}()")
            walker.program.found.unresolved.setdefault((at.file, at.line, name), gap)
        else:
            _statements(walker, sql, name, at, frame, connection, whole=whole is not None)
    return Many(UNKNOWN) if lowered.startswith("select") and lowered != "selectone" else Unknown()


_VALUE_FOLLOWS = re.compile(
    r"(?:[=<>(,+\-*/%]|\b(?:in|and|or|not|by|limit|offset|like|ilike|between|interval|values|set|from|join|into|update|table|exists|"
    r"select|where|on|having|when|then|else))\s*$",
    re.IGNORECASE,
)
_SOMETHING = "trueup_unknown"


def _completed(parts: str) -> str | None:
    """SQL some parts of which can't be told: a name stands where a value or a name must be, nothing where a clause may. None
    where too little is left to be read."""
    if HOLE not in parts or not parts.replace(HOLE, "").strip():
        return None
    sql, quoted = "", False
    for position, piece in enumerate(parts.split(HOLE)):
        if position:
            joined = (
                sql[-1:].isalnum()
                or sql[-1:] in {"_", "`", '"', "."}
                or piece[:1].isalnum()
                or piece[:1] in {"_", "`", "."}
            )
            sql += _SOMETHING if quoted or joined or _VALUE_FOLLOWS.search(sql) else " "
        sql += piece
        quoted = quoted ^ (piece.count("'") % 2 == 1)
    return sql


def _elsewhere(sql: str, table: str) -> bool:
    """Whether the table is one of a database whose name can't be told: "FROM {$database}.users"."""
    return re.search(rf"{_SOMETHING}[`\"]?\.[`\"]?{re.escape(table)}\b", sql) is not None


def _statements(
    walker: Walker, sql: str, name: str, at: Location, frame: Frame, connection: str | None, *, whole: bool
) -> None:
    """Each data statement is a site; what changes the schema or the session is none."""
    from trueup.sources.sql import ddl
    from trueup.sources.sql.read import read_sql

    for statement in read_sql(sql, walker.program.driver, at):
        if isinstance(statement, ddl.NotUnderstood):
            gap = Gap(at, f"the SQL can't be read: {statement.reason}", "raw-sql", statement.text[:120])
            walker.program.found.unresolved.setdefault((at.file, at.line, name), gap)
        elif isinstance(statement, ddl.DataStatement) and statement.tables:
            if _SOMETHING in statement.tables[0] or _elsewhere(sql, statement.tables[0]):
                gap = Gap(at, f"the table in the SQL given to {name}() can't be told", "raw-sql", f"{name}()")
                walker.program.found.unresolved.setdefault((at.file, at.line, name), gap)
                continue
            known = tuple(t for t in statement.tables if _SOMETHING not in t and not _elsewhere(sql, t))
            columns = [(t, c) for t, c in statement.columns if _SOMETHING not in t + c]
            site = QuerySite(
                at=at,
                kind=_KINDS.get(statement.kind, "statement"),
                tables=tuple(TableRef(t, "", "sql", at) for t in known),
                columns=tuple(ColumnUse(c, "select", t, at) for t, c in columns),
                via="sql",
                area=area_of(frame.file),
                method=frame.method,
                terminal=name,
                connection=connection,
                sql=sql if whole else "",
                open=not whole,
                loop=frame.loops > 0,
                trail=(f"SQL given to {name}()",),
            )
            walker.program.found.sites[(at.file, at.line, name, site.table, ())] = site
