"""`Model::factory()->state([...])->create([...])`: what tests and seeders write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.sources.laravel.queries import calls, payloads
from trueup.sources.laravel.queries.values import Arr, FactoryOf, Frame, Func, Many, Obj, Value
from trueup.sources.php import tree as php

if TYPE_CHECKING:
    from trueup.sources.laravel.queries.walker import Walker

_RUNS = frozenset(
    {"create", "createone", "createmany", "createquietly", "createonequietly", "createmanyquietly", "insert"}
)
_MAKES = frozenset({"make", "makeone", "raw", "makemany"})


def call(walker: Walker, base: FactoryOf, node: php.MethodCall, name: str, frame: Frame) -> Value:
    lowered = name.lower()
    values = walker.arguments(node.args, frame)
    model: Value = Obj(base.model)
    if lowered in _RUNS or lowered in {"state", "set", "sequence"}:
        _record(walker, base, node, lowered, values, frame)
    calls.closures_walked(walker, [v for v in values if isinstance(v, Func)])
    if lowered in _RUNS | _MAKES:
        counted = _is_counted(node.base) or lowered in {"createmany", "makemany", "createmanyquietly"}
        return Many(model) if counted else model
    return base


def _is_counted(node: php.Expr) -> bool:
    while isinstance(node, php.MethodCall):
        if isinstance(node.name, str) and node.name.lower() in {"count", "times"}:
            return True
        node = node.base
    return isinstance(node, php.StaticCall) and bool(node.args)


def _record(
    walker: Walker,
    base: FactoryOf,
    node: php.MethodCall,
    lowered: str,
    values: tuple[Value, ...],
    frame: Frame,
) -> None:
    builder = walker.program.model_query(frame, node.line, base.model)
    builder.via = "factory"
    at = walker.at(node, frame)
    given = [v for v in values if isinstance(v, Arr)]
    for value in values:
        if isinstance(value, Func):
            returned = walker.call_closure(value, [Arr((), complete=False)])
            given.extend([returned] if isinstance(returned, Arr) else [])
    for value in given:
        payloads.rows(builder, value, at)
    if lowered in _RUNS or builder.uses:
        builder.open = False
        walker.program.record(builder, "factory", lowered if lowered in _RUNS else f"factory {lowered}", at)
