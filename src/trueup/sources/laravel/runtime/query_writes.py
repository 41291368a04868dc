"""What ends a query by writing. The server refuses missing tables and columns, and rows that leave out a value that must be."""

from __future__ import annotations

from trueup.model.schema import Column, Table
from trueup.sources.laravel.runtime.collection import items_of
from trueup.sources.laravel.runtime.data import ExpressionObject, listed
from trueup.sources.laravel.runtime.errors import query_throw
from trueup.sources.laravel.runtime.fragments import foreign_qualifier
from trueup.sources.laravel.runtime.query import QueryBuilder, Where, query_method
from trueup.sources.laravel.runtime.query_rows import check, matching
from trueup.sources.laravel.runtime.rows import Row
from trueup.sources.php.host import Context
from trueup.sources.php.values import Args, PhpArray, Unknown, Value


def table_of(query: QueryBuilder) -> str:
    return query.host.world.prefixed(query.state.tables[0][0]) if query.state.tables else ""


def _payload(value: Value, ctx: Context) -> list[Row] | Unknown:
    """Rows of `insert()`: one map, or a list of maps."""
    if isinstance(value, Unknown):
        return value
    items = items_of(value, ctx)
    if items.unknown is not None:
        return items.unknown
    if not len(items):
        return []
    first = items.values()[0]
    if isinstance(first, PhpArray) or any(isinstance(k, int) for k in items.keys()):  # noqa: SIM118  # not a mapping
        rows = [items_of(v, ctx) for v in items.values()]
    else:
        rows = [items]
    unknown = next((r.unknown for r in rows if r.unknown is not None), None)
    return unknown if unknown is not None else [{str(k): _stored(v, ctx) for k, v in r.items()} for r in rows]


def _stored(value: Value, ctx: Context) -> Value:
    return ctx.unknown("a value computed by the server") if isinstance(value, ExpressionObject) else value


@query_method("insert", "fillAndInsert")
def insert(query: QueryBuilder, args: Args, ctx: Context) -> Value:
    return _insert(query, args, ctx)


@query_method("insertOrIgnore")
def insert_or_ignore(query: QueryBuilder, args: Args, ctx: Context) -> Value:
    stored = query.host.world.rows.of(table_of(query)) if query.state.tables else None
    if stored is not None:
        # Rows that collide are left out, and move the sequence: where it is can no longer be told.
        stored.sequence = False
    return _insert(query, args, ctx)


def _insert(query: QueryBuilder, args: Args, ctx: Context) -> Value:
    rows = _payload(args.get(0, "values"), ctx)
    if isinstance(rows, Unknown):
        check(query, "insert", ctx)
        _doubt(query, rows)
        return True
    if rows:
        write_rows(query, rows, ctx)
    return True


@query_method("insertGetId")
def insert_get_id(query: QueryBuilder, args: Args, ctx: Context) -> Value:
    rows = _payload(args.get(0, "values"), ctx)
    if isinstance(rows, Unknown):
        check(query, "insert", ctx)
        _doubt(query, rows)
        return rows
    return write_rows(query, rows or [{}], ctx)


def write_rows(query: QueryBuilder, rows: list[Row], ctx: Context, complete: bool = True) -> Value:
    """Inserts; the key of the last row. `complete` False: the writer may add columns of its own (an Eloquent model)."""
    check(query, "insert", ctx, list(dict.fromkeys(c for row in rows for c in row)))
    world = query.host.world
    if query.elsewhere or not query.state.tables:
        return ctx.unknown("a key on another connection")
    name = table_of(query)
    table = world.table(name)
    key = next((c.name for c in table.columns if c.auto_increment), None) if table else None
    last: Value = None
    for row in rows:
        if complete and table is not None and (world.server.strict or not world.settings.mysql_family):
            _must_be_there(query, table, row, ctx)
        if key is not None and table is not None and row.get(key) is None:
            _must_be_free(query, table, key, ctx)
        last = world.rows.insert(name, row, key)
    return last if key is not None else (rows[-1].get("id") if rows else None)


