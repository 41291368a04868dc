"""Relations: the queries behind `$model->posts()`, and the methods that name relations (`with`, `whereHas`, `withCount`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from trueup.model.eloquent import Model, Relation
from trueup.model.queries import TableRef
from trueup.sources.laravel.queries import apply, filters
from trueup.sources.laravel.queries.builder import Builder, split_alias
from trueup.sources.laravel.queries.methods import EXISTENCE
from trueup.sources.laravel.queries.values import (
    UNKNOWN,
    Arr,
    ClassString,
    Const,
    Frame,
    Func,
    Obj,
    Query,
    Value,
    text,
)
from trueup.sources.php import tree as php

if TYPE_CHECKING:
    from trueup.sources.laravel.queries.walker import Walker

Node = php.MethodCall | php.StaticCall
KINDS = frozenset(
    name.lower()
    for name in (
        "hasOne",
        "hasMany",
        "belongsTo",
        "belongsToMany",
        "hasOneThrough",
        "hasManyThrough",
        "morphOne",
        "morphMany",
        "morphTo",
        "morphToMany",
        "morphedByMany",
    )
)


def define(
    walker: Walker, model: Model, node: Node, name: str, args: Sequence[php.Argument], frame: Frame
) -> Value:
    """`$this->hasMany(...)` inside a relation method: the related model's query, constrained."""
    values = walker.arguments(args, frame)
    method = frame.method.rsplit("::", 1)[-1]
    relation = walker.program.relation(model, method)
    if relation is not None and relation.kind.lower() == name.lower():
        return Query(query_of(walker, model, relation, node.line, frame))
    related = values[0].cls if values and isinstance(values[0], ClassString | Obj) else ""
    if walker.program.model(related) is None:
        return Query(
            walker.program.unknown_query(
                frame, node.line, f"the related model of {name}() can't be told", eloquent=True
            )
        )
    builder = walker.program.model_query(frame, node.line, related)
    builder.via, builder.open = "relation", True
    return Query(builder)


def query_of(walker: Walker, model: Model, relation: Relation, line: int, frame: Frame) -> Builder:
    """The query that a relation is: table of the related model, keys as filters, pivot or through table joined."""
    builder = walker.program.model_query(frame, line, relation.related)
    builder.relation, builder.owner, builder.via = relation, model, "relation"
    builder.trail.insert(0, f"relation {model.short}::{relation.method} ({relation.kind})")
    if not builder.known() and relation.kind == "morphTo":
        builder.trail.append("a morphTo relation has no one table")
    related = builder.table
    at = builder.at
    if relation.pivot_table and not builder.tables:
        builder.pivot, builder.open = relation.pivot_table, True
    elif relation.pivot_table:
        builder.pivot = relation.pivot_table
        builder.tables.append(TableRef(relation.pivot_table, "", "pivot", at))
        _key(builder, relation.pivot_foreign_key, relation.pivot_table)
        _key(builder, relation.pivot_related_key, relation.pivot_table, join=True)
        _key(builder, relation.morph_type if relation.kind != "belongsToMany" else None, relation.pivot_table)
    elif relation.kind in {"hasOne", "hasMany"}:
        _key(builder, relation.foreign_key, related)
        builder.open = builder.open or not relation.foreign_key
    elif relation.kind in {"morphOne", "morphMany"}:
        _key(builder, relation.morph_type, related)
        _key(builder, relation.morph_id, related)
    elif relation.kind in {"hasOneThrough", "hasManyThrough"}:
        _through(walker, builder, relation)
    if relation.kind in {"hasOne", "belongsTo", "morphOne", "morphTo", "hasOneThrough"}:
        builder.limited = True
    return builder


def _key(builder: Builder, column: str | None, table: str, *, join: bool = False) -> None:
    if column and table:
        builder.use(column, "join" if join else "filter", builder.at, operator="=", table=table)


def _through(walker: Walker, builder: Builder, relation: Relation) -> None:
    through = walker.program.model(relation.through)
    if through is None or through.table is None or not builder.tables:
        builder.open = True
        return
    builder.tables.append(TableRef(through.table, "", "through", builder.at))
    _key(builder, relation.through_first_key, through.table)
    _key(builder, relation.through_second_key, builder.table, join=True)


def pivot_query(walker: Walker, builder: Builder, node: Node, frame: Frame) -> Builder:
    """What `attach`, `detach`, `sync` work on: the pivot table."""
    pivot = walker.program.builder(frame, node.line, via="relation")
    pivot.trail = list(builder.trail)
    if builder.pivot:
        pivot.tables.append(TableRef(builder.pivot, "", "pivot", pivot.at))
    relation = builder.relation
    if relation is not None:
        _key(pivot, relation.pivot_foreign_key, builder.pivot)
        _key(pivot, relation.pivot_related_key, builder.pivot)
    return pivot


def pivot_name(
    walker: Walker, builder: Builder, name: str, node: Node, args: Sequence[php.Argument], frame: Frame
) -> Value:
    """`$user->roles()->getTable()`: that of the pivot."""
    del walker, name, node, args, frame
    return Const(builder.pivot) if builder.pivot else UNKNOWN


