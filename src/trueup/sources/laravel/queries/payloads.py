"""Writes through a builder: which columns `insert`, `update`, `create`, `upsert` write, and whether all of them were seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from trueup.model.locations import Location
from trueup.model.queries import Role
from trueup.sources.laravel.queries import apply, relations, terminals
from trueup.sources.laravel.queries.builder import Builder
from trueup.sources.laravel.queries.methods import PIVOT_TERMINALS, Terminal
from trueup.sources.laravel.queries.raw import read_fragment
from trueup.sources.laravel.queries.values import (
    UNKNOWN,
    Arr,
    Const,
    Fragment,
    Frame,
    Func,
    Item,
    Many,
    OneOf,
    Unknown,
    Value,
    literal,
    text,
)
from trueup.sources.php import tree as php

if TYPE_CHECKING:
    from trueup.sources.laravel.queries.walker import Walker

Node = php.MethodCall | php.StaticCall
ELOQUENT_CREATES = frozenset(
    {
        "create",
        "createQuietly",
        "forceCreate",
        "forceCreateQuietly",
        "createMany",
        "createManyQuietly",
        "firstOrCreate",
        "createOrFirst",
        "updateOrCreate",
        "incrementOrCreate",
        "firstOrNew",
        "fillAndInsert",
        "fillAndInsertOrIgnore",
        "fillAndInsertGetId",
    }
)
IMPLICIT = "implicit"
"""The operator of a column that the framework writes by itself."""
_MATCHING = frozenset(
    {"firstOrCreate", "createOrFirst", "updateOrCreate", "incrementOrCreate", "firstOrNew", "updateOrInsert"}
)


def write(
    walker: Walker,
    builder: Builder,
    canonical: str,
    what: Terminal,
    node: Node,
    args: Sequence[php.Argument],
    frame: Frame,
) -> Value:
    values = walker.arguments(args, frame)
    at = walker.at(node, frame)
    if canonical.lower() in PIVOT_TERMINALS:
        return _pivot(walker, builder, canonical, what, values, node, frame)
    query = builder.clone()
    complete = _columns(walker, query, canonical, values, at, frame)
    _implicit(query, canonical, at)
    walker.program.record(
        query, what.kind, canonical, at, complete_payload=complete and not any(a.spread for a in args)
    )
    builder.finished += 1
    if what.gives == "row":
        return terminals.row_of(builder, walker.at(node, frame))
    return Many(terminals.row_of(builder, walker.at(node, frame))) if what.gives == "rows" else Unknown("int")


def _columns(
    walker: Walker, query: Builder, canonical: str, values: Sequence[Value], at: Location, frame: Frame
) -> bool:
    """Adds the written columns; True where the payload is known whole."""
    first = values[0] if values else Arr()
    second = values[1] if len(values) > 1 else Arr()
    if canonical in {"increment", "decrement"}:
        name = text(first)
        if name is None:
            return False
        query.use(name, "write", at, operator="+", value=literal(second), certain=frame.depth <= query.depth)
        return row(query, values[2], at, "write") if len(values) > 2 else True
    if canonical in {"incrementEach", "decrementEach"}:
        return row(query, first, at, "write") and row(query, second, at, "write")
    if canonical in _MATCHING:
        matched = row(query, first, at, "match")
        return row(query, second, at, "write") and matched
    if canonical == "upsert":
        return _upsert(query, values, at)
    if canonical in {"insertUsing", "insertOrIgnoreUsing"}:
        return _insert_using(walker, query, values, at, frame)
    if canonical == "touch":
        return _touch(query, values, at)
    if canonical == "restore":
        return True
    return rows(query, first, at)


def rows(query: Builder, value: Value, at: Location) -> bool:
    """One row or a list of rows."""
    if isinstance(value, Many):
        return row(query, value.of, at, "write")
    if isinstance(value, Arr) and value.items and all(not isinstance(i.key, str) for i in value.items):
        known = [row(query, i.value, at, "write") for i in value.items[:200]]
        return all(known) and value.complete
    return row(query, value, at, "write")


def row(query: Builder, value: Value, at: Location, role: Role) -> bool:
    """The columns of one map; True where it is known whole."""
    if isinstance(value, OneOf):
        return all(row(query, option, at, role) for option in value.options)
    if not isinstance(value, Arr):
        query.open = query.open or not (isinstance(value, Const) and value.value is None)
        return False
    for item in value.items:
        if isinstance(item.key, str):
            _written(query, item.key, item, at, role)
        elif item.known and isinstance(item.value, Arr):
            row(query, item.value, at, role)  # of a list; under a key that can't be told it would be a value
    return value.complete


def _written(query: Builder, column: str, item: Item, at: Location, role: Role) -> None:
    place = Location(at.file, item.line) if item.line else at
    query.use(column, role, place, value=literal(item.value), certain=item.certain)
    if isinstance(item.value, Fragment) and item.value.text:
        for name, _function in read_fragment(item.value.text).columns:
            query.use(name, "select", place)


def _upsert(query: Builder, values: Sequence[Value], at: Location) -> bool:
    complete = rows(query, values[0], at) if values else False
    by = values[1] if len(values) > 1 else UNKNOWN
    for value in by.values() if isinstance(by, Arr) else (by,):
        name = text(value)
        if name is not None:
            query.use(name, "match", at)
    update = values[2] if len(values) > 2 else Arr()
    if isinstance(update, Arr):
        for item in update.items:
            name = item.key if isinstance(item.key, str) else text(item.value)
            if name is not None:
                query.use(name, "write", at)
    return complete


def _insert_using(
    walker: Walker, query: Builder, values: Sequence[Value], at: Location, frame: Frame
) -> bool:
    columns = values[0] if values else UNKNOWN
    known = isinstance(columns, Arr) and columns.complete
    for value in columns.values() if isinstance(columns, Arr) else ():
        name = text(value)
        if name is not None:
            query.use(name, "write", at)
    if len(values) > 1:
        node = php.MethodCall(at.line, php.Variable(at.line, "this"), "insertUsing", ())
        apply.subquery(walker, query, values[1], node, frame, correlated=False)
    return known


def _touch(query: Builder, values: Sequence[Value], at: Location) -> bool:
    name = text(values[0]) if values else None
    if name is None and query.model is not None:
        name = query.model.updated_at
    if name:
        query.use(name, "write", at)
    return True


def _implicit(query: Builder, canonical: str, at: Location) -> None:
    """What Eloquent writes by itself: timestamps, the relation's keys, `deleted_at`."""
    model = query.model
    if model is None or not query.eloquent:
        return
    creates = canonical in ELOQUENT_CREATES and canonical != "firstOrNew"
    if model.timestamps and (
        creates or canonical in {"update", "increment", "decrement", "upsert", "restore"}
    ):
        names = (
            (model.created_at, model.updated_at) if creates or canonical == "upsert" else (model.updated_at,)
        )
        for name in names:
            if name:
                query.use(name, "write", at, operator=IMPLICIT)
    if canonical == "restore" and model.soft_deletes:
        query.use(model.deleted_at, "write", at)
    if creates and query.relation is not None and not query.pivot:
        for key in (query.relation.foreign_key, query.relation.morph_type, query.relation.morph_id):
            if key and query.relation.kind in {"hasOne", "hasMany", "morphOne", "morphMany"}:
                query.use(key, "write", at, table=query.table, operator=IMPLICIT)


def _pivot(
    walker: Walker,
    builder: Builder,
    canonical: str,
    what: Terminal,
    values: Sequence[Value],
    node: Node,
    frame: Frame,
) -> Value:
    """`attach($ids, ['role' => 1])`, `sync([1 => ['role' => 1]])`: the extra columns go to the pivot table."""
    query = relations.pivot_query(walker, builder, node, frame)
    at = walker.at(node, frame)
    extras = (
        list(values[1:2]) if canonical in {"attach", "updateExistingPivot", "syncWithPivotValues"} else []
    )
    if values and isinstance(values[0], Arr):
        extras.extend(i.value for i in values[0].items if isinstance(i.value, Arr))
    for extra in extras:
        if isinstance(extra, Arr):
            row(query, extra, at, "write")
    walker.program.record(query, what.kind, canonical, at)
    builder.finished += 1
    for value in values:
        if isinstance(value, Func):
            walker.call_closure(value, [])
    return UNKNOWN
