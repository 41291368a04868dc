"""Repositories of prettus/l5-repository: `model()` names the model, and what the project does not write itself is asked of that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from trueup.sources.laravel.queries import apply
from trueup.sources.laravel.queries.builder import Builder
from trueup.sources.laravel.queries.values import (
    Arr,
    ClassString,
    Frame,
    Many,
    Obj,
    Query,
    Unknown,
    Value,
    options,
    text,
)
from trueup.sources.php import tree as php

if TYPE_CHECKING:
    from trueup.sources.laravel.queries.walker import Walker

_BASE = "prettus\\repository\\eloquent\\baserepository"
_THE_MODEL = frozenset({"resetmodel", "makemodel", "getmodel"})
_LISTS = frozenset(
    {"all", "get", "findbyfield", "findwhere", "findwherein", "findwherenotin", "findwherebetween"}
)


def model_of(walker: Walker, cls: str, frame: Frame) -> str:
    """The model of a repository; "" where the class is none, or its model can't be told."""
    classes = walker.program.classes
    found = classes.method(cls, "model") if any(a.lower() == _BASE for a in classes.ancestors(cls)) else None
    if found is None or frame.calls > 4:
        return ""
    for option in options(walker.run(found[1], Frame(found[0].file, {}, cls, calls=frame.calls + 1))):
        name = option.cls if isinstance(option, ClassString) else text(option)
        for known in (name, classes.implementer(name) if name else None):
            if known and walker.program.model(known) is not None:
                return known
    return ""


def call(
    walker: Walker,
    cls: str,
    node: php.MethodCall | php.StaticCall,
    name: str,
    args: Sequence[php.Argument],
    frame: Frame,
) -> Value | None:
    """A method of the package's class; None where the class is no repository. Criteria and scopes may add conditions."""
    model = model_of(walker, cls, frame)
    if not model:
        return None
    builder = walker.program.model_query(frame, node.line, model)
    builder.open = True
    builder.trail.append(f"repository {cls.rsplit(chr(92), 1)[-1]}")
    lowered = name.lower()
    if lowered in _THE_MODEL:
        return Query(builder)
    if lowered in _LISTS:
        return _listed(walker, builder, model, node, args, frame)
    if lowered == "delete":
        walker.arguments(args, frame)
        walker.program.record(builder, "delete", name, walker.at(node, frame))
        return Unknown("int")
    return (
        apply.call(walker, builder, name, node, args, frame)
        if apply.is_known(walker, builder, name)
        else None
    )


def _listed(
    walker: Walker,
    builder: Builder,
    model: str,
    node: php.MethodCall | php.StaticCall,
    args: Sequence[php.Argument],
    frame: Frame,
) -> Value:
    """`findByField('email', $x)`, `findWhere(['status' => 1])`, `findWhereIn('id', [...])`."""
    at = walker.at(node, frame)
    values = walker.arguments(args, frame)
    first = values[0] if values and "find" in str(node.name).lower() else None
    names = (
        [key for key, _ in first.keyed()]
        if isinstance(first, Arr)
        else [text(first)]
        if first is not None
        else []
    )
    for column in names:
        if column:
            builder.use(column, "filter", at, operator="=")
    walker.program.record(builder, "select", str(node.name), at)
    return Many(Obj(model, loaded=builder.loaded(at, rows=True)))