def model_of(
    walker: Walker, builder: Builder, name: str, node: Node, args: Sequence[php.Argument], frame: Frame
) -> Value:
    """`getModel()`, `getRelated()`: an instance of the model that is queried."""
    del walker, name, node, args, frame
    return Obj(builder.model.name) if builder.model is not None else UNKNOWN


def new_pivot_query(
    walker: Walker, builder: Builder, name: str, node: Node, args: Sequence[php.Argument], frame: Frame
) -> Value:
    """`newPivotQuery()`: a plain query on the pivot table."""
    del name
    walker.arguments(args, frame)
    return Query(pivot_query(walker, builder, node, frame))


# ── methods that name relations ──────────────────────────────────────────────────────────────────────────────────────────────────


def _nested(walker: Walker, builder: Builder, path: str, node: Node, frame: Frame) -> Builder | None:
    """The query of the last relation of a dotted path; None where it can't be followed."""
    current = builder
    for name in path.split("."):
        if current.model is None:
            return None
        found = walker.program.relation(current.model, name)
        if found is None or not found.related:
            return None
        method = walker.program.classes.method(current.model.name, found.method)
        following = query_of(walker, current.model, found, node.line, frame)
        if method is not None and frame.calls < 5:
            value = walker.inline(method[0], method[1], (), frame, current.model.name)
            following = value.builder if isinstance(value, Query) else following
        following.escaped = True
        current = following
    return current if current is not builder and current.known() else None


def _relation_path(written: str) -> tuple[str, str]:
    """ "posts:id,title as p" → ("posts", "id,title")."""
    name = written.split(" as ", 1)[0].strip()
    path, _, columns = name.partition(":")
    return path, columns


def _constrain(
    walker: Walker,
    builder: Builder,
    written: str,
    closure: Value | None,
    node: Node,
    frame: Frame,
    *,
    inside: bool,
) -> None:
    """A relation named by a string, with an optional closure over its query. `inside`: an EXISTS subquery of the outer query."""
    path, columns = _relation_path(written)
    query = _nested(walker, builder, path, node, frame)
    if query is None:
        if isinstance(closure, Func):
            walker.call_closure(
                closure,
                [
                    Query(
                        walker.program.unknown_query(
                            frame, node.line, f"relation {path} can't be told", eloquent=True
                        )
                    )
                ],
            )
        return
    query = query.clone()
    query.parent = builder if inside else None
    query.escaped = True
    for column in columns.split(",") if columns else ():
        query.use(column.strip(), "select", walker.at(node, frame))
    if isinstance(closure, Func):
        walker.call_closure(closure, [Query(query)])
    if (columns or closure is not None or inside) and not query.finished:
        walker.program.record(
            query, "exists" if inside else "select", "whereHas" if inside else "with", walker.at(node, frame)
        )


def existence(
    walker: Walker, builder: Builder, name: str, node: Node, args: Sequence[php.Argument], frame: Frame
) -> Value:
    values = walker.arguments(args, frame)
    builder.loose = builder.loose or name.startswith("or")
    builder.narrowed = builder.narrowed or not name.startswith("or")
    relation = text(values[0]) if values else None
    closure = next((v for v in values[EXISTENCE[name] :] if isinstance(v, Func)), None)
    if relation is not None:
        _constrain(walker, builder, relation, closure, node, frame, inside=True)
    elif values and isinstance(values[0], Query):
        apply.subquery(walker, builder, values[0], node, frame)
    return Query(builder)


def filtered(
    walker: Walker, builder: Builder, name: str, node: Node, args: Sequence[php.Argument], frame: Frame
) -> Value:
    """`whereRelation('posts', 'active', true)`."""
    builder.loose = builder.loose or name.startswith("or")
    builder.narrowed = builder.narrowed or not name.startswith("or")
    values = walker.arguments(args, frame)
    relation = text(values[0]) if values else None
    query = _nested(walker, builder, relation, node, frame) if relation is not None else None
    if query is None:
        return Query(builder)
    query = query.clone()
    query.parent, query.escaped = builder, True
    if len(values) > 1 and isinstance(values[1], Func):
        walker.call_closure(values[1], [Query(query)])
    else:
        inner = php.MethodCall(node.line, php.Variable(node.line, "this"), "where", tuple(args[1:]))
        filters.apply(walker, query, "where", inner, args[1:], frame)
    walker.program.record(query, "exists", "whereRelation", walker.at(node, frame))
    return Query(builder)


