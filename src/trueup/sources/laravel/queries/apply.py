"""Methods of query builders, Eloquent builders and relations, applied to a query under construction."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from trueup.model.locations import Location
from trueup.model.queries import Role, TableRef
from trueup.sources.laravel.queries import calls, filters, joins, relations, scopes, terminals
from trueup.sources.laravel.queries.builder import Builder, split_alias
from trueup.sources.laravel.queries.methods import (
    AGGREGATES,
    EAGER,
    ELOQUENT_ONLY,
    EXISTENCE,
    JOIN_WHERES,
    JOINS,
    LIMITS,
    NEUTRAL,
    NOT_SQL,
    OFFSETS,
    RELATION_FILTERS,
    SELECTS,
    SORTS,
    SUB_JOINS,
    filter_of,
    terminal_of,
)
from trueup.sources.laravel.queries.raw import read_fragment
from trueup.sources.laravel.queries.values import (
    UNKNOWN,
    Arr,
    Fragment,
    Frame,
    Func,
    Obj,
    Query,
    Value,
    literal,
    options,
    text,
    texts,
)
from trueup.sources.php import tree as php
from trueup.structs import replace

if TYPE_CHECKING:
    from trueup.sources.laravel.queries.walker import Walker

Node = php.MethodCall | php.StaticCall
_DYNAMIC = re.compile(r"^where([A-Z]\w*)$")
_STAR = re.compile(r"(?:^|,|\.)\s*\*")
_RAW_ROLES: dict[str, Role] = {
    "selectraw": "select",
    "orderbyraw": "sort",
    "groupbyraw": "group",
    "fromraw": "select",
    "selectexpression": "select",
}


def call(
    walker: Walker, builder: Builder, name: str, node: Node, args: Sequence[php.Argument], frame: Frame
) -> Value:
    """One method call on a builder."""
    lowered = name.lower()
    if builder.custom and not _is_parent_call(node):
        own = scopes.custom_method(walker, builder, name)
        if own is not None:
            return walker.inline(own[0], own[1], args, frame, own[0].name, Query(builder))
    found = filter_of(name)
    if found is not None:
        return _filter(walker, builder, name, node, args, frame)
    step = _STEPS.get(lowered)
    if step is not None:
        return step(walker, builder, lowered, node, args, frame)
    if terminal_of(name) is not None and (
        builder.eloquent or lowered not in ELOQUENT_ONLY or not builder.known()
    ):
        return terminals.terminal(walker, builder, name, node, args, frame)
    return _other(walker, builder, name, node, args, frame)


def _is_parent_call(node: Node) -> bool:
    return isinstance(node, php.StaticCall) and isinstance(node.cls, php.Name) and node.cls.full == "parent"


def is_known(walker: Walker, builder: Builder, name: str) -> bool:
    """Whether a model forwards this method to a query at all."""
    lowered = name.lower()
    return (
        filter_of(name) is not None
        or lowered in _STEPS
        or terminal_of(name) is not None
        or scopes.scope_of(walker, builder, name) is not None
    )


def _filter(
    walker: Walker, builder: Builder, name: str, node: Node, args: Sequence[php.Argument], frame: Frame
) -> Value:
    filters.apply(walker, builder, name, node, args, frame)
    if name.lower() == "firstwhere":
        builder.limited = True
        walker.program.record(builder, "select", "firstWhere", walker.at(node, frame))
        return terminals.row_of(builder, walker.at(node, frame))
    return Query(builder)


def _other(
    walker: Walker, builder: Builder, name: str, node: Node, args: Sequence[php.Argument], frame: Frame
) -> Value:
    """A scope, a dynamic where, a method of a custom builder, a macro."""
    scope = scopes.scope_of(walker, builder, name)
    if scope is not None:
        return scopes.apply_scope(walker, builder, scope, args, frame)
    if builder.owner is not None and builder.relation is not None and name == builder.relation.method:
        return Query(builder)
    dynamic = _DYNAMIC.match(name)
    values = walker.arguments(args, frame)
    if dynamic and builder.known() and scopes.is_dynamic(walker, builder, dynamic.group(1)):
        for column in re.split(r"(?:And|Or)(?=[A-Z])", dynamic.group(1)):
            builder.use(
                snake(column),
                "filter",
                walker.at(node, frame),
                operator="=",
                certain=is_certain(builder, frame),
            )
        return Query(builder)
    custom = scopes.custom_method(walker, builder, name)
    if custom is not None:
        builder.escaped = True
        return walker.inline(custom[0], custom[1], args, frame, custom[0].name, Query(builder))
    calls.closures_walked(walker, values)
    if name.lower() in NOT_SQL:
        return UNKNOWN
    builder.open = True
    return Query(builder)


def snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


# ── steps: methods that change the query and return it ───────────────────────────────────────────────────────────────────────────


def _neutral(
    walker: Walker, builder: Builder, name: str, node: Node, args: Sequence[php.Argument], frame: Frame
) -> Value:
    del node
    values = walker.arguments(args, frame)
    if name in {
        "withtrashed",
        "onlytrashed",
        "withoutglobalscopes",
        "newmodelquery",
        "newquerywithoutscopes",
        "getquery",
    }:
        builder.scoped = False
    if name == "withoutglobalscope":
        builder.unscoped = True
    if name == "chaperone":
        builder.eager.add("*")
    if name == "distinct":
        builder.distinct = True
    if name == "withattributes" and values and isinstance(values[0], Arr):
        for key, item in values[0].keyed():
            builder.use(
                key, "filter", Location(frame.file, item.line), operator="=", value=literal(item.value)
            )
    if name == "onlytrashed" and builder.model is not None:
        builder.use(builder.model.deleted_at, "filter", builder.at, operator="is not null")
    calls.closures_walked(walker, [v for v in values if isinstance(v, Func)])
    return Query(builder)


def _limit(
    walker: Walker, builder: Builder, name: str, node: Node, args: Sequence[php.Argument], frame: Frame
) -> Value:
    del node
    walker.arguments(args, frame)
    builder.limited = builder.limited or name in LIMITS
    builder.offset = builder.offset or name in OFFSETS
    return Query(builder)


def _sort(
    walker: Walker, builder: Builder, name: str, node: Node, args: Sequence[php.Argument], frame: Frame
) -> Value:
    values = walker.arguments(args, frame)
    at = walker.at(node, frame)
    descending = SORTS[name]
    if len(values) > 1 and (text(values[1]) or "").lower() == "desc":
        descending = True
    if not values:
        if name in {"latest", "oldest"}:
            default = builder.model.created_at if builder.model is not None else "created_at"
            if default:
                builder.use(default, "sort", at, descending=descending, certain=is_certain(builder, frame))
        return Query(builder)
    if isinstance(values[0], Fragment):
        _raw_columns(builder, values[0].text, "sort", at, frame)
        return Query(builder)
    names = texts(values[0])
    for column in names:
        certain = len(names) == 1 and is_certain(builder, frame)
        builder.use(column, "sort", at, descending=descending, certain=certain, alternative=len(names) > 1)
    if not names and isinstance(values[0], Func | Query):
        subquery(walker, builder, values[0], node, frame)
    return Query(builder)


def _select(
    walker: Walker, builder: Builder, name: str, node: Node, args: Sequence[php.Argument], frame: Frame
) -> Value:
    del name
    builder.selects = True
    for value in walker.arguments(args, frame):
        select_columns(walker, builder, value, node, frame)
    return Query(builder)


def select_columns(
    walker: Walker, builder: Builder, value: Value, node: Node, frame: Frame, role: Role = "select"
) -> None:
    at = walker.at(node, frame)
    if isinstance(value, Arr):
        for item in value.items:
            if isinstance(item.key, str):
                builder.aliases.append(item.key)
                subquery(walker, builder, item.value, node, frame)
            else:
                select_columns(walker, builder, item.value, node, frame, role)
        return
    if isinstance(value, Fragment):
        _raw_columns(builder, value.text, role, at, frame)
        return
    if any(isinstance(o, Fragment) for o in options(value)):
        _any_fragment(walker, builder, value, node, frame, role)
        return
    names = texts(value)
    builder.unread = builder.unread or not names
    for column in names:
        name, alias = split_alias(column)
        builder.star = builder.star or (name.endswith("*") and role == "select")
        builder.use(name, role, at, certain=is_certain(builder, frame), alternative=len(names) > 1)
        if alias:
            builder.aliases.append(alias)


def _any_fragment(
    walker: Walker, builder: Builder, value: Value, node: Node, frame: Frame, role: Role
) -> None:
    """One of several expressions, told by a `match` say: each may be the one, and each makes its names."""
    first = len(builder.uses)
    for option in options(value):
        select_columns(walker, builder, option, node, frame, role)
    builder.uses[first:] = [replace(u, certain=False) for u in builder.uses[first:]]


def _raw_columns(builder: Builder, fragment: str | None, role: Role, at: Location, frame: Frame) -> None:
    if fragment is None:
        builder.open = True
        return
    read = read_fragment(fragment)
    builder.star = builder.star or (role == "select" and _STAR.search(fragment) is not None)
    for column, function in read.columns:
        builder.use(column, role, at, function=function, certain=is_certain(builder, frame))
    builder.aliases.extend(read.aliases)


def _raw(
    walker: Walker, builder: Builder, name: str, node: Node, args: Sequence[php.Argument], frame: Frame
) -> Value:
    values = walker.arguments(args, frame)
    fragment = text(values[0]) if values and not isinstance(values[0], Fragment) else None
    if values and isinstance(values[0], Fragment):
        fragment = values[0].text
    if name == "fromraw":
        builder.tables.insert(0, TableRef("", "", "raw", walker.at(node, frame), derived=True))
        return Query(builder)
    builder.selects = builder.selects or name == "selectraw"
    _raw_columns(builder, fragment, _RAW_ROLES[name], walker.at(node, frame), frame)
    return Query(builder)


def _group(
    walker: Walker, builder: Builder, name: str, node: Node, args: Sequence[php.Argument], frame: Frame
) -> Value:
    del name
    builder.grouped = True
    for value in walker.arguments(args, frame):
        for inner in value.values() if isinstance(value, Arr) else (value,):
            select_columns(walker, builder, inner, node, frame, "group")
    return Query(builder)


def _from(
    walker: Walker, builder: Builder, name: str, node: Node, args: Sequence[php.Argument], frame: Frame
) -> Value:
    values = walker.arguments(args, frame)
    alias = (text(values[1]) or "") if len(values) > 1 else ""
    table = text(values[0]) if values else None
    if table and name == "from":
        written, own_alias = split_alias(table)
        ref = TableRef(written, alias or own_alias, "from()", walker.at(node, frame))
        builder.tables[:1] = [ref]
        builder.open = False
    elif values:
        derive(walker, builder, values[0], alias, node, frame)
    return Query(builder)


def derive(walker: Walker, builder: Builder, value: Value, alias: str, node: Node, frame: Frame) -> None:
    """The main table becomes a subquery: only what its select list names can be seen outside."""
    inner = subquery(walker, builder, value, node, frame, correlated=False)
    names = tuple(inner.aliases) if inner is not None else ()
    builder.tables[:1] = [
        TableRef(alias, alias, "subquery", walker.at(node, frame), derived=True, columns=names)
    ]


def subquery(
    walker: Walker, outer: Builder, value: Value, node: Node, frame: Frame, *, correlated: bool = True
) -> Builder | None:
    """A closure or builder as an argument: a query of its own."""
    if isinstance(value, Query):
        inner = value.builder
        if correlated and inner.parent is None and inner not in outer.scopes():
            inner.parent = outer
    elif isinstance(value, Func):
        inner = walker.program.unknown_query(frame, node.line, "a subquery without a from()")
        inner.parent = outer if correlated else None
        walker.call_closure(value, [Query(inner)])
    else:
        return None
    if inner.finished == 0 and inner.known():
        inner.limited = True
        walker.program.record(inner, "exists" if correlated else "select", "subquery", inner.at)
    inner.escaped = True
    return inner


def _when(
    walker: Walker, builder: Builder, name: str, node: Node, args: Sequence[php.Argument], frame: Frame
) -> Value:
    del name, node
    values = walker.arguments(args, frame)
    frame.depth += 1
    for closure in values[1:]:
        if isinstance(closure, Func):
            walker.call_closure(closure, [Query(builder), values[0] if values else UNKNOWN], conditional=True)
    frame.depth -= 1
    return Query(builder)


def _tap(
    walker: Walker, builder: Builder, name: str, node: Node, args: Sequence[php.Argument], frame: Frame
) -> Value:
    del node
    values = walker.arguments(args, frame)
    for value in values:
        if isinstance(value, Func):
            result = walker.call_closure(value, [Query(builder)])
            return result if name == "pipe" else Query(builder)
        if isinstance(value, Obj):
            found = walker.program.classes.method(value.cls, "__invoke")
            if found is not None and found[1].params:
                inner = Frame(
                    found[0].file, {found[1].params[0].name: Query(builder)}, value.cls, calls=frame.calls + 1
                )
                walker.run(found[1], inner)
                return Query(builder)
    builder.open = True
    return Query(builder)


def _union(
    walker: Walker, builder: Builder, name: str, node: Node, args: Sequence[php.Argument], frame: Frame
) -> Value:
    del name
    for value in walker.arguments(args, frame):
        subquery(walker, builder, value, node, frame, correlated=False)
    return Query(builder)


def _select_sub(
    walker: Walker, builder: Builder, name: str, node: Node, args: Sequence[php.Argument], frame: Frame
) -> Value:
    del name
    values = walker.arguments(args, frame)
    if values:
        subquery(walker, builder, values[0], node, frame)
    if len(values) > 1 and (alias := text(values[1])):
        builder.aliases.append(alias)
    return Query(builder)


def _clone(
    walker: Walker, builder: Builder, name: str, node: Node, args: Sequence[php.Argument], frame: Frame
) -> Value:
    del walker, name, node, args, frame
    builder.escaped = True
    return Query(builder.clone())


def is_certain(builder: Builder, frame: Frame) -> bool:
    return frame.depth <= builder.depth


_STEPS = {
    **dict.fromkeys(NEUTRAL, _neutral),
    **dict.fromkeys(LIMITS | OFFSETS, _limit),
    **dict.fromkeys(SORTS, _sort),
    **dict.fromkeys(SELECTS, _select),
    **dict.fromkeys(_RAW_ROLES, _raw),
    **dict.fromkeys(JOINS | JOIN_WHERES | SUB_JOINS, joins.join),
    **dict.fromkeys(EXISTENCE, relations.existence),
    **dict.fromkeys(RELATION_FILTERS, relations.filtered),
    **dict.fromkeys(EAGER, relations.eager),
    **dict.fromkeys(AGGREGATES, relations.aggregate),
    "groupby": _group,
    "from": _from,
    "fromsub": _from,
    "table": _from,
    "when": _when,
    "unless": _when,
    "tap": _tap,
    "pipe": _tap,
    "union": _union,
    "unionall": _union,
    "selectsub": _select_sub,
    "clone": _clone,
    "newpivotquery": relations.new_pivot_query,
    "newpivotstatement": relations.new_pivot_query,
    "newpivotstatementforid": relations.new_pivot_query,
    "scopes": scopes.named_scopes,
    "distinct": _neutral,
    "gettable": relations.pivot_name,
    "getmodel": relations.model_of,
    "getrelated": relations.model_of,
    "wherebelongsto": relations.belongs_to_filter,
    "orwherebelongsto": relations.belongs_to_filter,
    "withpivot": relations.with_pivot,
    "withpivotvalue": relations.with_pivot,
    "orderbypivot": relations.order_by_pivot,
    "orderbypivotdesc": relations.order_by_pivot,
    "ofmany": relations.of_many,
    "latestofmany": relations.of_many,
    "oldestofmany": relations.of_many,
}