def _must_be_there(query: QueryBuilder, table: Table, row: Row, ctx: Context) -> None:
    """Raises what the server says to a row without a value for a NOT NULL column that has no default."""
    given = {c.lower(): v for c, v in row.items()}
    settings = query.host.world.settings
    for column in table.columns:
        lowered = column.name.lower()
        if column.nullable or column.auto_increment or column.unknown or column.generated is not None:
            continue
        if lowered in given:
            if given[lowered] is None:
                raise query_throw(*_refusal(table, column, settings.driver, True), ctx.at, settings)
        elif column.default is None and not _rowid(table, column, settings.driver):
            raise query_throw(*_refusal(table, column, settings.driver, False), ctx.at, settings)


def _must_be_free(query: QueryBuilder, table: Table, key: str, ctx: Context) -> None:
    """Raises what PostgreSQL says where its sequence comes to a number that a row was given by hand."""
    world, unique = query.host.world, _unique_over(table, key)
    if unique is not None and world.rows.collides(table_of(query), key):
        reason = f'duplicate key value violates unique constraint "{unique}"'
        raise query_throw(reason, "23505", ctx.at, world.settings)


def _unique_over(table: Table, column: str) -> str | None:
    return next((i.name for i in table.indexes if (i.unique or i.primary) and i.columns == (column,)), None)


def _rowid(table: Table, column: Column, driver: str) -> bool:
    """SQLite fills an `integer primary key` by itself."""
    key = table.primary_key
    return (
        driver == "sqlite"
        and key is not None
        and key.columns == (column.name,)
        and column.type.lower() == "integer"
    )


def _refusal(table: Table, column: Column, driver: str, null: bool) -> tuple[str, str]:
    if driver == "sqlite":
        return f"NOT NULL constraint failed: {table.name}.{column.name}", "19"
    if driver == "pgsql":
        text = f'null value in column "{column.name}" of relation "{table.name}" violates not-null constraint'
        return text, "23502"
    if null:
        return f"Column '{column.name}' cannot be null", "1048"
    return f"Field '{column.name}' doesn't have a default value", "1364"


def _doubt(query: QueryBuilder, reason: Unknown) -> None:
    if query.state.tables and not query.elsewhere:
        query.host.world.rows.doubt(table_of(query), reason)


@query_method("updateFrom")
def update_from(query: QueryBuilder, args: Args, ctx: Context) -> Value:
    return _update(query, items_of(args.get(0, "values"), ctx), ctx)


@query_method("update", "touch")
def update(query: QueryBuilder, args: Args, ctx: Context) -> Value:
    values = items_of(args.get(0, "values"), ctx)
    _check_joined(query, values, ctx)
    return _update(query, values, ctx)


def _update(query: QueryBuilder, values: PhpArray, ctx: Context) -> Value:
    columns = [str(k).split("->", 1)[0] for k in values.keys()]  # noqa: SIM118  # not a mapping
    check(query, "update", ctx, columns)
    rows, unknown = matching(query, ctx)
    for row in rows:
        for key, value in values.items():
            row[str(key).rpartition(".")[2]] = _stored(value, ctx)
        if values.unknown is not None:
            for column in row:
                row[column] = values.unknown
    if unknown is not None and not query.elsewhere:
        _blur(query, columns, unknown)
    return len(rows) if unknown is None else unknown


def _check_joined(query: QueryBuilder, values: PhpArray, ctx: Context) -> None:
    """Raises what the server says to values that are columns of a table that is joined."""
    settings, state = query.host.world.settings, query.state
    if len(state.tables) < 2 or query.elsewhere:
        return
    target = (table_of(query), *state.tables[0])
    for value in values.values():
        if isinstance(value, ExpressionObject) and isinstance(value.sql, str):
            refusal = foreign_qualifier(value.sql, settings.driver, target)
            if refusal is not None:
                raise query_throw(*refusal, ctx.at, settings)


def _blur(query: QueryBuilder, columns: list[str], reason: Unknown) -> None:
    """It is not sure which rows were written: those columns can no longer be told in any."""
    stored = query.host.world.rows.peek(table_of(query)) if query.state.tables else None
    for row in stored.rows if stored is not None else ():
        for column in columns:
            row[column.rpartition(".")[2]] = reason


