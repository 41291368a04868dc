"""Methods that run a query, and what they give."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from trueup.model.locations import Location
from trueup.model.queries import Role
from trueup.sources.laravel.queries import apply, payloads, relations
from trueup.sources.laravel.queries.builder import Builder
from trueup.sources.laravel.queries.methods import PIVOT_TERMINALS, Terminal, terminal_of
from trueup.sources.laravel.queries.values import (
    UNKNOWN,
    Arr,
    Frame,
    Func,
    Many,
    Obj,
    Unknown,
    Value,
    literal,
    text,
    turn_of,
)
from trueup.sources.php import tree as php

if TYPE_CHECKING:
    from trueup.sources.laravel.queries.walker import Walker

Node = php.MethodCall | php.StaticCall


def terminal(
    walker: Walker, builder: Builder, name: str, node: Node, args: Sequence[php.Argument], frame: Frame
) -> Value:
    """A method that runs the query."""
    found = terminal_of(name)
    if found is None:
        return UNKNOWN
    canonical, what = found
    builder.loops = max(builder.loops, frame.loops)
    if frame.row_loops and not builder.row_loop:
        builder.row_loop = frame.method or frame.file
    if what.kind in {"insert", "update", "upsert"} or canonical == "firstOrNew":
        return payloads.write(walker, builder, canonical, what, node, args, frame)
    values = walker.arguments(args, frame)
    at = walker.at(node, frame)
    query = builder.clone()
    query.limited = query.limited or what.limit
    _terminal_columns(walker, query, canonical, what, values, node, frame)
    if canonical in PIVOT_TERMINALS or name.lower() in PIVOT_TERMINALS:
        query = relations.pivot_query(walker, builder, node, frame)
    walker.program.record(query, what.kind, canonical, at)
    builder.finished += 1
    return _result(walker, builder, what, values, node, frame)


def _terminal_columns(
    walker: Walker,
    query: Builder,
    canonical: str,
    what: Terminal,
    values: Sequence[Value],
    node: Node,
    frame: Frame,
) -> None:
    at = walker.at(node, frame)
    if canonical in {"find", "findOrFail", "findMany", "findOr", "findOrNew", "findSole"}:
        key = query.model.primary_key if query.model is not None else "id"
        if key:
            query.use(
                key, "filter", at, operator="=", value=literal(values[0]) if values else literal(UNKNOWN)
            )
    if canonical == "delete" and values and not query.eloquent:
        query.use("id", "filter", at, operator="=")
    if what.column == "columns" and values and not query.selects:
        apply.select_columns(walker, query, values[0], node, frame)
    elif what.column in {"select", "aggregate"} and not (query.selects and what.column == "select"):
        for value in values[: 2 if canonical == "pluck" else 1]:
            role: Role = "aggregate" if what.column == "aggregate" else "select"
            apply.select_columns(walker, query, value, node, frame, role)
    if canonical in {"chunkById", "eachById", "lazyById", "chunkByIdDesc", "lazyByIdDesc"}:
        named = text(values[2]) if len(values) > 2 and canonical != "lazyById" else None
        key = named or (query.model.primary_key if query.model is not None else "id")
        if key:
            query.use(key, "sort", at)


def _result(
    walker: Walker, builder: Builder, what: Terminal, values: Sequence[Value], node: Node, frame: Frame
) -> Value:
    at = walker.at(node, frame)
    row = row_of(builder, at, rows=what.gives != "row")
    for value in values:
        if isinstance(value, Func):
            parameter = Many(row) if what.gives == "nothing" and "chunk" in str(what.kind) else row
            wants_many = bool(value.node.params) and (
                "Collection" in value.node.params[0].type or value.node.params[0].name.endswith("s")
            )
            frame.loops += 1
            frame.row_loops += 1
            given = Many(row, loaded=builder.loaded(at, rows=True)) if wants_many else turn_of(parameter)
            walker.call_closure(value, [given])
            frame.loops -= 1
            frame.row_loops -= 1
    if what.gives == "row":
        many = bool(values) and isinstance(values[0], Arr) and what.kind == "select"
        return Many(row) if many else row
    if what.gives in {"rows", "page"}:
        loaded = row.loaded if isinstance(row, Obj) else None
        return Many(row, loaded=loaded or builder.loaded(at, rows=True))
    if what.gives == "many_scalars":
        return Many(Unknown(), loaded=builder.loaded(at, rows=True))
    return Unknown("int" if what.kind == "aggregate" else "unknown")


def row_of(builder: Builder, at: Location, *, rows: bool = False) -> Value:
    if builder.eloquent and builder.model is not None:
        return Obj(builder.model.name, loaded=builder.loaded(at, rows=rows))
    return UNKNOWN
