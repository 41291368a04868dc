"""What ends a query by reading."""

from __future__ import annotations

from trueup.sources.laravel.runtime.collection import CollectionObject, from_pairs, from_values
from trueup.sources.laravel.runtime.data import ExpressionObject, StdClass, data_get, listed, text_of
from trueup.sources.laravel.runtime.query import QueryBuilder, Where, query_method, split_alias
from trueup.sources.laravel.runtime.query_rows import cell, check, is_catalogue, matching
from trueup.sources.laravel.runtime.rows import Row
from trueup.sources.php.host import Context
from trueup.sources.php.values import Args, PhpArray, Unknown, Value, normal_key


def rows_of(query: QueryBuilder, ctx: Context) -> tuple[list[Value], Unknown | None]:
    """The rows as PHP objects, and why there may be others."""
    state = query.state
    if state.tables and is_catalogue(state.tables[0][0]):
        from trueup.sources.laravel.runtime.catalogue import query_catalogue

        found = query_catalogue(query, ctx)
        return ([], found) if isinstance(found, Unknown) else ([StdClass(dict(r)) for r in found], None)
    check(query, "select", ctx)
    rows, unknown = matching(query, ctx)
    if rows and query.model:
        _load_eagerly(query, ctx)
    return [as_object(query, row, ctx) for row in rows], unknown


def _load_eagerly(query: QueryBuilder, ctx: Context) -> None:
    """The relations' own queries fail where their tables are missing."""
    from trueup.sources.laravel.runtime.relations import RelationObject

    for name in query.state.eager:
        if ctx.has_method(query.model, name):
            relation = ctx.call_method(ctx.instantiate(query.model), name)
            if isinstance(relation, RelationObject):
                check(relation.query, "select", ctx)


def as_object(query: QueryBuilder, row: Row, ctx: Context) -> Value:
    if query.model:
        return query.host.model_from_row(query.model, full_row(query, row, ctx), ctx)
    if query.state.selects and "*" not in query.state.selects:
        props: dict[str, Value] = {}
        for text in query.state.selects:
            column, alias = split_alias(text)
            props[alias or column.rpartition(".")[2]] = cell(query, row, column, ctx)
        return StdClass(props)
    return StdClass(full_row(query, row, ctx))


def full_row(query: QueryBuilder, row: Row, ctx: Context) -> Row:
    table = query.host.world.table(query.host.world.prefixed(query.state.tables[0][0]))
    return {c.name: cell(query, row, c.name, ctx) for c in table.columns} if table else dict(row)


def _select_given(query: QueryBuilder, args: Args, index: int, ctx: Context) -> None:
    """Columns named in `get(['a'])`, `first(['a'])`, `pluck('a')`."""
    columns = args.get(index, "columns")
    if columns is None or query.state.selects:
        return
    for column in listed(columns):
        if isinstance(column, str) and column != "*":
            query.state.selects.append(column)
            query.state.columns.append(split_alias(column)[0])


def _collection(query: QueryBuilder, values: list[Value], unknown: Unknown | None) -> CollectionObject:
    found = from_values(values, unknown)
    if query.model:
        found.name = "Illuminate\\Database\\Eloquent\\Collection"
    return found


@query_method("get", "cursor", "lazy", "lazyById", "paginate", "simplePaginate", "all")
def get(query: QueryBuilder, args: Args, ctx: Context) -> Value:
    if not isinstance(args.get(0), int):
        _select_given(query, args, 0, ctx)
    return _collection(query, *rows_of(query, ctx))


@query_method("first", "firstOr", "soleOrNull")
def first(query: QueryBuilder, args: Args, ctx: Context) -> Value:
    _select_given(query, args, 0, ctx)
    values, unknown = rows_of(query, ctx)
    return unknown if unknown is not None else (values[0] if values else None)


@query_method("firstOrFail", "sole", "findOrFail")
def first_or_fail(query: QueryBuilder, args: Args, ctx: Context) -> Value:
    value = (
        _find(query, args, ctx)
        if len(args) and not isinstance(args.get(0), PhpArray)
        else first(query, args, ctx)
    )
    if value is not None:
        return value
    name = query.model or "record"
    raise ctx.throw(
        "Illuminate\\Database\\Eloquent\\ModelNotFoundException", f"No query results for model [{name}]."
    )


@query_method("find", "findOrNew")
def find(query: QueryBuilder, args: Args, ctx: Context) -> Value:
    return _find(query, args, ctx)


def _find(query: QueryBuilder, args: Args, ctx: Context) -> Value:
    value = args.get(0)
    key = query.host.key_name(query.model, ctx) if query.model else "id"
    if isinstance(value, PhpArray):
        query.add(Where(key, "in", value))
        return _collection(query, *rows_of(query, ctx))
    query.add(Where(key, "=", value))
    return first(query, Args(at=args.at), ctx)


