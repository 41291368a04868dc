"""The query builder: `DB::table(...)->...`, as far as it decides what a migration does.

Predicates over known rows are carried out; what goes beyond (raw SQL, joins, subqueries) makes a predicate that cannot be told,
which matters only where the table has rows at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

from trueup.sources.laravel.runtime.data import ExpressionObject, listed, text_of
from trueup.sources.php.host import Context
from trueup.sources.php.values import MISSING, Args, HostObject, Missing, PhpArray, Unknown, Value
from trueup.structs import Struct, field

if TYPE_CHECKING:
    from trueup.sources.laravel.runtime.host import LaravelHost


class Where(Struct):
    """`column operator value`; `nested` for a group in parentheses; `opaque` for what can't be told."""

    column: str = ""
    operator: str = "="
    value: Value = None
    either: bool = False
    nested: list[Where] = field(default_factory=list)
    opaque: Unknown | None = None
    negated: bool = False


class QueryState(Struct):
    """`tables`: (name, alias) with the first the table itself, the others joined. `unreadable`: the table can't be told.
    `raws`: the raw SQL inside."""

    tables: list[tuple[str, str]] = field(default_factory=list)
    wheres: list[Where] = field(default_factory=list)
    joins: list[tuple[str, str, str]] = field(default_factory=list)
    selects: list[str] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    orders: list[tuple[str, bool]] = field(default_factory=list)
    limit: int | None = None
    offset: int = 0
    grouped: bool = False
    unreadable: Unknown | None = None
    derived: bool = False
    eager: list[str] = field(default_factory=list)
    raws: list[str] = field(default_factory=list)

    def copy(self) -> QueryState:
        return QueryState(
            list(self.tables),
            list(self.wheres),
            list(self.joins),
            list(self.selects),
            list(self.columns),
            list(self.orders),
            self.limit,
            self.offset,
            self.grouped,
            self.unreadable,
            self.derived,
            list(self.eager),
            list(self.raws),
        )


Handler = Callable[["QueryBuilder", Args, Context], "Value | Missing"]
_H = TypeVar("_H", bound=Handler)
HANDLERS: dict[str, Handler] = {}


def query_method(*names: str) -> Callable[[_H], _H]:
    def register(handler: _H) -> _H:
        for name in names:
            HANDLERS[name.lower()] = handler
        return handler

    return register


class QueryBuilder(HostObject):
    """`model`: the class whose rows come back as models (an Eloquent builder), else None. `elsewhere`: another connection."""

    __slots__ = ("elsewhere", "host", "model", "state")

    def __init__(
        self, host: LaravelHost, state: QueryState | None = None, model: str = "", elsewhere: str = ""
    ) -> None:
        self.host = host
        self.state = state or QueryState()
        self.model = model
        self.elsewhere = elsewhere

    @property
    def php_class(self) -> str:
        return (
            "Illuminate\\Database\\Eloquent\\Builder"
            if self.model
            else "Illuminate\\Database\\Query\\Builder"
        )

    def ancestors(self) -> tuple[str, ...]:
        return ("Illuminate\\Contracts\\Database\\Query\\Builder",)

    def call(self, method: str, args: Args, ctx: Context) -> Value | Missing:
        lowered = method.lower()
        self.state.raws.extend(_raws_in(args, raw=lowered.endswith("raw")))
        handler = HANDLERS.get(lowered)
        if handler is not None:
            return handler(self, args, ctx)
        macros = self.host.world.macros.get("builder", {})
        if lowered in macros:
            from trueup.sources.php.values import Closure

            macro = macros[lowered]
            return ctx.invoke(macro.bind(self) if isinstance(macro, Closure) else macro, args)
        if self.model:
            return self._scope(method, args, ctx)
        if lowered.startswith(("where", "orwhere")):
            return self._opaque(f"{method}()", lowered.startswith("or"), ctx)
        return self._opaque(f"{method}()", False, ctx)

    def get(self, prop: str, ctx: Context) -> Value | Missing:
        return self.state.tables[0][0] if prop == "from" and self.state.tables else MISSING

    def clone(self, ctx: Context) -> HostObject:
        return QueryBuilder(self.host, self.state.copy(), self.model, self.elsewhere)

    def _scope(self, method: str, args: Args, ctx: Context) -> Value:
        """A local scope of the model, else something that can't be told."""
        scope = "scope" + method[:1].upper() + method[1:]
        if ctx.has_method(self.model, scope):
            target = ctx.instantiate(self.model)
            result = ctx.call_method(target, scope, [self, *args.positional])
            return self if result is None else result
        return self._opaque(f"{method}()", False, ctx)

    def _opaque(self, what: str, either: bool, ctx: Context) -> Value:
        self.state.wheres.append(Where(opaque=ctx.unknown(f"the predicate of {what}"), either=either))
        return self

    # Predicates

    def add(self, where: Where) -> QueryBuilder:
        self.state.wheres.append(where)
        return self

    def nested(self, closure: Value, ctx: Context) -> list[Where]:
        inner = QueryBuilder(self.host, QueryState(list(self.state.tables)), self.model, self.elsewhere)
        ctx.invoke(closure, [inner])
        self.state.columns.extend(inner.state.columns)
        self.state.raws.extend(inner.state.raws)
        return inner.state.wheres

    def name_column(self, value: Value, ctx: Context) -> str | Unknown:
        if isinstance(value, ExpressionObject):
            return ctx.unknown("a raw column")
        text = text_of(value, ctx)
        if isinstance(text, str):
            self.state.columns.append(text)
        return text


