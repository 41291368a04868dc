"""Rows that a table takes: values for what must have one, and the rows of other tables that they refer to."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from trueup.ledger.capabilities import must_be_given
from trueup.model.names import Driver
from trueup.model.schema import Column, ForeignKey, Schema, Table
from trueup.prove._sql import Sql, Value
from trueup.sources.sql.types import parse_type

SOME_DAY = "2025-01-15"
SOME_TIME = "2025-01-15 12:00:00"
_DEPTH = 8
"""How far rows of other tables are made for one row: tables may refer to each other in a circle."""


class Rows:
    """Makes rows for the tables of one schema. Parents are made once and remembered."""

    def __init__(self, sql: Sql, schema: Schema) -> None:
        self.sql = sql
        self.schema = schema
        self._number = 0
        self._parents: dict[str, Mapping[str, Value]] = {}

    def filled(self, table: Table, given: Mapping[str, Value], depth: int = 0) -> dict[str, Value]:
        """`given` with a value for every other column that must have one, so that the table takes the row. Rows that it refers to
        are made."""
        row = dict(given)
        for key in table.foreign_keys:
            needed = [c for c in key.columns if c not in row and _is_needed(table, c)]
            if needed and depth < _DEPTH:
                row.update(self._reference(key, depth))
        for column in table.columns:
            if column.name not in row and must_be_given(column):
                row[column.name] = self.value(table, column)
        return row

    def value(self, table: Table, column: Column) -> Value:
        """A value that suits the column; a new one each time where it must be unique."""
        unique = any(i.unique and i.columns == (column.name,) for i in table.indexes)
        self._number += 1
        return value_for(table, column, self.sql.driver, self._number if unique else 1)

    def owners(self, table: Table, column: str, number: int) -> list[Value]:
        """`number` values for a column that says whose a row is. Where it refers to a table, the rows are made there."""
        noun = table.column(column)
        if noun is None:
            return []
        key = next((k for k in table.foreign_keys if k.columns == (column,)), None)
        parent = self.schema.table(key.foreign_table) if key else None
        if key is None or parent is None:
            return [value_for(table, noun, self.sql.driver, n) for n in range(1, number + 1)]
        target = parent.column(key.foreign_columns[0])
        made = []
        for n in range(1, number + 1):
            identity = value_for(parent, target or noun, self.sql.driver, n)
            row = self.filled(parent, {key.foreign_columns[0]: identity})
            self.sql.run(*self.sql.insert(parent.name, row))
            made.append(identity)
        return made

    def _reference(self, key: ForeignKey, depth: int) -> dict[str, Value]:
        parent = self.schema.table(key.foreign_table)
        if parent is None:
            return {}
        known = self._parents.get(parent.name)
        if known is None:
            given = {
                c: value_for(parent, column, self.sql.driver, 9_000)
                for c in key.foreign_columns
                if (column := parent.column(c)) is not None
            }
            known = self.filled(parent, given, depth + 1)
            self.sql.run(*self.sql.insert(parent.name, known))
            self._parents[parent.name] = known
        return {
            own: known[other]
            for own, other in zip(key.columns, key.foreign_columns, strict=True)
            if other in known
        }


def _is_needed(table: Table, name: str) -> bool:
    column = table.column(name)
    return column is not None and must_be_given(column)


def _is_json(table: Table, column: Column) -> bool:
    """MariaDB's JSON is text with a CHECK."""
    return any("json_valid" in c.expression.lower() for c in table.checks if column.name in c.columns)


def value_for(table: Table, column: Column, driver: Driver, number: int) -> Value:
    """A value that the column's type and its list of allowed values take; another for each `number`."""
    allowed = column.values or next(
        (c.values for c in table.checks if c.columns == (column.name,) and c.values), ()
    )
    if allowed:
        return allowed[0]
    if _is_json(table, column):
        return "{}"
    found = parse_type(column.type, driver)
    match found.family:
        case "integer":
            return number
        case "boolean":
            return (driver != "pgsql" and 1) or True
        case "decimal" | "float" | "bit":
            return number
        case "json":
            return "{}"
        case "uuid":
            return str(UUID(int=number))
        case "date":
            return SOME_DAY
        case "datetime" | "timestamp":
            return SOME_TIME
        case "time":
            return "12:00:00"
        case "year":
            return 2025
        case "string" if found.length == 36:
            return str(UUID(int=number))
        case _:
            return str(number) if number != 1 else "x"
