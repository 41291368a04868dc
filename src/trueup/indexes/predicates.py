"""A column's use in a filter → what an index can do with it.

Sources: MySQL 8.4 manual 10.3 "Optimization and Indexes" and 14.3 "Type Conversion in Expression Evaluation"; PostgreSQL 15 manual
11.1 to 11.9 and 11.10 (operator classes and LIKE); SQLite "The SQLite Query Optimizer Overview", 5 (LIKE)."""

from __future__ import annotations

from trueup.model.names import Driver
from trueup.model.queries import ColumnUse
from trueup.model.schema import Column
from trueup.model.shapes import Implied, Predicate, PredicateKind
from trueup.sources.sql.types import parse_type

_EQUALITY = frozenset({"=", "in", "is null", "<=>"})
_RANGE = frozenset({"<", ">", "<=", ">=", "between"})
_JSON = frozenset({"json contains", "json overlaps", "json key", "json length"})
_CASTS = frozenset({"int", "float"})
CAST = "implicit cast"
"""The function of a predicate in which MySQL turns each row's text into a number."""


def predicate(
    use: ColumnUse, table: str, column: Column | None, driver: Driver, implied: Implied = ""
) -> Predicate:
    """The condition that a filter puts on a column of `table`."""
    operator = use.operator.lower() or "="
    function = use.function.lower()
    if operator in _JSON:
        function = operator.replace(" ", "_")
    kind, sargable = _judge(use, operator, driver)
    if kind == "equality" and not function and _is_cast(use, column, driver):
        function = CAST
    if function or use.json_path:
        kind, sargable = "other", False
    return Predicate(
        table,
        use.column,
        operator,
        kind,
        sargable,
        function,
        use.json_path,
        implied,
        use.value,
        use.path,
        use.certain and not use.alternative,
    )


def _judge(use: ColumnUse, operator: str, driver: Driver) -> tuple[PredicateKind, bool]:
    if operator in _EQUALITY:
        return "equality", True
    if operator in _RANGE:
        return "range", True
    if operator in {"like", "ilike", "like binary"}:
        return _like(use, operator, driver)
    return "other", True  # `!=`, NOT IN, raw SQL: an index may help or not; nobody can say without the rows


def _like(use: ColumnUse, operator: str, driver: Driver) -> tuple[PredicateKind, bool]:
    """A pattern is a range where it begins with letters and the index's order is that of LIKE: on MySQL. PostgreSQL needs
    `text_pattern_ops` (or the C collation), SQLite a NOCASE collation."""
    begins = use.value.text or use.value.prefix
    if begins[:1] in {"%", "_"}:
        return "other", False
    if not begins or operator == "ilike" or driver in {"pgsql", "sqlite"}:
        return "other", True
    return "range", True


def _is_cast(use: ColumnUse, column: Column | None, driver: Driver) -> bool:
    """A text column compared with a number: MySQL and MariaDB then compare as floating point, and no index of texts is in that
    order. A text compared with a numeric column is turned once, which costs nothing."""
    if driver not in {"mysql", "mariadb"} or use.value.kind not in _CASTS or column is None:
        return False
    return parse_type(column.type, driver).family in {"string", "text"} and "type" not in column.unknown
