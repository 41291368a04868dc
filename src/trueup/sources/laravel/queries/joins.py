"""Joins: tables that are added, and the columns that they are joined by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from trueup.model.locations import Location
from trueup.model.queries import TableRef
from trueup.sources.laravel.queries import apply
from trueup.sources.laravel.queries.builder import Builder
from trueup.sources.laravel.queries.methods import JOIN_WHERES, SUB_JOINS
from trueup.sources.laravel.queries.values import (
    UNKNOWN,
    Frame,
    Func,
    Query,
    Value,
    text,
    texts,
)
from trueup.sources.php import tree as php

if TYPE_CHECKING:
    from trueup.sources.laravel.queries.walker import Walker

Node = php.MethodCall | php.StaticCall


def join(
    walker: Walker, builder: Builder, name: str, node: Node, args: Sequence[php.Argument], frame: Frame
) -> Value:
    values = walker.arguments(args, frame)
    at = walker.at(node, frame)
    if not values:
        return Query(builder)
    is_sub = name in SUB_JOINS
    if not builder.tables:
        builder.tables.append(
            TableRef("", "", "unknown", at)
        )  # or the joined one would pass for the main one
    table = text(values[0])
    if is_sub or table is None:
        alias = (text(values[1]) or "") if is_sub and len(values) > 1 else ""
        apply.subquery(walker, builder, values[0], node, frame, correlated=False)
        builder.tables.append(TableRef(alias, alias, "join", at, derived=True))
        rest = values[2:] if is_sub else values[1:]
    else:
        builder.add_table(table, "left join" if name.startswith("left") else "join", at)
        rest = values[1:]
    _condition(walker, builder, rest, at, frame, values_right=name in JOIN_WHERES)
    return Query(builder)


def _condition(
    walker: Walker, builder: Builder, rest: Sequence[Value], at: Location, frame: Frame, *, values_right: bool
) -> None:
    if not rest:
        return
    if isinstance(rest[0], Func):
        clause = builder.clone()
        clause.join_clause, clause.uses = True, []
        walker.call_closure(rest[0], [Query(clause)])
        builder.uses.extend(clause.uses)
        return
    columns = (
        [rest[0]]
        if values_right
        else [rest[0], rest[2] if len(rest) > 2 else rest[-1] if len(rest) > 1 else UNKNOWN]
    )
    for value in columns:
        for column in texts(value):
            builder.use(column, "join", at, operator="=", certain=apply.is_certain(builder, frame))