def _raws_in(args: Args, *, raw: bool) -> Iterator[str]:
    """The texts of `DB::raw(...)` among the arguments and in their arrays, and the first of a method of raw SQL."""
    if raw and isinstance(args.get(0), str):
        yield str(args.get(0))
    for value in args.positional:
        for each in value.values() if isinstance(value, PhpArray) else (value,):
            if isinstance(each, ExpressionObject) and isinstance(each.sql, str):
                yield each.sql


def set_table(query: QueryBuilder, value: Value, alias: Value, ctx: Context) -> None:
    """`from()`: a name, `name as alias`, a subquery or raw SQL."""
    if isinstance(value, Unknown):
        query.state.unreadable = value
        return
    if not isinstance(value, str):
        text = (
            text_of(value, ctx)
            if not ctx.is_callable(value) and not isinstance(value, QueryBuilder)
            else None
        )
        if not isinstance(text, str) or " " in text.strip():
            query.state.derived = True
            query.state.tables = []
            return
        value = text
    query.state.tables = [split_alias(value, alias if isinstance(alias, str) else "")]


def split_alias(text: str, alias: str = "") -> tuple[str, str]:
    lowered = text.lower()
    at = lowered.find(" as ")
    if at >= 0:
        return text[:at].strip(), text[at + 4 :].strip()
    name, _, bare = text.strip().partition(" ")
    return name, bare.strip() or alias


@query_method("from", "table")
def from_(query: QueryBuilder, args: Args, ctx: Context) -> Value:
    set_table(query, args.get(0, "table"), args.get(1, "as"), ctx)
    return query


@query_method("where", "having")
def where(query: QueryBuilder, args: Args, ctx: Context) -> Value:
    return _where(query, args, ctx, False)


@query_method("orWhere", "orHaving")
def or_where(query: QueryBuilder, args: Args, ctx: Context) -> Value:
    return _where(query, args, ctx, True)


@query_method("whereNot")
def where_not(query: QueryBuilder, args: Args, ctx: Context) -> Value:
    inner = QueryBuilder(query.host, QueryState(list(query.state.tables)), query.model, query.elsewhere)
    _where(inner, args, ctx, False)
    query.state.columns.extend(inner.state.columns)
    return query.add(Where(nested=inner.state.wheres, negated=True))


_MATCHES = ("regexp", "not regexp", "rlike", "not rlike")
"""MySQL's operators, which other servers do not have."""


def _where(query: QueryBuilder, args: Args, ctx: Context, either: bool) -> Value:
    column = args.get(0, "column")
    if args.open is not None:
        return query.add(Where(opaque=args.open, either=either))
    if isinstance(column, PhpArray):
        return query.add(Where(nested=list(_pairs(query, column, ctx)), either=either))
    if not isinstance(column, str) and ctx.is_callable(column):
        return query.add(Where(nested=query.nested(column, ctx), either=either))
    name = query.name_column(column, ctx)
    if isinstance(name, Unknown):
        return query.add(Where(opaque=name, either=either))
    if len(args) >= 3:
        operator, value = args.get(1, "operator"), args.get(2, "value")
    else:
        operator, value = "=", args.get(1, "value", args.get(1, "operator"))
    if isinstance(operator, str) and operator.lower() in _MATCHES:
        query.state.raws.append(f"{column} {operator} ''")
    return query.add(_predicate(name, operator, value, either, ctx))


