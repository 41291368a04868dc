"""The where family: which columns a filter names, with which operator and value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from trueup.model.locations import Location
from trueup.model.queries import UNKNOWN_VALUE, Literalish, Role
from trueup.sources.laravel.queries import apply as steps
from trueup.sources.laravel.queries.builder import Builder
from trueup.sources.laravel.queries.methods import Filter, filter_of
from trueup.sources.laravel.queries.raw import read_fragment
from trueup.sources.laravel.queries.values import (
    UNKNOWN,
    Arr,
    Const,
    Fragment,
    Frame,
    Func,
    Query,
    Unknown,
    Value,
    literal,
    text,
    texts,
)
from trueup.sources.php import tree as php
from trueup.structs import replace

if TYPE_CHECKING:
    from trueup.sources.laravel.queries.walker import Walker

Node = php.MethodCall | php.StaticCall
_OPERATORS = frozenset(
    [
        "=",
        "<",
        ">",
        "<=",
        ">=",
        "<>",
        "!=",
        "<=>",
        "like",
        "ilike",
        "&",
        "|",
        "^",
        "<<",
        ">>",
        "rlike",
        "regexp",
        "~",
        "~*",
        "!~",
        "!~*",
    ]
) | {
    "not like",
    "not ilike",
    "like binary",
    "similar to",
    "not similar to",
    "not rlike",
    "not regexp",
}


class _Call:
    """One filter call, unpacked for the layouts below."""

    __slots__ = ("at", "builder", "certain", "either", "filter", "frame", "node", "role", "values", "walker")

    def __init__(
        self,
        walker: Walker,
        builder: Builder,
        name: str,
        what: Filter,
        either: bool,
        node: Node,
        values: Sequence[Value],
        frame: Frame,
    ) -> None:
        self.walker, self.builder, self.filter, self.node, self.frame = walker, builder, what, node, frame
        self.values, self.either = values, either
        self.at = walker.at(node, frame)
        lowered = name.lower()
        self.role: Role = (
            "having" if "having" in lowered else "join" if lowered in {"on", "oron"} else "filter"
        )
        self.certain = frame.depth <= builder.depth and not either

    def use(
        self,
        column: Value,
        operator: str,
        value: Literalish = UNKNOWN_VALUE,
        function: str = "",
        line: int = 0,
    ) -> None:
        at = Location(self.at.file, line) if line else self.at
        is_pivot = "pivot" in str(self.node.name).lower()
        table = self.builder.pivot if is_pivot else ""
        if is_pivot and not table:
            self.builder.open = True
            return
        if isinstance(column, Fragment):
            self.raw(column.text)
            return
        names = texts(column)
        if not names and not isinstance(column, Func | Query | Arr):
            self.builder.open = True
        for name in names:
            certain = self.certain and len(names) == 1
            self.builder.use(
                name,
                self.role,
                at,
                operator=operator,
                value=value,
                function=function,
                certain=certain,
                table=table,
                alternative=len(names) > 1,
                either=self.either,
            )

    def raw(self, fragment: str | None) -> None:
        if fragment is None:
            self.builder.open = True
            return
        read = read_fragment(fragment)
        for (column, function), operator in zip(read.columns, read.operators, strict=True):
            computed = operator == "arithmetic"
            self.builder.use(
                column,
                self.role,
                self.at,
                operator="raw" if computed or function or not operator else operator,
                function=function or ("arithmetic" if computed else ""),
                certain=self.certain,
                either=self.either,
            )

    def sub(self, value: Value) -> None:
        self.builder.loose = self.builder.loose or self.either
        self.builder.narrowed = self.builder.narrowed or not self.either
        steps.subquery(self.walker, self.builder, value, self.node, self.frame)


def apply(
    walker: Walker, builder: Builder, name: str, node: Node, args: Sequence[php.Argument], frame: Frame
) -> None:
    """A filter method on a builder: its columns are added to it."""
    found = filter_of(name)
    if found is None:
        return
    what, either = found
    values = walker.arguments(args, frame)
    if any(a.spread for a in args):
        builder.open = True
        return
    call = _Call(walker, builder, name, what, either, node, values, frame)
    _LAYOUTS[what.how](call)


def _where(call: _Call) -> None:
    if not call.values:
        return
    first = call.values[0]
    if isinstance(first, Func):
        _nested(call, first)
        if len(call.values) > 1:
            call.sub(first)
        return
    if isinstance(first, Arr):
        _map(call, first)
        return
    if isinstance(first, Query):
        call.sub(first)
        return
    operator, value = _operator(call)
    if isinstance(value, Func | Query):
        call.sub(value)
    shown = literal(value)
    if shown.kind == "null" and operator in {"=", "!=", "<>"}:
        operator = "is null" if operator == "=" else "is not null"
    call.use(first, operator, shown)


def _operator(call: _Call) -> tuple[str, Value]:
    """(operator, value) of where's two and three argument forms; an unknown operator is taken for the value."""
    values = call.values
    if len(values) < 2:
        return "=", UNKNOWN
    if len(values) == 2:
        return call.filter.operator, values[1]
    operator = text(values[1])
    if operator is None:
        return ("?" if not isinstance(values[1], Const) else "="), values[2]
    return (operator.lower() if operator.lower() in _OPERATORS else "="), values[2]


