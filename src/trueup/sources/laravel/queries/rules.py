"""Validation rules that query: `exists:table,column`, `unique:...`, `Rule::exists()`, `Rule::unique()`.

Shapes and defaults: reference/laravel-queries.md, section 1."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trueup.model.locations import Location
from trueup.sources.laravel.queries import calls, filters
from trueup.sources.laravel.queries.builder import Builder
from trueup.sources.laravel.queries.fields import note_fields
from trueup.sources.laravel.queries.values import (
    UNKNOWN,
    Arr,
    ClassString,
    Const,
    Frame,
    Func,
    Query,
    RuleOf,
    Value,
    text,
)
from trueup.sources.php import tree as php

if TYPE_CHECKING:
    from trueup.sources.laravel.queries.walker import Walker


def rule_call(walker: Walker, node: php.StaticCall, frame: Frame) -> Value:
    """`Rule::exists(T, col)`, `Rule::unique(T, col)`."""
    values = walker.arguments(node.args, frame)
    name = str(node.name).lower()
    if name not in {"exists", "unique"} or not values:
        return calls.closures_walked(walker, values)
    builder = _query(walker, values[0], walker.at(node, frame), frame)
    column = text(values[1]) if len(values) > 1 else None
    if column is not None:
        builder.use(column, "filter", walker.at(node, frame), operator="=")
    builder.open = column is None  # the attribute's name is then the column's
    builder.limited = True
    walker.program.record(builder, "rule", name, builder.at)
    return RuleOf(builder, name)


def _query(walker: Walker, target: Value, at: Location, frame: Frame) -> Builder:
    name = target.cls if isinstance(target, ClassString) else text(target)
    model = walker.program.model(name) if name else None
    if model is not None:
        builder = walker.program.model_query(frame, at.line, model.name)
        builder.eloquent, builder.scoped = False, False
    elif name:
        builder = walker.program.table_query(frame, at.line, name.rsplit(".", 1)[-1], "validation rule")
        builder.connection = name.rsplit(".", 1)[0] if "." in name else None
    else:
        builder = walker.program.unknown_query(frame, at.line, "the table of the rule can't be told")
    builder.via = "rule"
    return builder


def chained(
    walker: Walker, rule: RuleOf, builder: Builder, node: php.MethodCall, name: str, frame: Frame
) -> Value:
    lowered = name.lower()
    at = walker.at(node, frame)
    if lowered == "ignore":
        values = walker.arguments(node.args, frame)
        column = text(values[1]) if len(values) > 1 else None
        key = column or (builder.model.primary_key if builder.model is not None else None)
        if key:
            builder.use(key, "filter", at, operator="!=")
    elif lowered in {"where", "wherenot", "wherenull", "wherenotnull", "wherein", "wherenotin"}:
        filters.apply(walker, builder, name, node, node.args, frame)
    elif lowered in {"withouttrashed", "onlytrashed"}:
        values = walker.arguments(node.args, frame)
        builder.use((text(values[0]) if values else None) or "deleted_at", "filter", at, operator="is null")
    else:
        for value in walker.arguments(node.args, frame):
            if isinstance(value, Func):
                walker.call_closure(value, [Query(builder)])
    walker.program.record(builder, "rule", rule.name, builder.at)
    return rule


def validate(walker: Walker, node: php.MethodCall | php.StaticCall, frame: Frame) -> Value:
    """`$request->validate([...])`, `$this->validate($request, [...])`."""
    for value in walker.arguments(node.args, frame):
        if isinstance(value, Arr):
            read_rules(walker, value, frame)
    return UNKNOWN


def validator_make(walker: Walker, node: php.StaticCall, frame: Frame) -> Value:
    values = walker.arguments(node.args, frame)
    if len(values) > 1 and isinstance(values[1], Arr):
        read_rules(walker, values[1], frame)
    return UNKNOWN


def read_rules(walker: Walker, rules: Arr, frame: Frame) -> None:
    """A map of attribute → rules, as `rules()` of a form request returns it."""
    note_fields(walker, rules, frame)
    for attribute, item in rules.keyed():
        for part in item.value.values() if isinstance(item.value, Arr) else (item.value,):
            if isinstance(part, RuleOf) and part.builder.open and not {".", "*"} & set(attribute):
                _named_by_attribute(walker, part, attribute, Location(frame.file, item.line))
        for rule in _strings(item.value):
            name, _, rest = rule.partition(":")
            if name.strip().lower() in {"exists", "unique"} and rest:
                _string_rule(walker, name.strip().lower(), rest, attribute, item.line, frame)


def _named_by_attribute(walker: Walker, rule: RuleOf, attribute: str, at: Location) -> None:
    """`'email' => Rule::unique('users')`: the attribute is the column."""
    rule.builder.use(attribute, "filter", at, operator="=")
    rule.builder.open = False
    walker.program.record(rule.builder, "rule", rule.name, rule.builder.at)


def _strings(value: Value) -> Iterator[str]:
    if isinstance(value, Arr):
        for inner in value.values():
            single = text(inner)
            if single is not None:
                yield single
        return
    written = text(value)
    if written is not None:
        yield from written.split("|")


def _string_rule(walker: Walker, name: str, rest: str, attribute: str, line: int, frame: Frame) -> None:
    parts = [p.strip() for p in rest.split(",")]
    at = Location(frame.file, line)
    if not parts[0] or parts[0].endswith("\\"):
        return
    target: Value = ClassString(parts[0].lstrip("\\")) if "\\" in parts[0] else Const(parts[0])
    builder = _query(walker, target, at, frame)
    column = (
        parts[1]
        if len(parts) > 1 and parts[1] and parts[1].upper() != "NULL"
        else attribute.rsplit(".", 1)[-1]
    )
    if column != "*" and ("." not in attribute or len(parts) > 1 or "*" in attribute):
        builder.use(column, "filter", at, operator="=")
    extras = parts[2:] if name == "exists" else parts[4:]
    if name == "unique" and len(parts) > 3 and parts[3] and parts[3].upper() != "NULL":
        builder.use(parts[3], "filter", at, operator="!=")
    for extra in extras[::2]:
        if extra:
            builder.use(extra, "filter", at, operator="=")
    builder.limited = True
    walker.program.record(builder, "rule", name, at)
