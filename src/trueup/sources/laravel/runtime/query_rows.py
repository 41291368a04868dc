"""Which rows a query means: predicates over the rows that migrations wrote, and the check that its names exist."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trueup.model.schema import Column
from trueup.sources.laravel.runtime.data import listed, text_of
from trueup.sources.laravel.runtime.errors import query_throw
from trueup.sources.laravel.runtime.fragments import missing_column, missing_function, missing_operator
from trueup.sources.laravel.runtime.rows import Row
from trueup.sources.php.host import Context
from trueup.sources.php.values import EnumCase, PhpArray, Unknown, Value
from trueup.sources.sql import ddl

if TYPE_CHECKING:
    from trueup.sources.laravel.runtime.query import QueryBuilder, Where

CATALOGUES = ("information_schema.", "pg_catalog.", "sqlite_master", "sqlite_schema", "pg_", "mysql.")


def is_catalogue(table: str) -> bool:
    return table.lower().startswith(CATALOGUES)


def check(
    query: QueryBuilder,
    kind: str,
    ctx: Context,
    columns: list[str] | None = None,
    sources: tuple[str, ...] = (),
) -> None:
    """Lets the server refuse a missing table or column. Raises PhpThrow. `columns` are those written to, `sources` the tables whose
    rows an INSERT takes."""
    state = query.state
    if state.unreadable is not None or query.elsewhere or not state.tables:
        return
    world = query.host.world
    tables = [(world.prefixed(n), a) for n, a in state.tables if not is_catalogue(n)]
    pairs = _written_pairs(state.tables, tables, columns or ()) if tables else []
    # A select's aliases may come back in its other clauses, and a derived table exports what it likes.
    aliased = any(" as " in s.lower() for s in state.selects)
    if not state.derived and not state.grouped and not aliased:
        pairs.extend(_read_pairs(query, tables))
    if tables:
        kind = "select grouped" if kind == "select" and state.grouped and not state.derived else kind
        names = tuple(n for n, _ in tables)
        statement = ddl.DataStatement(
            kind, names + sources, tuple(dict.fromkeys(pairs)), _described(query, kind, names), at=ctx.at
        )
        world.execute(statement, ctx, statement.text)
        if state.raws:
            _check_raws(query, statement, ctx)


def _check_raws(query: QueryBuilder, statement: ddl.DataStatement, ctx: Context) -> None:
    """Raw SQL is looked at after the names: a server reads the tables first."""
    world, state = query.host.world, query.state
    driver, tables = world.settings.driver, statement.tables
    only = world.table(tables[0]) if len(tables) == 1 and not state.derived else None
    for raw in state.raws:
        refusal = missing_function(raw, driver, world.server.version) or missing_operator(raw, driver)
        if refusal is None and only is not None:
            refusal = missing_column(raw, driver, only)
        if refusal is not None:
            raise query_throw(*refusal, ctx.at, world.settings, statement.text)


def _written_pairs(
    named: list[tuple[str, str]], tables: list[tuple[str, str]], columns: list[str] | tuple[()]
) -> list[tuple[str, str]]:
    """(table, column) for each column written. An UPDATE may say `table.column`, also of a table that is joined; a qualifier that
    is none of the query's tables is left to the server."""
    by_name = {(alias or name).lower(): full for (name, alias), (full, _) in zip(named, tables, strict=False)}
    pairs: list[tuple[str, str]] = []
    for written in columns:
        qualifier, dot, column = written.rpartition(".")
        table = by_name.get(qualifier.rpartition(".")[2].lower()) if dot else tables[0][0]
        if table is not None:
            pairs.append((table, column))
    return pairs


def _described(query: QueryBuilder, kind: str, names: tuple[str, ...]) -> str:
    return f"{kind} {', '.join(names)}"


