"""The types of two columns, with what their table says of them beside the type."""

from __future__ import annotations

from trueup.compare.types import COMPATIBLE, TypeVerdict, judge_type
from trueup.model.names import Driver
from trueup.model.schema import Column, Table
from trueup.model.spec import RequiredColumn


def judge_column(
    required: RequiredColumn,
    existing: Column,
    table: Table,
    driver: Driver,
    dialect: Driver | None = None,
    *,
    key: bool = False,
) -> TypeVerdict:
    """As `judge_type`, for columns, with what the table's checks say of the existing one. A diagram's or column table's "int" or
    "string" names a kind of type, not its size."""
    verdict = judge_type(
        required.type,
        effective_type(existing, table),
        driver,
        dialect,
        required_values=required.values,
        existing_values=allowed_values(existing, table),
        key=key,
    )
    if required.loose_type and verdict.kind in ("narrower", "wider"):
        return COMPATIBLE
    return verdict


def effective_type(column: Column, table: Table) -> str:
    """The column's type; "json" where a CHECK keeps a text valid JSON, which is how MariaDB has that type."""
    valid = f"json_valid({column.name.lower()})"
    checked = any(
        "".join(c.expression.lower().split()).replace("`", "").replace('"', "") == valid for c in table.checks
    )
    return "json" if checked else column.type


def allowed_values(column: Column, table: Table) -> tuple[str, ...]:
    """An ENUM's values, which servers without ENUM keep in a CHECK; empty where any value is allowed."""
    if column.values:
        return column.values
    name = column.name.lower()
    lists = (c.values for c in table.checks if [n.lower() for n in c.columns] == [name])
    return next((v for v in lists if v), ())
