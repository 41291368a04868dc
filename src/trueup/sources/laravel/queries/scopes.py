"""Scopes and builders of the application's own: methods that a query has because a model or a class says so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from trueup.sources.laravel.queries import apply, calls
from trueup.sources.laravel.queries.builder import Builder
from trueup.sources.laravel.queries.values import (
    Arr,
    Frame,
    Query,
    Unknown,
    Value,
    text,
    texts,
)
from trueup.sources.php import tree as php

if TYPE_CHECKING:
    from trueup.sources.laravel.queries.walker import Walker

Node = php.MethodCall | php.StaticCall


def is_dynamic(walker: Walker, builder: Builder, written: str) -> bool:
    """`whereFooBar` is a dynamic where only when its columns exist; otherwise it may be a macro of the application."""
    columns = walker.program.columns_of(builder.table)
    return columns is not None and all(
        apply.snake(part) in columns for part in re.split(r"(?:And|Or)(?=[A-Z])", written)
    )


def scope_of(walker: Walker, builder: Builder, name: str) -> tuple[php.ClassDecl, php.FunctionDecl] | None:
    if builder.model is None:
        return None
    found = walker.program.classes.method(builder.model.name, "scope" + name)
    if found is not None:
        return found
    own = walker.program.classes.method(builder.model.name, name)
    return own if own is not None and calls._is_attribute_scope(own[1]) else None


def custom_method(
    walker: Walker, builder: Builder, name: str
) -> tuple[php.ClassDecl, php.FunctionDecl] | None:
    """A method of the model's own builder class (`newEloquentBuilder`, `#[UseEloquentBuilder]`, the type of a query)."""
    if builder.custom:
        found = walker.program.classes.method(builder.custom, name)
        if found is not None:
            return found
    if builder.model is None:
        return None
    for decl in walker.program.classes.lineage(builder.model.name):
        for attribute in decl.attributes:
            if attribute.name.text.endswith("UseEloquentBuilder") and attribute.args:
                value = attribute.args[0].value
                if isinstance(value, php.ClassConstant) and isinstance(value.cls, php.Name):
                    return walker.program.classes.method(value.cls.full, name)
    factory = walker.program.classes.method(builder.model.name, "newEloquentBuilder")
    if factory is not None:
        for statement in factory[1].body:
            if (
                isinstance(statement, php.Return)
                and isinstance(statement.value, php.New)
                and isinstance(statement.value.cls, php.Name)
            ):
                return walker.program.classes.method(statement.value.cls.full, name)
    return None


def apply_scope(
    walker: Walker,
    builder: Builder,
    scope: tuple[php.ClassDecl, php.FunctionDecl],
    args: Sequence[php.Argument],
    frame: Frame,
) -> Value:
    """A local scope: its body is walked with the builder as its first parameter."""
    decl, function = scope
    values = (Query(builder), *walker.arguments(args, frame))
    if frame.calls > 5 or not function.params:
        builder.open = True
        return Query(builder)
    inner = Frame(
        decl.file,
        {},
        builder.model.name if builder.model else decl.name,
        function.name,
        calls=frame.calls + 1,
    )
    inner.depth, inner.loops = frame.depth, frame.loops
    walker.bind_types(function, inner, decl)
    for position, param in enumerate(function.params):
        if position < len(values) and not (isinstance(values[position], Unknown) and position):
            inner.variables[param.name] = values[position]
        elif param.default is not None:
            inner.variables[param.name] = walker.expr(param.default, inner)
    walker.run(function, inner)
    return Query(builder)


def named_scopes(
    walker: Walker, builder: Builder, name: str, node: Node, args: Sequence[php.Argument], frame: Frame
) -> Value:
    """`scopes('a')`, `scopes(['a', 'b' => [1]])`: scopes by name."""
    del name, node
    for value in walker.arguments(args, frame):
        names = (
            [i.key if isinstance(i.key, str) else text(i.value) for i in value.items]
            if isinstance(value, Arr)
            else texts(value)
        )
        for named in names:
            scope = scope_of(walker, builder, named) if named else None
            if scope is not None:
                apply_scope(walker, builder, scope, (), frame)
            else:
                builder.open = True
    return Query(builder)
