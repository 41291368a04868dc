"""Validation rules of single fields, where the list itself says whose columns they are.

A list with a `unique` rule is about the table of that rule; a list that a model holds (`$rules`, `$validationRules`) is about the
model's. Fields that are no columns of it are left out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trueup.model.locations import Location
from trueup.model.queries import FieldRules
from trueup.sources.laravel.queries.values import Arr, Frame, RuleOf, Value, text

if TYPE_CHECKING:
    from trueup.sources.laravel.queries.walker import Walker


def note_fields(walker: Walker, rules: Arr, frame: Frame) -> None:
    """Notes each field's rules, once a place."""
    table = _table(walker, rules, frame)
    columns = walker.program.columns_of(table) if table else None
    if not columns:
        return
    for field, item in rules.keyed():
        if field.lower() in columns:
            written = tuple(_written(item.value))
            at = Location(frame.file, item.line)
            whole = all(r is not None for r in written)
            found = FieldRules(table, field, tuple(r for r in written if r is not None), at, whole)
            walker.program.found.fields.setdefault((at.file, at.line, field), found)


def _table(walker: Walker, rules: Arr, frame: Frame) -> str:
    """The one table that the list is about, or ""."""
    model = walker.program.model(frame.this) if frame.this else None
    if model is not None and model.table:
        return model.table
    named = {t for _, item in rules.keyed() for t in _unique_tables(walker, item.value)}
    return next(iter(named)) if len(named) == 1 else ""


def _unique_tables(walker: Walker, value: Value) -> Iterator[str]:
    for part in value.values() if isinstance(value, Arr) else (value,):
        if isinstance(part, RuleOf) and part.name == "unique" and part.builder.table:
            yield part.builder.table
        for rule in (text(part) or "").split("|"):
            name, _, rest = rule.partition(":")
            if name.strip().lower() == "unique" and rest:
                first = rest.split(",")[0].strip()
                model = walker.program.model(first) if "\\" in first else None
                yield (model.table or "") if model is not None else first.rsplit(".", 1)[-1]


def _written(value: Value) -> Iterator[str | None]:
    """The rules as texts; None for one that is an object or could not be told."""
    if isinstance(value, Arr):
        if not value.complete:
            yield None
        yield from (text(part) for part in value.values())
        return
    written = text(value)
    yield from (None,) if written is None else written.split("|")
