"""Indexes and query performance as JSON: the key `performance` of an audit, there only where the code has queries."""

from __future__ import annotations

from collections import Counter

from trueup.model.locations import Location
from trueup.model.shapes import GRADES, Advice, Growth, Performance, ServedBy

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


def performance_json(found: Performance) -> dict[str, Json]:
    """Shapes with their grades, the whole set of indexes that is advised ("keep" included), and which tables grow."""
    if not found.served:
        return {}
    grades = Counter(s.grade for s in found.served)
    return {
        "performance": {
            "grades": {grade: grades[grade] for grade in GRADES},
            "queries": [_query(one) for one in found.served],
            "advice": [_advice(one) for one in found.advice],
            "tables": [_table(one) for one in found.growth],
        }
    }


def _query(one: ServedBy) -> Json:
    return {
        "shape": one.shape.id,
        "table": one.shape.table,
        "grade": one.grade,
        "indexes": [{"table": use.table, "index": use.index} for use in one.uses],
        "left": list(one.left),
        "why": one.why,
        "loop": one.shape.loop,
        "sites": _places(one.shape.sites),
    }


def _advice(one: Advice) -> Json:
    return {
        "action": one.action,
        "table": one.table,
        "index": one.name,
        "columns": list(one.columns),
        "unique": one.unique,
        "replaces": list(one.replaces),
        "serves": [shape.id for shape in one.serves],
        "needs": [shape.id for shape in one.needs],
        "write_cost": one.write_cost,
        "bytes_per_row": one.bytes_per_row,
        "why": one.why,
    }


def _table(one: Growth) -> Json:
    return {
        "table": one.table,
        "rate": one.rate,
        "matters": one.matters,
        "writes": one.writes,
        "why": one.why,
    }


def _places(sites: tuple[Location, ...]) -> list[Json]:
    return [{"file": at.file, "line": at.line} for at in sites]
