"""How far one value of a column narrows a table down, and how wide a column is in an index: told from the schema, without rows."""

from __future__ import annotations

import re
from typing import Literal

from trueup.model.names import Driver
from trueup.model.schema import Column, Schema, Table
from trueup.model.types import ColumnType
from trueup.sources.sql.types import parse_type
from trueup.structs import Struct, field

Selectivity = Literal["high", "medium", "low"]

_FEW = re.compile(
    r"(^|_)(status|state|type|kind|level|role|currency|locale|lang|language|gender|severity|priority|visibility|mode|driver|"
    r"category|period|interval|frequency|region|country|timezone|sex|group|unit)$"
)
_TELLING = re.compile(
    r"(^|_)(id|uuid|ulid|hash|token|email|slug|key|sha1|sha256|md5|checksum|fingerprint|code|username|login|url|path|phone|number|ip|guid|"
    r"reference|signature|secret|external|identifier|name|title)$"
)
_MOST_VARYING = 64
"""Bytes that an average string takes, however long it may be."""


class Statistics(Struct, frozen=True):
    """What is known of the tables: `growing` are the names (lower case) of those that have many rows or will, `hot`
    of those that nobody has to do anything for to grow: there even the rows of one owner are many."""

    schema: Schema
    growing: frozenset[str] = frozenset()
    hot: frozenset[str] = frozenset()
    _types: dict[tuple[str, str], ColumnType] = field(default_factory=dict, compare=False)

    @property
    def driver(self) -> Driver:
        return self.schema.driver

    def type_of(self, table: str, column: Column) -> ColumnType:
        key = (table, column.name)
        if key not in self._types:
            self._types[key] = parse_type(column.type, self.driver)
        return self._types[key]

    def selectivity(self, table: Table, name: str) -> Selectivity:
        """ "high": one value stands for a few rows; "medium": for the rows of one owner, which may be many; "low": for a good
        part of the table."""
        column = table.column(name)
        if column is None:
            return "high"
        if _is_unique(table, name):
            return "high"
        kind = self.type_of(table.name, column)
        lowered = name.lower()
        if is_flag(column, kind):
            return "low"
        target = _referred(table, name)
        if target:
            return "medium" if target.lower() in self.growing or self.schema.table(target) is None else "low"
        if _FEW.search(lowered):
            return "low"
        if lowered.endswith(("_id", "_uuid", "_ulid", "_by")):
            return "medium"
        if kind.family in {"integer", "string", "uuid", "binary", "text"}:
            return "high" if kind.family == "uuid" or _TELLING.search(lowered) else "low"
        return "medium" if self.is_moment(table, name) else "low"

    def is_moment(self, table: Table, name: str) -> bool:
        """Whether a column holds dates or times: a range of them is a part of the table that need not grow with it."""
        column = table.column(name)
        moments = {"date", "datetime", "timestamp", "time"}
        return column is not None and self.type_of(table.name, column).family in moments

    def width(self, table: Table, name: str) -> int:
        """Average bytes of a column in an index entry."""
        column = table.column(name)
        return 8 if column is None else width_of(self.type_of(table.name, column))

    def entry_bytes(self, table: Table, columns: tuple[str, ...]) -> int:
        """Bytes of one entry: the columns, what points at the row, the entry's own header.

        InnoDB adds the primary key to each secondary entry and 5 bytes of header (MySQL 8.4 manual 17.6.2.1); PostgreSQL has a
        header of 8 bytes and a line pointer of 4, aligned to 8 (15 manual 73.6); SQLite the row number and a byte per column."""
        own = sum(self.width(table, c) for c in columns)
        if self.driver in {"mysql", "mariadb"}:
            primary = table.primary_key
            lowered = {c.lower() for c in columns}
            key = [c for c in primary.columns if c.lower() not in lowered] if primary is not None else []
            return own + sum(self.width(table, c) for c in key) + 5
        if self.driver == "pgsql":
            return -(-own // 8) * 8 + 12
        return own + 8 + len(columns)


def is_flag(column: Column, kind: ColumnType) -> bool:
    """A column of two values, or of a written list of a few."""
    if kind.family in {"boolean", "enum", "set", "bit"} or column.values:
        return True
    tiny = kind.family == "integer" and (kind.bits == 8 and column.type.lower().startswith("tinyint(1)"))
    return tiny or (kind.family == "integer" and column.name.lower().startswith(("is_", "has_", "can_")))


def width_of(kind: ColumnType) -> int:
    """Average bytes of a value; strings by half their length, 64 at the most."""
    match kind.family:
        case "integer":
            return (kind.bits or 64) // 8
        case "boolean" | "bit" | "year":
            return 1
        case "enum":
            return 2
        case "date":
            return 4
        case "datetime" | "timestamp" | "time" | "float":
            return 8
        case "decimal":
            return max(4, ((kind.precision or 18) + 1) // 2)
        case "uuid":
            return 16
        case "string" | "binary":
            length = kind.length or 255
            return length if kind.fixed else min(_MOST_VARYING, max(1, length // 2))
        case _:
            return _MOST_VARYING


def _is_unique(table: Table, name: str) -> bool:
    wanted = [name.lower()]
    return any(
        (i.unique or i.primary)
        and [c.lower() for c in i.columns] == wanted
        and not i.where
        and not i.expressions
        for i in table.indexes
    )


def _referred(table: Table, name: str) -> str:
    """The table that a column refers to by a foreign key, or ""."""
    wanted = [name.lower()]
    return next((k.foreign_table for k in table.foreign_keys if [c.lower() for c in k.columns] == wanted), "")