def _predicate(column: str, operator: Value, value: Value, either: bool, ctx: Context) -> Where:
    if not isinstance(operator, str):
        return Where(opaque=ctx.unknown("an operator that can't be told"), either=either)
    callback = not isinstance(value, str) and ctx.is_callable(value)
    if isinstance(value, ExpressionObject | QueryBuilder) or "->" in column or callback:
        return Where(opaque=ctx.unknown("a comparison with SQL"), either=either)
    lowered = operator.lower()
    if value is None:
        return Where(column, "null" if lowered in ("=", "<=>", "is") else "not null", either=either)
    return Where(column, lowered, value, either)


def _pairs(query: QueryBuilder, array: PhpArray, ctx: Context) -> Iterable[Where]:
    for key, value in array.items():
        if isinstance(key, int):
            parts = listed(value)
            name = query.name_column(parts[0], ctx) if parts else ""
            if isinstance(name, Unknown):
                yield Where(opaque=name)
            else:
                operator, against = (
                    (parts[1], parts[2]) if len(parts) > 2 else ("=", parts[1] if len(parts) > 1 else None)
                )
                yield _predicate(name, operator, against, False, ctx)
        else:
            query.state.columns.append(key)
            yield _predicate(key, "=", value, False, ctx)


def _simple(operator: str, either: bool, values: bool) -> Handler:
    def handler(query: QueryBuilder, args: Args, ctx: Context) -> Value:
        names = listed(args.get(0, "columns")) if not values else [args.get(0, "column")]
        for each in names:
            name = query.name_column(each, ctx)
            value = args.get(1, "values") if values else None
            if isinstance(name, Unknown):
                query.add(Where(opaque=name, either=either))
            elif values and (isinstance(value, QueryBuilder) or ctx.is_callable(value)):
                query.add(Where(opaque=ctx.unknown("a subquery"), either=either))
            else:
                query.add(Where(name, operator, value, either))
        return query

    return handler


for _name, _operator, _values in (
    ("whereNull", "null", False),
    ("whereNotNull", "not null", False),
    ("whereIn", "in", True),
    ("whereNotIn", "not in", True),
    ("whereIntegerInRaw", "in", True),
):
    query_method(_name)(_simple(_operator, False, _values))
    query_method("or" + _name[0].upper() + _name[1:])(_simple(_operator, True, _values))


@query_method("whereLike")
def where_like(query: QueryBuilder, args: Args, ctx: Context) -> Value:
    return _where(query, Args([args.get(0), "like", args.get(1)], at=args.at), ctx, False)


@query_method("whereKey", "whereKeyNot")
def where_key(query: QueryBuilder, args: Args, ctx: Context) -> Value:
    value = args.get(0)
    return query.add(Where("id", "in" if isinstance(value, PhpArray) else "=", value))


@query_method("select", "addSelect")
def select(query: QueryBuilder, args: Args, ctx: Context) -> Value:
    for value in args.positional:
        for each in listed(value) if isinstance(value, PhpArray) else [value]:
            if isinstance(each, str):
                query.state.selects.append(each)
                name = split_alias(each)[0]
                if name != "*" and not name.endswith(".*"):
                    query.state.columns.append(name)
            elif isinstance(each, ExpressionObject):
                query.state.selects.append(each.sql if isinstance(each.sql, str) else "*")
    return query


@query_method("selectRaw", "distinct", "lock", "lockForUpdate", "sharedLock", "useWritePdo")
@query_method("without", "withCount", "toBase")
def select_raw(query: QueryBuilder, args: Args, ctx: Context) -> Value:
    return query


@query_method(
    "withTrashed",
    "withoutGlobalScope",
    "withoutGlobalScopes",
    "withoutTimestamps",
    "newQuery",
    "getQuery",
    "query",
)
def unchanged(query: QueryBuilder, args: Args, ctx: Context) -> Value:
    return query


