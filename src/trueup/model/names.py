"""The drivers, as Laravel names them, and the words that findings use."""

from __future__ import annotations

from typing import Literal, get_args

Driver = Literal["mysql", "mariadb", "pgsql", "sqlite"]
DRIVERS: tuple[Driver, ...] = get_args(Driver)

Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)

Category = Literal[
    "spec",
    "table",
    "column",
    "type",
    "key",
    "index",
    "migration",
    "model",
    "factory",
    "query",
    "test",
    "config",
    "live",
    "capability",
]
CATEGORIES: tuple[Category, ...] = get_args(Category)

Effort = Literal["S", "M", "L", "XL"]
