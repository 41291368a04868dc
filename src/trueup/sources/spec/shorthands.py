"""Words of Laravel's Blueprint that documents write where columns are listed: "timestamps" is two columns, "softDeletes" one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trueup.model.spec import RequiredColumn, RequiredTable
from trueup.sources.sql.types import parse_type
from trueup.structs import replace

_MADE: dict[str, tuple[str, ...]] = {
    "timestamps": ("created_at", "updated_at"),
    "nullabletimestamps": ("created_at", "updated_at"),
    "softdeletes": ("deleted_at",),
    "remembertoken": ("remember_token",),
}


def made_by(name: str) -> tuple[str, ...]:
    """The columns that a shorthand stands for, () for any other name. "soft_deletes", "timestampsTz"."""
    return _MADE.get(re.sub(r"tz$", "", name.lower().replace("_", "")), ())


def spelled_out(table: RequiredTable) -> RequiredTable:
    """The table with its shorthands as the columns that they make. A column of such a name with a type of its own (JSON) is one;
    columns that the document names itself stay as it says."""
    names = {c.name.lower() for c in table.columns}
    columns = tuple(made for c in table.columns for made in _spelled(c, names))
    return (
        replace(table, columns=columns)
        if len(columns) != len(table.columns) or columns != table.columns
        else table
    )


def _spelled(column: RequiredColumn, names: set[str]) -> Iterator[RequiredColumn]:
    made = made_by(column.name)
    if not made or (column.type and parse_type(column.type).family not in ("timestamp", "datetime", "other")):
        yield column
        return
    token = made == ("remember_token",)
    for name in made:
        if name not in names:
            yield replace(
                column,
                name=name,
                type=None if token else "timestamp",
                nullable=True,
                loose_type=not token,
            )