@query_method("increment", "decrement", "incrementEach")
def increment(query: QueryBuilder, args: Args, ctx: Context) -> Value:
    column = args.get(0, "column")
    check(query, "update", ctx, [column] if isinstance(column, str) else [])
    rows, _ = matching(query, ctx)
    for row in rows:
        row[str(column)] = ctx.unknown("a counter")
    return len(rows)


@query_method("delete", "forceDelete")
def delete(query: QueryBuilder, args: Args, ctx: Context) -> Value:
    if len(args) and args.get(0) is not None:
        query.add(Where("id", "=", args.get(0)))
    check(query, "delete", ctx)
    rows, unknown = matching(query, ctx)
    stored = (
        query.host.world.rows.peek(table_of(query)) if query.state.tables and not query.elsewhere else None
    )
    if stored is not None:
        gone = {id(r) for r in rows}
        stored.rows = [r for r in stored.rows if id(r) not in gone]
        if unknown is not None and stored.rows:
            stored.uncertain = unknown
        if not query.state.wheres and unknown is not None:
            stored.rows, stored.uncertain = [], None
    return len(rows) if unknown is None else unknown


@query_method("truncate")
def truncate(query: QueryBuilder, args: Args, ctx: Context) -> Value:
    check(query, "truncate", ctx)
    if query.state.tables and not query.elsewhere:
        query.host.world.rows.truncate(table_of(query))
    return None


def _sources(source: Value) -> tuple[str, ...]:
    """The tables of a query that certainly has no rows where they have none."""
    if not isinstance(source, QueryBuilder) or source.elsewhere or source.state.unreadable is not None:
        return ()
    plain = not source.state.derived and not source.state.grouped and not source.state.raws
    return tuple(source.host.world.prefixed(n) for n, _ in source.state.tables) if plain else ()


@query_method("insertUsing", "insertOrIgnoreUsing")
def insert_using(query: QueryBuilder, args: Args, ctx: Context) -> Value:
    columns = [c for c in listed(args.get(0, "columns")) if isinstance(c, str)]
    source = args.get(1, "query")
    check(query, "insert", ctx, columns, _sources(source))
    if isinstance(source, QueryBuilder):
        check(source, "select", ctx)
        rows, unknown = matching(source, ctx)
        if not rows and unknown is None:
            return 0
    _doubt(query, ctx.unknown("the rows of INSERT ... SELECT"))
    return ctx.unknown("the number of rows inserted")


@query_method("upsert")
def upsert(query: QueryBuilder, args: Args, ctx: Context) -> Value:
    rows = _payload(args.get(0, "values"), ctx)
    if isinstance(rows, Unknown):
        check(query, "insert", ctx)
        _doubt(query, rows)
        return rows
    keys = [str(c) for c in listed(args.get(1, "uniqueBy"))]
    for row in rows:
        _put(query, {k: row.get(k) for k in keys}, row, ctx)
    return len(rows)


@query_method("updateOrInsert")
def update_or_insert(query: QueryBuilder, args: Args, ctx: Context) -> Value:
    keys, values = _payload(args.get(0, "attributes"), ctx), _payload(args.get(1, "values"), ctx)
    if isinstance(keys, Unknown) or isinstance(values, Unknown):
        check(query, "insert", ctx)
        _doubt(query, keys if isinstance(keys, Unknown) else values)  # type: ignore[arg-type]  # one of them is
        return True
    found = keys[0] if keys else {}
    _put(query, found, {**found, **(values[0] if values else {})}, ctx)
    return True


def _put(query: QueryBuilder, keys: Row, row: Row, ctx: Context) -> None:
    """Updates the row with those keys, else inserts it."""
    state = query.state.copy()
    state.wheres.extend(Where(k, "=", v) for k, v in keys.items())
    rows, unknown = matching(QueryBuilder(query.host, state, "", query.elsewhere), ctx)
    if unknown is not None:
        check(query, "insert", ctx, list(row))
        _doubt(query, unknown)
    elif rows:
        check(query, "update", ctx, list(row))
        for each in rows:
            each.update(row)
    else:
        write_rows(query, [dict(row)], ctx)
