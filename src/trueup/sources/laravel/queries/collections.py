"""Collections, arrays and paginators: what their closures get, what their methods give. Nothing here is SQL, but for `load*`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.sources.laravel.queries import apply
from trueup.sources.laravel.queries.values import (
    UNKNOWN,
    Arr,
    Frame,
    Func,
    Many,
    Obj,
    OneOf,
    Query,
    Unknown,
    Value,
    join,
    turn_of,
)
from trueup.sources.php import tree as php

if TYPE_CHECKING:
    from trueup.sources.laravel.queries.walker import Walker

_ELEMENT = frozenset(
    {
        "first",
        "last",
        "find",
        "firstwhere",
        "firstorfail",
        "sole",
        "pop",
        "shift",
        "get",
        "pull",
        "random",
        "offsetget",
    }
)
_SAME = frozenset(
    """filter reject where wherein wherenotin wherenotnull wherenull sort sortby sortbydesc sortdesc values unique take skip
    slice reverse all toarray merge concat push prepend add tap when unless getcollection items except only diff intersect
    forpage collect lazy remember nth shuffle each eachspread load loadmissing loadcount loadsum loadmax loadmin loadavg
    loadexists loadmorph makehidden makevisible fresh tobase wherestrict wherebetween whereinstanceof getiterator
    withquerystring through appends onEachSide put""".lower().split()
)
_MAPS = frozenset(
    {
        "map",
        "mapwithkeys",
        "mapinto",
        "flatmap",
        "transform",
        "pipe",
        "reduce",
        "mapspread",
        "times",
        "maptogroups",
    }
)
_LOADS = frozenset({"load", "loadmissing", "loadcount", "loadexists"})
_CALLBACKS_LOOP = frozenset(
    {
        "each",
        "map",
        "flatmap",
        "transform",
        "filter",
        "reject",
        "mapwithkeys",
        "reduce",
        "through",
        "sum",
        "contains",
    }
)


def element_of(walker: Walker, value: Value) -> Value:
    del walker
    if isinstance(value, Many):
        return value.of
    if isinstance(value, Arr) and value.items:
        result = value.items[0].value
        for item in value.items[1:]:
            result = join(result, item.value)
        return result
    if isinstance(value, OneOf):
        found = [
            e for o in value.options if isinstance(o, Many | Arr) and (e := element_of_one(o)) != UNKNOWN
        ]
        return found[0] if len(found) == 1 else UNKNOWN
    return UNKNOWN


def element_of_one(value: Many | Arr) -> Value:
    return value.of if isinstance(value, Many) else (value.items[0].value if value.items else UNKNOWN)


def call(walker: Walker, base: Many, node: php.MethodCall, name: str, frame: Frame) -> Value:
    lowered = name.lower()
    if lowered in _LOADS and isinstance(base.of, Obj) and walker.program.model(base.of.cls) is not None:
        builder = walker.program.model_query(frame, node.line, base.of.cls)
        apply.call(
            walker,
            builder,
            "with" if lowered in {"load", "loadmissing"} else "with" + name[4:],
            node,
            node.args,
            frame,
        )
        for loaded in (base.loaded, base.of.loaded):
            if loaded is not None:
                loaded.eager |= builder.eager
                loaded.whole = loaded.whole and "*" not in builder.eager
        return base
    if lowered == "toquery" and isinstance(base.of, Obj):
        walker.arguments(node.args, frame)
        return Query(walker.program.model_query(frame, node.line, base.of.cls))
    values = walker.arguments(node.args, frame)
    result = _callbacks(walker, base, lowered, values, frame)
    if lowered in _ELEMENT:
        return base.of
    if lowered in _MAPS:
        if lowered in {"pipe", "reduce"}:
            return result
        flattened = element_of(walker, result) if lowered in {"flatmap", "mapwithkeys"} else result
        return Many(flattened, base.collection)
    if lowered in {"groupby", "chunk", "split", "partition", "chunkwhile"}:
        return Many(Many(base.of))
    if lowered in _SAME:
        return base
    if lowered in {"pluck", "keys", "modelkeys", "flatten", "collapse", "flip"}:
        return Many(
            base.of.of if lowered in {"flatten", "collapse"} and isinstance(base.of, Many) else Unknown()
        )
    return base if lowered in {"keyby"} else UNKNOWN


def _callbacks(walker: Walker, base: Many, lowered: str, values: tuple[Value, ...], frame: Frame) -> Value:
    result: Value = UNKNOWN
    in_loop = lowered in _CALLBACKS_LOOP
    over_rows = in_loop and base.loaded is not None and base.loaded.rows
    frame.loops += int(in_loop)
    frame.row_loops += over_rows
    element = turn_of(base.of) if in_loop else base.of
    for value in values:
        if isinstance(value, Func):
            given = (
                [base]
                if lowered in {"pipe", "tap", "when", "unless"}
                else [UNKNOWN, element]
                if lowered == "reduce"
                else [element]
            )
            if lowered in {"chunk", "groupby"} and lowered == "chunk":
                given = [Many(base.of)]
            result = walker.call_closure(value, given)
    frame.loops -= int(in_loop)
    frame.row_loops -= over_rows
    return result