def _nested(call: _Call, closure: Func) -> None:
    """`where(fn ($q) => ...)`: the same table, in brackets."""
    builder = call.builder
    builder.brackets += 1
    around, number = builder.bracket, f"{builder.brackets}{'o' if call.either else ''}"
    builder.bracket = f"{around}.{number}".lstrip(".")
    negated = call.filter.operator == "!="
    before = len(builder.uses)
    call.walker.call_closure(closure, [Query(builder)], conditional=not call.certain)
    if negated:
        builder.uses[before:] = [replace(u, operator=f"not {u.operator}") for u in builder.uses[before:]]
    builder.bracket = around


def _map(call: _Call, conditions: Arr) -> None:
    """`where(['a' => 1])` and `where([['a', '>', 1]])`. `whereNot()` hands "not" on to each of them; only the query builder's own
    does not."""
    before = len(call.builder.uses)
    for item in conditions.items:
        if isinstance(item.key, str):
            call.use(Const(item.key), call.filter.operator, literal(item.value), line=item.line)
        elif isinstance(item.value, Arr) and item.value.items:
            parts = item.value.values()
            operator = (text(parts[1]) or "=") if len(parts) > 2 else "="
            call.use(parts[0], operator, literal(parts[-1]), line=item.line)
    if call.filter.operator == "!=" and call.builder.eloquent:
        uses = call.builder.uses
        uses[before:] = [replace(u, inverted=True) for u in uses[before:]]
    if not conditions.complete:
        call.builder.open = True


def _column(call: _Call) -> None:
    if call.values and isinstance(call.values[0], Func):
        call.walker.call_closure(call.values[0], [Query(call.builder)])
        return
    if call.values and isinstance(call.values[0], Arr):
        for part in call.values[0].values():
            if isinstance(part, Arr) and part.items:
                call.use(part.items[0].value, "=", Literalish("column"))
                call.use(part.items[-1].value, "=", Literalish("column"))
        return
    if len(call.values) >= 2:
        operator = (text(call.values[1]) or "=") if len(call.values) > 2 else "="
        call.use(call.values[0], operator, Literalish("column"))
        call.use(call.values[-1] if len(call.values) < 4 else call.values[2], operator, Literalish("column"))


def _list(call: _Call) -> None:
    if not call.values:
        return
    second = call.values[1] if len(call.values) > 1 else UNKNOWN
    if isinstance(second, Func | Query):
        call.sub(second)
    call.use(call.values[0], call.filter.operator, literal(second))


def _null(call: _Call) -> None:
    if not call.values:
        return
    columns = call.values[0].values() if isinstance(call.values[0], Arr) else (call.values[0],)
    for column in columns:
        call.use(column, call.filter.operator)


def _between(call: _Call) -> None:
    if call.values:
        call.use(
            call.values[0],
            call.filter.operator,
            literal(call.values[1]) if len(call.values) > 1 else UNKNOWN_VALUE,
        )


def _between_columns(call: _Call) -> None:
    if not call.values:
        return
    call.use(call.values[0], call.filter.operator)
    others = call.values[1].values() if len(call.values) > 1 and isinstance(call.values[1], Arr) else ()
    for other in others:
        call.use(other, "between")


def _date(call: _Call) -> None:
    if call.values:
        operator, value = _operator(call)
        call.use(call.values[0], operator, literal(value), call.filter.function)


def _now(call: _Call) -> None:
    columns = call.values[0].values() if call.values and isinstance(call.values[0], Arr) else call.values[:1]
    for column in columns:
        call.use(column, call.filter.operator, Literalish("date"), call.filter.function)


def _all(call: _Call) -> None:
    columns = call.values[0].values() if call.values and isinstance(call.values[0], Arr) else ()
    operator, value = _operator(call)
    for column in columns:
        call.use(column, operator, literal(value))


def _sub(call: _Call) -> None:
    if call.values:
        call.use(
            call.values[0],
            call.filter.operator,
            literal(call.values[1]) if len(call.values) > 1 else UNKNOWN_VALUE,
        )


def _key(call: _Call) -> None:
    model = call.builder.model
    if model is not None and model.primary_key:
        value = literal(call.values[0]) if call.values else UNKNOWN_VALUE
        call.use(
            Const(f"{model.table}.{model.primary_key}" if model.table else model.primary_key),
            call.filter.operator,
            value,
        )


def _exists(call: _Call) -> None:
    if call.values:
        call.sub(call.values[0])


def _raw(call: _Call) -> None:
    first = call.values[0] if call.values else Unknown()
    call.raw(first.text if isinstance(first, Fragment) else text(first))


_LAYOUTS: dict[str, Callable[[_Call], None]] = {
    "where": _where,
    "where_not": _where,
    "where_column": _column,
    "where_list": _list,
    "where_null": _null,
    "where_between": _between,
    "where_between_columns": _between_columns,
    "where_date": _date,
    "where_now": _now,
    "where_all": _all,
    "where_multi": _null,
    "where_raw": _raw,
    "where_sub": _sub,
    "where_json": _sub,
    "where_key": _key,
    "where_exists": _exists,
}
