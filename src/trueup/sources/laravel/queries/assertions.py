"""What tests ask the database: `assertDatabaseHas('t', [...])` and kin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trueup.model.locations import Location
from trueup.sources.laravel.queries import payloads
from trueup.sources.laravel.queries.builder import Builder, Use
from trueup.sources.laravel.queries.values import Arr, ClassString, Frame, Obj, Value, text
from trueup.sources.php import tree as php

if TYPE_CHECKING:
    from trueup.sources.laravel.queries.walker import Walker

METHODS = frozenset(
    {
        "assertdatabasehas",
        "assertdatabasemissing",
        "assertdatabasecount",
        "assertdatabaseempty",
        "assertsoftdeleted",
        "assertnotsoftdeleted",
    }
)


def record(
    walker: Walker, node: php.MethodCall | php.StaticCall | php.Call, lowered: str, frame: Frame
) -> bool:
    """Records the assertion's query; False where the call is none."""
    if lowered not in METHODS:
        return False
    values = walker.arguments(node.args, frame)
    if not values:
        return True
    target = values[0]
    name = target.cls if isinstance(target, ClassString | Obj) else text(target)
    model = walker.program.model(name) if name else None
    at = walker.at(node, frame)
    if model is not None:
        builder = walker.program.model_query(frame, node.line, model.name)
    elif name:
        builder = walker.program.table_query(frame, node.line, name, "assertion")
    else:
        builder = walker.program.unknown_query(frame, node.line, "the table of the assertion can't be told")
    builder.via, builder.scoped = "assertion", False
    _columns(builder_rows(values), builder, at)
    if "softdeleted" in lowered:
        builder.use(model.deleted_at if model is not None else "deleted_at", "filter", at)
    builder.limited = True
    builder.open = builder.open and not builder.known()
    walker.program.record(builder, "assertion", _shown(lowered), at)
    return True


def builder_rows(values: tuple[Value, ...]) -> Value:
    return values[1] if len(values) > 1 else Arr()


def _columns(rows: Value, builder: Builder, at: Location) -> None:
    before = len(builder.uses)
    if isinstance(rows, Arr):
        payloads.rows(builder, rows, at)
    builder.uses[before:] = [
        Use(u.name, "filter", u.at, "=", u.value, u.certain)
        for u in builder.uses[before:]
        if u.role == "write"
    ]


def _shown(lowered: str) -> str:
    return {
        "assertdatabasehas": "assertDatabaseHas",
        "assertdatabasemissing": "assertDatabaseMissing",
        "assertdatabasecount": "assertDatabaseCount",
        "assertdatabaseempty": "assertDatabaseEmpty",
        "assertsoftdeleted": "assertSoftDeleted",
        "assertnotsoftdeleted": "assertNotSoftDeleted",
    }[lowered]
