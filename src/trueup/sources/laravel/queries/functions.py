"""Functions: the framework's helpers (`app`, `collect`, `config`, `now`) and the PHP functions that payloads are built with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from trueup.sources.laravel.queries import assertions, calls, collections
from trueup.sources.laravel.queries.values import (
    UNKNOWN,
    Arr,
    Const,
    Frame,
    Func,
    Item,
    Many,
    Obj,
    Unknown,
    Value,
    parts_of,
    text,
)
from trueup.sources.php import tree as php

if TYPE_CHECKING:
    from trueup.sources.laravel.queries.walker import Walker

_LONGEST_HELPER = 40
"""Lines."""
_Known = Callable[["Walker", php.Call, Sequence[Value], Frame], Value]


def function_call(walker: Walker, node: php.Call, frame: Frame) -> Value:
    if not isinstance(node.function, php.Name):
        callee = walker.expr(node.function, frame)
        values = walker.arguments(node.args, frame)
        return (
            walker.call_closure(callee, values)
            if isinstance(callee, Func)
            else calls.closures_walked(walker, values)
        )
    name = node.function.full.lower().rsplit("\\", 1)[-1]
    if name in assertions.METHODS:
        assertions.record(walker, node, name, frame)
        return UNKNOWN
    values = walker.arguments(node.args, frame)
    known = _FUNCTIONS.get(name)
    if known is not None:
        return known(walker, node, values, frame)
    for function in walker.program.classes.parsed(frame.file).functions:
        if function.name.lower().rsplit("\\", 1)[-1] == name:
            return walker.inline(None, function, node.args, frame, "")
    elsewhere = walker.program.classes.function(name)
    if elsewhere is not None and _is_short(elsewhere[1]):
        return walker.inline(None, elsewhere[1], node.args, frame, "", file=elsewhere[0])
    return calls.closures_walked(walker, values)


def _is_short(function: php.FunctionDecl) -> bool:
    """A helper whose answer is worth following; a longer one is walked for itself."""
    return function.end_line - function.line <= _LONGEST_HELPER


def _app(walker: Walker, node: php.Call, values: Sequence[Value], frame: Frame) -> Value:
    del node, frame
    if not values:
        return UNKNOWN
    return walker.each(values[0], lambda v: calls.made(walker, v))


def _collect(walker: Walker, node: php.Call, values: Sequence[Value], frame: Frame) -> Value:
    del node, frame
    if not values:
        return Many(UNKNOWN)
    value = values[0]
    return value if isinstance(value, Many) else Many(collections.element_of(walker, value))


def _array_merge(walker: Walker, node: php.Call, values: Sequence[Value], frame: Frame) -> Value:
    del walker, frame
    result = Arr()
    for value, argument in zip(values, node.args, strict=True):
        if not isinstance(value, Arr) or argument.spread:
            result = Arr(result.items, complete=False)
            continue
        for item in value.items:
            result = (
                result.with_item(item)
                if item.key is not None
                else Arr((*result.items, item), result.complete)
            )
        result = Arr(result.items, result.complete and value.complete)
    return result


def _array_push(walker: Walker, node: php.Call, values: Sequence[Value], frame: Frame) -> Value:
    """`array_push($rows, $row)`, `array_unshift(...)`: the order says nothing."""
    if node.args and isinstance(node.args[0].value, php.Variable):
        name = node.args[0].value.name
        for value, argument in zip(values[1:], node.args[1:], strict=True):
            added = collections.element_of(walker, value) if argument.spread else value
            walker.append(name, added, node.line, frame)
    return Unknown("int")


def _array_map(walker: Walker, node: php.Call, values: Sequence[Value], frame: Frame) -> Value:
    del node, frame
    if len(values) < 2:
        return UNKNOWN
    result = walker.call_closure(values[0], [collections.element_of(walker, values[1])])
    return Many(result, collection=False)


def _tap(walker: Walker, node: php.Call, values: Sequence[Value], frame: Frame) -> Value:
    del node, frame
    if len(values) > 1:
        walker.call_closure(values[1], [values[0]])
    return values[0] if values else UNKNOWN


def _with(walker: Walker, node: php.Call, values: Sequence[Value], frame: Frame) -> Value:
    del node, frame
    if len(values) > 1 and isinstance(values[1], Func):
        return walker.call_closure(values[1], [values[0]])
    return values[0] if values else UNKNOWN


def _compact(walker: Walker, node: php.Call, values: Sequence[Value], frame: Frame) -> Value:
    del walker
    names = [text(v) for v in values]
    items = [Item(frame.variables.get(n, UNKNOWN), n, True, node.line) for n in names if n]
    return Arr(tuple(items), all(n is not None for n in names))


def _config(walker: Walker, node: php.Call, values: Sequence[Value], frame: Frame) -> Value:
    del node, frame
    key = text(values[0]) if values else None
    if key is not None and key in walker.program.config:
        return Const(walker.program.config[key])
    return values[1] if len(values) > 1 and isinstance(values[1], Const) else UNKNOWN


def _env(walker: Walker, node: php.Call, values: Sequence[Value], frame: Frame) -> Value:
    del walker, node, frame
    return values[1] if len(values) > 1 else UNKNOWN


def _auth_helper(walker: Walker, node: php.Call, values: Sequence[Value], frame: Frame) -> Value:
    del walker, node, values, frame
    return Obj("auth")


def _date(walker: Walker, node: php.Call, values: Sequence[Value], frame: Frame) -> Value:
    del walker, node, values, frame
    return Unknown("date")


def _scalar(kind: str) -> _Known:
    def answer(walker: Walker, node: php.Call, values: Sequence[Value], frame: Frame) -> Value:
        del node, frame
        calls.closures_walked(walker, values)
        return Unknown(kind)

    return answer


def _sprintf(walker: Walker, node: php.Call, values: Sequence[Value], frame: Frame) -> Value:
    del walker, node, frame
    form = text(values[0]) if values else None
    rest = [v.value for v in values[1:] if isinstance(v, Const) and v.value is not None]
    if (
        form is None
        or len(rest) != len(values) - 1
        or form.count("%s") != len(rest)
        or form.count("%") != len(rest)
    ):
        return Unknown("string", parts=_filled(form, values[1:]) if form is not None else "")
    return Const(form.replace("%s", "{}").format(*rest) if "{" not in form else form)


def _filled(form: str, values: Sequence[Value]) -> str:
    """A format with its values, `HOLE` for those that can't be told; "" where it does more than put strings in."""
    pieces = form.replace("%%", "%\0").split("%s")
    if any("%" in p.replace("%\0", "") for p in pieces) or len(pieces) != len(values) + 1:
        return ""
    told = "".join(p + parts_of(v) for p, v in zip(pieces, values, strict=False)) + pieces[-1]
    return told.replace("%\0", "%")


def _same(walker: Walker, node: php.Call, values: Sequence[Value], frame: Frame) -> Value:
    del walker, node, frame
    return values[0] if values else UNKNOWN


_FUNCTIONS: dict[str, _Known] = {
    "app": _app,
    "resolve": _app,
    "collect": _collect,
    "array_merge": _array_merge,
    "array_replace": _array_merge,
    "array_map": _array_map,
    "array_push": _array_push,
    "array_unshift": _array_push,
    "array_filter": _same,
    "array_values": _same,
    "array_unique": _same,
    "tap": _tap,
    "with": _with,
    "optional": _same,
    "value": _same,
    "compact": _compact,
    "config": _config,
    "env": _env,
    "auth": _auth_helper,
    "now": _date,
    "today": _date,
    "sprintf": _sprintf,
    "json_encode": _scalar("string"),
    "implode": _scalar("string"),
    "bcrypt": _scalar("string"),
    "count": _scalar("int"),
    "time": _scalar("int"),
    "rand": _scalar("int"),
    "random_int": _scalar("int"),
    "date": _scalar("string"),
    "strtolower": _scalar("string"),
    "uniqid": _scalar("string"),
}