@query_method("clone")
def clone(query: QueryBuilder, args: Args, ctx: Context) -> Value:
    return query.clone(ctx)


@query_method("orderBy", "orderByDesc", "latest", "oldest", "reorder")
def order_by(query: QueryBuilder, args: Args, ctx: Context) -> Value:
    column = args.get(0, "column")
    if isinstance(column, str):
        query.state.columns.append(column)
        direction = args.get(1, "direction")
        query.state.orders.append((column, isinstance(direction, str) and direction.lower() == "desc"))
    return query


@query_method("orderByRaw", "inRandomOrder")
def order_by_raw(query: QueryBuilder, args: Args, ctx: Context) -> Value:
    return query


@query_method("with")
def with_(query: QueryBuilder, args: Args, ctx: Context) -> Value:
    """Eager loads: asked only when there are rows to load for."""
    for value in args.positional:
        for key, each in value.items() if isinstance(value, PhpArray) else [(0, value)]:
            name = key if isinstance(key, str) else each
            if isinstance(name, str):
                query.state.eager.append(name.split(".", 1)[0].split(":", 1)[0])
    return query


@query_method("limit", "take")
def limit(query: QueryBuilder, args: Args, ctx: Context) -> Value:
    value = args.get(0)
    query.state.limit = value if isinstance(value, int) else None
    return query


@query_method("offset", "skip", "forPage")
def offset(query: QueryBuilder, args: Args, ctx: Context) -> Value:
    value = args.get(0)
    query.state.offset = value if isinstance(value, int) else 0
    return query


@query_method("groupBy", "groupByRaw", "havingRaw", "union", "unionAll")
def group_by(query: QueryBuilder, args: Args, ctx: Context) -> Value:
    query.state.grouped = True
    for value in args.positional:
        if isinstance(value, str):
            query.state.columns.append(value)
    return query


@query_method("join", "leftJoin", "rightJoin", "crossJoin")
def join(query: QueryBuilder, args: Args, ctx: Context) -> Value:
    table = args.get(0, "table")
    if not isinstance(table, str):
        query.state.derived = query.state.grouped = True
        return query
    query.state.tables.append(split_alias(table))
    first = args.get(1, "first")
    if isinstance(first, str):
        second = args.get(3, "second") if len(args) > 3 else args.get(2)
        query.state.joins.append((first, "=", str(second)))
        query.state.columns.extend(c for c in (first, second) if isinstance(c, str))
    elif first is not None and ctx.is_callable(first):
        clause = JoinClause(query)
        ctx.invoke(first, [clause])
    return query


class JoinClause(HostObject):
    """What a join's closure is given; only plain `on` conditions are kept."""

    __slots__ = ("query",)

    def __init__(self, query: QueryBuilder) -> None:
        self.query = query

    @property
    def php_class(self) -> str:
        return "Illuminate\\Database\\Query\\JoinClause"

    def call(self, method: str, args: Args, ctx: Context) -> Value | Missing:
        if method.lower() == "on" and len(args) >= 2:
            second = args.get(2) if len(args) > 2 else args.get(1)
            self.query.state.joins.append((str(args.get(0)), "=", str(second)))
        elif method.lower() == "where" and len(args) >= 2:
            _where(self.query, args, ctx, False)
        return self


@query_method("joinSub", "leftJoinSub", "fromSub", "fromRaw", "selectSub")
def join_sub(query: QueryBuilder, args: Args, ctx: Context) -> Value:
    query.state.derived = True
    return query


@query_method("when")
def when(query: QueryBuilder, args: Args, ctx: Context) -> Value:
    condition = ctx.to_bool(args.get(0))
    callback = args.get(1) if condition is True else args.get(2)
    if isinstance(condition, Unknown):
        return query.add(Where(opaque=condition))
    return query if callback is None else (ctx.invoke(callback, [query, args.get(0)]) or query)


@query_method("unless")
def unless(query: QueryBuilder, args: Args, ctx: Context) -> Value:
    condition = ctx.to_bool(args.get(0))
    return query if condition is not False else (ctx.invoke(args.get(1), [query, args.get(0)]) or query)


@query_method("tap")
def tap(query: QueryBuilder, args: Args, ctx: Context) -> Value:
    ctx.invoke(args.get(0), [query])
    return query