def eager(
    walker: Walker, builder: Builder, name: str, node: Node, args: Sequence[php.Argument], frame: Frame
) -> Value:
    """`with`, `withCount`, `withExists`: eager queries, and the names that the counts add."""
    counting = name not in {"with", "load", "loadmissing"}
    values = walker.arguments(args, frame)
    entries: list[tuple[Value, Value | None]] = []
    for position, value in enumerate(values):
        if isinstance(value, Arr):
            entries.extend(
                (Const(i.key), i.value) if isinstance(i.key, str) else (i.value, None) for i in value.items
            )
        elif not isinstance(value, Func):
            following = values[position + 1] if position + 1 < len(values) else None
            entries.append((value, following if isinstance(following, Func) else None))
    for written, closure in entries:
        relation = text(written)
        if relation is None:
            builder.eager |= set() if counting else {"*"}
            continue
        if not counting:
            builder.eager.add(_relation_path(relation)[0].lower())
        if counting:
            suffix = "exists" if "exists" in name else "count"
            builder.aliases.append(_alias(relation, suffix))
        _constrain(walker, builder, relation, closure, node, frame, inside=counting)
    return Query(builder)


def _alias(relation: str, suffix: str) -> str:
    if " as " in relation:
        return relation.split(" as ", 1)[1].strip()
    return f"{apply.snake(relation.replace('.', '_'))}_{suffix}"


def aggregate(
    walker: Walker, builder: Builder, name: str, node: Node, args: Sequence[php.Argument], frame: Frame
) -> Value:
    """`withSum('posts', 'votes')`: the alias `posts_sum_votes`, the column on the related table."""
    values = walker.arguments(args, frame)
    column = text(values[1]) if len(values) > 1 else None
    function = name.removeprefix("with").removeprefix("load")
    names = (
        [values[0]]
        if values and not isinstance(values[0], Arr)
        else [
            Const(i.key) if isinstance(i.key, str) else i.value
            for i in (values[0].items if values and isinstance(values[0], Arr) else ())
        ]
    )
    for value in names:
        relation = text(value)
        if relation is None or column is None:
            continue
        builder.aliases.append(_alias(relation, f"{function}_{column}"))
        query = _nested(walker, builder, _relation_path(relation)[0], node, frame)
        if query is not None:
            query = query.clone()
            query.parent = builder
            query.use(column, "aggregate", walker.at(node, frame))
            walker.program.record(query, "aggregate", name, walker.at(node, frame))
    return Query(builder)


def belongs_to_filter(
    walker: Walker, builder: Builder, name: str, node: Node, args: Sequence[php.Argument], frame: Frame
) -> Value:
    """`whereBelongsTo($user)`: the foreign key of the relation named like the model."""
    values = walker.arguments(args, frame)
    named = text(values[1]) if len(values) > 1 else None
    owner = values[0] if values else UNKNOWN
    if named is None and isinstance(owner, Obj):
        short = owner.cls.rsplit("\\", 1)[-1]
        named = short[:1].lower() + short[1:]
    relation = walker.program.relation(builder.model, named) if builder.model is not None and named else None
    if relation is not None and relation.foreign_key:
        builder.use(
            relation.foreign_key,
            "filter",
            walker.at(node, frame),
            operator="in",
            certain=not name.startswith("or"),
            either=name.startswith("or"),
        )
    else:
        builder.loose = True
    return Query(builder)


def with_pivot(
    walker: Walker, builder: Builder, name: str, node: Node, args: Sequence[php.Argument], frame: Frame
) -> Value:
    values = walker.arguments(args, frame)
    names = [
        v
        for value in values[: 1 if name == "withpivotvalue" else None]
        for v in (value.values() if isinstance(value, Arr) else (value,))
    ]
    for value in names:
        written = text(value)
        if written is not None and builder.pivot:
            column, alias = split_alias(written)
            builder.use(column, "select", walker.at(node, frame), table=builder.pivot)
            builder.aliases.append(alias or f"pivot_{column}")
    return Query(builder)


def order_by_pivot(
    walker: Walker, builder: Builder, name: str, node: Node, args: Sequence[php.Argument], frame: Frame
) -> Value:
    values = walker.arguments(args, frame)
    column = text(values[0]) if values else None
    if column is not None and builder.pivot:
        builder.use(
            column, "sort", walker.at(node, frame), table=builder.pivot, descending=name.endswith("desc")
        )
    return Query(builder)


def _columns(value: Value) -> list[Value]:
    """The columns of `ofMany('a')`, `ofMany(['a', 'b'])`, `ofMany(['a' => 'max'])`."""
    if not isinstance(value, Arr):
        return [value]
    keyed: list[Value] = [Const(k) for k, _ in value.keyed()]
    return keyed or list(value.values())


def of_many(
    walker: Walker, builder: Builder, name: str, node: Node, args: Sequence[php.Argument], frame: Frame
) -> Value:
    """`latestOfMany('published_at')`: the greatest of a column for each parent."""
    values = walker.arguments(args, frame)
    at = walker.at(node, frame)
    columns = [v for value in values for v in (_columns(value))]
    for value in columns:
        column = text(value)
        if column is not None and column.lower() not in {"max", "min"}:
            builder.use(column, "aggregate", at, table=builder.table)
    for value in values:
        if isinstance(value, Func):
            walker.call_closure(value, [Query(builder)])
    builder.limited = True
    del name
    return Query(builder)
