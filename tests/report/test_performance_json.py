"""The key `performance` of an audit's JSON."""

from __future__ import annotations

from trueup.model.locations import Location
from trueup.model.queries import TableRef
from trueup.model.shapes import (
    NO_PERFORMANCE,
    Advice,
    Growth,
    Performance,
    Predicate,
    QueryShape,
    ServedBy,
    Use,
)
from trueup.report.performance_json import performance_json

SHAPE = QueryShape(
    "select", (TableRef("orders"),), (Predicate("orders", "token", "="),), sites=(Location("app/A.php", 3),)
)
FOUND = Performance(
    (
        ServedBy(
            SHAPE, "served", (Use("orders", "orders_token", ("token",), 1),), (), "orders_token finds it"
        ),
    ),
    (
        Advice("orders", ("token",), "keep", "orders_token", True, (), (SHAPE,), (SHAPE,), (), 2, 40, "why"),
        Advice(
            "orders", ("token", "id"), "drop", "orders_token_id", write_cost=2, bytes_per_row=48, why="less"
        ),
    ),
    (Growth("orders", "hot", "a listener inserts", 2),),
)


def test_everything_that_the_analysis_says() -> None:
    assert performance_json(FOUND) == {
        "performance": {
            "grades": {"unserved": 0, "unbounded": 0, "partly": 0, "cannot tell": 0, "served": 1},
            "queries": [
                {
                    "shape": SHAPE.id,
                    "table": "orders",
                    "grade": "served",
                    "indexes": [{"table": "orders", "index": "orders_token"}],
                    "left": [],
                    "why": "orders_token finds it",
                    "loop": False,
                    "sites": [{"file": "app/A.php", "line": 3}],
                }
            ],
            "advice": [
                {
                    "action": "keep",
                    "table": "orders",
                    "index": "orders_token",
                    "columns": ["token"],
                    "unique": True,
                    "replaces": [],
                    "serves": [SHAPE.id],
                    "needs": [SHAPE.id],
                    "write_cost": 2,
                    "bytes_per_row": 40,
                    "why": "why",
                },
                {
                    "action": "drop",
                    "table": "orders",
                    "index": "orders_token_id",
                    "columns": ["token", "id"],
                    "unique": False,
                    "replaces": [],
                    "serves": [],
                    "needs": [],
                    "write_cost": 2,
                    "bytes_per_row": 48,
                    "why": "less",
                },
            ],
            "tables": [
                {
                    "table": "orders",
                    "rate": "hot",
                    "matters": True,
                    "writes": 2,
                    "why": "a listener inserts",
                }
            ],
        }
    }


def test_nothing_without_queries() -> None:
    assert performance_json(NO_PERFORMANCE) == {}