def _read_pairs(query: QueryBuilder, tables: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """(table, column) for each column read that can be told for sure. SQLite takes an unknown unqualified name for a string."""
    sqlite = query.host.world.settings.driver == "sqlite"
    by_name = {(alias or name).lower(): name for name, alias in tables}
    for (name, _), (_, alias) in zip(query.state.tables, tables, strict=False):
        if not alias:
            by_name[name.lower()] = tables[[n for n, _ in query.state.tables].index(name)][0]
    pairs: list[tuple[str, str]] = []
    for text in query.state.columns:
        qualifier, dot, column = text.split("->", 1)[0].strip().rpartition(".")
        if column == "*" or not re.fullmatch(r"[\w$`\"]+", column):
            continue
        table = (
            by_name.get(qualifier.lower())
            if dot
            else (tables[0][0] if len(tables) == 1 and not sqlite else None)
        )
        if table is not None:
            pairs.append((table, column))
    return pairs


def matching(query: QueryBuilder, ctx: Context) -> tuple[list[Row], Unknown | None]:
    """The rows that surely match, and why there may be others (None: there are not). The rows are the stored ones."""
    state = query.state
    if state.unreadable is not None:
        return [], state.unreadable
    if query.elsewhere or not state.tables:
        return [], ctx.unknown(
            "the rows of another connection" if query.elsewhere else "the rows of a subquery"
        )
    table = query.host.world.prefixed(state.tables[0][0])
    stored = query.host.world.rows.peek(table)
    if stored is None or (not stored.rows and stored.uncertain is None):
        return [], None
    unknown = stored.uncertain
    if len(state.tables) > 1 or state.grouped or state.derived:
        return [], unknown or ctx.unknown(f"the rows of {table} under a join or a group")
    rows: list[Row] = []
    for row in stored.rows:
        answer = holds(query, state.wheres, row, ctx)
        if isinstance(answer, Unknown):
            unknown = unknown or answer
        elif answer:
            rows.append(row)
    return _ordered(query, rows, ctx), unknown


def _ordered(query: QueryBuilder, rows: list[Row], ctx: Context) -> list[Row]:
    for column, descending in reversed(query.state.orders):
        keys = [r.get(column) for r in rows]
        if (
            any(not isinstance(k, int | str) or isinstance(k, bool) for k in keys)
            or len({type(k) for k in keys}) > 1
        ):
            continue
        rows = sorted(rows, key=lambda r, c=column: r[c], reverse=descending)  # type: ignore[misc]  # compared above
    end = None if query.state.limit is None else query.state.offset + query.state.limit
    return rows[query.state.offset : end]


def holds(query: QueryBuilder, wheres: list[Where], row: Row, ctx: Context) -> bool | Unknown:
    """Three-valued: `and` binds tighter than `or`, as in SQL."""
    groups: list[list[Where]] = [[]]
    for where in wheres:
        if where.either and groups[-1]:
            groups.append([])
        groups[-1].append(where)
    unknown: Unknown | None = None
    for group in groups:
        answer = _all_hold(query, group, row, ctx)
        if answer is True:
            return True
        if isinstance(answer, Unknown):
            unknown = answer
    return unknown if unknown is not None else False


def _all_hold(query: QueryBuilder, wheres: list[Where], row: Row, ctx: Context) -> bool | Unknown:
    unknown: Unknown | None = None
    for where in wheres:
        answer = _one_holds(query, where, row, ctx)
        if answer is False:
            return False
        if isinstance(answer, Unknown):
            unknown = answer
    return True if unknown is None else unknown


def _one_holds(query: QueryBuilder, where: Where, row: Row, ctx: Context) -> bool | Unknown:
    if where.opaque is not None:
        return where.opaque
    if where.nested or not where.column:
        answer = holds(query, where.nested, row, ctx) if where.nested else True
        return answer if isinstance(answer, Unknown) else answer is not where.negated
    return _compare(where, cell(query, row, where.column, ctx), ctx)


def cell(query: QueryBuilder, row: Row, column: str, ctx: Context) -> Value:
    """A row's value in a column; where the row does not say, the column's default."""
    name = column.rpartition(".")[2].strip('`"')
    if name in row:
        return row[name]
    table = query.host.world.table(query.host.world.prefixed(query.state.tables[0][0]))
    found = table.column(name) if table else None
    if found is None:
        # Only SQLite gets here: an unknown name in double quotes is a string.
        return name
    return default_value(found, ctx)


def default_value(column: Column, ctx: Context) -> Value:
    text = column.default
    if text is None or text.upper() == "NULL" or text.upper().startswith("NULL::"):
        return None
    text = re.sub(r"::[a-z ]+(\(\d+\))?$", "", text)
    if len(text) >= 2 and text[0] == "'" == text[-1]:
        return text[1:-1].replace("''", "'")
    if re.fullmatch(r"-?\d+", text):
        return int(text)
    return ctx.unknown(f"the default of {column.name}")


def _compare(where: Where, value: Value, ctx: Context) -> bool | Unknown:
    operator = where.operator
    wanted = where.value
    if operator == "=" and type(value) is type(wanted) and type(value) in (str, int):
        return value == wanted
    if operator in ("null", "not null"):
        return value if isinstance(value, Unknown) else (value is None) is (operator == "null")
    if value is None:
        return False
    if operator in ("in", "not in"):
        return _among(value, where, ctx)
    if operator in ("like", "ilike", "not like"):
        return _like(value, where.value, operator, ctx)
    return _ordered_compare(value, operator, where.value, ctx)


def _among(value: Value, where: Where, ctx: Context) -> bool | Unknown:
    from trueup.sources.laravel.runtime.collection import items_of

    items = items_of(where.value, ctx)
    unknown: Unknown | None = items.unknown
    for candidate in items.values():
        same = _same(value, candidate, ctx)
        if same is True:
            return where.operator == "in"
        if isinstance(same, Unknown):
            unknown = same
    return unknown if unknown is not None else where.operator == "not in"


def _same(left: Value, right: Value, ctx: Context) -> bool | Unknown:
    """SQL's equality of a stored value and a bound one."""
    for value in (left, right):
        if isinstance(value, Unknown):
            return value
    a, b = _sql_text(left, ctx), _sql_text(right, ctx)
    if isinstance(a, Unknown):
        return a
    return b if isinstance(b, Unknown) else a == b


def _sql_text(value: Value, ctx: Context) -> str | Unknown:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, EnumCase | PhpArray):
        return (
            text_of(value, ctx)
            if isinstance(value, EnumCase)
            else str([text_of(v, ctx) for v in listed(value)])
        )
    return ctx.to_string(value)


def _like(value: Value, pattern: Value, operator: str, ctx: Context) -> bool | Unknown:
    text, wanted = ctx.to_string(value), ctx.to_string(pattern)
    if isinstance(text, Unknown):
        return text
    if isinstance(wanted, Unknown):
        return wanted
    regex = re.escape(wanted).replace("%", ".*").replace("_", ".")
    found = re.fullmatch(regex, text, re.IGNORECASE | re.DOTALL) is not None
    return found is (operator != "not like")


def _ordered_compare(value: Value, operator: str, against: Value, ctx: Context) -> bool | Unknown:
    if operator in ("=", "<=>", "is", "!=", "<>"):
        same = _same(value, against, ctx)
        if isinstance(same, Unknown):
            return same
        return same if operator in ("=", "<=>", "is") else not same
    order = ctx.compare(value, against)
    if isinstance(order, Unknown):
        return order
    answers = {"<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0}
    return answers.get(operator, ctx.unknown(f"the operator {operator}"))
