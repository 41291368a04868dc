"""How a condition that no index can serve is written so that one can: by the server's own means."""

from __future__ import annotations

from trueup.indexes.predicates import CAST
from trueup.model.names import Driver
from trueup.model.shapes import Predicate
from trueup.structs import Struct

_PARTS = {"year": "YEAR", "month": "MONTH", "day": "DAY", "time": "TIME", "hour": "HOUR", "week": "WEEK"}
_SQLITE_PARTS = {"year": "%Y", "month": "%m", "day": "%d", "time": "%H:%M:%S", "hour": "%H", "week": "%W"}


class Rewrite(Struct, frozen=True):
    """`advice`: what to write instead, or what to add so that the condition stays; one sentence without its full stop."""

    advice: str


def rewrite(predicate: Predicate, driver: Driver) -> Rewrite:
    """The advice for a condition that is not sargable."""
    column, function = predicate.column, predicate.function
    if function == CAST:
        value = predicate.value.text or "..."
        return Rewrite(f"Give the value as text, as the column is: `where('{column}', '{value}')`")
    if function.startswith("json_"):
        return Rewrite(_json_function(predicate, driver))
    if predicate.json_path:
        return Rewrite(_json_path(predicate, driver))
    if function == "date":
        return Rewrite(
            f"Ask for the day's two ends: `where('{column}', '>=', $day->startOfDay())"
            f"->where('{column}', '<', $day->addDay()->startOfDay())`; then an index on `{column}` finds the rows"
        )
    if function == "year":
        return Rewrite(
            f"Ask for the year's two ends: `where('{column}', '>=', $year->startOfYear())"
            f"->where('{column}', '<', $year->addYear()->startOfYear())`; then an index on `{column}` finds the rows"
        )
    if function in _PARTS:
        return Rewrite(_part(predicate, driver))
    if function in {"lower", "upper"}:
        return Rewrite(_case(predicate, driver))
    if function == "arithmetic":
        return Rewrite(f"Compute on the side of the value, so that `{column}` stands alone")
    if function:
        return Rewrite(_expression(predicate, f"{function.upper()}({column})", driver))
    return Rewrite(_wildcard(predicate, driver))


def _expression(predicate: Predicate, expression: str, driver: Driver) -> str:
    """The condition stays; an index on what it computes finds the rows."""
    table, column = predicate.table, predicate.column
    if driver in {"pgsql", "sqlite"}:
        return f"Index what is computed: `CREATE INDEX ... ON {table} (({expression}))`"
    return (
        f"Keep what is computed in a generated column with an index, and look for that: "
        f"`$table->string('{column}_key')->storedAs('{expression}')->index()`"
    )


def _part(predicate: Predicate, driver: Driver) -> str:
    column, function = predicate.column, predicate.function
    together = (
        "With the year it is a range of dates, which an index serves (`>=` its first day, `<` the next one's); without, "
        if function in {"month", "day"}
        else ""
    )
    if driver == "pgsql":
        kept = _expression(predicate, f"EXTRACT({_PARTS[function]} FROM {column})", driver)
    elif driver == "sqlite":
        kept = _expression(predicate, f"strftime('{_SQLITE_PARTS[function]}', {column})", driver)
    else:
        kept = (
            f"Keep the {function} in a generated column with an index: "
            f"`$table->unsignedSmallInteger('{column}_{function}')->storedAs('{_PARTS[function]}({column})')->index()`"
        )
    return together + (kept[0].lower() + kept[1:] if together else kept)


def _case(predicate: Predicate, driver: Driver) -> str:
    column, function = predicate.column, predicate.function
    if driver in {"mysql", "mariadb"}:
        return (
            f"Leave the function away: the usual collations (`..._ci`) compare without regard to case, and an index on `{column}` "
            f"serves `where('{column}', $value)`"
        )
    if driver == "pgsql":
        return f"Index what is computed: `CREATE INDEX ... ON {predicate.table} ({function}({column}))`"
    return f"Index the column without regard to case: `CREATE INDEX ... ON {predicate.table} ({column} COLLATE NOCASE)`"


def _json_path(predicate: Predicate, driver: Driver) -> str:
    column, _, member = predicate.path.partition("->")
    path = "$." + ".".join(part.strip() for part in member.split("->"))
    name = f"{column}_{member.replace('->', '_')}"
    if driver == "pgsql":
        parts = member.split("->")
        inner = "".join(f"->'{p}'" for p in parts[:-1])
        return (
            f"Index the member: `CREATE INDEX ... ON {predicate.table} (({column}{inner}->>'{parts[-1]}'))`"
        )
    if driver == "sqlite":
        return f"Index the member: `CREATE INDEX ... ON {predicate.table} (json_extract({column}, '{path}'))`"
    return (
        f"Keep the member in a generated column with an index, and look for that: `$table->string('{name}')"
        f"->virtualAs(\"JSON_UNQUOTE(JSON_EXTRACT({column}, '{path}'))\")->index()`"
    )


def _json_function(predicate: Predicate, driver: Driver) -> str:
    column = predicate.column
    if driver == "pgsql":
        return f"Index the document: `CREATE INDEX ... ON {predicate.table} USING gin ({column})`, which takes a `jsonb` column"
    if driver == "mysql":
        _, _, member = predicate.path.partition("->")
        path = "$" + ("." + member.replace("->", ".") if member else "")
        return (
            f"Index the members, as MySQL 8.0.17 can: `CREATE INDEX ... ON {predicate.table} "
            f"((CAST({column}->'{path}' AS CHAR(64) ARRAY)))`; or keep what is looked for in a column or table of its own"
        )
    return "Keep what is looked for in a column or a table of its own, with an index"


def _wildcard(predicate: Predicate, driver: Driver) -> str:
    column, table = predicate.column, predicate.table
    if driver == "pgsql":
        return f"Index the trigrams: `CREATE INDEX ... ON {table} USING gin ({column} gin_trgm_ops)` (extension pg_trgm)"
    if driver == "sqlite":
        return "Where the table grows large, keep the text in an FTS5 table and search that"
    return (
        f"Where words are looked for, add `$table->fullText('{column}')` and ask by `whereFullText('{column}', $words)`; "
        f"where beginnings are, leave the first `%` away"
    )
