"""Whole SQL statements in PHP: `DB::select('select ...')`, `DB::statement(...)`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from trueup.model.locations import Gap, Location
from trueup.model.queries import ColumnUse, QueryKind, QuerySite, TableRef
from trueup.sources.laravel.queries.builder import area_of
from trueup.sources.laravel.queries.values import UNKNOWN, Fragment, Frame, Many, Unknown, Value, text
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
    walker: Walker, node: php.StaticCall | php.MethodCall, lowered: str, values: Sequence[Value], frame: Frame
) -> Value:
    first = values[0] if values else UNKNOWN
    sql = first.text if isinstance(first, Fragment) else text(first)
    at = walker.at(node, frame)
    name = str(node.name)
    if sql is None:
        gap = Gap(at, f"the SQL given to {name}() can't be told", "raw-sql", f"{name}()")
        walker.program.found.unresolved.setdefault((at.file, at.line, name), gap)
    else:
        _statements(walker, sql, name, at, frame)
    return Many(UNKNOWN) if lowered.startswith("select") and lowered != "selectone" else Unknown()


def _statements(walker: Walker, sql: str, name: str, at: Location, frame: Frame) -> None:
    """Each data statement is a site; what changes the schema or the session is none."""
    from trueup.sources.sql import ddl
    from trueup.sources.sql.read import read_sql

    for statement in read_sql(sql, walker.program.driver, at):
        if isinstance(statement, ddl.NotUnderstood):
            gap = Gap(at, f"the SQL can't be read: {statement.reason}", "raw-sql", statement.text[:120])
            walker.program.found.unresolved.setdefault((at.file, at.line, name), gap)
        elif isinstance(statement, ddl.DataStatement) and statement.tables:
            site = QuerySite(
                at=at,
                kind=_KINDS.get(statement.kind, "statement"),
                tables=tuple(TableRef(t, "", "sql", at) for t in statement.tables),
                columns=tuple(ColumnUse(c, "select", t, at) for t, c in statement.columns),
                via="sql",
                area=area_of(frame.file),
                method=frame.method,
                terminal=name,
                sql=sql,
                loop=frame.loops > 0,
                trail=(f"SQL given to {name}()",),
            )
            walker.program.found.sites[(at.file, at.line, name, site.table, ())] = site