@query_method("value", "valueOrFail")
def value(query: QueryBuilder, args: Args, ctx: Context) -> Value:
    _select_given(query, args, 0, ctx)
    row = first(query, Args(at=args.at), ctx)
    column = args.get(0)
    if row is None or isinstance(row, Unknown):
        return row
    name = split_alias(str(column))[1] or str(column).rpartition(".")[2]
    return ctx.unknown("a raw value") if isinstance(column, ExpressionObject) else data_get(row, name, ctx)


@query_method("pluck")
def pluck(query: QueryBuilder, args: Args, ctx: Context) -> Value:
    columns = [c for c in (args.get(0), args.get(1)) if isinstance(c, str)]
    query.state.columns.extend(split_alias(c)[0] for c in columns)
    query.state.selects = []
    values, unknown = rows_of(query, ctx)
    names = [split_alias(c)[1] or c.rpartition(".")[2] for c in columns]
    if not names:
        return from_values([], unknown if unknown is not None or not values else ctx.unknown("raw columns"))
    plucked = [data_get(v, names[0], ctx) for v in values]
    if len(names) < 2:
        return from_values(plucked, unknown)
    pairs: list[tuple[int | str, Value]] = []
    for row, each in zip(values, plucked, strict=True):
        key = data_get(row, names[1], ctx)
        text = key if isinstance(key, int) else text_of(key, ctx)
        if isinstance(text, Unknown):
            unknown = text
        else:
            pairs.append((normal_key(text), each))
    return from_pairs(pairs, unknown)


@query_method("count", "getCountForPagination")
def count(query: QueryBuilder, args: Args, ctx: Context) -> Value:
    values, unknown = rows_of(query, ctx)
    return unknown if unknown is not None else len(values)


@query_method("exists")
def exists(query: QueryBuilder, args: Args, ctx: Context) -> Value:
    values, unknown = rows_of(query, ctx)
    return True if values else (unknown if unknown is not None else False)


@query_method("doesntExist")
def doesnt_exist(query: QueryBuilder, args: Args, ctx: Context) -> Value:
    found = exists(query, args, ctx)
    return found if isinstance(found, Unknown) else not found


@query_method("sum", "avg", "average")
def total(query: QueryBuilder, args: Args, ctx: Context) -> Value:
    values, unknown = _numbers(query, args, ctx)
    if unknown is not None:
        return unknown
    return sum(v for v in values if isinstance(v, int | float)) if values else 0


@query_method("max")
def maximum(query: QueryBuilder, args: Args, ctx: Context) -> Value:
    values, unknown = _numbers(query, args, ctx)
    numbers = [v for v in values if isinstance(v, int | float)]
    return unknown if unknown is not None else (max(numbers) if numbers else None)


@query_method("min")
def minimum(query: QueryBuilder, args: Args, ctx: Context) -> Value:
    values, unknown = _numbers(query, args, ctx)
    numbers = [v for v in values if isinstance(v, int | float)]
    return unknown if unknown is not None else (min(numbers) if numbers else None)


def _numbers(query: QueryBuilder, args: Args, ctx: Context) -> tuple[list[Value], Unknown | None]:
    column = args.get(0)
    if isinstance(column, str):
        query.state.columns.append(column)
    values, unknown = rows_of(query, ctx)
    found = [data_get(v, str(column).rpartition(".")[2], ctx) for v in values]
    return found, unknown or next((v for v in found if isinstance(v, Unknown)), None)


@query_method("chunk", "chunkById", "chunkByIdDesc")
def chunk(query: QueryBuilder, args: Args, ctx: Context) -> Value:
    values, unknown = rows_of(query, ctx)
    if unknown is not None:
        ctx.undecided(f"whether the closure of chunk() runs: {unknown.reason}")
    elif values:
        ctx.invoke(args.get(1, "callback"), [_collection(query, values, None), 1])
    return True


@query_method("each", "eachById", "chunkMap")
def each(query: QueryBuilder, args: Args, ctx: Context) -> Value:
    values, unknown = rows_of(query, ctx)
    if unknown is not None:
        ctx.undecided(f"whether the closure of each() runs: {unknown.reason}")
    for index, row in enumerate(values):
        if ctx.invoke(args.get(0, "callback"), [row, index]) is False:
            break
    return True


@query_method("implode")
def implode(query: QueryBuilder, args: Args, ctx: Context) -> Value:
    found = pluck(query, Args([args.get(0)], at=args.at), ctx)
    return ctx.call_method(found, "implode", [args.get(1, default="")])


@query_method("toSql", "toRawSql", "explain")
def to_sql(query: QueryBuilder, args: Args, ctx: Context) -> Value:
    return ctx.unknown("the SQL of a query")


@query_method("getConnection")
def get_connection(query: QueryBuilder, args: Args, ctx: Context) -> Value:
    return query.host.connection(query.elsewhere)


@query_method("getModel", "newModelInstance")
def get_model(query: QueryBuilder, args: Args, ctx: Context) -> Value:
    return ctx.instantiate(query.model) if query.model else None
